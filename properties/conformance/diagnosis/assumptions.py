"""Assumptions that a target does not keep: its runs break no rule, and are judged again by the rules alone."""

from collections.abc import Iterable, Sequence

import attrs

from properties.conformance.diagnosis.attribution import Attribution, Cause, merged
from properties.conformance.diagnosis.campaign import Campaign
from properties.conformance.diagnosis.failing import FailingRun
from properties.conformance.diagnosis.runner import Runner
from properties.conformance.observation import admitted, differs
from properties.walks.runs import regulated_oracle
from statemachines.language.rules import Basis
from statemachines.language.system import System
from statemachines.semantics.regulated import PossibleStates


def breaks_no_rule(system: System, run: FailingRun) -> bool:
    """Whether the run is not as expected by an assumption alone: rules admit what was seen."""
    if run.misbehaviour is not None or run.seen is None:
        return False
    rules, possible = regulated_oracle(system), PossibleStates((run.run[0].before,))
    for step in run.run:
        possible, verdict = rules.decide(possible, step.request)
    return not differs(verdict, run.seen) and admitted(possible, run.seen)


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


def broken_assumptions(attribution: Attribution, runs: Sequence[FailingRun]) -> tuple[Cause, ...]:
    """What explains runs that break no rule: the rule that each cause names first is an assumption altogether."""
    register = attribution.system.register

    def named(cause: Cause) -> Cause:
        rules = dict.fromkeys([*cause.rules, *_decided_by(cause.explains)])
        return attrs.evolve(cause, rules=tuple(sorted(rules, key=lambda one: register[one].basis is not Basis.ASSUMED)))

    return tuple(merged(named(cause) for cause in attribution.causes(runs, among=Basis.ASSUMED)))


def _decided_by(runs: Iterable[FailingRun]) -> Iterable[str]:
    """The rules of the steps that an assumption alone decides, those of the last step first."""
    for run in runs:
        for step in reversed(run.run):
            if step.verdict.assumed_alone:
                yield from step.verdict.rules
