"""Enums: their members can be distinguished; those of declarations from files are made of names and words."""

import copyreg
from collections.abc import Callable, Iterable
from enum import Enum, EnumType
from functools import cache
from typing import Any

from statemachines.errors import DeclarationError

Members = tuple[tuple[str, str], ...]
"""The name and the words of each member."""


class _NamedType(EnumType):
    """The type of the enums, so that they can be pickled: an enum is made again from its members."""


class NamedValue(Enum, metaclass=_NamedType):
    """A member of an enum that `enum_of` made."""

    def __reduce_ex__(self, _: object) -> tuple[Callable[[str, Members, str], Enum], tuple[str, Members, str]]:
        return _member, (*_made_of(type(self)), self.name)


def expect_distinct(name: str, kind: type[Enum]) -> None:
    """Refuse an enum whose members cannot be distinguished, in code or in words."""
    for alias, value in kind.__members__.items():
        if alias != value.name:
            raise DeclarationError(
                f"{name!r} has values of {kind.__name__}, in which {alias} and {value.name} are one member: "
                "give each a value of its own"
            )
    expect_no_equals(name, kind, kind)


def expect_no_equals(name: str, kind: type[Enum], values: Iterable[Enum]) -> None:
    """Refuse values, of one enum or of several, that cannot be distinguished, in code or in words."""
    words: dict[str, Enum] = {}
    equal: dict[Enum, Enum] = {}
    for value in values:
        same, other = equal.setdefault(value, value), words.setdefault(str(value.value), value)
        if same is not value:
            raise DeclarationError(
                f"{name!r} has values of {kind.__name__}, in which {_called(same, value)} compare equal: "
                "give each a value of its own"
            )
        if other is not value:
            raise DeclarationError(
                f"{name!r} has values of {kind.__name__}, in which {_called(other, value)} are the same words, "
                f"{value.value!r}: give each words of its own"
            )


def _called(one: Enum, other: Enum) -> str:
    """Two members by name, and by that of their enum where it is not the same."""
    if type(one) is type(other):
        return f"{one.name} and {other.name}"
    return f"{type(one).__name__}.{one.name} and {type(other).__name__}.{other.name}"


def enum_of(name: str, members: Members) -> type[Enum]:
    """The enum with these members; the same name and members give the same enum, in every process.

    Parameters
    ----------
    name: the enum's.
    members: the name and the words of each.

    Raises
    ------
    DeclarationError: where Python has no enum with such members: for two of one name, and names such as ``mro``.

    Examples
    --------
    >>> Lamp = enum_of("Lamp", (("OFF", "off"), ("ON", "on")))
    >>> Lamp.ON.value, enum_of("Lamp", (("OFF", "off"), ("ON", "on"))) is Lamp
    ('on', True)
    """
    try:
        made = _made(name, members)
    except (TypeError, ValueError) as error:
        raise DeclarationError(f"the enum {name!r} cannot be made: {error}") from None
    lacking = [member for member, _ in members if member not in made.__members__]
    if lacking:
        raise DeclarationError(f"the enum {name!r} cannot have a member {lacking[0]!r}: Python reserves that name")
    return made


@cache
def _made(name: str, members: Members) -> type[Enum]:
    listed: Any = list(members)
    made: type[Enum] = NamedValue(name, listed, module=__name__)  # type: ignore[assignment, call-arg]  # the functional way to make an enum
    return made


def _made_of(kind: type[Enum]) -> tuple[str, Members]:
    return kind.__name__, tuple((member.name, member.value) for member in kind)


def _member(name: str, members: Members, member: str) -> Enum:
    return enum_of(name, members)[member]


def _made_again(kind: type[Enum]) -> tuple[Callable[[str, Members], type[Enum]], tuple[str, Members]]:
    return enum_of, _made_of(kind)


copyreg.pickle(_NamedType, _made_again)  # type: ignore[arg-type]  # its stub expects no type of types
