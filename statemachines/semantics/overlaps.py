"""Overlaps: two transitions of one lifecycle that one request can fire at once.

Every engine takes it that there are none, so that whatever explores a system looks first.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import lru_cache

from statemachines.errors import DeclarationError
from statemachines.language.expression import FALSE, All, Among, Expr, among, conjunction
from statemachines.language.lifecycle import Lifecycle, Transition, meeting
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.language.terms import Term, Variable


def overlaps(lifecycle: Lifecycle) -> Iterator[str]:
    """Each overlap of a lifecycle, with the values of variables and fields at which it occurs."""
    for one, other in meeting(lifecycle.transitions):
        case = _overlap(one, other, lifecycle.variable)
        if case is not None:
            values = ", ".join(f"{term.name}={value.name}" for term, value in case.items())
            yield f"lifecycle {lifecycle.name!r}: two transitions can fire at once, {one} and {other}: with {values}"


def refuse_overlaps(system: System, known: System | None = None) -> None:
    """Raise `DeclarationError` for the first overlap of a system; lifecycles of one that is known to have none pass."""
    looked = set(map(id, known.lifecycles)) if known else set()
    for lifecycle in system.lifecycles:
        for problem in overlaps(lifecycle) if id(lifecycle) not in looked else ():
            raise DeclarationError(f"system {system.name!r}: {problem}")


@lru_cache(maxsize=1 << 14)
def _overlap(one: Transition, other: Transition, variable: Variable) -> Mapping[Term, Enum] | None:
    here = among(variable, frozenset(one.source) & frozenset(other.source))
    return _case(conjunction(here, one.when, other.when), one.on)


def _case(condition: Expr, kind: RequestType) -> Mapping[Term, Enum] | None:
    """Values at which the condition holds of a request of the type, if there are any: by cases, folded after each."""
    folded = condition.given({}, kind)
    term = next(folded.terms(), None)
    if term is None:
        return None if folded is FALSE else {}
    first = folded.parts[0] if isinstance(folded, All) else folded
    # With any value that the first part does not name, the condition is false.
    values = sorted(first.values, key=term.position) if isinstance(first, Among) else term.domain
    for value in values:
        case = _case(folded.given({term: value}, kind), kind)
        if case is not None:
            return {term: value, **case}
    return None
