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
    StrongText,
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


def page_of(message: str, to: str = "x.svg") -> Page:
    """A page that says it everywhere."""
    cells = ((message,), (StrongText(message),), (Link(message, to),))
    return Page(
        f"t {message}",
        (
            Heading(2, f"h {message}", "anchor"),
            Paragraph((message,)),
            Paragraph(("x ", message, " x"), aside=True),
            Items((Item((message,), (Item((message,)),)), Item((Link(f"l {message}", to), f": {message}")))),
            Table(("one", f"two {message}", "three"), (cells, cells)),
        ),
    )


def plain(message: str) -> str:
    return " ".join(message.split())


def texts(source: str) -> list[str]:
    """Every text of the page in HTML, by its element."""
    body = lxml_html.document_fromstring(source).find("body")
    result = []
    for element in body.iter("h1", "h2", "p", "li", "th", "td"):
        if element.tag == "li":
            own = [element.text or ""]
            own += [part for child in element if child.tag != "ul" for part in (child.text_content(), child.tail or "")]
            result.append((element.tag, plain("".join(own))))
        else:
            result.append((element.tag, plain(element.text_content())))
    return result


def expected(message: str) -> list[tuple[str, str]]:
    cells = [("td", plain(message))] * 6
    return [
        ("h1", plain(f"t {message}")),
        ("h2", plain(f"h {message}")),
        ("p", plain(message)),
        ("p", plain(f"x {message} x")),
        ("li", plain(message)),
        ("li", plain(message)),
        ("li", plain(f"l {message}: {message}")),
        ("th", "one"),
        ("th", plain(f"two {message}")),
        ("th", "three"),
        *cells,
    ]


def everywhere(message):
    for hostile in HOSTILE:
        message = example(hostile)(message)
    return message


@pytest.mark.slow
@everywhere
@given(words.filter(str.strip))
def test_html_says_it_literally(message):
    # an aside is a blockquote with no paragraph in it
    result = [each for each in expected(message) if each != ("p", plain(f"x {message} x"))]
    source = html(page_of(message))
    assert texts(source) == result
    aside = lxml_html.document_fromstring(source).find("body/blockquote")
    assert plain(aside.text_content()) == plain(f"x {message} x")


@pytest.mark.slow
@everywhere
@given(words.filter(str.strip))
def test_markdown_says_it_literally(message):
    assert texts(READER.render(markdown(page_of(message)))) == expected(message)


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
