"""Grounding: the declarations specialised to one request, its fields known and every condition folded."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

import attrs

from statemachines.language.expression import FALSE, TRUE, All, Among, Expr, Not, among, conjunction, negation
from statemachines.language.gates import Answer, Check, Gate, Verdict
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import Field, Request, RequestType
from statemachines.language.system import System
from statemachines.language.terms import Term, Variable
from statemachines.semantics.decision import decision_order, gates_of
from statemachines.semantics.remembered import remembered


@attrs.frozen(eq=False)
class Ruling:
    """A verdict, when it is the one, and the check or answer that gives it; of several the first that holds decides."""

    when: Expr
    verdict: Verdict
    declaration: Check | Answer
    gate: Gate | None


@attrs.frozen(eq=False)
class Move:
    """A transition that the request may fire once it has passed, with its source as part of the condition."""

    lifecycle: Lifecycle
    transition: Transition
    when: Expr


@attrs.frozen(eq=False)
class GroundedRequest:
    """One request against the whole system: conditions on variables only.

    Parameters
    ----------
    request: the request.
    rulings: the checks that can fail, in order, then the answers that can be given.
    moves: the transitions that it can fire, where it passes every gate or they fire even if it is refused.
    """

    request: Request
    rulings: tuple[Ruling, ...]
    moves: tuple[Move, ...]

    @property
    def total(self) -> bool:
        """Whether some ruling holds whatever the state."""
        return bool(self.rulings) and self.rulings[-1].when is TRUE

    def reads(self) -> Iterator[Variable]:
        """The variables that the rulings and moves read."""
        conditions = [*(ruling.when for ruling in self.rulings), *(move.when for move in self.moves)]
        for condition in conditions:
            for term in condition.terms():
                if isinstance(term, Variable):
                    yield term


def ground(system: System, request: Request) -> GroundedRequest:
    """The system's declarations for one request."""
    return next(ground_all(system, [request]))[0]


def rulings_in_order(system: System, request: Request) -> tuple[Ruling, ...]:
    """Every check that can fail, and every answer that can be given, those too that one before makes needless."""
    rulings = (
        Ruling(given(one.condition, request.type, request.bindings()), one.verdict, one.declaration, one.gate)
        for one in decision_order(system, request)
    )
    return tuple(ruling for ruling in rulings if ruling.when is not FALSE)


def ground_all(system: System, requests: Iterable[Request]) -> Iterator[list[GroundedRequest]]:
    """The declarations for some requests of one type, in lists of those that come to the same conditions.

    The requests are parted by one declaration after the other, so that what no field tells apart is looked at once.
    """
    by_gates: dict[tuple[Gate, ...], list[Request]] = {}
    for request in requests:
        by_gates.setdefault(gates_of(system, request), []).append(request)
    for alike in by_gates.values():
        left, decided = [(alike, list[Ruling]())], list[tuple[list[Request], list[Ruling]]]()
        for decider in decision_order(system, alike[0]):
            parted = [
                (when, some, rulings) for each, rulings in left for when, some in _parted(decider.condition, each)
            ]
            left = [(some, rulings) for when, some, rulings in parted if when is FALSE]
            for when, some, rulings in parted:
                if when is not FALSE:
                    ruling = Ruling(when, decider.verdict, decider.declaration, decider.gate)
                    (decided if when is TRUE else left).append((some, [*rulings, ruling]))
        for some, rulings in (*decided, *left):
            yield from _with_moves(system, some, tuple(rulings))


def _parted(condition: Expr, requests: list[Request]) -> Iterator[tuple[Expr, list[Request]]]:
    """What a condition comes to, and the requests of one type of which it does."""
    fields = _fields_of(condition)
    kind = requests[0].type
    if not fields:
        yield given(condition, kind, {}), requests
        return
    indices = [next((at for at, one in enumerate(kind.fields) if one is field), None) for field in fields]
    of_values: dict[tuple[Enum | None, ...], list[Request]] = {}
    for request in requests:
        values = tuple(None if at is None else request.values[at] for at in indices)
        of_values.setdefault(values, []).append(request)
    found: dict[int, tuple[Expr, list[Request]]] = {}
    for values, some in of_values.items():
        when = _folded(condition, kind, values)
        found.setdefault(id(when), (when, []))[1].extend(some)
    yield from found.values()


def _with_moves(
    system: System, requests: list[Request], rulings: tuple[Ruling, ...]
) -> Iterator[list[GroundedRequest]]:
    """Requests of the same rulings, parted by the transitions that they can fire."""
    passes = not rulings or rulings[-1].when is not TRUE or isinstance(rulings[-1].declaration, Answer)
    kind = requests[0].type
    transitions, index = _transitions(system, kind), _index_of_transitions(system, kind)
    by_value: dict[tuple[int, ...], list[Request]] = {}
    for request in requests:
        by_value.setdefault(index.of(request.bindings()), []).append(request)
    for numbers, alike in by_value.items():
        parts: list[tuple[list[Request], tuple[Move, ...]]] = [(alike, ())]
        for lifecycle, transition, here in map(transitions.__getitem__, numbers):
            if passes or transition.even_if_refused:
                parted = [
                    (_both(here, when), some, moves)
                    for one, moves in parts
                    for when, some in _parted(transition.when, one)
                ]
                parts = [
                    (some, moves if when is FALSE else (*moves, Move(lifecycle, transition, when)))
                    for when, some, moves in parted
                ]
        for some, moves in parts:
            yield [GroundedRequest(request, rulings, moves) for request in some]


@attrs.frozen(eq=False)
class _Index:
    """Of many conditions those that are not false for what is known of a request: most name one value of a field.

    Parameters
    ----------
    field: the field that most of them name a value of.
    numbers: by its value, which of them, in order.
    others: which of them, for no value.
    """

    field: Field | None
    numbers: Mapping[Enum | None, tuple[int, ...]]
    others: tuple[int, ...]

    @classmethod
    def over(cls, conditions: Sequence[Expr]) -> "_Index":
        """The index of some conditions, where that pays."""
        named = [_named(condition) for condition in conditions]
        fields = Counter(one.term for one in named if one is not None)
        (field, times), *_ = (*fields.most_common(1), (None, 0))
        every = tuple(range(len(conditions)))
        if not isinstance(field, Field) or times < FEW:
            return cls(None, {}, every)
        free = [number for number, one in enumerate(named) if one is None or one.term is not field]
        of_value: dict[Enum | None, list[int]] = {value: [*free] for value in field.domain}
        for number, one in enumerate(named):
            for value in one.values if one is not None and one.term is field else ():
                of_value.setdefault(value, [*free]).append(number)
        return cls(field, {value: tuple(sorted(numbers)) for value, numbers in of_value.items()}, every)

    def of(self, known: Mapping[Term, Enum]) -> tuple[int, ...]:
        """Which of the conditions need to be looked at."""
        value = None if self.field is None else known.get(self.field)
        return self.numbers.get(value, self.others)


def _named(condition: Expr) -> Among | None:
    """The part of a condition that names values of a field for which alone it may hold."""
    parts = condition.parts if isinstance(condition, All) else (condition,)
    return next((part for part in parts if isinstance(part, Among) and isinstance(part.term, Field)), None)


FEW = 8
"""So few conditions are looked at one after the other; of more, those that name the request's value of a field."""
REMEMBERED = 1 << 17
"""So many folded conditions are kept: most requests of a type differ in fields that a condition does not read, and a
mutant shares most conditions with its original."""


def given(condition: Expr, kind: RequestType, known: Mapping[Term, Enum]) -> Expr:
    """A condition of a declaration, for requests of a type with these fields."""
    return _folded(condition, kind, tuple(map(known.get, _fields_of(condition))))


@lru_cache(REMEMBERED)
def _fields_of(condition: Expr) -> tuple[Field, ...]:
    return tuple(dict.fromkeys(term for term in condition.terms() if isinstance(term, Field)))


@lru_cache(REMEMBERED)
def _folded(condition: Expr, kind: RequestType, values: tuple[Enum | None, ...]) -> Expr:
    fields = _fields_of(condition)
    known: dict[Term, Enum] = {field: value for field, value in zip(fields, values, strict=True) if value is not None}
    return _fold(condition, kind, known, len(fields))


def _fold(condition: Expr, kind: RequestType, known: Mapping[Term, Enum], fields: int) -> Expr:
    """Folded part by part: what reads fewer than so many fields is the same of many requests, and remembered."""
    if isinstance(condition, All):
        parts: list[Expr] = []
        for number in (
            _index_of_parts(condition).of(known) if len(condition.parts) >= FEW else range(len(condition.parts))
        ):
            one = _part(condition.parts[number], kind, known, fields)
            if one is FALSE:
                return FALSE
            if one is not TRUE:
                parts.append(one)
        return conjunction(*parts) if len(parts) != 1 else parts[0]
    if isinstance(condition, Not):
        return negation(_part(condition.part, kind, known, fields))
    return condition.given(known, kind)


def _part(part: Expr, kind: RequestType, known: Mapping[Term, Enum], fields: int) -> Expr:
    if isinstance(part, All | Not) and len(_fields_of(part)) < fields:
        return given(part, kind, known)
    return _fold(part, kind, known, fields)


@remembered
def _transitions(system: System, kind: RequestType) -> tuple[tuple[Lifecycle, Transition[Any], Expr], ...]:
    """The transitions that requests of a type may fire, each with the condition that it starts where the system is."""
    return tuple(
        (lifecycle, transition, among(lifecycle.variable, frozenset(transition.source)))
        for lifecycle in system.lifecycles
        for transition in lifecycle.transitions
        if transition.on is kind
    )


@remembered
def _index_of_transitions(system: System, kind: RequestType) -> _Index:
    return _Index.over([transition.when for _, transition, _ in _transitions(system, kind)])


@lru_cache(REMEMBERED)
def _index_of_parts(condition: All) -> _Index:
    """Of parts that are negations, those that may be false."""
    return _Index.over([part.part if isinstance(part, Not) else TRUE for part in condition.parts])


@lru_cache(REMEMBERED)
def _both(here: Expr, when: Expr) -> Expr:
    return conjunction(here, when)
