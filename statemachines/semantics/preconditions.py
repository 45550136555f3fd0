"""Preconditions: conditions on a step as conditions on the state before it.

Once a request is grounded, its verdict and what it changes are decided by the state alone. So a condition on a step,
with all that it says of fields, verdicts and values afterwards, comes to a condition on variables; and what does not
matter to it folds away, such as the answers of a request where only the first check is asked about.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from enum import Enum

import attrs

from statemachines.language.expression import (
    FALSE,
    TRUE,
    All,
    Among,
    Compared,
    Constant,
    Expr,
    IsA,
    Not,
    Reached,
    among,
    compared,
    conjunction,
    disjunction,
    negation,
)
from statemachines.language.gates import Verdict
from statemachines.language.requests import Field, Request, RequestType
from statemachines.language.system import System
from statemachines.language.terms import After, Observed, Term, Variable, after
from statemachines.semantics.grounding import GroundedRequest, Move, Ruling, ground_all

Source = Enum | Variable
"""Where a term's value comes from: it is this value, or that variable's before the step."""


@attrs.frozen(eq=False)
class Change:
    """What a request may do to a variable: when, and to which value. Changes of one structural key are alike."""

    variable: Variable
    when: Expr
    target: Enum
    key: Hashable = attrs.field(init=False, repr=False)

    @key.default
    def _structural_key(self) -> Hashable:
        return self.variable.name, structural_key(self.when), self.target


@attrs.frozen(eq=False)
class Preconditions:
    """Conditions on the step of one grounded request, as conditions on the variables before it.

    Parameters
    ----------
    grounded: the request.
    passes: when every gate lets it pass.
    bindings: the value of each of the request's fields.
    changes: what it may do to each variable; of one variable's changes at most one happens.
    """

    grounded: GroundedRequest
    _verdicts: dict[Expr, Expr] = attrs.field(factory=dict, repr=False, kw_only=True)
    _rulings: dict[tuple[bool, ...], Expr] = attrs.field(factory=dict, repr=False, kw_only=True)
    _cases: dict[Term, tuple[tuple[Expr, Source], ...]] = attrs.field(init=False, factory=dict, repr=False)
    bindings: dict[Term, Enum] = attrs.field(init=False)
    passes: Expr = attrs.field(kw_only=True)
    changes: tuple[Change, ...] = attrs.field(kw_only=True)

    @bindings.default
    def _fields_by_term(self) -> dict[Term, Enum]:
        return self.grounded.request.bindings()

    @passes.default
    def _every_gate_passed(self) -> Expr:
        return self.verdict(lambda verdict: verdict.passed)

    @changes.default
    def _what_fires(self) -> tuple[Change, ...]:
        fired = ((move, self.fires(move)) for move in self.grounded.moves)
        return tuple(
            Change(move.lifecycle.variable, when, move.transition.target) for move, when in fired if when is not FALSE
        )

    def alike(self, request: Request) -> "Preconditions":
        """The same of another request that the declarations decide alike; what is worked out of the one serves both."""
        return Preconditions(
            GroundedRequest(request, self.grounded.rulings, self.grounded.moves),
            verdicts=self._verdicts, rulings=self._rulings, passes=self.passes, changes=self.changes,
        )  # fmt: skip

    @property
    def request(self) -> Request:
        """The request."""
        return self.grounded.request

    @property
    def changed(self) -> frozenset[str]:
        """The names of the variables that the request may change."""
        return frozenset(change.variable.name for change in self.changes)

    @property
    def answered(self) -> Expr:
        """When there is a verdict at all."""
        return TRUE if self.grounded.total else self.verdict(lambda _: True)

    def verdict(self, admitted: Callable[[Verdict], bool]) -> Expr:
        """When the verdict is an admitted one."""
        return self.decided_by(lambda ruling: admitted(ruling.verdict))

    def decided_by(self, admitted: Callable[[Ruling], bool]) -> Expr:
        """When one of those rulings decides."""
        which = tuple(map(admitted, self.grounded.rulings))
        if which not in self._rulings:
            result: Expr = FALSE
            for ruling, wanted in zip(reversed(self.grounded.rulings), reversed(which), strict=True):
                result = disjunction(ruling.when, result) if wanted else conjunction(negation(ruling.when), result)
            self._rulings[which] = result
        return self._rulings[which]

    def shows(self, aspects: Sequence[Observed], values: Sequence[Enum | None]) -> Expr:
        """When these aspects of the verdict have these values."""
        return self.verdict(
            lambda verdict: all(
                getattr(verdict, term.name) is value for term, value in zip(aspects, values, strict=True)
            )
        )

    def fires(self, move: Move) -> Expr:
        """When the request fires the transition."""
        return conjunction(self.answered if move.transition.even_if_refused else self.passes, move.when)

    def of(self, expr: Expr) -> Expr:
        """When the step has a verdict and satisfies the condition."""
        return self._of(expr) if self.grounded.total else conjunction(self.answered, self._of(expr))

    def leads_to(self, expr: Expr) -> Expr:
        """When the step has a verdict and the state after it satisfies a condition on variables."""
        return self.of(_afterwards(expr))

    def _of(self, expr: Expr) -> Expr:  # noqa: PLR0911  # one return for each kind of expression
        match expr:
            case Among(term=Field() as field):
                return TRUE if expr.contains(self.bindings.get(field)) else FALSE
            case Among(term=Variable() as variable):
                return among(variable, expr.values)
            case All():
                parts = []
                for part in expr.parts:
                    parts.append(self._of(part))
                    if parts[-1] is FALSE:
                        return FALSE
                return conjunction(*parts)
            case Not():
                return negation(self._of(expr.part))
            case Reached() | Among(term=Observed()):
                if expr not in self._verdicts:  # claims share them
                    self._verdicts[expr] = self.verdict(_satisfies(expr))
                return self._verdicts[expr]
            case Among():
                sources = self._sources(expr.term)
                return disjunction(*(conjunction(when, membership(expr, source)) for when, source in sources))
            case IsA():
                return TRUE if any(self.request.type is kind for kind in expr.types) else FALSE
            case Compared():
                return disjunction(
                    *(
                        conjunction(when, and_when, comparison(expr, left, right))
                        for when, left in self._sources(expr.left)
                        for and_when, right in self._sources(expr.right)
                    )
                )
            case _:
                return expr

    def _sources(self, term: Term) -> tuple[tuple[Expr, Source], ...]:
        """The cases in which the term has a value, which exclude each other, and the value."""
        if term not in self._cases:
            self._cases[term] = tuple(self._cases_of(term))
        return self._cases[term]

    def _cases_of(self, term: Term) -> Iterable[tuple[Expr, Source]]:
        match term:
            case After():
                changes = [change for change in self.changes if change.variable is term.variable]
                stays = negation(disjunction(*(change.when for change in changes)))
                return [(stays, term.variable), *((change.when, change.target) for change in changes)]
            case Observed():
                shown = (getattr(ruling.verdict, term.name) for ruling in self.grounded.rulings)
                values = {id(value): value for value in shown if value is not None}  # members of two enums may be equal
                return [(self.shows((term,), (value,)), value) for value in values.values()]
            case Field():
                value = self.bindings.get(term)
                return [(TRUE, value)] if value is not None else []
            case Variable():
                return [(TRUE, term)]
        raise NotImplementedError(term)


def preconditions(system: System) -> tuple[Preconditions, ...]:
    """Every request of the system, in order of declaration."""
    return tuple(asked for kind in system.requests for asked in _of_type(system, kind))


def _of_type(system: System, kind: RequestType) -> Iterator[Preconditions]:
    """Every request of a type; those that come to the same conditions share what is worked out of them."""
    made: dict[Request, Preconditions] = {}
    for alike in ground_all(system, kind.requests()):
        first = Preconditions(alike[0])
        made |= {one.request: first.alike(one.request) if at else first for at, one in enumerate(alike)}
    yield from (made[request] for request in kind.requests())


def _satisfies(expr: Reached | Among) -> Callable[[Verdict], bool]:
    """Whether a verdict satisfies a condition on it alone."""
    if isinstance(expr, Reached):
        return lambda verdict: expr.among(verdict.via)
    return lambda verdict: expr.contains(getattr(verdict, expr.term.name))


def membership(expr: Among, source: Source) -> Expr:
    """A membership of a term whose value is that of a source."""
    if isinstance(source, Enum):
        return TRUE if expr.contains(source) else FALSE
    return among(source, expr.values)


def comparison(expr: Compared, left: Source, right: Source) -> Expr:
    """A comparison of terms whose values are those of two sources."""
    if isinstance(left, Enum):
        if isinstance(right, Enum):
            return TRUE if expr.related(left, right) else FALSE
        return among(right, frozenset(value for value in right.domain if expr.related(left, value)))
    if isinstance(right, Enum):
        return among(left, frozenset(value for value in left.domain if expr.related(value, right)))
    return compared(left, expr.relation, right, expr.by)


def _afterwards(expr: Expr) -> Expr:
    match expr:
        case Among(term=Variable() as variable):
            return Among(after(variable), expr.values)
        case Compared(left=Variable() as left, right=Variable() as right):
            return Compared(after(left), expr.relation, after(right), expr.by)
        case Not():
            return Not(_afterwards(expr.part))
        case All():
            return All(tuple(_afterwards(part) for part in expr.parts))
    return expr


def structural_key(expr: Expr) -> Hashable:
    """A key that two conditions share if they are written alike and ask nothing of how far a request came."""
    match expr:
        case Among():
            return id(expr.term), expr.values
        case Compared():
            return expr.relation, id(expr.left), id(expr.right), expr.by
        case Not():
            return "not", structural_key(expr.part)
        case All():
            return tuple(structural_key(part) for part in expr.parts)
        case IsA():
            return "is a", frozenset(map(id, expr.types))
        case Constant():
            return expr.value
    raise NotImplementedError(expr)


def variables_of(expr: Expr) -> dict[str, Variable]:
    """The variables that a condition reads, by name."""
    return {term.name: term for term in expr.terms() if isinstance(term, Variable)}


def fields_of(*conditions: Expr) -> tuple[Field, ...]:
    """The fields of requests that conditions read."""
    terms = (term for condition in conditions for term in condition.terms())
    return tuple(dict.fromkeys(term for term in terms if isinstance(term, Field)))
