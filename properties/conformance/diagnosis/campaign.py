"""Campaigns: the sequences of the deterministic layer, divided into what a target can be sent, and their results.

A sequence is cut at a step that the target cannot be sent, and goes on where the target can be put into the state that
follows.
"""

from enum import Enum

import attrs

from properties.conformance.observation import Observation
from properties.conformance.statement import Starts, Statement
from properties.conformance.suite.vectors import Suite, Vector
from properties.conformance.targets.misbehaviour import Misbehaviour
from statemachines.language.system import State
from statemachines.semantics.trace import Trace


class Status(Enum):
    """The result of a sequence. A member's value is its wording."""

    PASSED = "passed"
    DIFFERED = "differed"
    MISBEHAVED = "misbehaved"
    NOT_RUN = "was not run"


@attrs.frozen(eq=False)
class RunSection:
    """Part of a sequence that a target can be sent.

    Parameters
    ----------
    vector: the sequence.
    start: the state that it starts in.
    steps: the steps of the sequence that it has, by index.
    """

    vector: Vector
    start: State
    steps: tuple[int, ...]


@attrs.frozen(eq=False)
class SkippedStep:
    """A step of a sequence that a target is not sent, and why."""

    step: int
    reason: str


@attrs.frozen
class Ending:
    """How a run of a section ended.

    Parameters
    ----------
    status: the result.
    step: the step of the sequence at which it ended otherwise than expected, or that was not sent; -1 where it did
        not, or before the first.
    seen: what the target showed there.
    misbehaviour: what it did instead of a verdict, or besides.
    detail: the misbehaviour in words, or why it was not run.
    unknown: the words of the target's verdict that nobody knows, each with its aspect.
    aspects: of each step that was answered, the aspects of the verdict that the target showed.
    """

    status: Status
    step: int = -1
    seen: Observation | None = None
    misbehaviour: Misbehaviour | None = None
    detail: str = ""
    unknown: tuple[tuple[str, str], ...] = ()
    aspects: tuple[frozenset[str], ...] = ()

    def goes_on_after(self, step: int) -> bool:
        """Whether the step was as expected."""
        return self.status is Status.PASSED or (self.status is Status.DIFFERED and self.step > step)

    def same_as(self, other: "Ending") -> bool:
        """Whether a target that is deterministic may have ended both of the same section."""
        mine, its = ((one.seen.as_dict(), one.seen.after) if one.seen else None for one in (self, other))
        return (self.status, self.step, self.misbehaviour, mine) == (other.status, other.step, other.misbehaviour, its)


@attrs.frozen(eq=False)
class CampaignResult:
    """The result of a section."""

    section: RunSection
    ending: Ending

    @property
    def shown(self) -> tuple[int, ...]:
        """The steps that were as expected."""
        steps = self.section.steps
        if self.ending.status is Status.PASSED:
            return steps
        return tuple(step for step in steps if step < self.ending.step)


@attrs.frozen
class ActsLate:
    """A target that answers before it has acted, and does not say how it settles.

    Parameters
    ----------
    vector, step: where that was seen first.
    pause: for how many seconds it is waited for since, after each request that changes something.
    """

    vector: str
    step: int
    pause: float


@attrs.frozen(eq=False)
class Campaign:
    """The results of all sequences.

    Parameters
    ----------
    suite: the sequences.
    statement: what the target supports.
    results: of each section that was to be run, in order.
    left: for each sequence by name, the steps that the target was not sent.
    requests: how many requests were sent in all.
    seconds: how long it took.
    late: that the target acts late, if it does.
    interrupted: whether the user ended it.
    untested: why there are no sequences at all.
    """

    suite: Suite
    statement: Statement
    results: tuple[CampaignResult, ...]
    left: dict[str, tuple[SkippedStep, ...]]
    requests: int
    seconds: float
    late: ActsLate | None = None
    interrupted: bool = False
    untested: str = ""

    @property
    def different(self) -> tuple[CampaignResult, ...]:
        """The results that are not as expected, in order."""
        return tuple(one for one in self.results if one.ending.status in (Status.DIFFERED, Status.MISBEHAVED))


def divided(
    trace: Trace, vector: Vector, statement: Statement
) -> tuple[tuple[RunSection, ...], tuple[SkippedStep, ...]]:
    """The sections of a sequence that the target can be sent, and the steps that it cannot.

    A request that it cannot be sent is left out; if it changes something, the sequence goes on where the target can
    be put into the state after it.
    """
    sections: list[RunSection] = []
    left: list[SkippedStep] = []
    start, steps = vector.scenario.start, list[int]()
    why = statement.why_not_start(start)
    for at, step in enumerate(trace.steps):
        if why is None or not step.changes:
            here = why or statement.why_not(step.request) or statement.why_not_changes(step.changes)
        else:
            here = why
        if here is None:
            steps.append(at)
            continue
        left.append(SkippedStep(at, here))
        if step.changes and (why is None or statement.starts is Starts.ANY):
            if steps:
                sections.append(RunSection(vector, start, tuple(steps)))
            start, steps = step.after, []
            why = statement.why_not_start(start)
            if why is not None and statement.starts is Starts.INITIAL:
                why = here
    if steps:
        sections.append(RunSection(vector, start, tuple(steps)))
    return tuple(sections), tuple(left)
