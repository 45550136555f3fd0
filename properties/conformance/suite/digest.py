"""The digest of declarations: results computed from them are valid as long as it is the same."""

import hashlib
from collections.abc import Iterable, Iterator
from enum import Enum

from statemachines.language.claims import Always, AlwaysPossible, Claim, Claims, Indistinguishable, LeadsTo, Sometimes
from statemachines.language.expression import All, Among, Compared, Constant, Expr, IsA, Not, Reached, Relation
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.language.terms import Term


def digest(claims: Claims) -> str:
    """The digest of a system and its claims: the same in every process, and another for other declarations."""
    text = "\n".join((*_system(claims.system), *(line for claim in claims.claims for line in _claim(claim))))
    return hashlib.sha256(text.encode()).hexdigest()


def _system(system: System) -> Iterator[str]:
    yield system.name
    for lifecycle in system.lifecycles:
        yield f"lifecycle {_term(lifecycle.variable)} from {_names(lifecycle.initial)}"
        for move in lifecycle.transitions:
            refused = " even if refused" if move.even_if_refused else ""
            arrow = f"{move.on.name} {_names(move.source)} {move.target.name}"
            yield f"{arrow} {_text(move.when)} {_ids(move.rules)}{refused}"
    for kind in system.requests:
        yield f"request {kind.name} {' '.join(_term(field) for field in kind.fields)}"
    for gate in system.gates:
        orders = f"{_ids(gate.order)} / {_ids(gate.party_order)}"
        yield f"gate {gate.party.name} {_kinds(gate.on)} {_text(gate.when)} {orders}"
        for check in gate.checks:
            declaration = f"{check.label} {check.outcome.name} {check.reason.name} {_ids(check.unspecified)}"
            yield f"{declaration} {_kinds(check.on)} {_text(check.fails_when)} {_ids(check.rules)}"
    for answer in system.answers:
        words = [
            "-" if value is None else value.name
            for value in (answer.outcome, answer.reason, answer.response, answer.at)
        ]
        yield f"answer {_ids(words)} {_ids(answer.unspecified)} {_kinds(answer.on)}"
        yield f"{_text(answer.when)} {_ids(answer.rules)}"


def _claim(claim: Claim) -> Iterator[str]:
    yield f"{claim.kind}: {claim.name} {_ids(claim.rules)}"
    match claim:
        case Always():
            yield f"{_text(claim.when)} {_text(claim.then)}"
        case Sometimes():
            yield _text(claim.of)
        case AlwaysPossible():
            yield f"{_text(claim.when)} {_text(claim.goal)}"
        case LeadsTo():
            yield " ".join(map(_text, claim.parts()))
        case Indistinguishable():
            yield f"{_term(claim.secret)} {_names(claim.between)} {_text(claim.sees)}"
            yield " ".join(_term(aspect) for aspect in claim.observes)


def _text(expr: Expr) -> str:  # noqa: PLR0911  # one return for each kind of expression
    match expr:
        case Constant():
            return str(expr.value)
        case Among():
            values = " ".join(value.name for value in expr.term.domain if value in expr.values)
            return f"({_named(expr.term)} in {values})"
        case Compared():
            relation = "is" if expr.relation is Relation.EQUAL else expr.relation.name.lower()
            by = f" {expr.by:+}" if expr.by else ""
            return f"({_named(expr.left)} {relation} {_named(expr.right)}{by})"
        case IsA():
            return f"(is {_kinds(expr.types)})"
        case Reached():
            return f"(reaches {expr.party.name})"
        case Not():
            return f"not {_text(expr.part)}"
        case All():
            return f"({' and '.join(_text(part) for part in expr.parts)})"
    raise NotImplementedError(expr)


def _named(term: Term) -> str:
    return f"{type(term).__name__} {term.name}"


def _term(term: Term) -> str:
    """The term, and its values in words too, since that is what a target is sent."""
    return f"{_named(term)} [{'; '.join(f'{value.name} {value.value}' for value in term.domain)}]"


def _names(values: Iterable[Enum]) -> str:
    return " ".join(value.name for value in values)


def _kinds(kinds: Iterable[RequestType]) -> str:
    return " ".join(kind.name for kind in kinds)


def _ids(ids: Iterable[str]) -> str:
    return " ".join(ids)
