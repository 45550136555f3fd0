"""The deterministic layer, computed from the declarations.

Whether an aim can be reached at all is decided on slices, exactly; how the sequences go that reach it is then worked
out greedily in a pool of states. Every sequence is replayed by the oracle, and what it is said to show is seen again.
"""

from collections.abc import Iterable
from functools import lru_cache

import attrs

from properties.conformance.aims import Aim, Fires, Stock, aims
from properties.conformance.altered import Beside
from properties.conformance.covering import Chance, Terrain, Walk, Walker
from properties.conformance.pool import Pool, places
from properties.conformance.reading import AsConditions, InPool, Reading
from properties.conformance.suite import Suite, Unreachable, Vector
from properties.coverage import slices
from statemachines.core.claims import Claims
from statemachines.core.expression import FALSE
from statemachines.core.oracle import Oracle
from statemachines.core.requests import Request
from statemachines.core.system import State
from statemachines.core.trace import Trace, replay


@lru_cache(maxsize=4)
def suite_of(claims: Claims) -> Suite:
    """The sequences that the checker computes for a system and what is claimed of it; the same in every process."""
    return _Generator(claims).suite()


@attrs.frozen(eq=False)
class _Made:
    """A sequence, and what it shows: the step and the aim's number."""

    start: State
    requests: tuple[Request, ...]
    reached: tuple[tuple[int, int], ...]


class _Generator:
    def __init__(self, claims: Claims) -> None:
        self.claims, self.system = claims, claims.system
        self.slices = slices(claims.system)
        self.stock = Stock(self.slices)
        self.oracle = Oracle(self.system)
        self.pool = Pool(self.system, self.oracle)
        self.exactly = Reading(AsConditions(), self.stock.distinct)
        self.beside = Beside(self.stock.of_request, self.stock.folding)
        self.unreachable: list[Unreachable] = []

    def suite(self) -> Suite:
        every = list(aims(self.system))
        self._seed([aim for aim in every if isinstance(aim, Fires)])
        self._grow(0)
        self.pool.freeze()
        reading = Reading(InPool(self.pool), self.stock.distinct)
        far = [aim for aim in every if not any(where for _, where, _ in aim.chances(self.stock, reading))]
        grown = len(self.pool)
        self._seed(far)
        self._grow(grown)
        never = {entry.goal.key for entry in self.unreachable}
        wanted = [aim for aim in every if aim.goal.key not in never]
        terrain = Terrain(self.pool, self.stock)
        chances = [tuple(terrain.chances(aim)) for aim in wanted]
        made = self._cover(wanted, chances, Walker(terrain, chances))
        return self._suite(wanted, made)

    def _seed(self, some: Iterable[Aim]) -> None:
        """Put into the pool where an aim can be reached first; what cannot be reached anywhere is set aside."""
        for aim in some:
            near = None
            for one, condition, _ in aim.chances(self.stock, self.exactly):
                found = self.slices.first(condition) if condition is not FALSE else None
                if found and (near is None or found.depth < near[0].depth):
                    near = found, one.request
            if near:
                start, requests = near[0].space.path(near[0].place)
                self.pool.add(start, (*requests, near[1]))
            else:
                self.unreachable.append(Unreachable(aim.goal, "no reachable state and request show it"))

    def _grow(self, grown: int) -> None:
        """Add what is one request away from the states that are not grown yet."""
        for at in range(grown, len(self.pool)):
            for one in self.stock.movers:
                self.pool.step(at, one.request)

    def _cover(self, wanted: list[Aim], chances: list[tuple[Chance, ...]], walker: Walker) -> list[_Made]:
        depth = self.pool.depth
        nearest = [min((depth[next(iter(places(chance.where)))] for chance in some), default=0) for some in chances]
        made = []
        for number in sorted(range(len(wanted)), key=lambda number: -nearest[number]):
            if walker.left >> number & 1:
                walk = walker.walk(number)
                made.append(self._seen(walk, [(at, wanted[at]) for at in places(walker.aimed)]))
                walker.left &= ~walker.aimed & ~(1 << number)
        return made

    def _seen(self, walk: Walk, aimed: list[tuple[int, Aim]]) -> _Made:
        """What a sequence really shows of what it is meant to."""
        start = self.pool.states[walk.start]
        trace = replay(self.system, start, walk.requests, self.oracle)
        reached = [(self._step(trace, aim), number) for number, aim in aimed]
        return _Made(start, tuple(walk.requests), tuple(sorted((at, number) for at, number in reached if at >= 0)))

    def _step(self, trace: Trace, aim: Aim) -> int:
        """The first step of a sequence that shows an aim; -1 if none does."""
        if aim.altered:
            return self.beside.shows(aim.altered, trace.start, trace.steps)
        before = trace.start
        for at, step in enumerate(trace.steps):
            if aim.seen_at(self.stock, before, step):
                return at
            before = step.state
        return -1

    def _suite(self, wanted: list[Aim], made: list[_Made]) -> Suite:
        ordered = sorted(enumerate(made), key=lambda entry: (len(entry[1].requests), entry[0]))
        vectors = tuple(
            Vector(
                f"V{number:04}",
                one.start,
                one.requests,
                tuple((at, wanted[aim].goal.key) for at, aim in one.reached),
            )
            for number, (_, one) in enumerate(ordered, 1)
        )
        shown = {key for vector in vectors for _, key in vector.reached}
        goals = {aim.goal.key: aim.goal for aim in wanted if aim.goal.key in shown}
        unseen = [
            Unreachable(aim.goal, "no sequence that was tried shows it") for aim in wanted if aim.goal.key not in shown
        ]
        return Suite(self.system, goals, vectors, (*self.unreachable, *unseen))
