"""Sequence diagrams in SVG: vertical lifelines, horizontal messages.

They need no layout: rows follow one another, and each is as high as its words. Words are measured as the widest of
the fonts that stand in for Arial shows them, so that no line leaves its frame.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import attrs

from statemachines.drawing.palette import BLUE, GREY, INK, PALE, RED
from statemachines.drawing.sequence_diagram import (
    PASSED_ON,
    Box,
    BoxKind,
    Lifeline,
    Message,
    SequenceDiagram,
    note_lines,
)
from statemachines.drawing.svg import LINE, MARGIN, PAD, SMALL, document, heading, tag
from statemachines.drawing.text_width import BOLD, width, wrapped
from statemachines.extras import optional_imports

with optional_imports():
    from lxml import etree

GAP, HEAD = 172, 30
NARROWEST = 640
PALE_RED, PALE_GREY = "#fdf0ee", "#f4f5f7"
_FILLS = {BoxKind.RUN: "white", BoxKind.START: PALE_GREY, BoxKind.EVENT: PALE_GREY, BoxKind.CHANGE: PALE}
_BOLD = {"font_weight": "bold"}
# A white rim, so that words can be read across a lifeline.
_RIM = {"stroke": "white", "stroke_width": 4, "paint_order": "stroke", "stroke_linejoin": "round"}


def sequence_svg(sequence: SequenceDiagram) -> bytes:
    """The diagram as the bytes of an SVG file; the same bytes on every machine."""
    return _Drawing(sequence).drawn()


@attrs.define(eq=False)
class _Drawing:
    """A diagram as it is drawn, from top to bottom: ``y`` is how far it has come."""

    sequence: SequenceDiagram
    y: float = 0.0
    parts: list[etree._Element] = attrs.field(init=False, factory=list)
    width: float = attrs.field(init=False)
    at: dict[str, float] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        lifelines = self.sequence.lifelines
        gap = max([GAP, *(width(line.words) * BOLD + 3 * PAD for line in lifelines)])
        self.width = max(NARROWEST, gap * max(len(lifelines), 1) + 2 * MARGIN)
        room = (self.width - 2 * MARGIN) / max(len(lifelines), 1)
        self.at = {line.id: MARGIN + room * (index + 0.5) for index, line in enumerate(lifelines)}

    def drawn(self) -> bytes:
        titles, self.y = heading(self.sequence.title, [self.sequence.subtitle], self.width)
        self.y += PAD
        top = self.y + HEAD
        heads = [self._head(line) for line in self.sequence.lifelines]
        self.y = top + 14
        for row in self.sequence.rows:
            group = tag("g")
            if row.note.tooltip:
                group.append(tag("title", row.note.tooltip))
            group.extend(self._box(row) if isinstance(row, Box) else self._message(row))
            self.parts.append(group)
        bottom = self.y
        lines = [
            tag("line", x1=x, y1=top, x2=x, y2=bottom, stroke=GREY, stroke_dasharray="2 4") for x in self.at.values()
        ]
        legend = list(self._legend())
        parts = [*titles, *lines, *heads, *self.parts, *legend]
        return document(self.sequence.title, self.width, self.y + MARGIN / 2, parts)

    def _head(self, line: Lifeline) -> etree._Element:
        wide = width(line.words) * BOLD + 2 * PAD
        group, x = tag("g"), self.at[line.id]
        group.append(tag("rect", x=x - wide / 2, y=self.y, width=wide, height=HEAD, rx=6, fill=PALE, stroke=BLUE))
        group.append(tag("text", line.words, x=x, y=self.y + 19.0, text_anchor="middle", font_weight="bold"))
        return group

    def _box(self, box: Box) -> Iterator[etree._Element]:
        x, wide = float(MARGIN), self.width - 2 * MARGIN
        ink = RED if box.refused or box.kind is BoxKind.BREACH else INK
        bold = box.kind in {BoxKind.EVENT, BoxKind.RUN, BoxKind.BREACH}
        lines = [
            (line, index == 0 and bold, ink)
            for index, words in enumerate((*note_lines(box.note), *box.changes))
            for line in wrapped(words, (wide - 2 * PAD) / (BOLD if index == 0 and bold else 1))
        ]
        high = len(lines) * LINE + PAD
        fill = PALE_RED if ink is RED else _FILLS[box.kind]
        yield tag("rect", x=x, y=self.y, width=wide, height=high, rx=4, fill=fill)
        if box.kind is BoxKind.RUN:
            yield tag("line", x1=x, y1=self.y, x2=x + wide, y2=self.y, stroke=INK)
        yield from self._lines(x + PAD, self.y + PAD / 2, lines)
        self.y += high + PAD

    def _message(self, message: Message) -> Iterator[etree._Element]:
        source, target = self.at[message.source], self.at[message.target]
        colour = RED if message.refused else BLUE
        left = min(source, target)
        # Words start where the message does, and may go on across the lifelines beyond.
        room = (self.width - MARGIN - left - 2 * PAD) / (1 if message.answer else BOLD)
        shown = () if message.note.lines == (PASSED_ON,) else note_lines(message.note)
        lines = [
            (line, not message.answer, RED if message.refused else INK)
            for words in shown
            for line in wrapped(words, room)
        ]
        yield from self._lines(left + PAD, self.y, lines, _RIM)
        self.y += len(lines) * LINE + 6
        dash = {"stroke_dasharray": "6 4"} if message.answer else {}
        yield tag("line", x1=source, y1=self.y, x2=target, y2=self.y, stroke=colour, stroke_width=1.5, **dash)
        back = -8 if target > source else 8
        points = f"{target:g},{self.y:g} {target + back:g},{self.y - 4:g} {target + back:g},{self.y + 4:g}"
        yield tag("polygon", points=points, fill=colour)
        self.y += 16 if message.answer else 10

    def _lines(
        self, x: float, y: float, lines: list[tuple[str, bool, str]], looks: Mapping[str, object] = MappingProxyType({})
    ) -> Iterator[etree._Element]:
        """Words, whether they are bold, and their colour."""
        for number, (line, bold, fill) in enumerate(lines, 1):
            yield tag("text", line, x=x, y=y + number * LINE - 4, fill=fill, **looks, **(_BOLD if bold else {}))

    def _legend(self) -> Iterator[etree._Element]:
        marks = {
            "* after a rule's id: in whole or in part an assumption": self.sequence.assumed,
            "red answer: not let pass": self.sequence.refused,
        }
        for mark in (mark for mark, shown in marks.items() if shown):
            self.y += 14
            yield tag("text", mark, x=MARGIN, y=self.y, font_size=SMALL, fill=GREY)
