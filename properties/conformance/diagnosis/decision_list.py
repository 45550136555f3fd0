"""Ladders: for one request every check that is asked of it and every answer that may be given, in order.

A grounded request leaves out what cannot hold. Here nothing is left out, so that each rung can be put in place of
another condition and its neighbours are still there. A check that a party asks of other types of request only is a
rung that never holds.
"""

from collections.abc import Hashable, Iterator

import attrs

from statemachines.language.expression import FALSE, TRUE, Expr
from statemachines.language.gates import Answer, Check, Verdict
from statemachines.language.requests import Request
from statemachines.language.system import System
from statemachines.semantics.decision import asks, decision_order
from statemachines.semantics.grounding import Move
from statemachines.semantics.preconditions import Preconditions, fields_of, structural_key

Said = Check | Answer
"""A declaration that says something of a request."""


@attrs.frozen(eq=False)
class Rung:
    """A check or an answer, when it holds if nothing before it does, and the verdict that it then is."""

    said: Said
    when: Expr
    verdict: Verdict


@attrs.frozen(eq=False)
class Ladder:
    """One request: its rungs, of which the first that holds decides, and what it fires where it has passed."""

    asked: Preconditions
    rungs: tuple[Rung, ...]
    key: Hashable
    passing: Hashable = attrs.field(init=False)

    @passing.default
    def _when_it_passes(self) -> Hashable:
        """A key that requests share that pass alike and move the same; ``None`` if it is refused and moves nothing."""
        checks = tuple(id(rung.when) for rung in self.rungs if not rung.verdict.passed and rung.when is not FALSE)
        if id(TRUE) in checks and not self.moves:
            return None
        return checks, tuple((id(move.transition), structural_key(move.when)) for move in self.moves)

    def from_rung(self, place: int) -> Hashable:
        """A key that requests share that are decided alike, if those before the rung are not decisive in themselves."""
        found = []
        for at, rung in enumerate(self.rungs):
            if at != place and rung.when is FALSE:
                continue
            found.append((id(rung.said), id(rung.when)))
            if at > place and rung.when is TRUE:
                break
        return tuple(found)

    @property
    def request(self) -> Request:
        """The request."""
        return self.asked.request

    @property
    def moves(self) -> tuple[Move, ...]:
        """The transitions that it can fire."""
        return self.asked.grounded.moves

    def at(self, said: Said) -> int:
        """The place of a declaration's rung; -1 if the request never comes to it."""
        return next((place for place, rung in enumerate(self.rungs) if rung.said is said), -1)


class Folding:
    """Conditions with a request's fields known; those that come out alike are one object."""

    def __init__(self) -> None:
        self._fields: dict[int, tuple[Expr, tuple[str, ...]]] = {}
        self._made: dict[Hashable, Expr] = {}
        self._alike: dict[Hashable, Expr] = {}

    def __call__(self, condition: Expr, asked: Preconditions) -> Expr:
        """What the condition comes to for the request."""
        if condition is TRUE or condition is FALSE:
            return condition
        known = self._fields.get(id(condition))
        if known is None:
            names = tuple(field.name for field in fields_of(condition))
            known = self._fields[id(condition)] = (condition, names)
        values = {field.name: value for field, value in asked.bindings.items()}
        key = (id(condition), id(asked.request.type), *(values.get(name) for name in known[1]))
        if key not in self._made:
            folded = condition.given(asked.bindings, asked.request.type)
            self._made[key] = self._alike.setdefault(structural_key(folded), folded)
        return self._made[key]


def ladder(system: System, asked: Preconditions, folding: Folding) -> Ladder:
    """The request's ladder."""
    rungs = tuple(_rungs(system, asked, folding))
    fires = tuple((id(move.transition), structural_key(move.when)) for move in asked.grounded.moves)
    key = (id(asked.request.type), tuple((id(rung.said), id(rung.when)) for rung in rungs), fires)
    return Ladder(asked, rungs, key)


def _rungs(system: System, asked: Preconditions, folding: Folding) -> Iterator[Rung]:
    request = asked.request
    for decider in decision_order(system, request, all_checks=True):
        said = decider.declaration
        comes = isinstance(said, Answer) or asks(said, request.type)
        yield Rung(said, folding(decider.condition, asked) if comes else FALSE, decider.verdict)
