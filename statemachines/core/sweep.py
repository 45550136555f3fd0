"""Sweeps: one claim about single steps or states, looked for on every request, each on the slices that decide it."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import attrs

from statemachines.core.claims import Always, Claim, Sometimes
from statemachines.core.explore import Space, TooLarge
from statemachines.core.expression import FALSE, All, Among, Expr, IsA, Not, Same, conjunction, negation
from statemachines.core.preconditions import Preconditions, fields_of, variables_of
from statemachines.core.requests import Field, RequestType
from statemachines.core.slices import Found, Slices


@attrs.frozen(eq=False)
class Seen:
    """Where a condition was seen first: a state, the request asked there if any, and the condition of the claim."""

    found: Found
    asked: Preconditions | None
    shows: Expr


class Sweep:
    """One `always` or `sometimes` claim and where its case, and a breach of it, were first seen.

    Of what is equally near, the first is kept: by request in order of declaration, then by the parts of the claim.
    """

    def __init__(self, claim: Always | Sometimes, slices: Slices) -> None:
        self.claim = claim
        self.slices = slices
        self.seconds = 0.0
        self.case: Seen | None = None
        self.broken: Seen | None = None
        self.looked: Counter[Space] = Counter()
        self._case = _quickest_first(claim.when if isinstance(claim, Always) else claim.of)
        self._breaches = _breaches(claim.then) if isinstance(claim, Always) else ()
        self._fields = fields_of(*claim.parts())

    def states(self) -> None:
        """Look at states, for a claim about them."""
        started = time.perf_counter()
        self.looked.update(self._look(None, self._case))
        self.seconds += time.perf_counter() - started

    def steps(self) -> None:
        """Look at the steps on every request; of requests that are alike to the claim, at the first."""
        started = time.perf_counter()
        parts = self._case.parts if isinstance(self._case, All) else (self._case,)
        concerned = {kind for kind in self.slices.system.requests if not any(_impossible(part, kind) for part in parts)}
        for asked, times in self.slices.alike(self._fields):
            if asked.request.type in concerned:
                for space in self._look(asked, asked.of(self._case)):
                    self.looked[space] += times
        self.seconds += time.perf_counter() - started

    def _look(self, asked: Preconditions | None, case: Expr) -> tuple[Space, ...]:
        """Look for the case and for the breaches; returns the slices that were looked at."""
        looked: list[Space] = []
        with naming(self.claim):
            if case is not FALSE and (self.case is None or self.case.found.depth):
                self.case = self._nearer(self.case, asked, case, self._case, looked)
            for breach in self._breaches if case is not FALSE else ():
                broken = conjunction(case, asked.of(breach) if asked else breach)
                if broken is not FALSE:
                    self.broken = self._nearer(self.broken, asked, broken, self._case & breach, looked)
        return tuple(dict.fromkeys(looked))

    def _nearer(
        self, known: Seen | None, asked: Preconditions | None, condition: Expr, shows: Expr, looked: list[Space]
    ) -> Seen | None:
        if variables_of(condition):
            looked.append(self.slices.of(condition))
        found = self.slices.first(condition)
        if found is None or (known is not None and known.found.depth <= found.depth):
            return known
        return Seen(found, asked, shows)


@contextmanager
def naming(claim: Claim) -> Iterator[None]:
    """What is too large to explore is refused in the name of the claim that needs it."""
    try:
        yield
    except TooLarge as error:
        raise TooLarge(f"claim {claim.name!r}: {error}") from None


def _quickest_first(case: Expr) -> Expr:
    """The same condition; what the request alone decides is asked before what its verdict has to be known for."""
    if not isinstance(case, All):
        return case
    return All(tuple(sorted(case.parts, key=lambda part: any(not isinstance(term, Field) for term in part.terms()))))


def _breaches(then: Expr) -> tuple[Expr, ...]:
    """Ways to break it that exclude none: each needs fewer variables than all at once."""
    broken = negation(then)
    if isinstance(broken, Not) and isinstance(broken.part, All):
        return tuple(negation(part) for part in broken.part.parts)
    return (broken,)


def _impossible(part: Expr, kind: RequestType) -> bool:
    match part:
        case IsA():
            return not any(kind is other for other in part.types)
        case Among():
            return part.term.lacking(kind)
        case Same():
            return part.left.lacking(kind) or part.right.lacking(kind)
    return False
