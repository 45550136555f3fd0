"""Many states at once: a state is one integer, some states are a column of values for each variable."""

from collections.abc import Callable, Sequence
from math import prod

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.core.errors import DeclarationError
from statemachines.core.expression import All, Among, Constant, Expr, Not, Same
from statemachines.core.terms import Term, Variable

Codes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]

LARGEST_MAP = 1 << 21
"""The most combinations of values for which the place of each is kept, at four bytes; of more, those reached only."""


def mask(expr: Expr, size: int, codes: Callable[[Term], Codes]) -> Mask:
    """Where the condition on variables holds, over ``size`` states at once.

    Parameters
    ----------
    size: how many states.
    codes: for a variable, the position of its value in its domain, in each state.
    """
    match expr:
        case Constant():
            return np.full(size, expr.value)
        case Among():
            wanted = [at for at, value in enumerate(expr.term.domain) if value in expr.values]
            return _any_of(codes(expr.term), wanted, len(expr.term.domain))
        case Same():
            left, right = codes(expr.left), codes(expr.right)
            if expr.left.domain == expr.right.domain:
                return np.equal(left, right)
            result = np.zeros(size, dtype=bool)
            for at, value in enumerate(expr.left.domain):
                if value in expr.right.domain:
                    result |= (left == at) & (right == expr.right.domain.index(value))
            return result
        case Not():
            return ~mask(expr.part, size, codes)
        case All():
            result = mask(expr.parts[0], size, codes)
            for part in expr.parts[1:]:
                if not result.any():
                    break
                result &= mask(part, size, codes)
            return result
    raise DeclarationError(f"cannot decide over many states at once whether {expr.words()}")


def _any_of(column: Codes, wanted: Sequence[int], domain: int) -> Mask:
    """Where the column has one of the values: a few comparisons are quicker than a table."""
    if 2 * len(wanted) > domain:
        return ~_any_of(column, [at for at in range(domain) if at not in wanted], domain)
    result = np.equal(column, wanted[0]) if wanted else np.zeros(len(column), dtype=bool)
    for at in wanted[1:]:
        result |= column == at
    return result


@attrs.frozen(eq=False)
class Columns:
    """Some states, a column of value positions for each variable; of no variables at all, the one state there is.

    Parameters
    ----------
    names: the variables, in order.
    arrays: for each, the position of its value in its domain, in each state.
    """

    names: tuple[str, ...]
    arrays: tuple[Codes, ...]

    def __len__(self) -> int:
        return len(self.arrays[0]) if self.arrays else 1

    def of(self, term: Term) -> Codes:
        """The column of a variable."""
        return self.arrays[self.names.index(term.name)]

    def where(self, expr: Expr) -> Mask:
        """Where a condition on variables holds."""
        return mask(expr, len(self), self.of)


@attrs.frozen(eq=False)
class Radices:
    """How states of some variables are numbered."""

    variables: tuple[Variable, ...]
    sizes: tuple[int, ...] = attrs.field(init=False)
    weights: tuple[int, ...] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        sizes = tuple(len(variable.domain) for variable in self.variables)
        object.__setattr__(self, "sizes", sizes)
        object.__setattr__(self, "weights", tuple(prod(sizes[at + 1 :]) for at in range(len(sizes))))

    @property
    def product(self) -> int:
        """How many combinations of values there are."""
        return prod(self.sizes)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the variables."""
        return tuple(variable.name for variable in self.variables)

    def weight(self, variable: Variable) -> int:
        """By how much a state's integer grows with the position of the variable's value."""
        return self.weights[self.names.index(variable.name)]

    def integers(self, columns: Columns) -> Integers:
        """The integer of each state."""
        total = np.zeros(len(columns), dtype=np.int64)
        for name, weight in zip(self.names, self.weights, strict=True):
            total += columns.arrays[columns.names.index(name)].astype(np.int64) * weight
        return total

    def columns(self, integers: Integers) -> Columns:
        """The states with these integers."""
        arrays = tuple(
            ((integers // weight) % size).astype(np.uint8)
            for size, weight in zip(self.sizes, self.weights, strict=True)
        )
        return Columns(self.names, arrays)


class Index:
    """From a state's integer to its place: a map of all integers or, of too many, a table of those there are.

    The table is hashed: an integer is at the slot that its multiple says, or, where that is taken, further on.
    """

    def __init__(self, size: int) -> None:
        self._map = np.full(size, -1, dtype=np.int32) if size <= LARGEST_MAP else None
        self._count = 0
        self._bits = 10
        self._slots = np.full(1 << self._bits, -1, dtype=np.int64)
        self._places = np.empty(1 << self._bits, dtype=np.int32)

    def add(self, integers: Integers) -> None:
        """Give the next places to these; none of them may have one."""
        places = np.arange(self._count, self._count + len(integers), dtype=np.int32)
        self._count += len(integers)
        if self._map is not None:
            self._map[integers] = places
        elif 2 * self._count > len(self._slots):
            taken = self._slots >= 0
            known, at = self._slots[taken], self._places[taken]
            self._bits = (4 * self._count).bit_length()
            self._slots = np.full(1 << self._bits, -1, dtype=np.int64)
            self._places = np.empty(1 << self._bits, dtype=np.int32)
            self._put(np.concatenate([known, integers]), np.concatenate([at, places]))
        else:
            self._put(integers, places)

    def __getitem__(self, integers: Integers) -> Places:
        """The places; -1 where an integer has none."""
        if self._map is not None:
            return self._map[integers]
        result = np.full(len(integers), -1, dtype=np.int32)
        left, at = np.arange(len(integers)), self._slot(integers)
        while len(left):
            there = self._slots[at]
            hit = there == integers[left]
            result[left[hit]] = self._places[at[hit]]
            on = np.flatnonzero(~hit & (there >= 0))
            left, at = left[on], self._after(at[on])
        return result

    def _put(self, integers: Integers, places: Places) -> None:
        at = self._slot(integers)
        while len(integers):
            free = self._slots[at] < 0
            self._slots[at[free]] = integers[free]  # of several that want one slot, one gets it
            got = self._slots[at] == integers
            self._places[at[got]] = places[got]
            integers, places, at = integers[~got], places[~got], self._after(at[~got])

    def _slot(self, integers: Integers) -> Integers:
        hashed = integers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)  # 2**64 by the golden ratio
        return (hashed >> np.uint64(64 - self._bits)).astype(np.int64)

    def _after(self, at: Integers) -> Integers:
        return (at + 1) & (len(self._slots) - 1)
