"""The examination of a target: run the deterministic layer, attribute each failure, give each rule a result."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path

import attrs

from properties.conformance.diagnosis.assumptions import (
    again_on_the_rules,
    beyond_assumptions,
    breaks_no_rule,
    broken_assumptions,
)
from properties.conformance.diagnosis.attribution import Attribution, Cause, as_expected, spectrum
from properties.conformance.diagnosis.campaign import Campaign
from properties.conformance.diagnosis.dependence import NOT_KNOWN, Depends, dependence
from properties.conformance.diagnosis.evidence import Deviation
from properties.conformance.diagnosis.failing import FailingRun, failing, taken
from properties.conformance.diagnosis.journal import Journal
from properties.conformance.diagnosis.masked_checks import MaskedChecks
from properties.conformance.diagnosis.ranking import LOOKED_AT
from properties.conformance.diagnosis.runner import Progress, Runner
from properties.conformance.diagnosis.standing import Findings
from properties.conformance.diagnosis.visibility import Visibility
from properties.conformance.failure_text import run_in_words
from properties.conformance.observation import deviates
from properties.conformance.options import usual_reference
from properties.conformance.statement import Statement
from properties.conformance.suite.partial_target import suite_within
from properties.conformance.suite.regulated_suite import regulated_suite
from properties.conformance.suite.store import suite_of
from properties.conformance.suite.subsets import needed_for, only_vectors, smoke_of
from properties.conformance.suite.vectors import Suite, Vector
from properties.conformance.targets.declared import DeclaredTarget, speaks_like
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour, OutOfTime
from properties.conformance.targets.opening import open_target
from properties.conformance.targets.target import Limits, Target
from properties.conformance.targets.time_limit import CallOverdue, alarm
from properties.console.spec import load_claims
from properties.domain import Profile, profile_for
from properties.walks.runs import oracle, regulated_oracle
from properties.walks.shrinking import shortened
from statemachines.language.claims import Claims
from statemachines.language.system import System
from statemachines.semantics.regulated import regulated
from statemachines.semantics.trace import Scenario, Step, Trace

MOST_SHORTER, SHORTER_SECONDS = 300, 10.0
"""How many shorter sequences are tried for each cause, and for how long."""


@attrs.frozen
class Subject:
    """What is examined, as it was named.

    Parameters
    ----------
    sut: the SPEC of a target; empty where a declared system is tested.
    system: the declared system that is the reference or, without a target, is tested.
    statement, mapping, connection: files about the target.
    limits: how long it may take.
    profile: the name of the profile; the one that goes with the system if not given.
    without: the ids of assumptions that do not apply in the reference; claims that cite one are not tested.
    """

    sut: str = ""
    system: str = attrs.field(factory=usual_reference)
    statement: Path | None = None
    mapping: Path | None = None
    connection: Path | None = None
    limits: Limits = attrs.field(factory=Limits)
    profile: str = ""
    without: tuple[str, ...] = ()

    def reference(self) -> Claims:
        """The reference: what is named, or the usual one where a copy of it is tested."""
        claims = load_claims(self._reference_spec, self.without)
        return _not_citing(claims, self.without) if self.without else claims

    @property
    def _reference_spec(self) -> str:
        usual = usual_reference()
        if self.sut or not usual or self.system == usual:
            return self.system
        copied = speaks_like(load_claims(self.system).system, load_claims(usual).system)
        return usual if copied else self.system

    @property
    def domain(self) -> Profile:
        """What lends the reference its words."""
        return profile_for(self._reference_spec, self.profile)

    @property
    def is_reference(self) -> bool:
        """Whether a declared system is tested that is its own reference."""
        return not self.sut and load_claims(self._reference_spec) is load_claims(self.system)

    def opener(self, limits: Limits) -> Callable[[], Target]:
        """What starts the target, which then has so much time."""
        reference = self.reference().system
        profile = self.domain
        if not self.sut:
            tested = reference if self.is_reference else load_claims(self.system).system
            return lambda: DeclaredTarget(tested, reference, profile)
        return lambda: open_target(
            self.sut,
            reference,
            statement=self.statement,
            mapping=self.mapping,
            connection=self.connection,
            limits=limits,
            profile=profile,
        )


@lru_cache
def _not_citing(claims: Claims, rules: tuple[str, ...]) -> Claims:
    """The system with the claims that cite none of the rules: the same, however often they are asked for."""
    return attrs.evolve(claims, claims=[claim for claim in claims.claims if not set(rules) & set(claim.rules)])


class NotComputedError(Exception):
    """The sequences that would be sent are not computed in time; the target is not to blame."""


def _computed(claims: Claims, limits: Limits) -> Suite:
    """The sequences, in time."""
    if limits.run_seconds is None:
        return suite_of(claims)
    try:
        with alarm(limits.grace(limits.run_seconds)):
            return suite_of(claims)
    except CallOverdue:
        raise NotComputedError(
            f"the sequences of {claims.system.name} are not computed after {limits.run_seconds:g} s, the limit of "
            "time: give it more"
        ) from None


def _for_target(claims: Claims, suite: Suite, statement: Statement, limits: Limits) -> Suite:
    """The sequences, with those for a target that supports a part, if these are computed in half the time left."""
    if limits.run_seconds is None:
        return suite_within(claims, suite, statement)
    try:
        with alarm(limits.grace(limits.run_seconds) / 2):
            return suite_within(claims, suite, statement)
    except CallOverdue:
        return attrs.evolve(suite, own=None)


@attrs.frozen(eq=False)
class BrokenProperty:
    """A property that does not hold of the observation at the end of a run."""

    run: FailingRun

    def text(self, system: System) -> str:
        """The run in words."""
        return "\n".join(run_in_words(system, self.run))


@attrs.frozen(eq=False)
class Examination:
    """What came of it.

    Parameters
    ----------
    claims: the reference, and what is claimed of it.
    campaign: what was run.
    findings: the standing of each rule and property.
    right: for each use of a declaration, how many runs show it to be right.
    shortest: for each rule that failed, the shortest failing run that is known.
    broken: the properties that do not hold of the observations, by name.
    """

    claims: Claims
    campaign: Campaign
    findings: Findings
    right: Mapping[str, int]
    shortest: Mapping[str, FailingRun]
    broken: Mapping[str, BrokenProperty]

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What explains the runs that break a rule."""
        return self.findings.causes

    @property
    def warnings(self) -> tuple[Cause, ...]:
        """What explains the runs that break no rule: assumptions that are not kept."""
        return self.findings.warnings


def examine(
    claims: Claims,
    opener: Callable[[], Target],
    *,
    only: tuple[str, ...] = (),
    rules: tuple[str, ...] = (),
    properties: tuple[str, ...] = (),
    smoke: bool = False,
    sequences: tuple[Vector, ...] = (),
    limits: Limits | None = None,
    progress: Progress | None = None,
    only_regulated: bool = False,
    journal: Journal | None = None,
) -> Examination:
    """Run the deterministic layer on a target.

    Parameters
    ----------
    claims: the reference, and what is claimed of it.
    opener: starts the target.
    only: the names of the sequences to run; all, if none is named.
    rules, properties: what is tested, where that is not everything; then only the sequences are run that these need.
    smoke: whether only a few sequences are run.
    sequences: what is run in place of the suite's sequences.
    limits: how long it may take, the computing of the sequences included; without sequences, nothing is tested.
    only_regulated: whether what an assumption alone decides is compared with nothing. Otherwise an assumption that is
        not kept is a warning, and the sequences that break one are run again, compared with what rules say.

    journal: of what was as expected, in this run and in an earlier one that it resumes.

    Raises
    ------
    TargetError: if it cannot be started.
    """
    limits = limits or Limits()
    untested = ""
    try:
        suite = Suite(claims.system, {}, sequences) if sequences else _computed(claims, limits)
    except NotComputedError as error:
        suite, untested = Suite(claims.system, {}, ()), str(error)
    runner = Runner(suite, opener, limits, journal)
    try:
        if not (untested or smoke or sequences):
            suite = _for_target(claims, suite, runner.target.statement, limits)
        whole = suite
        suite = only_vectors(suite, () if untested or sequences else only)
        if rules or properties:
            suite = needed_for(suite, rules, properties)
        if smoke:
            suite = smoke_of(suite)
        runner.suite = regulated_suite(suite) if only_regulated else suite
        campaign = attrs.evolve(runner.campaign(progress), untested=untested)
        right = spectrum(campaign)
        passed = tuple(as_expected(campaign))
        attribution = Attribution(claims, right, passed)
        runs = list(failing(campaign))
        endings = (result.ending.misbehaviour for result in campaign.results)
        asked = Misbehaviour.NONDETERMINISTIC not in endings and not campaign.interrupted
        if asked and runs:
            states = tuple(dict.fromkeys(step.before for step in (*passed, *_steps_left_out(whole, suite))))
            masked = MaskedChecks(attribution.known, runner.target, states, passed)
            runs = [masked.unmasked(located(runner.target, run)) for run in runs]
            if not only_regulated:
                runs = beyond_assumptions(runner.target, claims.system, runs)
        assumed = (
            []
            if only_regulated or campaign.interrupted
            else [run for run in runs if breaks_no_rule(claims.system, run)]
        )
        if assumed:
            names = {run.name for run in assumed}
            campaign = again_on_the_rules(runner, campaign, names)
            runs = [run for run in runs if run.name not in names]
            again = [run for run in failing(campaign) if run.name in names]
            runs += [located_on_the_rules(runner.target, claims.system, run) for run in again] if asked else again
        depends: Depends = partial(dependence, runner.target, claims.system) if asked else lambda _: NOT_KNOWN
        causes = attribution.causes(runs, depends=depends)
        warnings = broken_assumptions(attribution, assumed, depends)
        shortest = {cause.rule: cause.explains[0] for cause in (*warnings, *causes)}
        if not campaign.interrupted:
            for rule, run in shortest.items():
                short = shortest_of(runner.target, claims.system, campaign.statement, run)
                shortest[rule] = located(runner.target, short)
    finally:
        runner.target.close()
    broken = broken_properties(attribution, causes, shortest)
    findings = Findings(Visibility(claims, campaign), causes, warnings)
    return Examination(claims, campaign, findings, right, shortest, broken)


def _steps_left_out(whole: Suite, run: Suite) -> Iterator[Step]:
    """The steps of the sequences that were not run."""
    names = {vector.name for vector in run.vectors}
    for vector in whole.vectors:
        if vector.name not in names:
            yield from whole.trace(vector, oracle(whole.system)).steps


def located_on_the_rules(target: Target, system: System, run: FailingRun) -> FailingRun:
    """The run with the step that is wrong by the rules: what breaks an assumption alone, before it, is none."""
    steps = regulated(Trace(system, run.run[0].before, run.run), regulated_oracle(system)).steps
    return attrs.evolve(run, wrong=located(target, attrs.evolve(run, run=steps), states=False).wrong)


def located(target: Target, run: FailingRun, *, states: bool = True) -> FailingRun:
    """The run with the step that is wrong: the last from whose state before it the target still goes wrong.

    Where the target is put into the state that the reference has before a step, and then goes wrong, that step or one
    after it is wrong; where it does not, one before it. That is asked only of a target that can be put into any state,
    and answers the same every time.
    """
    if run.misbehaviour is not None or run.seen is None:
        return run
    seen, after, last = run.seen.as_dict(), run.seen.after, len(run.run) - 1

    def goes_wrong(begin: int) -> bool | None:
        if target.statement.why_not_start(run.run[begin].before) is not None:
            return None
        try:
            target.reset(run.run[begin].before)
            for at in range(begin, last + 1):
                seen_now = target.send(run.run[at].request)
                if deviates(run.run[at], seen_now, states=states):
                    return at == last and seen_now.as_dict() == seen and seen_now.after == after
        except (Misbehaved, OutOfTime):
            return None
        return False

    wrong, right = 0, last + 1
    while right - wrong > 1:
        # The last step is asked first: mostly it is that itself.
        middle = last if right > last else (wrong + right) // 2
        fails = goes_wrong(middle)
        if fails is None:
            return run
        wrong, right = (middle, right) if fails else (wrong, middle)
    return attrs.evolve(run, wrong=wrong)


def broken_properties(
    attribution: Attribution, causes: Sequence[Cause], shortest: Mapping[str, FailingRun]
) -> dict[str, BrokenProperty]:
    """The properties that an observation breaks, where the step of the observation is itself at fault."""
    broken: dict[str, BrokenProperty] = {}
    for cause in causes:
        if not cause.here[0] or cause.explains[0].misbehaviour:
            continue
        runs = [shortest[cause.rule], *(run for run, here in zip(cause.explains, cause.here, strict=True) if here)]
        for run in runs[:LOOKED_AT]:
            for claim in attribution.ranking.broken(run, Deviation(cause.use, len(run.run) - 1)):
                broken.setdefault(claim.name, BrokenProperty(run))
    return broken


def shortest_of(
    target: Target, system: System, statement: Statement, run: FailingRun, most: int = MOST_SHORTER
) -> FailingRun:
    """A run that fails in the same way, shortened; the same one, where it cannot be repeated."""
    if run.misbehaviour is not None or run.seen is None:
        return run
    expected, seen = run.run[-1], run.seen
    shorter: dict[Scenario, FailingRun] = {}
    ends = time.monotonic() + SHORTER_SECONDS

    def fails(walk: Scenario) -> int:
        if time.monotonic() > ends:
            return -1
        if statement.why_not_start(walk.start) or any(statement.why_not(request) for request in walk.requests):
            return -1
        steps = taken(system, walk.start, walk.requests)
        try:
            target.reset(walk.start)
            for at, step in enumerate(steps, 1):
                answer = target.send(step.request)
                if deviating := deviates(step, answer):
                    alike = answer.as_dict() == seen.as_dict() and deviating == deviates(expected, seen)
                    same = alike and step.verdict.reason is expected.verdict.reason
                    shorter[Scenario(walk.start, walk.requests[:at])] = attrs.evolve(
                        run, run=steps[:at], seen=answer, wrong=None
                    )
                    return at if same else -1
        except (Misbehaved, OutOfTime):
            return -1
        return -1

    whole = Scenario(run.run[0].before, tuple(step.request for step in run.run))
    if fails(whole) != len(run.run):
        return run
    return shorter.get(shortened(system, whole, fails, most), run)
