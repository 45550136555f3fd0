"""Gates, answers and verdicts: how requests are decided, by which party, and under which rules."""

from collections.abc import Iterable
from enum import Enum

import attrs

from statemachines.errors import all_expected, expected
from statemachines.language.expression import TRUE, Expr, expect_condition
from statemachines.language.identity import Identified
from statemachines.language.lifecycle import Transition
from statemachines.language.requests import RequestType, request_types
from statemachines.language.rules import Basis, Register, split_ids


@attrs.frozen(eq=False)
class Check(Identified):
    """One question that a gate asks.

    Parameters
    ----------
    label: the condition that has to hold, in words (``"the code is right"``).
    fails_when: the condition under which it fails, and the request ends here.
    outcome, reason: the verdict then.
    rules: the ids of the rules that it follows.
    on: the request types it is asked of; by default all that the gate handles.
    unspecified: aspects of the verdict that the sources leave open, by name.
    """

    label: str
    fails_when: Expr = attrs.field(kw_only=True)
    outcome: Enum = attrs.field(kw_only=True)
    reason: Enum = attrs.field(kw_only=True)
    rules: tuple[str, ...] = attrs.field(converter=split_ids, kw_only=True)
    on: tuple[RequestType, ...] = attrs.field(default=(), converter=request_types, kw_only=True)
    unspecified: tuple[str, ...] = attrs.field(default=(), converter=split_ids, kw_only=True)

    def __attrs_post_init__(self) -> None:
        _expect_verdict(f"the check {self.label!r}", self.fails_when, self.outcome, self.reason)


def _expect_verdict(label: str, condition: object, outcome: object, reason: object) -> None:
    expect_condition(condition, f"the condition of {label}")
    expected(outcome, Enum, f"the outcome of {label}")
    expected(reason, Enum, f"the reason of {label}")


def _checks(checks: Iterable[Check]) -> tuple[Check, ...]:
    return all_expected(checks, Check, "a gate's checks")


@attrs.frozen(eq=False, repr=False)
class Gate(Identified):
    """An ordered list of checks that a request passes at one party; the first that fails decides.

    Parameters
    ----------
    party: who runs the checks.
    checks: in order.
    on: the request types that come to the gate.
    when: a condition on the request's fields, for a request to come to the gate.
    order: the ids of the rules on the order of its checks.
    party_order: the ids of the rules on its place among the other parties.
    """

    party: Enum
    checks: tuple[Check, ...] = attrs.field(converter=_checks)
    on: tuple[RequestType, ...] = attrs.field(converter=request_types, kw_only=True)
    when: Expr = attrs.field(default=TRUE, kw_only=True)
    order: tuple[str, ...] = attrs.field(default=(), converter=split_ids, kw_only=True)
    party_order: tuple[str, ...] = attrs.field(default=(), converter=split_ids, kw_only=True)

    def __attrs_post_init__(self) -> None:
        expected(self.party, Enum, "the party of a gate")
        expect_condition(self.when, f"the condition of the gate at {self.party.name}")

    def __repr__(self) -> str:
        return f"<gate at {self.party.value}: {len(self.checks)} checks>"


@attrs.frozen(eq=False, repr=False)
class Answer(Identified):
    """The verdict on a request that passed every gate; of several answers the first whose condition holds.

    Parameters
    ----------
    on: the request types that it answers; by default all that the system has.
    outcome, reason: the verdict.
    response: what is also sent, if anything.
    when: the condition.
    at: the party that gives it, for requests that come to no gate; otherwise the last gate's party does.
    rules: the ids of the rules that it follows.
    unspecified: aspects of the verdict that the sources leave open, by name.
    """

    on: tuple[RequestType, ...] = attrs.field(default=(), converter=request_types)
    outcome: Enum = attrs.field(kw_only=True)
    reason: Enum = attrs.field(kw_only=True)
    rules: tuple[str, ...] = attrs.field(converter=split_ids, kw_only=True)
    response: Enum | None = attrs.field(default=None, kw_only=True)
    when: Expr = attrs.field(default=TRUE, kw_only=True)
    at: Enum | None = attrs.field(default=None, kw_only=True)
    unspecified: tuple[str, ...] = attrs.field(default=(), converter=split_ids, kw_only=True)

    def __repr__(self) -> str:
        return f"<answer {self.reason.value!r} to {len(self.on)} request types>"

    def __attrs_post_init__(self) -> None:
        _expect_verdict("an answer", self.when, self.outcome, self.reason)


@attrs.frozen
class Verdict:
    """What an observer sees of one request.

    Parameters
    ----------
    outcome, at, reason: the decision, the party that made it, and why.
    response: what was sent besides, if anything.
    rules: the ids of the rules that decided: those of the check or answer, then those of the transitions fired.
    via: the parties that looked at the request, in order.
    passed: whether every gate let it pass.
    fired: the transitions that it fired.
    unspecified: aspects that the sources leave open, by name.
    label: the wording of the check that failed; empty for an answer.
    register: the register that has the rules.
    deciding: the ids of the rules of the check or answer alone.
    """

    outcome: Enum
    at: Enum
    reason: Enum
    response: Enum | None
    rules: tuple[str, ...]
    via: tuple[Enum, ...]
    passed: bool
    fired: tuple[Transition, ...] = ()
    unspecified: tuple[str, ...] = ()
    label: str = ""
    register: Register = attrs.field(default=Register(()), kw_only=True, eq=False, repr=False)
    deciding: tuple[str, ...] = attrs.field(kw_only=True, eq=False, repr=False)

    @deciding.default
    def _all_rules(self) -> tuple[str, ...]:
        return self.rules

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Those of the rules that are, in whole or in part, assumptions."""
        return self.register.assumed(self.rules)

    @property
    def basis(self) -> Basis:
        """The basis of the verdict and its effects together."""
        return self.register.basis(self.rules)

    @property
    def assumed_alone(self) -> bool:
        """Whether an assumption alone decides part of it: the check or answer, an aspect of it, or a transition."""
        if self.register.assumed_aspects(self.deciding):
            return True
        parts = (self.deciding, *(move.rules for move in self.fired))
        return any(self.register.basis(rules) is Basis.ASSUMED for rules in parts)

    def lets(self, transition: Transition) -> bool:
        """Whether a transition can fire as far as the gates go: they let the request pass, or it fires even so."""
        return self.passed or transition.even_if_refused

    def firing(self, fired: Iterable[Transition]) -> "Verdict":
        """The same verdict with the transitions that the request fired, and their rules."""
        fired = tuple(fired)
        rules = (*self.rules, *(rule for move in fired for rule in move.rules))
        return attrs.evolve(self, fired=fired, rules=tuple(dict.fromkeys(rules)))

    def __str__(self) -> str:
        response = f": {self.response.value}" if self.response is not None else ""
        way = f", by way of {', '.join(str(party.value) for party in self.via[:-1])}" if self.via[:-1] else ""
        rules = self.register.citation(self.rules)
        return f"{self.outcome.value} at the {self.at.value}{way}{response}: {self.reason.value} [{rules}]"
