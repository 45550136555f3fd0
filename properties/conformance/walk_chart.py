"""A chart for walks: each aim of the deterministic layer, the requests that show it, and the way there.

The random layer goes by it. It does not depend on the states that the deterministic layer comes through:
ways are searched on exact slices, from wherever a walk is.
"""

from collections.abc import Hashable, Sequence
from functools import lru_cache
from zlib import crc32

import attrs
import numpy as np
import numpy.typing as npt

from properties.conformance.diagnosis.decision_list import DecisionList
from properties.conformance.suite.aims import Aim
from properties.conformance.suite.every_aim import aims
from properties.conformance.suite.request_catalogue import Catalogue
from properties.conformance.suite.requirements import AsConditions, Distinction, Requirements
from properties.conformance.suite.store import suite_of
from properties.conformance.suite.vectors import GoalKind
from properties.walks.steering import PlanGraph, Planner, Restriction
from statemachines.checker.slices import slices
from statemachines.language.claims import Claims
from statemachines.language.expression import FALSE, Expr, Moment
from statemachines.language.requests import Request
from statemachines.language.system import State
from statemachines.semantics.preconditions import variables_of

LARGEST_PLAN = 1 << 26
"""The most pairs of a state and a request of a slice that ways are looked for on: a walk needs a way at once."""


MOST_TAKEN = 1 << 12
"""The most steps of which it is kept what they show: a small system takes the same ones again and again."""


@attrs.frozen(eq=False)
class WalkChance:
    """A request that shows an aim, when it does, and what has to be distinguished afterwards for it to be observed.

    Parameters
    ----------
    aim: the aim's index in the chart.
    requests: requests that are decided alike, any of which shows it.
    when: in which states.
    distinction: for a transition, the value that its variable has afterwards, and the one to distinguish it from.
    """

    aim: int
    requests: tuple[Request, ...]
    when: Expr
    distinction: Distinction | None


@attrs.frozen(eq=False)
class Leg:
    """A shortest way to where a chance is taken, from every state that is not further off than the one it began in."""

    chance: WalkChance
    graph: PlanGraph
    distances: npt.NDArray[np.int16]

    def next(self, state: State) -> tuple[Request, ...]:
        """The requests that may come next, the last of which takes the chance; none if there is no way from here."""
        index = self.graph.space.index(state)
        if index < 0 or not self.distances[index]:
            return ()
        return self.chance.requests if self.distances[index] == 1 else self.graph.closer(index, self.distances)


class Chart:
    """The aims of a system that can be reached, in order of declaration.

    Parameters
    ----------
    claims: the system, and what is claimed of it.
    within: what may be used; by default everything.
    chances: for each aim its chances.
    families: the indices of all aims, and of those about transitions alone, on the way to which others are shown.
    mixed: the indices of the aims, shuffled so that neighbours have nothing to do with one another.
    """

    def __init__(self, claims: Claims, within: Restriction | None = None) -> None:
        self.system = claims.system
        self.plans = Planner(slices(claims.system), LARGEST_PLAN, within)
        self.catalogue = Catalogue(self.plans.slices)
        alike: dict[Hashable, list[Request]] = {}
        for one in self.catalogue.decision_lists:
            if within is None or one.request in within.requests:
                alike.setdefault(one.key, []).append(one.request)
        self._alike = {key: tuple(requests) for key, requests in alike.items()}
        requirements = Requirements(AsConditions(), self.catalogue.distinct)
        # What is so of one value of a field is one request more, and no other way: walks come there all the same.
        can = {goal.key for goal in suite_of(claims).goals.values() if goal.kind is not GoalKind.VALUE}
        reachable = [aim for aim in aims(claims.system) if aim.goal.key in can]
        self.chances = tuple(self._chances(at, aim, requirements) for at, aim in enumerate(reachable))
        able = [at for at, each in enumerate(self.chances) if each]
        moving = [at for at in able if any(chance.distinction for chance in self.chances[at])]
        self.families = tuple(filter(None, (tuple(able), tuple(moving))))
        self.mixed = sorted(able, key=lambda at: crc32(reachable[at].goal.key.encode()))
        self._of: dict[Hashable, list[WalkChance]] = {}
        for chance in (chance for each in self.chances for chance in each):
            self._of.setdefault(self._decision_list(chance.requests[0]).key, []).append(chance)
        self.taken = lru_cache(maxsize=MOST_TAKEN)(self._taken)
        self._reads: dict[Request, frozenset[str]] = {}
        self._readers: dict[str, list[Request]] = {}
        for one in self.catalogue.distinct:
            for name in dict.fromkeys(name for entry in one.entries for name in variables_of(entry.when)):
                self._readers.setdefault(name, []).extend(self._alike.get(one.key, ())[:1])

    def _taken(self, request: Request, state: State) -> tuple[WalkChance, ...]:
        """The chances that a request takes where it is sent in a state."""
        before = Moment(state.as_dict())
        return tuple(
            chance for chance in self._of.get(self._decision_list(request).key, ()) if chance.when.holds(before)
        )

    def readers(self, names: Sequence[str]) -> list[Request]:
        """The requests whose verdict depends on any of these variables, one of each that are decided alike."""
        return list(dict.fromkeys(request for name in names for request in self._readers.get(name, ())))

    def reads(self, request: Request) -> frozenset[str]:
        """The variables that its verdict depends on."""
        if request not in self._reads:
            rulings = self.plans.slices.asked(request).grounded.rulings
            self._reads[request] = frozenset(name for ruling in rulings for name in variables_of(ruling.when))
        return self._reads[request]

    def leg(self, chance: WalkChance, state: State) -> Leg | None:
        """The way to a chance from a state; ``None`` if there is none, or what it goes by is too large to plan on."""
        graph = self.plans.graph(chance.when)
        index = graph.space.index(state) if graph else -1
        if graph is None or index < 0:
            return None
        last = graph.space.columns.where(chance.when)
        return Leg(chance, graph, graph.distances(last, index)) if graph.leads(index, last) else None

    def _decision_list(self, request: Request) -> DecisionList:
        return self.catalogue.of_request[request]

    def _chances(self, at: int, aim: Aim, requirements: Requirements[Expr]) -> tuple[WalkChance, ...]:
        chances = aim.chances(self.catalogue, requirements)
        return tuple(
            WalkChance(at, self._alike[one.key], when, distinction)
            for one, when, distinction in chances
            if when is not FALSE and one.key in self._alike
        )


@lru_cache(maxsize=4)
def chart(claims: Claims, within: Restriction | None = None) -> Chart:
    """The chart that every walk in this process goes by, within what may be used."""
    return Chart(claims, within)
