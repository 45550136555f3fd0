"""Characters that no picture, page or model can show, and identifiers that every format accepts."""

import re
import unicodedata
from collections.abc import Iterable

from statemachines.errors import DeclarationError

_KEPT = "\t\n"


def visible(words: str) -> str:
    """The words, each character that nothing can show written as its escape: for words that came from outside.

    >>> visible("a\\x1b[2Jb")
    'a\\\\x1b[2Jb'
    """
    return "".join(letter if _can_be_shown(letter) else ascii(letter)[1:-1] for letter in words)


def expect_visible(words: str, where: str) -> None:
    """Refuse declared words with a character that nothing can show.

    Parameters
    ----------
    where: what the words are, for the message.

    Raises
    ------
    DeclarationError: for a control character, half of a surrogate pair, or what is no character.
    """
    if words.isprintable():
        return
    for letter in words:
        if not _can_be_shown(letter):
            kind = {"Cc": "a control character", "Cs": "half of a surrogate pair"}.get(
                unicodedata.category(letter), "no character"
            )
            raise DeclarationError(
                f"{where} has the words {words!a}: U+{ord(letter):04X} is {kind}, which no picture or page can "
                "show; expected printable characters"
            )


def _can_be_shown(letter: str) -> bool:
    return letter in _KEPT or not (unicodedata.category(letter) in {"Cc", "Cs"} or ord(letter) & 0xFFFE == 0xFFFE)


def identifiers(names: Iterable[str], *, prefix: str = "") -> dict[str, str]:
    """An identifier of ASCII letters, digits and underscores for each name, no two alike, whatever the case.

    >>> identifiers(["open", "a b", "a-b", "\\u5f00", "\\u5173"])
    {'open': 'open', 'a b': 'a_b', 'a-b': 'a_b_2', '\\u5f00': '_', '\\u5173': '__2'}
    """
    made: dict[str, str] = {}
    taken: set[str] = set()
    for name in dict.fromkeys(names):
        plain = prefix + re.sub(r"[^A-Za-z0-9_]", "_", name)
        free, number = plain, 1
        while free.lower() in taken:
            number += 1
            free = f"{plain}_{number}"
        taken.add(free.lower())
        made[name] = free
    return made
