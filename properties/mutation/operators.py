"""Mutation operators, and the conditions that differ from one by one small mistake."""

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from textwrap import shorten

import attrs

from statemachines.language.expression import (
    All,
    Among,
    Compared,
    Constant,
    Expr,
    Not,
    Relation,
    among,
    conjunction,
    disjunction,
    negation,
)
from statemachines.language.terms import Term

WIDTH = 100
"""The longest wording of a condition, in characters."""

Others = Callable[[Term], Sequence[Term]]
"""For a term, the terms that could stand in its place: of the same kind, in a fixed order."""

Rebuild = Callable[[Expr], Expr]
"""From what replaces a part of a condition, the whole condition."""


class Operator(Enum):
    """A mutation operator. A member's value is its wording."""

    DROPPED = "a condition, or a part of one, dropped"
    NEGATED = "a condition, or a part of one, negated"
    EITHER = "any part of a condition instead of all, or all instead of any"
    SHIFTED = "an order's bound shifted by one"
    EXCHANGED = "a value exchanged for another of its domain"
    GAINED = "a membership gains a value"
    LOST = "a membership loses a value"
    ANOTHER_TERM = "a variable or field exchanged for another with such values"
    UPDATE_LOST = "a transition never fires"
    TARGET = "a transition leads to another state"
    SOURCE_LOST = "a transition no longer leaves a state"
    SOURCE_GAINED = "a transition leaves another state too"
    CHECK_LOST = "a check is not made"
    PASSED_OVER = "a check, an answer or a transition passes over one value of a field"
    CHECKS_SWAPPED = "two checks swapped"
    CHECK_MOVED = "a check made by another party"
    TYPE_LOST = "a check or an answer forgets a type of request"
    ANSWER_LOST = "an answer is not given"
    ANSWERS_SWAPPED = "two answers swapped"
    OUTCOME = "an outcome exchanged"
    REASON = "a reason exchanged"
    RESPONSE = "a response exchanged"
    PARTY = "a party exchanged"
    BYPASSED = "a type of request goes around a party"
    GATES_SWAPPED = "two parties swapped"
    APPLIED = "what a check refuses is carried out"
    IN_PART = "a request is carried out in part"
    ONCE = "a transition fires once only"
    LATE = "a transition fires after the next request"
    KEPT = "a variable is not reset between sequences"
    STRAY = "one change more"
    TWO = "two mistakes at once"


@attrs.frozen(eq=False)
class Mistake:
    """One condition in place of another."""

    operator: Operator
    what: str
    expr: Expr


def mistakes(expr: Expr, others: Others) -> Iterator[Mistake]:
    """Every condition that differs from this one by one mistake; the same one may come twice.

    >>> from examples.parcel_locker import Box, Code, box, code
    >>> both = (box == Box.FULL) & (code == Code.RIGHT)
    >>> for mistake in list(mistakes(both, lambda _: ()))[:3]:
    ...     print(mistake.operator.name, "-", mistake.what)
    NEGATED - not (box is holds a parcel and code is right)
    DROPPED - without: box is holds a parcel
    DROPPED - without: code is right
    """
    yield from _of(expr, lambda new: new, True, others)


def _of(expr: Expr, rebuild: Rebuild, positive: bool, others: Others) -> Iterator[Mistake]:
    """The mistakes in a part; under an odd number of negations its wording is that of its negation."""
    if isinstance(expr, Not):
        yield from _of(expr.part, lambda new: rebuild(negation(new)), not positive, others)
        return
    if isinstance(expr, Constant):
        return
    yield Mistake(Operator.NEGATED, f"not ({_words(expr, positive)})", rebuild(negation(expr)))
    for operator, what, new in _of_parts(expr, positive, others):
        yield Mistake(operator, what, rebuild(new))
    for at, part in enumerate(expr.parts) if isinstance(expr, All) else ():
        yield from _of(part, _in_place(expr, at, rebuild), positive, others)


def _in_place(expr: Expr, at: int, rebuild: Rebuild) -> Rebuild:
    assert isinstance(expr, All)
    before, after = expr.parts[:at], expr.parts[at + 1 :]
    return lambda new: rebuild(conjunction(*before, new, *after))


def _of_parts(expr: Expr, positive: bool, others: Others) -> Iterator[tuple[Operator, str, Expr]]:
    match expr:
        case All():
            for at, part in enumerate(expr.parts):
                rest = conjunction(*expr.parts[:at], *expr.parts[at + 1 :])
                yield Operator.DROPPED, f"without: {_words(part, positive)}", rest
            change = "any part will do" if positive else "every part is needed"
            yield Operator.EITHER, f"{change} of: {_words(expr, positive)}", disjunction(*expr.parts)
        case Among():
            for operator, new in _memberships(expr, positive):
                yield operator, f"{_words(new, positive)}, and not: {_words(expr, positive)}", new
        case Compared():
            if expr.relation is not Relation.EQUAL or expr.by:
                for by in (expr.by - 1, expr.by + 1):
                    new = attrs.evolve(expr, by=by)
                    yield Operator.SHIFTED, f"{_words(new, positive)}, and not: {_words(expr, positive)}", new
    for moved in of_another_term(expr, others):
        yield Operator.ANOTHER_TERM, f"{_words(moved, positive)}, and not: {_words(expr, positive)}", moved


def of_another_term(part: Expr, others: Others) -> Iterator[Among | Compared]:
    """A membership or a comparison that reads another term: of a membership the next such term, else each."""
    match part:
        case Among():
            for other in others(part.term)[:1]:
                moved = among(other, part.values)
                if isinstance(moved, Among):
                    yield moved
        case Compared():
            yield from (attrs.evolve(part, left=other) for other in others(part.left) if other is not part.right)
            yield from (attrs.evolve(part, right=other) for other in others(part.right) if other is not part.left)


def _memberships(expr: Among, positive: bool) -> Iterator[tuple[Operator, Expr]]:
    """Memberships that differ by one value, or by one value for another.

    Of a membership and its complement the one with fewer values is taken as what is meant: each of these values may be
    lost, or exchanged for the next that is not one of them, and any other may be gained.
    """
    domain = expr.term.domain
    inside = [value for value in domain if value in expr.values]
    outside = [value for value in domain if value not in expr.values]
    if expr.term.ordered:
        for value in (*inside[:1], *inside[-1:], *outside[:1], *outside[-1:]):
            values = expr.values ^ {value}
            if 0 < len(values) < len(domain) and _one_piece(domain, expr.values) and _one_piece(domain, values):
                yield Operator.SHIFTED, among(expr.term, values)
    meant, others = (inside, outside) if len(inside) <= len(outside) else (outside, inside)
    if not meant:
        return  # every value of a field that not every request has: nothing but its negation is another
    lost, gained = (
        (Operator.LOST, Operator.GAINED) if positive is (meant is inside) else (Operator.GAINED, Operator.LOST)
    )
    for value in meant:
        yield Operator.EXCHANGED, among(expr.term, expr.values ^ {value, _later(domain, value, others)})
    for value in meant if len(meant) > 1 else ():
        yield lost, among(expr.term, expr.values ^ {value})
    for value in others if len(others) > 1 else ():
        yield gained, among(expr.term, expr.values ^ {value})


def _later(domain: Sequence[Enum], value: Enum, others: Sequence[Enum]) -> Enum:
    """The next of the others after a value, or the first of them."""
    return next((other for other in others if domain.index(other) > domain.index(value)), others[0])


def _one_piece(domain: Sequence[Enum], values: frozenset[Enum]) -> bool:
    """Whether the values are the first, or the last, of the domain."""
    return frozenset(domain[: len(values)]) == values or frozenset(domain[-len(values) :]) == values


def _words(expr: Expr, positive: bool) -> str:
    return shorten((expr if positive else negation(expr)).words(), WIDTH, placeholder=" …")
