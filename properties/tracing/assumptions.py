"""What would be otherwise without an assumption: claims that no longer hold, or then do, and verdicts that change."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import attrs

from properties.tracing.citations import citations
from statemachines.checker.check import check
from statemachines.language.claims import Claims
from statemachines.language.rules import Basis, Rule
from statemachines.language.system import State, System
from statemachines.semantics.comparison import differences
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.regulated import without
from statemachines.semantics.trace import Scenario

Checked = Callable[[Claims], dict[str, bool]]
"""Decides claims: whether each holds, by name."""


@attrs.frozen
class Changed:
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
    requests: tuple[Changed, ...] | None = None

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
    checked: Checked | None = None,
) -> tuple[Assumption, ...]:
    """The assumptions, each with what would be otherwise without it.

    Without it means: the checks and transitions never apply that cite assumptions alone, and this one among them. Where
    there are none, nothing would be otherwise: rules say the same.

    Parameters
    ----------
    scenarios: the runs in which verdicts are compared.
    checked: decides claims; by default the checker.
    """
    decide = checked or _checked
    declared = decide(claims) if any(one.alone for one in assumptions) else {}
    result = []
    for done, one in enumerate(assumptions, 1):
        holds: dict[str, bool] = {}
        requests: tuple[Changed, ...] = ()
        if one.alone:
            bare = without(claims.system, [one.rule.id])
            then = decide(attrs.evolve(claims, system=bare))
            holds = {name: holding for name, holding in then.items() if holding is not declared[name]}
            requests = changed_verdicts(claims.system, bare, scenarios)
        result.append(attrs.evolve(one, holds=holds, requests=requests))
        if progress:
            progress(done, len(assumptions))
    return tuple(result)


def changed_verdicts(system: System, other: System, scenarios: Iterable[Scenario]) -> tuple[Changed, ...]:
    """The types of request whose verdict is another in the other system, on runs that both make from the same start."""
    first, second = Oracle(system), Oracle(other)
    steps: dict[str, int] = {}
    examples: dict[str, tuple[str, str, str]] = {}
    for scenario in scenarios:
        here, there = scenario.start, _in(other, scenario.start)
        for request in scenario.requests:
            (here, one), (there, two) = first.decide(here, request), second.decide(there, request)
            if differences(one, two):
                label = request.type.label
                steps[label] = steps.get(label, 0) + 1
                examples.setdefault(label, (str(request), str(one), str(two)))
    return tuple(Changed(label, count, examples[label]) for label, count in steps.items())


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


def _checked(claims: Claims) -> dict[str, bool]:
    names = [claim.name for claim in claims.claims]
    return {finding.claim.name: finding.holds for finding in check(claims, only=names).findings}


def _in(system: System, state: State) -> State:
    return system.state(**state.as_dict())
