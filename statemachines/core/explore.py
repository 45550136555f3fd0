"""Exhaustive exploration, many states at once: a state is one integer, a rule is a mask over arrays of states."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import product

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.core.errors import DeclarationError
from statemachines.core.expression import All, Among, Constant, Expr, Not, Same
from statemachines.core.ground import Grounded, Move, Ruling, ground
from statemachines.core.requests import Request
from statemachines.core.system import State, System
from statemachines.core.terms import Term, Variable

Codes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]

LARGEST_PRODUCT = 1 << 29
"""The most combinations of values for which a map of visited states is made, at four bytes each."""


def mask(  # noqa: PLR0911  # one return for each kind of expression
    expr: Expr, size: int, codes: Callable[[Term], Codes], extra: Callable[[Expr], Mask] | None = None
) -> Mask:
    """Where the condition holds, over ``size`` states at once.

    Parameters
    ----------
    size: how many states.
    codes: for a term, the position of its value in its domain, in each state.
    extra: answers for kinds of expression that only claims use.
    """
    match expr:
        case Constant():
            return np.full(size, expr.value)
        case Among():
            wanted = [at for at, value in enumerate(expr.term.domain) if value in expr.values]
            column = codes(expr.term)
            if len(wanted) == 1:
                return np.equal(column, wanted[0])
            table = np.zeros(len(expr.term.domain) + 1, dtype=bool)
            table[wanted] = True
            return table[column]
        case Same():
            left, right = codes(expr.left), codes(expr.right)
            if expr.left.domain != expr.right.domain:
                return np.equal(_kind_codes(expr.left)[left], _kind_codes(expr.right)[right])
            return np.full(size, True) if left is right else np.equal(left, right)
        case Not():
            return ~mask(expr.part, size, codes, extra)
        case All():
            result = mask(expr.parts[0], size, codes, extra)
            for part in expr.parts[1:]:
                if not result.any():
                    break
                result = result & mask(part, size, codes, extra)
            return result
        case _:
            if extra is None:
                raise DeclarationError(f"a declaration cannot ask whether {expr.words()}; only a claim can")
            return extra(expr)


def _kind_codes(term: Term) -> Codes:
    """From positions in the term's domain to positions in its enum, which two terms share; then that of no value."""
    members = list(term.kind)
    return np.array([*(members.index(value) for value in term.domain), 255 - len(term.domain)], dtype=np.uint8)


@attrs.frozen(eq=False)
class Columns:
    """Some states, a column of value positions for each variable.

    Parameters
    ----------
    names: the variables, in order.
    arrays: for each, the position of its value in its domain, in each state.
    """

    names: tuple[str, ...]
    arrays: tuple[Codes, ...]

    def __len__(self) -> int:
        return len(self.arrays[0])

    def of(self, term: Term) -> Codes:
        """The column of a variable."""
        return self.arrays[self.names.index(term.name)]

    def where(self, expr: Expr) -> Mask:
        """Where a condition on variables holds."""
        return mask(expr, len(self), self.of)


@attrs.frozen(eq=False)
class Outcome:
    """What one request does in each of some states.

    Parameters
    ----------
    ruling: for each state, which of the grounded rulings decides, or -1 for none.
    fired: for each grounded move, where it fires.
    """

    grounded: Grounded
    ruling: npt.NDArray[np.int16]
    fired: tuple[Mask, ...]

    def after(self, variable: Term, before: Codes) -> Codes:
        """The variable's column after the request."""
        result = before
        for move, fires in zip(self.grounded.moves, self.fired, strict=True):
            if move.lifecycle.variable is variable:
                result = np.where(fires, np.uint8(variable.position(move.transition.target)), result)
        return result


def outcome(grounded: Grounded, columns: Columns) -> Outcome:
    """What the request does in each of the states."""
    size = len(columns)
    ruling = np.full(size, -1, dtype=np.int16)
    passed = np.zeros(size, dtype=bool)
    for at, case in enumerate(grounded.rulings):
        here = columns.where(case.when) & (ruling < 0)
        ruling[here] = at
        if case.verdict.passed:
            passed |= here
    return Outcome(grounded, ruling, tuple(columns.where(move.when) & passed for move in grounded.moves))


@attrs.frozen(eq=False)
class Space:
    """Every reachable state of a system, in breadth-first order, and how each was first reached.

    Parameters
    ----------
    system: what was explored.
    variables: the variables that were kept; the others are at their first initial value throughout.
    grounded: the requests that were looked at, in order of declaration.
    columns: the states.
    depth: for each state, the fewest requests that lead to it.
    parent, by: for each state, the state before it and the request that led from there; -1 at the start.
    lookup: from a state's integer to its place, -1 where it is not reached.
    """

    system: System
    variables: tuple[Variable, ...]
    grounded: tuple[Grounded, ...]
    columns: Columns
    depth: npt.NDArray[np.int16]
    parent: npt.NDArray[np.int32]
    by: npt.NDArray[np.int32]
    lookup: npt.NDArray[np.int32]
    weights: tuple[int, ...]
    _successors: dict[int, npt.NDArray[np.int32]] = attrs.field(init=False, factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.columns)

    def state(self, place: int) -> State:
        """The state at a place."""
        values = {
            variable.name: variable.domain[int(array[place])]
            for variable, array in zip(self.variables, self.columns.arrays, strict=True)
        }
        return self.system.state(**values)

    def place(self, state: State) -> int:
        """The place of a state; -1 if it is not reachable."""
        integer = sum(
            variable.position(getattr(state, variable.name)) * weight
            for variable, weight in zip(self.variables, self.weights, strict=True)
        )
        return int(self.lookup[integer])

    def path(self, place: int) -> tuple[State, tuple[Request, ...]]:
        """A shortest way to a state: where it starts, and the requests."""
        requests: list[Request] = []
        while self.parent[place] >= 0:
            requests.append(self.grounded[int(self.by[place])].request)
            place = int(self.parent[place])
        return self.state(place), tuple(reversed(requests))

    @property
    def moving(self) -> tuple[int, ...]:
        """Which of the requests can change a state at all."""
        return tuple(at for at, case in enumerate(self.grounded) if case.moves)

    def successors(self, result: Outcome) -> npt.NDArray[np.int32]:
        """For each state, the place of the state after the request."""
        integers = _integers(self.columns.arrays, self.weights)
        shift = _shift(result, self.columns, self.variables, self.weights)
        found: npt.NDArray[np.int32] = self.lookup[integers + shift]
        return found

    def successors_on(self, at: int) -> npt.NDArray[np.int32]:
        """The successors on one of the grounded requests, by its place; kept, for they are asked for often."""
        if at not in self._successors:
            self._successors[at] = self.successors(outcome(self.grounded[at], self.columns))
        return self._successors[at]


def explore(
    system: System,
    *,
    variables: Sequence[Variable] | None = None,
    requests: Iterable[Grounded] | None = None,
) -> Space:
    """Every state that the system can reach.

    Parameters
    ----------
    variables: those to keep, for a slice; by default all. A slice is exact for what depends on these alone.
    requests: the grounded requests to look at; by default all of the system's.

    Raises
    ------
    DeclarationError: when the product of the domains is too large to map.
    """
    kept = tuple(system.variables if variables is None else variables)
    grounded = tuple(ground_all(system) if requests is None else requests)
    radices = [len(variable.domain) for variable in kept]
    weights = tuple(int(np.prod(radices[at + 1 :], dtype=np.int64)) for at in range(len(radices)))
    size = int(np.prod([float(radix) for radix in radices]))
    if size > LARGEST_PRODUCT:
        raise DeclarationError(
            f"system {system.name!r} has {size:,} combinations of values; at most {LARGEST_PRODUCT:,} can be mapped"
        )
    lookup = np.full(size, -1, dtype=np.int32)
    moving = [(at, case) for at, case in enumerate(grounded) if case.moves]
    frontier = _initial(system, kept, weights)
    lookup[frontier] = np.arange(len(frontier))
    levels, parents, bys, depths = [frontier], [np.full(len(frontier), -1)], [np.full(len(frontier), -1)], [0]
    offset = 0
    while len(frontier):
        columns = _columns(kept, frontier, radices, weights)
        found, parent, by = [], [], []
        total = offset + len(frontier)
        for at, case in moving:
            shift = _shift(outcome(case, columns), columns, kept, weights)
            moved = np.flatnonzero(shift)
            targets = frontier[moved] + shift[moved]
            fresh = lookup[targets] < 0
            targets, first = np.unique(targets[fresh], return_index=True)
            order = np.argsort(first, kind="stable")
            targets, first = targets[order], first[order]
            lookup[targets] = np.arange(total, total + len(targets))
            total += len(targets)
            found.append(targets)
            parent.append(moved[fresh][first] + offset)
            by.append(np.full(len(targets), at))
        offset += len(frontier)
        frontier = np.concatenate(found) if found else np.empty(0, dtype=np.int64)
        levels.append(frontier)
        parents.append(np.concatenate(parent) if parent else np.empty(0, dtype=np.int64))
        bys.append(np.concatenate(by) if by else np.empty(0, dtype=np.int64))
        depths.append(len(depths))
    depth = np.repeat(np.array(depths, dtype=np.int16), [len(level) for level in levels])
    return Space(
        system,
        kept,
        grounded,
        _columns(kept, np.concatenate(levels), radices, weights),
        depth,
        np.concatenate(parents).astype(np.int32),
        np.concatenate(bys).astype(np.int32),
        lookup,
        weights,
    )


def ground_all(system: System) -> tuple[Grounded, ...]:
    """Every request of the system, grounded, in order of declaration."""
    return tuple(ground(system, request) for request in system.all_requests())


def _initial(system: System, kept: tuple[Variable, ...], weights: tuple[int, ...]) -> Integers:
    starts = [
        [variable.position(value) * weight for value in system.lifecycle(variable.name).initial]
        for variable, weight in zip(kept, weights, strict=True)
    ]
    return np.array([sum(places) for places in product(*starts)], dtype=np.int64)


def _columns(kept: tuple[Variable, ...], integers: Integers, radices: Sequence[int], weights: Sequence[int]) -> Columns:
    arrays = tuple(
        ((integers // weight) % radix).astype(np.uint8) for radix, weight in zip(radices, weights, strict=True)
    )
    return Columns(tuple(variable.name for variable in kept), arrays)


def _integers(arrays: Sequence[Codes], weights: Sequence[int]) -> Integers:
    total = np.zeros(len(arrays[0]), dtype=np.int64)
    for array, weight in zip(arrays, weights, strict=True):
        total += array.astype(np.int64) * weight
    return total


def _shift(result: Outcome, columns: Columns, kept: tuple[Variable, ...], weights: Sequence[int]) -> Integers:
    """By how much the request changes each state's integer."""
    weight_of: Mapping[str, int] = {variable.name: weight for variable, weight in zip(kept, weights, strict=True)}
    shift = np.zeros(len(columns), dtype=np.int64)
    for move, fires in zip(result.grounded.moves, result.fired, strict=True):
        variable = move.lifecycle.variable
        if variable.name in weight_of:
            target = variable.position(move.transition.target)
            change = (target - columns.of(variable).astype(np.int64)) * weight_of[variable.name]
            shift += np.where(fires, change, 0)
    return shift


def cone(grounded: Iterable[Grounded], wanted: Iterable[Variable]) -> set[str]:
    """Cone of influence: the variables that the wanted ones depend on, through any number of requests."""
    cases = list(grounded)
    names = {variable.name for variable in wanted}
    while True:
        grown = set(names)
        for case in cases:
            if any(move.lifecycle.name in names for move in case.moves):
                grown |= {variable.name for ruling in case.rulings for variable in _variables(ruling)}
                grown |= {
                    variable.name
                    for move in case.moves
                    if move.lifecycle.name in names
                    for variable in _variables(move)
                }
        if grown == names:
            return names
        names = grown


def _variables(part: Ruling | Move) -> Iterable[Variable]:
    return (term for term in part.when.terms() if isinstance(term, Variable))


def slice_of(system: System, grounded: Sequence[Grounded], names: Collection[str]) -> Space:
    """The reachable states of a slice of the system: of the variables with these names, which a cone has to give."""
    kept = [variable for variable in system.variables if variable.name in names]
    inside = [
        attrs.evolve(case, moves=tuple(move for move in case.moves if move.lifecycle.name in names))
        for case in grounded
        if any(move.lifecycle.name in names for move in case.moves)
    ]
    return explore(system, variables=kept, requests=inside)
