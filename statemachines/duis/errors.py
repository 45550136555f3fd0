"""The errors of the DUIS edge, and how it shows the input it complains of."""

from collections.abc import Iterator
from contextlib import contextmanager


class DuisError(ValueError):
    """The input is no DUIS Service Request: the message says what is wrong, where, and what was expected.

    A message is one line of at most 300 characters, with anything unprintable in the input escaped.
    """


class UnwritableError(ValueError):
    """What is to be written has no such form: one line that says what, and why not."""


def shown(text: str, limit: int = 60) -> str:
    """The text with anything unprintable escaped, cut to `limit` characters.

    >>> shown("a\\x1b[2J")
    'a\\\\x1b[2J'
    >>> shown("abcdef", limit=5)
    'ab...'
    """
    escaped = repr(text[: limit + 1])[1:-1]
    return escaped if len(escaped) <= limit else f"{escaped[: limit - 3]}..."


@contextmanager
def located(where: str) -> Iterator[None]:
    """Put `where` in front of the message of any DuisError raised inside."""
    try:
        yield
    except DuisError as error:
        raise DuisError(f"{shown(where)}: {error}") from None
