"""States and requests as words of the finite world, and back into declarations."""

from collections.abc import Mapping
from enum import Enum
from functools import lru_cache

from statemachines.files.shown import shown
from statemachines.language.expression import ranges
from statemachines.language.requests import Request
from statemachines.language.system import State, System
from statemachines.language.terms import Term


class NotInWords(ValueError):  # noqa: N818  # what was read is at fault, and nobody made an error
    """What was read is no state, or no request, of the system."""


def state_in_words(state: State) -> dict[str, str]:
    """The value of every variable, in words."""
    return {name: str(value.value) for name, value in state.as_dict().items()}


def read_state(system: System, words: object) -> State:
    """The state of those words; every variable has to be there."""
    if not isinstance(words, Mapping):
        raise NotInWords(f"a state is {shown(repr(words))}, expected an object with the value of each variable")
    if missing := [name for name in system.state_type.names if name not in words]:
        raise NotInWords(f"a state does not say what {missing[0]!r} is")
    if unknown := [name for name in words if name not in system.state_type.names]:
        raise NotInWords(f"a state has {shown(repr(unknown[0]))}, and {system.name!r} has no such variable")
    return system.state_type(_value(variable, words[variable.name]) for variable in system.variables)


def read_request(system: System, words: object) -> Request:
    """The request of those words; every field of its type has to be there."""
    if not isinstance(words, Mapping):
        raise NotInWords(
            f"a request is {shown(repr(words))}, expected an object with its type and the value of each field"
        )
    kind = next((kind for kind in system.requests if kind.name == words.get("type")), None)
    if kind is None:
        raise NotInWords(
            f"a request is of the type {shown(repr(words.get('type')))}, and {system.name!r} has no such type"
        )
    names = ["type", *(field.name for field in kind.fields)]
    if missing := [name for name in names if name not in words]:
        raise NotInWords(f"a request {kind.name} does not say what {missing[0]!r} is")
    if unknown := [name for name in words if name not in names]:
        raise NotInWords(f"a request has '{shown(str(unknown[0]))}', and {kind.name} has no such field")
    return kind(**{field.name: _value(field, words[field.name]) for field in kind.fields})


@lru_cache(maxsize=1024)
def _members(kind: type[Enum]) -> Mapping[str, Enum]:
    """Each member by its words; of several of the same words the first."""
    return {str(member.value): member for member in reversed(kind)}


def _value(term: Term, words: object) -> Enum:
    kind: type[Enum] = term.kind
    member = _members(kind).get(words) if isinstance(words, str) else None
    if member is not None and term.admits(member):
        return member
    domain: tuple[Enum, ...] = term.domain
    for value in domain:
        if str(value.value) == words:
            return value
    expected = ranges(term.domain) if term.counts else ", ".join(str(value.value) for value in term.domain)
    raise NotInWords(f"{term.name!r} is {shown(repr(words))}, expected one of {expected}")
