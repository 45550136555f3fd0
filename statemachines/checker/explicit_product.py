"""Two systems in lockstep: the pairs of states that the same requests lead to, breadth first, on one slice."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from math import prod

import attrs
import numpy as np

from statemachines.checker.encoding import Columns, Integers, Radices
from statemachines.checker.explicit import LARGEST_PRODUCT, Space
from statemachines.checker.successors import Shifts
from statemachines.checker.twin import Twin
from statemachines.errors import TooLargeError
from statemachines.language.requests import Request
from statemachines.semantics.trace import Scenario

_Move = tuple[Request, Shifts, Shifts]
"""A request, and what it changes in the one system and in the other."""


class ExplicitProduct:
    """Two systems on one slice: in every pair of states, or only from where they part to where they are in one again.

    A pair of states is one integer: of the first system's state, and then of those of the second's values that may be
    different from it. These are the last digits of a state's own integer, too.

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
        self.whole, self.space = whole, space
        self.radices = Radices(tuple(sorted(space.variables, key=lambda variable: variable.name in apart)))
        self._own = prod(len(variable.domain) for variable in space.variables if variable.name in apart)
        if self.radices.product * self._own > LARGEST_PRODUCT:
            names = ", ".join(space.radices.names)
            raise TooLargeError(f"system {space.system.name!r} has too many pairs of states of {names}")
        self.parting = self._moves(twin for twin in changed if not twin.parting.isdisjoint(self.radices.names))
        self.moving = self._moves(twins)
        alike: dict[Hashable, Twin] = {}
        for twin in watched:
            alike.setdefault(twin.watched, twin)
        self.watched = tuple(alike.values())
        self.pairs = 0

    def _moves(self, twins: Iterable[Twin]) -> tuple[_Move, ...]:
        """The requests that change something of the slice in either system, one of all that do the same."""
        moves: dict[Hashable, _Move] = {}
        names = frozenset(self.radices.names)
        for twin in twins:
            first, second = (
                [change for change in asked.changes if change.variable.name in names]
                for asked in (twin.first, twin.second)
            )
            key = tuple(change.key for change in first), tuple(change.key for change in second)
            if (first or second) and key not in moves:
                moves[key] = twin.request, Shifts(first, self.radices), Shifts(second, self.radices)
        return tuple(moves.values())

    def explore(self, most: int | None) -> Scenario | None:
        """A shortest sequence that tells them apart and has fewer than ``most`` requests, if there is one."""
        last = 0 if self.whole else int(self.space.depth[-1]) + 1
        known = np.empty(0, dtype=np.int64)
        trail: list[tuple[Sequence[_Step], Integers]] = []
        depth = first = 0
        while (depth <= last or first < len(known)) and (most is None or depth + 1 < most):
            steps = [*self._seeds(depth), *self._steps(self.moving, *self._states(known[first:]))]
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

    def _seeds(self, depth: int) -> Iterator["_Step"]:
        """The pairs to begin with that so many requests lead to: the initial states, or where the two part."""
        indices = np.flatnonzero(self.space.depth == (depth if self.whole else depth - 1))
        integers = self.radices.integers(self.space.radices.columns(self.space.integers[indices]))
        states = self.radices.columns(integers)
        if not self.whole:
            yield from self._steps(self.parting, states, states, indices)
        elif not depth:
            yield _Step(None, self._keys(integers, integers), indices, seeds=True)

    def _steps(
        self, moves: Iterable[_Move], left: Columns, right: Columns, seeds: Integers | None = None
    ) -> Iterator["_Step"]:
        """From some pairs of states, or of some with these indices in both, the pairs after one request that count."""
        for request, one, other in moves if len(left) else ():
            after, beside = one.after(left), other.after(right)
            moved = (after != left.integers) | (beside != right.integers)
            at = np.flatnonzero(moved if self.whole else moved & (after != beside))
            if len(at):
                sources = at if seeds is None else seeds[at]
                yield _Step(request, self._keys(after[at], beside[at]), sources, seeds=seeds is not None)

    def _difference(self, keys: Integers) -> tuple[int, Request] | None:
        """The first of the pairs that gives different verdicts on some request, and the request."""
        left, right = self._states(keys)
        best: tuple[int, Request] | None = None
        for twin in self.watched if len(keys) else ():
            hits = twin.verdicts_differ(left, right)
            at = int(hits.argmax())
            if hits[at] and (best is None or at < best[0]):
                best = at, twin.request
        return best

    def _keys(self, left: Integers, right: Integers) -> Integers:
        return left * self._own + right % self._own

    def _states(self, keys: Integers) -> tuple[Columns, Columns]:
        """The states of some pairs."""
        left, own = np.divmod(keys, self._own)
        return self.radices.columns(left), self.radices.columns(left - left % self._own + own)

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
