"""Validation of a system's structure, without exploring it: names, citations, and what conditions read."""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

import attrs

from statemachines.errors import DeclarationError
from statemachines.language.expression import FALSE, TRUE, Expr, IsA, Reached, within
from statemachines.language.lifecycle import Lifecycle, meeting
from statemachines.language.requests import Field, RequestType
from statemachines.language.terms import ASPECTS, After, Observed, Term

if TYPE_CHECKING:
    from statemachines.language.gates import Answer, Check
    from statemachines.language.system import System

T = TypeVar("T")


@attrs.frozen
class _Looked:
    """What was looked at, by identity: parts, transitions of a variable, checks of gates, values of aspects."""

    parts: frozenset[int] = frozenset()
    moves: frozenset[tuple[int, str]] = frozenset()
    checks: frozenset[tuple[int, tuple[RequestType, ...]]] = frozenset()
    values: frozenset[tuple[str, int]] = frozenset()


@lru_cache(maxsize=8)
def _looked_at(system: "System") -> _Looked:
    """All of a system; it is asked again for each of thousands of variations."""
    return _Looked(
        frozenset(map(id, (*system.lifecycles, *system.gates, *system.answers))),
        frozenset((id(move), lifecycle.name) for lifecycle in system.lifecycles for move in lifecycle.transitions),
        frozenset((id(check), gate.on) for gate in system.gates for check in gate.checks),
        frozenset((aspect, id(value)) for aspect in ASPECTS for value in system.values_of(aspect)),
    )


def validate(system: "System", known: "System | None" = None) -> None:
    """Refuse what can be seen to be wrong without exploring; what a known system has too was looked at there."""
    if known is None:
        _check_names(system)
    looked = _looked_at(known) if known else _Looked()
    said: list[Check | Answer] = []
    for lifecycle in _new(system.lifecycles, looked):
        for move in lifecycle.transitions:
            if (id(move), lifecycle.name) in looked.moves:
                continue
            where = f"lifecycle {lifecycle.name!r}, transition {move}"
            _check_cited(system, move.rules, where)
            _check_kinds(system, (move.on,), where)
            _check_terms(system, move.when, (move.on,), where)
        _check_overlaps(lifecycle, looked)
    for gate in _new(system.gates, looked):
        where = f"the gate at {gate.party.name}"
        _check_kinds(system, gate.on, where)
        _check_terms(system, gate.when, gate.on, where, fields_only=True)
        for rules in filter(None, (gate.order, gate.party_order)):
            _check_cited(system, rules, where)
        for check in gate.checks:
            if (id(check), gate.on) in looked.checks:
                continue
            said.append(check)
            where = f"the check {check.label!r} at {gate.party.name}"
            _check_cited(system, check.rules, where)
            _check_kinds(system, check.on, where, among=gate.on)
            _check_terms(system, check.fails_when, check.on or gate.on, where)
    for answer in _new(system.answers, looked):
        said.append(answer)
        where = f"the answer {answer.reason.value!r}"
        _check_cited(system, answer.rules, where)
        _check_kinds(system, answer.on, where)
        _check_terms(system, answer.when, answer.on, where)
    _check_values(system, looked, said)
    if known is None or system.answers is not known.answers:
        answered = {id(kind) for answer in system.answers for kind in answer.on}
        for kind in (kind for kind in system.requests if id(kind) not in answered):
            raise DeclarationError(f"system {system.name!r}: request {kind.name} has no verdict; give it an answer")
    for constraint in system.constraints if known is None else ():
        where = f"the constraint {constraint.label!r}"
        _check_cited(system, constraint.rules, where)
        _check_terms(system, constraint.when & constraint.then, (), where)


def _check_values(system: "System", looked: _Looked, said: "Iterable[Check | Answer]") -> None:
    """Refuse two values of one aspect that are alike, if a new check, answer or party has one that is new."""
    for aspect in ASPECTS:
        values = [getattr(one, aspect, None) for one in said] + [gate.party for gate in system.gates if aspect == "at"]
        if any(value is not None and (aspect, id(value)) not in looked.values for value in values):
            _check_distinct(system, aspect)


def _check_distinct(system: "System", aspect: str) -> None:
    """Refuse two values of one aspect that an observer, or a comparison in Python, cannot tell apart."""
    seen: dict[object, Enum] = {}
    for value in system.values_of(aspect):
        for key in (value, str(value.value)):
            other = seen.setdefault(key, value)
            if other is not value:
                raise DeclarationError(
                    f"system {system.name!r}: {other!r} and {value!r} are two values of the verdict's {aspect!r} that "
                    "are equal or have the same words: give each words of its own, or use one enum"
                )


def _new(parts: Sequence[T], looked: _Looked) -> Iterator[T]:
    """The parts that were not looked at."""
    return (part for part in parts if id(part) not in looked.parts)


def _check_names(system: "System") -> None:
    if not system.requests:
        raise DeclarationError(f"system {system.name!r} has no requests")
    if not system.lifecycles:
        raise DeclarationError(f"system {system.name!r} has no lifecycles")
    for name in system.state_type.names:
        if hasattr(system.state_type, name):
            raise DeclarationError(f"system {system.name!r}: states have a {name!r} of their own; rename the variable")
    kinds = [kind.name for kind in system.requests]
    if len(set(kinds)) != len(kinds):
        raise DeclarationError(f"system {system.name!r} has two request types of the same name: {', '.join(kinds)}")
    triggers = [kind.trigger for kind in system.requests]
    if len(set(triggers)) != len(triggers):
        raise DeclarationError(f"system {system.name!r} has two request types of one trigger: {', '.join(triggers)}")


def _check_cited(system: "System", rules: tuple[str, ...], where: str) -> None:
    system.register.cite(rules, where=f"system {system.name!r}, {where}")


def _check_kinds(
    system: "System", kinds: tuple[RequestType, ...], where: str, among: tuple[RequestType, ...] | None = None
) -> None:
    known = system.requests if among is None else among
    for kind in kinds:
        if kind not in known:
            raise DeclarationError(
                f"system {system.name!r}, {where}: request {kind.name} is not one of "
                f"{', '.join(other.name for other in known)}"
            )


def _check_terms(
    system: "System", expr: Expr, kinds: tuple[RequestType, ...], where: str, *, fields_only: bool = False
) -> None:
    problems = [_problem_with(system, term, kinds, fields_only) for term in expr.terms()]
    for part in within(expr):
        if isinstance(part, Reached):
            problems.append(
                "how far a request comes is known only after the step; a declaration reads the state before it"
            )
        if isinstance(part, IsA) and not kinds:
            problems.append("it asks what the request is, and there is no request")
    for problem in filter(None, problems):
        raise DeclarationError(f"system {system.name!r}, {where}: {problem}")


def _problem_with(system: "System", term: Term, kinds: tuple[RequestType, ...], fields_only: bool) -> str:
    if isinstance(term, After | Observed):
        return f"{term.label!r} is known only after the step; a declaration reads the state before it"
    if isinstance(term, Field):
        for kind in kinds:
            if not any(term is field for field in kind.fields):
                return f"it reads the field {term.name!r}, which {kind.name} does not have"
        return "" if kinds else f"it reads the request's field {term.name!r}, and there is no request"
    if fields_only:
        return f"it reads {term.name!r}, and may read only the request's fields"
    if not any(term is variable for variable in system.variables):
        return f"unknown variable {term.name!r}; the system has {', '.join(system.state_type.names)}"
    return ""


def _check_overlaps(lifecycle: Lifecycle, looked: _Looked) -> None:
    """Refuse two transitions that can fire at once, where the declaration shows it: no condition is evaluated."""
    known = {id(move) for move in lifecycle.transitions if (id(move), lifecycle.name) in looked.moves}
    for one, other in meeting(lifecycle.transitions):
        if id(one) in known and id(other) in known:
            continue
        both = [
            (one.when & other.when).given({lifecycle.variable: source}, one.on)
            for source in one.source
            if source in other.source
        ]
        if TRUE in both or (any(when is not FALSE for when in both) and _alike(one.when, other.when)):
            raise DeclarationError(
                f"lifecycle {lifecycle.name!r}: two transitions can fire at once, {one} and {other}: "
                f"both leave the same state under the condition {one.when.words()!r}"
            )


def _alike(one: object, other: object) -> bool:
    """Whether two conditions, or parts of conditions, have the same structure and the same terms."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, Expr) and type(one) is type(other):
        return _alike(attrs.astuple(one, recurse=False), attrs.astuple(other, recurse=False))  # type: ignore[arg-type]
    return one is other or (type(one) in {frozenset, int} and type(one) is type(other) and one == other)
