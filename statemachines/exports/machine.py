"""The machine file: a system and what is claimed of it as one JSON document, for programs in any language.

`machine.schema.json` beside this file is its JSON Schema; `statemachines.exports.machine_reader` reads it back.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

import attrs

from statemachines.exports import Exported, Progress
from statemachines.language.claims import (
    Always,
    AlwaysPossible,
    Claim,
    Claims,
    Indistinguishable,
    Invariant,
    LeadsTo,
    Sometimes,
)
from statemachines.language.expression import TRUE, All, Among, Compared, Constant, Expr, IsA, Not, Reached, Relation
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.numbers import Number
from statemachines.language.requests import Field, RequestType
from statemachines.language.rules import Register, Rule, Section
from statemachines.language.system import System
from statemachines.language.terms import ASPECTS, After, Observed, Term, Variable

Json = dict[str, Any]

FORMAT = "statemachines-machine"
VERSION = 1
"""The version of the format. Another version may mean otherwise, so a reader refuses what it does not know."""

WIDTH = 118
"""How many characters a line of the file has, where it can be broken."""

RELATIONS = {Relation.EQUAL: "is", Relation.LESS: "before", Relation.AT_MOST: "not after"}


def export_machine(claims: Claims, *, only: Sequence[str] = ()) -> str:
    """A system and its claims as a machine file: the same bytes for the same declarations.

    Parameters
    ----------
    claims: the system and what is claimed of it.
    only: the names of the claims to write; by default all.

    Raises
    ------
    UnknownNameError: for a name that no claim has.

    Examples
    --------
    >>> from examples.parcel_locker import claims
    >>> document = json.loads(export_machine(claims))
    >>> document["gates"][0]["checks"][0]["fails_when"]
    {'term': {'field': 'code'}, 'in': ['Code.WRONG']}
    """
    wanted = [claims.named(name) for name in dict.fromkeys(only)] if only else claims.claims
    return _laid_out(_Writer(claims.system).document(wanted)) + "\n"


def exported(claims: Claims, only: Sequence[str] = (), progress: Progress | None = None) -> Exported:  # noqa: ARG001
    """The file for the command line: see `export_machine`."""
    system = claims.system
    text = export_machine(claims, only=only)
    number = len(set(only)) or len(claims.claims)
    return Exported(text, f"{len(system.lifecycles)} lifecycles, {len(system.requests)} request types, {number} claims")


@attrs.frozen(eq=False)
class Names:
    """What machine files call the values and terms of a system.

    Parameters
    ----------
    values: by ``"Enum.NAME"``.
    fields: by id.
    aspects: of verdicts, with every value that the system gives them, by id.
    """

    values: Mapping[str, Enum]
    fields: Mapping[str, Field]
    aspects: Mapping[str, Observed]

    def of(self, values: Iterable[Enum]) -> list[str]:
        """What some values are called."""
        called = {id(value): name for name, value in self.values.items()}  # those of two enums may compare equal
        return [called[id(value)] for value in values]


def names_of(system: System) -> Names:
    """The names in the machine file of a system without claims, and those of the aspects of its verdicts."""
    writer = _Writer(system)
    writer.document(())
    every = ((name, system.values_of(name)) for name in ASPECTS)
    aspects = [Observed(name, Enum, among=given) for name, given in every if given]
    named = {writer.id(aspect): aspect for aspect in aspects}
    values: dict[str, Enum] = {f"{name}.{value.name}": value for kind, name in writer.enums.items() for value in kind}
    fields = {known: term for term, known in writer.terms.items() if isinstance(term, Field)}
    return Names(values, fields, named)


def _laid_out(part: object, indent: str = "", before: int = 0) -> str:
    """The part as JSON: on one line where that is short, for people read it too."""
    line = json.dumps(part, ensure_ascii=False)
    if len(indent) + before + len(line) <= WIDTH or not part or not isinstance(part, dict | list):
        return line
    deeper = indent + " "
    if isinstance(part, dict):
        keys = [f"{json.dumps(key, ensure_ascii=False)}: " for key in part]
        rows = [key + _laid_out(one, deeper, len(key)) for key, one in zip(keys, part.values(), strict=True)]
    else:
        rows = [_laid_out(one, deeper) for one in part]
    opening, closing = "{}" if isinstance(part, dict) else "[]"
    return f"{opening}\n{deeper}" + f",\n{deeper}".join(rows) + f"\n{indent}{closing}"


def unique(wanted: str, taken: Iterable[str]) -> str:
    """The name, or the name with a number where it is taken."""
    names, name, number = set(taken), wanted, 1
    while name in names:
        number += 1
        name = f"{wanted}_{number}"
    return name


class _Writer:
    """One document in the making; enums, fields and aspects get their names as they are met."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.enums: dict[type[Enum], str] = {}
        self.terms: dict[Term, str] = {}

    def document(self, claims: Iterable[Claim]) -> Json:
        """The whole document."""
        system = self.system
        body = {
            "variables": [self._term(variable) for variable in system.variables],
            "requests": [self._request(kind) for kind in system.requests],
            "lifecycles": [self._lifecycle(one) for one in system.lifecycles],
            "gates": [self._gate(gate) for gate in system.gates],
            "answers": [self._answer(answer) for answer in system.answers],
            "constraints": [
                {"label": one.label, "when": self._condition(one.when), "then": self._condition(one.then)}
                | {"rules": list(one.rules)}
                for one in system.constraints
            ],
            "claims": [self._claim(claim) for claim in claims if not isinstance(claim, Invariant)],
        }
        terms = {
            name: [{"id": known} | self._term(term) for term, known in self.terms.items() if isinstance(term, kind)]
            for name, kind in (("fields", Field), ("aspects", Observed))
        }
        head = {"format": FORMAT, "version": VERSION, "name": system.name, **_register(system.register)}
        return {**head, "enums": [self._enum(kind, name) for kind, name in self.enums.items()], **terms, **body}

    def _enum(self, kind: type[Enum], name: str) -> Json:
        if issubclass(kind, Number):
            return {"name": name, "from": min(map(int, kind)), "to": max(map(int, kind))}
        return {"name": name, "values": [{"name": one.name, "words": str(one.value)} for one in kind]}

    def _enum_name(self, kind: type[Enum]) -> str:
        if kind not in self.enums:
            self.enums[kind] = unique(kind.__name__, self.enums.values())
        return self.enums[kind]

    def _value(self, value: Enum) -> str:
        return f"{self._enum_name(type(value))}.{value.name}"

    def _values(self, values: Iterable[Enum]) -> list[str]:
        return [self._value(value) for value in values]

    def _term(self, term: Term) -> Json:
        default = getattr(term, "default", None)
        return {
            "name": term.name,
            "label": term.label,
            **({} if term.kind is Enum else {"enum": self._enum_name(term.kind)}),
            "values": self._values(term.domain),
            **_unless_default(ordered=term.ordered and not term.counts),
            **({} if default is None else {"default": self._value(default)}),
        }

    def id(self, term: Term) -> str:
        """The name of a field or aspect: its own, unless another one has it."""
        if term not in self.terms:
            alike = (known for other, known in self.terms.items() if type(other) is type(term))
            self.terms[term] = unique(term.name, alike)
            self._term(term)  # its enums get their names here
        return self.terms[term]

    def _request(self, kind: RequestType) -> Json:
        return {"name": kind.name, "label": kind.label, "fields": [self.id(field) for field in kind.fields]}

    def _lifecycle(self, lifecycle: Lifecycle) -> Json:
        return {
            "variable": lifecycle.name,
            "title": lifecycle.title,
            "initial": self._values(lifecycle.initial),
            "final": self._values(lifecycle.final),
            "transitions": [self._transition(move) for move in lifecycle.transitions],
        }

    def _transition(self, move: Transition) -> Json:
        return {
            "from": self._values(move.source),
            "on": move.on.name,
            "to": self._value(move.target),
            **self._when(move.when),
            "rules": list(move.rules),
            **_unless_default(even_if_refused=move.even_if_refused),
        }

    def _gate(self, gate: Gate) -> Json:
        return {
            "party": self._value(gate.party),
            "on": _kinds(gate.on),
            **self._when(gate.when),
            "checks": [self._check(check) for check in gate.checks],
            **_unless_default(order=gate.order, party_order=gate.party_order),
        }

    def _check(self, check: Check) -> Json:
        return {
            "label": check.label,
            **_unless_default(on=_kinds(check.on)),
            "fails_when": self._condition(check.fails_when),
            "outcome": self._value(check.outcome),
            "reason": self._value(check.reason),
            "rules": list(check.rules),
            **_unless_default(unspecified=check.unspecified),
        }

    def _answer(self, answer: Answer) -> Json:
        optional = {"response": answer.response, "at": answer.at}
        return {
            "on": _kinds(answer.on),
            **self._when(answer.when),
            "outcome": self._value(answer.outcome),
            "reason": self._value(answer.reason),
            **{name: self._value(value) for name, value in optional.items() if value is not None},
            "rules": list(answer.rules),
            **_unless_default(unspecified=answer.unspecified),
        }

    def _claim(self, claim: Claim) -> Json:
        match claim:
            case Always():
                parts = {"kind": "always", **self._when(claim.when), "then": self._condition(claim.then)}
            case Sometimes():
                parts = {"kind": "sometimes", "of": self._condition(claim.of)}
            case AlwaysPossible():
                parts = {"kind": "always possible", **self._when(claim.when), "goal": self._condition(claim.goal)}
            case LeadsTo():
                given = [self._condition(one) for one in claim.given]
                parts = {"kind": "leads to", "when": self._condition(claim.when), "then": self._condition(claim.then)}
                parts |= _unless_default(given=given)
            case Indistinguishable():
                parts = {
                    "kind": "indistinguishable",
                    "secret": claim.secret.name,
                    "between": self._values(claim.between),
                    "sees": self._condition(claim.sees),
                    "observes": [self.id(aspect) for aspect in claim.observes],
                    **_unless_default(apart_from=[variable.name for variable in claim.apart_from]),
                }
            case _:
                raise NotImplementedError(claim)
        return {"name": claim.name, **parts, "rules": list(claim.rules)}

    def _when(self, condition: Expr) -> Json:
        return {} if condition is TRUE else {"when": self._condition(condition)}

    def _condition(self, expr: Expr) -> Json | bool:  # noqa: PLR0911  # one return for each kind of expression
        match expr:
            case Constant():
                return expr.value
            case Among():
                inside = (value for value in expr.term.domain if value in expr.values)
                return {"term": self._read(expr.term), "in": self._values(inside)}
            case Compared():
                parts = {"compare": [self._read(expr.left), self._read(expr.right)]}
                return {**parts, "relation": RELATIONS[expr.relation], **_unless_default(plus=expr.by)}
            case IsA():
                return {"request": _kinds(expr.types)}
            case Reached():
                return {"reached": self._value(expr.party)}
            case Not():
                return {"not": self._condition(expr.part)}
            case All():
                return {"all": [self._condition(part) for part in expr.parts]}
        raise NotImplementedError(expr)

    def _read(self, term: Term) -> Json:
        match term:
            case Variable():
                return {"variable": term.name}
            case After():
                return {"after": term.variable.name}
            case Field():
                return {"field": self.id(term)}
            case Observed():
                return {"aspect": self.id(term)}
        raise NotImplementedError(term)


def _kinds(kinds: Iterable[RequestType]) -> list[str]:
    return [kind.name for kind in kinds]


def _unless_default(**keys: Any) -> Json:
    """The keys whose value is not the one that their absence means."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in keys.items() if value}


def _register(register: Register) -> Json:
    return {
        "rules": [_rule(rule) for rule in register.rules],
        **_unless_default(
            families=dict(register.families),
            sources=dict(register.sources),
            sections=[_section(section) for section in register.sections],
        ),
    }


def _rule(rule: Rule) -> Json:
    words = {"id": rule.id, "statement": rule.statement, "source": rule.source}
    return words | _unless_default(assumption=rule.assumption, not_modelled=rule.not_modelled, decides=rule.decides)


def _section(section: Section) -> Json:
    return {
        "source": section.source,
        "number": section.number,
        "title": section.title,
        "passages": [
            {"says": one.says} | _unless_default(rules=one.rules, not_modelled=one.not_modelled)
            for one in section.passages
        ],
    }
