"""What changes without an assumption: claims that no longer hold, or then do, and verdicts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from itertools import chain
from typing import Any, TypeAlias

import attrs

from properties.tracing.citations import citations
from statemachines.checker.slices import Slices
from statemachines.checker.symbolic_claims import SymbolicClaims
from statemachines.language.claims import Claims
from statemachines.language.expression import TRUE, Moment
from statemachines.language.gates import Verdict
from statemachines.language.requests import Request
from statemachines.language.rules import Basis, Rule
from statemachines.language.system import System
from statemachines.semantics.comparison import differences
from statemachines.semantics.decision import decision_order
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.regulated import switchable
from statemachines.semantics.trace import Scenario, Trace, replay

Pair: TypeAlias = tuple[Request, str, str]
"""A request, its verdict with an assumption, and the one without it, in words."""


@attrs.frozen
class ChangedVerdicts:
    """A type of request whose verdict is another without the assumption.

    Parameters
    ----------
    type: its label.
    steps: at how many steps of the runs that were looked at.
    example: one of these: the request, the verdict with the assumption, and the one without it.
    """

    type: str
    steps: int
    example: tuple[str, str, str]


@attrs.frozen
class Assumption:
    """An assumption, and what it decides.

    Parameters
    ----------
    rule: the rule that is one, in whole or in part.
    alone: how many declarations cite assumptions alone, and this one.
    together: how many cite it beside rules.
    claims: how many claims cite it.
    holds: for each claim that is otherwise without it whether it then holds; ``None`` where that was not asked.
    requests: the types of request whose verdict is another without it; ``None`` where that was not asked.
    """

    rule: Rule
    alone: int
    together: int
    claims: int
    holds: dict[str, bool] | None = None
    requests: tuple[ChangedVerdicts, ...] | None = None

    @property
    def decides(self) -> bool:
        """Whether anything cites it."""
        return bool(self.alone or self.together or self.claims)


def assumptions_of(claims: Claims, ids: Iterable[str] = ()) -> tuple[Assumption, ...]:
    """Every assumption of a system in the register's order, and how much cites it.

    Parameters
    ----------
    ids: only these rules; by default every one that is an assumption, in whole or in part.
    """
    register, wanted = claims.system.register, set(ids)
    cited = [rules for rules, _ in citations(claims.system)]
    return tuple(
        Assumption(
            rule,
            sum(rule.id in rules and register.basis(rules) is Basis.ASSUMED for rules in cited),
            sum(rule.id in rules and register.basis(rules) is not Basis.ASSUMED for rules in cited),
            sum(rule.id in claim.rules for claim in claims.claims),
        )
        for rule in register.values()
        if rule.assumed and (not wanted or rule.id in wanted)
    )


def consequences(
    claims: Claims,
    assumptions: Sequence[Assumption],
    scenarios: Sequence[Scenario],
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Assumption, ...]:
    """The assumptions, each with what would be otherwise without it.

    Without it means: the checks and transitions never apply that cite assumptions alone, and this one among them, and
    what it says of verdicts is left open. Where there are none, nothing would be otherwise: rules say the same. All are
    decided at once, on sets of states of a system in which a variable says which of them is left out. Where it is the
    order of a party's checks, any of them that fails may be the one that decides.

    Parameters
    ----------
    scenarios: the runs in which verdicts are compared.
    progress: is called with how much is done, of how much.
    """
    ids = [one.rule.id for one in assumptions if one.alone or one.rule.decides]
    if not ids:
        return tuple(attrs.evolve(one, holds={}, requests=()) for one in assumptions)
    system, variable = switchable(claims.system, ids)
    declared, *sides = variable.domain
    steps = len(claims.claims) + len(sides)

    def advance(done: int) -> None:
        if progress:
            progress(done, steps)

    deciding = SymbolicClaims(Slices(system)).deciding
    holds: dict[str, dict[str, bool]] = {rule: {} for rule in ids}
    for done, claim in enumerate(claims.claims, 1):
        decided = deciding(claim)(variable, TRUE)
        for side in sides:
            if decided[side] is not decided[declared]:
                holds[side.name][claim.name] = decided[side]
        advance(done)
    oracle, requests = Oracle(system), {}
    traces = [
        replay(system, system.state_type((declared, *scenario.start)), scenario.requests, oracle)
        for scenario in scenarios
    ]
    in_another_order = _in_another_order(system, ids, traces)
    runs = [[step.verdict for step in trace.steps] for trace in traces]
    for done, side in enumerate(sides, 1 + len(claims.claims)):
        others = (_verdicts(oracle, scenario, side) for scenario in scenarios)
        differing = _differing(scenarios, runs, others)
        aspects = _left_open(claims.system.register[side.name], traces)
        requests[side.name] = _by_type(chain(differing, in_another_order.get(side.name, ()), aspects))
        advance(done)
    return tuple(
        attrs.evolve(one, holds=holds.get(one.rule.id, {}), requests=requests.get(one.rule.id, ()))
        for one in assumptions
    )


def _verdicts(oracle: Oracle, scenario: Scenario, side: Enum) -> list[Verdict]:
    """The verdicts of a run on one side, which the first variable says."""
    state = oracle.system.state_type((side, *scenario.start))
    verdicts = []
    for request in scenario.requests:
        state, verdict = oracle.decide(state, request)
        verdicts.append(verdict)
    return verdicts


def _differing(
    scenarios: Sequence[Scenario], runs: Iterable[list[Verdict]], others: Iterable[list[Verdict]]
) -> Iterator[Pair]:
    """The requests whose verdict is another on the other side."""
    for scenario, run, other in zip(scenarios, runs, others, strict=True):
        for request, one, two in zip(scenario.requests, run, other, strict=True):
            if one is not two and differences(one, two):
                yield request, str(one), str(two)


def _left_open(rule: Rule, traces: Iterable[Trace]) -> Iterator[Pair]:
    """The requests of whose verdict the assumption decides an aspect."""
    for step in (step for trace in traces if rule.decides for step in trace.steps):
        aspects = [aspect for aspect in rule.decides if aspect not in step.verdict.unspecified]
        if rule.id in step.verdict.deciding and aspects:
            yield step.request, str(step.verdict), f"the same, but for what is left open: {', '.join(aspects)}"


def _in_another_order(system: System, ids: Sequence[str], traces: Sequence[Trace]) -> dict[str, list[Pair]]:
    """For each assumption that orders a party's checks: the requests that another check would refuse otherwise."""
    ordered = {
        gate.party: [rule for rule in ids if rule in gate.order]
        for gate in system.gates
        if gate.order and system.register.basis(gate.order) is Basis.ASSUMED
    }
    pairs: dict[str, list[Pair]] = {rule: [] for rules in ordered.values() for rule in rules}
    for step in (step for trace in traces if pairs for step in trace.steps):
        rules = () if step.verdict.passed else ordered.get(step.verdict.at, ())
        if rules:
            moment = Moment(step.before.as_dict(), step.request)
            for decider in decision_order(system, step.request):
                if (
                    decider.gate is not None
                    and decider.gate.party is step.verdict.at
                    and decider.condition.holds(moment)
                    and differences(step.verdict, decider.verdict)
                ):
                    for rule in rules:
                        pairs[rule].append((step.request, str(step.verdict), str(decider.verdict)))
                    break
    return pairs


def _by_type(pairs: Iterable[Pair]) -> tuple[ChangedVerdicts, ...]:
    """The types of request that have another verdict, each with the first as an example."""
    steps: dict[str, int] = {}
    examples: dict[str, tuple[str, str, str]] = {}
    for request, one, two in pairs:
        label = request.type.label
        steps[label] = steps.get(label, 0) + 1
        examples.setdefault(label, (str(request), one, two))
    return tuple(ChangedVerdicts(label, count, examples[label]) for label, count in steps.items())


def assumption_as_dict(one: Assumption) -> dict[str, Any]:
    """An assumption for machines."""
    return {
        "id": one.rule.id,
        "statement": one.rule.statement,
        "basis": one.rule.basis.value,
        "assumption": one.rule.assumption,
        "source": one.rule.source,
        "declarations": {"alone": one.alone, "together": one.together},
        "claims": one.claims,
        "without_it": None if one.holds is None else {
            "claims": [{"name": name, "holds": holds} for name, holds in one.holds.items()],
            "requests": [
                {
                    "type": changed.type,
                    "steps": changed.steps,
                    "example": dict(zip(("request", "with", "without"), changed.example, strict=True)),
                }
                for changed in one.requests or ()
            ],
        },
    }  # fmt: skip
