"""Lifecycles, arrow by arrow."""

import pytest

from statemachines import DeclarationError, Lifecycle, RequestType, Transition, Variable, fixed
from tests.support import house

Go = RequestType("Go")


def arrow(source, target):
    return Transition(source, Go, target, rules="HOUSE-1")


def test_final_states_are_those_that_nothing_leaves():
    states = house.Door
    moves = [arrow(states.OPEN, states.SHUT), arrow(states.SHUT, states.LOCKED), arrow(states.LOCKED, states.LOCKED)]
    assert Lifecycle(house.door, states.OPEN, moves).final == (states.LOCKED,)
    assert Lifecycle(house.door, states.OPEN, moves, final=[states.SHUT]).final == (states.SHUT,)


def test_a_fixed_fact_may_start_anywhere_and_has_no_arrows():
    holder = fixed(house.holder)
    assert (holder.initial, holder.transitions, holder.final) == (tuple(house.Person), (), ())
    assert (holder.name, holder.title) == ("holder", "key holder")


def test_an_arrow_reads_as_it_is_declared():
    states = house.Door
    assert str(arrow([states.OPEN, states.SHUT], states.LOCKED)) == "OPEN or SHUT --Go--> LOCKED"
    assert arrow(states.OPEN, states.SHUT).rules == ("HOUSE-1",)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda it: Lifecycle(it.door, it.Lamp.ON), "'door' cannot be .*expected Door"),
        (lambda it: Lifecycle(it.door, []), "'door' has no initial state"),
        (lambda it: Lifecycle(it.lamp, it.Lamp.OFF), "'lamp': nothing reaches the state ON"),
        (
            lambda it: Lifecycle(
                it.door, it.Door.OPEN, [arrow(it.Door.SHUT, it.Door.LOCKED), arrow(it.Door.LOCKED, it.Door.SHUT)]
            ),
            "'door': nothing reaches the state SHUT",
        ),
        (lambda it: Lifecycle(it.lamp, it.Lamp.OFF, [arrow(it.Lamp.OFF, it.Door.SHUT)]), "'lamp' cannot be"),
        (
            lambda it: Lifecycle(it.lamp, it.Lamp.OFF, [arrow([], it.Lamp.ON)]),
            "'lamp': a transition on Go leaves no state",
        ),
        (
            lambda it: Lifecycle(
                Variable("lit", it.Lamp, among=[it.Lamp.ON]), it.Lamp.ON, [arrow(it.Lamp.OFF, it.Lamp.ON)]
            ),
            "'lit' cannot be <Lamp.OFF",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(make, says):
    with pytest.raises(DeclarationError, match=says):
        make(house)
