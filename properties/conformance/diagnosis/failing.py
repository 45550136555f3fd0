"""Runs of a target that are not as expected."""

from collections.abc import Iterable

import attrs

from properties.conformance.diagnosis.campaign import Campaign, CampaignResult
from properties.conformance.observation import Observation
from properties.conformance.targets.misbehaviour import Misbehaviour
from properties.walks.runs import oracle
from statemachines.language.requests import Request
from statemachines.language.system import State, System
from statemachines.semantics.trace import Step, replay

UNSTABLE = (Misbehaviour.FORGETS_RESET, Misbehaviour.NONDETERMINISTIC)
"""What no declaration explains: runs that end so blame no rule."""


@attrs.frozen(eq=False)
class FailingRun:
    """A run that is not as expected.

    Parameters
    ----------
    run: the steps up to and including the one at which the target differs, or misbehaves.
    seen: what it showed there.
    misbehaviour: what it did instead of a verdict.
    name: what the run is called.
    detail: the misbehaviour in words.
    wrong: the index of the step that is wrong, where that is known; it may be one before the last.
    begins: the index, in the sequence, of the step that it begins with.
    check_made: whether the check that should have refused the last request is known to be made: it comes too late.
    """

    run: tuple[Step, ...]
    seen: Observation | None
    misbehaviour: Misbehaviour | None = None
    name: str = ""
    detail: str = ""
    wrong: int | None = None
    begins: int = 0
    check_made: bool = False


def taken(system: System, start: State, requests: Iterable[Request]) -> tuple[Step, ...]:
    """The steps that the reference takes."""
    return replay(system, start, requests, oracle(system)).steps


def failing(campaign: Campaign) -> tuple[FailingRun, ...]:
    """The runs of a campaign that are not as expected, the shortest first."""
    runs = []
    for result in campaign.different:
        ending = result.ending
        if ending.step >= 0 and ending.misbehaviour not in UNSTABLE:
            run = run_of(campaign.suite.system, result, ending.step)
            name, begins = result.section.vector.name, result.section.steps[0]
            runs.append(FailingRun(run, ending.seen, ending.misbehaviour, name, ending.detail, begins=begins))
    return tuple(sorted(runs, key=lambda one: len(one.run)))


def run_of(system: System, result: CampaignResult, last: int) -> tuple[Step, ...]:
    """The steps of a section up to and including one of the sequence's."""
    section = result.section
    requests = (section.vector.scenario.requests[step] for step in section.steps if step <= last)
    return taken(system, section.start, requests)
