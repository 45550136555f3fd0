"""Two systems in lockstep: the pairs of states that the same requests lead to, breadth first, on one slice."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence

import attrs
import numpy as np

from statemachines.checker.encoding import Columns, Integers, Radices
from statemachines.checker.explicit import LARGEST_PRODUCT, Space
from statemachines.checker.twin import Twin, different, stepped
from statemachines.errors import TooLargeError
from statemachines.language.requests import Request
from statemachines.semantics.trace import Scenario


class ExplicitProduct:
    """Two systems on one slice: in every pair of states, or only from where they part to where they are in one again.

    A pair of states is one integer: of the first system's state, and then of those of the second's values that may be
    different from it.

    Parameters
    ----------
    space: the slice of the first system.
    apart: the variables that may differ.
    twins: every request; ``changed`` are those that come to something else, ``watched`` those whose verdicts count.
    whole: whether pairs in which the two are in one state count too, from the start on.
    """

    def __init__(
        self,
        space: Space,
        apart: frozenset[str],
        twins: Iterable[Twin],
        changed: Iterable[Twin],
        watched: Iterable[Twin],
        *,
        whole: bool,
    ) -> None:
        self.whole = whole
        self.space, self.names = space, space.columns.names
        self.radices = Radices(space.variables)
        self.others = Radices(tuple(variable for variable in space.variables if variable.name in apart))
        if self.radices.product * self.others.product > LARGEST_PRODUCT:
            raise TooLargeError(f"system {space.system.name!r} has too many pairs of states of {', '.join(self.names)}")
        self.changed = tuple(twin for twin in changed if not twin.parting.isdisjoint(self.names))
        self.moving = tuple(_moving(twins, self.names))
        alike: dict[Hashable, Twin] = {}
        for twin in watched:
            alike.setdefault(twin.watched, twin)
        self.watched = tuple(alike.values())
        self.pairs = 0

    def explore(self, most: int | None) -> Scenario | None:
        """A shortest sequence that tells them apart and has fewer than ``most`` requests, if there is one."""
        seeds = [(0, self._start())] if self.whole else list(self._partings())
        last = max((level for level, _ in seeds), default=-1)
        known = np.empty(0, dtype=np.int64)
        trail: list[tuple[Sequence[_Step], Integers]] = []
        depth = first = 0
        while (depth <= last or first < len(known)) and (most is None or depth + 1 < most):
            steps = [step for level, step in seeds if level == depth]
            steps += self._steps(known[first:])
            keys = np.concatenate([known[:0], *(step.keys for step in steps)])
            fresh = np.sort(np.unique(keys, return_index=True)[1])
            fresh = fresh[~np.isin(keys[fresh], known)]
            first = len(known)
            known = np.concatenate([known, keys[fresh]])
            trail.append((steps, fresh))
            self.pairs = len(known)
            hit = self._difference(known[first:])
            if hit:
                return self._walk(trail, *hit)
            depth += 1
        return None

    def _start(self) -> "_Step":
        """The initial states, in both."""
        indices = np.flatnonzero(self.space.depth == 0)
        columns = self.space.columns.at(indices)
        return _Step(None, self._keys(columns, columns), indices, seeds=True)

    def _partings(self) -> Iterator[tuple[int, "_Step"]]:
        """Where the two part: after how many requests, and the pairs of different states."""
        for twin in self.changed:
            left, right = (stepped(asked, self.space.columns, self.names) for asked in (twin.first, twin.second))
            indices = np.flatnonzero(different(left, right))
            keys, depths = self._keys(left.at(indices), right.at(indices)), self.space.depth[indices] + 1
            for depth in np.unique(depths):
                at = depths == depth
                yield int(depth), _Step(twin.request, keys[at], indices[at], seeds=True)

    def _steps(self, keys: Integers) -> Iterator["_Step"]:
        """From some pairs of states, the pairs after one request that count."""
        left, right = self._columns(keys)
        for twin in self.moving if len(keys) else ():
            after, other = stepped(twin.first, left, self.names), stepped(twin.second, right, self.names)
            moved_to = self._keys(after, other)
            moved = np.flatnonzero((moved_to != keys) & (self.whole | different(after, other)))
            if len(moved):
                yield _Step(twin.request, moved_to[moved], moved, seeds=False)

    def _difference(self, keys: Integers) -> tuple[int, Request] | None:
        """The first of the pairs that gives different verdicts on some request, and the request."""
        left, right = self._columns(keys)
        best: tuple[int, Request] | None = None
        for twin in self.watched if len(keys) else ():
            hits = twin.verdicts_differ(left, right)
            at = int(hits.argmax())
            if hits[at] and (best is None or at < best[0]):
                best = at, twin.request
        return best

    def _keys(self, left: Columns, right: Columns) -> Integers:
        return self.radices.integers(left) * self.others.product + self.others.integers(right)

    def _columns(self, keys: Integers) -> tuple[Columns, Columns]:
        left = self.radices.columns(keys // self.others.product)
        other = self.others.columns(keys % self.others.product)
        values = {
            **dict(zip(left.names, left.arrays, strict=True)),
            **dict(zip(other.names, other.arrays, strict=True)),
        }
        return left, Columns(left.names, tuple(values.values()))

    def _walk(self, trail: "Sequence[tuple[Sequence[_Step], Integers]]", at: int, last: Request) -> Scenario:
        """The requests that lead to one of the pairs found last, and the last request."""
        requests = [last]
        for steps, fresh in reversed(trail):
            index = int(fresh[at])
            for step in steps:
                if index < len(step.keys):
                    break
                index -= len(step.keys)
            if step.request:
                requests.append(step.request)
            at = int(step.sources[index])
            if step.seeds:
                start, way = self.space.path(at)
                return Scenario(start, (*way, *reversed(requests)))
        raise AssertionError("no pair is reached but from those that it starts with")


@attrs.frozen(eq=False)
class _Step:
    """Pairs of states that one request leads to.

    Parameters
    ----------
    request: which; ``None`` where the systems start.
    keys: the pairs.
    sources: for each where it comes from: a pair among those found last or, of seeds, an index in the slice.
    seeds: whether both systems are in one state before.
    """

    request: Request | None
    keys: Integers
    sources: Integers
    seeds: bool


def _moving(twins: Iterable[Twin], names: Collection[str]) -> Iterator[Twin]:
    """The requests that change something of a slice in either system, one of all that do the same."""
    met: set[Hashable] = {((), ())}
    for twin in twins:
        key = tuple(
            tuple(change.key for change in asked.changes if change.variable.name in names)
            for asked in (twin.first, twin.second)
        )
        if key not in met:
            met.add(key)
            yield twin
