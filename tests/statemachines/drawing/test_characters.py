"""Every character of every word is in every picture; what nothing can show is refused with one message."""

import re
from html import unescape

import pytest
from lxml import etree
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from statemachines import DeclarationError, replay
from statemachines.drawing.characters import identifiers, visible
from statemachines.drawing.graphviz import dot, render
from statemachines.drawing.mermaid import mermaid
from statemachines.drawing.page import Page, Paragraph, html, markdown
from statemachines.drawing.rejections import with_rejections
from statemachines.drawing.request_path import request_paths
from statemachines.drawing.sequence_diagram import sequence_diagram
from statemachines.drawing.sequence_mermaid import sequence_mermaid
from statemachines.drawing.sequence_svg import sequence_svg
from statemachines.drawing.statechart import lifecycle_picture
from statemachines.errors import DrawingError
from statemachines.exports.promela import promela
from tests.support.words import ALL, CHINESE, POUND, claims_of, words_of

cases = pytest.mark.parametrize("words", ALL.values(), ids=ALL)


def pictures(words):
    system = claims_of(*words).system
    (lifecycle,) = system.lifecycles
    return lifecycle_picture(system, lifecycle), with_rejections(system, lifecycle), *request_paths(system)


def trace_of(words):
    system = claims_of(*words).system
    return replay(system, system.state(), [system.requests[0]()] * 2)


def text_of(svg):
    """All words of a drawing that a reader sees."""
    return " ".join(element.text or "" for element in etree.fromstring(svg).iter("{*}text"))


def text_of_html(source):
    return lxml_html.fromstring(source).text_content()


def plain(words):
    return "".join(words.split())


def decoded(source):
    """Mermaid as a browser shows it, the lines of a label joined."""
    return re.sub(
        r"#(\d*)([a-z]*);",
        lambda code: unescape(f"&{'#' if code[1] else ''}{code[1]}{code[2]};"),
        source.replace("<br/>", ""),
    )


@cases
def test_every_word_is_in_the_pictures_of_a_lifecycle(words):
    for picture in pictures(words)[:2]:
        for source in (text_of(render(picture, "svg")), decoded(mermaid(picture))):
            assert not [each for each in words_of(words) if plain(each) not in plain(source)]
        assert "&" not in mermaid(picture).split("---\n")[-1]  # labels are HTML, and an entity would be decoded


@cases
def test_every_word_is_in_the_picture_of_the_path(words):
    (_, _, path) = pictures(words)
    values, request = words
    for source in (text_of(render(path, "svg")), decoded(mermaid(path))):
        assert plain(f"check {request}") in plain(source)
        assert plain(f"v {request} is {values[0]}") in plain(source)  # where the first answer is given
        assert plain(values[1]) not in plain(source)


@pytest.mark.parametrize("words", [POUND, CHINESE], ids=["pound", "chinese"])
def test_dot_has_the_characters_themselves(words):
    source = dot(pictures(words)[0])
    assert not [each for each in words_of(words) if each not in source]


@cases
def test_every_word_is_in_sequence_diagrams(words):
    trace = trace_of(words)
    diagram = sequence_diagram(words[1], {"run": trace})
    for source in (text_of(sequence_svg(diagram)), decoded(sequence_mermaid(diagram))):
        assert not [each for each in (*words[0][:2], words[1]) if plain(each) not in plain(source)]


@cases
def test_every_word_is_on_pages(words):
    page = Page(words[1], tuple(Paragraph((each,)) for each in words[0]))
    assert not [each for each in words_of(words) if plain(each) not in plain(text_of_html(html(page)))]
    read = text_of_html(MarkdownIt("commonmark").enable("table").render(markdown(page)))
    assert not [each for each in words_of(words) if plain(each) not in plain(read)]


@cases
def test_every_word_is_in_a_comment_of_the_model_and_ends_none(words):
    text = promela(claims_of(*words)).text
    comments = " ".join(re.findall(r"/\*(.*?)\*/", text, flags=re.DOTALL))
    wanted = [each.replace("*/", "* /").replace("/*", "/ *") for each in words_of(words)]
    assert not [each for each in wanted if plain(each) not in plain(comments)]
    code = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)
    assert code.isascii()
    assert "*/" not in code


@cases
def test_states_whose_names_come_to_the_same_stay_apart(words):
    picture = pictures(words)[0]
    assert len(set(re.findall(r'^    state ".*" as (\w+)$', mermaid(picture), flags=re.MULTILINE))) == 3
    defines = re.findall(r"^#define (Value_\w+) ", promela(claims_of(*words)).text, flags=re.MULTILINE)
    assert len(set(defines)) == 3
    svg = etree.fromstring(render(picture, "svg"))
    nodes = [g.findtext("{*}title") for g in svg.iter("{*}g") if g.get("class") == "node"]
    assert len(nodes) == len(set(nodes)) == 3 + 1 + 2  # states, where it starts, arrows' labels


def test_identifiers_differ_whatever_the_case():
    assert identifiers(["A", "a", "a b", "a-b"], prefix="s_") == {
        "A": "s_A",
        "a": "s_a_2",
        "a b": "s_a_b",
        "a-b": "s_a_b_2",
    }


@pytest.mark.parametrize(
    ("letter", "kind"),
    [
        ("\x07", "U+0007 is a control character"),
        ("\ud83d", "U+D83D is half of a surrogate pair"),
        ("\uffff", "U+FFFF is no character"),
    ],
)
def test_what_nothing_can_show_is_refused_with_one_message(letter, kind):
    claims = claims_of(("a", f"b{letter}", "c"), "go")
    with pytest.raises(DeclarationError) as refused:
        lifecycle_picture(claims.system, claims.system.lifecycles[0])
    assert str(refused.value).startswith("the picture 'v' has the words 'b\\")
    assert kind in str(refused.value)
    str(refused.value).encode()
    with pytest.raises(DeclarationError, match=re.escape(kind)):
        promela(claims)


def test_a_run_with_such_words_shows_their_escapes():
    system = claims_of(("a\x07", "b", "c"), "go").system
    diagram = sequence_diagram("x", {"run": replay(system, system.state(), [system.requests[0]()])})
    assert "a\\x07" in text_of(sequence_svg(diagram))
    assert "a\\x07" in sequence_mermaid(diagram)
    assert visible("a\ud800") == "a\\ud800"


def test_a_png_says_which_character_its_font_lacks():
    assert render(pictures(POUND)[0], "png").startswith(b"\x89PNG")
    with pytest.raises(DrawingError, match=r"no '按' \(U\+6309\).*SVG shows every character"):
        render(pictures(CHINESE)[0], "png")
