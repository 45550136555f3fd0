"""Sweeps: one claim about single steps or states, looked for in every state and on every request."""

import time
from collections.abc import Callable
from enum import Enum

import numpy as np

from statemachines.core.claims import Always, Sometimes
from statemachines.core.errors import DeclarationError
from statemachines.core.explore import Codes, Mask, Outcome, Space, mask
from statemachines.core.expression import (
    FALSE,
    TRUE,
    All,
    Among,
    Expr,
    Not,
    Reached,
    Same,
    among,
    conjunction,
    negation,
)
from statemachines.core.gates import Verdict
from statemachines.core.requests import RequestType
from statemachines.core.terms import After, Observed, Term

At = tuple[int, int]
"""A state's place, and the request asked there; -1 for no request."""


class Steps:
    """Every step on one request: where conditions on states, afterwards and verdicts hold."""

    def __init__(self, space: Space, result: Outcome) -> None:
        self.space = space
        self.result = result
        self.request = result.grounded.request
        self.bindings = self.request.bindings()
        self.moved = {
            move.lifecycle.name for move, fires in zip(result.grounded.moves, result.fired, strict=True) if fires.any()
        }
        present = np.bincount(result.ruling + 1, minlength=len(result.grounded.rulings) + 1)[1:]
        self.present = [ruling.verdict for ruling, times in zip(result.grounded.rulings, present, strict=True) if times]

    def fold(self, expr: Expr) -> Expr:
        """The condition with everything folded that is the same in every state."""
        return self._settled(expr.given(self.bindings, self.request.type))

    def _settled(self, expr: Expr) -> Expr:  # noqa: PLR0911  # one return for each kind of expression
        match expr:
            case All():
                return conjunction(*(self._settled(part) for part in expr.parts))
            case Not():
                return negation(self._settled(expr.part))
            case Reached():
                reached = [expr.party in verdict.via for verdict in self.present]
                return TRUE if all(reached) else expr if any(reached) else FALSE
            case Among(term=After() as term) if term.variable.name not in self.moved:
                return among(term.variable, expr.values)
            case Among(term=Observed() as term):
                within = [getattr(verdict, term.name) in expr.values for verdict in self.present]
                return TRUE if all(within) else expr if any(within) else FALSE
            case Same(left=After() as left, right=right) if left.variable.name not in self.moved:
                return TRUE if left.variable is right else Same(left.variable, right)
            case _:
                return expr

    def where(self, expr: Expr) -> Mask:
        """The states in which the step on the request satisfies the condition; none where there is no verdict."""
        return mask(expr, len(self.space), self._codes, self._extra) & (self.result.ruling >= 0)

    def _codes(self, term: Term) -> Codes:
        if isinstance(term, After):
            return self.result.after(term.variable, self.space.columns.of(term.variable))
        if isinstance(term, Observed):
            return observed(term, self.result)
        return self.space.columns.of(term)

    def _extra(self, expr: Expr) -> Mask:
        if isinstance(expr, Reached):
            party = expr.party
            return by_ruling(self.result, lambda verdict: party in verdict.via).astype(bool)
        raise DeclarationError(f"cannot decide over all states whether {expr.words()}")


def by_ruling(result: Outcome, value: Callable[[Verdict], int]) -> Codes:
    """A number for each state, from the verdict that decides there."""
    table = np.array([value(ruling.verdict) for ruling in result.grounded.rulings], dtype=np.uint8)
    return table[result.ruling]


def observed(term: Observed, result: Outcome) -> Codes:
    """The place of the verdict's aspect in the term's domain, in each state; past the domain's end for none."""

    def place(verdict: Verdict) -> int:
        value: Enum | None = getattr(verdict, term.name)
        return len(term.domain) if value is None else term.position(value)

    return by_ruling(result, place)


class Sweep:
    """One `always` or `sometimes` claim and where its case, and a breach of it, were first seen."""

    def __init__(self, claim: Always | Sometimes, space: Space) -> None:
        self.claim = claim
        self.space = space
        self.case, self.broken = (
            (claim.when, claim.when & ~claim.then) if isinstance(claim, Always) else (claim.of, FALSE)
        )
        self.of_steps = claim.of_steps
        self.seconds = 0.0
        self.case_at: At | None = None
        self.broken_at: At | None = None
        self._cases: dict[RequestType, tuple[Expr, Expr]] = {}
        if not self.of_steps:
            started = time.perf_counter()
            self.case_at = first(space.columns.where(self.case), -1, None)
            self.broken_at = first(space.columns.where(self.broken), -1, None)
            self.seconds += time.perf_counter() - started

    def add(self, at: int, steps: Steps) -> None:
        """Look at one more request."""
        if not self.of_steps:
            return
        started = time.perf_counter()
        case, broken = self._of_type(steps.request.type)
        if case is not FALSE:
            if self.case_at is None or self.case_at[0] > 0:
                self.case_at = self._look(steps, case, at, self.case_at)
            self.broken_at = self._look(steps, broken, at, self.broken_at)
        self.seconds += time.perf_counter() - started

    @staticmethod
    def _look(steps: Steps, expr: Expr, at: int, known: At | None) -> At | None:
        folded = steps.fold(expr)
        return known if folded is FALSE else first(steps.where(folded), at, known)

    def _of_type(self, kind: RequestType) -> tuple[Expr, Expr]:
        """The case and the breach, as far as they are known from the request's type."""
        if kind not in self._cases:
            self._cases[kind] = (self.case.given({}, kind), self.broken.given({}, kind))
        return self._cases[kind]


def first(where: Mask, by: int, known: At | None) -> At | None:
    """The first state in breadth-first order, of those found before and those found now."""
    if not where.any():
        return known
    place = int(where.argmax())
    return (place, by) if known is None or place < known[0] else known
