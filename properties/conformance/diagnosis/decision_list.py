"""Decision lists: for one request every check that is asked of it and every answer that may be given, in order.

A grounded request leaves out what cannot hold. Here nothing is left out, so that the condition of each entry can be
replaced and its neighbours are still there. A check that a party asks of other types of request only is an entry
that never holds.
"""

from collections.abc import Hashable, Iterator
from functools import cached_property

import attrs

from statemachines.language.expression import FALSE, TRUE, Expr
from statemachines.language.gates import Answer, Check, Verdict
from statemachines.language.requests import Request
from statemachines.language.system import System
from statemachines.semantics.decision import asks, decision_order
from statemachines.semantics.grounding import Move, given
from statemachines.semantics.preconditions import Preconditions, structural_key

CheckOrAnswer = Check | Answer
"""What can decide a request."""


@attrs.frozen(eq=False)
class Entry:
    """A check or an answer, when it holds if nothing before it does, and the verdict that it then is."""

    declaration: CheckOrAnswer
    when: Expr
    verdict: Verdict


@attrs.frozen(eq=False)
class DecisionList:
    """One request: its entries, of which the first that holds decides, and what it fires where it has passed."""

    asked: Preconditions
    entries: tuple[Entry, ...]
    key: Hashable
    passing: Hashable = attrs.field(init=False)

    @passing.default
    def _when_it_passes(self) -> Hashable:
        """A key that requests share that pass alike and move the same; ``None`` if it is refused and moves nothing."""
        checks = tuple(id(entry.when) for entry in self.entries if not entry.verdict.passed and entry.when is not FALSE)
        if id(TRUE) in checks and not self.moves:
            return None
        return checks, tuple((id(move.transition), structural_key(move.when)) for move in self.moves)

    def from_entry(self, index: int) -> Hashable:
        """A key that requests share that are decided alike, if no earlier entry decides them."""
        key = []
        for at, entry in enumerate(self.entries):
            if at != index and entry.when is FALSE:
                continue
            key.append((id(entry.declaration), id(entry.when)))
            if at > index and entry.when is TRUE:
                break
        return tuple(key)

    @property
    def request(self) -> Request:
        """The request."""
        return self.asked.request

    @property
    def moves(self) -> tuple[Move, ...]:
        """The transitions that it can fire."""
        return self.asked.grounded.moves

    def at(self, declaration: CheckOrAnswer) -> int:
        """The index of a declaration's entry; -1 if the request never comes to it."""
        return self._indices.get(id(declaration), -1)

    @cached_property
    def _indices(self) -> dict[int, int]:
        return {id(entry.declaration): index for index, entry in reversed(tuple(enumerate(self.entries)))}


class Folding:
    """Conditions with a request's fields known; those that come out alike are one object."""

    def __init__(self) -> None:
        self._first: dict[int, tuple[Expr, Expr]] = {}
        self._alike: dict[Hashable, Expr] = {}
        self._known: dict[tuple[int, int], tuple[Expr, Preconditions, Expr]] = {}

    def __call__(self, condition: Expr, asked: Preconditions) -> Expr:
        """What the condition comes to for the request."""
        if condition is TRUE or condition is FALSE:
            return condition
        key = id(condition), id(asked)
        if key not in self._known:  # what has an id there is kept, so that the id is its own
            folded = given(condition, asked.request.type, asked.bindings)
            if id(folded) not in self._first:
                self._first[id(folded)] = folded, self._alike.setdefault(structural_key(folded), folded)
            self._known[key] = condition, asked, self._first[id(folded)][1]
        return self._known[key][2]


def decision_list(system: System, asked: Preconditions, folding: Folding) -> DecisionList:
    """The decision list of a request."""
    entries = tuple(_entries(system, asked, folding))
    fires = tuple((id(move.transition), structural_key(move.when)) for move in asked.grounded.moves)
    key = (id(asked.request.type), tuple((id(entry.declaration), id(entry.when)) for entry in entries), fires)
    return DecisionList(asked, entries, key)


def _entries(system: System, asked: Preconditions, folding: Folding) -> Iterator[Entry]:
    request = asked.request
    for decider in decision_order(system, request, all_checks=True):
        declaration = decider.declaration
        comes = isinstance(declaration, Answer) or asks(declaration, request.type)
        yield Entry(declaration, folding(decider.condition, asked) if comes else FALSE, decider.verdict)
