"""Checking: every claim decided over every reachable state, with a shortest counterexample where it fails."""

import time
from collections.abc import Callable, Sequence
from enum import Enum
from itertools import combinations

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.core.claims import Always, AlwaysPossible, Claim, Claims, Indistinguishable, Sometimes
from statemachines.core.errors import DeclarationError
from statemachines.core.explore import Codes, Mask, Outcome, Space, explore, mask, outcome
from statemachines.core.expression import FALSE, After, Expr, Observed, Reached, Term
from statemachines.core.gates import Verdict
from statemachines.core.pairs import Difference, tell_apart
from statemachines.core.requests import Request
from statemachines.core.survey import Survey, survey
from statemachines.core.trace import Trace, replay

Progress = Callable[[int, int], None]


@attrs.frozen(eq=False)
class Finding:
    """What was found of one claim.

    Parameters
    ----------
    claim: which.
    holds: whether it does.
    states, transitions: how many states, and how many (state, request) pairs, were looked at for it.
    seconds: how long its own part of the work took.
    counterexample: a shortest run that breaks it; for a claim on pairs of runs, the run with the first value.
    other_run: for a claim on pairs of runs, the run with the second value.
    witness: a shortest run to a case of it.
    vacuous: why it says nothing, where its case never happens.
    """

    claim: Claim
    holds: bool
    states: int
    transitions: int
    seconds: float
    counterexample: Trace | None = None
    other_run: Trace | None = None
    witness: Trace | None = None
    vacuous: str = ""


@attrs.frozen(eq=False)
class Report:
    """What was found of a system and of every claim made of it."""

    survey: Survey
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether the system is sound and every claim holds."""
        return not self.survey.problems and all(finding.holds for finding in self.findings)


def check(claims: Claims, *, only: Sequence[str] = (), progress: Progress | None = None) -> Report:
    """Decide every claim over every reachable state of the system.

    Parameters
    ----------
    only: the names of the claims to decide; by default all.
    progress: is told how much is done, of how much.

    Raises
    ------
    DeclarationError: for a name that no claim has, and for a system too large to explore.
    """
    chosen = [claims.named(name) for name in only] if only else list(claims.claims)
    space = explore(claims.system)
    constraints = [Always(rule.label, then=rule.holds, rules=rule.rules) for rule in claims.system.constraints]
    wanted = [*(() if only else constraints), *chosen]
    sweeps = [_Sweep(claim, space) for claim in wanted if isinstance(claim, Always | Sometimes)]
    rounds = 2 * len(space.grounded)
    surveyed = survey(claims.system, space=space, progress=progress and (lambda at, _: progress(at, rounds)))
    for at, grounded in enumerate(space.grounded):
        result: Outcome | None = None
        for sweep in sweeps:
            result = sweep.add(at, result)
        if progress:
            progress(len(space.grounded) + at + 1, rounds)
        del grounded
    found = {id(sweep.claim): sweep.finding() for sweep in sweeps}
    for claim in wanted:
        if isinstance(claim, AlwaysPossible):
            found[id(claim)] = _possible(claim, space)
        elif isinstance(claim, Indistinguishable):
            found[id(claim)] = _told_apart(claim, space)
    return Report(surveyed, tuple(found[id(claim)] for claim in wanted))


class _Sweep:
    """One `always` or `sometimes` claim, looked for in every state and on every request."""

    def __init__(self, claim: Always | Sometimes, space: Space) -> None:
        self.claim = claim
        self.space = space
        self.case, self.broken = (
            (claim.when, claim.when & ~claim.then) if isinstance(claim, Always) else (claim.of, FALSE)
        )
        self.of_steps = claim.of_steps
        self.seconds = 0.0
        self.case_at: tuple[int, int] | None = None
        self.broken_at: tuple[int, int] | None = None
        if not self.of_steps:
            started = time.perf_counter()
            self.case_at = _first(space.columns.where(self.case), -1, None)
            self.broken_at = _first(space.columns.where(self.broken), -1, None)
            self.seconds += time.perf_counter() - started

    def add(self, at: int, result: Outcome | None) -> Outcome | None:
        """Look at one more request; its outcome is worked out once for all claims."""
        if not self.of_steps:
            return result
        started = time.perf_counter()
        grounded = self.space.grounded[at]
        known = grounded.request.bindings()
        case = self.case.given(known, grounded.request.type)
        if case is not FALSE:
            if result is None:
                result = outcome(grounded, self.space.columns)
            seen = _Steps(self.space, result)
            self.case_at = _first(seen.where(case), at, self.case_at)
            broken = self.broken.given(known, grounded.request.type)
            if broken is not FALSE:
                self.broken_at = _first(seen.where(broken), at, self.broken_at)
        self.seconds += time.perf_counter() - started
        return result

    def finding(self) -> Finding:
        holds = self.broken_at is None and self.case_at is not None
        return Finding(
            self.claim,
            holds,
            len(self.space),
            len(self.space) * len(self.space.grounded) if self.of_steps else 0,
            self.seconds,
            counterexample=self._trace(self.broken_at, self.broken),
            witness=self._trace(self.case_at, self.case),
            vacuous="" if self.case_at is not None else f"it never happens that {self.case.words()}",
        )

    def _trace(self, at: tuple[int, int] | None, shown: Expr) -> Trace | None:
        if at is None:
            return None
        place, by = at
        last = () if by < 0 else (self.space.grounded[by].request,)
        return confirmed(self.space, place, last, shown)


def confirmed(space: Space, place: int, last: tuple[Request, ...], shown: Expr) -> Trace:
    """The shortest run to a state, and a last request, replayed; it must show what it was found for."""
    from statemachines.core.expression import Moment  # noqa: PLC0415

    start, requests = space.path(place)
    trace = replay(space.system, start, (*requests, *last))
    if last:
        before = trace.steps[-2].state if len(trace.steps) > 1 else start
        step = trace.steps[-1]
        moment = Moment(before.as_dict(), step.request, step.state.as_dict(), step.verdict)
    else:
        moment = Moment(trace.end.as_dict())
    if not shown.holds(moment):
        raise DeclarationError(
            f"the checker and the oracle disagree, which is a fault of this framework: {shown.words()}\n{trace.text()}"
        )
    return trace


def _first(where: Mask, by: int, known: tuple[int, int] | None) -> tuple[int, int] | None:
    """The first state in breadth-first order, of those found before and those found now."""
    if not where.any():
        return known
    place = int(where.argmax())
    return (place, by) if known is None or place < known[0] else known


class _Steps:
    """Every step on one request, for the kinds of condition that only claims use."""

    def __init__(self, space: Space, result: Outcome) -> None:
        self.space = space
        self.result = result

    def where(self, expr: Expr) -> Mask:
        return mask(expr, len(self.space), self._codes, self._extra)

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


def observed(term: Observed, result: Outcome) -> Codes:
    """The position of the verdict's aspect in the term's domain, in each state; past the end where there is none."""

    def position(verdict: Verdict) -> int:
        value: Enum | None = getattr(verdict, term.name)
        return len(term.domain) if value is None else term.position(value)

    return by_ruling(result, position)


def by_ruling(result: Outcome, value: Callable[[Verdict], int]) -> Codes:
    """A number for each state, from the verdict that decides there."""
    table = np.array([value(ruling.verdict) for ruling in result.grounded.rulings], dtype=np.uint8)
    return table[result.ruling]


def _possible(claim: AlwaysPossible, space: Space) -> Finding:
    """Backward reachability: spread the goal to whatever leads to it, until nothing is added."""
    started = time.perf_counter()
    can: npt.NDArray[np.bool_] = space.columns.where(claim.goal)
    moving = [case for case in space.grounded if case.moves]
    steps = [space.successors(outcome(case, space.columns)) for case in moving]
    spreading = True
    while spreading:
        before = int(can.sum())
        for successors in steps:
            can = can | can[successors]
        spreading = int(can.sum()) > before
    case = space.columns.where(claim.when)
    stuck = _first(case & ~can, -1, None)
    some = _first(case, -1, None)
    return Finding(
        claim,
        stuck is None and some is not None,
        len(space),
        len(space) * len(moving),
        time.perf_counter() - started,
        counterexample=None if stuck is None else confirmed(space, stuck[0], (), claim.when & ~claim.goal),
        witness=None if some is None else confirmed(space, some[0], (), claim.when),
        vacuous="" if some is not None else f"it never happens that {claim.when.words()}",
    )


def _told_apart(claim: Indistinguishable, space: Space) -> Finding:
    """Look for two runs that the observer can tell apart, over every two values of the secret."""
    started = time.perf_counter()
    pairs = transitions = seen = 0
    worst: tuple[Difference, tuple[Enum, Enum]] | None = None
    for one, other in combinations(claim.between, 2):
        looked = tell_apart(claim, space, one, other)
        pairs += looked.pairs
        transitions += looked.transitions
        seen += looked.seen
        found = looked.difference
        if found and (worst is None or len(found.first) < len(worst[0].first)):
            worst = (found, (one, other))
    runs: tuple[Trace | None, Trace | None] = (None, None)
    if worst:
        difference, _ = worst
        runs = (
            replay(space.system, difference.starts[0], difference.first),
            replay(space.system, difference.starts[1], difference.second),
        )
    return Finding(
        claim,
        worst is None and seen > 0,
        pairs,
        transitions,
        time.perf_counter() - started,
        counterexample=runs[0],
        other_run=runs[1],
        vacuous="" if seen else "the observer never sees a step of two such runs",
    )
