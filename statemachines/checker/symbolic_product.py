"""Two systems in lockstep on sets of pairs of states: the requests whose verdicts differ once the systems have parted.

A variable that never differs has one value for both, so that a pair is a state and the values that may differ. Pairs in
which both are in one state again are left out, as in `statemachines.checker.explicit_product`, which gives the runs.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from functools import cached_property

import attrs

from statemachines.checker.effects import distinct, effects_on
from statemachines.checker.slices import Slices
from statemachines.checker.symbolic import StateRelation, bounded, closure, nodes_within, relations_of, steps_of
from statemachines.checker.symbolic_encoding import FIRST, SECOND, Diagram, Encoding
from statemachines.checker.twin import Twin
from statemachines.errors import TooLargeError
from statemachines.semantics.preconditions import Preconditions, structural_key

MOST_NODES = 30_000
"""The most nodes of a set of pairs: of few mutants they need more, and then pairs one by one are quicker."""

FEW_REQUESTS = 14
"""Systems that are likely to differ mostly do so after fewer requests: no more pairs need to be found then."""


@attrs.frozen(eq=False)
class FirstDifferences:
    """What sets of pairs say of where two systems differ first.

    Parameters
    ----------
    twins: the requests whose verdicts do; none, if none ever do.
    requests: after how many requests, these included.
    pairs: how many pairs of different states there are.
    """

    twins: frozenset[Twin]
    requests: int
    pairs: int


class SymbolicProduct:
    """A system beside others in which the same variables may come apart; what is alike of them is computed once.

    Parameters
    ----------
    slices: of the system.
    apart: the names of the variables that may have another value in the other system.

    Raises
    ------
    TooLargeError: here and in every method, when the diagrams would need more nodes than they may.
    """

    def __init__(self, slices: Slices, apart: frozenset[str]) -> None:
        self.system, self.apart = slices.system, apart
        self.nodes = nodes_within(slices.memory)
        self._steps: dict[Hashable, Diagram] = {}
        self._rulings: dict[Hashable, tuple[Diagram, ...]] = {}
        self._differences: dict[Hashable, Diagram] = {}
        with bounded(self.system, self.nodes):
            names = self.system.state_type.names
            self.encoding = Encoding(self.system.variables, self.nodes, frames=4, shared=frozenset(names) - apart)
            self._one_state = self.encoding.all_of(
                self.encoding.same(name, FIRST, SECOND) for name in names if name in apart
            )
            alone = distinct(effects_on(slices.distinct, names))
            steps = (({FIRST: one.changed}, steps_of(self.encoding, one.changes, one.changed)) for one in alone)
            self._alone = [relation.image for relation in relations_of(self.encoding, steps)]
            self._layers = [self.encoding.initial(self.system)]
            self._reached = self._layers[0]

    @cached_property
    def _start(self) -> Diagram:
        """The pairs of a reachable state and itself."""
        return closure(self._layers[0], self._alone) & self._one_state

    def differing(self, twins: Sequence[Twin], most: int | None, *, likely: bool = False) -> FirstDifferences:
        """The requests whose verdicts differ first in a pair of different states.

        Each pair is reached from a reachable state of the first system, in which both are.

        Parameters
        ----------
        twins: every request.
        most: only those that differ after fewer requests, themselves included.
        likely: whether there are any, as it seems: pairs that few requests lead to are then looked at first.
        """
        with bounded(self.system, self.nodes):
            parting = [self._apart_after(one) for one in self._relations(twin for twin in twins if twin.parting)]
            going_on = [self._apart_after(one) for one in self._relations(twins)]
            watched = {twin.watched: twin for twin in twins if twin.names & self.apart}
            differ = self.encoding.any_of(map(self._differ, watched.values()))
            pairs: Diagram | None = None
            known = layer = self.encoding.false
            requests = 1
            while differ.satisfiable() and not (layer & differ).satisfiable() and (most is None or requests + 1 < most):
                if requests == (FEW_REQUESTS if likely else 1):
                    with suppress(TooLargeError):  # too many to find all; those that few requests lead to may do
                        pairs = closure(self.encoding.any_of(after(self._start) for after in parting), going_on)
                        differ &= pairs
                here = self._layer(requests - 1)
                seeds = (after(here & self._one_state) for after in parting)
                layer = self.encoding.any_of((*seeds, *(after(layer) for after in going_on))) & ~known
                known |= layer
                requests += 1
                if not (here | layer).satisfiable():
                    break
            nearest = {key for key, twin in watched.items() if (layer & self._differ(twin)).satisfiable()}
            first = frozenset(twin for twin in twins if twin.watched in nearest and twin.names & self.apart)
            count = (known if pairs is None else pairs).sat_count(self.encoding.bits_of((FIRST, SECOND)))
            return FirstDifferences(first, requests, count)

    def _layer(self, depth: int) -> Diagram:
        """The states of the first system that so many requests lead to, and no fewer."""
        while depth >= len(self._layers):
            new = self.encoding.any_of(image(self._layers[-1]) for image in self._alone) & ~self._reached
            self._layers.append(new)
            self._reached |= new
        return self._layers[depth]

    def _apart_after(self, relation: StateRelation) -> Callable[[Diagram], Diagram]:
        def image(pairs: Diagram) -> Diagram:
            after = relation.image(pairs) & ~self._one_state
            if after.node_count() > MOST_NODES:
                raise TooLargeError(
                    f"system {self.system.name!r} has pairs of states of more than {MOST_NODES:,} nodes"
                )
            return after

        return image

    def _relations(self, twins: Iterable[Twin]) -> list[StateRelation]:
        """What requests do to both states: one relation for each set of variables."""
        steps: dict[Hashable, tuple[dict[int, frozenset[str]], Diagram]] = {}
        for twin in twins:
            key = tuple(tuple(change.key for change in asked.changes) for asked in (twin.first, twin.second))
            names = twin.first.changed | twin.second.changed
            own = names & self.apart
            if key not in self._steps:
                second = steps_of(self.encoding, twin.second.changes, own, SECOND)
                self._steps[key] = steps_of(self.encoding, twin.first.changes, names, FIRST) & second
            if names:
                steps[key] = {FIRST: names, SECOND: own}, self._steps[key]
        return relations_of(self.encoding, steps.values())

    def _differ(self, twin: Twin) -> Diagram:
        """The pairs in which the verdicts on a request differ."""
        if twin.watched not in self._differences:
            second = self._deciding(twin.second, SECOND)
            others = (
                self.encoding.any_of(other for other, unlike in zip(second, row, strict=True) if unlike)
                for row in twin.unlike
            )
            rulings = zip(self._deciding(twin.first, FIRST), others, strict=True)
            self._differences[twin.watched] = self.encoding.any_of(when & other for when, other in rulings)
        return self._differences[twin.watched]

    def _deciding(self, asked: Preconditions, frame: int) -> tuple[Diagram, ...]:
        """Where each ruling is the first that holds; at last, where none does."""
        conditions = [ruling.when for ruling in asked.grounded.rulings]
        key = frame, *map(structural_key, conditions)
        if key not in self._rulings:
            self._rulings[key] = tuple(self.encoding.first_that_holds(conditions, frame))
        return self._rulings[key]
