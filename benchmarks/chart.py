"""What a library of state machines gets: states, arrows and guards, read off a declaration.

Guards come as Python source, as somebody would write them by hand: ``facts`` has the fixed facts as attributes, the
request its fields. The values they name are bound beforehand, so that no peer looks anything up in an enum.
"""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from types import SimpleNamespace
from typing import Any

import attrs

from statemachines.language.expression import TRUE, All, Among, Compared, Expr, Not, Relation, conjunction
from statemachines.language.lifecycle import Lifecycle
from statemachines.language.requests import Field, Request, RequestType
from statemachines.language.system import State, System
from statemachines.language.terms import Term
from statemachines.semantics.decision import checks_of

Guard = Callable[[SimpleNamespace], bool]
Seen = tuple[str, bool]
"""The state of a machine after a request, and whether the request fired one of its arrows."""


@attrs.frozen
class Arrow:
    """One arrow from one state.

    Parameters
    ----------
    source, target: the names of states.
    event: the name of the request, in snake_case.
    passes: what the gates ask of such a request; the arrows of one event share it.
    when: the arrow's own condition.
    """

    source: str
    event: str
    target: str
    passes: Expr
    when: Expr


@attrs.frozen(eq=False)
class Chart:
    """One lifecycle, and the facts around it, in no library's words.

    Parameters
    ----------
    name: the lifecycle's.
    states: the names, the initial one first.
    arrows: in order of declaration.
    facts: the values that guards read, as attributes.
    """

    name: str
    states: tuple[str, ...]
    arrows: tuple[Arrow, ...]
    facts: SimpleNamespace

    @property
    def events(self) -> tuple[str, ...]:
        """The events that arrows fire on."""
        return tuple(dict.fromkeys(arrow.event for arrow in self.arrows))


@attrs.frozen(eq=False)
class Message:
    """A request as the peers get it: its name, and its fields as attributes."""

    event: str
    request: SimpleNamespace


def chart(system: System, lifecycle: Lifecycle, facts: State) -> Chart:
    """The lifecycle, in a system whose other variables never change while it runs."""
    initial = lifecycle.initial[0]
    states = [initial, *(state for state in lifecycle.variable.domain if state is not initial)]
    passes = {kind: _passes(system, kind) for kind in system.requests}
    arrows = tuple(
        Arrow(source.name, move.on.trigger, move.target.name, passes[move.on], move.when)
        for move in lifecycle.transitions
        for source in move.source
    )
    return Chart(lifecycle.name, tuple(state.name for state in states), arrows, SimpleNamespace(**facts.as_dict()))


def message(request: Request) -> Message:
    """The request for the peers."""
    fields = {field.name: value for field, value in zip(request.type.fields, request.values, strict=True)}
    return Message(request.type.trigger, SimpleNamespace(**fields))


def _passes(system: System, kind: RequestType) -> Expr:
    gates = [gate for gate in system.gates if any(kind is other for other in gate.on)]
    assert all(gate.when is TRUE for gate in gates), "peers model no gate that only some requests come to"
    return conjunction(*(~check.fails_when for gate in gates for check in checks_of(gate, kind)))


def source(condition: Expr, request: str) -> str:
    """The condition in Python, which knows the request by this name."""

    def read(term: Term) -> str:
        return f"{request if isinstance(term, Field) else 'facts'}.{term.name}"

    match condition:
        case Among():
            values = [value for value in condition.term.domain if value in condition.values]
            if len(values) == 1:
                return f"{read(condition.term)} is {_name(values[0])}"
            return f"{read(condition.term)} in ({', '.join(map(_name, values))})"
        case Compared(relation=Relation.EQUAL, by=0):
            return f"{read(condition.left)} is {read(condition.right)}"
        case Not(part):
            return f"not ({source(part, request)})"
        case All():
            return " and ".join(f"({source(part, request)})" for part in condition.parts)
    return condition.words() if condition is not TRUE else "True"


def names(*conditions: Expr) -> dict[str, Enum]:
    """The values that the conditions name in Python."""
    return {_name(value): value for condition in conditions for value in _values(condition)}


def guard(condition: Expr, facts: SimpleNamespace) -> Guard:
    """The condition as a function of the request."""
    known: dict[str, Any] = {**names(condition), "facts": facts}
    exec(f"def holds(request):\n    return {source(condition, 'request')}", known)  # of declared names only
    holds: Guard = known["holds"]
    return holds


def guards(described: Chart) -> Mapping[Expr, Guard]:
    """A function for each condition of a chart; those always true need none and are left out."""
    conditions = {part: None for arrow in described.arrows for part in (arrow.passes, arrow.when) if part is not TRUE}
    return {condition: guard(condition, described.facts) for condition in conditions}


def _values(condition: Expr) -> Iterator[Enum]:
    match condition:
        case Among():
            yield from condition.values
        case Not(part):
            yield from _values(part)
        case All():
            for part in condition.parts:
                yield from _values(part)


def _name(value: Enum) -> str:
    return f"{value.__class__.__name__}_{value.name}"
