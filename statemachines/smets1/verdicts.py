"""Checks and answers: how a Service Request is rejected or accepted, and how an event happens or cannot happen."""

from collections.abc import Iterable

from statemachines.language.expression import TRUE, Expr
from statemachines.language.gates import Answer, Check
from statemachines.language.requests import RequestType
from statemachines.smets1.vocabulary import Outcome, Reason


def rejects(label: str, *, fails_when: Expr, why: Reason, rules: str, on: Iterable[RequestType] = ()) -> Check:
    """A check that rejects what fails it; it is asked of all that the gate handles, or of some types only."""
    return Check(label, fails_when=fails_when, outcome=Outcome.REJECTED, reason=why, rules=rules, on=on)


def accepted(kind: RequestType, why: Reason, rules: str, *, when: Expr = TRUE) -> Answer:
    """The answer to a Service Request that every party lets pass."""
    return Answer([kind], outcome=Outcome.ACCEPTED, reason=why, when=when, rules=rules)


def cannot_happen(kind: RequestType, label: str, unless: Expr, why: Reason, rules: str) -> Check:
    """A check at the premises: the event cannot happen where ``unless`` holds.

    Parameters
    ----------
    kind: the type of event.
    label: what has to be so for it to happen, in words.
    unless: when it cannot happen.
    why: what is said then.
    rules: ids of rules.
    """
    return Check(label, fails_when=unless, outcome=Outcome.CANNOT_HAPPEN, reason=why, rules=rules, on=[kind])


def happens(kind: RequestType, rules: str, *, when: Expr = TRUE, stops_for: Reason | None = None) -> Answer:
    """The answer to an event that happens; one that stops a migration says for what reason."""
    outcome = Outcome.STOPPED if stops_for else Outcome.HAPPENED
    return Answer([kind], outcome=outcome, reason=stops_for or Reason.HAPPENED, when=when, rules=rules)
