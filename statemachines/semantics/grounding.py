"""Grounding: the declarations specialised to one request, its fields known and every condition folded."""

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import lru_cache
from typing import Any

import attrs

from statemachines.language.expression import FALSE, TRUE, All, Expr, Not, among, conjunction, negation
from statemachines.language.gates import Answer, Check, Gate, Verdict
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import Field, Request, RequestType
from statemachines.language.system import System
from statemachines.language.terms import Term, Variable
from statemachines.semantics.decision import decision_order
from statemachines.semantics.remembered import remembered


@attrs.frozen(eq=False)
class Ruling:
    """A verdict, when it is the one, and the check or answer that gives it; of several the first that holds decides."""

    when: Expr
    verdict: Verdict
    declaration: Check | Answer
    gate: Gate | None


@attrs.frozen(eq=False)
class Move:
    """A transition that the request may fire once it has passed, with its source as part of the condition."""

    lifecycle: Lifecycle
    transition: Transition
    when: Expr


@attrs.frozen(eq=False)
class GroundedRequest:
    """One request against the whole system: conditions on variables only.

    Parameters
    ----------
    request: the request.
    rulings: the checks that can fail, in order, then the answers that can be given.
    moves: the transitions that it can fire, where it passes every gate or they fire even if it is refused.
    """

    request: Request
    rulings: tuple[Ruling, ...]
    moves: tuple[Move, ...]

    @property
    def total(self) -> bool:
        """Whether some ruling holds whatever the state."""
        return bool(self.rulings) and self.rulings[-1].when is TRUE

    def reads(self) -> Iterator[Variable]:
        """The variables that the rulings and moves read."""
        conditions = [*(ruling.when for ruling in self.rulings), *(move.when for move in self.moves)]
        for condition in conditions:
            for term in condition.terms():
                if isinstance(term, Variable):
                    yield term


def ground(system: System, request: Request) -> GroundedRequest:
    """The system's declarations for one request."""
    known = request.bindings()
    rulings: list[Ruling] = []
    passes = True
    for decider in decision_order(system, request):
        when = given(decider.condition, request.type, known)
        if when is not FALSE:
            rulings.append(Ruling(when, decider.verdict, decider.declaration, decider.gate))
        if when is TRUE:
            passes = isinstance(decider.declaration, Answer)
            break
    moves = tuple(move for move in _moves(system, request, known) if passes or move.transition.even_if_refused)
    return GroundedRequest(request, tuple(rulings), moves)


def _moves(system: System, request: Request, known: dict[Term, Enum]) -> Iterator[Move]:
    for lifecycle, transition, here in _transitions(system, request.type):
        when = _both(here, given(transition.when, request.type, known))
        if when is not FALSE:
            yield Move(lifecycle, transition, when)


REMEMBERED = 1 << 17
"""So many folded conditions are kept: most requests of a type differ in fields that a condition does not read, and a
mutant shares most conditions with its original."""


def given(condition: Expr, kind: RequestType, known: Mapping[Term, Enum]) -> Expr:
    """A condition of a declaration, for requests of a type with these fields."""
    return _folded(condition, kind, tuple(map(known.get, _fields_of(condition))))


@lru_cache(REMEMBERED)
def _fields_of(condition: Expr) -> tuple[Field, ...]:
    return tuple(dict.fromkeys(term for term in condition.terms() if isinstance(term, Field)))


@lru_cache(REMEMBERED)
def _folded(condition: Expr, kind: RequestType, values: tuple[Enum | None, ...]) -> Expr:
    """Folded part by part: of a condition on many fields each part reads few."""
    fields = zip(_fields_of(condition), values, strict=True)
    known: dict[Term, Enum] = {field: value for field, value in fields if value is not None}
    match condition:
        case All():
            return conjunction(*(given(part, kind, known) for part in condition.parts))
        case Not():
            return negation(given(condition.part, kind, known))
    return condition.given(known, kind)


@remembered
def _transitions(system: System, kind: RequestType) -> tuple[tuple[Lifecycle, Transition[Any], Expr], ...]:
    """The transitions that requests of a type may fire, each with the condition that it starts where the system is."""
    return tuple(
        (lifecycle, transition, among(lifecycle.variable, frozenset(transition.source)))
        for lifecycle in system.lifecycles
        for transition in lifecycle.transitions
        if transition.on is kind
    )


@lru_cache(REMEMBERED)
def _both(here: Expr, when: Expr) -> Expr:
    return conjunction(here, when)
