"""Drafts of mutants: every change of one transition, check, gate or answer by a mutation operator."""

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from enum import Enum
from functools import partial
from textwrap import shorten
from typing import Any, TypeVar

import attrs

from properties.mutation.field_values import held_with, parted
from properties.mutation.operators import WIDTH, Operator, Others, mistakes
from statemachines.language.expression import FALSE, TRUE, Expr
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.lifecycle import Transition
from statemachines.language.requests import Field, RequestType
from statemachines.language.system import System
from statemachines.language.terms import Term
from statemachines.semantics.grounding import ground_all
from statemachines.semantics.preconditions import structural_key

T = TypeVar("T")


@attrs.frozen(eq=False)
class Draft:
    """A change that is not made yet.

    Parameters
    ----------
    operator, where, what, kinds: as of the mutant.
    key: equal for drafts that come to the same change.
    make: makes the system.
    """

    operator: Operator
    where: str
    what: str
    kinds: tuple[RequestType, ...]
    key: Hashable
    make: Callable[[], System]


def drafting(system: System) -> Iterator[Callable[[System], Iterator[Draft]]]:
    """For each part of a system, a function from a system that has this part to the changes of it."""
    for index, lifecycle in enumerate(system.lifecycles):
        for at in range(len(lifecycle.transitions)):
            yield partial(_of_transition, index=index, at=at)
    for index, gate in enumerate(system.gates):
        if gate.on:
            for at in range(len(gate.checks)):
                yield partial(_of_check, index=index, at=at)
            yield partial(_of_gate, index=index)
    for index in range(len(system.answers)):
        yield partial(_of_answer, index=index)


def _of_transition(system: System, index: int, at: int) -> Iterator[Draft]:
    lifecycle = system.lifecycles[index]
    move = lifecycle.transitions[at]

    def key(one: Transition) -> Hashable:
        idle = one.source == (one.target,) or one.when is FALSE
        return id(move), () if idle else (frozenset(one.source), one.target, structural_key(one.when))

    def draft(operator: Operator, what: str, **changes: Any) -> Iterator[Draft]:
        new = attrs.evolve(move, **changes)
        # A state that no arrow leads to would be refused: the old arrow stays in the picture, and never fires.
        dead = [] if {"source", "target"}.isdisjoint(changes) else [attrs.evolve(move, when=FALSE)]
        moves = [*_put(lifecycle.transitions, at, new), *dead]
        if key(new) != key(move):
            yield Draft(
                operator, f"lifecycle {lifecycle.name}, {move}", what, (move.on,), key(new),
                lambda: system.varied(
                    lifecycles=_put(system.lifecycles, index, attrs.evolve(lifecycle, transitions=moves))
                ),
            )  # fmt: skip

    yield from draft(Operator.UPDATE_LOST, "never", when=FALSE)
    for operator, what, when in _conditions(system, move.when, (move.on,)):
        yield from draft(operator, what, when=when)
    states = lifecycle.variable.domain
    for state in _without(_after(states, states.index(move.target)), *move.source)[:1]:
        yield from draft(Operator.TARGET, f"to {state.name}", target=state)
    for state in move.source if len(move.source) > 1 else ():
        yield from draft(Operator.SOURCE_LOST, f"not from {state.name}", source=_without(move.source, state))
    for state in _without(_after(states, states.index(move.source[-1])), *move.source)[:1]:
        yield from draft(Operator.SOURCE_GAINED, f"from {state.name} too", source=(*move.source, state))
    for each in held_with(move.when, move.on):
        yield from draft(Operator.PASSED_OVER, f"not with {each.words}", when=each.without)


def _of_check(system: System, index: int, at: int) -> Iterator[Draft]:
    gate = system.gates[index]
    check = gate.checks[at]
    where = f"check {check.label!r} at the {gate.party.value}"
    kinds = check.on or gate.on

    def key(one: Check) -> Hashable:
        if one.fails_when is FALSE:
            return id(check), ()
        return id(check), structural_key(one.fails_when), one.outcome, one.reason, one.on or gate.on

    def draft(operator: Operator, what: str, **changes: Any) -> Iterator[Draft]:
        new = attrs.evolve(check, **changes)
        if key(new) != key(check):
            yield Draft(
                operator, where, what, kinds, key(new), lambda: _with_checks(system, index, _put(gate.checks, at, new))
            )

    yield from draft(Operator.CHECK_LOST, "not made", fails_when=FALSE)
    for each in (each for kind in kinds for each in held_with(check.fails_when, kind)):
        parts = parted(check, kinds, (each.kind,), fails_when=each.without)
        yield Draft(
            Operator.PASSED_OVER, where, f"not made of {each.kind.label} with {each.words}", (each.kind,),
            (id(check), "passed over", id(each.kind), each.field.name, each.value),
            partial(_with_checks, system, index, _put(gate.checks, at, *parts)),
        )  # fmt: skip
    for operator, what, condition in _conditions(system, check.fails_when, kinds):
        yield from draft(operator, f"fails when {what}", fails_when=condition)
    outcome = _next(type(check.outcome), check.outcome)
    yield from draft(Operator.OUTCOME, f"{outcome.value}, and not {check.outcome.value}", outcome=outcome)
    near = [other.reason for other in _after(gate.checks, at) if _share(other.on or gate.on, kinds)]
    reason = _another(check.reason, near)
    yield from draft(Operator.REASON, f"{reason.value!r}, and not {check.reason.value!r}", reason=reason)
    for kind in kinds if len(kinds) > 1 else ():
        yield from draft(Operator.TYPE_LOST, f"not asked of {kind.label}", on=_without(kinds, kind))
    for to in range(at + 1, len(gate.checks)):
        other = gate.checks[to]
        if _share(other.on or gate.on, kinds):
            yield Draft(
                Operator.CHECKS_SWAPPED, where, f"swapped with {other.label!r}", _shared(kinds, other.on or gate.on),
                ("swapped", id(check), id(other)),
                partial(_with_checks, system, index, _after_another(gate.checks, at, to)),
            )  # fmt: skip
            break
    for to in (index - 1, index + 1):
        if 0 <= to < len(system.gates) and len(_shared(kinds, system.gates[to].on)) == len(kinds):
            yield Draft(
                Operator.CHECK_MOVED, where, f"made by the {system.gates[to].party.value}", kinds,
                ("moved", id(check), to), partial(_with_check_moved, system, index, at, to),
            )  # fmt: skip


def _with_checks(system: System, index: int, checks: Iterable[Check]) -> System:
    gate = attrs.evolve(system.gates[index], checks=checks)
    return system.varied(gates=_put(system.gates, index, gate))


def _with_check_moved(system: System, index: int, at: int, to: int) -> System:
    """Another party makes the check: the party before as its last one, the party after as its first."""
    old, new = system.gates[index], system.gates[to]
    moved = attrs.evolve(old.checks[at], on=old.checks[at].on or old.on)
    checks = [moved, *new.checks] if to > index else [*new.checks, moved]
    gates = _put(system.gates, index, attrs.evolve(old, checks=_without(old.checks, old.checks[at])))
    return system.varied(gates=_put(gates, to, attrs.evolve(new, checks=checks)))


def _of_gate(system: System, index: int) -> Iterator[Draft]:
    gate = system.gates[index]
    where = f"the {gate.party.value}"

    def draft(operator: Operator, what: str, key: Hashable, **changes: Any) -> Draft:
        new = attrs.evolve(gate, **changes)
        return Draft(operator, where, what, gate.on, (id(gate), key), partial(_with_gate, system, index, new, gate.on))

    for operator, what, when in _conditions(system, gate.when, gate.on):
        if structural_key(when) != structural_key(gate.when):
            yield draft(operator, f"asked when {what}", structural_key(when), when=when)
    party = _next(type(gate.party), gate.party)
    yield draft(Operator.PARTY, f"it is the {party.value}", party, party=party)
    for kind in gate.on:
        yield Draft(
            Operator.BYPASSED, where, f"{kind.label} goes around it", (kind,), (id(gate), "bypassed", id(kind)),
            partial(_bypassing, system, index, kind),
        )  # fmt: skip
    for to in range(index + 1, len(system.gates)):
        if _share(gate.on, system.gates[to].on):
            yield Draft(
                Operator.GATES_SWAPPED, where, f"swapped with the {system.gates[to].party.value}",
                _shared(gate.on, system.gates[to].on), (id(gate), "swapped", to),
                partial(system.varied, gates=_after_another(system.gates, index, to)),
            )  # fmt: skip
            break


def _bypassing(system: System, index: int, kind: RequestType) -> System:
    gate = system.gates[index]
    asked = [(check, _without(check.on, kind)) for check in gate.checks]
    checks = [attrs.evolve(check, on=on) for check, on in asked if on or not check.on]
    return _with_gate(system, index, attrs.evolve(gate, on=_without(gate.on, kind), checks=checks), (kind,))


def _with_gate(system: System, index: int, gate: Gate, kinds: tuple[RequestType, ...]) -> System:
    mutant = system.varied(gates=_put(system.gates, index, gate))
    for kind in kinds:
        deque(ground_all(mutant, kind.requests()), maxlen=0)  # an answer has to be somebody's, which shows only here
    return mutant


def _of_answer(system: System, index: int) -> Iterator[Draft]:
    answer = system.answers[index]
    kinds = ", ".join(kind.label for kind in answer.on)
    condition = f" on {answer.when.words()}" if answer.when is not TRUE else ""
    where = shorten(f"answer {answer.reason.value!r} to {kinds}{condition}", WIDTH)

    def key(one: Answer) -> Hashable:
        if one.when is FALSE:
            return id(answer), ()
        return id(answer), structural_key(one.when), one.outcome, one.reason, one.response, one.at, one.on

    def draft(operator: Operator, what: str, **changes: Any) -> Iterator[Draft]:
        new = attrs.evolve(answer, **changes)
        if key(new) != key(answer):
            yield Draft(
                operator, where, what, answer.on, key(new),
                lambda: system.varied(answers=_put(system.answers, index, new)),
            )  # fmt: skip

    yield from draft(Operator.ANSWER_LOST, "not given", when=FALSE)
    for each in (each for kind in answer.on for each in held_with(answer.when, kind)):
        parts = parted(answer, answer.on, (each.kind,), when=each.without)
        yield Draft(
            Operator.PASSED_OVER, where, f"not given to {each.kind.label} with {each.words}", (each.kind,),
            (id(answer), "passed over", id(each.kind), each.field.name, each.value),
            partial(system.varied, answers=_put(system.answers, index, *parts)),
        )  # fmt: skip
    for operator, what, when in _conditions(system, answer.when, answer.on):
        yield from draft(operator, f"given when {what}", when=when)
    outcome = _next(type(answer.outcome), answer.outcome)
    yield from draft(Operator.OUTCOME, f"{outcome.value}, and not {answer.outcome.value}", outcome=outcome)
    later = _after(system.answers, index)
    near = [other.reason for other in later if _share(other.on, answer.on)] or [other.reason for other in later]
    reason = _another(answer.reason, near)
    yield from draft(Operator.REASON, f"{reason.value!r}, and not {answer.reason.value!r}", reason=reason)
    responses = (*dict.fromkeys(one.response for one in system.answers if one.response is not None), None)
    for response in _after(responses, responses.index(answer.response))[:1]:
        yield from draft(Operator.RESPONSE, response.value if response is not None else "nothing", response=response)
    if answer.at is not None:
        party = _next(type(answer.at), answer.at)
        yield from draft(Operator.PARTY, f"given by the {party.value}", at=party)
    for kind in answer.on if len(answer.on) > 1 else ():
        yield from draft(Operator.TYPE_LOST, f"not given to {kind.label}", on=_without(answer.on, kind))
    for to in range(index + 1, len(system.answers)):
        other = system.answers[to]
        if _share(other.on, answer.on):
            yield Draft(
                Operator.ANSWERS_SWAPPED, where, f"swapped with {other.reason.value!r}", _shared(answer.on, other.on),
                (id(answer), "swapped", id(other)),
                partial(system.varied, answers=_after_another(system.answers, index, to)),
            )  # fmt: skip
            break


def _conditions(
    system: System, condition: Expr, kinds: tuple[RequestType, ...]
) -> Iterator[tuple[Operator, str, Expr]]:
    """The mistakes in a condition of a declaration on some types of request."""
    yield Operator.DROPPED, "always", TRUE
    for mistake in mistakes(condition, others_of(system, kinds)):
        yield mistake.operator, mistake.what, mistake.expr


def others_of(system: System, kinds: tuple[RequestType, ...]) -> Others:
    """The variables, or the fields that all of the types have, with values of the same kind: the next one first."""
    fields = [field for field in kinds[0].fields if all(any(field is one for one in kind.fields) for kind in kinds)]

    def others(term: Term) -> Sequence[Term]:
        among: Sequence[Term] = fields if isinstance(term, Field) else system.variables
        at = next(index for index, one in enumerate(among) if one is term)
        return [one for one in _after(among, at) if one.kind is term.kind]

    return others


def _put(parts: Sequence[T], at: int, *new: T) -> tuple[T, ...]:
    return (*parts[:at], *new, *parts[at + 1 :])


def _after_another(parts: Sequence[T], at: int, to: int) -> tuple[T, ...]:
    """One part comes right after a later one: where none between concerns its requests, they alone are affected."""
    return (*parts[:at], *parts[at + 1 : to + 1], parts[at], *parts[to + 1 :])


def _without(parts: Iterable[T], *left_out: T) -> tuple[T, ...]:
    return tuple(part for part in parts if not any(part is one for one in left_out))


def _after(parts: Sequence[T], at: int) -> list[T]:
    """The parts that come after one, and then those before it."""
    return [*parts[at + 1 :], *parts[:at]]


def _next(kind: type[Enum], value: Enum) -> Enum:
    """The next member, or the first after the last."""
    return _after(list(kind), list(kind).index(value))[0] if len(kind) > 1 else value


def _another(value: Enum, near: Iterable[Enum]) -> Enum:
    """The first that is different, and if there is none the next member."""
    return next((other for other in near if other is not value), _next(type(value), value))


def _shared(kinds: Iterable[RequestType], others: Sequence[RequestType]) -> tuple[RequestType, ...]:
    return tuple(kind for kind in kinds if any(kind is other for other in others))


def _share(kinds: Iterable[RequestType], others: Sequence[RequestType]) -> bool:
    return bool(_shared(kinds, others))
