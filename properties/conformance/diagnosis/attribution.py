"""Attribution: from the sequences in which a target differs to the declarations and rules that it breaks.

This is fault localisation by spectrum. Each failing sequence puts declarations under suspicion (`evidence`); each
step that is as expected exonerates what it shows to be right. A declaration's score (Ochiai's) is high if it is under
suspicion in many of the failing sequences and was right in few others. The best one explains every failing sequence in
which it is suspected; the next one is sought for the rest, until all are explained.

The claims decide which of a declaration's rules is broken: those count that do not hold of the step at which the target
is assumed to have gone wrong.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

import attrs

from properties.conformance.diagnosis.campaign import Campaign, Result
from properties.conformance.diagnosis.declarations import Declaration, Role, Use, declarations
from properties.conformance.diagnosis.evidence import FITS, STRAYS, Deviation, deviations, exercised
from properties.conformance.observation import Observation, contradicts
from properties.conformance.targets.misbehaviour import Misbehaviour
from properties.walks.runs import oracle
from statemachines.language.claims import Always, Claims
from statemachines.language.expression import Moment
from statemachines.language.requests import Request, RequestType
from statemachines.language.rules import Basis
from statemachines.language.system import State, System
from statemachines.language.terms import ASPECTS
from statemachines.semantics.decision import comes_to, stopped
from statemachines.semantics.preconditions import variables_of
from statemachines.semantics.trace import Step, replay

LOOKED_AT = 12
"""How many of the sequences that a declaration explains decide which of its rules is broken."""

GENERAL = ("SYS", "MOD")
"""The families that come last among rules that fit as well: what is general, and what is assumed."""

FOLLOWED, LATER, NAMED_LATER = 0.25, 0.1, 0.3
"""How much it weighs that the declaration follows a rule, beside its claims; how much less if it, or a claim, names it
later.

These and other weights were selected as the best on every other fault of the simulator; near them it makes
little difference (see docs/decisions.md for the results on the other half).
"""

UNSTABLE = (Misbehaviour.FORGETS_RESET, Misbehaviour.NONDETERMINISTIC)
"""What no declaration explains: runs that end so blame no rule."""


@attrs.frozen(eq=False)
class Failing:
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
    """

    run: tuple[Step, ...]
    seen: Observation | None
    misbehaviour: Misbehaviour | None = None
    name: str = ""
    detail: str = ""
    wrong: int | None = None
    begins: int = 0


@attrs.frozen(eq=False)
class Cause:
    """What explains failing runs.

    Parameters
    ----------
    declaration: the declaration that the target has wrong.
    use: what the declaration does where it is wrong.
    rules: the ids of the rules that may be broken, the most likely first.
    explains: the runs, the shortest first.
    here: for each run whether what is wrong is its last step itself, and not one before it.
    score: how well it explains them, from 0 to 1.
    """

    declaration: Declaration
    use: Use
    rules: tuple[str, ...]
    explains: tuple[Failing, ...]
    here: tuple[bool, ...]
    score: float

    @property
    def rule(self) -> str:
        """The rule that is named first."""
        return self.rules[0]


def taken(system: System, start: State, requests: Iterable[Request]) -> tuple[Step, ...]:
    """The steps that the reference takes."""
    return replay(system, start, requests, oracle(system)).steps


def failing(campaign: Campaign) -> tuple[Failing, ...]:
    """The runs of a campaign that are not as expected, the shortest first."""
    runs = []
    for result in campaign.different:
        ending = result.ending
        if ending.step >= 0 and ending.misbehaviour not in UNSTABLE:
            run = run_of(campaign.suite.system, result, ending.step)
            name, begins = result.section.vector.name, result.section.steps[0]
            runs.append(Failing(run, ending.seen, ending.misbehaviour, name, ending.detail, begins=begins))
    return tuple(sorted(runs, key=lambda one: len(one.run)))


def run_of(system: System, result: Result, last: int) -> tuple[Step, ...]:
    """The steps of a section up to and including one of the sequence's."""
    section = result.section
    requests = (section.vector.scenario.requests[step] for step in section.steps if step <= last)
    return taken(system, section.start, requests)


def spectrum(campaign: Campaign) -> Counter[str]:
    """For each use of a declaration, how many runs show it to be right."""
    counts: Counter[str] = Counter()
    system = campaign.suite.system
    for result in campaign.results:
        shown = result.shown
        if shown:
            requests = tuple(result.section.vector.scenario.requests[step] for step in shown)
            counts.update(_shown_right(system, result.section.start, requests))
    return counts


def as_expected(campaign: Campaign) -> Iterator[Step]:
    """The steps that were as expected, each once."""
    known: set[tuple[State, Request]] = set()
    for result in campaign.results:
        section, shown = result.section, result.shown
        requests = tuple(section.vector.scenario.requests[step] for step in shown)
        for step in taken(campaign.suite.system, section.start, requests):
            if (step.before, step.request) not in known:
                known.add((step.before, step.request))
                yield step


@lru_cache(maxsize=1 << 12)
def _shown_right(system: System, start: State, requests: tuple[Request, ...]) -> frozenset[str]:
    return frozenset(use.key for use in exercised(system, taken(system, start, requests)))


class Attribution:
    """Explains failing runs.

    Parameters
    ----------
    claims: the reference, and what is claimed of it.
    right: for each use of a declaration by its key, how many runs show it to be right.
    passed: steps that were as expected, each once; without them, claims that apply often weigh as much as others.
    """

    def __init__(self, claims: Claims, right: Mapping[str, int], passed: Iterable[Step] = ()) -> None:
        self.claims = claims
        self.system = claims.system
        self.right = right
        self._passed: dict[RequestType, list[Step]] = defaultdict(list)
        for step in passed:
            self._passed[step.request.type].append(step)
        self._held: dict[tuple[int, RequestType], int] = {}
        self.known = declarations(claims.system)
        self._claims_of = Counter(rule for claim in claims.claims for rule in claim.rules)
        self._declarations_of = Counter(rule for one in self.known.by_key.values() for rule in one.rules)
        self._checked = tuple(claim for claim in claims.claims if isinstance(claim, Always))

    def causes(self, runs: Sequence[Failing], among: Basis | None = None) -> tuple[Cause, ...]:
        """What explains the runs, what explains most of them first.

        Parameters
        ----------
        among: only declarations that hang on this are suspected of a run, if any is that does.
        """
        suspected = {id(run): self._hanging(self._suspected(run), among) for run in runs}
        left, causes = list(runs), []
        while left:
            use, score = self._best(left, suspected)
            explained = [run for run in left if use in suspected[id(run)]]
            pairs = [(run, suspected[id(run)][use]) for run in explained]
            causes.append(self._cause(use, pairs, score))
            left = [run for run in left if use not in suspected[id(run)]]
        return tuple(merged(causes))

    def _hanging(self, suspected: dict[Use, Deviation], among: Basis | None) -> dict[Use, Deviation]:
        """Those that hang on this; all of them, if there is none."""
        register = self.system.register
        hanging = {
            use: deviation
            for use, deviation in suspected.items()
            if among is not None and register.basis(self.known[use.declaration].rules) is among
        }
        return hanging or suspected

    def _suspected(self, run: Failing) -> dict[Use, Deviation]:
        """The best of the deviations for each use of a declaration."""
        best: dict[Use, Deviation] = {}
        suspicions = list(deviations(self.system, run.run, run.seen))
        if run.wrong is not None:
            here = [one for one in suspicions if one.step == run.wrong]
            suspicions = here or list(self._anything_at(run, run.wrong)) or suspicions
        for deviation in self._in_sequence(run, suspicions):
            known = best.get(deviation.use)
            if known is None or known.weight < deviation.weight:
                best[deviation.use] = deviation
        return best

    def _in_sequence(self, run: Failing, suspicions: Sequence[Deviation]) -> Sequence[Deviation]:
        """Those that need no other cause than the run has; all of them, if there is none.

        Of a variable that no request of the run can change, what leaves it as it is is not suspected.
        """
        kinds = {step.request.type for step in run.run}
        moved = {
            lifecycle.name
            for lifecycle in self.system.lifecycles
            if any(move.on in kinds for move in lifecycle.transitions)
        }
        return [one for one in suspicions if not one.variable or one.variable in moved] or suspicions

    def _anything_at(self, run: Failing, at: int) -> Iterator[Deviation]:
        """Whatever a step changes, or leaves as it is though another request of its type would change it."""
        step = run.run[at]
        read = self._read_for(run.seen)
        for use in self.known.uses(step.before, step.request, step.verdict):
            if use.role is Role.FIRED:
                visible = not read or self.known.variable_of(use.declaration) in read
                yield Deviation(use, at, weight=FITS if visible else 2 * STRAYS)
            elif use.role is Role.HELD:
                yield Deviation(use, at, weight=STRAYS)

    def _read_for(self, seen: Observation | None) -> frozenset[str]:
        """The variables that are read by the checks whose verdict was observed, whatever request they are asked of."""
        checks = (
            (stopped(gate, check, (), self.system.register), check)
            for gate in self.system.gates
            for check in gate.checks
        )
        return frozenset(
            name
            for verdict, check in checks
            if seen is not None and not contradicts(verdict, seen)
            for name in variables_of(check.fails_when)
        )

    def _best(self, runs: Sequence[Failing], suspected: Mapping[int, Mapping[Use, Deviation]]) -> tuple[Use, float]:
        weights: dict[Use, float] = defaultdict(float)
        for run in runs:
            for use, deviation in suspected[id(run)].items():
                weights[use] += deviation.weight
        scores = {use: self._score(use, weight, len(runs)) for use, weight in weights.items()}
        return max(scores.items(), key=lambda item: item[1])

    def _score(self, use: Use, weight: float, runs: int) -> float:
        return (weight / runs) * weight / math.sqrt(runs * (weight + self.right.get(use.key, 0)))

    def _cause(self, use: Use, pairs: Sequence[tuple[Failing, Deviation]], score: float) -> Cause:
        pairs = sorted(pairs, key=lambda pair: len(pair[0].run))
        declaration = self.known[use.declaration]
        rules = self._rules(declaration, pairs)
        here = tuple(deviation.step == len(run.run) - 1 for run, deviation in pairs)
        return Cause(declaration, use, rules, tuple(run for run, _ in pairs), here, score)

    def _rules(self, declaration: Declaration, pairs: Sequence[tuple[Failing, Deviation]]) -> tuple[str, ...]:
        """The rules that may be broken, the most likely first.

        Only rules that the declaration cites are named, if it cites any. Of these one is likely that few other
        declarations follow, and one with a claim that is broken here and that few other rules share.
        Where a transition is not held back, what fires there may say how far it goes: its rules count if a claim of
        theirs is broken.
        """
        looked_at = pairs[:LOOKED_AT]
        run, deviation = pairs[0]
        scores = self._claim_scores(looked_at)
        verdict = run.run[deviation.step].verdict
        due = verdict.rules
        own = due if deviation.use.role is Role.AWAY else declaration.rules or (() if scores else due)
        if own and deviation.use.role is Role.HELD:
            fired = (rule for move in verdict.fired for rule in move.rules if rule in scores)
            own = tuple(dict.fromkeys((*own, *fired)))
        register = self.system.register

        def likely(rule: str) -> tuple[bool, float, bool, bool, int]:
            position = own.index(rule) if rule in own else len(own)
            ordered = deviation.use.role is Role.BEFORE and rule in own
            weight = scores.get(rule, 0.0) / math.sqrt(self._claims_of[rule] or 1)
            if rule in own:
                weight += FOLLOWED / (1 + LATER * position) / (self._declarations_of[rule] or 1) ** 0.25
            general = rule.split("-", maxsplit=1)[0] in GENERAL
            return not ordered, -weight, general, register[rule].assumed, position

        # Of a check that is asked of requests that it is not for, the claims name the rule, too.
        named = [*own, *scores] if deviation.use.role is Role.AWAY else own or scores
        return tuple(sorted(dict.fromkeys(named), key=likely))

    def _as_seen(self, step: Step, seen: Observation, use: Use) -> "SeenStep":
        """The verdict as it was observed; what was not shown, as expected; by way of the parties that lead there."""
        aspects: dict[str, Any] = {aspect: seen.shown.get(aspect, getattr(step.verdict, aspect)) for aspect in ASPECTS}
        way = [gate.party for gate in self.system.gates if comes_to(gate, step.request)]
        via = way[: way.index(aspects["at"]) + 1] if aspects["at"] in way else list(step.verdict.via)
        if use.role is Role.BEFORE and step.verdict.at in via[:-1]:
            via = [*via[: via.index(step.verdict.at)], via[-1]]
        return SeenStep(**aspects, via=tuple(via))

    def _claim_scores(self, pairs: Sequence[tuple[Failing, Deviation]]) -> dict[str, float]:
        """The score of each rule by its claims: the spectrum once more, of claims instead of declarations.

        A claim's score is high if it is broken in many of the runs, and says something in few of the steps that were as
        expected, of requests of the same type.
        """
        broken = Counter(claim for run, deviation in pairs for claim in self.broken(run, deviation))
        kinds = {run.run[deviation.step].request.type for run, deviation in pairs}
        scores: dict[str, float] = {}
        for claim, count in broken.items():
            score = count / math.sqrt(len(pairs) * (count + self._holds(claim, kinds)) * len(claim.rules))
            for at, rule in enumerate(claim.rules):
                scores[rule] = max(scores.get(rule, 0.0), score / (1 + NAMED_LATER * at))
        return scores

    def _holds(self, claim: Always, kinds: Iterable[RequestType]) -> int:
        """In how many of the steps of these types that were as expected the claim applies."""
        count = 0
        for kind in kinds:
            key = id(claim), kind
            if key not in self._held:
                self._held[key] = sum(_speaks(claim, step) for step in self._passed[kind])
            count += self._held[key]
        return count

    def broken(self, run: Failing, deviation: Deviation) -> tuple[Always, ...]:
        """The claims that do not hold of what the target is taken to have done."""
        step = run.run[deviation.step]
        before, after = step.before.as_dict(), step.after.as_dict()
        if deviation.variable:
            assert deviation.value is not None
            after = {**after, deviation.variable: deviation.value}
            moments = [Moment(before, step.request, after, step.verdict), Moment(after)]
        elif run.seen is None or deviation.step < len(run.run) - 1:
            return ()
        else:
            moments = [Moment(before, step.request, after, self._as_seen(step, run.seen, deviation.use))]
        return tuple(claim for claim in self._checked if any(_breaks(claim, moment) for moment in moments))


def _speaks(claim: Always, step: Step) -> bool:
    """Whether a claim says something of a step, or of the state after it."""
    after = step.after.as_dict()
    if claim.of_steps:
        return claim.when.holds(Moment(step.before.as_dict(), step.request, after, step.verdict))
    return claim.when.holds(Moment(after))


def _breaks(claim: Always, moment: Moment) -> bool:
    of_this = claim.of_steps == (moment.request is not None)
    return of_this and claim.when.holds(moment) and not claim.then.holds(moment)


@attrs.frozen
class SeenStep:
    """A verdict as far as it was seen; the rest of it as expected."""

    outcome: Enum
    at: Enum
    reason: Enum
    response: Enum | None
    via: tuple[Enum, ...]


def merged(causes: Iterable[Cause]) -> list[Cause]:
    """One cause for each rule that is named first."""
    by_rule: dict[str, Cause] = {}
    for cause in causes:
        known = by_rule.get(cause.rule)
        if known is None:
            by_rule[cause.rule] = cause
        else:
            by_rule[cause.rule] = attrs.evolve(
                known, explains=(*known.explains, *cause.explains), here=(*known.here, *cause.here)
            )
    return list(by_rule.values())
