"""The errors of the framework, and the checks that raise them."""

import keyword
from collections.abc import Iterable
from typing import TypeVar

from statemachines.files.shown import printable

T = TypeVar("T")


class StatemachinesError(Exception):
    """Whatever the framework refuses or cannot do; each kind is a class of its own.

    Parameters
    ----------
    message: in one or more lines; what of it does not print, such as a control character in a name, is escaped.
    """

    def __init__(self, message: str) -> None:
        super().__init__("\n".join(printable(line) for line in message.split("\n")))


class DeclarationError(StatemachinesError, ValueError):
    """A declaration that cannot mean anything, refused when it is made.

    The message names the culprit, what is wrong with it, and what was expected.
    """


class UnknownNameError(DeclarationError):
    """A name of a claim, lifecycle, variable or rule that does not exist; the message says what does."""


class NoVerdictError(DeclarationError):
    """A request without a verdict in a state: the declarations give it no answer there."""


class TooLargeError(StatemachinesError, RuntimeError):
    """A limit on states, combinations of values or memory is met; the declarations may well be right."""


class DrawingError(StatemachinesError, RuntimeError):
    """A picture that cannot be drawn on this machine: the message says what is missing, and how to get it."""


class EnginesDisagreeError(StatemachinesError, RuntimeError):
    """Two engines give different results of one system: a fault of the framework, whatever was declared."""


def expected(value: object, kind: type[T], where: str) -> T:
    """The value, if it is of the kind; `DeclarationError` naming where it stands otherwise."""
    if not isinstance(value, kind):
        raise DeclarationError(f"{where} is {value!r}, expected a value of {kind.__name__}")
    return value


def all_expected(values: Iterable[T], kind: type[T], where: str) -> tuple[T, ...]:
    """The values as a tuple, each of the kind; a single value or a string is not several."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise DeclarationError(f"{where} is {values!r}, expected a list of {kind.__name__}")
    return tuple(expected(value, kind, where) for value in values)


def expected_name(name: object, where: str) -> None:
    """Refuse a name that cannot be written as an argument or an attribute in Python."""
    if not isinstance(name, str) or not name.isidentifier() or keyword.iskeyword(name):
        raise DeclarationError(f"{where} {name!r} must be a Python identifier and no keyword, such as 'key_package'")
