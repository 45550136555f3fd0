"""Grounding: what the declarations come to for one request, its fields known and everything foldable folded."""

from collections.abc import Iterator

import attrs

from statemachines.language.expression import FALSE, TRUE, Expr, among, conjunction
from statemachines.language.gates import Answer, Check, Gate, Verdict
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import Request
from statemachines.language.system import System
from statemachines.language.terms import Variable
from statemachines.semantics.decision import decision_order


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
class Grounded:
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


def ground(system: System, request: Request) -> Grounded:
    """The system's declarations for one request."""
    known = request.bindings()
    rulings: list[Ruling] = []
    passes = True
    for decider in decision_order(system, request):
        when = decider.condition.given(known, request.type)
        if when is not FALSE:
            rulings.append(Ruling(when, decider.verdict, decider.declaration, decider.gate))
        if when is TRUE:
            passes = isinstance(decider.declaration, Answer)
            break
    moves = tuple(move for move in _moves(system, request) if passes or move.transition.even_if_refused)
    return Grounded(request, tuple(rulings), moves)


def _moves(system: System, request: Request) -> Iterator[Move]:
    known = request.bindings()
    for lifecycle in system.lifecycles:
        for transition in lifecycle.transitions:
            if transition.on is request.type:
                here = among(lifecycle.variable, frozenset(transition.source))
                when = conjunction(here, transition.when.given(known, request.type))
                if when is not FALSE:
                    yield Move(lifecycle, transition, when)
