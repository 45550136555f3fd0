"""Under which conditions a request is decided how: as sets of states of a corpus, and as conditions on variables.

Both are the same few lines; only what "and" means differs. The first is quick and is about the states that are there;
the second is exact, and says of what is not there whether it can be.
"""

from collections.abc import Hashable, Iterator
from enum import Enum
from functools import cached_property
from typing import Generic, Protocol, TypeVar

import attrs

from properties.conformance.diagnosis.decision_list import DecisionList
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
class Distinction:
    """Two values of a variable that a later request has to distinguish: the one it has, and another."""

    variable: Variable
    has: Enum
    other: Enum

    def _key(self) -> tuple[str, Enum, Enum]:
        return self.variable.name, self.has, self.other

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Distinction) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())


class Requirements(Generic[T]):
    """When requests are decided how.

    Parameters
    ----------
    on: what conditions are made of.
    decision_lists: of the distinct requests of the system, for probes.
    """

    def __init__(self, on: Algebra[T], decision_lists: tuple[DecisionList, ...]) -> None:
        self.on = on
        self.decision_lists = decision_lists
        self._comes: dict[Hashable, tuple[T, ...]] = {}
        self._passes: dict[Hashable, T] = {}
        self._otherwise: dict[Hashable, T] = {}
        self._folded: dict[tuple[int, str, int], tuple[Expr, Expr]] = {}
        self._given_of: tuple[Variable | None, dict[tuple[int, int], tuple[tuple[Verdict, T], ...]]] = None, {}
        self._differing: dict[tuple[int, int], bool] = {}

    def comes(self, decision_list: DecisionList, index: int) -> T:
        """When the request comes to an entry of its decision list."""
        if decision_list.key not in self._comes:
            reached = [self.on.true]
            for entry in decision_list.entries:
                if entry.when is FALSE:
                    reached.append(reached[-1])
                else:
                    reached.append(self.on.without(reached[-1], self.on.of(entry.when)))
            self._comes[decision_list.key] = tuple(reached)
        return self._comes[decision_list.key][index]

    def passes(self, decision_list: DecisionList) -> T:
        """When every gate lets the request pass."""
        checks = sum(not entry.verdict.passed for entry in decision_list.entries)
        return self.comes(decision_list, checks)

    def lets(self, decision_list: DecisionList, transition: Transition) -> T:
        """When the request comes to where a transition fires, whose own condition may still not hold."""
        return self.on.true if transition.even_if_refused else self.passes(decision_list)

    def otherwise(self, decision_list: DecisionList, index: int, *, expected: bool) -> T:
        """When what comes after an entry has another verdict than the entry, or none at all.

        Parameters
        ----------
        expected: whether the entry's verdict is expected, or what comes after it.
        """
        key = (decision_list.key, index, expected)
        if key not in self._otherwise:
            result = self.on.true
            for entry in reversed(decision_list.entries[index + 1 :]):
                if entry.when is FALSE:
                    continue
                both = (decision_list.entries[index].verdict, entry.verdict)
                when = self.on.of(entry.when)
                if differences(*(both if expected else both[::-1])):
                    result = self.on.either(when, result)
                else:
                    result = self.on.without(result, when)
            self._otherwise[key] = result
        return self._otherwise[key]

    def distinguishing(self, distinction: Distinction) -> Iterator[tuple[DecisionList, T]]:
        """The requests whose verdict distinguishes the two values, and when it does, whatever the variable's value."""
        variable = distinction.variable
        if self._given_of[0] is not variable:  # what is known of others may take much memory, and is seldom wanted
            self._given_of = variable, {}
        known = self._given_of[1]
        for at, decision_list in enumerate(self._reading.get(id(variable), ())):
            for value in (distinction.has, distinction.other):
                if (at, id(value)) not in known:
                    known[at, id(value)] = tuple(self._verdicts(decision_list, variable, value))
            result = self.on.false
            for verdict, when in known[at, id(distinction.has)]:
                for another, and_when in known[at, id(distinction.other)]:
                    if self._differ(verdict, another):
                        result = self.on.either(result, self.on.both(when, and_when))
            if result is not FALSE and result != 0:
                yield decision_list, result

    @cached_property
    def _reading(self) -> dict[int, list[DecisionList]]:
        """For each variable, the requests whose verdict some condition on it decides."""
        reading: dict[int, list[DecisionList]] = {}
        for decision_list in self.decision_lists:
            for term in {id(term) for entry in decision_list.entries for term in entry.when.terms()}:
                reading.setdefault(term, []).append(decision_list)
        return reading

    def _differ(self, verdict: Verdict, another: Verdict) -> bool:
        key = id(verdict), id(another)  # the verdicts are those of declarations, which are kept
        if key not in self._differing:
            self._differing[key] = bool(differences(verdict, another))
        return self._differing[key]

    def _verdicts(self, decision_list: DecisionList, variable: Variable, value: Enum) -> Iterator[tuple[Verdict, T]]:
        """Each verdict on the request, and when it is given, where the variable has the value."""
        left = self.on.true
        for entry in decision_list.entries:
            if entry.when is FALSE:
                continue
            key = (id(entry.when), variable.name, id(value))
            if key not in self._folded:
                self._folded[key] = (entry.when, entry.when.given({variable: value}))
            folded = self._folded[key][1]
            if folded is FALSE:
                continue
            when = self.on.of(folded)
            yield entry.verdict, self.on.both(left, when)
            left = self.on.without(left, when)
            if folded is TRUE:
                break
