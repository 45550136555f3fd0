"""Planted faults: a system with one named change, to see which claim, test or suite notices it.

Each function returns a changed system; the original is a value and stays as it is, and the states of the one are states
of the other. What a change names has to be there: a change that changes nothing would be no fault.

>>> from examples.parcel_locker import Box, Put, claims, system
>>> from statemachines import Claims, check
>>> careless = without_check(system, "the code is right")
>>> [finding.claim.name for finding in check(Claims(careless, claims.claims)).findings if not finding.holds]
['a wrong code opens nothing']
>>> without_transitions(system, "box", Put, Box.OVERDUE)
Traceback (most recent call last):
...
statemachines.errors.DeclarationError: system 'parcel locker': nothing of the lifecycle 'box' would change
"""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum
from typing import Any

import attrs

from statemachines.errors import DeclarationError
from statemachines.language.expression import Expr
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import RequestType
from statemachines.language.system import System


@attrs.frozen(eq=False)
class Fault:
    """A planted fault, and the claim that has to notice it.

    Parameters
    ----------
    rule: the id of the rule that it breaks.
    description: what is wrong, in a sentence.
    caught_by: the name of the claim that catches it, one of the rule's own.
    plant: makes the faulty system.
    """

    rule: str
    description: str
    caught_by: str
    plant: Callable[[System], System]


def without_check(system: System, label: str) -> System:
    """The system without a check.

    Parameters
    ----------
    label: the check's wording.

    Raises
    ------
    DeclarationError: if the system has no such check. So does every function here, of what it names.
    """
    return _with_checks(system, label, lambda _: ())


def changed_check(
    system: System, label: str, fails_when: Callable[[Expr], Expr] | None = None, **changes: Any
) -> System:
    """The system with a check changed.

    Parameters
    ----------
    label: the check's wording.
    fails_when: from the check's condition, the one to put in its place.
    changes: other attributes of the check, by name.
    """

    def change(check: Check) -> tuple[Check, ...]:
        condition = check.fails_when if fails_when is None else fails_when(check.fails_when)
        return (attrs.evolve(check, fails_when=condition, **changes),)

    return _with_checks(system, label, change)


def moved_check(system: System, label: str, to: Enum, *, before: str = "") -> System:
    """The system in which another party makes a check.

    Parameters
    ----------
    label: the check's wording.
    to: the party; it makes the check after its own.
    before: the wording of the check that it makes it before instead.
    """
    moved = [check for gate in system.gates for check in gate.checks if check.label == label]
    if len(moved) != 1:
        raise _missing(system, f"single check {label!r}, but {len(moved)}")
    system = without_check(system, label)
    checks = _gate(system, to).checks
    labels = [check.label for check in checks]
    if before and before not in labels:
        raise _missing(system, f"check {before!r} at the {to.value}")
    index = labels.index(before) if before else len(checks)
    return changed_gate(system, to, checks=[*checks[:index], *moved, *checks[index:]])


def without_gate(system: System, party: Enum) -> System:
    """The system in which no request comes to a party."""
    left_out = _gate(system, party)
    return system.varied(gates=[gate for gate in system.gates if gate is not left_out])


def changed_gate(system: System, party: Enum, **changes: Any) -> System:
    """The system with attributes of a party's gate changed, such as ``on=`` or ``checks=``."""
    changed = _gate(system, party)
    return system.varied(gates=[attrs.evolve(gate, **changes) if gate is changed else gate for gate in system.gates])


def bypassing(system: System, party: Enum, kind: RequestType) -> System:
    """The system in which requests of a type do not come to a party that they came to.

    Raises
    ------
    DeclarationError: if requests of the type do not come to the party anyway.
    """
    gate = _gate(system, party)
    others = [other for other in gate.on if other is not kind]
    if len(others) == len(gate.on):
        raise _missing(system, f"gate at the {party.value} that {kind.name} comes to")
    left = [attrs.evolve(check, on=[other for other in check.on if other is not kind]) for check in gate.checks]
    checks = [new for check, new in zip(gate.checks, left, strict=True) if new.on or not check.on]
    return changed_gate(system, party, on=others, checks=checks)


def with_answer(system: System, answer: Answer) -> System:
    """The system with one more answer, before all others."""
    return system.varied(answers=[answer, *system.answers])


def changed_answers(system: System, on: RequestType, change: Callable[[Answer], Answer | None]) -> System:
    """The system with its answers to a type of request changed, or left out where the change is ``None``.

    Raises
    ------
    DeclarationError: if no answer would change.
    """
    answers = [change(answer) if on in answer.on else answer for answer in system.answers]
    if answers == list(system.answers):
        raise DeclarationError(f"system {system.name!r}: no answer to {on.name} would change")
    return system.varied(answers=[answer for answer in answers if answer is not None])


def without_transitions(system: System, lifecycle: str, on: RequestType, target: Enum | None = None) -> System:
    """The system whose lifecycle does not move on a type of request: at all, or not to the target."""
    return changed_transitions(system, lifecycle, on, lambda _: None, target)


def changed_transitions(
    system: System,
    lifecycle: str,
    on: RequestType,
    change: Callable[[Transition], Transition | None],
    target: Enum | None = None,
) -> System:
    """The system with a lifecycle's transitions on a type of request changed, or left out where the change is ``None``.

    Parameters
    ----------
    lifecycle: the name of its variable.
    target: where it is given, only the transitions to this state are changed.
    """

    def transitions(old: Lifecycle) -> Iterator[Transition]:
        for transition in old.transitions:
            concerned = transition.on is on and target in {None, transition.target}
            new = change(transition) if concerned else transition
            if new is not None:
                yield new

    return _with_transitions(system, lifecycle, transitions)


def with_transition(system: System, lifecycle: str, transition: Transition) -> System:
    """The system with one more transition of a lifecycle."""
    return _with_transitions(system, lifecycle, lambda old: [*old.transitions, transition])


def starting(system: System, lifecycle: str, *initial: Enum) -> System:
    """The system whose lifecycle has other initial states."""
    changed = system.lifecycle(lifecycle)
    return system.varied(
        lifecycles=[attrs.evolve(old, initial=initial) if old is changed else old for old in system.lifecycles]
    )


def _with_transitions(system: System, lifecycle: str, made: Callable[[Lifecycle], Iterable[Transition]]) -> System:
    old = system.lifecycle(lifecycle)
    new = tuple(made(old))
    if new == tuple(old.transitions):
        raise DeclarationError(f"system {system.name!r}: nothing of the lifecycle {lifecycle!r} would change")
    return system.varied(
        lifecycles=[attrs.evolve(one, transitions=new) if one is old else one for one in system.lifecycles]
    )


def _with_checks(system: System, label: str, change: Callable[[Check], Iterable[Check]]) -> System:
    if not any(check.label == label for gate in system.gates for check in gate.checks):
        raise _missing(system, f"check {label!r}")
    return system.varied(
        gates=[
            attrs.evolve(
                gate,
                checks=[new for check in gate.checks for new in (change(check) if check.label == label else (check,))],
            )
            for gate in system.gates
        ]
    )


def _gate(system: System, party: Enum) -> Gate:
    for gate in system.gates:
        if gate.party is party:
            return gate
    raise _missing(system, f"gate at the {party.value}")


def _missing(system: System, what: str) -> DeclarationError:
    return DeclarationError(f"system {system.name!r} has no {what}")
