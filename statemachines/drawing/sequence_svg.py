"""Sequence diagrams in SVG: lifelines are vertical, messages go across.

They need no layout: rows follow one another, and each is as high as its words. Words are measured as the widest of
the fonts that stand in for Arial shows them, so that no line leaves its frame.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from statemachines.drawing.characters import visible
from statemachines.drawing.graphviz import BLUE, FONTS_SHOWN, GREY, INK, PALE, RED
from statemachines.drawing.sequence_diagram import (
    PASSED_ON,
    Box,
    BoxKind,
    Lifeline,
    Message,
    SequenceDiagram,
    note_lines,
)
from statemachines.drawing.text_width import BOLD, width, wrapped
from statemachines.extras import optional_imports

with optional_imports():
    from lxml import etree

SVG = "http://www.w3.org/2000/svg"
SIZE, SMALL, TITLE = 12.0, 11.0, 16.0
LINE = 15
"""Pixels from one line of words to the next."""

MARGIN, PAD, GAP, HEAD = 24, 10, 172, 30
NARROWEST = 640
PALE_RED, PALE_GREY = "#fdf0ee", "#f4f5f7"
_DEFAULT_NAMESPACE: Any = {None: SVG}  # the stubs of lxml know no default namespace
_FILLS = {BoxKind.RUN: "white", BoxKind.START: PALE_GREY, BoxKind.EVENT: PALE_GREY, BoxKind.CHANGE: PALE}
_BOLD = {"font_weight": "bold"}
# A white rim, so that words can be read across a lifeline.
_RIM = {"stroke": "white", "stroke_width": 4, "paint_order": "stroke", "stroke_linejoin": "round"}


def sequence_svg(sequence: SequenceDiagram) -> bytes:
    """The diagram as the bytes of an SVG file; the same bytes on every machine."""
    drawing = _Drawing(sequence)
    return etree.tostring(drawing.drawn(), xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _tag(name: str, text: str = "", **attributes: object) -> etree._Element:
    made = etree.Element(f"{{{SVG}}}{name}", nsmap=_DEFAULT_NAMESPACE)
    for key, value in attributes.items():
        made.set(key.rstrip("_").replace("_", "-"), f"{value:g}" if isinstance(value, float) else str(value))
    if text:
        made.text = visible(text)
    return made


@attrs.define(eq=False)
class _Drawing:
    """A diagram as it is drawn, from top to bottom: ``y`` is how far it has come."""

    sequence: SequenceDiagram
    y: float = 0.0
    parts: list[etree._Element] = attrs.field(init=False, factory=list)
    titles: list[etree._Element] = attrs.field(init=False, factory=list)
    width: float = attrs.field(init=False)
    at: dict[str, float] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        lifelines = self.sequence.lifelines
        gap = max([GAP, *(width(line.words) * BOLD + 3 * PAD for line in lifelines)])
        self.width = max(NARROWEST, gap * max(len(lifelines), 1) + 2 * MARGIN)
        room = (self.width - 2 * MARGIN) / max(len(lifelines), 1)
        self.at = {line.id: MARGIN + room * (index + 0.5) for index, line in enumerate(lifelines)}

    def drawn(self) -> etree._Element:
        self._heading()
        top = self.y + HEAD
        heads = [self._head(line) for line in self.sequence.lifelines]
        self.y = top + 14
        for row in self.sequence.rows:
            group = _tag("g")
            if row.note.tooltip:
                group.append(_tag("title", row.note.tooltip))
            group.extend(self._box(row) if isinstance(row, Box) else self._message(row))
            self.parts.append(group)
        bottom = self.y
        lines = [
            _tag("line", x1=x, y1=top, x2=x, y2=bottom, stroke=GREY, stroke_dasharray="2 4") for x in self.at.values()
        ]
        legend = list(self._legend())
        height = self.y + MARGIN / 2
        root = _tag(
            "svg", width=self.width, height=height, viewBox=f"0 0 {self.width:g} {height:g}", role="img",
            font_family=FONTS_SHOWN, font_size=SIZE, fill=INK,
        )  # fmt: skip
        root.append(_tag("title", self.sequence.title))
        root.append(_tag("rect", width="100%", height="100%", fill="white"))
        root.extend([*self.titles, *lines, *heads, *self.parts, *legend])
        return root

    def _heading(self) -> None:
        self.y = MARGIN
        room = self.width - 2 * MARGIN
        for words, size, look in ((self.sequence.title, TITLE, "bold"), (self.sequence.subtitle, SMALL, "normal")):
            # Bold letters are wider by about a tenth.
            for line in wrapped(words, room / BOLD, size) if words else []:
                self.y += size
                fill = INK if look == "bold" else GREY
                self.titles.append(_tag("text", line, x=MARGIN, y=self.y, font_size=size, font_weight=look, fill=fill))
                self.y += 6
        self.y += PAD

    def _head(self, line: Lifeline) -> etree._Element:
        wide = width(line.words) * BOLD + 2 * PAD
        group, x = _tag("g"), self.at[line.id]
        group.append(_tag("rect", x=x - wide / 2, y=self.y, width=wide, height=HEAD, rx=6, fill=PALE, stroke=BLUE))
        group.append(_tag("text", line.words, x=x, y=self.y + 19.0, text_anchor="middle", font_weight="bold"))
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
        yield _tag("rect", x=x, y=self.y, width=wide, height=high, rx=4, fill=fill)
        if box.kind is BoxKind.RUN:
            yield _tag("line", x1=x, y1=self.y, x2=x + wide, y2=self.y, stroke=INK)
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
        yield _tag("line", x1=source, y1=self.y, x2=target, y2=self.y, stroke=colour, stroke_width=1.5, **dash)
        back = -8 if target > source else 8
        points = f"{target:g},{self.y:g} {target + back:g},{self.y - 4:g} {target + back:g},{self.y + 4:g}"
        yield _tag("polygon", points=points, fill=colour)
        self.y += 16 if message.answer else 10

    def _lines(
        self, x: float, y: float, lines: list[tuple[str, bool, str]], looks: Mapping[str, object] = MappingProxyType({})
    ) -> Iterator[etree._Element]:
        """Words, whether they are bold, and their colour."""
        for number, (line, bold, fill) in enumerate(lines, 1):
            yield _tag("text", line, x=x, y=y + number * LINE - 4, fill=fill, **looks, **(_BOLD if bold else {}))

    def _legend(self) -> Iterator[etree._Element]:
        marks = {
            "* after a rule's id: in whole or in part an assumption": self.sequence.assumed,
            "red answer: not let pass": self.sequence.refused,
        }
        for mark in (mark for mark, shown in marks.items() if shown):
            self.y += 14
            yield _tag("text", mark, x=MARGIN, y=self.y, font_size=SMALL, fill=GREY)
