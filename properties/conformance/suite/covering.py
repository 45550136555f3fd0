"""Covering: walks through a pool of states that show one aim after another.

A walk goes to a state where something is still to be shown, shows all it can there, and goes on to the next such state
nearby. Requests that change nothing cost one request each and are sent wherever the walk is anyway; the way there is
what costs, so that it is shared by as much as fits into one sequence.
"""

from collections import deque
from collections.abc import Hashable, Iterator, Mapping, Sequence

import attrs

from properties.conformance.suite.aims import Aim
from properties.conformance.suite.corpus import Bits, Pool, places
from properties.conformance.suite.request_catalogue import Stock
from properties.conformance.suite.requirements import InPool, Reading, Tell
from statemachines.language.requests import Request

LONGEST = 25
"""How many requests a sequence has at the most, if its way to where something is shown is not longer in itself."""
NEAR = 5
"""How many requests a walk goes to the next state where something is to be shown, before a new one is begun."""


@attrs.frozen(eq=False)
class Chance:
    """A request, the states where it shows an aim, and what has to be told apart afterwards for it to be seen."""

    request: Request
    where: Bits
    tell: Tell | None


class Terrain:
    """A pool as a graph, and in each of its states which aims can be shown.

    Parameters
    ----------
    pool: the states.
    stock: the system's requests.
    """

    def __init__(self, pool: Pool, stock: Stock) -> None:
        pool.freeze()
        self.pool, self.stock = pool, stock
        self.reading = Reading(InPool(pool), stock.distinct)
        self.edges: list[list[tuple[Request, int]]] = [[] for _ in range(len(pool))]
        self._after: dict[Hashable, dict[int, int]] = {}
        for one in stock.movers:
            fires = 0
            for move in one.moves:
                fires |= pool.where(move.when) & self.reading.lets(one, move.transition)
            after = self._after[one.passing] = {}
            for place in places(fires):
                at = after[place] = pool.place(pool.oracle.decide(pool.states[place], one.request)[0])
                if at >= 0 and at != place:
                    self.edges[place].append((one.request, at))
        self._tells: dict[Tell, tuple[tuple[Request, Bits], ...]] = {}
        self._told: dict[tuple[Hashable, Tell], Bits] = {}

    def after(self, place: int, request: Request) -> int:
        """The place after a request; -1 if it is not in the pool."""
        return self._after.get(self.stock.of_request[request].passing, {}).get(place, place)

    def tells(self, tell: Tell) -> tuple[tuple[Request, Bits], ...]:
        """The requests that tell two values apart, and where."""
        if tell not in self._tells:
            self._tells[tell] = tuple((one.request, where) for one, where in self.reading.tells(tell))
        return self._tells[tell]

    def told_after(self, request: Request, tell: Tell) -> Bits:
        """The states after whose request another can tell the two values apart."""
        key = (self.stock.of_request[request].passing, tell)
        if key not in self._told:
            told = 0
            for _, where in self.tells(tell):
                told |= where
            after = self._after.get(key[0], {})
            found = told & ~sum(1 << place for place in after)
            for place, at in after.items():
                if at >= 0 and told >> at & 1:
                    found |= 1 << place
            self._told[key] = found
        return self._told[key]

    def chances(self, aim: Aim) -> Iterator[Chance]:
        """The chances to show an aim."""
        for one, where, tell in aim.chances(self.stock, self.reading):
            seen = where & self.told_after(one.request, tell) if where and tell else where
            if seen:
                yield Chance(one.request, seen, tell)


@attrs.define(eq=False)
class Walk:
    """A sequence that is being made.

    Parameters
    ----------
    start: the place where it starts.
    at: where it is.
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
        self.left = sum(1 << number for number, some in enumerate(chances) if some)
        self.available = [0] * len(terrain.pool)
        for number, some in enumerate(chances):
            every = 0
            for chance in some:
                every |= chance.where
            for place in places(every):
                self.available[place] |= 1 << number
        self.aimed = 0

    def here(self, place: int) -> Bits:
        """The aims that can be shown in a state and are left."""
        return self.available[place] & self.left & ~self.aimed

    def walk(self, aim: int) -> Walk:
        """A sequence that shows an aim, and others as far as they fit."""
        self.aimed = 0
        target = self._nearest(aim)
        start, steps = self.terrain.pool.path(target)
        walk = Walk(start, start)
        longest = max(LONGEST, len(steps) + 3)
        for request, place in steps:
            walk.requests.append(request)
            walk.at = place
        self._send(walk, [aim], longest)
        self._show(walk, longest)
        while len(walk.requests) < longest and (way := self._next(walk.at, longest - len(walk.requests) - 1)):
            for request, place in way:
                walk.requests.append(request)
                walk.at = place
            self._show(walk, longest)
        return walk

    def _send(self, walk: Walk, numbers: Sequence[int], longest: int) -> None:
        """Send one request that shows some aims, and what tells the states apart that it leads to."""
        chances = [
            (number, chance) for number in numbers for chance in self.chances[number] if chance.where >> walk.at & 1
        ]
        request = chances[0][1].request
        sent = [(number, chance.tell) for number, chance in chances if chance.request is request]
        walk.requests.append(request)
        self.aimed |= sum(1 << number for number in {number for number, tell in sent if tell is None})
        walk.at = self.terrain.after(walk.at, request)
        if walk.at >= 0:
            self._tell(walk, [(number, tell) for number, tell in sent if tell], longest)

    def _nearest(self, aim: int) -> int:
        """The nearest state where an aim can be shown; of several the one where most others can, too."""
        every = 0
        for chance in self.chances[aim]:
            every |= chance.where
        depth = self.terrain.pool.depth
        some = list(places(every))
        least = min(depth[place] for place in some)
        near = [place for place in some if depth[place] == least][:64]
        return max(near, key=lambda place: (self.here(place).bit_count(), -place))

    def _show(self, walk: Walk, longest: int) -> None:
        """Show what can be shown here, first what leaves the state as it is, and go on with what leads on."""
        while walk.at >= 0 and len(walk.requests) < longest:
            shown = self._best(walk.at, staying=True) or self._best(walk.at, staying=False)
            if not shown:
                return
            self._send(walk, shown, longest)

    def _tell(self, walk: Walk, tells: list[tuple[int, Tell]], longest: int) -> None:
        """Send what tells the states apart that the walk may be in."""
        first = True
        while tells and (first or len(walk.requests) < longest):
            first = False
            probes: dict[Request, list[int]] = {}
            for number, tell in tells:
                for request, where in self.terrain.tells(tell):
                    if where >> walk.at & 1:
                        probes.setdefault(request, []).append(number)
            if not probes:
                return
            request = max(probes, key=lambda one: (self.terrain.after(walk.at, one) == walk.at, len(set(probes[one]))))
            told = set(probes[request])
            walk.requests.append(request)
            self.aimed |= sum(1 << number for number in told)
            tells = [(number, tell) for number, tell in tells if number not in told]
            walk.at = self.terrain.after(walk.at, request)
            if walk.at < 0:
                return

    def _best(self, place: int, *, staying: bool) -> list[int]:
        """The most aims that one request shows here, of those requests that change nothing or of those that do."""
        shown: dict[Request, list[int]] = {}
        for number in places(self.here(place)):
            for chance in self.chances[number]:
                if chance.where >> place & 1:
                    stays = chance.tell is None and self.terrain.after(place, chance.request) == place
                    if stays is staying:
                        shown.setdefault(chance.request, []).append(number)
        return max(shown.values(), key=len, default=[])

    def _next(self, place: int, most: int) -> list[tuple[Request, int]] | None:
        """The way to the nearest state where something can be shown."""
        if place < 0:
            return None
        came: dict[int, tuple[int, Request] | None] = {place: None}
        queue, depth = deque([place]), {place: 0}
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


def _way(came: Mapping[int, tuple[int, Request] | None], place: int) -> list[tuple[Request, int]]:
    """The way to a place, from where each place was come to."""
    way = []
    while (parent := came[place]) is not None:
        way.append((parent[1], place))
        place = parent[0]
    return way[::-1]
