"""Standings: the result of a campaign for each rule and each property."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from functools import cached_property

import attrs

from properties.conformance.diagnosis.attribution import Cause
from properties.conformance.diagnosis.campaign import CampaignResult, Status
from properties.conformance.diagnosis.failing import UNSTABLE, FailingRun
from properties.conformance.diagnosis.visibility import Visibility
from properties.conformance.suite.regulated_suite import ALONE
from properties.conformance.suite.vectors import Goal, GoalKind
from properties.conformance.targets.misbehaviour import Misbehaviour
from properties.walks.runs import oracle
from statemachines.language.claims import Always, AlwaysPossible, Claim, LeadsTo
from statemachines.language.expression import Moment
from statemachines.language.requests import RequestType
from statemachines.language.rules import Basis
from statemachines.language.terms import ASPECTS, After

NOT_KEPT = "an assumption is not kept, and no rule decides it then"
NOTHING_SHOWS_IT = "no request or event of the reference shows it"


NOT_RUN = "the sequences that show it are not run in this profile"


NO_SEQUENCE_SHOWS_IT = (
    "no sequence shows what is always possible, or comes in the end; check decides it of the reference"
)


class Standing(Enum):
    """The result for a rule or property. A member's value is its wording."""

    PASSED = "passed"
    FAILED = "failed"
    BLOCKED = "blocked"
    PARTLY = "passed in part"
    NOT_APPLICABLE = "not applicable"
    UNSEEN = "cannot be seen"
    NOT_TESTED = "not tested"
    EXPECTED = "failed as expected"
    SKIPPED = "skipped"
    WARNED = "assumption not kept"
    UNSPECIFIED = "unspecified"


TESTED = (Standing.PASSED, Standing.PARTLY, Standing.FAILED, Standing.EXPECTED, Standing.WARNED)
"""The standings of what was tested."""


@attrs.frozen(eq=False)
class Account:
    """The result for one rule or property.

    Parameters
    ----------
    subject: the rule's id or the property's name.
    rules: the ids of the rules that it is about.
    standing: the result.
    reason: by which rule it is blocked, or why it is not applicable, or the part of it that was not shown, or why it
        was not tested; or the line of a file that says that it is skipped or expected to fail.
    goals: how many things are to be shown of it.
    shown: how many of them were.
    vectors: the names of the sequences that show them, or were to.
    cause: what explains that it failed.
    """

    subject: str
    rules: tuple[str, ...]
    standing: Standing
    reason: str = ""
    goals: int = 0
    shown: int = 0
    vectors: tuple[str, ...] = ()
    cause: Cause | None = None


@attrs.frozen(eq=False)
class UnspecifiedStep:
    """A step whose verdict the sources leave open, in whole or in part: any answer of the target is accepted there.

    Parameters
    ----------
    vector: the sequence.
    step: its index in it.
    rules: the ids of the rules that decide it.
    aspects: what is left open.
    """

    vector: str
    step: int
    rules: tuple[str, ...]
    aspects: tuple[str, ...]


@attrs.frozen(eq=False)
class StepResult:
    """One step of a sequence on the target: it was as expected, or why not."""

    shown: bool
    blocked_by: str = ""
    left: str = ""
    not_run: str = ""
    hidden: str = ""


def _crashed_on(run: FailingRun, kind: RequestType) -> bool:
    return run.misbehaviour is not None and run.run[-1].request.type is kind


class Findings:
    """The results of a campaign and its causes.

    Parameters
    ----------
    visibility: what was run, and what of it the target's answers can tell.
    causes: what explains the runs that break a rule.
    warnings: what explains those that break no rule: assumptions that are not kept.
    """

    def __init__(self, visibility: Visibility, causes: Sequence[Cause] = (), warnings: Sequence[Cause] = ()) -> None:
        self.visibility, self.campaign = visibility, visibility.campaign
        campaign = self.campaign
        self.causes = tuple(causes)
        self.warnings = tuple(warnings)
        self._rule_of = {(run.name, run.begins): cause.rule for cause in causes for run in cause.explains}
        self._warned = {
            run.name: (cause.rule, run.begins + len(run.run) - 1) for cause in warnings for run in cause.explains
        }
        self._steps: dict[tuple[str, int], StepResult] = {}
        self._results: dict[tuple[str, int], CampaignResult] = {}
        for result in campaign.results:
            self._add(result)
        for name, skipped in campaign.left.items():
            for left in skipped:
                self._steps[name, left.step] = StepResult(shown=False, left=left.reason)
        self._reaching: dict[str, list[tuple[str, int]]] = {}
        for vector in campaign.suite.vectors:
            for step, key in vector.reached:
                self._reaching.setdefault(key, []).append((vector.name, step))

    def _add(self, result: CampaignResult) -> None:
        name, ending = result.section.vector.name, result.ending
        shown = set(result.shown)
        for step in result.section.steps:
            if step in shown:
                step_result = StepResult(shown=True)
            elif ending.status is Status.NOT_RUN and ending.step >= 0:
                step_result = StepResult(shown=False, blocked_by=self._fatal(result))
            elif ending.status is Status.NOT_RUN or ending.step < 0 or ending.misbehaviour in UNSTABLE:
                step_result = StepResult(shown=False, not_run=ending.detail)
            else:
                step_result = StepResult(shown=False, blocked_by=self._rule_of.get((name, result.section.steps[0]), ""))
            self._steps[name, step], self._results[name, step] = step_result, result

    def _fatal(self, result: CampaignResult) -> str:
        """The rule that failed because the target crashed or hung on the request that is sent no more."""
        kind = result.section.vector.scenario.requests[result.ending.step].type
        rules = (cause.rule for cause in self.causes for run in cause.explains if _crashed_on(run, kind))
        return next(rules, "")

    def rule(self, rule: str) -> Account:
        """The result for a rule."""
        if self.campaign.untested:
            return Account(rule, (rule,), Standing.NOT_TESTED, self.campaign.untested)
        suite = self.campaign.suite
        goals = self._goals_of_rules.get(rule, ())
        cause = next((cause for cause in (*self.causes, *self.warnings) if cause.rule == rule), None)
        if suite.only_regulated and cause is None and suite.system.register[rule].basis is Basis.ASSUMED:
            return Account(rule, (rule,), Standing.UNSPECIFIED, ALONE)
        return self._account(rule, (rule,), goals, cause)

    def property(self, claim: Claim) -> Account:
        """The result for a property."""
        if isinstance(claim, AlwaysPossible | LeadsTo):
            return Account(claim.name, claim.rules, Standing.UNSEEN, NO_SEQUENCE_SHOWS_IT)
        if self.campaign.untested:
            return Account(claim.name, claim.rules, Standing.NOT_TESTED, self.campaign.untested)
        suite = self.campaign.suite
        goals = self._goals_of_properties.get(claim.name, ())
        apart = (one for one in suite.unreachable if one.reason == ALONE and one.goal.label == claim.name)
        if not goals and any(one.goal.kind is GoalKind.PROPERTY for one in apart):
            return Account(claim.name, claim.rules, Standing.UNSPECIFIED, ALONE)
        account = self._account(claim.name, claim.rules, goals, None)
        if account.standing in (Standing.PASSED, Standing.PARTLY) and (rule := self._doubted_by(claim)):
            return attrs.evolve(account, standing=Standing.BLOCKED, reason=rule)
        return account

    @cached_property
    def _goals_of_rules(self) -> Mapping[str, Sequence[Goal]]:
        goals: dict[str, list[Goal]] = {}
        for goal in self.campaign.suite.goals.values():
            for rule in dict.fromkeys(goal.rules):
                goals.setdefault(rule, []).append(goal)
        return goals

    @cached_property
    def _goals_of_properties(self) -> Mapping[str, Sequence[Goal]]:
        goals: dict[str, list[Goal]] = {}
        for goal in self.campaign.suite.of_kind(GoalKind.PROPERTY):
            goals.setdefault(goal.label, []).append(goal)
        return goals

    def _doubted_by(self, claim: Claim) -> str:
        """The rule of a claim that fails in the case of the claim, where no answer tells what is so afterwards."""
        if not (isinstance(claim, Always) and any(isinstance(term, After) for term in claim.then.terms())):
            return ""
        for cause in self.causes:
            for run in cause.explains if cause.rule in claim.rules else ():
                step = run.run[-1]
                if claim.when.holds(Moment(step.before.as_dict(), step.request, step.after.as_dict(), step.verdict)):
                    return cause.rule
        return ""

    def _account(self, subject: str, rules: tuple[str, ...], goals: Sequence[Goal], cause: Cause | None) -> Account:
        steps = {goal.key: self._steps_of(goal) for goal in goals}
        shown = sum(any(step.shown for step in each) for each in steps.values())
        names = {name: None for goal in goals for name, _ in self._reaching.get(goal.key, ())}
        missing = [step for each in steps.values() if not any(one.shown for one in each) for step in each]
        standing, reason = self._standing(cause, missing, shown)
        return Account(subject, rules, standing, reason, len(goals), shown, tuple(names), cause)

    def _steps_of(self, goal: Goal) -> list[StepResult]:
        if goal.key not in self._reaching:
            return [StepResult(shown=False, left=NOT_RUN)]
        return [
            self._on_the_rules_alone(goal, where) or self._as_seen(goal, where)
            for where in self._reaching.get(goal.key, ())
        ]

    def _as_seen(self, goal: Goal, where: tuple[str, int]) -> StepResult:
        """The result of a step, which shows a goal only if the answers can tell."""
        step = self._steps.get(where, StepResult(shown=False, left=NOTHING_SHOWS_IT))
        hidden = self.visibility.hidden(goal, self._results[where], where[1]) if step.shown else ""
        if not hidden:
            return step
        cut_by = next((rule for (name, _), rule in self._rule_of.items() if name == where[0]), "")
        return StepResult(shown=False, blocked_by=cut_by) if cut_by else StepResult(shown=False, hidden=hidden)

    def _on_the_rules_alone(self, goal: Goal, where: tuple[str, int]) -> StepResult | None:
        """The result of a step after an assumption was not kept: there rules alone were compared."""
        name, step = where
        assumption, begins = self._warned.get(name, ("", 0))
        if not assumption or step < begins:
            return None
        if self.campaign.suite.system.register.basis(goal.rules) is Basis.ASSUMED:
            return StepResult(shown=False, blocked_by=assumption)
        return StepResult(shown=False, left=NOT_KEPT) if where in self._left_open else None

    @cached_property
    def _left_open(self) -> set[tuple[str, int]]:
        """The steps of sequences that break an assumption where rules leave the whole verdict open."""
        suite = self.campaign.suite
        rules = attrs.evolve(suite, only_regulated=True)
        return {
            (vector.name, index)
            for vector in suite.vectors
            if vector.name in self._warned
            for index, step in enumerate(rules.trace(vector).steps)
            if set(ASPECTS) <= set(step.verdict.unspecified)
        }

    def _standing(self, cause: Cause | None, missing: Sequence[StepResult], shown: int) -> tuple[Standing, str]:
        if cause is not None:
            return Standing.WARNED if cause in self.warnings else Standing.FAILED, ""
        for standing, reasons in (
            (Standing.NOT_TESTED, Counter(step.not_run for step in missing if step.not_run)),
            (Standing.BLOCKED, Counter(step.blocked_by for step in missing if step.blocked_by)),
        ):
            if reasons:
                return standing, _most_common(reasons)
        left = Counter(step.left or step.hidden for step in missing)
        if not shown:
            hidden = any(step.hidden for step in missing)
            return Standing.UNSEEN if hidden else Standing.NOT_APPLICABLE, _most_common(left) or NOTHING_SHOWS_IT
        return Standing.PARTLY if missing else Standing.PASSED, _most_common(left)

    @cached_property
    def unspecified(self) -> tuple[UnspecifiedStep, ...]:
        """The steps that were sent and whose verdict is left open."""
        return tuple(self._unspecified())

    def _unspecified(self) -> Iterator[UnspecifiedStep]:
        suite = self.campaign.suite
        for result in self.campaign.results:
            vector = result.section.vector
            steps = suite.trace(vector, oracle(suite.system)).steps
            for at in result.shown:
                verdict = steps[at].verdict
                if verdict.unspecified:
                    yield UnspecifiedStep(vector.name, at, verdict.rules, verdict.unspecified)

    def unknown_words(self) -> dict[str, tuple[str, ...]]:
        """By aspect, the words of the target that nobody knows, in the order in which they were met."""
        unknown: dict[str, dict[str, None]] = {}
        for result in self.campaign.results:
            for aspect, word in result.ending.unknown:
                unknown.setdefault(aspect, {})[word] = None
        return {aspect: tuple(words) for aspect, words in unknown.items()}

    def misbehaviours(self) -> Counter[Misbehaviour]:
        """How many sequences ended in each kind of misbehaviour."""
        kinds = (result.ending.misbehaviour for result in self.campaign.results)
        return Counter(kind for kind in kinds if kind)


def _most_common(reasons: Counter[str]) -> str:
    return reasons.most_common(1)[0][0] if reasons else ""
