"""Changes of a declaration, one at a time: what planted faults are made of.

Each returns a copy of the system; the system is a value and stays as it is. A change that changes nothing, because
there is no such check, answer or transition, is an error and not a fault.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import Any

import attrs

from statemachines.language.expression import Expr
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import RequestType
from statemachines.language.system import System


@attrs.frozen(eq=False)
class Fault:
    """A planted fault.

    Parameters
    ----------
    rule: the id of the rule that it breaks.
    tells: what is wrong, in a sentence.
    caught_by: the name of the claim that catches it, one of the rule's own.
    plant: makes the faulty copy.
    """

    rule: str
    tells: str
    caught_by: str
    plant: Callable[[System], System]


def without_check(system: System, label: str) -> System:
    """The system without one check."""
    return _with_checks(system, label, lambda _: ())


def changed_check(
    system: System, label: str, fails_when: Callable[[Expr], Expr] | None = None, **changes: Any
) -> System:
    """The system with another condition, or other parts, of one check."""

    def change(check: Check) -> tuple[Check, ...]:
        condition = check.fails_when if fails_when is None else fails_when(check.fails_when)
        return (attrs.evolve(check, fails_when=condition, **changes),)

    return _with_checks(system, label, change)


def without_gate(system: System, party: Enum) -> System:
    """The system with one party left out of every request's way."""
    gates = [gate for gate in system.gates if gate.party is not party]
    assert len(gates) < len(system.gates), f"no gate at {party}"
    return attrs.evolve(system, gates=gates)


def changed_gate(system: System, party: Enum, **changes: Any) -> System:
    """The system with other parts of one party's gate."""
    assert any(gate.party is party for gate in system.gates), f"no gate at {party}"
    return attrs.evolve(
        system, gates=[attrs.evolve(gate, **changes) if gate.party is party else gate for gate in system.gates]
    )


def bypassing(system: System, party: Enum, kind: RequestType) -> System:
    """The system in which requests of a type do not come to a party that they used to come to."""
    (gate,) = (gate for gate in system.gates if gate.party is party)
    others = [other for other in gate.on if other is not kind]
    assert len(others) < len(gate.on), f"{kind.name} does not come to {party}"
    left = [attrs.evolve(check, on=[other for other in check.on if other is not kind]) for check in gate.checks]
    checks = [new for check, new in zip(gate.checks, left, strict=True) if new.on or not check.on]
    return changed_gate(system, party, on=others, checks=checks)


def moved_check(system: System, label: str, to: Enum, *, before: str = "") -> System:
    """The system in which another party makes a check: after its own checks, or before one of them."""
    (moved,) = (check for gate in system.gates for check in gate.checks if check.label == label)
    system = without_check(system, label)
    (gate,) = (gate for gate in system.gates if gate.party is to)
    at = [check.label for check in gate.checks].index(before) if before else len(gate.checks)
    return changed_gate(system, to, checks=[*gate.checks[:at], moved, *gate.checks[at:]])


def with_answer(system: System, answer: Answer) -> System:
    """The system with an answer that comes before all others."""
    return attrs.evolve(system, answers=[answer, *system.answers])


def changed_answers(system: System, on: RequestType, change: Callable[[Answer], Answer | None]) -> System:
    """The system whose answers to a type of request are changed or left out."""
    answers = [change(answer) if on in answer.on else answer for answer in system.answers]
    assert answers != list(system.answers), f"no answer to {on.name} changes"
    return attrs.evolve(system, answers=[answer for answer in answers if answer is not None])


def without_transitions(system: System, lifecycle: str, on: RequestType, target: Enum | None = None) -> System:
    """The system whose lifecycle does not move on a request, at all or to one state."""
    return changed_transitions(system, lifecycle, on, lambda _: None, target)


def changed_transitions(
    system: System,
    lifecycle: str,
    on: RequestType,
    change: Callable[[Transition], Transition | None],
    target: Enum | None = None,
) -> System:
    """The system with the lifecycle's transitions on a request, all or those to one state, changed or left out."""

    def moves(old: Lifecycle) -> Iterator[Transition]:
        for move in old.transitions:
            concerned = move.on is on and target in {None, move.target}
            new = change(move) if concerned else move
            if new is not None:
                yield new

    return _with_transitions(system, lifecycle, moves)


def with_transition(system: System, lifecycle: str, transition: Transition) -> System:
    """The system with one more transition."""
    return _with_transitions(system, lifecycle, lambda old: [*old.transitions, transition])


def starting(system: System, lifecycle: str, *initial: Enum) -> System:
    """The system whose lifecycle starts elsewhere."""
    changed = [attrs.evolve(old, initial=initial) if old.name == lifecycle else old for old in system.lifecycles]
    return attrs.evolve(system, lifecycles=changed)


def _with_transitions(system: System, lifecycle: str, moves: Callable[[Lifecycle], Iterable[Transition]]) -> System:
    old = system.lifecycle(lifecycle)
    new = tuple(moves(old))
    assert new != tuple(old.transitions), f"nothing of the lifecycle {lifecycle!r} changes"
    changed = [attrs.evolve(one, transitions=new) if one is old else one for one in system.lifecycles]
    return attrs.evolve(system, lifecycles=changed)


def _with_checks(system: System, label: str, change: Callable[[Check], Iterable[Check]]) -> System:
    assert any(check.label == label for gate in system.gates for check in gate.checks), f"no check {label!r}"
    gates: list[Gate] = [
        attrs.evolve(
            gate, checks=[new for check in gate.checks for new in (change(check) if check.label == label else (check,))]
        )
        for gate in system.gates
    ]
    return attrs.evolve(system, gates=gates)
