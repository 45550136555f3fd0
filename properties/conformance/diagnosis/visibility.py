"""Visibility: which goals a campaign shows, given the aspects of verdicts that the target shows.

That a step is as expected shows something of a declaration only if a system that has this declaration wrong would have
answered otherwise: at a step that was sent, in an aspect of the verdict that the target showed. So each goal has an
altered system, which is run beside the reference on the steps that were as expected.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial
from heapq import nlargest

import attrs

from properties.conformance.diagnosis.altered import Alteration, AlteredRuns
from properties.conformance.diagnosis.campaign import Campaign, CampaignResult
from properties.conformance.diagnosis.decision_list import CheckOrAnswer, DecisionList, Folding, decision_list
from properties.conformance.diagnosis.failing import taken
from properties.conformance.observation import in_state
from properties.conformance.suite.aims import Aim, Before, Fires, Says
from properties.conformance.suite.behaviour_goals import ruled_out
from properties.conformance.suite.every_aim import aims
from properties.conformance.suite.regulated_suite import ALONE
from properties.conformance.suite.vectors import Goal, GoalKind
from properties.mutation.mutants import Mutant
from properties.mutation.replaying import run_beside, run_remembering
from properties.walks.coverage import arrows
from properties.walks.runs import oracle
from statemachines.language.claims import Always, Claim, Claims, Indistinguishable, Sometimes
from statemachines.language.expression import FALSE, Expr, Reached, within
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import System
from statemachines.language.terms import ASPECTS, After, Observed, Variable
from statemachines.semantics.comparison import differences
from statemachines.semantics.grounding import ground
from statemachines.semantics.preconditions import Preconditions, variables_of
from statemachines.semantics.trace import Trace

NOTHING_DEPENDS_ON_IT = "no answer in the sequences depends on it"

LONGEST = 3
"""How many of the longest runs that fire a transition are asked first whether they show it: they most often do."""

EVERYTHING = frozenset(ASPECTS)


class _DecisionLists(dict[Request, DecisionList]):
    """The decision list of each request, made when it is first needed."""

    def __init__(self, system: System, folding: Folding) -> None:
        super().__init__()
        self.system, self.folding = system, folding

    def __missing__(self, request: Request) -> DecisionList:
        made = self[request] = decision_list(self.system, Preconditions(ground(self.system, request)), self.folding)
        return made


@attrs.frozen(eq=False)
class _Shown:
    """The steps of a section that were as expected, and the aspects that the target showed at each."""

    trace: Trace
    aspects: tuple[frozenset[str], ...]
    whole: bool


class Visibility:
    """What the results of a campaign can tell.

    Parameters
    ----------
    claims: the reference, and what is claimed of it.
    campaign: the results.
    """

    def __init__(self, claims: Claims, campaign: Campaign) -> None:
        self.claims, self.campaign, self.system = claims, campaign, claims.system
        folding = Folding()
        self._lists = _DecisionLists(self.system, folding)
        self._altered_runs = AlteredRuns(self._lists, folding, oracle(self.system))
        self._shown: dict[int, _Shown] = {}
        self._arrows: dict[str, str] = {}
        self._hidden_goals: dict[tuple[str, int, int], str] = {}

    @cached_property
    def compared(self) -> Counter[str]:
        """For each aspect, and each variable `in_state`, after how many requests it was compared.

        That is where the target showed it, and it is not left open.
        """
        counts: Counter[str] = Counter()
        for result in self.campaign.results:
            steps = self.campaign.suite.trace(result.section.vector, oracle(self.system)).steps
            for at, aspects in zip(result.section.steps, result.ending.aspects, strict=False):
                counts.update(aspects.difference(steps[at].verdict.unspecified))
        return counts

    def hidden(self, goal: Goal, result: CampaignResult, step: int) -> str:
        """Why a step that is as expected does not show a goal; empty if it does.

        Parameters
        ----------
        step: the index of the step in the sequence.
        """
        key = goal.key, id(result), step
        if key not in self._hidden_goals:
            self._hidden_goals[key] = self._goal_hidden(goal, result, step)
        return self._hidden_goals[key]

    def _goal_hidden(self, goal: Goal, result: CampaignResult, step: int) -> str:
        if goal.kind is GoalKind.PROPERTY:
            return self._of_claim(self.claims.named(goal.label), self.shown(result), result.shown.index(step))
        if goal.kind in (GoalKind.TRANSITION, GoalKind.PAIR):
            return next(filter(None, map(self.transition_hidden, _arrows_of(goal))), "")
        shown = self.shown(result)
        if shown.whole and all(aspects >= EVERYTHING for aspects in shown.aspects):
            return ""
        if goal.kind is GoalKind.BEHAVIOUR:
            return self._of_mutant(self._mutants[goal.key], shown)
        return self._of_aim(self._aims[goal.key], shown, result.shown.index(step))

    def _of_mutant(self, mutant: Mutant, shown: _Shown) -> str:
        """Why the answers do not tell that a system is not this mutant; empty if they do."""
        run = partial(run_remembering, mutant, shown.trace.steps, oracle(self.system))
        if not mutant.after:
            run = partial(run_beside, mutant, shown.trace.steps, oracle(self.system), oracle(mutant.system))
        if run(shown=shown.aspects):
            return ""
        kill = run()
        return _not_shown(EVERYTHING - shown.aspects[kill[0]]) if kill else NOTHING_DEPENDS_ON_IT

    def transition_hidden(self, key: str) -> str:
        """Why no sequence shows that a transition fires; empty if one does.

        Parameters
        ----------
        key: of its `Arrow`.
        """
        if key not in self._arrows:
            aim = self._aims[f"transition:{key}"]
            assert isinstance(aim, Fires)
            never = Alteration(aim.arrow, FALSE, (aim.arrow.transition.on,))
            firing = self._firing.get(key, ())
            longest = nlargest(LONGEST, firing, key=lambda shown: len(shown.trace.steps))
            shows = any(not self._hidden(never, shown) for shown in longest)
            self._arrows[key] = "" if shows else _everywhere(self._hidden(never, shown) for shown in firing)
        return self._arrows[key]

    def shown(self, result: CampaignResult) -> _Shown:
        """The steps of a result that were as expected."""
        if id(result) not in self._shown:
            section, steps = result.section, result.shown
            requests = [section.vector.scenario.requests[step] for step in steps]
            trace = Trace(self.system, section.start, taken(self.system, section.start, requests))
            ruled = self.campaign.suite.only_regulated
            if ruled:  # what was left open there was not compared, even where the target was put into a state since
                whole_trace = self.campaign.suite.trace(section.vector)
                trace = attrs.evolve(trace, steps=tuple(whole_trace.steps[step] for step in steps))
            whole = not ruled and section.start == section.vector.scenario.start and steps == tuple(range(len(steps)))
            self._shown[id(result)] = _Shown(trace, result.ending.aspects[: len(steps)], whole)
        return self._shown[id(result)]

    @cached_property
    def _aims(self) -> dict[str, Aim]:
        return {aim.goal.key: aim for aim in aims(self.system)}

    @cached_property
    def _mutants(self) -> dict[str, Mutant]:
        return {goal.key: mutant for goal, mutant in ruled_out(self.system)}

    @cached_property
    def _firing(self) -> dict[str, list[_Shown]]:
        """For each transition by key, the runs that fire it."""
        keys = {id(arrow.transition): arrow.key for arrow in arrows(self.system)}
        firing: dict[str, list[_Shown]] = {}
        for shown in map(self.shown, self.campaign.results):
            for key in dict.fromkeys(keys[id(move)] for step in shown.trace.steps for move in step.verdict.fired):
                firing.setdefault(key, []).append(shown)
        return firing

    def _hidden(self, altered: Alteration, shown: _Shown) -> str:
        """Why the answers do not tell that a system is not altered; empty if they do."""
        if self._altered_runs.shows(altered, shown.trace, shown.aspects) >= 0:
            return ""
        parted = self._altered_runs.parts(altered, shown.trace) if altered.variable else -1
        if parted >= 0 and in_state(altered.variable) in shown.aspects[parted]:
            return ""
        step = self._altered_runs.shows(altered, shown.trace)
        if step < 0 and self.campaign.suite.only_regulated:
            return ALONE
        return NOTHING_DEPENDS_ON_IT if step < 0 else _not_shown(EVERYTHING - shown.aspects[step])

    def _of_aim(self, aim: Aim, shown: _Shown, at: int) -> str:
        if aim.altered is not None:
            return self._hidden(aim.altered, shown)
        step = shown.trace.steps[at]
        here = _Shown(Trace(self.system, step.before, (step,)), shown.aspects[at : at + 1], shown.whole)
        if isinstance(aim, Before):
            entries = self._lists[step.request].entries
            apart = differences(step.verdict, next(one for one in entries if one.declaration is aim.second).verdict)
            return "" if shown.aspects[at].intersection(apart) else _not_shown(apart)
        assert isinstance(aim, Says)
        if not aim.apart:
            return "" if shown.aspects[at] else _not_shown(EVERYTHING)
        return self._hidden(_never(aim.declaration, aim.kind), here)

    def _of_claim(self, claim: Claim, shown: _Shown, at: int) -> str:
        lacking = {name for condition in _conditions(claim) for name in _observed(condition)}
        if isinstance(claim, Indistinguishable):
            lacking.update(aspect.name for aspect in claim.observes)
        for names in _depended_on(claim):
            if names and not names & self._read and shown.aspects[at].isdisjoint(map(in_state, names)):
                return NOTHING_DEPENDS_ON_IT
        lacking &= EVERYTHING - shown.aspects[at]
        return _not_shown(lacking) if lacking else ""

    @cached_property
    def _read(self) -> frozenset[str]:
        """The variables that verdicts depend on, at once or by way of another variable that they depend on."""
        conditions = [check.fails_when for gate in self.system.gates for check in gate.checks]
        conditions += [answer.when for answer in self.system.answers]
        left = {name for condition in conditions for name in variables_of(condition)}
        read: set[str] = set()
        while left:
            read.add(name := left.pop())
            moves = self.system.lifecycle(name).transitions
            left.update({other for move in moves for other in variables_of(move.when)} - read)
        return frozenset(read)


def _never(declaration: CheckOrAnswer, kind: RequestType) -> Alteration:
    return Alteration(declaration, FALSE, (kind,))


def _arrows_of(goal: Goal) -> Sequence[str]:
    """The keys of the transitions that a goal is about, ``transition:box/0`` or ``pair:box/0/1``."""
    lifecycle, *numbers = goal.key.partition(":")[2].split("/")
    return [f"{lifecycle}/{number}" for number in numbers]


def _conditions(claim: Claim) -> tuple[Expr, ...]:
    match claim:
        case Always():
            return claim.when, claim.then
        case Sometimes():
            return (claim.of,)
        case Indistinguishable():
            return (claim.sees,)
    return ()


def _depended_on(claim: Claim) -> Iterator[set[str]]:
    """Sets of variables: where verdicts depend on none of a set, no answer tells whether the claim holds."""
    concluded = claim.then if isinstance(claim, Always) else claim.of if isinstance(claim, Sometimes) else None
    if concluded is not None and not any(_observed(concluded)):
        yield {term.name for term in concluded.terms() if isinstance(term, Variable | After)}
    if isinstance(claim, Always):
        yield {term.name for term in claim.when.terms() if isinstance(term, After)}


def _observed(condition: Expr) -> Iterable[str]:
    yield from (term.name for term in condition.terms() if isinstance(term, Observed))
    if any(isinstance(part, Reached) for part in within(condition)):
        yield "at"


def _not_shown(aspects: Iterable[str]) -> str:
    *more, last = (aspect for aspect in ASPECTS if aspect in aspects)
    return f"it would show in the {', '.join(more) + ' or ' if more else ''}{last}, which the target does not show"


def _everywhere(reasons: Iterable[str]) -> str:
    """The reason of what is hidden in every run; empty as soon as one run shows it."""
    last = NOTHING_DEPENDS_ON_IT
    for reason in reasons:
        if not reason:
            return ""
        last = reason if last == NOTHING_DEPENDS_ON_IT else last
    return last
