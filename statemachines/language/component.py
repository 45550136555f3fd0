"""Components: lifecycles, checks, answers and constraints of one subject, so that a system is a list of subjects."""

from collections.abc import Iterable, Mapping
from enum import Enum

import attrs

from statemachines.errors import DeclarationError, all_expected
from statemachines.language.expression import Expr, expect_condition
from statemachines.language.gates import Answer, Check
from statemachines.language.identity import Identified
from statemachines.language.lifecycle import Lifecycle
from statemachines.language.rules import split_ids


@attrs.frozen(eq=False)
class Constraint(Identified):
    """A condition that every reachable state satisfies, and every described state has to.

    Parameters
    ----------
    label: in words.
    when, then: where the one condition holds, the other does; both are on variables.
    rules: the ids of the rules that it follows.
    """

    label: str
    when: Expr = attrs.field(kw_only=True)
    then: Expr = attrs.field(kw_only=True)
    rules: tuple[str, ...] = attrs.field(converter=split_ids, kw_only=True)

    def __attrs_post_init__(self) -> None:
        for condition in (self.when, self.then):
            expect_condition(condition, f"a condition of the constraint {self.label!r}")


def lifecycles(parts: Iterable[Lifecycle]) -> tuple[Lifecycle, ...]:
    """The lifecycles, each of which has to be one."""
    return all_expected(parts, Lifecycle, "a list of lifecycles")


def answers(parts: Iterable[Answer]) -> tuple[Answer, ...]:
    """The answers, each of which has to be one."""
    return all_expected(parts, Answer, "a list of answers")


def constraints(parts: Iterable[Constraint]) -> tuple[Constraint, ...]:
    """The constraints, each of which has to be one."""
    return all_expected(parts, Constraint, "a list of constraints")


def _checks(parts: Mapping[Enum, Iterable[Check]]) -> Mapping[Enum, tuple[Check, ...]]:
    if not isinstance(parts, Mapping):
        raise DeclarationError(f"a component's checks are {parts!r}, expected them by party: {{party: [check, ...]}}")
    return {party: all_expected(checks, Check, f"a component's checks at {party}") for party, checks in parts.items()}


@attrs.frozen(eq=False, repr=False)
class Component(Identified):
    """All declarations of one subject; `System.of` puts components together.

    Parameters
    ----------
    name: what it is about.
    lifecycles: a lifecycle, or a few that belong together; none where the subject has no state.
    checks: by party, in order.
    answers: to requests that pass every gate, in order.
    constraints: what holds in every state.

    Examples
    --------
    >>> from statemachines import *
    >>> Lamp = Enum("Lamp", {"OFF": "off", "ON": "on"})
    >>> Say = Enum("Say", {"SWITCH": "switch", "DONE": "done", "REFUSED": "refused", "LIT": "it is on"})
    >>> lamp, Press = Variable("lamp", Lamp), RequestType("Press")
    >>> light = Component(
    ...     "the light",
    ...     lifecycles=[Lifecycle(lamp, Lamp.OFF, [Transition(Lamp.OFF, Press, Lamp.ON, rules="LAMP-1")])],
    ...     checks={
    ...         Say.SWITCH: [
    ...             Check("it is off", fails_when=lamp == Lamp.ON, outcome=Say.REFUSED, reason=Say.LIT, rules="LAMP-1")
    ...         ]
    ...     },
    ...     answers=[Answer([Press], outcome=Say.DONE, reason=Say.DONE, rules="LAMP-1")],
    ... )
    >>> book = Register([Rule("LAMP-1", "A lamp that is off can be switched on.", "the manual")])
    >>> system = System.of("a lamp", book, [light], requests=[Press], gates=[Gate(Say.SWITCH, [], on=[Press])])
    >>> state, verdict = Oracle(system).decide(system.state(lamp=Lamp.ON), Press())
    >>> print(verdict)
    refused at the switch: it is on [LAMP-1]
    """

    name: str
    lifecycles: tuple[Lifecycle, ...] = attrs.field(default=(), converter=lifecycles, kw_only=True)
    checks: Mapping[Enum, tuple[Check, ...]] = attrs.field(factory=dict, converter=_checks, kw_only=True)
    answers: tuple[Answer, ...] = attrs.field(default=(), converter=answers, kw_only=True)
    constraints: tuple[Constraint, ...] = attrs.field(default=(), converter=constraints, kw_only=True)

    def __repr__(self) -> str:
        return f"<component {self.name!r}>"
