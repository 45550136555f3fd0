"""Exhaustive explicit exploration, breadth first."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from enum import Enum
from functools import cached_property
from math import prod

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.checker.effects import Effect, distinct, effects_on
from statemachines.checker.encoding import Columns, Integers, Mask, Radices, StateIndices, where
from statemachines.checker.state_set import SortedSet, StateSet, ordered, state_set
from statemachines.checker.successors import CHUNK, Shifts, Successors
from statemachines.errors import TooLargeError
from statemachines.language.requests import Request
from statemachines.language.system import State, System
from statemachines.language.terms import Variable
from statemachines.memory import SHARE, available, in_words
from statemachines.semantics.overlaps import refuse_overlaps
from statemachines.semantics.preconditions import Preconditions, preconditions

LARGEST_PRODUCT = 1 << 62
"""The most combinations of values: each of them has to be an integer of 64 bits."""
LARGEST_SPACE = 1 << 31
"""The most states that are explored: the index of each is an integer of 32 bits."""
LARGEST_MAP = 1 << 22
"""The most combinations of values for which the index of each is kept; of more, those reached are looked up."""
A_STATE = 40
"""The bytes that a state may take, besides one for each variable: its integer three times, its depth, its index."""
IN_A_SORTED_SET = 32
"""How many bytes more it may take where known states are kept in a sorted array, which is copied when it grows."""

Progress = Callable[[int, int], None]
"""Called with the depth, and the number of states so far."""


@attrs.frozen
class Needs:
    """What an exploration takes, as it is known before it starts.

    Parameters
    ----------
    combinations: how many combinations of values there are: the most states that there can be.
    fixed: how many bytes it takes however many states there are.
    a_state: how many bytes a state takes.
    most: how many states there may be.
    memory: how many bytes it may take.
    """

    combinations: int
    fixed: int
    a_state: int
    most: int
    memory: int

    def words(self) -> str:
        """What it takes, in a sentence."""
        takes = (
            f"{self.combinations:,} combinations of values; exploring takes {in_words(self.fixed)}, and {self.a_state} "
            "bytes for each state that is reached"
        )
        if self.most == self.combinations:
            return f"{takes}: {in_words(self.fixed + self.a_state * self.combinations)} at most"
        return f"{takes}: {in_words(self.memory)} are enough for {self.most:,} states"


@attrs.frozen(eq=False)
class View:
    """What some of a slice's variables can be at once.

    Parameters
    ----------
    columns: the combinations of values, in the order in which they are first reached.
    indices: for each, that of the first state that shows it.
    """

    columns: Columns
    indices: Integers


@attrs.frozen(eq=False)
class Space:
    """Every reachable state of a system: by the fewest requests that lead to it, then by its values.

    Parameters
    ----------
    system: what was explored.
    radices: the variables that were kept; the others are at their first initial value throughout.
    effects: the requests that may change something, in order of declaration.
    integers: the states.
    depth: for each state, the fewest requests that lead to it.
    """

    system: System
    radices: Radices
    effects: tuple[Effect, ...]
    integers: Integers
    depth: npt.NDArray[np.int32]
    _successors: Successors
    _moving: tuple[Effect, ...]
    _before: dict[int, tuple[Effect, int]] = attrs.field(init=False, factory=dict)
    _views: dict[frozenset[str], View] = attrs.field(init=False, factory=dict)

    def __len__(self) -> int:
        return len(self.integers)

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables that were kept."""
        return self.radices.variables

    @cached_property
    def columns(self) -> Columns:
        """The states, a column for each variable."""
        return self.radices.columns(self.integers)

    def view(self, names: Collection[str]) -> View:
        """The combinations of values of some of its variables, looked for once."""
        key = frozenset(names)
        if key in self._views:
            return self._views[key]
        radices = Radices(tuple(variable for variable in self.variables if variable.name in names))
        integers = radices.integers(self.columns)
        if radices.product <= len(self):
            first = np.full(radices.product, -1, dtype=np.int64)
            first[integers[::-1]] = np.arange(len(self))[::-1]
            indices = np.sort(first[first >= 0])
        else:
            indices = np.sort(np.unique(integers, return_index=True)[1])
        self._views[key] = View(radices.columns(integers[indices]), indices)
        return self._views[key]

    def state(self, index: int) -> State:
        """The state with an index."""
        integer = int(self.integers[index])
        values = {
            variable.name: variable.domain[integer // weight % size]
            for variable, weight, size in zip(self.variables, self.radices.weights, self.radices.sizes, strict=True)
        }
        return self.system.state(**values)

    def index(self, state: State) -> int:
        """The index of a state, as far as the variables go that were kept; -1 if it is not reachable."""
        integer = sum(
            variable.position(getattr(state, variable.name)) * weight
            for variable, weight in zip(self.variables, self.radices.weights, strict=True)
        )
        return int(self.indices(np.array([integer]))[0])

    @cached_property
    def _indices(self) -> Callable[[Integers], StateIndices]:
        """From the integers of states to their indices."""
        if self.radices.product <= LARGEST_MAP:
            known = np.full(self.radices.product, -1, dtype=np.int32)
            known[self.integers] = np.arange(len(self), dtype=np.int32)
            return known.__getitem__
        order = np.argsort(self.integers).astype(np.int32)
        ordered = self.integers[order]

        def look_up(integers: Integers) -> StateIndices:
            at = np.minimum(np.searchsorted(ordered, integers), len(ordered) - 1)
            return np.where(ordered[at] == integers, order[at], np.int32(-1))

        return look_up

    def indices(self, integers: Integers) -> StateIndices:
        """The indices of the states with these integers; -1 where one is not reachable."""
        return self._indices(integers)

    def path(self, index: int) -> tuple[State, tuple[Request, ...]]:
        """A shortest way to a state: where it starts, and the requests.

        Of several ways the one whose last request is declared first, and of several states to send it in, the one with
        the values that are declared first; and so on, backward.
        """
        requests: list[Request] = []
        while self.depth[index]:
            effect, index = self._step_to(index)
            requests.append(effect.request)
        return self.state(index), tuple(reversed(requests))

    def _step_to(self, index: int) -> tuple[Effect, int]:
        """The last step of a shortest way to a state: the effect, and the index of the state before it."""
        if index not in self._before:
            start, end = np.searchsorted(self.depth, [self.depth[index] - 1, self.depth[index]])
            earlier = self.integers[start:end]
            number, integer = self._successors.before(int(self.integers[index]), earlier)
            self._before[index] = self._moving[number], int(start + np.searchsorted(earlier, integer))
        return self._before[index]

    def changing(self) -> int:
        """How many pairs of a state and a request there are in which the request changes the state."""
        alike = Counter(effect.key for effect in self.effects)
        total = 0
        for start in range(0, len(self), CHUNK):
            columns = self.radices.columns(self.integers[start : start + CHUNK])
            for effect, shifts in zip(self._moving, self._successors.shifts, strict=True):
                total += len(shifts.moved(columns)[0]) * alike[effect.key]
        return total

    def leading_to(self, goal: Mask) -> Mask:
        """The states from which some requests, or none, lead to one of some others.

        Those that have no way to one yet are asked again and again where one request leads from them, the deepest
        first, since most ways lead from less deep states to deeper ones.
        """
        can = goal.copy()
        known = state_set(self.radices.product)
        known.add(ordered(self.integers.compress(goal)))
        left, before = where(~can)[::-1], -1
        while len(left) != before:
            for start in range(0, len(left), CHUNK):
                chunk = left[start : start + CHUNK]
                integers = self.integers.take(chunk)
                able = np.zeros(len(chunk), dtype=bool)
                for indices, targets in self._successors.steps(integers):
                    able[indices.compress(~known.unseen(targets))] = True
                known.add(ordered(integers.compress(able)))
                can[chunk.compress(able)] = True
            left, before = left.compress(~can.take(left)), len(left)
        return can

    def moves(self, effect: Effect) -> tuple[StateIndices, StateIndices]:
        """The indices of the states that a request changes, and of the states after it."""
        moved, targets = Shifts(effect.changes, self.radices).moved(self.columns)
        return moved.astype(np.int32), self.indices(targets)

    def successors(self, effect: Effect) -> StateIndices:
        """For each state, the index of the state after the request."""
        result = np.arange(len(self), dtype=np.int32)
        moved, after = self.moves(effect)
        result[moved] = after
        return result


def explore(
    system: System,
    *,
    variables: Iterable[Variable] | None = None,
    requests: Iterable[Preconditions] | None = None,
    most: int | None = None,
    within: int | None = None,
    memory: int | None = None,
    needs: Callable[[Needs], None] | None = None,
    progress: Progress | None = None,
) -> Space:
    """Every state that the system can reach, or those that few requests lead to.

    Parameters
    ----------
    variables: those to keep, for a slice; by default all. What changes one of them may read no others.
    requests: the system's requests; where they are known they need not be grounded again.
    most: how many states there may be; by default as many as can be.
    within: the most requests that lead to a state; what is farther is not explored.
    memory: how many bytes it may take; by default three quarters of what is available.
    needs: called before it starts with what it takes.
    progress: called while it goes on with how far it is.

    Raises
    ------
    DeclarationError: for two transitions of a lifecycle that can fire at once.
    TooLargeError: when there are more combinations of values than 64 bits can number, more states than `most`,
        or when it would take more memory than it may.
    """
    refuse_overlaps(system)
    radices = Radices(tuple(system.variables if variables is None else variables))
    if radices.product > LARGEST_PRODUCT:
        raise _too_large(
            system, radices, f"{radices.product:,} combinations of values, and {LARGEST_PRODUCT:,} can be distinguished"
        )
    effects = tuple(effects_on(preconditions(system) if requests is None else requests, radices.names))
    moving = tuple(distinct(effects))
    # Near the start are few of all combinations, and almost each of them would take a page of bits.
    known = state_set(radices.product) if within is None else SortedSet()
    successors = Successors(radices, moving)
    most = LARGEST_SPACE if most is None else most
    allowed = round(SHARE * available()) if memory is None else memory
    needed = _needs(radices, known, allowed, most)
    if needs:
        needs(needed)
    if needed.most < 1:
        raise _too_large(system, radices, f"{needed.words()}, and more is needed to explore them")
    starts = [system.lifecycle(name).initial for name in radices.names]
    if prod(map(len, starts)) > needed.most:
        raise _too_large(system, radices, f"more than {needed.most:,} initial states{_because(needed, most)}")
    frontier = _initial(radices, starts)
    known.add(frontier)
    levels = []
    total = 0
    while len(frontier):
        levels.append(frontier)
        total += len(frontier)
        if total > needed.most:
            where = f", {len(levels) - 1} requests from the start" if len(levels) > 1 else ""
            raise _too_large(
                system, radices, f"more than {needed.most:,} reachable states{where}{_because(needed, most)}"
            )
        if progress:
            progress(len(levels) - 1, total)
        if within is not None and len(levels) > within:
            break
        frontier = successors.fresh(frontier, known)
    depth = np.repeat(np.arange(len(levels), dtype=np.int32), [len(level) for level in levels])
    return Space(system, radices, effects, np.concatenate(levels), depth, successors, moving)


def _needs(radices: Radices, known: StateSet, memory: int, most: int) -> Needs:
    a_state = A_STATE + len(radices.variables) + (IN_A_SORTED_SET if isinstance(known, SortedSet) else 0)
    affordable = max(0, memory - known.bytes) // a_state
    return Needs(radices.product, known.bytes, a_state, min(radices.product, affordable, most, LARGEST_SPACE), memory)


def _because(needed: Needs, most: int) -> str:
    """Why there may be no more states, where it is for want of memory."""
    if needed.most in (most, LARGEST_SPACE, needed.combinations):
        return ""
    return f", which is what {in_words(needed.memory)} of memory are enough for"


def _initial(radices: Radices, starts: Sequence[Sequence[Enum]]) -> Integers:
    integers = np.zeros(1, dtype=np.int64)
    for variable, weight, values in zip(radices.variables, radices.weights, starts, strict=True):
        indices = [variable.position(value) * weight for value in values]
        integers = np.add.outer(integers, np.array(indices, dtype=np.int64)).ravel()
    return np.unique(integers)


def _too_large(system: System, radices: Radices, what: str) -> TooLargeError:
    return TooLargeError(f"system {system.name!r} has {what}, of the variables {', '.join(radices.names)}")
