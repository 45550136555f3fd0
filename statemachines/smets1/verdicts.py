"""Checks and answers: how a Service Request is rejected or accepted, and how an event happens or cannot happen."""

from collections.abc import Iterable
from enum import Enum

from statemachines.language.expression import TRUE, Expr
from statemachines.language.gates import Answer, Check
from statemachines.language.requests import RequestType
from statemachines.smets1.vocabulary import Outcome


class EventReason(Enum):
    """Why an event happens."""

    HAPPENED = "nothing stands in its way"


def rejects(label: str, *, fails_when: Expr, why: Enum, rules: str, on: Iterable[RequestType] = ()) -> Check:
    """A check that rejects what fails it; it is asked of all that the gate handles, or of some types only."""
    return Check(label, fails_when=fails_when, outcome=Outcome.REJECTED, reason=why, rules=rules, on=on)


def accepted(kind: RequestType, why: Enum, rules: str, *, when: Expr = TRUE) -> Answer:
    """The answer to a Service Request that every party lets pass."""
    return Answer([kind], outcome=Outcome.ACCEPTED, reason=why, when=when, rules=rules)


def happens_only(kind: RequestType, label: str, where: Expr, *, otherwise: Enum, rules: str) -> Check:
    """A check at the premises: the event happens only where a condition holds.

    Parameters
    ----------
    kind: the type of event.
    label: the condition, in words.
    where: the condition.
    otherwise: the reason where it does not hold, and the event cannot happen.
    rules: ids of rules.
    """
    return Check(label, fails_when=~where, outcome=Outcome.CANNOT_HAPPEN, reason=otherwise, rules=rules, on=[kind])


def happens(kind: RequestType, rules: str, *, when: Expr = TRUE, stops_for: Enum | None = None) -> Answer:
    """The answer to an event that happens; one that stops a migration says for what reason."""
    outcome = Outcome.STOPPED if stops_for else Outcome.HAPPENED
    return Answer([kind], outcome=outcome, reason=stops_for or EventReason.HAPPENED, when=when, rules=rules)
