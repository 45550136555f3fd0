"""Checking: every claim decided, on sets of states or on slices, with a shortest counterexample where it fails."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import attrs

from statemachines.checker.engine import Engine
from statemachines.checker.findings import Finding, Report, never_follows, never_happens
from statemachines.checker.lasso import confirmed_lasso
from statemachines.checker.noninterference import Difference, Observer, never_seen
from statemachines.checker.search import ClaimSearch, Occurrence, naming
from statemachines.checker.slices import ReachedState, Slices, SliceSize, in_order, sizes
from statemachines.checker.wellformed import WellFormedness, wellformed
from statemachines.errors import EnginesDisagreeError, TooLargeError
from statemachines.extras import MissingExtraError
from statemachines.language.claims import Always, AlwaysPossible, Claim, Claims, Indistinguishable, LeadsTo, Sometimes
from statemachines.language.expression import Expr, Moment
from statemachines.language.requests import Request
from statemachines.semantics.oracle import Oracle, decided
from statemachines.semantics.overlaps import overlaps
from statemachines.semantics.trace import Trace, changes, replay

if TYPE_CHECKING:
    from statemachines.checker.symbolic_claims import ClaimDecision, SymbolicClaims
    from statemachines.checker.symbolic_runs import SymbolicRuns

Progress = Callable[[int, int], None]

ONE_BY_ONE = 1 << 22
"""The most states of a slice that is explored one by one where sets of states may decide."""
STEPS_TRIED = 20_000
"""How many steps the oracle tries from a state that the engine holds to lead to no goal."""


UNDECIDED = "it is not decided, for two transitions can fire at once, and which of them does nothing says"


def check(
    claims: Claims,
    *,
    only: Sequence[str] = (),
    well_formed: bool | None = None,
    runs: bool = True,
    progress: Progress | None = None,
    memory: int | None = None,
    engine: Engine = Engine.EXPLICIT,
) -> Report:
    """Decide every claim over every reachable state of the system.

    Parameters
    ----------
    only: the names of the claims to decide; by default all.
    well_formed: whether it is decided, too, that the system is well-formed; by default where all claims are decided.
    runs: whether a run is looked for that breaks a claim; it may be left out where sets of states decide.
    progress: is called with how much is done, of how much.
    memory: how many bytes exploring one slice may take, or the sets of states; by default as much as is available, up
        to a limit.
    engine: what decides: sets of states of the whole system, states of its slices one by one, or (`Engine.AUTO`) the
        former, and the latter where the sets grow too large. The results are the same; runs come from slices.

    Raises
    ------
    DeclarationError: for a name that no claim has.
    TooLargeError: for a claim that needs a slice too large to explore; it names both.
    """
    wanted = [claims.named(name) for name in dict.fromkeys(only)] if only else list(claims.claims)
    phases: dict[str, float] = {}
    with _phase(phases, "grounding"):
        slices = Slices(claims.system, memory, most=None if engine is Engine.EXPLICIT else ONE_BY_ONE)
    return _Checker(slices, progress, engine, phases, runs).report(
        wanted, whole_system=not only if well_formed is None else well_formed
    )


@contextmanager
def _phase(phases: dict[str, float], name: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    phases[name] = time.perf_counter() - started


class _Checker:
    def __init__(
        self, slices: Slices, progress: Progress | None, engine: Engine, phases: dict[str, float], runs: bool
    ) -> None:
        self.slices = slices
        self.phases, self.runs = phases, runs
        self.engine = engine
        self.oracle = Oracle(slices.system)
        self.progress = progress
        self.done = self.steps = 0
        self.without_sets = ""

    def report(self, wanted: Sequence[Claim], *, whole_system: bool) -> Report:
        slices, system = self.slices, self.slices.system
        if any(True for lifecycle in system.lifecycles for _ in overlaps(lifecycle)):
            undecided = tuple(Finding(claim, False, vacuous=UNDECIDED) for claim in wanted)
            return Report(system, len(slices.requests), slices.combinations, wellformed(system, slices), undecided, ())
        self.steps = len(wanted) + whole_system
        symbolic = None
        if self.engine is not Engine.EXPLICIT:
            with _phase(self.phases, "exploring"):
                symbolic = self._symbolic()
        with _phase(self.phases, "claims"):
            known = self._of_sets(wanted, symbolic) if symbolic else {}
            for at, claim in enumerate(wanted):
                if at not in known:
                    known[at] = self._shown(claim)
                    self._advance()
        findings = [known[at] for at in range(len(wanted))]
        wellformedness = None
        if whole_system:
            with _phase(self.phases, "well-formedness"):
                wellformedness = self._wellformed(symbolic)
            self._advance()
        looked = {*sizes(slices.explored), *(part for finding in findings for part in finding.slices)}
        return Report(
            system, len(slices.requests), slices.combinations, wellformedness, tuple(findings), in_order(looked),
            self.without_sets, symbolic.space.encoding.nodes_used() if symbolic else 0, self.phases,
        )  # fmt: skip

    def _symbolic(self) -> "SymbolicClaims | None":
        """What decides on sets of states, if it can."""
        with self._or_else():
            from statemachines.checker.symbolic_claims import SymbolicClaims  # noqa: PLC0415  # it takes a package more

            return SymbolicClaims(self.slices)
        return None

    @contextmanager
    def _or_else(self) -> Iterator[None]:
        """Go on where sets of states are too large, so that the other engine decides, if it may."""
        try:
            yield
        except (TooLargeError, MissingExtraError) as error:
            if self.engine is Engine.SYMBOLIC:
                raise
            self.without_sets = self.without_sets or str(error)

    def _wellformed(self, symbolic: "SymbolicClaims | None") -> WellFormedness:
        if symbolic:
            with self._or_else(), symbolic.space.bounded():
                return wellformed(self.slices.system, self.slices, symbolic)
        if self.engine is Engine.EXPLICIT:
            return wellformed(self.slices.system, self.slices)
        with suppress(TooLargeError, MissingExtraError):
            return wellformed(self.slices.system, self.slices, first=lambda one: self._runs.first(one))  # noqa: PLW0108  # later
        return self._unlimited._wellformed(None)

    def _of_sets(self, wanted: Sequence[Claim], symbolic: "SymbolicClaims") -> dict[int, Finding]:
        """What sets of states decide, by index; all of it, unless the other engine decides what they cannot."""
        findings: dict[int, Finding] = {}
        for at, claim in enumerate(wanted):
            started = time.perf_counter()
            with self._or_else(), naming(claim):
                if isinstance(claim, LeadsTo):
                    finding = self._leading(claim, symbolic)
                else:
                    finding = self._of_decision(claim, symbolic.decide(claim), symbolic.whole)
                findings[at] = attrs.evolve(finding, seconds=time.perf_counter() - started)
                self._advance()
        return findings

    def _of_decision(self, claim: Claim, decision: "ClaimDecision", whole: SliceSize) -> Finding:
        """The finding of what sets of states decided: runs are those of the other engine, which has to agree."""

        def agreeing() -> Finding:
            finding = self._shown(claim, decision)
            if finding.holds is not decision.holds:
                raise EnginesDisagreeError(
                    f"claim {claim.name!r} {'holds' if decision.holds else 'fails'} on sets of states, "
                    f"and {'holds' if finding.holds else 'fails'} on states one by one"
                )
            return finding

        finding = Finding(claim, decision.holds, witness=lambda: agreeing().witness)
        if self.runs and not decision.holds:
            finding = agreeing()
        return attrs.evolve(
            finding,
            states=decision.states,
            transitions=decision.transitions,
            slices=(whole,) if decision.states else (),
            engine=Engine.SYMBOLIC,
        )

    def _shown(self, claim: Claim, decision: "ClaimDecision | None" = None) -> Finding:
        """A claim with its runs, on slices; on sets of states of those that are too large, if these do."""
        try:
            return self._finding(claim)
        except TooLargeError as error:
            if self.engine is Engine.EXPLICIT or isinstance(claim, LeadsTo):
                raise
            if decision and isinstance(claim, Indistinguishable):
                unseen = "" if decision.occurs else never_seen(claim, self.slices.system)
                broken = f"the observer can tell two runs apart, which are not shown: {error}"
                return Finding(claim, decision.holds, vacuous=unseen, broken=broken if decision.breaks else "")
            with suppress(TooLargeError, MissingExtraError):
                if isinstance(claim, Always | Sometimes):
                    search = ClaimSearch(claim, self.slices, self._runs)
                    return attrs.evolve(self._searched(search), engine=Engine.SYMBOLIC)
                if isinstance(claim, AlwaysPossible):
                    finding = self._of_possible(claim, *self._runs.first_stuck(claim))
                    size = self._runs.size(claim.when, claim.goal)
                    return attrs.evolve(finding, states=size.states, slices=(size,), engine=Engine.SYMBOLIC)
            return self._unlimited._finding(claim)

    @cached_property
    def _unlimited(self) -> "_Checker":
        """What explores slices of as many states as can be, where sets of states fail as well."""
        slices = Slices(self.slices.system, self.slices.memory, self.slices.requests)
        return _Checker(slices, None, Engine.EXPLICIT, {}, self.runs)

    @cached_property
    def _runs(self) -> "SymbolicRuns":
        from statemachines.checker.symbolic_runs import SymbolicRuns  # noqa: PLC0415  # it takes a package more

        return SymbolicRuns(self.slices)

    def _advance(self) -> None:
        self.done += 1
        if self.progress:
            self.progress(self.done, self.steps)

    def _finding(self, claim: Claim) -> Finding:
        started = time.perf_counter()
        with naming(claim):
            finding = self._explored(claim)
        return attrs.evolve(finding, seconds=time.perf_counter() - started)

    def _explored(self, claim: Claim) -> Finding:
        match claim:
            case Always() | Sometimes():
                return self._searched(ClaimSearch(claim, self.slices, self.slices))
            case AlwaysPossible():
                return self._possible(claim)
            case Indistinguishable():
                return self._indistinguishable(claim)
            case LeadsTo():
                return self._leading(claim)
        raise NotImplementedError(claim)

    def _searched(self, search: ClaimSearch) -> Finding:
        search.look()
        return Finding(
            search.claim,
            search.broken is None and search.case is not None,
            sum(part.states for part in search.looked),
            sum(part.states * times for part, times in search.looked.items()) if search.claim.of_steps else 0,
            slices=in_order(search.looked),
            counterexample=self._run(search.broken),
            witness=self._run(search.case),
            vacuous="" if search.case else never_happens(next(search.claim.parts())),
            broken=search.broken.part.words() if search.broken else "",
        )

    def _run(self, seen: Occurrence | None) -> Trace | None:
        if seen is None:
            return None
        return self.confirmed(seen.state, (seen.asked.request,) if seen.asked else (), seen.shows)

    def confirmed(self, state: ReachedState, last: tuple[Request, ...], shown: Expr) -> Trace:
        """The shortest run to a state, and a last request, replayed; it must show what it stands for."""
        start, requests = state.path()
        trace = replay(self.slices.system, start, (*requests, *last), self.oracle)
        moment = trace.steps[-1].moment if last else Moment(trace.end.as_dict())
        if not shown.holds(moment):
            raise _disagree(shown.words(), trace)
        return trace

    def confirmed_stuck(self, state: ReachedState, claim: AlwaysPossible) -> Trace:
        """The shortest run to a state, replayed, from which the oracle finds no way to the goal in so many steps."""
        trace = self.confirmed(state, (), claim.when & ~claim.goal)
        known, coming, left = {trace.end}, deque([(trace.end, trace)]), STEPS_TRIED
        requests = [asked.request for asked in self.slices.requests]
        while coming and left > 0:
            here, way = coming.popleft()
            for request in requests:
                after, verdict = decided(self.oracle, here, request)
                if verdict is None or after in known:
                    continue
                known.add(after)
                further = attrs.evolve(way, steps=(*way.steps, *replay(way.system, here, [request], self.oracle).steps))
                if claim.goal.holds(Moment(after.as_dict())):
                    raise _disagree(f"a state is reachable where {claim.goal.words()}", further)
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
        space = self.slices.of(claim.when, claim.goal)
        can = space.leading_to(space.columns.where(claim.goal))
        cases = space.columns.where(claim.when)
        stuck, case = (
            ReachedState.of(space, int(where.argmax())) if where.any() else None for where in (cases & ~can, cases)
        )
        finding = self._of_possible(claim, stuck, case)
        return attrs.evolve(
            finding, states=len(space), transitions=len(space) * len(space.effects), slices=sizes([space])
        )

    def _of_possible(self, claim: AlwaysPossible, stuck: ReachedState | None, case: ReachedState | None) -> Finding:
        """The finding of a claim, of which the first case without a way to the goal, and the first case, are known."""
        return Finding(
            claim,
            stuck is None and case is not None,
            counterexample=self.confirmed_stuck(stuck, claim) if stuck else None,
            witness=self.confirmed(case, (), claim.when) if case else None,
            vacuous="" if case else never_happens(claim.when),
            broken=f"from here no state is reachable where {claim.goal.words()}" if stuck else "",
        )

    def _leading(self, claim: LeadsTo, sets: "SymbolicClaims | None" = None) -> Finding:
        """Look for a fair run on which something never comes of something: on sets of states, whatever the engine.

        They are those of the whole system or, where these are too large, of the claim's slice, as the lasso's are.
        """
        from statemachines.checker.symbolic_claims import on_its_slice  # noqa: PLC0415  # it takes a package more

        sets = sets or on_its_slice(claim, self.slices)
        decision = sets.decide(claim)
        lasso = on_its_slice(claim, self.slices).lasso(claim) if decision.breaks else None
        loop = len(lasso.loop) if lasso else 0

        def case() -> Trace | None:
            state = self._runs.first(claim.when)
            return self.confirmed(state, (), claim.when) if state else None

        return Finding(
            claim,
            decision.holds,
            decision.states,
            decision.transitions,
            slices=(sets.whole,),
            counterexample=confirmed_lasso(claim, lasso, self.slices.system, self.oracle) if lasso else None,
            witness=case if decision.occurs else None,
            vacuous="" if decision.occurs else never_happens(claim.when),
            broken=never_follows(claim, loop) if loop else "",
            engine=Engine.SYMBOLIC,
            loop=loop,
        )

    def _indistinguishable(self, claim: Indistinguishable) -> Finding:
        """Look for two runs that the observer can tell apart, over every two values of the secret."""
        from statemachines.checker.explicit_pairs import compare_runs  # noqa: PLC0415  # sets decide without NumPy

        observer = Observer(claim, self.slices)
        looked = [pairs for values in combinations(claim.between, 2) for pairs in compare_runs(observer, values)]
        differences = [pairs.difference for pairs in looked if pairs.difference]
        shortest = min(differences, key=lambda difference: len(difference.first), default=None)
        seen = any(pairs.seen for pairs in looked)
        one, other = self.confirmed_difference(claim, shortest) if shortest else (None, None)
        return Finding(
            claim,
            shortest is None and seen,
            sum(pairs.pairs for pairs in looked),
            sum(pairs.transitions for pairs in looked),
            slices=sizes(pairs.space for pairs in looked),
            counterexample=one,
            other_run=other,
            broken=_differs(claim, one, other) if one and other else "",
            vacuous="" if seen else never_seen(claim, self.slices.system),
        )


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


def _disagree(finding: str, *traces: Trace) -> EnginesDisagreeError:
    """What is raised where the oracle does not confirm the checker."""
    runs = "\n".join(trace.text() for trace in traces)
    return EnginesDisagreeError(f"the oracle does not confirm the checker's result: {finding}\n{runs}")
