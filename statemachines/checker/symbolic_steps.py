"""Conditions on steps as sets of pairs of a request's number and the state before it."""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import TypeVar

from statemachines.checker.slices import Slices
from statemachines.checker.symbolic_encoding import Diagram, Encoding
from statemachines.language.expression import FALSE, All, Among, Compared, Constant, Expr, IsA, Not, Reached
from statemachines.language.gates import Verdict
from statemachines.language.requests import Field
from statemachines.language.terms import After, Observed, Term, Variable
from statemachines.semantics.preconditions import Source, comparison, membership

T = TypeVar("T")
Case = tuple[Diagram, Source]
"""When a term's value is that of the source."""


class SymbolicSteps:
    """Every request in every state at once.

    Parameters
    ----------
    encoding: that of the states, with bits ahead of theirs for the number of a request.
    slices: of the system.
    """

    def __init__(self, encoding: Encoding, slices: Slices) -> None:
        self.encoding = encoding
        self.requests, self._distinct = slices.requests, slices.distinct
        self._numbers: list[list[int]] = [[] for _ in self._distinct]
        for number, kind in enumerate(slices.kinds):
            self._numbers[kind].append(number)
        self._known: dict[int, tuple[Expr, Diagram]] = {}
        self._cases: dict[Term, tuple[Case, ...]] = {}
        self._rulings = [
            (kind, when, ruling.verdict)
            for kind, rulings in enumerate(asked.grounded.rulings for asked in self._distinct)
            for ruling, when in zip(rulings, encoding.first_that_holds(one.when for one in rulings), strict=False)
        ]
        types = self._gathered(asked.request.type for asked in self.requests)
        self._of_type = {id(kind): numbers for numbers, kind in types}
        self.answered = self._verdicts(lambda _: True)

    def where(self, condition: Expr) -> Diagram:
        """Where a condition holds; of a step without a verdict, and of a number of no request, it says nothing."""
        if id(condition) not in self._known:
            self._known[id(condition)] = condition, self._where(condition)  # kept, so that its id is its own
        return self._known[id(condition)][1]

    def _where(self, condition: Expr) -> Diagram:
        match condition:
            case Constant() | Among(term=Variable()) | Compared(left=Variable(), right=Variable()):
                return self.encoding.where(condition)
            case All():
                return self.encoding.all_of(self.where(part) for part in condition.parts)
            case Not():
                return ~self.where(condition.part)
            case IsA():
                return self.encoding.any_of(
                    self._of_type.get(id(kind), self.encoding.false) for kind in condition.types
                )
            case Reached():
                return self._verdicts(lambda verdict: condition.among(verdict.via))
            case Among():
                cases = ((when, membership(condition, source)) for when, source in self._sources(condition.term))
            case Compared():
                cases = (
                    (when & and_when, comparison(condition, left, right))
                    for when, left in self._sources(condition.left)
                    for and_when, right in self._sources(condition.right)
                )
            case _:
                raise NotImplementedError(condition)
        return self.encoding.any_of(when & self.encoding.where(inside) for when, inside in cases if inside is not FALSE)

    def _sources(self, term: Term) -> tuple[Case, ...]:
        """The cases in which the term has a value, which exclude each other."""
        if term not in self._cases:
            self._cases[term] = tuple(self._found(term))
        return self._cases[term]

    def _found(self, term: Term) -> Iterable[Case]:
        true = self.encoding.true
        match term:
            case Variable():
                return [(true, term)]
            case Field():
                return self._gathered(asked.bindings.get(term) for asked in self.requests)
            case Observed():
                shown = ((kind, getattr(verdict, term.name), when) for kind, when, verdict in self._rulings)
                return self._by_value(shown)
            case After():
                cases = self._by_value(
                    (kind, change.target, self.encoding.where(change.when))
                    for kind, asked in enumerate(self._distinct)
                    for change in asked.changes
                    if change.variable is term.variable
                )
                return [(~self.encoding.any_of(when for when, _ in cases), term.variable), *cases]
        raise NotImplementedError(term)

    def _by_value(self, each: Iterable[tuple[int, Enum | None, Diagram]]) -> list[Case]:
        """When requests of a kind have a value, gathered by value; those of two enums may compare equal."""
        values: dict[int, tuple[Enum, list[tuple[int, Diagram]]]] = {}
        for kind, value, when in each:
            if value is not None:
                values.setdefault(id(value), (value, []))[1].append((kind, when))
        return [(self._of_kinds(some), value) for value, some in values.values()]

    def _verdicts(self, chosen: Callable[[Verdict], bool]) -> Diagram:
        return self._of_kinds((kind, when) for kind, when, verdict in self._rulings if chosen(verdict))

    def _of_kinds(self, each: Iterable[tuple[int, Diagram]]) -> Diagram:
        """When requests of some kinds, of which each may come more than once, are asked."""
        of_kind: dict[int, Diagram] = {}
        for kind, when in each:
            of_kind[kind] = of_kind[kind] | when if kind in of_kind else when
        return self.encoding.numbered(
            {number: when for kind, when in of_kind.items() for number in self._numbers[kind]}
        )

    def _gathered(self, values: Iterable[T | None]) -> list[tuple[Diagram, T]]:
        """The requests by a value that each has, in their order, or has not."""
        numbers: dict[int, tuple[T, dict[int, Diagram]]] = {}
        for number, value in enumerate(values):
            if value is not None:
                numbers.setdefault(id(value), (value, {}))[1][number] = self.encoding.true
        return [(self.encoding.numbered(some), value) for value, some in numbers.values()]
