"""Two readings of when a request decides what: as sets of a pool's states, and as conditions on variables.

Both are the same few lines; only what "and" means differs. The first is quick and is about the states that are there;
the second is exact, and says of what is not there whether it can be.
"""

from collections.abc import Hashable, Iterator
from enum import Enum
from typing import Generic, Protocol, TypeVar

import attrs

from properties.conformance.diagnosis.decision_list import Ladder
from properties.conformance.suite.corpus import Bits, Pool
from statemachines.language.expression import FALSE, TRUE, Expr, conjunction, disjunction, negation
from statemachines.language.gates import Verdict
from statemachines.language.lifecycle import Transition
from statemachines.language.terms import Variable
from statemachines.semantics.comparison import differences

T = TypeVar("T")


class Algebra(Protocol[T]):
    """What conditions are made of."""

    @property
    def true(self) -> T: ...

    @property
    def false(self) -> T: ...

    def of(self, condition: Expr) -> T:
        """A condition on variables."""

    def both(self, one: T, other: T) -> T:
        """Where the one and the other are so."""

    def either(self, one: T, other: T) -> T:
        """Where the one or the other is so."""

    def without(self, one: T, other: T) -> T:
        """Where the one is so and the other is not."""


@attrs.frozen(eq=False)
class InPool:
    """Sets of a pool's states."""

    pool: Pool

    @property
    def true(self) -> Bits:
        """Every state."""
        return self.pool.all

    @property
    def false(self) -> Bits:
        """None."""
        return 0

    def of(self, condition: Expr) -> Bits:
        """The states that satisfy it."""
        return self.pool.where(condition)

    def both(self, one: Bits, other: Bits) -> Bits:
        """In both."""
        return one & other

    def either(self, one: Bits, other: Bits) -> Bits:
        """In either."""
        return one | other

    def without(self, one: Bits, other: Bits) -> Bits:
        """In the one only."""
        return one & ~other


@attrs.frozen(eq=False)
class AsConditions:
    """Conditions on variables."""

    @property
    def true(self) -> Expr:
        """Always."""
        return TRUE

    @property
    def false(self) -> Expr:
        """Never."""
        return FALSE

    def of(self, condition: Expr) -> Expr:
        """Itself."""
        return condition

    def both(self, one: Expr, other: Expr) -> Expr:
        """The conjunction."""
        return conjunction(one, other)

    def either(self, one: Expr, other: Expr) -> Expr:
        """The disjunction."""
        return disjunction(one, other)

    def without(self, one: Expr, other: Expr) -> Expr:
        """The one, and not the other."""
        return conjunction(one, negation(other))


@attrs.frozen
class Tell:
    """Two values of a variable that a later request has to tell apart: the one it has, and another."""

    variable: Variable
    has: Enum
    other: Enum

    def _key(self) -> tuple[str, Enum, Enum]:
        return self.variable.name, self.has, self.other

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tell) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())


class Reading(Generic[T]):
    """When requests decide what.

    Parameters
    ----------
    on: what conditions are made of.
    ladders: the distinct requests of the system, for probes.
    """

    def __init__(self, on: Algebra[T], ladders: tuple[Ladder, ...]) -> None:
        self.on = on
        self.ladders = ladders
        self._comes: dict[Hashable, tuple[T, ...]] = {}
        self._passes: dict[Hashable, T] = {}
        self._otherwise: dict[Hashable, T] = {}
        self._folded: dict[tuple[int, str, Enum], tuple[Expr, Expr]] = {}

    def comes(self, ladder: Ladder, place: int) -> T:
        """When the request comes to a rung."""
        if ladder.key not in self._comes:
            found = [self.on.true]
            for rung in ladder.rungs:
                if rung.when is FALSE:
                    found.append(found[-1])
                else:
                    found.append(self.on.without(found[-1], self.on.of(rung.when)))
            self._comes[ladder.key] = tuple(found)
        return self._comes[ladder.key][place]

    def passes(self, ladder: Ladder) -> T:
        """When every gate lets the request pass."""
        checks = sum(not rung.verdict.passed for rung in ladder.rungs)
        return self.comes(ladder, checks)

    def lets(self, ladder: Ladder, transition: Transition) -> T:
        """When the request comes to where a transition fires, whose own condition may still not hold."""
        return self.on.true if transition.even_if_refused else self.passes(ladder)

    def otherwise(self, ladder: Ladder, place: int, *, expected: bool) -> T:
        """When what comes after a rung says something else than the rung does, or nothing at all.

        Parameters
        ----------
        expected: whether it is the rung's verdict that is expected, or what comes after it.
        """
        key = (ladder.key, place, expected)
        if key not in self._otherwise:
            found = self.on.true
            for rung in reversed(ladder.rungs[place + 1 :]):
                if rung.when is FALSE:
                    continue
                both = (ladder.rungs[place].verdict, rung.verdict)
                when = self.on.of(rung.when)
                if differences(*(both if expected else both[::-1])):
                    found = self.on.either(when, found)
                else:
                    found = self.on.without(found, when)
            self._otherwise[key] = found
        return self._otherwise[key]

    def tells(self, tell: Tell) -> Iterator[tuple[Ladder, T]]:
        """The requests whose verdict tells the two values apart, and when it does, whatever the variable's value is."""
        name = tell.variable.name
        for ladder in self.ladders:
            if any(term.name == name and term is tell.variable for rung in ladder.rungs for term in rung.when.terms()):
                when = self._tells(ladder, tell)
                if when is not FALSE and when != 0:
                    yield ladder, when

    def _tells(self, ladder: Ladder, tell: Tell) -> T:
        has, other = (self._said(ladder, tell.variable, value) for value in (tell.has, tell.other))
        found = self.on.false
        for verdict, when in has:
            for another, and_when in other:
                if differences(verdict, another):
                    found = self.on.either(found, self.on.both(when, and_when))
        return found

    def _said(self, ladder: Ladder, variable: Variable, value: Enum) -> list[tuple[Verdict, T]]:
        """Each verdict on the request, and when it is given, where the variable has the value."""
        left, found = self.on.true, []
        for rung in ladder.rungs:
            if rung.when is FALSE:
                continue
            key = (id(rung.when), variable.name, value)
            if key not in self._folded:
                self._folded[key] = (rung.when, rung.when.given({variable: value}))
            folded = self._folded[key][1]
            if folded is FALSE:
                continue
            when = self.on.of(folded)
            found.append((rung.verdict, self.on.both(left, when)))
            left = self.on.without(left, when)
            if folded is TRUE:
                break
        return found
