"""The declarations of a system that cite rules, each in words."""

from collections.abc import Iterable, Iterator

import attrs

from statemachines.language.expression import TRUE, Expr
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.lifecycle import Transition
from statemachines.language.requests import RequestType
from statemachines.language.rules import Basis
from statemachines.language.system import System

DECLARATIONS = ("lifecycle", "check", "order", "answer", "constraint")
"""The kinds of declaration that cite rules."""

LONGEST_CONDITION = 400
"""Characters; a longer condition is a table in itself, and is left to the diagram."""


@attrs.frozen
class Citation:
    """A part of a system that cites a rule.

    Parameters
    ----------
    kind: one of `DECLARATIONS`.
    where: the lifecycle's name, the party that checks, or the requests that are answered; of a constraint, ``""``.
    words: what it says.
    system: the name of the system that it is part of.
    basis: what it rests on.
    """

    kind: str
    where: str
    words: str
    system: str
    basis: Basis = attrs.field(default=Basis.REGULATED, kw_only=True)

    @property
    def heading(self) -> str:
        """Its kind and where it stands, as an analyst would say it."""
        between = {"check": " at the ", "order": " at the ", "answer": " to ", "lifecycle": " "}.get(self.kind, "")
        return f"{self.kind}{between}{self.where}"


def citations(system: System) -> Iterator[tuple[tuple[str, ...], Citation]]:
    """Each declaration of a system with the ids of the rules that it cites."""
    for rules, declaration in _citing(system):
        yield rules, attrs.evolve(declaration, basis=system.register.basis(rules))


def _citing(system: System) -> Iterator[tuple[tuple[str, ...], Citation]]:
    for lifecycle in system.lifecycles:
        for move in lifecycle.transitions:
            yield move.rules, Citation("lifecycle", lifecycle.name, _move_words(move), system.name)
    for gate in system.gates:
        for check in gate.checks:
            yield check.rules, Citation("check", str(gate.party.value), _check_words(gate, check), system.name)
        orders = ((gate.order, "it asks one check after the other"), (gate.party_order, "it comes after other parties"))
        for rules, words in orders:
            if rules:
                yield rules, Citation("order", str(gate.party.value), words, system.name)
    for answer in system.answers:
        yield answer.rules, Citation("answer", _names(answer.on), _answer_words(answer), system.name)
    for constraint in system.constraints:
        yield constraint.rules, Citation("constraint", "", constraint.label, system.name)


def _move_words(move: Transition) -> str:
    sources = " or ".join(f'"{state.value}"' for state in move.source)
    refused = ", even if refused" if move.even_if_refused else ""
    return f'{sources} -> "{move.target.value}" on {move.on.label}{refused}{_condition(move.when)}'


def _check_words(gate: Gate, check: Check) -> str:
    asked = f" (asked of {_names(check.on)})" if check.on and len(check.on) < len(gate.on) else ""
    left_open = _left_open(check.unspecified)
    return f"{check.label}{asked}; otherwise {check.outcome.value}: {check.reason.value}{left_open}"


def _answer_words(answer: Answer) -> str:
    response = f" ({answer.response.value})" if answer.response is not None else ""
    left_open = _left_open(answer.unspecified)
    return f"{answer.outcome.value}: {answer.reason.value}{response}{left_open}{_condition(answer.when)}"


def _left_open(aspects: tuple[str, ...]) -> str:
    return f" (the {' and the '.join(aspects)} is left open)" if aspects else ""


def _condition(condition: Expr) -> str:
    words = condition.words()
    return f", if {words}" if condition is not TRUE and len(words) <= LONGEST_CONDITION else ""


def _names(kinds: Iterable[RequestType]) -> str:
    return ", ".join(kind.label for kind in kinds)
