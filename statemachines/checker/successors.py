"""Successors of many states at once by one request."""

from collections.abc import Iterator, Sequence

import numpy as np

from statemachines.checker.effects import Effect
from statemachines.checker.encoding import Columns, Indices, Integers, Radices, where
from statemachines.checker.state_set import StateSet, ascending, ordered
from statemachines.language.expression import TRUE, All, Among, Expr

CHUNK = 1 << 17
"""How many states are looked at together."""


class Successors:
    """Where states lead, by the effects of a slice's requests.

    Parameters
    ----------
    radices: how the states are numbered.
    effects: each of another structural key, in order of declaration.
    """

    def __init__(self, radices: Radices, effects: Sequence[Effect]) -> None:
        self.radices = radices
        self.effects = effects
        every = (_possible_shifts(radices, effect) for effect in effects)
        self._shifts = ascending(np.concatenate([np.empty(0, dtype=np.int64), *every]))

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
        for effect in self.effects:
            moved, shift = shifted(effect, columns, self.radices)
            if len(moved):
                yield moved, states.take(moved) + shift

    def before(self, state: int, earlier: Integers) -> tuple[int, int]:
        """Which effect leads to a state from one of some others, and from which: the first that does, of the first.

        Parameters
        ----------
        state: the integer of one that some of the others lead to.
        earlier: the integers of the others, in ascending order.
        """
        candidates = (state - self._shifts)[::-1]
        at = np.minimum(np.searchsorted(earlier, candidates), len(earlier) - 1)
        states = candidates[earlier[at] == candidates]
        columns = self.radices.columns(states)
        for number, effect in enumerate(self.effects):
            moved, shift = shifted(effect, columns, self.radices)
            sources = states[moved][states[moved] + shift == state]
            if len(sources):
                return number, int(sources.min())
        raise AssertionError("some of the others lead to it")


def _possible_shifts(radices: Radices, effect: Effect) -> Integers:
    """Every shift that an effect may make, and perhaps others."""
    by_variable: dict[str, set[int]] = {}
    for change in effect.changes:
        variable = change.variable
        target = variable.position(change.target)
        sources: Sequence[int] = range(len(variable.domain))
        for part in _parts_of(change.when):
            if isinstance(part, Among) and part.term is variable:
                sources = part.positions
        shifts = by_variable.setdefault(variable.name, {0})
        shifts.update((target - at) * radices.weight(variable) for at in sources)
    total = np.zeros(1, dtype=np.int64)
    for shifts in by_variable.values():
        total = ascending(np.add.outer(total, np.array(sorted(shifts))).ravel())
    return total


def _parts_of(when: Expr) -> Sequence[Expr]:
    """The conditions that all have to hold; a membership of each variable at most once."""
    if when is TRUE:
        return ()
    return when.parts if isinstance(when, All) else (when,)


def shifted(effect: Effect, columns: Columns, radices: Radices) -> tuple[Integers, Integers]:
    """Which of the states a request changes, and by how much it changes their integers."""
    shift: Integers | None = None
    for change in effect.changes:
        fires = where(columns.where(change.when))
        if len(fires):
            shift = np.zeros(len(columns), dtype=np.int64) if shift is None else shift
            before = columns.of(change.variable)[fires].astype(np.int64)
            shift[fires] += (change.variable.position(change.target) - before) * radices.weight(change.variable)
    if shift is None:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    moved = where(shift != 0)
    return moved, shift[moved]
