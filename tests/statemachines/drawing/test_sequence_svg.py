"""Sequence diagrams in SVG."""

from itertools import pairwise

import pytest
from lxml import etree

from statemachines.drawing.picture import Note
from statemachines.drawing.sequence_diagram import Box, BoxKind, Lifeline, Message, SequenceDiagram
from statemachines.drawing.sequence_svg import sequence_svg
from statemachines.drawing.svg import SVG
from statemachines.drawing.text_width import BOLD, width, wrapped

NASTY = 'a <b> & "c" \x1b; #1 → ü %%'
LONG = "an endless word: " + "m" * 300


def diagram(words):
    lines = (Lifeline("a", words), Lifeline("b", "B"))
    rows = (
        Box(BoxKind.START, Note((words,), ())),
        Message("a", "b", Note((words,), ())),
        Message("b", "a", Note((words,), ("R-1",), ("R-1",), "R-1: so\nand so"), answer=True, refused=True),
        Box(BoxKind.EVENT, Note((words, words), ()), (words,)),
        Box(BoxKind.BREACH, Note((words,), ())),
    )
    return SequenceDiagram(words, words, lines, rows)


def svg(words):
    return etree.fromstring(sequence_svg(diagram(words)))


def texts(root):
    return list(root.iter(f"{{{SVG}}}text"))


def reach(text):
    """From where to where the words of an element go."""
    wide = width(text.text, float(text.get("font-size", "12"))) * (BOLD if text.get("font-weight") == "bold" else 1)
    left = float(text.get("x")) - (wide / 2 if text.get("text-anchor") == "middle" else 0)
    return left, left + wide


def test_text_is_literal_and_control_characters_are_escapes():
    words = " ".join(text.text for text in texts(svg(NASTY)))
    assert words.count('a <b> & "c" \\x1b; #1 \u2192 \u00fc %%') >= 5
    assert "\x1b" not in words


@pytest.mark.parametrize("words", [NASTY, LONG, "a few words that go on " * 20, "x"])
def test_no_words_leave_the_picture(words):
    root = svg(words)
    wide, high = float(root.get("width")), float(root.get("height"))
    for text in texts(root):
        left, right = reach(text)
        assert left >= 0
        assert right <= wide
        assert 0 < float(text.get("y")) < high


@pytest.mark.parametrize("words", [LONG, "a few words that go on " * 20])
def test_no_words_are_left_out_and_no_two_lines_are_in_one_place(words):
    root = svg(words)
    result = "".join(text.text for text in texts(root)).replace(" ", "")
    assert result.count(words.replace(" ", "")) == 10
    places = [(text.get("x"), text.get("y")) for text in texts(root)]
    assert len(set(places)) == len(places)


def test_rows_do_not_overlap():
    boxes = [
        (float(box.get("y")), float(box.get("y")) + float(box.get("height")))
        for box in svg(LONG).iter(f"{{{SVG}}}rect")
        if box.get("height") != "100%"
    ]
    rows = sorted(set(boxes))
    assert len(rows) == 4
    assert all(above[1] < below[0] for above, below in pairwise(rows))


@pytest.mark.parametrize("words", [LONG, "x"])
def test_words_stand_over_their_arrow_and_below_the_row_before(words):
    heads = 2
    before = 0.0
    for group in svg(words).findall(f"{{{SVG}}}g")[heads:]:
        places = [float(text.get("y")) for text in texts(group)]
        assert min(places) - 12 >= before
        before = max(places)
        if group.find(f"{{{SVG}}}rect") is None:
            [arrow] = [float(line.get("y1")) for line in group.iter(f"{{{SVG}}}line")]
            assert arrow > before
            before = arrow


def test_a_refusal_is_red_an_answer_dashed_and_rules_are_tooltips():
    root = svg("x")
    [dashed] = [line for line in root.iter(f"{{{SVG}}}line") if line.get("stroke-dasharray") == "6 4"]
    solid = [line for line in root.iter(f"{{{SVG}}}line") if line.get("stroke-dasharray") is None]
    assert dashed.get("stroke") != solid[0].get("stroke")
    assert (float(dashed.get("x1")) > float(dashed.get("x2"))) is True
    assert "R-1: so\nand so" in [title.text for title in root.iter(f"{{{SVG}}}title")]
    legend = [text.text for text in texts(root)]
    assert "* after a rule's id: in whole or in part an assumption" in legend
    assert "x [R-1*]" in legend


def test_the_same_diagram_makes_the_same_bytes():
    assert sequence_svg(diagram(NASTY)) == sequence_svg(diagram(NASTY))


def test_a_diagram_without_lifelines_is_drawn():
    alone = SequenceDiagram("nothing", "", (), (Box(BoxKind.START, Note(("start",), ())),))
    assert "start" in [text.text for text in texts(etree.fromstring(sequence_svg(alone)))]


def test_words_are_wrapped_to_the_room():
    lines = wrapped("some words and " + "w" * 60, 120)
    assert "".join(lines).replace(" ", "") == "somewordsand" + "w" * 60
    assert all(width(line) <= 120 for line in lines)
    assert wrapped("", 120) == [""]
    assert wrapped("ab", 0) == ["a", "b"]
