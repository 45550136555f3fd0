"""Running a campaign: each sequence once on a target, what differs confirmed, within limits.

A sequence goes on after a difference, or after a step that is left out, where the target can be put into the state that
follows. What differs is run again, right after itself and on a target that was started anew; a target that then answers
otherwise breaks no rule, but forgets to reset or is not deterministic.
"""

import time
from collections import Counter, deque
from collections.abc import Callable

import attrs

from properties.conformance.diagnosis.campaign import (
    ActsLate,
    Campaign,
    CampaignResult,
    Ending,
    RunSection,
    Status,
    divided,
)
from properties.conformance.diagnosis.journal import Journal
from properties.conformance.observation import Observation, deviates
from properties.conformance.statement import Statement
from properties.conformance.suite.vectors import Suite, Vector
from properties.conformance.targets.declared import DeclaredTarget
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour, OutOfTime
from properties.conformance.targets.settling import PAUSES, SettlingTarget, settling
from properties.conformance.targets.target import Limits, Target
from properties.walks.runs import oracle
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State
from statemachines.semantics.trace import Trace

Progress = Callable[[int, int], None]

CONFIRMED = 5
"""How many sequences that differ are run again on a target that was started anew; the others only after themselves."""

TWICE = 10
"""How many sequences that do not differ are run again at the end, to see whether the answers are the same."""

REPEATED = 3
"""How often one is run that does not end as it did before: so many times anew, and so many after what it came after."""

FATAL = 6
"""How often a target may crash or hang on a type of request before that type is sent no more."""

RESUMED = 3
"""How often a sequence goes on after a difference, from the state that the reference is in."""

LATE_TRIED = 2
"""Of how many sequences that differ it is tried whether the target only acts late."""


@attrs.frozen
class _Unopened:
    """Stands for a target for which there was no time: nothing is known of it, and nothing is sent."""

    statement: Statement

    def reset(self, state: State) -> None:  # noqa: ARG002  # as every target has it
        raise OutOfTime

    def send(self, request: Request) -> Observation:  # noqa: ARG002
        raise OutOfTime

    def settled(self) -> bool:
        return True

    def close(self) -> None:
        pass


class Runner:
    """Runs sections on a target, again if need be on one that was started anew.

    Parameters
    ----------
    suite: the sequences.
    open_anew: starts a target.
    limits: when everything has to end.
    journal: of what was as expected, in this run and in an earlier one that it resumes.
    """

    def __init__(
        self,
        suite: Suite,
        open_anew: Callable[[], Target],
        limits: Limits | None = None,
        journal: Journal | None = None,
    ) -> None:
        self.suite = suite
        self.journal = journal
        self.open_anew = open_anew
        self.stopped = ""
        try:
            self.target = open_anew()
        except OutOfTime as error:
            self.stopped = str(error)
            self.target = _Unopened(Statement(suite.system))
        self.limits = limits or Limits()
        self.began = time.monotonic()
        self.requests = 0
        self.confirmed = 0
        self.always_anew = False
        self.late: ActsLate | None = None
        self.late_tried = 0
        self.interrupted = False
        self.fatal: Counter[RequestType] = Counter()

    def campaign(self, progress: Progress | None = None) -> Campaign:
        """Run every sequence; the target stays open."""
        traces = {vector.name: self._replayed(vector) for vector in self.suite.vectors}
        parts = {
            vector.name: divided(traces[vector.name], vector, self.target.statement) for vector in self.suite.vectors
        }
        todo = deque(section for sections, _ in parts.values() for section in sections)
        results: list[CampaignResult] = []
        previous: RunSection | None = None
        resumed: Counter[str] = Counter()
        while todo:
            section = todo.popleft()
            name = section.vector.name
            known = self.journal.shown(section) if self.journal is not None else None
            if known is None:
                ending = self._judged(section, traces[name], previous, traces)
                previous = section
                if self.journal is not None and ending.status is Status.PASSED and self.late is None:
                    self.journal.note(section, ending.aspects)
            else:
                ending = Ending(Status.PASSED, aspects=known)
            results.append(CampaignResult(section, ending))
            rest = self._rest(section, ending, traces[name])
            if rest and resumed[name] < RESUMED:
                resumed[name] += 1
                todo.appendleft(rest)
            if progress:
                progress(len(results), len(results) + len(todo))
        if self.journal is not None:
            self.journal.close(whole=not self.stopped)
        results = self._again(results, traces)
        left = {name: skipped for name, (_, skipped) in parts.items() if skipped}
        seconds = time.monotonic() - self.began
        return Campaign(
            self.suite, self.target.statement, tuple(results), left, self.requests, seconds, self.late, self.interrupted
        )

    def _rest(self, section: RunSection, ending: Ending, trace: Trace) -> RunSection | None:
        """What is left of a section after a difference, where the target can be put back into the reference's state."""
        steps = tuple(step for step in section.steps if step > ending.step)
        if ending.status is not Status.DIFFERED or not steps:
            return None
        state = trace.steps[ending.step].after
        return None if self.target.statement.why_not_start(state) else RunSection(section.vector, state, steps)

    def _replayed(self, vector: Vector) -> Trace:
        return self.suite.trace(vector, oracle(self.suite.system))

    def _judged(
        self, section: RunSection, trace: Trace, previous: RunSection | None, traces: dict[str, Trace]
    ) -> Ending:
        """How the section ended; if not as expected, confirmed."""
        if self.always_anew:
            self._anew()
        ending = self.run(section, trace)
        if ending.status not in (Status.DIFFERED, Status.MISBEHAVED) or self.stopped:
            return ending
        if ending.status is Status.DIFFERED and self._acts_late(section, trace, ending):
            return self._judged(section, trace, previous, traces)
        contexts: list[Callable[[], Ending]] = [lambda: self.run(section, trace)]
        if self.confirmed < CONFIRMED:
            self.confirmed += 1
            contexts.append(lambda: self._run_anew(section, trace))
        others = [context() for context in contexts]
        if self.stopped or all(other.same_as(ending) for other in others):
            return ending

        return self._unstable(ending, section, previous, traces)

    def _acts_late(self, section: RunSection, trace: Trace, ending: Ending) -> bool:
        """Whether a difference is gone if the target is waited for, and is there if it is not; it then always is."""
        target, at = self.target, ending.step
        earlier = any(trace.steps[step].changes for step in section.steps if step < at)
        if not earlier or self.late_tried == LATE_TRIED or isinstance(target, DeclaredTarget | SettlingTarget):
            return False
        self.late_tried += 1
        self._pause()
        if not self.run(section, trace, pause_before=at).goes_on_after(at):
            return False
        for pause in PAUSES:
            self.target = SettlingTarget(target, self.suite.system, self.limits, pause)
            twice = [self.run(section, trace) for _ in range(2)]
            self.target = target
            if all(one.goes_on_after(at) for one in twice) and self.run(section, trace).same_as(ending):
                self.late = ActsLate(section.vector.name, at, 2 * pause)
                self.target = self._settled(target)
                return True
        return False

    def _pause(self) -> None:
        time.sleep(min(PAUSES[-1], max(self.limits.ends - time.monotonic(), 0)))

    def _settled(self, target: Target) -> Target:
        """The target, waited for if it acts late."""
        return settling(target, self.suite.system, self.limits, self.late.pause if self.late else 0.0)

    def _unstable(
        self, first: Ending, section: RunSection, previous: RunSection | None, traces: dict[str, Trace]
    ) -> Ending:
        """A target that answers otherwise another time: because of what it was sent before, or for no reason."""
        trace = traces[section.vector.name]
        anew = [self._run_anew(section, trace) for _ in range(REPEATED)]
        after = []
        for _ in range(REPEATED):
            if previous is not None:
                self.run(previous, traces[previous.vector.name])
            after.append(self.run(section, trace))
        settled = all(one.same_as(anew[0]) for one in anew) and all(one.same_as(first) for one in after)
        if settled and not anew[0].same_as(first):
            self.always_anew = True
            kind, detail = Misbehaviour.FORGETS_RESET, "its answer depends on what it was sent before it was reset"
        else:
            kind, detail = Misbehaviour.NONDETERMINISTIC, "it answers the same sequence differently another time"
        other = next((one for one in (first, *anew, *after) if one.step >= 0), first)
        return Ending(Status.MISBEHAVED, other.step, other.seen, kind, detail, aspects=other.aspects)

    def _again(self, results: list[CampaignResult], traces: dict[str, Trace]) -> list[CampaignResult]:
        """A sample of what was as expected, run again; of a target that is not deterministic, what differs too."""
        passed = [one for one in results if one.ending.status is Status.PASSED]
        sample = passed[:: max(1, len(passed) // TWICE)][:TWICE]
        if any(one.ending.misbehaviour is Misbehaviour.NONDETERMINISTIC for one in results):
            sample += [one for one in results if one.ending.status is Status.DIFFERED] * REPEATED
        again: dict[int, Ending] = {}
        previous = results[-1].section if results else None
        for one in sample:
            ending = self.run(one.section, traces[one.section.vector.name])
            ran = ending.status is not Status.NOT_RUN
            if ran and id(one) not in again and not ending.same_as(one.ending):
                again[id(one)] = self._unstable(ending, one.section, previous, traces)
            previous = one.section
        return [attrs.evolve(one, ending=again.get(id(one), one.ending)) for one in results]

    def _run_anew(self, section: RunSection, trace: Trace) -> Ending:
        self._anew()
        return self.run(section, trace)

    def _anew(self) -> None:
        if self.stopped:
            return
        self.target.close()
        try:
            self.target = self._settled(self.open_anew())
        except OutOfTime as error:
            self.stopped = str(error)
        except (Misbehaved, ValueError) as error:
            self.stopped = f"the target cannot be started again: {error}"

    def run(self, section: RunSection, trace: Trace, pause_before: int = -1) -> Ending:
        """Run one section, up to the first step that is not as expected.

        Parameters
        ----------
        pause_before: the index of a step before which the target is waited for.
        """
        if self.stopped:
            return Ending(Status.NOT_RUN, detail=self.stopped)
        at = -1
        aspects: list[frozenset[str]] = []
        try:
            self.target.reset(section.start)
            for at in section.steps:
                self.limits.expect_time()
                step = trace.steps[at]
                kind = step.request.type
                if self.fatal[kind] >= FATAL:
                    detail = f"{kind.label} is sent no more: the target crashed or hung on it {FATAL} times"
                    return Ending(Status.NOT_RUN, at, detail=detail, aspects=tuple(aspects))
                if at == pause_before:
                    self._pause()
                self.requests += 1
                seen = self.target.send(step.request)
                aspects.append(seen.aspects)
                if deviates(step, seen, states=not self.suite.only_regulated):
                    return Ending(Status.DIFFERED, at, seen, aspects=tuple(aspects))
        except (OutOfTime, KeyboardInterrupt) as error:
            self.interrupted = isinstance(error, KeyboardInterrupt)
            self.stopped = "the run was interrupted" if self.interrupted else str(error)
            return Ending(Status.NOT_RUN, detail=self.stopped)
        except Misbehaved as error:
            if error.kind is Misbehaviour.GONE:
                self.stopped = str(error)
            elif error.kind in (Misbehaviour.CRASHED, Misbehaviour.HANGS) and at >= 0:
                self.fatal[trace.steps[at].request.type] += 1
            return Ending(Status.MISBEHAVED, at, None, error.kind, error.detail, error.unknown, tuple(aspects))
        return Ending(Status.PASSED, aspects=tuple(aspects))
