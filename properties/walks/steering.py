"""Steering: the goals of a run, and a shortest path to each from every state.

A plan is made on a slice of the system, backward from the goal, once; following it is then a lookup for each step.
"""

from collections.abc import Hashable, Iterable, Iterator
from enum import Enum
from functools import cached_property, lru_cache

import attrs
import numpy as np
import numpy.typing as npt

from properties.walks.coverage import Arrow, VerdictKind, arrows, gives_verdict, kind_of, kinds_of
from statemachines.checker.effects import Effect, distinct
from statemachines.checker.encoding import Integers, Mask, StateIndices
from statemachines.checker.explicit import Space
from statemachines.checker.slices import Slices, slices
from statemachines.errors import TooLargeError
from statemachines.language.claims import Always
from statemachines.language.expression import FALSE, TRUE, All, Expr, Moment, Not, among, conjunction, disjunction
from statemachines.language.requests import Field, Request
from statemachines.language.system import State, System
from statemachines.semantics.preconditions import Preconditions, fields_of, structural_key, variables_of
from statemachines.semantics.trace import Step

LARGEST_PLAN = 1 << 26
"""The largest slice that is planned on by default, in pairs of a state and a request; other goals are left to noise."""

MOST_PLANS = 512
"""How many plans are cached; each has two bytes for every state of its slice."""


class Goal:
    """Something that one step of a run can bring about."""

    __slots__ = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of a request that the goal depends on."""
        return ()

    def before(self, asked: Preconditions) -> Expr:
        """When the request reaches the goal: a condition on the state before."""
        raise NotImplementedError

    def reached(self, step: Step) -> bool:
        """Whether a step reached the goal."""
        raise NotImplementedError


@attrs.frozen
class FireTransition(Goal):
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
class GetVerdict(Goal):
    """A verdict of a kind is given."""

    kind: VerdictKind

    def before(self, asked: Preconditions) -> Expr:
        return gives_verdict(asked, self.kind) if asked.request.type is self.kind.type else FALSE

    def reached(self, step: Step) -> bool:
        return kind_of(step.request, step.verdict) == self.kind

    def __str__(self) -> str:
        return str(self.kind)


@attrs.frozen
class MeetCase(Goal):
    """The case of a claim happens: in a step or, for a claim on states, by a change that leads into such a state.

    Parameters
    ----------
    claim: the claim.
    case: its condition.
    """

    claim: Always
    case: Expr

    @property
    def fields(self) -> tuple[Field, ...]:
        return fields_of(self.case)

    @property
    def _variables(self) -> set[str]:
        return {name for part in (self.case, *self.claim.parts()) for name in variables_of(part)}

    def before(self, asked: Preconditions) -> Expr:
        if self.claim.of_steps:
            return asked.of(self.case)
        changes = [change.when for change in asked.changes if change.variable.name in self._variables]
        return conjunction(asked.leads_to(self.case), disjunction(*changes)) if changes else FALSE

    def reached(self, step: Step) -> bool:
        if self.claim.of_steps:
            return self.case.holds(step.moment)
        changed = not self._variables.isdisjoint(step.changes)
        return changed and self.case.holds(Moment(step.after.as_dict()))

    def __str__(self) -> str:
        return f"the case of: {self.claim.name}"


def case_of(claim: Always) -> Expr:
    """The case of a claim; where it names none, that the premise of one of its implications holds."""
    if claim.when is not TRUE:
        return claim.when
    parts = claim.then.parts if isinstance(claim.then, All) else (claim.then,)
    conditions = [
        conjunction(*part.part.parts[:-1]) for part in parts if isinstance(part, Not) and isinstance(part.part, All)
    ]
    return disjunction(*conditions) if conditions else TRUE


@attrs.frozen
class Ending:
    """The last step of a path to a goal: its request, and the kind of verdict on it."""

    last: Request
    kind: VerdictKind


@attrs.frozen
class Restriction:
    """What a plan may use.

    Parameters
    ----------
    requests: the requests that may be sent.
    values: the name of each variable, and the values that it may be changed to.
    """

    requests: frozenset[Request]
    values: tuple[tuple[str, frozenset[Enum]], ...]


@attrs.frozen(eq=False)
class PlanGraph:
    """A slice that is planned on, as a graph: its states, and every step that changes a variable and is permitted.

    Parameters
    ----------
    space: the states.
    offered: the effects of the requests that may be sent, in order of declaration.
    first: for each state the index of its first outgoing step, then the number of steps (compressed sparse rows).
    targets: for each step the index of the state after it.
    does: for each step the number of its effect.
    effects: for each of the offered effects its number; equal effects share one.
    """

    space: Space
    offered: tuple[Effect, ...]
    first: Integers
    targets: StateIndices
    does: npt.NDArray[np.uint16]
    effects: npt.NDArray[np.uint16]

    @cached_property
    def _into(self) -> tuple[Integers, StateIndices]:
        """The incoming steps: for each state the index of its first, then the number of steps; the sources of all."""
        order = np.argsort(self.targets, kind="stable")
        sources = np.repeat(np.arange(len(self.space), dtype=np.int32), np.diff(self.first))
        return np.searchsorted(self.targets, np.arange(len(self.space) + 1), sorter=order), sources[order]

    def distances(self, last: Mask, start: int | None = None) -> npt.NDArray[np.int16]:
        """For each state the length of a shortest path whose last request is sent where a condition holds, or 0.

        Computed backward, breadth first, from the states where the condition holds.

        Parameters
        ----------
        last: where the condition holds.
        start: the index of a state; the search ends when its distance is known.
        """
        distance = last.astype(np.int16)
        level, reached = 1, np.flatnonzero(distance)
        while len(reached) and (start is None or not distance[start]):
            before = _neighbours(*self._into, reached)
            level += 1
            distance[before[distance[before] == 0]] = level
            reached = np.flatnonzero(distance == level)
        return distance

    def closer(self, index: int, distances: npt.NDArray[np.int16]) -> tuple[Request, ...]:
        """The requests that make the distance smaller by one, in order of declaration."""
        steps = slice(self.first[index], self.first[index + 1])
        closer = self.does[steps][distances[self.targets[steps]] == distances[index] - 1]
        return tuple(self.offered[int(at)].request for at in np.flatnonzero(np.isin(self.effects, closer)))

    def leads(self, index: int, last: Mask) -> bool:
        """Whether a path leads from a state to one where a condition holds; searched forward, breadth first."""
        seen = np.zeros(len(self.space), dtype=bool)
        seen[index], reached = True, np.array([index])
        while len(reached):
            if last[reached].any():
                return True
            after = _neighbours(self.first, self.targets, reached)
            reached = np.unique(after[~seen[after]])
            seen[reached] = True
        return False


def _neighbours(first: Integers, others: StateIndices, indices: Integers) -> StateIndices:
    """The neighbours of several states, from compressed sparse rows."""
    counts = first[indices + 1] - first[indices]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    neighbours: StateIndices = others[np.repeat(first[indices], counts) + within]
    return neighbours


@attrs.frozen(eq=False)
class Plan:
    """From every state the shortest paths to a goal that end with one given request.

    Parameters
    ----------
    goal: what it leads to.
    ending: the last request, and the kind of verdict on it.
    graph: of the slice that it was made on.
    distances: for each state of the slice the length of a shortest path; 0 where there is none.
    """

    goal: Goal
    ending: Ending
    graph: PlanGraph
    distances: npt.NDArray[np.int16]

    def distance(self, state: State) -> int:
        """The length of a shortest path from a state; 0 if there is none."""
        index = self.graph.space.index(state)
        return int(self.distances[index]) if index >= 0 else 0

    def next(self, state: State) -> tuple[Request, ...]:
        """The requests that come next on a shortest path, in order of declaration; none if there is no path."""
        index = self.graph.space.index(state)
        distance = int(self.distances[index]) if index >= 0 else 0
        if distance <= 1:
            return (self.ending.last,) * distance
        return self.graph.closer(index, self.distances)


@attrs.frozen(eq=False)
class Planner:
    """Plans for one system, cached.

    Parameters
    ----------
    slices: the system's requests, and what is explored of it.
    largest: the size of the largest slice that is planned on, in pairs of a state and a request.
    restriction: what plans may use; by default everything.
    """

    slices: Slices
    largest: int = attrs.field(factory=lambda: LARGEST_PLAN)
    restriction: Restriction | None = None
    _spaces: dict[frozenset[str], Space | None] = attrs.field(init=False, factory=dict)
    _graphs: dict[Space, PlanGraph] = attrs.field(init=False, factory=dict)
    _endings: dict[Goal, tuple[tuple[Ending, ...], ...]] = attrs.field(init=False, factory=dict)
    _distances: dict[Hashable, npt.NDArray[np.int16]] = attrs.field(init=False, factory=dict)

    def transitions(self) -> tuple[Goal, ...]:
        """Every transition as a goal, in order of declaration."""
        return tuple(FireTransition(arrow) for arrow in arrows(self.slices.system))

    def verdicts(self) -> tuple[Goal, ...]:
        """Every kind of verdict that may be given, as a goal; not each of them need be reachable."""
        kinds = (kind for asked in self.slices.distinct for kind in kinds_of(asked.grounded))
        return tuple(GetVerdict(kind) for kind in dict.fromkeys(kinds))

    def cases(self, claims: Iterable[Always]) -> tuple[Goal, ...]:
        """The case of each claim, unless it is simply everything."""
        cases = ((claim, case_of(claim)) for claim in claims)
        return tuple(MeetCase(claim, case) for claim, case in cases if case is not TRUE)

    def endings(self, goal: Goal) -> tuple[tuple[Ending, ...], ...]:
        """The last steps that reach the goal from a reachable state, grouped by kind of verdict.

        The case of a claim may happen at very different depths, which the kinds of verdict separate.
        """
        if goal not in self._endings:
            by_kind: dict[VerdictKind, list[Ending]] = {}
            alike: dict[Hashable, tuple[VerdictKind, ...]] = {}
            for asked, number in zip(self.slices.requests, self.slices.kinds, strict=True):
                key = (number, *(asked.bindings.get(field) for field in goal.fields))
                if key not in alike:
                    alike[key] = tuple(self._kinds(goal, asked))
                for kind in alike[key]:
                    by_kind.setdefault(kind, []).append(Ending(asked.request, kind))
            self._endings[goal] = tuple(map(tuple, by_kind.values()))
        return self._endings[goal]

    def plan(self, goal: Goal, ending: Ending) -> Plan:
        """The plan that ends with one of the goal's `endings`."""
        asked = self.slices.asked(ending.last)
        last = conjunction(goal.before(asked), gives_verdict(asked, ending.kind))
        graph = self.graph(last)
        assert graph  # or it would be no ending
        key = structural_key(last)
        if key not in self._distances:
            if len(self._distances) == MOST_PLANS:
                del self._distances[next(iter(self._distances))]
            self._distances[key] = graph.distances(graph.space.columns.where(last))
        return Plan(goal, ending, graph, self._distances[key])

    def graph(self, condition: Expr) -> PlanGraph | None:
        """The graph of the smallest slice that decides the condition; ``None`` if it is too large to plan on."""
        space = self._space(condition)
        if space is not None and space not in self._graphs:
            self._graphs[space] = _graph(space, self.restriction)
        return self._graphs[space] if space is not None else None

    def _kinds(self, goal: Goal, asked: Preconditions) -> Iterator[VerdictKind]:
        """The kinds of verdict with which the request reaches the goal."""
        before = goal.before(asked)
        for kind in kinds_of(asked.grounded) if before is not FALSE else ():
            last = conjunction(before, gives_verdict(asked, kind))
            if last is not FALSE and self._space(last) and self.slices.first(last):
                yield kind

    def _space(self, condition: Expr) -> Space | None:
        """The smallest slice that decides the condition; ``None`` if it is too large to plan on."""
        names = self.slices.cone(variables_of(condition).keys())
        if names not in self._spaces:
            moving = sum(not names.isdisjoint(asked.changed) for asked in self.slices.requests)
            try:
                self._spaces[names] = self.slices.space(names, most=self.largest // max(moving, 1))
            except TooLargeError:
                self._spaces[names] = None
        return self._spaces[names]


def _graph(space: Space, restriction: Restriction | None) -> PlanGraph:
    offered = tuple(effect for effect in space.effects if restriction is None or effect.request in restriction.requests)
    numbers = {effect.key: number for number, effect in enumerate(distinct(offered))}
    steps = [space.moves(effect) for effect in distinct(offered)]
    if restriction is not None:
        may_be = np.ones(len(space), dtype=bool)
        for variable in space.variables:
            may_be &= space.columns.where(among(variable, dict(restriction.values)[variable.name]))
        steps = [(moved[may_be[after]], after[may_be[after]]) for moved, after in steps]
    none = np.empty(0, dtype=np.int32)
    sources = np.concatenate([none, *(moved for moved, _ in steps)])
    targets = np.concatenate([none, *(after for _, after in steps)])
    does = np.repeat(np.arange(len(steps), dtype=np.uint16), [len(moved) for moved, _ in steps])
    order = np.argsort(sources, kind="stable")
    first = np.searchsorted(sources, np.arange(len(space) + 1), sorter=order)
    effects = np.array([numbers[effect.key] for effect in offered], dtype=np.uint16)
    return PlanGraph(space, offered, first, targets[order], does[order], effects)


@lru_cache(maxsize=8)
def planner(system: System) -> Planner:
    """The planner of a system, shared by every run in this process."""
    return Planner(slices(system))
