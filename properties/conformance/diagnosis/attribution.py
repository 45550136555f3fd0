"""Attribution: from the sequences in which a target differs to the declarations and rules that it breaks.

This is fault localisation by spectrum. Each failing sequence puts declarations under suspicion (`evidence`); each
step that is as expected exonerates what it shows to be right. A declaration's score (Ochiai's) is high if it is under
suspicion in many of the failing sequences and was right in few others. The best one explains every failing sequence in
which it is suspected; the next one is sought for the rest, until all are explained.

Which of its rules is broken, `ranking` says.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import attrs

from properties.conformance.diagnosis.campaign import Campaign
from properties.conformance.diagnosis.declarations import Declaration, DeclarationRole, Use, declarations
from properties.conformance.diagnosis.dependence import NOT_KNOWN, Depends
from properties.conformance.diagnosis.evidence import (
    FITS,
    STRAYS,
    Deviation,
    deviations,
    exercised,
    leaves_otherwise,
    right_key,
)
from properties.conformance.diagnosis.failing import FailingRun, taken
from properties.conformance.diagnosis.ranking import Ranking
from properties.conformance.observation import Observation, contradicts
from statemachines.language.claims import Claims
from statemachines.language.requests import Request
from statemachines.language.rules import Basis
from statemachines.language.system import State, System
from statemachines.semantics.decision import stopped
from statemachines.semantics.preconditions import variables_of
from statemachines.semantics.trace import Step


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
    score: how well it explains them, from 0 to 1; of several causes with the same rule, the sum.
    others: the causes besides with the same rule, whose runs are among these.
    """

    declaration: Declaration
    use: Use
    rules: tuple[str, ...]
    explains: tuple[FailingRun, ...]
    here: tuple[bool, ...]
    score: float
    others: tuple["Cause", ...] = ()

    @property
    def rule(self) -> str:
        """The rule that is named first."""
        return self.rules[0]


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
    return frozenset(exercised(system, taken(system, start, requests)))


class Attribution:
    """Explains failing runs.

    Parameters
    ----------
    claims: the reference, and what is claimed of it.
    right: for each use of a declaration by its key, how many runs show it to be right.
    passed: steps that were as expected, each once; without them, claims that apply often weigh as much as others.
    """

    def __init__(self, claims: Claims, right: Mapping[str, int], passed: Iterable[Step] = ()) -> None:
        self.system = claims.system
        self.right = right
        self.known = declarations(claims.system)
        self.ranking = Ranking(claims, self.known, passed)

    def causes(
        self, runs: Sequence[FailingRun], among: Basis | None = None, depends: Depends = lambda _: NOT_KNOWN
    ) -> tuple[Cause, ...]:
        """What explains the runs, what explains them best first.

        Parameters
        ----------
        among: only declarations that rest on this are suspected of a run, if any is that does.
        depends: what the target takes account of wrongly in a run, as far as is known.
        """
        suspected = {id(run): self._hanging(self._suspected(run), among) for run in runs}
        left, causes = list(runs), []
        while left:
            use, score = self._best(left, suspected)
            pairs = _of_one_value([(run, ways) for run in left if (ways := suspected[id(run)].get(use))])
            causes.append(self._cause(use, pairs, score, depends, among))
            left = [run for run in left if use not in suspected[id(run)]]
        return tuple(sorted(merged(causes), key=lambda cause: -cause.score))

    def _hanging(self, suspected: dict[Use, list[Deviation]], among: Basis | None) -> dict[Use, list[Deviation]]:
        """Those that rest on this; all of them, if there is none."""
        hanging = {
            use: ways
            for use, ways in suspected.items()
            if among is not None and self._rests_on(self.known[use.declaration].rules, among)
        }
        return hanging or suspected

    def _rests_on(self, rules: tuple[str, ...], basis: Basis) -> bool:
        """Whether what cites these rules rests on this, or at least an aspect of its verdict does."""
        register = self.system.register
        return register.basis(rules) is basis or (basis is Basis.ASSUMED and bool(register.assumed_aspects(rules)))

    def _suspected(self, run: FailingRun) -> dict[Use, list[Deviation]]:
        """The deviations for each use of a declaration, the best first."""
        by_use: dict[Use, list[Deviation]] = defaultdict(list)
        suspicions = list(deviations(self.system, run.run, run.seen))
        if run.check_made:
            weights = {DeclarationRole.BEFORE: FITS, DeclarationRole.DECIDED: STRAYS}
            suspicions = [attrs.evolve(one, weight=weights.get(one.use.role, one.weight)) for one in suspicions]
        if run.wrong is not None:
            here = self._followed(run, run.wrong) or [one for one in suspicions if one.step == run.wrong]
            suspicions = here or [*_of_itself(suspicions), *self._anything_at(run, run.wrong)] or suspicions
        for deviation in self._in_sequence(run, suspicions):
            by_use[deviation.use].append(deviation)
        return {use: sorted(ways, key=lambda one: -one.weight) for use, ways in by_use.items()}

    def _followed(self, run: FailingRun, at: int) -> list[Deviation]:
        """What a step before the last leaves otherwise, so that the reference would come to what was seen."""
        if run.seen is None or at == len(run.run) - 1:
            return []
        return list(leaves_otherwise(self.system, run.run, at, run.seen))

    def _in_sequence(self, run: FailingRun, suspicions: Sequence[Deviation]) -> Sequence[Deviation]:
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

    def _anything_at(self, run: FailingRun, at: int) -> Iterator[Deviation]:
        """Whatever a step changes, or leaves as it is though another request of its type would change it."""
        step = run.run[at]
        read = self._read_for(run.seen)
        for use in self.known.uses(step.before, step.request, step.verdict):
            if use.role is DeclarationRole.FIRED:
                visible = not read or self.known.variable_of(use.declaration) in read
                yield Deviation(use, at, weight=2 * STRAYS if visible else STRAYS)
            elif use.role is DeclarationRole.HELD:
                yield Deviation(use, at, weight=STRAYS / 2)

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

    def _best(
        self, runs: Sequence[FailingRun], suspected: Mapping[int, Mapping[Use, Sequence[Deviation]]]
    ) -> tuple[Use, float]:
        weights: dict[Use, float] = defaultdict(float)
        keys: dict[Use, set[str]] = defaultdict(set)
        for run in runs:
            for use, ways in suspected[id(run)].items():
                weights[use] += ways[0].weight
                keys[use].add(right_key(use, run.run[ways[0].step].request.type))
        scores = {use: self._score(weight, len(runs), keys[use]) for use, weight in weights.items()}
        return max(scores.items(), key=lambda item: item[1])

    def _score(self, weight: float, runs: int, keys: Iterable[str]) -> float:
        right = sum(self.right.get(key, 0) for key in keys)
        return (weight / runs) * weight / math.sqrt(runs * (weight + right))

    def _cause(
        self,
        use: Use,
        pairs: Sequence[tuple[FailingRun, Deviation]],
        score: float,
        depends: Depends,
        among: Basis | None,
    ) -> Cause:
        pairs = sorted(pairs, key=lambda pair: len(pair[0].run))
        declaration = self.known[use.declaration]
        rules = self.ranking.rules(declaration, pairs, depends(pairs[0][0]), among)
        here = tuple(deviation.step == len(run.run) - 1 for run, deviation in pairs)
        return Cause(declaration, use, rules, tuple(run for run, _ in pairs), here, score)


def _of_itself(suspicions: Iterable[Deviation]) -> Iterator[Deviation]:
    """Those of checks in the way of the last request with which its verdict is wrong of itself, and is what was seen.

    Where no value of a variable explains what was seen, the target may remember what the reference has no variable for.
    """
    in_the_way = (DeclarationRole.PASSED, DeclarationRole.DECIDED)
    return (one for one in suspicions if one.use.role in in_the_way and not one.variable and one.weight == FITS)


def _of_one_value(found: Sequence[tuple[FailingRun, Sequence[Deviation]]]) -> list[tuple[FailingRun, Deviation]]:
    """For each run one deviation: of the value that is known to explain most of the runs, if it explains this one."""
    counts = Counter((way.variable, way.value) for _, ways in found for way in ways)
    return [(run, max(ways, key=lambda way: (counts[way.variable, way.value], way.weight))) for run, ways in found]


def merged(causes: Iterable[Cause]) -> list[Cause]:
    """One cause for each rule that is named first."""
    by_rule: dict[str, Cause] = {}
    for cause in causes:
        known = by_rule.get(cause.rule)
        if known is None:
            by_rule[cause.rule] = cause
        else:
            by_rule[cause.rule] = attrs.evolve(
                known,
                explains=(*known.explains, *cause.explains),
                here=(*known.here, *cause.here),
                score=known.score + cause.score,
                others=(*known.others, cause),
            )
    return list(by_rule.values())
