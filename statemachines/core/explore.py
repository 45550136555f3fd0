"""Exhaustive exploration, breadth first: a rule is a mask over the states that were reached last."""

from collections.abc import Hashable, Iterable, Sequence
from enum import Enum
from math import prod

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.core.columns import Columns, Index, Integers, Places, Radices
from statemachines.core.errors import DeclarationError
from statemachines.core.ground import ground
from statemachines.core.preconditions import Change, Preconditions
from statemachines.core.requests import Request
from statemachines.core.system import State, System
from statemachines.core.terms import Variable

LARGEST_PRODUCT = 1 << 62
"""The most combinations of values: each of them has to be an integer of 64 bits."""
LARGEST_SPACE = 1 << 24
"""The most states that are explored: some 30 bytes and one for each variable are kept of each."""


class TooLarge(DeclarationError):  # noqa: N818  # a limit is met, and nobody made an error
    """There are too many states to explore them."""


@attrs.frozen(eq=False)
class Effect:
    """What a request may do to the variables of a space. Effects of one shape are written alike."""

    request: Request
    changes: tuple[Change, ...]

    @property
    def shape(self) -> Hashable:
        """A key that effects share that are written alike."""
        return tuple(change.shape for change in self.changes)


@attrs.frozen(eq=False)
class Space:
    """Every reachable state of a system, in breadth-first order, and how each was first reached.

    Parameters
    ----------
    system: what was explored.
    radices: the variables that were kept; the others are at their first initial value throughout.
    effects: the requests that may change something, in order of declaration.
    columns: the states.
    depth: for each state, the fewest requests that lead to it.
    parent, by: for each state, the state before it and the effect that led from there; -1 at the start.
    """

    system: System
    radices: Radices
    effects: tuple[Effect, ...]
    columns: Columns
    depth: npt.NDArray[np.int32]
    parent: Places
    by: Places
    _index: Index

    def __len__(self) -> int:
        return len(self.depth)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables that were kept."""
        return self.radices.variables

    def state(self, place: int) -> State:
        """The state at a place."""
        values = {
            variable.name: variable.domain[int(array[place])]
            for variable, array in zip(self.variables, self.columns.arrays, strict=True)
        }
        return self.system.state(**values)

    def place(self, state: State) -> int:
        """The place of a state, as far as the variables go that were kept; -1 if it is not reachable."""
        integer = sum(
            variable.position(getattr(state, variable.name)) * weight
            for variable, weight in zip(self.variables, self.radices.weights, strict=True)
        )
        return int(self.at(np.array([integer]))[0])

    def at(self, integers: Integers) -> Places:
        """The places of the states with these integers; -1 where one is not reachable."""
        return self._index[integers]

    def path(self, place: int) -> tuple[State, tuple[Request, ...]]:
        """A shortest way to a state: where it starts, and the requests."""
        requests: list[Request] = []
        while self.parent[place] >= 0:
            requests.append(self.effects[int(self.by[place])].request)
            place = int(self.parent[place])
        return self.state(place), tuple(reversed(requests))

    def moves(self, effect: Effect) -> tuple[Places, Places]:
        """The places of the states that a request changes, and of the states after it."""
        moved, shift = shifted(effect, self.columns, self.radices)
        integers = self.radices.integers(Columns(self.columns.names, tuple(a[moved] for a in self.columns.arrays)))
        return moved.astype(np.int32), self.at(integers + shift)

    def successors(self, effect: Effect) -> Places:
        """For each state, the place of the state after the request."""
        result = np.arange(len(self), dtype=np.int32)
        moved, after = self.moves(effect)
        result[moved] = after
        return result


def shifted(effect: Effect, columns: Columns, radices: Radices) -> tuple[Integers, Integers]:
    """Which of the states a request changes, and by how much it changes their integers."""
    shift: Integers | None = None
    for change in effect.changes:
        fires = np.flatnonzero(columns.where(change.when))
        if len(fires):
            shift = np.zeros(len(columns), dtype=np.int64) if shift is None else shift
            before = columns.of(change.variable)[fires].astype(np.int64)
            shift[fires] += (change.variable.position(change.target) - before) * radices.weight(change.variable)
    if shift is None:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    moved = np.flatnonzero(shift)
    return moved, shift[moved]


def explore(
    system: System,
    *,
    variables: Iterable[Variable] | None = None,
    requests: Iterable[Preconditions] | None = None,
    most: int = LARGEST_SPACE,
) -> Space:
    """Every state that the system can reach.

    Parameters
    ----------
    variables: those to keep, for a slice; by default all. What changes one of them may read no others.
    requests: the system's requests; where they are known they need not be grounded again.
    most: how many states may be found.

    Raises
    ------
    TooLarge: when there are more combinations of values than 64 bits can tell apart, or more states than may be found.
    """
    radices = Radices(tuple(system.variables if variables is None else variables))
    size = radices.product
    if size > LARGEST_PRODUCT:
        raise _too_large(system, radices, f"{size:,} combinations of values, and {LARGEST_PRODUCT:,} can be told apart")
    effects = tuple(_effects(preconditions(system) if requests is None else requests, radices.names))
    starts = [system.lifecycle(name).initial for name in radices.names]
    if prod(map(len, starts)) > most:
        raise _too_large(system, radices, f"more than {most:,} initial states")
    index = Index(size)
    frontier = _initial(radices, starts)
    levels, parents, bys = [frontier], [np.full(len(frontier), -1)], [np.full(len(frontier), -1)]
    offset = 0
    moving = distinct(effects)
    while len(frontier):
        index.add(frontier)
        if offset + len(frontier) > most:
            raise _too_large(system, radices, f"more than {most:,} reachable states")
        columns = radices.columns(frontier)
        targets, parent, by = [frontier[:0]], [frontier[:0]], [frontier[:0]]
        for effect, at in moving.items():
            moved, shift = shifted(effect, columns, radices)
            found = frontier[moved] + shift
            fresh = np.flatnonzero(index[found] < 0)
            targets.append(found[fresh])
            parent.append(moved[fresh] + offset)
            by.append(np.full(len(fresh), at))
        offset += len(frontier)
        every = np.concatenate(targets)
        first = np.sort(np.unique(every, return_index=True)[1])  # the first way there, in order of declaration
        frontier = every[first]
        levels.append(frontier)
        parents.append(np.concatenate(parent)[first])
        bys.append(np.concatenate(by)[first])
    return Space(
        system,
        radices,
        effects,
        radices.columns(np.concatenate(levels)),
        np.repeat(np.arange(len(levels), dtype=np.int32), [len(level) for level in levels]),
        np.concatenate(parents).astype(np.int32),
        np.concatenate(bys).astype(np.int32),
        index,
    )


def preconditions(system: System) -> tuple[Preconditions, ...]:
    """Every request of the system, in order of declaration."""
    return tuple(Preconditions(ground(system, request)) for request in system.all_requests())


def _effects(requests: Iterable[Preconditions], names: Sequence[str]) -> Iterable[Effect]:
    for asked in requests:
        changes = tuple(change for change in asked.changes if change.variable.name in names)
        if changes:
            yield Effect(asked.request, changes)


def distinct(effects: Iterable[Effect]) -> dict[Effect, int]:
    """The first effect of each shape, and its place: requests that do the same lead nowhere else."""
    found: dict[Hashable, tuple[Effect, int]] = {}
    for at, effect in enumerate(effects):
        found.setdefault(effect.shape, (effect, at))
    return dict(found.values())


def _initial(radices: Radices, starts: Sequence[Sequence[Enum]]) -> Integers:
    integers = np.zeros(1, dtype=np.int64)
    for variable, weight, values in zip(radices.variables, radices.weights, starts, strict=True):
        places = [variable.position(value) * weight for value in values]
        integers = np.add.outer(integers, np.array(places, dtype=np.int64)).ravel()
    return integers


def _too_large(system: System, radices: Radices, what: str) -> TooLarge:
    return TooLarge(f"system {system.name!r} has {what}, of the variables {', '.join(radices.names)}")
