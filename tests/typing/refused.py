"""Mistakes in declarations. Where a comment says so, both checkers, or the one named, report an error in that line."""
# ruff: noqa: B015, F841, SIM201
# pyright: reportUnusedExpression=false, reportUnusedVariable=false, reportMissingTypeStubs=false

from enum import Enum

import statemachines as sm
from tests.typing.accepted import Door, Power, Push, Say, door, level, opened, power, which


class Unrelated(Enum):
    """Of nothing that is declared."""

    VALUE = 1


def values_of_another_enum() -> None:
    sm.all_of(door == Power.LOW)  # error
    sm.all_of(door != Power.LOW)  # error
    sm.all_of(door == "open")  # error
    sm.all_of(which == Say.DONE)  # error
    sm.all_of(door == 3)  # error
    power >= Door.OPEN  # error
    door >= 3  # error
    door + 1  # error
    level < Door.OPEN  # error
    power + 1  # error
    sm.adding(power, 1, Push, rules="R-1")  # error
    power < Door.OPEN  # error
    door == power  # error
    sm.after(door) == power  # error
    door.is_in(Door.OPEN, Power.LOW)  # error
    sm.Lifecycle(door, Power.LOW)  # error
    sm.Lifecycle(door, Door.OPEN, final=[Power.LOW])  # error
    sm.Lifecycle(power, Power.LOW, [opened])  # error
    sm.Lifecycle(door, Door.OPEN, [sm.Transition(Door.OPEN, Push, Power.LOW, rules="R-1")])  # error: mypy
    sm.Lifecycle(door, Door.OPEN, [sm.Transition(Power.LOW, Push, Power.HIGH, rules="R-1")])  # error
    pair = [Power.LOW, Power.HIGH]
    sm.indistinguishable("", secret=door, between=pair, sees=sm.is_a(Push), observes=[], rules="R-1")  # error
    default: sm.Field[Door] = sm.Field("which", Door, default=Power.LOW)  # error


def conditions_as_truth_values() -> None:
    if door == Door.OPEN:  # error: pyright
        pass
    neither = not (door == Door.OPEN)  # error: pyright
    assert power >= Power.HIGH  # error: pyright
    door in {Door.OPEN}  # error: pyright
    door in [Door.OPEN]  # error: pyright


def what_is_no_condition() -> None:
    sm.Transition(Door.OPEN, Push, Door.SHUT, when=True, rules="R-1")  # error
    (door == Door.OPEN) & True  # error


def what_is_no_enum_or_no_parameter() -> None:
    sm.Variable("door", str)  # error
    sm.Variable("door", Door, labl="the door")  # error
    Push(which="shut")  # error
    Push(Door.SHUT)  # error


def what_types_cannot_say() -> None:
    """The fields that a request has, and what a declaration without a type of its own mixes: refused when it runs."""
    Push(whitch=Door.SHUT)
    Push(which=Unrelated.VALUE)
    sm.Transition(Door.OPEN, Push, Power.LOW, rules="R-1")
    sm.Field("which", Door, default=Power.LOW)
    both = door == Door.OPEN and power == Power.LOW
