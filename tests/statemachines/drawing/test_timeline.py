"""Timelines: days in proportion, what is open told apart, and no words where there is no room for them."""

import re
from datetime import date, timedelta
from html import unescape
from itertools import pairwise

import pytest
from lxml import etree

from statemachines import DeclarationError, Register, Rule
from statemachines.drawing.timeline import MARGIN, WIDE, Moment, Span, Timeline, Track, spans, timeline_svg

FIRST, LAST = date(2024, 3, 1), date(2024, 4, 29)
BOOK = Register([Rule("T-1", "It opens & closes.", "the plan"), Rule("T-2", "Guessed.", "none", assumption="all")])


def made(*tracks, moments=()):
    return Timeline("Days <of> the house", ("all of them",), FIRST, LAST, tracks, moments, BOOK)


def boxes(svg):
    """The words of each box with words, its left edge and its width."""
    result = []
    for group in etree.fromstring(svg).iter("{*}g"):
        rect = group.find("{*}rect")
        if rect is not None:
            words = " ".join(text.text for text in group.iter("{*}text"))
            result.append((words, float(rect.get("x")), float(rect.get("width"))))
    return result


def test_days_on_which_the_same_holds_are_one_span():
    result = spans(FIRST, LAST, lambda day: ("shut",) if day.month == 3 else ("open", "shut"))
    assert result == (
        Span(FIRST, date(2024, 3, 31), ("shut",)), Span(date(2024, 4, 1), LAST, ("open", "shut")),
    )  # fmt: skip


def test_spans_are_as_wide_as_they_are_long_and_fill_the_days():
    track = Track("door", spans(FIRST, LAST, lambda day: ("shut",) if day.month == 3 else ("open", "shut")), ("T-1",))
    (shut, left, wide), (either, left_2, wide_2) = boxes(timeline_svg(made(track)))
    assert (shut, either) == ("shut", "open; or shut")
    assert left + wide == pytest.approx(left_2)
    assert left_2 + wide_2 == pytest.approx(WIDE - MARGIN)
    assert wide / wide_2 == pytest.approx(31 / 29, rel=1e-4)


def test_what_is_open_is_dashed_and_explained():
    svg = timeline_svg(made(Track("door", (Span(FIRST, LAST, ("open", "shut")),)))).decode()
    assert 'stroke-dasharray="4 3"' in svg
    assert "the sources leave open which" in svg
    sure = timeline_svg(made(Track("door", (Span(FIRST, LAST, ("open",)),)))).decode()
    assert 'stroke-dasharray="4 3"' not in sure


def test_words_that_do_not_fit_in_a_span_stand_below_by_number():
    day = FIRST + timedelta(days=9)
    track = Track("door", (Span(day, day, ("opened by the caretaker",)),))
    svg = timeline_svg(made(track)).decode()
    assert boxes(svg.encode())[0][0] == "1"
    assert "1: opened by the caretaker, 10 March<" in svg


def test_moments_are_apart_cite_their_rules_and_stand_over_every_line():
    moments = [Moment(FIRST + timedelta(days=n), "something happens here", ("T-1", "T-2")) for n in range(4)]
    svg = timeline_svg(made(moments=tuple(moments)))
    result = boxes(svg)
    assert result[0][0] == "1 March: something happens here [T-1 T-2*]"
    rows = {}
    for rect in etree.fromstring(svg).iter("{*}rect"):
        if rect.get("rx"):
            rows.setdefault(rect.get("y"), []).append((float(rect.get("x")), float(rect.get("width"))))
    assert len(rows) > 1
    assert all(one[0] + one[1] <= two[0] for row in rows.values() for one, two in pairwise(row))
    text = svg.decode()
    assert text.rindex("<line") < text.index("something happens"), "a line that is drawn later would cross the words"
    assert "T-2 (assumption): Guessed." in unescape(text)


def test_the_same_timeline_is_the_same_bytes_and_cites_its_rules():
    timeline = made(Track("door", (Span(FIRST, LAST, ("open",)),), ("T-2",)), moments=(Moment(LAST, "end", ("T-1",)),))
    assert timeline_svg(timeline) == timeline_svg(timeline)
    assert timeline.rules == ("T-1", "T-2")
    assert re.search(r"Days &lt;of&gt; the house", timeline_svg(timeline).decode())


def test_a_timeline_needs_a_day():
    with pytest.raises(DeclarationError, match="has no day"):
        Timeline("x", (), LAST, FIRST, (), (), BOOK)
