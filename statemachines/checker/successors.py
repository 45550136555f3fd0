"""Successors of many states at once by one request."""

from collections.abc import Hashable, Iterable, Iterator, Sequence

import numpy as np

from statemachines.checker.effects import Effect
from statemachines.checker.encoding import Columns, Indices, Integers, Radices, where
from statemachines.checker.state_set import StateSet, ascending, ordered
from statemachines.language.expression import All, Among, Expr, conjunction
from statemachines.language.terms import Variable
from statemachines.semantics.preconditions import Change, structural_key

CHUNK = 1 << 17
"""How many states are looked at together."""
MOST_SHIFTS = 1 << 20
"""The most shifts of one request that are listed; a request that resets several counters may have any number."""


class Shifts:
    """By how much one request changes the integers of states.

    Parameters
    ----------
    changes: those that it may make.
    radices: how the states are numbered.
    """

    def __init__(self, changes: Iterable[Change], radices: Radices) -> None:
        # A counter's changes from each of its values share the condition on all else: it is asked once for them all.
        alike: dict[Hashable, tuple[Variable, list[Expr], Integers]] = {}
        for change in changes:
            variable = change.variable
            parts = change.when.parts if isinstance(change.when, All) else (change.when,)
            own = next((part for part in parts if isinstance(part, Among) and part.term is variable), None)
            rest = conjunction(*(part for part in parts if part is not own))
            before = np.array(range(len(variable.domain)) if own is None else own.positions)
            key = variable.name, structural_key(rest)
            _, whens, by = alike.setdefault(key, (variable, [], np.zeros(len(variable.domain), dtype=np.int64)))
            by[before] = (variable.position(change.target) - before) * radices.weight(variable)
            whens.append(rest if whens else change.when)
        self._moves = tuple((variable, whens[-1], by) for variable, whens, by in alike.values())

    def _each(self, columns: Columns) -> Integers | None:
        """For each of some states by how much; ``None`` if it changes none."""
        shifts: Integers | None = None
        for variable, when, by in self._moves:
            fires = where(columns.where(when))
            if len(fires):
                shifts = np.zeros(len(columns), dtype=np.int64) if shifts is None else shifts
                shifts[fires] += by[columns.of(variable)[fires]]
        return shifts

    def after(self, states: Columns) -> Integers:
        """The integers of states after the request."""
        shifts = self._each(states)
        return states.integers if shifts is None else states.integers + shifts

    def moved(self, states: Columns) -> tuple[Indices, Integers]:
        """Which of some states it changes, and the integers of these after the request."""
        shifts = self._each(states)
        if shifts is None:
            return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.int64)
        moved = where(shifts != 0)
        return moved, states.integers.take(moved) + shifts[moved]

    def possible(self) -> Integers | None:
        """Every shift that there may be, and perhaps others, in ascending order; ``None`` where they are too many."""
        by_variable: dict[str, list[Integers]] = {}
        for variable, _, by in self._moves:
            by_variable.setdefault(variable.name, [by[:1] * 0]).append(by)
        total = np.zeros(1, dtype=np.int64)
        for shifts in map(ascending, map(np.concatenate, by_variable.values())):
            if len(total) * len(shifts) > MOST_SHIFTS:
                return None
            total = ascending(np.add.outer(total, shifts).ravel())
        return total


class Successors:
    """Where states lead, by the effects of a slice's requests.

    Parameters
    ----------
    radices: how the states are numbered.
    effects: each of another structural key, in order of declaration.
    """

    def __init__(self, radices: Radices, effects: Sequence[Effect]) -> None:
        self.radices = radices
        self.shifts = tuple(Shifts(effect.changes, radices) for effect in effects)
        every = [shifts.possible() for shifts in self.shifts]
        few = [one for one in every if one is not None]
        empty = np.empty(0, dtype=np.int64)
        self._possible = ascending(np.concatenate([empty, *few])) if len(few) == len(every) else None

    def fresh(self, states: Integers, known: StateSet) -> Integers:
        """The states that these lead to and that are not known; from then on they are. In ascending order."""
        added: list[Integers] = []
        for start in range(0, len(states), CHUNK):
            added.append(self._unseen(states[start : start + CHUNK], known))
            known.add(added[-1])
        return ordered(np.concatenate(added)) if len(added) > 1 else added[0]

    def _unseen(self, states: Integers, known: StateSet) -> Integers:
        unseen = [states[:0]]
        for _, targets in self.steps(states):
            fresh = targets.compress(known.unseen(targets))
            if len(fresh):
                unseen.append(fresh)
        return ascending(np.concatenate(unseen))

    def steps(self, states: Integers) -> Iterator[tuple[Indices, Integers]]:
        """Which of the states move, and where to, by whatever effect: each comes in each of these at most once."""
        columns = self.radices.columns(states)
        for shifts in self.shifts:
            moved, targets = shifts.moved(columns)
            if len(moved):
                yield moved, targets

    def before(self, state: int, earlier: Integers) -> tuple[int, int]:
        """Which effect leads to a state from one of some others, and from which: the first that does, of the first.

        Parameters
        ----------
        state: the integer of one that some of the others lead to.
        earlier: the integers of the others, in ascending order.
        """
        states = earlier
        if self._possible is not None:
            candidates = (state - self._possible)[::-1]
            at = np.minimum(np.searchsorted(earlier, candidates), len(earlier) - 1)
            states = candidates[earlier[at] == candidates]
        columns = self.radices.columns(states)
        for number, shifts in enumerate(self.shifts):
            moved, targets = shifts.moved(columns)
            sources = states[moved[targets == state]]
            if len(sources):
                return number, int(sources.min())
        raise AssertionError("some of the others lead to it")
