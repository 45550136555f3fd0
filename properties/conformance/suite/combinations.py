"""Combinations: with each value of a variable, and with two values at once, a check or an answer has to be right.

A declaration treats values alike that it does not name: groups, stages, senders, types of device. A system can be wrong
in one of them. So each check that decides requests of a type, and each answer that is given to them, is seen with
each value of each variable, and with each two values of two fields, or of a field and of a variable that its condition
reads. These goals are of no rule, for a rule says nothing of what it does not name; and they are too many to be looked
for one by one: `combining` reads off a request's decision list which of them it shows in which states.
"""

from collections.abc import Iterable, Iterator
from enum import Enum

import attrs

from properties.conformance.diagnosis.altered import Alteration
from properties.conformance.diagnosis.decision_list import CheckOrAnswer
from properties.conformance.suite.aims import Matters
from properties.conformance.suite.vectors import Goal, GoalKind
from statemachines.language.expression import All, Among, Expr, conjunction, negation
from statemachines.language.gates import Check
from statemachines.language.requests import Field, RequestType
from statemachines.language.system import System
from statemachines.language.terms import Term

COMBINED = (GoalKind.VARIABLE, GoalKind.COMBINATION)
"""The kinds of these goals: of one value of a variable, and of two values."""

With = tuple[Term, Enum]
"""A field or a variable, and the value that it has."""


@attrs.frozen(eq=False)
class Decider:
    """A check that is made of requests of a type, or an answer that is given to them.

    Parameters
    ----------
    key: of the declaration and the type; no other has it.
    """

    key: str
    declaration: CheckOrAnswer
    kind: RequestType

    def goal(self, *values: With) -> Goal:
        """That it is right with one value of a variable, or with two values."""
        kind = COMBINED[len(values) - 1]
        named = "/".join(f"{term.name}/{value.name}" for term, value in values)
        words = " and ".join(f"{term.label} {value.value}" for term, value in values)
        return Goal(f"{kind.name.lower()}:{self.key}/{named}", kind, f"{self.label}, with {words}", ())

    @property
    def label(self) -> str:
        """What it does, in words."""
        if isinstance(self.declaration, Check):
            return f"{self.kind.label} fails at: {self.declaration.label}"
        return f"{self.kind.label} is answered: {self.declaration.outcome.value}, {self.declaration.reason.value}"

    @property
    def condition(self) -> Expr:
        """When it decides, if nothing before it does."""
        return self.declaration.fails_when if isinstance(self.declaration, Check) else self.declaration.when

    def aim(self, *values: With) -> Matters:
        """The goal, as an aim: it does not decide with these values alone, which is seen."""
        these = All(tuple(Among(term, frozenset([value])) for term, value in values))
        wrong = conjunction(self.condition, negation(these))
        fields: dict[Term, Enum] = {term: value for term, value in values if isinstance(term, Field)}
        reads = All((self.condition, *(Among(field, frozenset(field.domain)) for field in fields)))
        return Matters(self.goal(*values), Alteration(self.declaration, wrong, (self.kind,), fields), reads)


def deciders(system: System) -> Iterator[Decider]:
    """Each check and each answer with each type of request that it is of, in order."""
    for number, gate in enumerate(system.gates):
        for at, check in enumerate(gate.checks):
            for kind in check.on or gate.on:
                yield Decider(f"check/{number}/{at}/{kind.name}", check, kind)
    for at, answer in enumerate(system.answers):
        for kind in answer.on:
            yield Decider(f"answer/{at}/{kind.name}", answer, kind)


def _named(terms: Iterable[Term]) -> dict[str, With]:
    return {f"{term.name}/{value.name}": (term, value) for term in terms for value in term.domain}


class Combinations:
    """The aims of a system, by the keys of their goals.

    Parameters
    ----------
    system: the system.
    """

    def __init__(self, system: System) -> None:
        self._deciders = {one.key: one for one in deciders(system)}
        variables = _named(system.variables)
        self._named = {kind: {**_named(kind.fields), **variables} for kind in system.requests}

    def _read(self, key: str) -> tuple[Decider, tuple[With, ...]]:
        parts = key.partition(":")[2].split("/")
        many = 4 if parts[0] == "check" else 3
        decider, words = self._deciders["/".join(parts[:many])], parts[many:]
        named = self._named[decider.kind]
        whole = named.get("/".join(words))
        if whole:
            return decider, (whole,)
        halves = (("/".join(words[:at]), "/".join(words[at:])) for at in range(2, len(words)))
        return decider, next((named[one], named[other]) for one, other in halves if one in named and other in named)

    def goal(self, key: str) -> Goal:
        """The goal of a key."""
        decider, values = self._read(key)
        return decider.goal(*values)

    def aim(self, key: str) -> Matters:
        """The aim of a key."""
        decider, values = self._read(key)
        return decider.aim(*values)


def is_combined(key: str) -> bool:
    """Whether a key is of such a goal."""
    return key.partition(":")[0] in _NAMES


_NAMES = frozenset(kind.name.lower() for kind in COMBINED)
