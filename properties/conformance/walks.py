"""The random layer: steered Hypothesis walks that compare target and reference at every step.

A walk goes round what the target does not support, and round every step that needs a declaration which the
deterministic layer showed to be broken. Whatever still fails is new.
"""

import time
from collections.abc import Iterator
from typing import Any, ClassVar

import attrs
from hypothesis import seed, settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

from properties.conformance.diagnosis.attribution import Attribution
from properties.conformance.diagnosis.declarations import declarations
from properties.conformance.diagnosis.examination import located, shortest_of
from properties.conformance.diagnosis.failing import FailingRun, taken
from properties.conformance.diagnosis.standing import Standing
from properties.conformance.failure_text import failure
from properties.conformance.observation import admitted, deviates, differs
from properties.conformance.options import CHUNKS, RUN_SECONDS
from properties.conformance.session import Session
from properties.conformance.statement import Statement
from properties.conformance.suite.sequence_file import sequence_text
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour, OutOfTime
from properties.conformance.targets.settling import settling
from properties.conformance.targets.target import Target
from properties.conformance.transfer import state_named
from properties.conformance.walk_strategy import showing
from properties.walks import stateful
from properties.walks.coverage import Coverage
from properties.walks.runs import Run, Setup, oracle, regulated_oracle
from properties.walks.steering import Restriction
from statemachines.language.gates import Verdict
from statemachines.language.requests import Request
from statemachines.language.system import State
from statemachines.semantics.regulated import PossibleStates
from statemachines.semantics.trace import Scenario, Step

STEPS = 100


class TimeIsUp(BaseException):
    """The time for walks is over. Hypothesis, which catches each `Exception`, lets it through."""


class WalkDiffers(Exception):  # noqa: N818  # a finding, and no error of anyone who runs this
    """The target is not as expected at the last step of a walk."""


@attrs.define(eq=False)
class WalkContext:
    """What all walks of one test share.

    Parameters
    ----------
    target: what is tested.
    broken: the uses of declarations that are known to be broken.
    ends: the time at which walks stop, as `time.monotonic` tells it.
    failures: the runs that are not as expected, in order.
    unknown: words of the target that nobody knows, each with its aspect.
    walks, blocked, unsupported: how many walks began, and how many steps were not taken, and why.
    assumed: how many steps were not as expected by an assumption alone.
    """

    target: Target
    broken: frozenset[str]
    ends: float
    failures: list[FailingRun] = attrs.field(factory=list)
    unknown: list[tuple[str, str]] = attrs.field(factory=list)
    walks: int = 0
    blocked: int = 0
    unsupported: int = 0
    assumed: int = 0


class ComparedRun(Run):
    """A walk of the reference and the target side by side."""

    def __init__(self, setup: Setup, context: WalkContext) -> None:
        super().__init__(setup)
        self.context = context

    def reset(self, state: State) -> None:
        """Start here."""
        self.start = self.state = state
        self.possible = PossibleStates((state,))
        self.context.walks += 1
        self._asked(lambda: self.context.target.reset(state))

    def send(self, request: Request) -> Step:
        """Send a request to both, and compare their verdicts."""
        before = self.state
        self.state, verdict = oracle(self.system).decide(before, request)
        self.requests.append(request)
        seen = self._asked(lambda: self.context.target.send(request))
        assert self.setup.coverage
        self.setup.coverage.add(request, verdict)
        self.possible, ruled = regulated_oracle(self.system).decide(self.possible, request)
        if differs(ruled, seen) or not admitted(self.possible, seen):
            self._fail(seen=seen)
        step = Step(before, request, verdict, self.state)
        self.context.assumed += bool(deviates(step, seen))
        return step

    def _asked(self, ask: Any) -> Any:
        try:
            return ask()
        except OutOfTime:
            raise TimeIsUp from None
        except Misbehaved as error:
            self.context.unknown += error.unknown
            self._fail(misbehaviour=error.kind, detail=error.detail)

    def _fail(self, **observed: Any) -> None:
        run = taken(self.system, self.start, self.requests)
        observed = {"seen": None, **observed}
        if run:
            self.context.failures.append(FailingRun(run, name="a random walk", **observed))
        raise WalkDiffers(observed.get("detail", ""))


class ConformanceWalk(stateful.Machine):
    """A walk that goes round what is not supported and what is known to be broken."""

    context: ClassVar[WalkContext]

    def new_run(self) -> Run:
        """A run beside the target."""
        return ComparedRun(self.setup, self.context)

    def allows(self, request: Request) -> bool:
        """Whether the target can be sent the request, and its step needs nothing that is known to be broken."""
        return not self._why_not(request)

    def _why_not(self, request: Request) -> str:
        context, state = self.context, self.run.state
        after, verdict = oracle(self.run.system).decide(state, request)
        statement = context.target.statement
        changed = {name: (old, new) for name, old, new in zip(state.names, state, after, strict=True) if old != new}
        if statement.why_not(request) or statement.why_not_changes(changed):
            return "unsupported"
        if context.broken:
            uses = declarations(self.run.system).uses(state, request, verdict)
            if any(use.key in context.broken for use in uses):
                return "blocked"
        return ""

    def step(self, request: Request) -> None:
        """Send the request, unless it is to be gone round or the time is over."""
        __tracebackhide__ = True
        if time.monotonic() >= self.context.ends:
            raise TimeIsUp
        why = self._why_not(request)
        if why:
            setattr(self.context, why, getattr(self.context, why) + 1)
        else:
            super().step(request)


def walk(session: Session, chunk: int) -> dict[str, Any] | None:
    """One share of the walks; its first failure, with the rule that is named first, if there is one.

    Raises
    ------
    OutOfTime: if the time for walks was over before it began.
    TargetError: if the target cannot be started.
    """
    share = session.shares[chunk]
    began = time.monotonic()
    results = session.results
    coverage = Coverage(session.claims.system)
    if results.untested:
        raise OutOfTime(results.untested)
    limits = session.walk_limits
    limits.expect_time()
    opened = session.walked_target()
    target = settling(opened, session.claims.system, limits, results.pause)
    if not session.starts:
        session.starts = tuple(_starts(session, target.statement))
    as_expected = False
    context = WalkContext(target, results.broken, began + (limits.run_seconds or RUN_SECONDS) / len(session.shares))
    try:
        machine = stateful.state_machine(
            session.claims,
            target=_Compared(),
            coverage=coverage,
            steered_by=showing(session.claims, _within(target.statement)),
            starts=session.starts,
            base=type("ConformanceWalk", (ConformanceWalk,), {"context": context}),
        )
        seed(session.scope.seed * CHUNKS + chunk)(machine)
        as_expected = _made(machine, session, share, context)
        failing = _attributed(session, target, context.failures[0]) if context.failures else None
        if failing and context.failures[0].misbehaviour is Misbehaviour.GONE:
            session.gone = context.failures[0].detail
    finally:  # of walks that are interrupted, too
        if as_expected:
            session.keep(opened)
        else:
            target.close()
        walked = session.walked
        walked.walks += context.walks
        walked.requests += coverage.steps
        walked.blocked += context.blocked
        walked.unknown += context.unknown
        walked.unsupported += context.unsupported
        walked.assumed += context.assumed
        walked.seconds += time.monotonic() - began
        walked.hits.update(coverage.hits)
    if failing is not None:
        session.walked.failures.append(failing)
    return failing


def _made(machine: Any, session: Session, share: int, context: WalkContext) -> bool:
    """Make the walks; whether all of them were made, and the target was as expected."""
    try:
        run_state_machine_as_test(machine, settings=_settings(session, share))
    except Flaky:
        if context.failures:
            context.failures[0] = _unstable(context.failures[0])
    except (WalkDiffers, TimeIsUp):
        return False
    return not context.failures


def _unstable(run: FailingRun) -> FailingRun:
    """A failure of requests that are answered rightly another time; how it went wrong this time stays in its words."""
    this_time = f"; this time it {run.misbehaviour.value}: {run.detail}" if run.misbehaviour else ""
    return attrs.evolve(run, misbehaviour=Misbehaviour.NONDETERMINISTIC, detail=f"it passes again{this_time}")


def _within(statement: Statement) -> Restriction | None:
    """What the target supports; ``None`` if that is everything."""
    system = statement.system
    every = tuple(system.all_requests())
    requests = frozenset(request for request in every if statement.why_not(request) is None)
    values = tuple((variable.name, statement.values(variable.name)) for variable in system.variables)
    restricted = len(requests) < len(every) or any(
        len(able) < len(variable.domain) for variable, (_, able) in zip(system.variables, values, strict=True)
    )
    return Restriction(requests, values) if restricted else None


class _Compared:
    """Stands for the target, so that the machine knows that there is one."""

    def reset(self, state: State) -> None:
        raise NotImplementedError

    def send(self, request: Request) -> Verdict:
        raise NotImplementedError


def _starts(session: Session, statement: Statement) -> Iterator[State]:
    """The states that walks begin in: those that the target can be put into."""
    system = session.claims.system
    more = [state_named(system, names) for names in session.results.starts]
    return (state for state in more or system.initial_states() if statement.why_not_start(state) is None)


def _settings(session: Session, share: int) -> settings:
    """As many walks as this share has; the rest as Hypothesis's profile says."""
    steps = settings().stateful_step_count if session.selection.profiled else STEPS
    return stateful.walking(settings(settings(), max_examples=share, stateful_step_count=steps, derandomize=False))


def _attributed(session: Session, target: Target, run: FailingRun) -> dict[str, Any]:
    """A failure shortened, attributed and in words."""
    claims = session.claims
    short = located(target, shortest_of(target, claims.system, target.statement, run))
    (cause, *_) = Attribution(claims, session.results.right).causes([short])
    walked = Scenario(short.run[0].before, tuple(step.request for step in short.run))
    sequence = sequence_text(claims.system, walked)
    text = failure(claims.system, cause, short, session.scope.again("--sequence", sequence))
    failed = {rule for rule, message in session.results.rules.items() if message.standing is Standing.FAILED}
    failed |= {failing["rule"] for failing in session.walked.failures}
    known = cause.rule in failed
    return {"rule": cause.rule, "rules": list(cause.rules), "text": text, "steps": len(short.run), "known": known}
