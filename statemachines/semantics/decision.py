"""The order of decision: the checks that a request meets, then the answers that it may get, each with its verdict.

Whatever interprets gates and answers walks this one order: the interpreter, grounding, diagnosis, and the pictures.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cached_property
from types import MappingProxyType

import attrs

from statemachines.errors import DeclarationError, NoVerdictError
from statemachines.language.expression import FALSE, TRUE, Expr, Moment, conjunction, negation
from statemachines.language.gates import Answer, Check, Gate, Verdict
from statemachines.language.requests import Request, RequestType
from statemachines.language.rules import Register
from statemachines.language.system import System
from statemachines.language.terms import Term
from statemachines.semantics.remembered import remembered


@attrs.frozen(eq=False)
class Decider:
    """A check or an answer in its order: the first whose condition holds decides the request.

    Parameters
    ----------
    declaration: the check or the answer.
    gate: whose check it is; `None` for an answer.
    via: the parties that have looked at the request by then, in order.
    register: the system's.
    """

    declaration: Check | Answer
    gate: Gate | None
    via: tuple[Enum, ...]
    register: Register

    @property
    def condition(self) -> Expr:
        """When it decides, if nothing before it does: when the check fails, or the answer is given."""
        return self.declaration.fails_when if isinstance(self.declaration, Check) else self.declaration.when

    @cached_property
    def verdict(self) -> Verdict:
        """What it then says. Raises `DeclarationError` for an answer that nobody gives: no gate, and no ``at``."""
        if isinstance(self.declaration, Check):
            assert self.gate
            return stopped(self.gate, self.declaration, self.via, self.register)
        return answered(self.declaration, self.via, self.register)


def decision_order(
    system: System,
    request: Request | RequestType,
    known: Mapping[Term, Enum] = MappingProxyType({}),
    *,
    all_checks: bool = False,
) -> tuple[Decider, ...]:
    """The checks that are asked of a request, in order, then the answers that may be given to it.

    Parameters
    ----------
    request: a request; or a type, for what may be asked of any request of it.
    known: of a type, the fields whose values are known.
    all_checks: whether checks that a party on the way asks of other types of request only are among them.
    """
    if isinstance(request, Request):
        kind, gates = request.type, gates_of(system, request)
    else:
        kind = request
        gates = tuple(gate for gate in _handling(system, kind) if gate.when.given(known, kind) is not FALSE)
    return _deciders(system, kind, gates, all_checks)


def gates_of(system: System, request: Request) -> tuple[Gate, ...]:
    """The gates that a request comes to, in order."""
    return tuple(
        gate for gate in _handling(system, request.type) if gate.when is TRUE or gate.when.holds(Moment({}, request))
    )


@remembered
def _handling(system: System, kind: RequestType) -> tuple[Gate, ...]:
    """The gates for requests of a type."""
    return tuple(gate for gate in system.gates if handles(gate, kind))


@remembered
def _deciders(system: System, kind: RequestType, gates: tuple[Gate, ...], all_checks: bool) -> tuple[Decider, ...]:
    """The checks of these gates that are asked of requests of a type, in order, then the answers to them."""
    via: tuple[Enum, ...] = ()
    order: list[Decider] = []
    for gate in gates:
        via = (*via, gate.party)
        checks = gate.checks if all_checks else checks_of(gate, kind)
        order += (Decider(check, gate, via, system.register) for check in checks)
    order += (Decider(answer, None, via, system.register) for answer in system.answers if handles(answer, kind))
    return tuple(order)


def handles(part: Gate | Answer, kind: RequestType) -> bool:
    """Whether a gate or an answer is for requests of a type."""
    return kind in part.on


def asks(check: Check, kind: RequestType) -> bool:
    """Whether a check is asked of requests of a type, where they come to its gate."""
    return not check.on or kind in check.on


def checks_of(gate: Gate, kind: RequestType) -> Iterator[Check]:
    """The checks that a gate asks of requests of a type, in order."""
    return (check for check in gate.checks if asks(check, kind))


def refusals(system: System, kind: RequestType) -> Iterator[tuple[Check, Expr]]:
    """Each check that requests of a type meet, and the condition that it is the one that refuses."""
    passes: Expr = TRUE
    for gate in (gate for gate in system.gates if handles(gate, kind)):
        for check in checks_of(gate, kind):
            fails = conjunction(gate.when, check.fails_when)
            yield check, conjunction(passes, fails)
            passes = conjunction(passes, negation(fails))


def interpret(system: System, before: Mapping[str, Enum], request: Request) -> Verdict:
    """The verdict by plain interpretation, with nothing compiled; transitions are not fired yet."""
    moment = Moment(before, request)
    for decider in decision_order(system, request):
        if decider.condition.holds(moment):
            return decider.verdict
    raise NoVerdictError(f"system {system.name!r}: {request!r} has no verdict in {before!r}")


def stopped(gate: Gate, check: Check, via: tuple[Enum, ...], register: Register) -> Verdict:
    """The verdict of a check that failed."""
    return Verdict(
        check.outcome, gate.party, check.reason, None, check.rules, via, False,
        unspecified=check.unspecified, label=check.label, register=register,
    )  # fmt: skip


def answered(answer: Answer, via: tuple[Enum, ...], register: Register) -> Verdict:
    """The verdict of an answer."""
    at = (via[-1] if via else None) if answer.at is None else answer.at
    if at is None:
        kinds = ", ".join(kind.name for kind in answer.on)
        raise DeclarationError(
            f"the answer {answer.reason.value!r} ({kinds}) is given to a request that comes to no gate: "
            "put its type on a gate, or say at= who answers"
        )
    return Verdict(
        answer.outcome, at, answer.reason, answer.response, answer.rules, via, True, unspecified=answer.unspecified,
        register=register,
    )  # fmt: skip
