"""Sets of values: for each variable its possible values, in many states of knowledge at once.

One state of knowledge is a column of bit masks, a row for each variable: bit ``i`` is set where the variable may have
the value at position ``i`` of its domain. A column is the *product* of its sets: which combinations of values are
possible is not kept. So the states that a column admits are at least those that are possible, and whatever is so of all
that it admits is so of the one that is real. A condition has three values of a column: it can hold, it must hold, or
neither.

What this loses is what is known of variables only together; a case is then undecided where it need not be, and never
wrongly decided.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from statemachines.errors import DeclarationError, TooLargeError
from statemachines.language.expression import All, Among, Compared, Constant, Expr, Not, negation
from statemachines.language.system import System
from statemachines.language.terms import Term

Sets = npt.NDArray[np.uint64]
"""Bit masks, a row for each variable and a column for each state of knowledge; a column of zeros admits no state."""
Mask = npt.NDArray[np.bool_]

LARGEST_DOMAIN = 64
"""The most values of a variable: a mask is one machine word."""

EMPTY = np.uint64(0)


def bits(positions: Sequence[int]) -> np.uint64:
    """The mask of the values at these positions of a domain."""
    return np.uint64(sum(1 << position for position in positions))


class ValueSets:
    """How the conditions on a system's variables are read of sets of values.

    Parameters
    ----------
    system: the declarations.

    Raises
    ------
    TooLargeError: for a variable of more than 64 values.
    """

    def __init__(self, system: System) -> None:
        for variable in system.variables:
            if len(variable.domain) > LARGEST_DOMAIN:
                raise TooLargeError(
                    f"{variable.name!r} has {len(variable.domain)} values; a log is judged with {LARGEST_DOMAIN}"
                )
        self.rows = {variable.name: row for row, variable in enumerate(system.variables)}
        self.all = np.array([bits(range(len(variable.domain))) for variable in system.variables], dtype=np.uint64)

    def row(self, term: Term) -> int:
        """The row of a variable."""
        return self.rows[term.name]

    def can_and_must(self, expr: Expr, sets: Sets) -> tuple[Mask, Mask]:
        """For each column whether some admitted state may satisfy the condition, and whether every one does."""
        match expr:
            case Constant():
                constant = np.full(sets.shape[1], expr.value)
                return constant, constant
            case Among():
                own, wanted = sets[self.row(expr.term)], bits(expr.positions)
                return (own & wanted) != EMPTY, (own & ~wanted) == EMPTY
            case Compared():
                return self._compared(expr, sets)
            case Not():
                can, must = self.can_and_must(expr.part, sets)
                return ~must, ~can
            case All():
                can, must = self.can_and_must(expr.parts[0], sets)
                for part in expr.parts[1:]:
                    also_can, also_must = self.can_and_must(part, sets)
                    can, must = can & also_can, must & also_must
                return can, must
        raise DeclarationError(f"cannot decide of sets of values whether {expr.words()}")

    def narrowed(self, expr: Expr, sets: Sets) -> Sets:
        """The columns without values that no state has that satisfies the condition; empty where none can."""
        return emptied(self._narrowed(expr, sets))

    def _narrowed(self, expr: Expr, sets: Sets) -> Sets:
        match expr:
            case Constant():
                narrowed = sets if expr.value else np.zeros_like(sets)
            case Among():
                narrowed = self._kept(sets, expr.term, bits(expr.positions))
            case Compared():
                narrowed = self._related(expr, sets, holds=True)
            case Not():
                narrowed = self._denied(expr.part, sets)
            case All():
                narrowed = sets
                for part in expr.parts:
                    narrowed = self._narrowed(part, narrowed)
            case _:
                raise DeclarationError(f"cannot decide of sets of values whether {expr.words()}")
        return narrowed

    def _denied(self, expr: Expr, sets: Sets) -> Sets:
        match expr:
            case Among():
                return self._kept(sets, expr.term, ~bits(expr.positions))
            case Compared():
                return self._related(expr, sets, holds=False)
            case All():
                hull = np.zeros_like(sets)
                for part in expr.parts:
                    hull |= self.narrowed(negation(part), sets)
                return hull
        return self._narrowed(negation(expr), sets)

    def _kept(self, sets: Sets, term: Term, wanted: np.uint64) -> Sets:
        sets = sets.copy()
        sets[self.row(term)] &= wanted
        return sets

    def _pairs(self, expr: Compared, *, holds: bool) -> list[tuple[np.uint64, np.uint64]]:
        """For each value of the left term its bit, and the values of the right one with which it is so."""
        left, right = expr.left.domain, expr.right.domain
        return [
            (bits([at]), bits([to for to, other in enumerate(right) if expr.related(value, other) is holds]))
            for at, value in enumerate(left)
        ]

    def _compared(self, expr: Compared, sets: Sets) -> tuple[Mask, Mask]:
        left, right = sets[self.row(expr.left)], sets[self.row(expr.right)]
        can, must = np.zeros(len(left), dtype=bool), np.ones(len(left), dtype=bool)
        for bit, wanted in self._pairs(expr, holds=True):
            has = (left & bit) != EMPTY
            can |= has & ((right & wanted) != EMPTY)
            must &= ~has | ((right & ~wanted) == EMPTY)
        return can, must

    def _related(self, expr: Compared, sets: Sets, *, holds: bool) -> Sets:
        left, right = sets[self.row(expr.left)], sets[self.row(expr.right)]
        kept, wanted = np.zeros_like(left), np.zeros_like(right)
        for bit, fitting in self._pairs(expr, holds=holds):
            fits = ((left & bit) != EMPTY) & ((right & fitting) != EMPTY)
            kept |= np.where(fits, bit, EMPTY)
            wanted |= np.where(fits, right & fitting, EMPTY)
        sets = sets.copy()
        sets[self.row(expr.left)] = kept
        sets[self.row(expr.right)] = wanted
        return sets


def emptied(sets: Sets) -> Sets:
    """The same columns, all zeros where one variable has no value left."""
    lost = (sets == EMPTY).any(axis=0)
    return np.where(lost, EMPTY, sets) if lost.any() else sets


def admitted(sets: Sets) -> Mask:
    """Which columns admit a state at all."""
    return np.asarray(sets.any(axis=0))
