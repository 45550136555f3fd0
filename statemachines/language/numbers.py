"""Bounded integers: a domain like any enum, whose members are numbers."""

import copyreg
from collections.abc import Callable
from enum import EnumType, IntEnum
from functools import cache
from typing import Any

from statemachines.errors import DeclarationError

MOST_VALUES = 65_536
"""A domain has a member for each value, and its encoding a bit for each doubling of them; both are made at once."""


class _NumberType(EnumType):
    """The type of the domains, so that they can be pickled: a domain is made again from its bounds."""


class Number(IntEnum, metaclass=_NumberType):
    """A bounded integer: a member of a domain that `Count` made."""

    def __reduce_ex__(self, _: object) -> tuple[Callable[[int, int, int], "Number"], tuple[int, int, int]]:
        return _member, (*_bounds(type(self)), int(self))


def Count(low: int, high: int) -> type[Number]:  # noqa: N802  # it stands where an enum's name does
    """The integers from ``low`` to ``high``, both included, as the domain of a variable or a field.

    The same bounds give the same domain. Where the domain is known, a plain integer will do in a condition or a
    request; a transition and an initial state name the member, ``Level(3)``.

    Parameters
    ----------
    low, high: the bounds.

    Raises
    ------
    DeclarationError: where there is no integer between them, more than 65,536, or they are none.

    Examples
    --------
    >>> from statemachines import Variable, after
    >>> Level = Count(0, 7)
    >>> level, limit = Variable("level", Level), Variable("limit", Count(3, 5))
    >>> for condition in (level >= 3, level + 1 < limit, after(level) == level + 1):
    ...     print(condition.words())
    level is 3 or more
    level is less than the limit - 1
    level afterwards is the level + 1
    >>> Level(3)
    <Count(0, 7).3: 3>
    """
    for bound in (low, high):
        if type(bound) is not int:
            raise DeclarationError(f"a count goes from one integer to another, and {bound!r} is none")
    if low > high:
        raise DeclarationError(f"a count from {low} to {high} has no value")
    if high - low >= MOST_VALUES:
        raise DeclarationError(
            f"a count from {low} to {high} has {high - low + 1:,} values, expected at most {MOST_VALUES:,}"
        )
    return _domain(low, high)


@cache
def _domain(low: int, high: int) -> type[Number]:
    members: Any = [(str(value), value) for value in range(low, high + 1)]
    made: type[Number] = Number(f"Count({low}, {high})", members, module=__name__)  # type: ignore[assignment, call-arg, arg-type]  # the functional way to make an enum
    return made


def _bounds(domain: type[Number]) -> tuple[int, int]:
    values = [int(value) for value in domain]
    return values[0], values[-1]


def _member(low: int, high: int, value: int) -> Number:
    return Count(low, high)(value)


def _made_again(domain: type[Number]) -> tuple[Callable[[int, int], type[Number]], tuple[int, int]]:
    return Count, _bounds(domain)


copyreg.pickle(_NumberType, _made_again)  # type: ignore[arg-type]  # its stub expects no type of types
