"""Checks and answers of Service Requests: what rejects a request, and what is said when it is accepted."""

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
