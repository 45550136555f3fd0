"""Encoding of many states at once: one integer for each, or a column of values for each variable."""

from collections.abc import Callable, Sequence
from math import prod

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.errors import DeclarationError, TooLargeError
from statemachines.language.expression import All, Among, Compared, Constant, Expr, Not, Relation
from statemachines.language.terms import Term, Variable

Codes = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Integers = npt.NDArray[np.int64]
StateIndices = npt.NDArray[np.int32]
Indices = npt.NDArray[np.intp]

LARGEST_DOMAIN = 1 << 8
"""The most values of a variable: the position of each is one byte."""


def where(mask: Mask) -> Indices:
    """The indices at which it is so. NumPy finds what is true several times as fast as it finds what is not zero."""
    indices: Indices = mask.nonzero()[0]
    return indices


def mask(expr: Expr, size: int, codes: Callable[[Term], Codes | Integers]) -> Mask:
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
            return _any_of(codes(expr.term), expr.positions, len(expr.term.domain))
        case Compared():
            left, right = codes(expr.left), codes(expr.right)
            compare = _COMPARISONS[expr.relation]
            if expr.left.domain == expr.right.domain and not expr.by:
                return compare(left, right)
            return compare(_ranks(expr.left)[left], _ranks(expr.right)[right] + expr.by)
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


_COMPARISONS = {Relation.EQUAL: np.equal, Relation.LESS: np.less, Relation.AT_MOST: np.less_equal}


def _ranks(term: Term) -> Integers:
    """By the position of a value in its domain, what comparisons compare."""
    return np.array([term.rank(value) for value in term.domain], dtype=np.int64)


def _any_of(column: Codes | Integers, wanted: Sequence[int], domain: int) -> Mask:
    """Where the column has one of the values: a few comparisons are quicker than a table."""
    if 2 * len(wanted) > domain:
        return ~_any_of(column, [at for at in range(domain) if at not in wanted], domain)
    result = np.equal(column, wanted[0]) if wanted else np.zeros(len(column), dtype=bool)
    for at in wanted[1:]:
        result |= column == at
    return result


@attrs.frozen(eq=False)
class Columns:
    """Some states, a column of value positions for each variable, worked out when it is first asked for.

    Parameters
    ----------
    radices: how the states are numbered.
    integers: the states.
    """

    radices: "Radices"
    integers: Integers
    _known: dict[str, Codes] = attrs.field(init=False, factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.integers)

    def of(self, term: Term) -> Codes:
        """The column of a variable."""
        if term.name not in self._known:
            self._known[term.name] = self.radices.digit(self.integers, term).astype(np.uint8)
        return self._known[term.name]

    def where(self, expr: Expr) -> Mask:
        """Where a condition on variables holds."""
        return mask(expr, len(self), self.of)


@attrs.frozen(eq=False)
class Radices:
    """How states of some variables are numbered: an integer with one digit for each, of its own radix."""

    variables: tuple[Variable, ...]
    sizes: tuple[int, ...] = attrs.field(init=False)
    weights: tuple[int, ...] = attrs.field(init=False)
    _indices: dict[str, int] = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        sizes = tuple(len(variable.domain) for variable in self.variables)
        for variable, size in zip(self.variables, sizes, strict=True):
            if size > LARGEST_DOMAIN:
                raise TooLargeError(
                    f"{variable.name!r} has {size:,} values; states are explored one by one (engine explicit) "
                    f"of at most {LARGEST_DOMAIN}"
                )
        object.__setattr__(self, "sizes", sizes)
        object.__setattr__(self, "weights", tuple(prod(sizes[at + 1 :]) for at in range(len(sizes))))
        object.__setattr__(self, "_indices", {variable.name: at for at, variable in enumerate(self.variables)})

    @property
    def product(self) -> int:
        """How many combinations of values there are."""
        return prod(self.sizes)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the variables."""
        return tuple(self._indices)

    def weight(self, variable: Term) -> int:
        """By how much a state's integer grows with the position of the variable's value."""
        return self.weights[self._indices[variable.name]]

    def digit(self, integers: Integers, variable: Term) -> Integers:
        """The positions of the variable's values in the states with these integers."""
        at = self._indices[variable.name]
        digits: Integers = integers // self.weights[at]
        if at:
            digits %= self.sizes[at]
        return digits

    def integers(self, columns: Columns) -> Integers:
        """The integer of each state."""
        total = np.zeros(len(columns), dtype=np.int64)
        for variable, weight in zip(self.variables, self.weights, strict=True):
            total += columns.of(variable).astype(np.int64) * weight
        return total

    def columns(self, integers: Integers) -> Columns:
        """The states with these integers."""
        return Columns(self, integers)
