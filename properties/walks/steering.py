"""Steering: goals of a run, and a shortest way to each from wherever the run is.

A plan is made on a slice of the system, backward from the goal, once; following it is then a lookup for each step.
"""

from collections.abc import Hashable, Iterable, Iterator
from enum import Enum
from functools import cached_property, lru_cache

import attrs
import numpy as np
import numpy.typing as npt

from properties.walks.coverage import Arrow, Kind, arrows, heard, kind_of, kinds_of, slices
from statemachines.checker.effects import Effect, distinct
from statemachines.checker.encoding import Integers, Mask, Places
from statemachines.checker.explicit import Space, TooLarge
from statemachines.checker.slices import Slices
from statemachines.language.claims import Always
from statemachines.language.expression import FALSE, TRUE, All, Expr, Moment, Not, among, conjunction, disjunction
from statemachines.language.requests import Field, Request
from statemachines.language.system import State, System
from statemachines.semantics.preconditions import Preconditions, fields_of, shape, variables_of
from statemachines.semantics.trace import Step

LARGEST_PLAN = 1 << 26
"""The most such pairs unless a planner is told otherwise; what needs a larger slice is left to noise."""
MOST_PLANS = 512
"""How many plans are kept: each is two bytes for every state of its slice."""


class Goal:
    """Something that one step of a run can bring about."""

    __slots__ = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that tell requests apart which are otherwise alike."""
        return ()

    def before(self, asked: Preconditions) -> Expr:
        """When the request reaches the goal: a condition on the state before."""
        raise NotImplementedError

    def reached(self, step: Step) -> bool:
        """Whether a step reached the goal."""
        raise NotImplementedError


@attrs.frozen
class Fire(Goal):
    """A transition fires."""

    arrow: Arrow

    def before(self, asked: Preconditions) -> Expr:
        moves = (move for move in asked.grounded.moves if move.transition is self.arrow.transition)
        return disjunction(*(asked.fires(move) for move in moves))

    def reached(self, step: Step) -> bool:
        return self.arrow.transition in step.verdict.fired

    def __str__(self) -> str:
        return str(self.arrow)


@attrs.frozen
class Hear(Goal):
    """A verdict of some kind is given."""

    kind: Kind

    def before(self, asked: Preconditions) -> Expr:
        return heard(asked, self.kind) if asked.request.type is self.kind.type else FALSE

    def reached(self, step: Step) -> bool:
        return kind_of(step.request, step.verdict) == self.kind

    def __str__(self) -> str:
        return str(self.kind)


@attrs.frozen
class Meet(Goal):
    """A claim's case: a step of which the claim says something; of states, a change that leads to such a state.

    Parameters
    ----------
    claim: the claim.
    case: when it says something.
    """

    claim: Always
    case: Expr

    @property
    def fields(self) -> tuple[Field, ...]:
        return fields_of(self.case)

    @property
    def _spoken_of(self) -> set[str]:
        return {name for part in (self.case, *self.claim.parts()) for name in variables_of(part)}

    def before(self, asked: Preconditions) -> Expr:
        if self.claim.of_steps:
            return asked.of(self.case)
        changes = [change.when for change in asked.changes if change.variable.name in self._spoken_of]
        return conjunction(asked.leads_to(self.case), disjunction(*changes)) if changes else FALSE

    def reached(self, step: Step) -> bool:
        if self.claim.of_steps:
            return self.case.holds(step.moment)
        changed = not self._spoken_of.isdisjoint(step.changes)
        return changed and self.case.holds(Moment(step.after.as_dict()))

    def __str__(self) -> str:
        return f"the case of: {self.claim.name}"


def case_of(claim: Always) -> Expr:
    """When the claim says something: where it names no case, when one of its implications has its condition met."""
    if claim.when is not TRUE:
        return claim.when
    parts = claim.then.parts if isinstance(claim.then, All) else (claim.then,)
    conditions = [
        conjunction(*part.part.parts[:-1]) for part in parts if isinstance(part, Not) and isinstance(part.part, All)
    ]
    return disjunction(*conditions) if conditions else TRUE


@attrs.frozen
class Way:
    """How a goal is reached in the end: by which request, and with what kind of verdict."""

    last: Request
    kind: Kind


@attrs.frozen
class Within:
    """What may be used, where not everything may.

    Parameters
    ----------
    requests: the requests that may be sent.
    values: for each variable its name, and the values that it may be changed to.
    """

    requests: frozenset[Request]
    values: tuple[tuple[str, frozenset[Enum]], ...]


@attrs.frozen(eq=False)
class Part:
    """A slice that is planned on, and every step there that changes something and may be taken.

    Parameters
    ----------
    space: the states.
    offered: the effects of the requests that may be sent, in order of declaration.
    first: for each state the first of the steps that leave it, and after that how many steps there are.
    targets: for each step the place of the state after it.
    does: for each step what the request does, as a number.
    effects: for each of the offered effects its number, which those share that do the same.
    """

    space: Space
    offered: tuple[Effect, ...]
    first: Integers
    targets: Places
    does: npt.NDArray[np.uint16]
    effects: npt.NDArray[np.uint16]

    @cached_property
    def _into(self) -> tuple[Integers, Places]:
        """For each state the first of the steps that lead to it, and after that how many there are; their sources."""
        order = np.argsort(self.targets, kind="stable")
        sources = np.repeat(np.arange(len(self.space), dtype=np.int32), np.diff(self.first))
        return np.searchsorted(self.targets, np.arange(len(self.space) + 1), sorter=order), sources[order]

    def distances(self, last: Mask, start: int | None = None) -> npt.NDArray[np.int16]:
        """For each state how many requests a shortest way has whose last is sent where a condition holds.

        It is worked out backward, breadth first, from where the condition holds; where there is no way, it is 0.

        Parameters
        ----------
        last: where the condition holds.
        start: a state's place: with what is further off than it, it is not gone on.
        """
        distance = last.astype(np.int16)
        level, reached = 1, np.flatnonzero(distance)
        while len(reached) and (start is None or not distance[start]):
            before = _beside(*self._into, reached)
            level += 1
            distance[before[distance[before] == 0]] = level
            reached = np.flatnonzero(distance == level)
        return distance

    def closer(self, place: int, distances: npt.NDArray[np.int16]) -> tuple[Request, ...]:
        """The requests that make a distance smaller by one, in order of declaration."""
        steps = slice(self.first[place], self.first[place + 1])
        closer = self.does[steps][distances[self.targets[steps]] == distances[place] - 1]
        return tuple(self.offered[int(at)].request for at in np.flatnonzero(np.isin(self.effects, closer)))

    def leads(self, place: int, last: Mask) -> bool:
        """Whether some requests lead from a state to where a condition holds; found out forward, breadth first."""
        seen = np.zeros(len(self.space), dtype=bool)
        seen[place], reached = True, np.array([place])
        while len(reached):
            if last[reached].any():
                return True
            after = _beside(self.first, self.targets, reached)
            reached = np.unique(after[~seen[after]])
            seen[reached] = True
        return False


def _beside(first: Integers, others: Places, places: Integers) -> Places:
    """What stands in a table for each of some places, of which each has as many entries as it needs."""
    counts = first[places + 1] - first[places]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    found: Places = others[np.repeat(first[places], counts) + within]
    return found


@attrs.frozen(eq=False)
class Plan:
    """From every state the shortest ways to a goal, which one chosen request then reaches.

    Parameters
    ----------
    goal: what it leads to.
    way: the request that reaches it, and the verdict on it.
    part: the slice that it was made on.
    distances: for each state of the slice, how many requests a shortest way has; 0 where there is no way.
    """

    goal: Goal
    way: Way
    part: Part
    distances: npt.NDArray[np.int16]

    def distance(self, state: State) -> int:
        """How many requests a shortest way from here has; 0 if there is no way."""
        place = self.part.space.place(state)
        return int(self.distances[place]) if place >= 0 else 0

    def next(self, state: State) -> tuple[Request, ...]:
        """The requests that come next on a shortest way, in order of declaration; none if there is no way."""
        place = self.part.space.place(state)
        distance = int(self.distances[place]) if place >= 0 else 0
        if distance <= 1:
            return (self.way.last,) * distance
        return self.part.closer(place, self.distances)


@attrs.frozen(eq=False)
class Planner:
    """Plans for one system; what it has worked out it keeps.

    Parameters
    ----------
    slices: the system's requests, and what is explored of it.
    largest: the most pairs of a state and a request of a slice that is planned on.
    within: what may be used; by default everything.
    """

    slices: Slices
    largest: int = attrs.field(factory=lambda: LARGEST_PLAN)
    within: Within | None = None
    _spaces: dict[frozenset[str], Space | None] = attrs.field(init=False, factory=dict)
    _parts: dict[Space, Part] = attrs.field(init=False, factory=dict)
    _ways: dict[Goal, tuple[tuple[Way, ...], ...]] = attrs.field(init=False, factory=dict)
    _distances: dict[Hashable, npt.NDArray[np.int16]] = attrs.field(init=False, factory=dict)

    def transitions(self) -> tuple[Goal, ...]:
        """Every transition as a goal, in order of declaration."""
        return tuple(Fire(arrow) for arrow in arrows(self.slices.system))

    def verdicts(self) -> tuple[Goal, ...]:
        """Every kind of verdict that may be given, as a goal; not each of them need be reachable."""
        kinds = (kind for asked in self.slices.distinct for kind in kinds_of(asked.grounded))
        return tuple(Hear(kind) for kind in dict.fromkeys(kinds))

    def cases(self, claims: Iterable[Always]) -> tuple[Goal, ...]:
        """The case of each claim that has one which is not simply everything."""
        found = ((claim, case_of(claim)) for claim in claims)
        return tuple(Meet(claim, case) for claim, case in found if case is not TRUE)

    def ways(self, goal: Goal) -> tuple[tuple[Way, ...], ...]:
        """The ways to reach the goal from some reachable state, put together by kind of verdict; none if none does.

        A claim's case may be met in very different depths, and the kinds of verdict tell them apart.
        """
        if goal not in self._ways:
            by_kind: dict[Kind, list[Way]] = {}
            alike: dict[Hashable, tuple[Kind, ...]] = {}
            for asked, number in zip(self.slices.requests, self.slices.kinds, strict=True):
                key = (number, *(asked.bindings.get(field) for field in goal.fields))
                if key not in alike:
                    alike[key] = tuple(self._kinds(goal, asked))
                for kind in alike[key]:
                    by_kind.setdefault(kind, []).append(Way(asked.request, kind))
            self._ways[goal] = tuple(map(tuple, by_kind.values()))
        return self._ways[goal]

    def plan(self, goal: Goal, way: Way) -> Plan:
        """The plan that ends in one of the goal's `ways`."""
        asked = self.slices.asked(way.last)
        last = conjunction(goal.before(asked), heard(asked, way.kind))
        part = self.part(last)
        assert part  # or it would be no way
        key = shape(last)
        if key not in self._distances:
            if len(self._distances) == MOST_PLANS:
                del self._distances[next(iter(self._distances))]
            self._distances[key] = part.distances(part.space.columns.where(last))
        return Plan(goal, way, part, self._distances[key])

    def part(self, condition: Expr) -> Part | None:
        """The smallest slice that decides the condition; ``None`` if it is too large to plan on."""
        space = self._space(condition)
        if space is not None and space not in self._parts:
            self._parts[space] = _part(space, self.within)
        return self._parts[space] if space is not None else None

    def _kinds(self, goal: Goal, asked: Preconditions) -> Iterator[Kind]:
        """With which kinds of verdict the request reaches the goal."""
        before = goal.before(asked)
        for kind in kinds_of(asked.grounded) if before is not FALSE else ():
            last = conjunction(before, heard(asked, kind))
            if last is not FALSE and self._space(last) and self.slices.first(last):
                yield kind

    def _space(self, condition: Expr) -> Space | None:
        """The smallest slice that decides the condition; ``None`` if it is too large to plan on."""
        names = self.slices.cone(variables_of(condition).keys())
        if names not in self._spaces:
            moving = sum(not names.isdisjoint(asked.changed) for asked in self.slices.requests)
            try:
                self._spaces[names] = self.slices.space(names, most=self.largest // max(moving, 1))
            except TooLarge:
                self._spaces[names] = None
        return self._spaces[names]


def _part(space: Space, within: Within | None) -> Part:
    offered = tuple(effect for effect in space.effects if within is None or effect.request in within.requests)
    numbers = {effect.shape: number for number, effect in enumerate(distinct(offered))}
    steps = [space.moves(effect) for effect in distinct(offered)]
    if within is not None:
        may_be = np.ones(len(space), dtype=bool)
        for variable in space.variables:
            may_be &= space.columns.where(among(variable, dict(within.values)[variable.name]))
        steps = [(moved[may_be[after]], after[may_be[after]]) for moved, after in steps]
    none = np.empty(0, dtype=np.int32)
    sources = np.concatenate([none, *(moved for moved, _ in steps)])
    targets = np.concatenate([none, *(after for _, after in steps)])
    does = np.repeat(np.arange(len(steps), dtype=np.uint16), [len(moved) for moved, _ in steps])
    order = np.argsort(sources, kind="stable")
    first = np.searchsorted(sources, np.arange(len(space) + 1), sorter=order)
    effects = np.array([numbers[effect.shape] for effect in offered], dtype=np.uint16)
    return Part(space, offered, first, targets[order], does[order], effects)


@lru_cache(maxsize=8)
def planner(system: System) -> Planner:
    """The planner of a system, which every run in this process shares."""
    return Planner(slices(system))
