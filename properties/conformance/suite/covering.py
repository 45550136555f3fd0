"""Covering: walks through a corpus of states that show one aim after another.

A walk goes to a state where something is still to be shown, shows all it can there, and goes on to the next such state
nearby. Requests that change nothing cost one request each and are sent wherever the walk is anyway; the way there is
what costs, so that it is shared by as much as fits into one sequence.
"""

from collections import deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

import attrs
import numpy as np

from properties.conformance.diagnosis.decision_list import DecisionList
from properties.conformance.suite.aims import Aim
from properties.conformance.suite.corpus import Bits, Pool, indices, packed, transposed, unpacked
from properties.conformance.suite.request_catalogue import Catalogue
from properties.conformance.suite.requirements import Distinction, InPool, Requirements
from statemachines.checker.encoding import Integers
from statemachines.language.requests import Request

LONGEST = 25
"""How many requests a sequence has at the most, if its way to where something is shown is not longer in itself."""
NEAR = 5
"""How many requests a walk goes to the next state where something is to be shown, before a new one is begun."""


@attrs.frozen(eq=False)
class Chance:
    """A request, the states where it shows an aim, and what has to be distinguished afterwards to observe it."""

    request: Request
    where: Bits
    distinction: Distinction | None


class Terrain:
    """A pool as a graph, and in each of its states which aims can be shown.

    Parameters
    ----------
    pool: the states.
    catalogue: the system's requests.
    closed: whether no request is sent that leads out of the pool.
    """

    def __init__(self, pool: Pool, catalogue: Catalogue, *, closed: bool = False) -> None:
        pool.freeze()
        self.pool, self.catalogue = pool, catalogue
        self.requirements = Requirements(InPool(pool), catalogue.distinct)
        self.edges: list[list[tuple[Request, int]]] = [[] for _ in range(len(pool))]
        self._after: dict[Hashable, dict[int, int]] = {}
        self._fires: dict[Hashable, Bits] = {}
        self._leading_out: dict[Hashable, Bits] = {}
        for one in catalogue.movers:
            fires = 0
            for move in one.moves:
                fires |= pool.where(move.when) & self.requirements.lets(one, move.transition)
            after, self._fires[one.passing] = self._after.setdefault(one.passing, {}), fires
            for index in indices(fires):
                at = after[index] = pool.index_of(pool.oracle.decide(pool.states[index], one.request)[0])
                if at >= 0 and at != index:
                    self.edges[index].append((one.request, at))
                if at < 0 and closed:
                    self._leading_out[one.passing] = self._leading_out.get(one.passing, 0) | 1 << index
        self._distinguishing: dict[Distinction, tuple[tuple[Request, Bits], ...]] = {}
        self._distinguished: dict[tuple[Hashable, Distinction], Bits] = {}
        self._arrays: dict[Hashable, Integers] = {}

    def after(self, index: int, request: Request) -> int:
        """The index after a request; -1 if it is not in the pool."""
        return self._after.get(self.catalogue.of_request[request].passing, {}).get(index, index)

    def _inside(self, one: DecisionList, where: Bits) -> Bits:
        """Those of the states where the request may be sent."""
        return where & ~self._leading_out.get(one.passing, 0)

    def distinguishing(self, distinction: Distinction) -> tuple[tuple[Request, Bits], ...]:
        """The requests that distinguish two values, and where."""
        if distinction not in self._distinguishing:
            self._distinguishing[distinction] = tuple(
                (one.request, self._inside(one, where)) for one, where in self.requirements.distinguishing(distinction)
            )
        return self._distinguishing[distinction]

    def distinguished_after(self, request: Request, distinction: Distinction) -> Bits:
        """The states after whose request another can distinguish the two values."""
        key = (self.catalogue.of_request[request].passing, distinction)
        if key not in self._distinguished:
            distinguished = 0
            for _, where in self.distinguishing(distinction):
                distinguished |= where
            count = len(self.pool)
            sources, targets = self._moved(key[0])
            led = np.zeros(count, dtype=np.uint8)
            led[sources] = unpacked(distinguished, count)[targets]
            states = (distinguished & ~self._fires.get(key[0], 0)) | packed(led)
            self._distinguished[key] = states
        return self._distinguished[key]

    def _moved(self, passing: Hashable) -> tuple[Integers, Integers]:
        """The states that are not left as they are, as far as those after them are in the pool, and these."""
        if passing not in self._arrays:
            moved = [pair for pair in self._after.get(passing, {}).items() if pair[1] >= 0]
            self._arrays[passing] = np.array(moved, dtype=np.int64).reshape(-1, 2).T
        sources, targets = self._arrays[passing]
        return sources, targets

    def chances(self, aim: Aim) -> Iterator[Chance]:
        """The chances to show an aim."""
        for one, where, distinction in aim.chances(self.catalogue, self.requirements):
            where = self._inside(one, where)  # noqa: PLW2901
            seen = where & self.distinguished_after(one.request, distinction) if where and distinction else where
            if seen:
                yield Chance(one.request, seen, distinction)


@attrs.define(eq=False)
class Walk:
    """A sequence that is being made.

    Parameters
    ----------
    start: the index of the state that it starts in.
    at: the index of the state that it is in.
    requests: what was sent.
    """

    start: int
    at: int
    requests: list[Request] = attrs.field(factory=list)


class Walker:
    """Makes walks until every aim was tried.

    Parameters
    ----------
    terrain: where.
    chances: for each aim, by number, its chances.
    """

    def __init__(self, terrain: Terrain, chances: Sequence[Sequence[Chance]]) -> None:
        self.terrain, self.chances = terrain, chances
        self.left = sum(1 << number for number, own in enumerate(chances) if own)
        every = [reduce(or_, (chance.where for chance in own), 0) for own in chances]
        self.available = transposed(every, len(terrain.pool))
        self.aimed = 0

    def here(self, index: int) -> Bits:
        """The aims that can be shown in a state and are left."""
        return self.available[index] & self.left & ~self.aimed

    def walk(self, aim: int) -> Walk:
        """A sequence that shows an aim, and others as far as they fit."""
        self.aimed = 0
        target = self._nearest(aim)
        start, steps = self.terrain.pool.path(target)
        walk = Walk(start, start)
        longest = max(LONGEST, len(steps) + 3)
        for request, index in steps:
            walk.requests.append(request)
            walk.at = index
        self._send(walk, [aim], longest)
        self._show(walk, longest)
        while len(walk.requests) < longest and (way := self._next(walk.at, longest - len(walk.requests) - 1)):
            for request, index in way:
                walk.requests.append(request)
                walk.at = index
            self._show(walk, longest)
        return walk

    def _send(self, walk: Walk, numbers: Sequence[int], longest: int) -> None:
        """Send one request that shows these aims, and what distinguishes the states that it leads to."""
        chances = [
            (number, chance) for number in numbers for chance in self.chances[number] if chance.where >> walk.at & 1
        ]
        request = chances[0][1].request
        sent = [(number, chance.distinction) for number, chance in chances if chance.request is request]
        walk.requests.append(request)
        self.aimed |= sum(1 << number for number in {number for number, distinction in sent if distinction is None})
        walk.at = self.terrain.after(walk.at, request)
        if walk.at >= 0:
            self._distinguish(walk, [(number, distinction) for number, distinction in sent if distinction], longest)

    def _nearest(self, aim: int) -> int:
        """The nearest state where an aim can be shown; of several the one where most others can, too."""
        every = 0
        for chance in self.chances[aim]:
            every |= chance.where
        depth = self.terrain.pool.depth
        states = list(indices(every))
        least = min(depth[index] for index in states)
        near = [index for index in states if depth[index] == least][:64]
        return max(near, key=lambda index: (self.here(index).bit_count(), -index))

    def _show(self, walk: Walk, longest: int) -> None:
        """Show what can be shown here, first what leaves the state as it is, and go on with what leads on."""
        at, ways = -1, list[tuple[int, Request, bool]]()
        while walk.at >= 0 and len(walk.requests) < longest:
            if walk.at != at:
                at, ways = walk.at, list(self._ways(walk.at))
            left = self.here(at)
            ways = [way for way in ways if left >> way[0] & 1]
            shown = _most(ways, staying=True) or _most(ways, staying=False)
            if not shown:
                return
            self._send(walk, shown, longest)

    def _distinguish(self, walk: Walk, distinguishing: list[tuple[int, Distinction]], longest: int) -> None:
        """Send what distinguishes the states that the walk may be in."""
        first = True
        while distinguishing and (first or len(walk.requests) < longest):
            first = False
            probes: dict[Request, list[int]] = {}
            for number, distinction in distinguishing:
                for request, where in self.terrain.distinguishing(distinction):
                    if where >> walk.at & 1:
                        probes.setdefault(request, []).append(number)
            if not probes:
                return
            request = max(probes, key=lambda one: (self.terrain.after(walk.at, one) == walk.at, len(set(probes[one]))))
            distinguished = set(probes[request])
            walk.requests.append(request)
            self.aimed |= sum(1 << number for number in distinguished)
            distinguishing = [
                (number, distinction) for number, distinction in distinguishing if number not in distinguished
            ]
            walk.at = self.terrain.after(walk.at, request)
            if walk.at < 0:
                return

    def _ways(self, index: int) -> Iterator[tuple[int, Request, bool]]:
        """What can be shown in a state: the aim, by which request, and whether that leaves the state as it is."""
        for number in indices(self.here(index)):
            for chance in self.chances[number]:
                if chance.where >> index & 1:
                    stays = chance.distinction is None and self.terrain.after(index, chance.request) == index
                    yield number, chance.request, stays

    def _next(self, index: int, most: int) -> list[tuple[Request, int]] | None:
        """The way to the nearest state where something can be shown."""
        if index < 0:
            return None
        came: dict[int, tuple[int, Request] | None] = {index: None}
        queue, depth = deque([index]), {index: 0}
        while queue:
            at = queue.popleft()
            if depth[at] >= min(NEAR, most):
                return None
            for request, after in self.terrain.edges[at]:
                if after in came:
                    continue
                came[after], depth[after] = (at, request), depth[at] + 1
                if self.here(after):
                    return _way(came, after)
                queue.append(after)
        return None


def _most(ways: Iterable[tuple[int, Request, bool]], *, staying: bool) -> list[int]:
    """The most aims that one request shows, of those requests that change nothing or of those that do."""
    shown: dict[Request, list[int]] = {}
    for number, request, stays in ways:
        if stays is staying:
            shown.setdefault(request, []).append(number)
    return max(shown.values(), key=len, default=[])


def _way(came: Mapping[int, tuple[int, Request] | None], index: int) -> list[tuple[Request, int]]:
    """The way to a state, from what each state was reached by."""
    way = []
    while (parent := came[index]) is not None:
        way.append((parent[1], index))
        index = parent[0]
    return way[::-1]
