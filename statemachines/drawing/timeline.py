"""Timelines: what holds on which days, in a track for each subject, and the days of events."""

from collections.abc import Callable
from datetime import date, timedelta
from itertools import groupby

import attrs

from statemachines.drawing.palette import BLUE, GREY, INK, PALE
from statemachines.drawing.picture import Note, tooltip
from statemachines.drawing.svg import LINE, MARGIN, PAD, SMALL, document, heading, tag
from statemachines.drawing.text_width import BOLD, width, wrapped
from statemachines.errors import DeclarationError
from statemachines.extras import optional_imports
from statemachines.language.rules import Register

with optional_imports():
    from lxml import etree

WIDE, LABEL = 1500.0, 170.0
"""How wide a timeline is, and the column with the names of its tracks, in pixels."""

MOST = 4
"""Lines of words in a span."""

OPEN = "#fdf6e3"
"""The ground of what is left open."""


@attrs.frozen
class Span:
    """Days on which the same holds.

    Parameters
    ----------
    first, last: the days, both included.
    values: what holds, in words; several where it is open which.
    """

    first: date
    last: date
    values: tuple[str, ...]


@attrs.frozen
class Track:
    """What holds of one thing, day by day.

    Parameters
    ----------
    label: what it is.
    spans: in order.
    rules: the ids of the rules that it follows.
    """

    label: str
    spans: tuple[Span, ...]
    rules: tuple[str, ...] = ()


@attrs.frozen
class Moment:
    """A day on which something happens, or may."""

    day: date
    words: str
    rules: tuple[str, ...] = ()


@attrs.frozen
class Timeline:
    """What a timeline shows.

    Parameters
    ----------
    title, subtitle: what is over it.
    first, last: its days, both included.
    tracks: from top to bottom.
    moments: in order.
    register: what the rules say.
    """

    title: str
    subtitle: tuple[str, ...]
    first: date
    last: date
    tracks: tuple[Track, ...]
    moments: tuple[Moment, ...]
    register: Register

    def __attrs_post_init__(self) -> None:
        if self.first > self.last:
            raise DeclarationError(f"a timeline from {self.first} to {self.last} has no day")

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule id in it, in order of appearance."""
        cited = [*(moment.rules for moment in self.moments), *(track.rules for track in self.tracks)]
        return tuple(dict.fromkeys(rule for rules in cited for rule in rules))


def spans(first: date, last: date, values: Callable[[date], tuple[str, ...]]) -> tuple[Span, ...]:
    """The days from the first to the last, those together on which the same holds.

    >>> spans(date(2020, 1, 1), date(2020, 1, 3), lambda day: ("odd",) if day.day == 1 else ("odd", "even"))[1].values
    ('odd', 'even')
    """
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    spans = []
    for held, same in groupby(days, key=values):
        together = [*same]
        spans.append(Span(together[0], together[-1], held))
    return tuple(spans)


def timeline_svg(timeline: Timeline) -> bytes:
    """The timeline as the bytes of an SVG file; the same bytes on every machine.

    Words that do not fit in their span have a number there, and stand below.
    """
    return _Drawing(timeline).drawn()


@attrs.define(eq=False)
class _Drawing:
    """A timeline as it is drawn, from top to bottom: ``y`` is how far it has come."""

    timeline: Timeline
    y: float = 0.0
    parts: list[etree._Element] = attrs.field(init=False, factory=list)
    below: list[str] = attrs.field(init=False, factory=list)

    def drawn(self) -> bytes:
        titles, self.y = heading(self.timeline.title, self.timeline.subtitle, WIDE)
        self.y += PAD
        self._moments()
        top = self.y
        self._months()
        for track in self.timeline.tracks:
            self._track(track)
        lines = [
            tag("line", x1=x, y1=top, x2=x, y2=self.y, stroke=GREY, stroke_dasharray="2 4")
            for x in dict.fromkeys(self._x(moment.day) for moment in self.timeline.moments)
        ]
        self._legend()
        return document(self.timeline.title, WIDE, self.y + MARGIN / 2, [*titles, *lines, *self.parts])

    def _x(self, day: date) -> float:
        """Where a day begins."""
        days = (self.timeline.last - self.timeline.first).days + 1
        left = MARGIN + LABEL
        return left + (day - self.timeline.first).days * (WIDE - MARGIN - left) / days

    def _note(self, words: str, rules: tuple[str, ...]) -> str:
        citation = Note((words,), rules, self.timeline.register.assumed(rules)).citation
        return f"{words} [{citation}]" if rules else words

    def _moments(self) -> None:
        """The moments' words over the days, in as many rows as keep them apart, each with a line to its day."""
        ends: list[float] = []  # how far each row is filled, from the top
        placed = []
        for moment in self.timeline.moments:
            x = self._x(moment.day)
            shown = f"{moment.day.day} {moment.day:%B}: {self._note(moment.words, moment.rules)}"
            long = width(shown, SMALL) + 2 * PAD
            left = min(x, WIDE - MARGIN - long)
            row = next((row for row, end in enumerate(ends) if end <= left), len(ends))
            ends[row : row + 1] = [left + long]
            placed.append((x, left, long, row, shown, moment.rules))
        high = LINE + 6
        bottom = self.y + len(ends) * (high + 4)
        for x, _, _, row, _, _ in placed:  # below the words, which no line crosses
            self.parts.append(tag("line", x1=x, y1=self.y + row * (high + 4) + high, x2=x, y2=bottom, stroke=GREY))
        for _, left, long, row, shown, rules in placed:
            y = self.y + row * (high + 4)
            group = tag("g")
            if rules:
                group.append(tag("title", tooltip(self.timeline.register, rules)))
            group.append(tag("rect", x=left, y=y, width=long, height=high, rx=4, fill="white", stroke=GREY))
            group.append(tag("text", shown, x=left + PAD, y=y + LINE, font_size=SMALL))
            self.parts.append(group)
        self.y = bottom

    def _months(self) -> None:
        day = self.timeline.first
        while day <= self.timeline.last:
            next_month = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
            after = min(next_month, self.timeline.last + timedelta(days=1))
            x, wide = self._x(day), self._x(after) - self._x(day)
            self.parts.append(tag("rect", x=x, y=self.y, width=wide, height=LINE + 8, fill="white", stroke=BLUE))
            words = f"{day:%B %Y}"
            if width(words) * BOLD + PAD <= wide:
                look = {"font_weight": "bold", "fill": BLUE}
                self.parts.append(tag("text", words, x=x + PAD / 2, y=self.y + LINE + 1, **look))
            day = after
        self.y += LINE + 8 + PAD

    def _track(self, track: Track) -> None:
        placed = [(span, self._lines(span)) for span in track.spans]
        label = wrapped(track.label, (LABEL - PAD) / BOLD)
        cited = wrapped(self._note("", track.rules).strip(), LABEL - PAD, SMALL) if track.rules else []
        high = max(len(label) + len(cited), *(len(lines) for _, lines in placed)) * LINE + PAD
        group = tag("g")
        if track.rules:
            group.append(tag("title", tooltip(self.timeline.register, track.rules)))
        for number, line in enumerate(label, 1):
            group.append(tag("text", line, x=MARGIN, y=self.y + number * LINE, font_weight="bold"))
        for number, line in enumerate(cited, len(label) + 1):
            group.append(tag("text", line, x=MARGIN, y=self.y + number * LINE, font_size=SMALL, fill=GREY))
        self.parts.append(group)
        for span, lines in placed:
            x, wide = self._x(span.first), self._x(span.last + timedelta(days=1)) - self._x(span.first)
            ground = {"fill": OPEN, "stroke_dasharray": "4 3"} if len(span.values) > 1 else {"fill": PALE}
            box = tag("g")
            box.append(tag("rect", x=x, y=self.y, width=wide, height=high, rx=4, stroke=BLUE, **ground))
            for number, line in enumerate(lines, 1):
                look = {"x": x + wide / 2, "text_anchor": "middle"} if line.isdigit() else {"x": x + PAD / 2}
                box.append(tag("text", line, y=self.y + number * LINE, font_size=SMALL, fill=INK, **look))
            self.parts.append(box)
        self.y += high + PAD

    def _lines(self, span: Span) -> list[str]:
        """The words of a span, wrapped to fit in it; or a number, and the words stand below."""
        room = self._x(span.last + timedelta(days=1)) - self._x(span.first) - PAD
        words = "; or ".join(span.values)
        if not words:
            return []
        lines = wrapped(words, room, SMALL)
        if len(lines) <= MOST and all(width(word, SMALL) <= room for word in words.split()):
            return lines
        days = dict.fromkeys(f"{day.day} {day:%B}" for day in (span.first, span.last))
        self.below.append(f"{len(self.below) + 1}: {words}, {' to '.join(days)}")
        return [str(len(self.below))]

    def _legend(self) -> None:
        marks = [*self.below, "dashed, on yellow: the sources leave open which"]
        if self.timeline.register.assumed(self.timeline.rules):
            marks.append("* after a rule's id: in whole or in part an assumption")
        for mark in marks:
            for line in wrapped(mark, WIDE - 2 * MARGIN, SMALL):
                self.y += LINE
                self.parts.append(tag("text", line, x=MARGIN, y=self.y, font_size=SMALL, fill=GREY))
