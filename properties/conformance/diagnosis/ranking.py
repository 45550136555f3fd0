"""Ranking: which of the rules is broken where a declaration is wrong, the most likely first.

The claims decide: those count that do not hold of the step at which the target is taken to have gone wrong. So does
what the target takes account of wrongly, where that is known (`dependence`).
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

import attrs

from properties.conformance.diagnosis.declarations import Declaration, DeclarationRole, Declarations, Use
from properties.conformance.diagnosis.dependence import NOT_KNOWN, Dependence
from properties.conformance.diagnosis.evidence import Deviation
from properties.conformance.diagnosis.failing import FailingRun
from properties.conformance.observation import Observation, differs
from statemachines.language.claims import Always, Claim, Claims, Indistinguishable
from statemachines.language.expression import Moment
from statemachines.language.requests import RequestType
from statemachines.language.rules import Basis
from statemachines.language.terms import ASPECTS
from statemachines.semantics.decision import gates_of
from statemachines.semantics.trace import Step

LOOKED_AT = 12
"""How many of the sequences that a declaration explains decide which of its rules is broken."""

GENERAL = ("SYS", "MOD")
"""The families that come last among rules that fit as well: what is general, and what is assumed."""

FOLLOWED, LATER, NAMED_LATER = 0.25, 0.15, 0.3
"""How much it weighs that the declaration follows a rule, beside its claims; how much less if it, or a claim, names it
later.

These and other weights were selected as the best on the faults of the simulator; near them it makes little difference
(see docs/decisions.md for the results on others).
"""

ALONE = 0.9
"""By which factor a rule weighs less that is an assumption alone."""

SPEAKS, MOSTLY = 0.2, 0.75
"""How much it weighs if all claims of a rule speak of what the target takes account of wrongly; and the share of its
claims that have to for a rule which the declaration does not follow.
"""

CLAIMED = 0.25
"""By which power of how many claims a rule has they weigh less."""

RARE = 0.25
"""By which power of how many declarations follow a rule, or how many steps keep to it, it weighs less."""


class Ranking:
    """Ranks rules.

    Parameters
    ----------
    claims: the reference, and what is claimed of it.
    known: its declarations.
    passed: steps that were as expected, each once; without them, claims that apply often weigh as much as others.
    """

    def __init__(self, claims: Claims, known: Declarations, passed: Iterable[Step] = ()) -> None:
        self.known, self.system = known, claims.system
        self._passed: dict[RequestType, list[Step]] = defaultdict(list)
        for step in passed:
            self._passed[step.request.type].append(step)
        self._held: dict[tuple[int, RequestType], int] = {}
        self._claims_of: dict[str, list[Claim]] = defaultdict(list)
        for claim in claims.claims:
            for rule in claim.rules:
                self._claims_of[rule].append(claim)
        self._declarations_of = Counter(rule for one in known.by_key.values() for rule in one.rules)
        self._due = Counter(rule for steps in self._passed.values() for step in steps for rule in step.verdict.rules)
        self._checked = tuple(claim for claim in claims.claims if isinstance(claim, Always))

    def rules(
        self,
        declaration: Declaration,
        pairs: Sequence[tuple[FailingRun, Deviation]],
        depends: Dependence = NOT_KNOWN,
        among: Basis | None = None,
    ) -> tuple[str, ...]:
        """The rules that may be broken, the most likely first.

        Only rules that the declaration cites are named, if it cites any. Of these one is likely that few other
        declarations follow, and one with a claim that is broken here and that few other rules share.
        A rule that decides some aspects of a verdict only comes first where no others are wrong, and last elsewhere.
        Where a transition is not held back, what fires there may say how far it goes: its rules count if a claim of
        theirs is broken. Where a check refuses for the sake of what it does not read, it is not that check which is
        wrong: the rules count by which the request is answered, and those with a broken claim on what it should not
        depend on.

        Parameters
        ----------
        pairs: the runs that the declaration explains, the shortest first, each with how.
        depends: what the target takes account of wrongly in the first of them.
        among: what the rule has to rest on, where that is known.
        """
        run, deviation = pairs[0]
        role, step = deviation.use.role, run.run[deviation.step]
        scores = self._claim_scores(pairs[:LOOKED_AT])
        due = step.verdict.rules
        own = due if role is DeclarationRole.AWAY else declaration.rules or (() if scores else due)
        # That it is asked of some requests, and not of others, says only that it is this check which refuses.
        asked = declaration.reads & {field.name for field in step.request.type.fields}
        foreign = depends.extra - asked or depends.extra
        if not foreign.isdisjoint(declaration.reads):
            foreign = frozenset[str]()
        if role not in (DeclarationRole.PASSED, DeclarationRole.AWAY):
            foreign = frozenset()
        more: Iterable[str] = ()
        if role is DeclarationRole.HELD:
            fired = (rule for move in step.verdict.fired for rule in move.rules if rule in scores)
            own = tuple(dict.fromkeys((*own, *fired))) if own else own
        elif role is DeclarationRole.AWAY:  # a check that is asked of requests that it is not for
            if self.known.of_every_type(declaration.key) and depends.extra and not foreign and among is None:
                # One of several that each ask the same of some types: what it asks is wrong, and not of whom.
                own, more = declaration.rules, ()
            else:  # the claims name the rule, too
                more, foreign = scores, foreign or depends.extra
        elif role is DeclarationRole.PASSED and foreign:
            decided = self.known.decided(step.before.as_dict(), step.request)
            more = [rule for rule in scores if self._speaking(rule, foreign) and rule not in declaration.rules]
            own = self.known[decided.key].rules if decided else own
        elif role is DeclarationRole.PASSED:
            more = [rule for rule in due if self._speaking(rule, depends.ignored) > MOSTLY]
        common = self._due if role is DeclarationRole.AWAY else self._declarations_of
        apart = _aspects_apart(run, deviation)
        fewest = min((common[rule] for rule in own), default=0) if role is DeclarationRole.AWAY else 0
        register = self.system.register

        def likely(rule: str) -> tuple[bool, int, float, bool, bool, int]:
            position = own.index(rule) if rule in own else len(own)
            weight = scores.get(rule, 0.0) / (len(self._claims_of[rule]) or 1) ** CLAIMED
            if rule in own:
                rare = (1 + common[rule]) / (1 + fewest) if role is DeclarationRole.AWAY else common[rule] or 1
                weight += FOLLOWED / (1 + LATER * position) / rare**RARE
            if foreign:
                weight += SPEAKS * self._speaking(rule, foreign)
            elif role is DeclarationRole.PASSED and rule not in own:
                weight += SPEAKS * self._speaking(rule, depends.ignored)
            if register[rule].basis is Basis.ASSUMED:
                weight *= ALONE
            ordered = role is DeclarationRole.BEFORE and rule in own
            general = rule.split("-", maxsplit=1)[0] in GENERAL
            decides = frozenset(register[rule].decides)
            aspects_only = 0 if not decides else -1 if apart and apart <= decides else 1
            return not ordered, aspects_only, -weight, general, register[rule].assumed, position

        return tuple(sorted(dict.fromkeys([*(own or scores), *more]), key=likely))

    def _speaking(self, rule: str, names: frozenset[str]) -> float:
        """The share of a rule's claims that speak of what has one of these names."""
        claims = self._claims_of[rule]
        return sum(not names.isdisjoint(_names(claim)) for claim in claims) / (len(claims) or 1)

    def _as_seen(self, step: Step, seen: Observation, use: Use) -> "SeenStep":
        """The verdict as it was observed; what was not shown, as expected; by way of the parties that lead there."""
        aspects: dict[str, Any] = {aspect: seen.shown.get(aspect, getattr(step.verdict, aspect)) for aspect in ASPECTS}
        way = [gate.party for gate in gates_of(self.system, step.request)]
        via = way[: way.index(aspects["at"]) + 1] if aspects["at"] in way else list(step.verdict.via)
        if use.role is DeclarationRole.BEFORE and step.verdict.at in via[:-1]:
            via = [*via[: via.index(step.verdict.at)], via[-1]]
        return SeenStep(**aspects, via=tuple(via))

    def _claim_scores(self, pairs: Sequence[tuple[FailingRun, Deviation]]) -> dict[str, float]:
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

    def broken(self, run: FailingRun, deviation: Deviation) -> tuple[Always, ...]:
        """The claims that do not hold of what the target is taken to have done."""
        step = run.run[deviation.step]
        before, after = step.before.as_dict(), step.after.as_dict()
        if deviation.variable:
            assert deviation.value is not None
            after = {**after, deviation.variable: deviation.value}
            moments = [Moment(before, step.request, after, step.verdict), Moment(after)]
            if run.seen is not None:
                last = run.run[-1]
                as_seen = self._as_seen(last, run.seen, deviation.use)
                moments.append(Moment(last.before.as_dict(), last.request, last.after.as_dict(), as_seen))
        elif run.seen is None or deviation.step < len(run.run) - 1:
            return ()
        else:
            moments = [Moment(before, step.request, after, self._as_seen(step, run.seen, deviation.use))]
        return tuple(claim for claim in self._checked if any(_breaks(claim, moment) for moment in moments))


def _aspects_apart(run: FailingRun, deviation: Deviation) -> frozenset[str]:
    """The aspects in which the verdict is wrong that the deviation is about; none where it is about a variable."""
    if run.seen is None or deviation.variable or deviation.step < len(run.run) - 1:
        return frozenset()
    return frozenset(differs(run.run[-1].verdict, run.seen))


def _names(claim: Claim) -> set[str]:
    """The names of the variables and fields that a claim speaks of."""
    secret = {claim.secret.name} if isinstance(claim, Indistinguishable) else set[str]()
    return secret | {term.name for part in claim.parts() for term in part.terms()}


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
