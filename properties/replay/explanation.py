"""Which rules the deviations of a log break: all are explained together, as `conform` explains the runs of a target.

What answered wrongly in many cases has, most likely, one declaration wrong. Cases that are as they have to be show
which are right.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from zlib import crc32

import attrs

from properties.conformance.diagnosis.attribution import Attribution
from properties.conformance.diagnosis.evidence import exercised
from properties.conformance.diagnosis.failing import FailingRun, taken
from properties.replay.events import Event, SeenRequest
from properties.replay.findings import Finding
from statemachines.language.claims import Claims
from statemachines.language.requests import Request
from statemachines.language.system import State
from statemachines.semantics.trace import Step

MOST_ALIKE = 8
"""How many deviations are explained of those that differ alike; the others of them have the same rules."""
MOST_KINDS = 250
"""How many kinds of deviations are explained; rarer ones keep the rules of what the order of decision says."""
MOST_AGREEING = 400
"""How many cases that are as they have to be are looked at."""


@attrs.frozen
class CaseRun:
    """A case, or the end of one, as a run of the system: all is known that decides it.

    Parameters
    ----------
    start: the state before it.
    requests: what was sent.
    """

    start: State
    requests: tuple[Request, ...]


@attrs.frozen
class Deviation:
    """A finding, and what it is explained by.

    Parameters
    ----------
    finding: with the rules that the order of decision says.
    events: of the case, up to it.
    seen: the entry that deviates.
    run: the case up to it; ``None`` where not all is known that decides it.
    """

    finding: Finding
    events: tuple[Event, ...]
    seen: SeenRequest
    run: CaseRun | None

    @property
    def kind(self) -> tuple[SeenRequest, tuple[str, ...]]:
        """What it shares with those that differ alike."""
        return self.seen, self.finding.expected


Agreeing = dict[tuple[int, str], CaseRun]
"""Cases that are as they have to be, by a hash of their names and by these."""


def few(cases: Iterable[str]) -> list[tuple[int, str]]:
    """The keys of those of the cases that are looked at: the same, however the cases of a log are divided."""
    return sorted((crc32(case.encode("utf-8", "surrogatepass")), case) for case in cases)[:MOST_AGREEING]


def explained(claims: Claims, deviations: Sequence[Deviation], agreeing: Agreeing) -> list[Finding]:
    """The findings of the deviations, with the rules that explain all of them best."""
    sampled = _sampled(deviations)
    right, passed = _shown_right(claims, agreeing)
    runs = {
        key: FailingRun(taken(claims.system, run.start, run.requests), seen.observation)
        for key, (run, seen) in sampled.items()
    }
    rules_of = {
        id(run): cause.rules
        for cause in Attribution(claims, right, passed).causes(list(runs.values()))
        for run in cause.explains
    }
    votes: dict[object, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for (_, kind), run in runs.items():
        votes[kind][rules_of[id(run)]] += 1
    findings = []
    for one in deviations:
        own = runs.get((one.run, one.kind))
        likely = votes.get(one.kind) if one.run else None
        rules = rules_of[id(own)] if own else likely.most_common(1)[0][0] if likely else one.finding.rules
        basis = claims.system.register.basis(rules).value
        findings.append(attrs.evolve(one.finding, rules=rules, basis=basis))
    return findings


def _sampled(deviations: Sequence[Deviation]) -> dict[tuple[CaseRun | None, object], tuple[CaseRun, SeenRequest]]:
    """The deviations that are explained, each once: of the kinds that are met most often the shortest."""
    kinds: dict[object, list[Deviation]] = defaultdict(list)
    for one in deviations:
        if one.run:
            kinds[one.kind].append(one)
    sampled: dict[tuple[CaseRun | None, object], tuple[CaseRun, SeenRequest]] = {}
    for kind, own in sorted(kinds.items(), key=lambda item: -len(item[1]))[:MOST_KINDS]:
        shortest = sorted(own, key=lambda one: len(one.run.requests) if one.run else 0)
        distinct = dict.fromkeys(one.run for one in shortest if one.run)
        sampled |= {(run, kind): (run, own[0].seen) for run in list(distinct)[:MOST_ALIKE]}
    return sampled


def _shown_right(claims: Claims, agreeing: Agreeing) -> tuple[Counter[str], list[Step]]:
    """For each use of a declaration how many cases show it to be right, and the steps of these, each once."""
    right: Counter[str] = Counter()
    passed: dict[tuple[State, Request], Step] = {}
    for key in few(case for _, case in agreeing):
        run = agreeing[key]
        steps = taken(claims.system, run.start, run.requests)
        right.update(exercised(claims.system, steps))
        passed |= {(step.before, step.request): step for step in steps}
    return right, list(passed.values())
