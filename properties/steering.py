"""Steering: goals of a run, and a shortest way to each from wherever the run is.

A plan is made on a slice of the system, backward from the goal, once; following it is then a lookup for each step.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import attrs
import numpy as np
import numpy.typing as npt

from properties.coverage import Arrow, Kind, arrows, kind_of
from statemachines.core.claims import Always
from statemachines.core.explore import Mask, Outcome, Space, cone, ground_all, outcome, slice_of
from statemachines.core.expression import FALSE, TRUE, All, Expr, Moment, Not, conjunction, disjunction
from statemachines.core.gates import Verdict
from statemachines.core.ground import Grounded
from statemachines.core.requests import Request
from statemachines.core.sweep import Steps
from statemachines.core.system import State, System
from statemachines.core.terms import After, Variable

LARGEST_SLICE = 1 << 20
"""The most combinations of values of a slice that is planned on; what needs a larger one is left to noise."""


class Goal:
    """Something that one step of a run can bring about."""

    __slots__ = ()

    def narrowed(self, grounded: Grounded) -> Grounded | None:
        """As much of the request's declarations as decides whether it reaches the goal; ``None`` if it never does."""
        raise NotImplementedError

    def reads(self, narrowed: Grounded) -> Iterator[Variable]:
        """The variables that decide whether the request reaches the goal."""
        return narrowed.reads()

    def where(self, result: Outcome, space: Space) -> Mask:
        """In which states the request reaches the goal."""
        raise NotImplementedError

    def reached(self, moment: Moment, verdict: Verdict) -> bool:
        """Whether a step reached the goal."""
        raise NotImplementedError


@attrs.frozen
class Fire(Goal):
    """A transition fires."""

    arrow: Arrow

    def narrowed(self, grounded: Grounded) -> Grounded | None:
        moves = tuple(move for move in grounded.moves if move.transition is self.arrow.transition)
        return attrs.evolve(grounded, moves=moves) if moves else None

    def where(self, result: Outcome, space: Space) -> Mask:  # noqa: ARG002
        return result.fired[0]

    def reached(self, moment: Moment, verdict: Verdict) -> bool:  # noqa: ARG002
        return self.arrow.transition in verdict.fired

    def __str__(self) -> str:
        return str(self.arrow)


@attrs.frozen
class Hear(Goal):
    """A verdict of some kind is given."""

    kind: Kind

    def _places(self, grounded: Grounded) -> list[int]:
        return [at for at, case in enumerate(grounded.rulings) if kind_of(grounded.request, case.verdict) == self.kind]

    def narrowed(self, grounded: Grounded) -> Grounded | None:
        places = self._places(grounded) if grounded.request.type is self.kind.type else []
        return attrs.evolve(grounded, rulings=grounded.rulings[: places[-1] + 1], moves=()) if places else None

    def where(self, result: Outcome, space: Space) -> Mask:  # noqa: ARG002
        return np.isin(result.ruling, self._places(result.grounded))

    def reached(self, moment: Moment, verdict: Verdict) -> bool:
        return moment.request is not None and kind_of(moment.request, verdict) == self.kind

    def __str__(self) -> str:
        return str(self.kind)


@attrs.frozen
class Meet(Goal):
    """A claim's case: a step of which the claim says something, or a step to such a state.

    Parameters
    ----------
    claim: the claim.
    case: when it says something.
    """

    claim: Always
    case: Expr

    def _case(self, request: Request) -> Expr:
        return self.case.given(request.bindings(), request.type)

    def narrowed(self, grounded: Grounded) -> Grounded | None:
        if not self.claim.of_steps:
            read = list(self.case.terms())
            moves = tuple(move for move in grounded.moves if any(move.lifecycle.variable is term for term in read))
            return attrs.evolve(grounded, moves=moves) if moves else None
        case = self._case(grounded.request)
        if case is FALSE:
            return None
        changed = [term.variable for term in case.terms() if isinstance(term, After)]
        moves = tuple(move for move in grounded.moves if any(move.lifecycle.variable is one for one in changed))
        return attrs.evolve(grounded, moves=moves)

    def reads(self, narrowed: Grounded) -> Iterator[Variable]:
        yield from narrowed.reads()
        case = self._case(narrowed.request) if self.claim.of_steps else self.case
        for term in case.terms():
            if isinstance(term, Variable | After):
                yield term.variable if isinstance(term, After) else term

    def where(self, result: Outcome, space: Space) -> Mask:
        if not self.claim.of_steps:
            here: Mask = space.columns.where(self.case)
            return here[space.successors(result)]
        return Steps(space, result).where(self._case(result.grounded.request))

    def reached(self, moment: Moment, verdict: Verdict) -> bool:  # noqa: ARG002
        if not self.claim.of_steps:
            return self.case.holds(Moment(moment.after or moment.before))
        return moment.request is not None and self._case(moment.request).holds(moment)

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


@attrs.frozen(eq=False)
class Slice:
    """The reachable states of a part of the system, and where each request leads.

    Parameters
    ----------
    space: the states.
    successors: a row for each of the space's requests: for each state, the place of the state after it.
    """

    space: Space
    successors: npt.NDArray[np.int32]


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
    part: Slice
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
        closer = self.distances[self.part.successors[:, place]] == distance - 1
        return tuple(self.part.space.grounded[int(at)].request for at in np.flatnonzero(closer))


@attrs.frozen(eq=False)
class Planner:
    """Plans for one system; what it has worked out it keeps.

    Parameters
    ----------
    grounded: the system's requests, in order of declaration.
    moving: those that can change anything.
    """

    system: System
    grounded: tuple[Grounded, ...]
    moving: tuple[Grounded, ...]
    _cones: dict[frozenset[str], frozenset[str]] = attrs.field(init=False, factory=dict)
    _slices: dict[frozenset[str], Slice | None] = attrs.field(init=False, factory=dict)
    _ways: dict[Goal, tuple[tuple[Way, ...], ...]] = attrs.field(init=False, factory=dict)
    _plans: dict[tuple[Goal, Way], Plan] = attrs.field(init=False, factory=dict)

    def transitions(self) -> tuple[Goal, ...]:
        """Every transition as a goal, in order of declaration."""
        return tuple(Fire(arrow) for arrow in arrows(self.system))

    def verdicts(self) -> tuple[Goal, ...]:
        """Every kind of verdict that may be given, as a goal; not each of them need be reachable."""
        kinds = (kind_of(case.request, ruling.verdict) for case in self.grounded for ruling in case.rulings)
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
            for case in self.grounded:
                for kind in self._kinds(goal, case):
                    by_kind.setdefault(kind, []).append(Way(case.request, kind))
            self._ways[goal] = tuple(map(tuple, by_kind.values()))
        return self._ways[goal]

    def plan(self, goal: Goal, way: Way) -> Plan:
        """The plan that ends in one of the goal's `ways`."""
        key = (goal, way)
        if key not in self._plans:
            self._plans[key] = self._backward(goal, way)
        return self._plans[key]

    def _kinds(self, goal: Goal, case: Grounded) -> Iterator[Kind]:
        """With which kinds of verdict the request reaches the goal."""
        narrowed = goal.narrowed(case)
        part = self._slice(goal.reads(narrowed)) if narrowed else None
        if narrowed and part:
            result = outcome(narrowed, part.space.columns)
            rulings = np.unique(result.ruling[goal.where(result, part.space)])
            kinds = (kind_of(case.request, case.rulings[int(at)].verdict) for at in rulings if at >= 0)
            yield from dict.fromkeys(kinds)

    def _slice(self, wanted: Iterable[Variable]) -> Slice | None:
        """The smallest slice that decides the variables; ``None`` if it is too large."""
        variables = {variable.name: variable for variable in wanted} or {
            self.system.variables[0].name: self.system.variables[0]
        }
        key = frozenset(variables)
        if key not in self._cones:
            self._cones[key] = frozenset(cone(self.moving, variables.values()))
        names = self._cones[key]
        if names not in self._slices:
            self._slices[names] = self._explored(names)
        return self._slices[names]

    def _explored(self, names: frozenset[str]) -> Slice | None:
        kept = [variable for variable in self.system.variables if variable.name in names]
        if np.prod([float(len(variable.domain)) for variable in kept]) > LARGEST_SLICE:
            return None
        space = slice_of(self.system, self.moving, names)
        rows = [space.successors(outcome(case, space.columns)) for case in space.grounded]
        return Slice(space, np.stack(rows) if rows else np.empty((0, len(space)), dtype=np.int32))

    def _backward(self, goal: Goal, way: Way) -> Plan:
        """Breadth first, from where the last request reaches the goal."""
        narrowed = goal.narrowed(next(case for case in self.grounded if case.request is way.last))
        assert narrowed  # a way reaches its goal
        part = self._slice(goal.reads(narrowed))
        assert part  # on some slice
        result = outcome(narrowed, part.space.columns)
        kinds = [kind_of(way.last, ruling.verdict) for ruling in narrowed.rulings]
        places = [at for at, kind in enumerate(kinds) if kind == way.kind]
        distance = (goal.where(result, part.space) & np.isin(result.ruling, places)).astype(np.int16)
        level = 1
        while len(part.successors):
            fresh = (distance[part.successors] == level).any(axis=0) & (distance == 0)
            if not fresh.any():
                break
            level += 1
            distance[fresh] = level
        return Plan(goal, way, part, distance)


@lru_cache(maxsize=8)
def planner(system: System) -> Planner:
    """The planner of a system, which every run in this process shares."""
    grounded = ground_all(system)
    return Planner(system, grounded, tuple(case for case in grounded if case.moves))
