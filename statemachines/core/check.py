"""Checking: every claim decided over every reachable state, with a shortest counterexample where it fails."""

import time
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from itertools import combinations

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.core.claims import Always, AlwaysPossible, Claim, Claims, Indistinguishable, Sometimes
from statemachines.core.errors import DeclarationError
from statemachines.core.explore import Space, explore, outcome
from statemachines.core.expression import Expr, Moment
from statemachines.core.pairs import Difference, tell_apart
from statemachines.core.requests import Request
from statemachines.core.survey import Counts, Survey
from statemachines.core.sweep import Steps, Sweep, first
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
    chosen = [claims.named(name) for name in dict.fromkeys(only)] if only else list(claims.claims)
    space = explore(claims.system)
    sweeps = {id(claim): Sweep(claim, space) for claim in chosen if isinstance(claim, Always | Sometimes)}
    counts = Counts(space)
    for at, grounded in enumerate(space.grounded):
        result = outcome(grounded, space.columns)
        counts.add(result)
        step = Steps(space, result)
        for sweep in sweeps.values():
            sweep.add(at, step)
        if progress:
            progress(at + 1, len(space.grounded))
    return Report(counts.survey(), tuple(_finding(claim, space, sweeps) for claim in chosen))


def _finding(claim: Claim, space: Space, sweeps: Mapping[int, Sweep]) -> Finding:
    match claim:
        case AlwaysPossible():
            return _possible(claim, space)
        case Indistinguishable():
            return _told_apart(claim, space)
        case _:
            return _swept(sweeps[id(claim)])


def _swept(sweep: Sweep) -> Finding:
    space = sweep.space
    return Finding(
        sweep.claim,
        sweep.broken_at is None and sweep.case_at is not None,
        len(space),
        len(space) * len(space.grounded) if sweep.of_steps else 0,
        sweep.seconds,
        counterexample=_run_to(space, sweep.broken_at, sweep.broken),
        witness=_run_to(space, sweep.case_at, sweep.case),
        vacuous="" if sweep.case_at is not None else f"it never happens that {sweep.case.words()}",
    )


def _run_to(space: Space, at: tuple[int, int] | None, shown: Expr) -> Trace | None:
    if at is None:
        return None
    place, by = at
    return confirmed(space, place, () if by < 0 else (space.grounded[by].request,), shown)


def confirmed(space: Space, place: int, last: tuple[Request, ...], shown: Expr) -> Trace:
    """The shortest run to a state, and a last request, replayed; it must show what it was found for."""
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


def _possible(claim: AlwaysPossible, space: Space) -> Finding:
    """Backward reachability: spread the goal to whatever leads to it, until nothing is added."""
    started = time.perf_counter()
    can: npt.NDArray[np.bool_] = space.columns.where(claim.goal)
    steps = [space.successors_on(at) for at in space.moving]
    spreading = True
    while spreading:
        before = int(can.sum())
        for successors in steps:
            can = can | can[successors]
        spreading = int(can.sum()) > before
    case = space.columns.where(claim.when)
    stuck = first(case & ~can, -1, None)
    some = first(case, -1, None)
    return Finding(
        claim,
        stuck is None and some is not None,
        len(space),
        len(space) * len(steps),
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
