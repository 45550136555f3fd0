"""A system as a statechart: what XState and SCXML have in common.

A region decides, then raises `passed.<type>` or `refused.<type>`, on which the regions of the lifecycles move, all in
one microstep: so every condition is of the state before.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from statemachines.errors import DeclarationError
from statemachines.language.expression import FALSE, TRUE, Expr, conjunction
from statemachines.language.gates import Answer, Check
from statemachines.language.lifecycle import Transition
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.language.terms import Term
from statemachines.semantics.decision import asks, handles

VERDICT = "verdict"
"""The name of the region that decides, and of the data that has the whole verdict."""

NO_VERDICT = "no verdict"
"""The state of that region before the first request, and after one that the declarations give no verdict."""


@attrs.frozen(eq=False)
class ChartDecision:
    """A transition of the region that decides; the first whose condition holds is taken.

    Parameters
    ----------
    when: on the state and the request.
    declaration: the check that fails, or the answer.
    verdict: the verdict in words; see `verdict_words`.
    """

    when: Expr
    declaration: Check | Answer
    verdict: Mapping[str, Any]

    @property
    def label(self) -> str:
        """The condition in words."""
        check = self.declaration
        return f"fails: {' '.join(check.label.split())}" if isinstance(check, Check) else self.when.words()


@attrs.frozen(eq=False)
class ChartArrow:
    """A transition of a lifecycle's region, on the events named."""

    transition: Transition
    when: Expr
    events: tuple[str, ...]


def decisions(system: System, kind: RequestType) -> Iterator[ChartDecision]:
    """What may be decided of requests of a type, in order. An answer of the last party is one for each such party."""
    parties: list[tuple[Expr, str | None]] = [(TRUE, None)]
    for gate in system.gates:
        comes = gate.when.given({}, kind)
        if not handles(gate, kind) or comes is FALSE:
            continue
        party = str(gate.party.value)
        parties.insert(0, (comes, party))
        for check in gate.checks:
            when = conjunction(comes, check.fails_when.given({}, kind)) if asks(check, kind) else FALSE
            if when is not FALSE:
                yield ChartDecision(when, check, verdict_words(check, party))
    for answer in system.answers:
        if not handles(answer, kind):
            continue
        given = [(TRUE, str(answer.at.value))] if answer.at else parties
        for comes, party_or_none in given:
            when = conjunction(comes, answer.when.given({}, kind))
            if when is not FALSE:
                yield ChartDecision(when, answer, verdict_words(answer, party_or_none))
            if comes is TRUE:
                break
        if answer.when.given({}, kind) is TRUE:
            return


def arrows(system: System) -> Mapping[str, tuple[ChartArrow, ...]]:
    """The transitions of each lifecycle that can fire, by its name."""
    return {one.name: tuple(_arrows(one.transitions)) for one in system.lifecycles}


def _arrows(transitions: Sequence[Transition]) -> Iterator[ChartArrow]:
    for move in transitions:
        when = move.when.given({}, move.on)
        if when is not FALSE:
            events = (f"passed.{move.on.name}", *([f"refused.{move.on.name}"] if move.even_if_refused else []))
            yield ChartArrow(move, when, events)


def expect_sayable(system: System) -> None:
    """Raises `DeclarationError` for a term with a name that JavaScript reserves."""
    terms: list[Term] = [*system.variables, *(field for kind in system.requests for field in kind.fields)]
    for term in terms:
        if term.name == "__proto__":
            raise DeclarationError(f"{term.name!r} is a name that JavaScript reserves: rename the variable or field")


def expect_chart(system: System) -> None:
    """Raises `DeclarationError` for a name that the charts themselves use, besides what `expect_sayable` refuses."""
    expect_sayable(system)
    for variable in system.variables:
        if variable.name == VERDICT:
            raise DeclarationError(f"a variable is named {VERDICT!r}, as the region that decides: rename the variable")
    for kind in system.requests:
        if kind.name in ("passed", "refused"):
            raise DeclarationError(f"a request type is named {kind.name!r}, as the charts' own event: rename it")


def verdict_words(declaration: Check | Answer, at: str | None) -> dict[str, Any]:
    """What a check or an answer says, in words: as vectors have it, and whether every gate let the request pass."""
    response = getattr(declaration, "response", None)
    return {
        "outcome": str(declaration.outcome.value),
        "at": at,
        "reason": str(declaration.reason.value),
        "response": None if response is None else str(response.value),
        "rules": list(declaration.rules),
        "unspecified": list(declaration.unspecified),
        "passed": isinstance(declaration, Answer),
    }


def words_of(term: Term) -> list[str]:
    """The values that the term can have, in words."""
    return [str(value.value) for value in term.domain]
