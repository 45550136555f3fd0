"""Assumptions that a target does not keep: its runs break no rule, and are judged again by the rules alone."""

import time
from collections.abc import Iterable, Sequence

import attrs

from properties.conformance.diagnosis.attribution import Attribution, Cause, merged
from properties.conformance.diagnosis.campaign import Campaign
from properties.conformance.diagnosis.dependence import NOT_KNOWN, PROBE_SECONDS, Depends, alike_nearby
from properties.conformance.diagnosis.failing import FailingRun
from properties.conformance.diagnosis.runner import Runner
from properties.conformance.observation import admitted, differs
from properties.conformance.targets.target import Target
from properties.walks.runs import regulated_oracle
from statemachines.language.rules import Basis
from statemachines.language.system import System
from statemachines.semantics.regulated import PossibleStates


def breaks_no_rule(system: System, run: FailingRun) -> bool:
    """Whether the run is not as expected by an assumption alone: rules admit what was seen.

    Where a step before the last is wrong, and rules alone say what it leaves, it breaks them, however it shows.
    """
    if run.misbehaviour is not None or run.seen is None or _left_against_rules(system, run):
        return False
    rules, possible = regulated_oracle(system), PossibleStates((run.run[0].before,))
    for step in run.run:
        possible, verdict = rules.decide(possible, step.request)
    return not differs(verdict, run.seen) and admitted(possible, run.seen)


def _left_against_rules(system: System, run: FailingRun) -> bool:
    if run.wrong is None or run.wrong == len(run.run) - 1:
        return False
    wrong = run.run[run.wrong]
    possible, _ = regulated_oracle(system).decide(PossibleStates((wrong.before,)), wrong.request)
    return not possible.more and set(possible.states) == {wrong.after}


def beyond_assumptions(target: Target, system: System, runs: Sequence[FailingRun]) -> list[FailingRun]:
    """The runs, and in place of those that break no rule, ones nearby that are wrong alike and break one, if there are.

    What goes wrong alike is looked for once for each type of request and what was expected and seen of it; where it
    breaks a rule nearby, it is no assumption that is not kept, whatever decides the case that a sequence came to.
    """
    ends, known = time.monotonic() + PROBE_SECONDS, dict[tuple[object, ...], FailingRun | None]()
    found = []
    for run in runs:
        if run.seen is None or run.wrong is None or not breaks_no_rule(system, run):
            found.append(run)
            continue
        wrong, last = run.run[run.wrong], run.run[-1]
        key = wrong.request.type.name, last.request.type.name, last.verdict.reason, str(run.seen)
        if key not in known:
            nearby = alike_nearby(target, system, run, ends)
            known[key] = next((one for one in nearby if not breaks_no_rule(system, one)), None)
        other = known[key]
        found.append(attrs.evolve(other, name=run.name, begins=run.begins) if other else run)
    return found


def again_on_the_rules(runner: Runner, campaign: Campaign, names: Iterable[str]) -> Campaign:
    """The campaign where these sequences are run again, and compared with what rules say: no assumption stops them."""
    suite, wanted = runner.suite, set(names)
    runner.suite = attrs.evolve(
        suite, vectors=tuple(vector for vector in suite.vectors if vector.name in wanted), only_regulated=True
    )
    try:
        second = runner.campaign()
    finally:
        runner.suite = suite
    kept = (result for result in campaign.results if result.section.vector.name not in wanted)
    return attrs.evolve(campaign, results=(*kept, *second.results), requests=second.requests, seconds=second.seconds)


def broken_assumptions(
    attribution: Attribution, runs: Sequence[FailingRun], depends: Depends = lambda _: NOT_KNOWN
) -> tuple[Cause, ...]:
    """What explains runs that break no rule: the rule that each cause names first is an assumption altogether."""
    register = attribution.system.register

    def named(cause: Cause) -> Cause:
        rules = dict.fromkeys([*cause.rules, *_decided_by(cause.explains)])
        return attrs.evolve(cause, rules=tuple(sorted(rules, key=lambda one: register[one].basis is not Basis.ASSUMED)))

    return tuple(merged(named(cause) for cause in attribution.causes(runs, among=Basis.ASSUMED, depends=depends)))


def _decided_by(runs: Iterable[FailingRun]) -> Iterable[str]:
    """The rules of the steps that an assumption alone decides, those of the last step first."""
    for run in runs:
        for step in reversed(run.run):
            if step.verdict.assumed_alone:
                yield from step.verdict.rules
