"""Non-interference on pairs of states one by one, and two shortest runs that an observer can tell apart."""

from collections.abc import Hashable, Iterable, Iterator
from enum import Enum

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.checker.effects import effects_on
from statemachines.checker.encoding import Integers, Mask, StateIndices
from statemachines.checker.explicit import Space
from statemachines.checker.noninterference import Difference, Observation, Observer, PairMove, apart
from statemachines.checker.slices import Slices
from statemachines.checker.state_set import SortedSet, ascending
from statemachines.language.expression import FALSE, among
from statemachines.language.requests import Request
from statemachines.semantics.preconditions import structural_key, variables_of

Classes = npt.NDArray[np.uint16]
"""For each state, the class of what the observer sees there, from 1; 0 where it does not see the step."""


@attrs.frozen(eq=False)
class PairsExplored:
    """What was compared: pairs of states, steps of pairs, observed steps; and a difference, if there is one."""

    space: Space
    pairs: int
    transitions: int
    seen: int
    difference: Difference | None


@attrs.frozen(eq=False)
class _Move:
    """A request of the first run, where it leads in either, and where its twin leads.

    Parameters
    ----------
    after, twin_after: for each state, where the request leads, and where its twin leads.
    sees: where the observer sees the request; ``None`` where it cannot, or where the twin is the request itself.
    """

    request: Request
    twin: Request
    after: StateIndices
    twin_after: StateIndices
    sees: Mask | None

    def same(self, left: Integers, right: Integers) -> Mask | None:
        """Of which pairs both runs are asked the same, since the observer sees it; ``None`` for all or none."""
        return None if self.sees is None else self.sees.take(left) & self.sees.take(right)

    def targets(self, left: Integers, right: Integers, size: int) -> Integers:
        """Where pairs of states go."""
        second, same = self.twin_after.take(right), self.same(left, right)
        if same is not None:
            second = np.where(same, self.after.take(right), second)
        return self.after.take(left).astype(np.int64) * size + second


def compare_runs(observer: Observer, pair: tuple[Enum, Enum]) -> Iterator[PairsExplored]:
    """Explore every pair of runs that start alike but for the secret; once for each slice that some request needs."""
    slices, secret = observer.slices, observer.claim.secret.name
    moves = observer.moves(pair, effects_on(slices.requests, slices.system.state_type.names))
    by_slice: dict[frozenset[str], list[Observation]] = {}
    for seen in observer.observations:
        by_slice.setdefault(_closed(slices.cone({secret, *seen.names()}), slices, moves), []).append(seen)
    for names, observations in by_slice.items():
        yield _PairSearch(observer, slices.space(names), pair, observations).explore()


def _closed(cone: frozenset[str], slices: Slices, moves: Iterable[PairMove]) -> frozenset[str]:
    """The cone, with the variables that decide which request the second run is asked, where that moves the cone."""
    while True:
        choices = (variables_of(move.sees) for move in moves if (move.first.changed | move.second.changed) & cone)
        more = cone.union(*choices)
        if more == cone:
            return cone
        cone = slices.cone(more)


class _PairSearch:
    """A breadth-first search of pairs of states of one slice, seen through some requests."""

    def __init__(
        self, observer: Observer, space: Space, pair: tuple[Enum, Enum], observations: Iterable[Observation]
    ) -> None:
        self.claim, self.space, self.pair = observer.claim, space, pair
        self.observed = tuple((one.request, self._classes(one)) for one in observations)
        self.moves = tuple(self._moves(observer))

    def _classes(self, observation: Observation) -> Classes:
        classes = np.zeros(len(self.space), dtype=np.uint16)
        sees = self.space.columns.where(observation.sees)
        for number, look in enumerate(observation.looks, 1):
            classes[sees & self.space.columns.where(look)] = number
        return classes

    def _moves(self, observer: Observer) -> Iterator[_Move]:
        after: dict[Hashable, StateIndices] = {}
        masks: dict[Hashable, Mask | None] = {structural_key(FALSE): None}
        for move in observer.moves(self.pair, self.space.effects):
            for effect in (move.first, move.second):
                if effect.key not in after:
                    after[effect.key] = self.space.successors(effect)
            sees = structural_key(move.sees)
            if sees not in masks:
                masks[sees] = self.space.columns.where(move.sees)
            yield _Move(move.request, move.twin, after[move.first.key], after[move.second.key], masks[sees])

    def explore(self) -> PairsExplored:
        level = np.sort(self._starts())
        known = SortedSet()  # of all pairs that there might be, few are met
        levels: list[Integers] = []
        pairs = seen = transitions = 0
        while len(level):
            known.add(level)
            levels.append(level)
            pairs += len(level)
            at, last, watched = self._difference(*np.divmod(level, len(self.space)))
            seen += watched
            transitions += len(level) * (len(self.moves) + len(self.observed))
            if last:
                return PairsExplored(self.space, pairs, transitions, seen, self._runs(levels, int(level[at]), last))
            moved = (targets.compress(targets != level) for _, targets in self._after(level))
            new = ascending(np.concatenate([level[:0], *moved]))
            level = new.compress(known.unseen(new))
        return PairsExplored(self.space, pairs, transitions, seen, None)

    def _after(self, level: Integers) -> Iterator[tuple[_Move, Integers]]:
        """Each request, and where it leads from some pairs."""
        left, right = np.divmod(level, len(self.space))
        for move in self.moves:
            yield move, move.targets(left, right, len(self.space))

    def _starts(self) -> Integers:
        """Initial states with one value of the secret, and their twins with the other."""
        one, other = self.pair
        secret, columns = self.claim.secret, self.space.columns
        lifecycle = self.space.system.lifecycle(secret.name)
        if self._elsewhere() is None or other not in lifecycle.initial:
            return np.empty(0, dtype=np.int64)
        alike = columns.where(secret == one)
        for variable in self.claim.apart_from:
            if variable.name in self.space.radices.names:
                alike = alike & columns.where(among(variable, frozenset(apart(variable.domain, self.pair))))
        initial = np.flatnonzero(self.space.depth == 0)  # a twin that is only reachable later starts no run
        left = initial[alike[initial]]
        shift = (secret.position(other) - secret.position(one)) * self.space.radices.weight(secret)
        right = self.space.indices(self.space.integers[left] + shift)
        return left * len(self.space) + right

    def _elsewhere(self) -> dict[str, Enum] | None:
        """How variables start that the slice forgets and that have to be apart; ``None`` if one of them cannot."""
        values = {}
        for variable in self.claim.apart_from:
            if variable.name not in self.space.radices.names:
                able = apart(self.space.system.lifecycle(variable.name).initial, self.pair)
                if not able:
                    return None
                values[variable.name] = able[0]
        return values

    def _difference(self, left: Integers, right: Integers) -> tuple[int, Request | None, int]:
        """The first pair, and the request, at which the observer sees a difference; and how many steps it saw."""
        best, last, seen = len(left), None, 0
        for request, classes in self.observed:
            one, other = classes.take(left), classes.take(right)
            watched = (one != 0) & (other != 0)
            seen += int(np.count_nonzero(watched))
            differs = watched & (one != other)
            at = int(differs.argmax())
            if differs[at] and at < best:
                best, last = at, request
        return best, last, seen

    def _runs(self, levels: list[Integers], pair: int, last: Request) -> Difference:
        """The runs that lead to a pair of the last level, and from there on; of several, those declared first."""
        first, second = [last], [last]
        for level in reversed(levels[:-1]):
            move, at = next(
                (move, np.flatnonzero(targets == pair)[:1])
                for move, targets in self._after(level)
                if (targets == pair).any()
            )
            pair = int(level[at[0]])
            same = move.same(*np.divmod(level[at], len(self.space)))
            first.append(move.request)
            second.append(move.request if same is not None and same[0] else move.twin)
        left, right = (self.space.state(index) for index in divmod(pair, len(self.space)))
        system, elsewhere = self.space.system, self._elsewhere() or {}
        starts = system.replace(left, **elsewhere), system.replace(right, **elsewhere)
        return Difference(starts, tuple(reversed(first)), tuple(reversed(second)))
