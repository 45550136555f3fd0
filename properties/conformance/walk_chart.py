"""A chart of what can be shown: each aim of the deterministic layer, when a request shows it, and how to get there.

The random layer goes by it. Nothing in it is about a place that a sequence of the deterministic layer comes through:
ways are looked for on exact slices, from wherever a walk stands.
"""

from collections.abc import Hashable, Sequence
from functools import lru_cache
from zlib import crc32

import attrs
import numpy as np
import numpy.typing as npt

from properties.conformance.diagnosis.decision_list import Ladder
from properties.conformance.suite.aims import Aim, aims
from properties.conformance.suite.generate import suite_of
from properties.conformance.suite.request_catalogue import Stock
from properties.conformance.suite.requirements import AsConditions, Reading, Tell
from properties.walks.steering import PlanGraph, Planner, Restriction
from statemachines.checker.slices import slices
from statemachines.language.claims import Claims
from statemachines.language.expression import FALSE, Expr
from statemachines.language.requests import Request
from statemachines.language.system import State
from statemachines.semantics.preconditions import variables_of

LARGEST_PLAN = 1 << 26
"""The most pairs of a state and a request of a slice that ways are looked for on: a walk needs a way at once."""


@attrs.frozen(eq=False)
class Chance:
    """A request that shows an aim, when it does, and what has to be told apart afterwards for it to be seen.

    Parameters
    ----------
    aim: the aim's place in the chart.
    requests: requests that are decided alike, any of which shows it.
    when: in which states.
    tell: for a transition, the value that its variable has afterwards, and the one that it has to be told from.
    """

    aim: int
    requests: tuple[Request, ...]
    when: Expr
    tell: Tell | None


@attrs.frozen(eq=False)
class Leg:
    """A shortest way to where a chance is taken, from every state that is not further off than the one it began in."""

    chance: Chance
    part: PlanGraph
    distances: npt.NDArray[np.int16]

    def next(self, state: State) -> tuple[Request, ...]:
        """The requests that may come next, the last of which takes the chance; none if there is no way from here."""
        place = self.part.space.place(state)
        if place < 0 or not self.distances[place]:
            return ()
        return self.chance.requests if self.distances[place] == 1 else self.part.closer(place, self.distances)


class Chart:
    """The aims of a system that can be reached, in order of declaration.

    Parameters
    ----------
    claims: the system, and what is claimed of it.
    within: what may be used; by default everything.
    chances: for each aim its chances.
    families: the places of all aims, and of those about transitions alone, which others are shown on the way to.
    mixed: the places of the aims, so that neighbours have nothing to do with one another.
    """

    def __init__(self, claims: Claims, within: Restriction | None = None) -> None:
        self.system = claims.system
        self.plans = Planner(slices(claims.system), LARGEST_PLAN, within)
        self.stock = Stock(self.plans.slices)
        alike: dict[Hashable, list[Request]] = {}
        for one in self.stock.ladders:
            if within is None or one.request in within.requests:
                alike.setdefault(one.key, []).append(one.request)
        self._alike = {key: tuple(requests) for key, requests in alike.items()}
        reading = Reading(AsConditions(), self.stock.distinct)
        can = suite_of(claims).goals
        some = [aim for aim in aims(claims.system) if aim.goal.key in can]
        self.chances = tuple(self._chances(at, aim, reading) for at, aim in enumerate(some))
        able = [at for at, each in enumerate(self.chances) if each]
        moving = [at for at in able if any(chance.tell for chance in self.chances[at])]
        self.families = tuple(filter(None, (tuple(able), tuple(moving))))
        self.mixed = sorted(able, key=lambda at: crc32(some[at].goal.key.encode()))
        self._of: dict[Hashable, list[Chance]] = {}
        for chance in (chance for each in self.chances for chance in each):
            self._of.setdefault(self._ladder(chance.requests[0]).key, []).append(chance)
        self._readers: dict[str, list[Request]] = {}
        for one in self.stock.distinct:
            for name in dict.fromkeys(name for rung in one.rungs for name in variables_of(rung.when)):
                self._readers.setdefault(name, []).extend(self._alike.get(one.key, ())[:1])

    def of(self, request: Request) -> Sequence[Chance]:
        """The chances that a request takes where it is sent at the right time."""
        return self._of.get(self._ladder(request).key, ())

    def readers(self, names: Sequence[str]) -> list[Request]:
        """The requests whose verdict depends on any of these variables, one of each that are decided alike."""
        return list(dict.fromkeys(request for name in names for request in self._readers.get(name, ())))

    def leg(self, chance: Chance, state: State) -> Leg | None:
        """The way to a chance from a state; ``None`` if there is none, or what it goes by is too large to plan on."""
        part = self.plans.graph(chance.when)
        place = part.space.place(state) if part else -1
        if part is None or place < 0:
            return None
        last = part.space.columns.where(chance.when)
        return Leg(chance, part, part.distances(last, place)) if part.leads(place, last) else None

    def _ladder(self, request: Request) -> Ladder:
        return self.stock.of_request[request]

    def _chances(self, at: int, aim: Aim, reading: Reading[Expr]) -> tuple[Chance, ...]:
        found = aim.chances(self.stock, reading)
        return tuple(
            Chance(at, self._alike[one.key], when, tell)
            for one, when, tell in found
            if when is not FALSE and one.key in self._alike
        )


@lru_cache(maxsize=4)
def chart(claims: Claims, within: Restriction | None = None) -> Chart:
    """The chart that every walk in this process goes by, within what may be used."""
    return Chart(claims, within)
