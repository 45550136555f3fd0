"""Pages: what is written in Markdown and in HTML is what was said, literally."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from statemachines.drawing.page import (
    Figure,
    Heading,
    Item,
    Items,
    Link,
    Page,
    Paragraph,
    Strong,
    Table,
    html,
    markdown,
)

READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
HOSTILE = [
    "<script>alert(1)</script>",
    "</style><b>bold</b>",
    "&amp; & &lt;",
    "**bold** _slanted_ `code` ~~gone~~ [a](b) ![a](b) <http://x.y>",
    "a | b | c",
    "# heading",
    "- point",
    " - point",
    "1. first",
    "12) twelfth",
    "> said",
    "---",
    "===",
    "    code",
    "two\n\nlines",
    "\\",
    "$x$",
    "ends in \\",
]
words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"], include_characters="\n\t"))


def page_of(said: str, to: str = "x.svg") -> Page:
    """A page that says it everywhere."""
    cells = ((said,), (Strong(said),), (Link(said, to),))
    return Page(
        f"t {said}",
        (
            Heading(2, f"h {said}", "anchor"),
            Paragraph((said,)),
            Paragraph(("x ", said, " x"), aside=True),
            Items((Item((said,), (Item((said,)),)), Item((Link(f"l {said}", to), f": {said}")))),
            Table(("one", f"two {said}", "three"), (cells, cells)),
        ),
    )


def plain(said: str) -> str:
    return " ".join(said.split())


def texts(source: str) -> list[str]:
    """Every text of the page in HTML, by its element."""
    body = lxml_html.document_fromstring(source).find("body")
    found = []
    for element in body.iter("h1", "h2", "p", "li", "th", "td"):
        if element.tag == "li":
            own = [element.text or ""]
            own += [part for child in element if child.tag != "ul" for part in (child.text_content(), child.tail or "")]
            found.append((element.tag, plain("".join(own))))
        else:
            found.append((element.tag, plain(element.text_content())))
    return found


def expected(said: str) -> list[tuple[str, str]]:
    cells = [("td", plain(said))] * 6
    return [
        ("h1", plain(f"t {said}")),
        ("h2", plain(f"h {said}")),
        ("p", plain(said)),
        ("p", plain(f"x {said} x")),
        ("li", plain(said)),
        ("li", plain(said)),
        ("li", plain(f"l {said}: {said}")),
        ("th", "one"),
        ("th", plain(f"two {said}")),
        ("th", "three"),
        *cells,
    ]


def everywhere(said):
    for hostile in HOSTILE:
        said = example(hostile)(said)
    return said


@pytest.mark.slow
@everywhere
@given(words.filter(str.strip))
def test_html_says_it_literally(said):
    # an aside is a blockquote with no paragraph in it
    found = [each for each in expected(said) if each != ("p", plain(f"x {said} x"))]
    source = html(page_of(said))
    assert texts(source) == found
    aside = lxml_html.document_fromstring(source).find("body/blockquote")
    assert plain(aside.text_content()) == plain(f"x {said} x")


@pytest.mark.slow
@everywhere
@given(words.filter(str.strip))
def test_markdown_says_it_literally(said):
    assert texts(READER.render(markdown(page_of(said)))) == expected(said)


def test_html_needs_nothing_else_and_is_well_formed():
    source = html(page_of("x"))
    assert source.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert '<meta charset="utf-8">' in source
    ElementTree.fromstring(re.sub(r"(<meta[^>]*)>", r"\1/>", source.partition("\n")[2]))
    assert not re.search(r"<(script|link|img|iframe)|src=|url\(|@import|http", source)


@pytest.mark.parametrize("write", [html, markdown])
def test_an_address_stays_a_path(write):
    source = write(Page("t", (Paragraph((Link("a", "java:x/a b/(c)\"'<d>.svg"), Link("b", "#K-1"))),)))
    read = source if write is html else READER.render(source)
    assert [link.get("href") for link in lxml_html.fromstring(read).iter("a")] == [
        "java%3Ax/a%20b/%28c%29%22%27%3Cd%3E.svg",
        "#K-1",
    ]


@pytest.mark.parametrize("write", [html, markdown])
def test_a_heading_is_where_its_anchor_leads(write):
    source = write(page_of("x"))
    read = lxml_html.fromstring(source if write is html else READER.render(source))
    assert len(read.xpath("//*[@id='anchor']")) == 1


@pytest.mark.parametrize("write", [html, markdown])
def test_what_no_page_can_show_is_an_escape(write):
    source = write(page_of("a\x1b[2J \ud800 b"))
    source.encode()
    read = lxml_html.fromstring(source if write is html else READER.render(source))
    shown = read.text_content()
    assert shown.count("a\\x1b[2J \\ud800 b") >= 10
    assert "\x1b" not in source


def test_a_figure_is_the_drawing_itself_with_its_words():
    svg = b"""<?xml version="1.0"?><!-- made --><svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink">
<g id="g1"><a x:title="tip"><text xml:space="preserve">a &lt; b</text></a></g></svg>"""
    figure = lxml_html.fromstring(html(Page("t", (Figure(svg, "a <picture>"),)))).find("body/figure")
    assert figure.find("svg").get("aria-label") == figure.findtext("figcaption") == "a <picture>"
    assert figure.findtext("svg/g/a/text") == "a < b"
    assert figure.find("svg/g/a").get("title") == "tip"
    assert not figure.xpath(".//*[@id]")
