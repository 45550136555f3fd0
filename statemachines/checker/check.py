"""Checking: every claim decided on slices of the system, with a shortest counterexample where it fails."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import combinations
from typing import Any

import attrs

from statemachines.checker.codes import Coded, Codes
from statemachines.checker.explicit import SHARE
from statemachines.checker.from_both_ends import ABLE, beside
from statemachines.checker.memory import available
from statemachines.checker.noninterference import Difference, compare_runs, no_runs
from statemachines.checker.search import ClaimSearch, Occurrence, naming
from statemachines.checker.slices import Slices, SliceSize, SliceState, in_order, sizes
from statemachines.checker.wellformed import WellFormedness, wellformed
from statemachines.errors import EnginesDisagreeError, StatemachinesError
from statemachines.language.claims import Always, AlwaysPossible, Claim, Claims, Indistinguishable, Sometimes
from statemachines.language.display import Displayed
from statemachines.language.expression import TRUE, Expr, Moment
from statemachines.language.requests import Request
from statemachines.language.system import System
from statemachines.semantics.oracle import Oracle, decided
from statemachines.semantics.overlaps import overlaps
from statemachines.semantics.trace import Trace, changes, replay

Progress = Callable[[int, int], None]

STEPS_TRIED = 20_000
"""How many steps the oracle tries from a state that is said to lead to no goal, before that is believed."""


UNDECIDED = "it is not decided, for two transitions can fire at once, and which of them does nothing says"


@attrs.frozen(eq=False, repr=False)
class Finding:
    """What was found of one claim.

    Parameters
    ----------
    claim: which.
    holds: whether it does.
    states, transitions: how many states, and how many (state, request) pairs, were looked at, over all its slices.
    seconds: how long it took, without what others before it had explored.
    slices: the parts of the system that decided it, those with the fewest states first.
    counterexample: a shortest run that breaks it; for a claim on pairs of runs, the run with the first value.
    other_run: for a claim on pairs of runs, the run with the second value.
    witness: a shortest run to a case of it.
    vacuous: why it says nothing, where its case never happens.
    broken: what is so at the end of the counterexample and should not be, in words.
    """

    claim: Claim
    holds: bool
    states: int
    transitions: int
    seconds: float
    slices: tuple[SliceSize, ...]
    counterexample: Trace | None = None
    other_run: Trace | None = None
    witness: Trace | None = None
    vacuous: str = ""
    broken: str = ""

    def __repr__(self) -> str:
        return f"<finding: {self.claim.name!r} {'holds' if self.holds else 'fails'}>"

    @property
    def condition(self) -> str:
        """What is claimed, in words."""
        match self.claim:
            case Always(when=when, then=then):
                return then.words() if when is TRUE else f"wherever {when.words()}: {then.words()}"
            case Sometimes(of=of):
                return f"some time {of.words()}"
            case AlwaysPossible(when=when, goal=goal):
                start = "every state" if when is TRUE else f"every state where {when.words()}"
                return f"from {start} some way leads to where {goal.words()}"
            case Indistinguishable(secret=secret, sees=sees, observes=observes):
                seen = "every step" if sees is TRUE else f"every step where {sees.words()}"
                aspects = ", ".join(term.label for term in observes)
                return f"{seen} shows the same {aspects}, whatever is the {secret.label}"
        raise NotImplementedError(self.claim)


@attrs.frozen(eq=False, repr=False)
class Report(Displayed):
    """What was found of a system and of the claims made of it.

    Parameters
    ----------
    system: what they are made of.
    requests: how many requests it has.
    combinations: how many combinations of values its variables have.
    wellformedness: of the system; ``None`` where only some claims were asked for and it can be explored.
    findings: what was found of each claim; none of them holds where two transitions can fire at once.
    slices: every part of the system that was explored for it, those with the fewest states first.
    """

    system: System
    requests: int
    combinations: int
    wellformedness: WellFormedness | None
    findings: tuple[Finding, ...]
    slices: tuple[SliceSize, ...]

    def __repr__(self) -> str:
        return f"<report of {len(self.findings)} claims: {sum(finding.holds for finding in self.findings)} hold>"

    @property
    def holds(self) -> bool:
        """Whether every claim holds, and the system is sound as far as it was looked at."""
        sound = self.wellformedness is None or not self.wellformedness.problems
        return sound and all(finding.holds for finding in self.findings)


def check(
    claims: Claims,
    *,
    only: Sequence[str] = (),
    progress: Progress | None = None,
    memory: int | None = None,
    processes: int = 1,
) -> Report:
    """Decide every claim over every reachable state of the system.

    Parameters
    ----------
    only: the names of the claims to decide, and not whether the system is well-formed; by default all, and that too.
    progress: is called with how much is done, of how much.
    memory: how many bytes exploring one slice may take; by default three quarters of what is available.
    processes: with more than one, and where processes can be forked, a second one takes claims too, and each of the
        two has half of the memory. What is found is the same.

    Raises
    ------
    DeclarationError: for a name that no claim has.
    TooLargeError: for a claim that needs a slice too large to explore; it names both.
    """
    chosen = [claims.named(name) for name in dict.fromkeys(only)] if only else list(claims.claims)
    return _Checker(Slices(claims.system, memory), progress).report(chosen, whole_system=not only, processes=processes)


class _Checker:
    def __init__(self, slices: Slices, progress: Progress | None) -> None:
        self.slices = slices
        self.oracle = Oracle(slices.system)
        self.progress = progress
        self.done = self.steps = 0

    def report(self, chosen: Sequence[Claim], *, whole_system: bool, processes: int) -> Report:
        slices, system = self.slices, self.slices.system
        if any(True for lifecycle in system.lifecycles for _ in overlaps(lifecycle)):
            undecided = tuple(Finding(claim, False, 0, 0, 0.0, (), vacuous=UNDECIDED) for claim in chosen)
            return Report(system, len(slices.requests), slices.combinations, wellformed(system, slices), undecided, ())
        self.steps = len(chosen) + whole_system
        known = self._of_two(chosen) if processes > 1 and len(chosen) > 1 and ABLE else {}
        findings = []
        for at, claim in enumerate(chosen):
            if at not in known:
                known[at] = self._finding(claim)
                self._advance()
            findings.append(known[at])
        found = None
        if whole_system:
            found = wellformed(system, slices)
            self._advance()
        looked = {*sizes(slices.explored), *(part for finding in findings for part in finding.slices)}
        return Report(system, len(slices.requests), slices.combinations, found, tuple(findings), in_order(looked))

    def _of_two(self, chosen: Sequence[Claim]) -> dict[int, Finding]:
        """What this process and another find of claims, by index; not what half of the memory is too little for."""
        order = sorted(range(len(chosen)), key=lambda at: not _is_of_steps(chosen[at]))
        codes = Codes(self.slices.system)
        found: dict[int, Finding] = {}

        def receive(messages: Iterable[tuple[int, _Message]]) -> None:
            for index, message in messages:
                at = order[index]
                found[at] = message.finding(chosen[at], codes, self.oracle)
                self._advance()

        memory = self.slices.memory
        self.slices.memory = (round(SHARE * available()) if memory is None else memory) // 2
        with beside(
            len(order),
            lambda index: _Message.of(self._finding(chosen[order[index]]), codes),
            [StatemachinesError],
        ) as other:
            for index in other.indices():
                with suppress(StatemachinesError):  # it is decided again, and raises again, when all the others are
                    found[order[index]] = self._finding(chosen[order[index]])
                    self._advance()
                receive(other.received(wait=False))
            receive(other.received(wait=True))
        self.slices.memory = memory
        return found

    def _advance(self) -> None:
        self.done += 1
        if self.progress:
            self.progress(self.done, self.steps)

    def _finding(self, claim: Claim) -> Finding:
        match claim:
            case AlwaysPossible():
                with naming(claim):
                    return self._possible(claim)
            case Indistinguishable():
                with naming(claim):
                    return self._told_apart(claim)
            case Always() | Sometimes():
                search = ClaimSearch(claim, self.slices)
                if search.claim.of_steps:
                    search.steps()
                else:
                    search.states()
                return self._searched(search)
        raise NotImplementedError(claim)

    def _searched(self, search: ClaimSearch) -> Finding:
        return Finding(
            search.claim,
            search.broken is None and search.case is not None,
            sum(len(space) for space in search.looked),
            sum(len(space) * times for space, times in search.looked.items()) if search.claim.of_steps else 0,
            search.seconds,
            sizes(search.looked),
            counterexample=self._run(search.broken),
            witness=self._run(search.case),
            vacuous="" if search.case else f"it never happens that {next(search.claim.parts()).words()}",
            broken=search.broken.part.words() if search.broken else "",
        )

    def _run(self, seen: Occurrence | None) -> Trace | None:
        if seen is None:
            return None
        return self.confirmed(seen.found, (seen.asked.request,) if seen.asked else (), seen.shows)

    def confirmed(self, found: SliceState, last: tuple[Request, ...], shown: Expr) -> Trace:
        """The shortest run to a state, and a last request, replayed; it must show what it was found for."""
        start, requests = found.space.path(found.place)
        trace = replay(self.slices.system, start, (*requests, *last), self.oracle)
        moment = trace.steps[-1].moment if last else Moment(trace.end.as_dict())
        if not shown.holds(moment):
            raise _disagree(shown.words(), trace)
        return trace

    def confirmed_stuck(self, found: SliceState, claim: AlwaysPossible) -> Trace:
        """The shortest run to a state, replayed, from which the oracle finds no way to the goal in so many steps."""
        trace = self.confirmed(found, (), claim.when & ~claim.goal)
        known, coming, left = {trace.end}, deque([(trace.end, trace)]), STEPS_TRIED
        requests = [asked.request for asked in self.slices.requests]
        while coming and left > 0:
            state, way = coming.popleft()
            for request in requests:
                after, verdict = decided(self.oracle, state, request)
                if verdict is None or after in known:
                    continue
                known.add(after)
                further = attrs.evolve(
                    way, steps=(*way.steps, *replay(way.system, state, [request], self.oracle).steps)
                )
                if claim.goal.holds(Moment(after.as_dict())):
                    raise _disagree(f"it is possible that {claim.goal.words()}", further)
                coming.append((after, further))
            left -= len(requests)
        return trace

    def confirmed_difference(self, claim: Indistinguishable, difference: Difference) -> tuple[Trace, Trace]:
        """Two runs, replayed: they start alike but for the secret, and the observer tells their last steps apart."""
        runs = [
            replay(self.slices.system, start, requests, self.oracle)
            for start, requests in zip(difference.starts, (difference.first, difference.second), strict=True)
        ]
        one, other = runs
        apart = set(changes(one.start, other.start)) == {claim.secret.name}
        seen = all(claim.sees.holds(trace.steps[-1].moment) for trace in runs)
        shown = [[getattr(trace.steps[-1].verdict, term.name) for term in claim.observes] for trace in runs]
        alike = one.steps[-1].request is other.steps[-1].request
        differ = any(first is not second for first, second in zip(*shown, strict=True))
        if not (apart and seen and alike and differ):
            raise _disagree(f"the observer can tell two runs apart by {claim.secret.label}", one, other)
        return one, other

    def _possible(self, claim: AlwaysPossible) -> Finding:
        """Backward reachability: is there a case that does not lead to the goal?"""
        started = time.perf_counter()
        space = self.slices.of(claim.when, claim.goal)
        can = space.leading_to(space.columns.where(claim.goal))
        case = space.columns.where(claim.when)
        stuck, some = (SliceState(space, int(where.argmax())) if where.any() else None for where in (case & ~can, case))
        return Finding(
            claim,
            stuck is None and some is not None,
            len(space),
            len(space) * len(space.effects),
            time.perf_counter() - started,
            sizes([space]),
            counterexample=self.confirmed_stuck(stuck, claim) if stuck else None,
            witness=self.confirmed(some, (), claim.when) if some else None,
            vacuous="" if some else f"it never happens that {claim.when.words()}",
            broken=f"no way leads to where {claim.goal.words()}" if stuck else "",
        )

    def _told_apart(self, claim: Indistinguishable) -> Finding:
        """Look for two runs that the observer can tell apart, over every two values of the secret."""
        started = time.perf_counter()
        looked = [
            some for values in combinations(claim.between, 2) for some in compare_runs(claim, self.slices, *values)
        ]
        found = [some.difference for some in looked if some.difference]
        shortest = min(found, key=lambda difference: len(difference.first), default=None)
        seen = any(some.seen for some in looked)
        one, other = self.confirmed_difference(claim, shortest) if shortest else (None, None)
        return Finding(
            claim,
            shortest is None and seen,
            sum(some.pairs for some in looked),
            sum(some.transitions for some in looked),
            time.perf_counter() - started,
            sizes(some.space for some in looked),
            counterexample=one,
            other_run=other,
            broken=_differs(claim, one, other) if one and other else "",
            vacuous=""
            if seen
            else no_runs(claim, self.slices.system) or "the observer never sees a step of two such runs",
        )


@attrs.frozen
class _Message:
    """A finding as another process sends it.

    Parameters
    ----------
    values: what needs no system to be understood.
    runs: the numbers of its runs.
    """

    values: dict[str, Any]
    runs: dict[str, Coded]

    @classmethod
    def of(cls, finding: Finding, codes: Codes) -> "_Message":
        values = {field.name: getattr(finding, field.name) for field in attrs.fields(Finding) if field.name != "claim"}
        runs = {name: values.pop(name) for name in list(values) if isinstance(values[name], Trace)}
        requests = {name: [step.request for step in run.steps] for name, run in runs.items()}
        return cls(values, {name: codes.coded(run.start, requests[name]) for name, run in runs.items()})

    def finding(self, claim: Claim, codes: Codes, oracle: Oracle) -> Finding:
        runs = {name: replay(codes.system, *codes.run(coded), oracle) for name, coded in self.runs.items()}
        return Finding(claim, **{**self.values, **runs})


def _is_of_steps(claim: Claim) -> bool:
    return isinstance(claim, Always | Sometimes) and claim.of_steps


def _differs(claim: Indistinguishable, one: Trace, other: Trace) -> str:
    """The aspects in which the last steps of two runs differ."""
    verdicts = one.steps[-1].verdict, other.steps[-1].verdict
    shown = [(term.label, *(getattr(verdict, term.name) for verdict in verdicts)) for term in claim.observes]
    differ = (
        f"{label} is {' and '.join(str(value.value) if value is not None else 'nothing' for value in values)}"
        for label, *values in shown
        if values[0] is not values[1]
    )
    return "; ".join(differ)


def _disagree(found: str, *traces: Trace) -> EnginesDisagreeError:
    """What is raised where the oracle does not say what the checker found."""
    runs = "\n".join(trace.text() for trace in traces)
    return EnginesDisagreeError(f"the oracle does not confirm what the checker found: {found}\n{runs}")
