"""Elements of SVG for drawings that need no layout."""

from collections.abc import Iterable
from typing import Any

from statemachines.drawing.characters import visible
from statemachines.drawing.palette import FONTS_SHOWN, GREY, INK
from statemachines.drawing.text_width import BOLD, SIZE, wrapped
from statemachines.extras import optional_imports

with optional_imports():
    from lxml import etree

SVG = "http://www.w3.org/2000/svg"
SMALL, TITLE = 11.0, 16.0
LINE = 15
"""Pixels from one line of words to the next."""

MARGIN, PAD = 24, 10
_DEFAULT_NAMESPACE: Any = {None: SVG}  # the stubs of lxml know no default namespace


def tag(name: str, text: str = "", **attributes: object) -> etree._Element:
    """An element; of its attributes' names an underscore is a hyphen, but for one at the end."""
    made = etree.Element(f"{{{SVG}}}{name}", nsmap=_DEFAULT_NAMESPACE)
    for key, value in attributes.items():
        made.set(key.rstrip("_").replace("_", "-"), f"{value:g}" if isinstance(value, float) else str(value))
    if text:
        made.text = visible(text)
    return made


def heading(title: str, subtitle: Iterable[str], wide: float) -> tuple[list[etree._Element], float]:
    """The lines over a drawing, and how far down they end.

    Parameters
    ----------
    wide: how wide the drawing is, in pixels.
    """
    y, room = float(MARGIN), wide - 2 * MARGIN
    lines: list[etree._Element] = []
    looks = [(title, TITLE, "bold", INK), *((words, SMALL, "normal", GREY) for words in subtitle)]
    for words, size, weight, fill in looks:
        for line in wrapped(words, room / BOLD, size) if words else []:
            y += size
            lines.append(tag("text", line, x=MARGIN, y=y, font_size=size, font_weight=weight, fill=fill))
            y += 6
    return lines, y


def document(title: str, wide: float, high: float, parts: Iterable[etree._Element]) -> bytes:
    """The drawing as the bytes of an SVG file; the same bytes on every machine."""
    root = tag(
        "svg", width=wide, height=high, viewBox=f"0 0 {wide:g} {high:g}", role="img",
        font_family=FONTS_SHOWN, font_size=SIZE, fill=INK,
    )  # fmt: skip
    root.append(tag("title", title))
    root.append(tag("rect", width="100%", height="100%", fill="white"))
    root.extend(parts)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
