"""The search for the case and for a breach of one claim, on every request and its slices."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import attrs

from statemachines.checker.slices import ReachedState, Slices, SliceSize
from statemachines.errors import TooLargeError
from statemachines.language.claims import Always, Claim, Sometimes
from statemachines.language.expression import FALSE, All, Expr, Moment, Reached, conjunction, within
from statemachines.language.requests import Field
from statemachines.semantics.preconditions import Preconditions, fields_of, variables_of

if TYPE_CHECKING:
    from statemachines.checker.symbolic_runs import SymbolicRuns


@attrs.frozen(eq=False)
class Occurrence:
    """Where a condition was seen first: a state, the request asked there if any, and the condition of the claim.

    Parameters
    ----------
    part: the part of the condition that a breach is about; of a case, all of it.
    """

    state: ReachedState
    asked: Preconditions | None
    shows: Expr
    part: Expr


class ClaimSearch:
    """One `always` or `sometimes` claim and where its case, and a breach of it, were first seen.

    Of what is equally near, the first is kept: by request in order of declaration, then by the parts of the claim.

    Parameters
    ----------
    slices: of the system.
    explored: where states are looked for: on the slices, or on sets of states of them.
    """

    def __init__(self, claim: Always | Sometimes, slices: Slices, explored: "Slices | SymbolicRuns") -> None:
        self.claim, self.slices, self.explored = claim, slices, explored
        self.case: Occurrence | None = None
        self.broken: Occurrence | None = None
        self.looked: Counter[SliceSize] = Counter()
        self._case = claim.when if isinstance(claim, Always) else claim.of
        self._breaches = claim.breaches if isinstance(claim, Always) else ()
        self._fields = fields_of(*claim.parts())

    def look(self) -> None:
        """Look at every step, or state, that the claim is about; of requests that are alike to it, at the first."""
        if not self.claim.of_steps:
            self._look(None, self._case, 1)
            return
        of_request, rest = split(self._case)
        groups = self.slices.alike(self._fields)
        concerned = [one for group in groups if of_request.holds(Moment({}, group[0].asked.request)) for one in group]
        for one in sorted(concerned, key=lambda one: one.at):
            self._look(one.asked, one.asked.of(rest), one.times)

    def _look(self, asked: Preconditions | None, case: Expr, times: int) -> None:
        """Look for the case and for the breaches, on a request that stands for so many."""
        conditions: list[Expr] = []
        if case is not FALSE and (self.case is None or self.case.state.depth):
            conditions.append(case)
            self.case = self._nearer(self.case, case, asked, self._case, self._case)
        for breach in self._breaches if case is not FALSE else ():
            broken = conjunction(case, asked.of(breach) if asked else breach)
            if broken is not FALSE:
                conditions.append(broken)
                self.broken = self._nearer(self.broken, broken, asked, self._case & breach, breach)
        for size in {self.explored.size(condition) for condition in conditions if variables_of(condition)}:
            self.looked[size] += times

    def _nearer(
        self, known: Occurrence | None, condition: Expr, asked: Preconditions | None, shows: Expr, part: Expr
    ) -> Occurrence | None:
        state = self.explored.first(condition)
        if state is None or (known is not None and known.state.depth <= state.depth):
            return known
        return Occurrence(state, asked, shows, part)


@contextmanager
def naming(claim: Claim) -> Iterator[None]:
    """What is too large to explore is refused in the name of the claim that needs it."""
    try:
        yield
    except TooLargeError as error:
        raise TooLargeError(f"claim {claim.name!r}: {error}") from None


def split(case: Expr) -> tuple[Expr, Expr]:
    """What the type and fields of a request decide by themselves, and the rest."""
    parts = case.parts if isinstance(case, All) else (case,)
    alone = [part for part in parts if all(isinstance(term, Field) for term in part.terms()) and not _reaches(part)]
    return conjunction(*alone), conjunction(*(part for part in parts if part not in alone))


def _reaches(part: Expr) -> bool:
    return any(isinstance(one, Reached) for one in within(part))
