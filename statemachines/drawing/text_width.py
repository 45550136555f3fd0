"""Widths of text, in the widest of the fonts that stand in for Arial: DejaVu Sans.

Which font a reader has is not known when a picture is made. What fits in the widest usual one fits in all of them.
"""

from unicodedata import east_asian_width

SIZE = 12.0
"""The usual size of a font, in pixels."""

BOLD = 1.13
"""How much wider bold words are."""

_NARROW, _WIDE, _SIGNS, _WIDEST = set("iljtfrI.,:;'|![](){}/\\- "), set("mwMWQ%@"), set("<>=+#~^"), 1.02
_EMOJI = 1.4
_EM = {"narrow": 0.4, "wide": 0.99, "sign": 0.84, "capital": 0.77, "other": 0.635}


def width(words: str, size: float = SIZE) -> float:
    """How wide the words are in a font like Arial, in pixels, and on the wide side.

    Parameters
    ----------
    words: one line.
    size: of the font, in pixels.
    """
    return size * sum(_em(letter) for letter in words)


def _em(letter: str) -> float:
    if letter in _NARROW:
        return _EM["narrow"]
    if letter in _WIDE:
        return _EM["wide"]
    if letter in _SIGNS:
        return _EM["sign"]
    if not letter.isascii():
        return _EMOJI if east_asian_width(letter) in "WF" and ord(letter) > 0xFFFF else _WIDEST
    return _EM["capital"] if letter.isupper() else _EM["other"]


def wrapped(words: str, room: float, size: float = SIZE) -> list[str]:
    """The words in lines that fit; a word that fits no line is broken.

    Parameters
    ----------
    words: on one line.
    room: the width of a line, in pixels.
    size: of the font, in pixels.
    """
    lines, line = [], ""
    for word in words.split():
        longer = f"{line} {word}" if line else word
        if width(longer, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while width(line, size) > room and len(line) > 1:
            fits = next(end for end in range(len(line) - 1, 0, -1) if end == 1 or width(line[:end], size) <= room)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line]
