"""The expected words that are nearest to an unknown one."""

from collections.abc import Iterable
from difflib import get_close_matches

from statemachines.files.shown import printable

WIDTH = 300
"""A list of words that is longer is cut to its first words, and the number of the others."""


def expected_words(given: object, options: Iterable[str], mark: str = '"') -> str:
    """The words that are expected, those of many that come first, and those of them that may have been meant.

    Parameters
    ----------
    given: what was there.
    options: the words that could be.
    mark: stands around each word.

    >>> expected_words("accepted ", ["accepted", "rejected"])
    '"accepted", "rejected"; did you mean "accepted"?'
    >>> expected_words(11.1, ["11.1", "11.2"])
    '"11.1", "11.2"; a word stands in quotes: "11.1"'
    >>> expected_words("nothing like it", (f"word {number}" for number in range(100)))[-21:]
    ' "word 27" or 72 more'
    """
    words = [printable(word) for word in options]
    kept, length = 0, 0
    for word in words:
        length += len(word) + len(mark) * 2 + 2
        if length > WIDTH:
            break
        kept += 1
    shown = ", ".join(f"{mark}{word}{mark}" for word in words[:kept])
    more = f" or {len(words) - kept} more" if kept < len(words) else ""
    return f"{shown}{more}{_meant(given, words)}"


def _meant(given: object, words: list[str]) -> str:
    if isinstance(given, str):
        as_typed = {word.casefold(): word for word in words}
        close = [as_typed[word] for word in get_close_matches(given.casefold(), as_typed)]
        return "; did you mean {}?".format(" or ".join(f'"{word}"' for word in close)) if close else ""
    same = [word for word in words if word == str(given)]
    return f'; a word stands in quotes: "{(same or ["..."])[0]}"'
