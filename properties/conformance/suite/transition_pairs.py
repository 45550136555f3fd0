"""Pairs of transitions: which one can fire right after which, and a run that shows it.

Between the two nothing else of that lifecycle fires; what happens elsewhere meanwhile does not matter. It is decided on
the exact slice of the lifecycle: breadth first from every state that the one arrow leads to, through whatever leaves
the lifecycle alone, to the nearest state where the other fires.
"""

from collections.abc import Iterator

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.checker.effects import distinct
from statemachines.checker.encoding import Integers, Mask, StateIndices
from statemachines.checker.slices import Slices
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import Request
from statemachines.language.system import State
from statemachines.semantics.preconditions import Preconditions
from statemachines.semantics.trace import Trace


@attrs.frozen(eq=False)
class Following:
    """One arrow right after another: a way that fires both, the second with its last request."""

    first: Transition
    second: Transition
    start: State
    requests: tuple[Request, ...]


@attrs.frozen(eq=False)
class _Firing:
    """A request that may fire an arrow: where it does, and from every state the state after it."""

    request: Request
    transition: Transition
    where: Mask
    after: StateIndices


def followings(slices: Slices, lifecycle: Lifecycle) -> Iterator[Following]:
    """Every pair of the lifecycle's arrows that can follow each other, each once, in order of declaration."""
    if lifecycle.transitions:
        yield from _Follower(slices, lifecycle).pairs()


class _Follower:
    def __init__(self, slices: Slices, lifecycle: Lifecycle) -> None:
        self.lifecycle = lifecycle
        self.space = slices.space([lifecycle.name])
        self.firing = list(self._every_firing(slices))
        self.first, self.targets, self.by = self._elsewhere()

    def _every_firing(self, slices: Slices) -> Iterator[_Firing]:
        """What requests fire; of those that do the same by the same arrows, the first."""
        asked_of = {asked.request: asked for asked in slices.requests}
        known = set()
        for effect in self.space.effects:
            asked = asked_of[effect.request]
            arrows = tuple(id(move.transition) for move in asked.grounded.moves if move.lifecycle is self.lifecycle)
            if (effect.key, arrows) not in known:
                known.add((effect.key, arrows))
                yield from self._firings(asked, self.space.successors(effect))

    def _firings(self, asked: Preconditions, after: StateIndices) -> Iterator[_Firing]:
        for move in asked.grounded.moves:
            if move.lifecycle is self.lifecycle:
                where = self.space.columns.where(asked.fires(move))
                if where.any():
                    yield _Firing(asked.request, move.transition, where, after)

    def _elsewhere(self) -> tuple[Integers, StateIndices, npt.NDArray[np.int32]]:
        """The steps that leave the lifecycle alone: for each state the first of them, their targets, their effects."""
        sources, targets, by = [], [], []
        for effect, at in distinct(self.space.effects).items():
            moved, after = self.space.moves(effect)
            fires = np.zeros(len(self.space), dtype=bool)
            for change in effect.changes:
                if change.variable is self.lifecycle.variable:
                    fires |= self.space.columns.where(change.when)
            still = ~fires[moved]
            sources.append(moved[still])
            targets.append(after[still])
            by.append(np.full(int(still.sum()), at, dtype=np.int32))
        none = np.empty(0, dtype=np.int32)
        every = np.concatenate([none, *sources])
        order = np.argsort(every, kind="stable")
        first = np.searchsorted(every, np.arange(len(self.space) + 1), sorter=order)
        return first, np.concatenate([none, *targets])[order], np.concatenate([none, *by])[order]

    def pairs(self) -> Iterator[Following]:
        for transition in self.lifecycle.transitions:
            yield from self._after(transition)

    def _after(self, transition: Transition) -> Iterator[Following]:
        """The arrows that can follow one, each by the nearest way from where the one leads to."""
        entered: dict[int, tuple[int, Request]] = {}
        for firing in self.firing:
            if firing.transition is transition:
                for index in np.flatnonzero(firing.where).tolist():
                    after = int(firing.after[index])
                    if after not in entered or index < entered[after][0]:
                        entered[after] = index, firing.request
        left = {id(other): other for other in self.lifecycle.transitions}
        came = np.full(len(self.space), -2, dtype=np.int64)
        frontier = np.array(sorted(entered, key=lambda after: entered[after][0]), dtype=np.int64)
        came[frontier] = -1
        via = np.full(len(self.space), -1, dtype=np.int64)
        while len(frontier) and left:
            for firing in self.firing:
                if id(firing.transition) in left:
                    hits = firing.where[frontier]
                    if hits.any():
                        del left[id(firing.transition)]
                        nearest = int(frontier[hits.argmax()])
                        yield self._way(transition, firing, nearest, came, via, entered)
            counts = self.first[frontier + 1] - self.first[frontier]
            steps = np.repeat(self.first[frontier] - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
            targets, sources = self.targets[steps], np.repeat(frontier, counts)
            fresh = came[targets] == -2
            unique, at = np.unique(targets[fresh], return_index=True)
            came[unique], via[unique] = sources[fresh][at], self.by[steps][fresh][at]
            frontier = unique[np.argsort(at, kind="stable")].astype(np.int64)

    def _way(
        self,
        transition: Transition,
        firing: _Firing,
        index: int,
        came: Integers,
        via: Integers,
        entered: dict[int, tuple[int, Request]],
    ) -> Following:
        between: list[Request] = []
        while came[index] >= 0:
            between.append(self.space.effects[int(via[index])].request)
            index = int(came[index])
        before, request = entered[index]
        start, requests = self.space.path(before)
        way = (*requests, request, *reversed(between), firing.request)
        return Following(transition, firing.transition, start, way)


def followable(lifecycle: Lifecycle) -> Iterator[tuple[Transition, Transition]]:
    """The pairs of arrows of which the one leads to a state that the other leaves."""
    for one in lifecycle.transitions:
        for other in lifecycle.transitions:
            if one.target in other.source:
                yield one, other


def fired_after(trace: Trace, lifecycle: Lifecycle) -> Iterator[tuple[int, Transition, Transition]]:
    """The steps of a run that fire an arrow of the lifecycle, with the arrow of it that fired last before."""
    last = None
    for at, step in enumerate(trace.steps):
        for transition in step.verdict.fired:
            if any(transition is one for one in lifecycle.transitions):
                if last is not None:
                    yield at, last, transition
                last = transition
