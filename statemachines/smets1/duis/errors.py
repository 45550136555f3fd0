"""The errors of the DUIS edge."""

from collections.abc import Iterator
from contextlib import contextmanager

from statemachines.files.shown import shown


class DuisError(ValueError):
    """The input is not a DUIS Service Request: the message says what is wrong, where, and what was expected.

    A message is one line of at most 300 characters, with anything unprintable in the input escaped.
    """


class UnwritableError(ValueError):
    """What is to be written has no such form: one line that says what, and why not."""


@contextmanager
def located(where: str) -> Iterator[None]:
    """Put `where` in front of the message of any DuisError raised inside."""
    try:
        yield
    except DuisError as error:
        raise DuisError(f"{shown(where)}: {error}") from None
