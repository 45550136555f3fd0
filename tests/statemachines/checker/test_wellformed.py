"""Well-formedness: what shows only when every reachable state is looked at."""

from enum import Enum

import attrs
import pytest

from statemachines import (
    Answer,
    Check,
    DeclarationError,
    Gate,
    Lifecycle,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
    fixed,
)
from statemachines.checker import wellformed as exploring
from statemachines.checker.wellformed import wellformed
from tests.support import house

TRAP = "nothing leaves the state LAST, which is not final"


class Stage(Enum):
    FIRST = "first"
    MIDDLE = "middle"
    LAST = "last"


def _lifecycles(it, *, lamp=(), door=()):
    return [
        it.lamps(transitions=[*it.lamps().transitions, *lamp]),
        it.doors(transitions=[*it.doors().transitions, *door]),
        fixed(it.fuse),
        fixed(it.holder),
    ]


def _locked_only_with_a_blown_fuse_that_is_whole(it):
    """The lock is reached by an arrow whose condition no state satisfies."""
    moves = [move for move in it.doors().transitions if move.target is not it.Door.LOCKED]
    never = (it.fuse == it.Fuse.WHOLE) & (it.holder == it.Person.ANN)
    locking = Transition(it.Door.SHUT, it.Turn, it.Door.LOCKED, when=never & (it.lamp == it.Lamp.ON), rules="HOUSE-3")
    lamp = it.lamps(
        transitions=[Transition(it.Lamp.OFF, it.Press, it.Lamp.ON, when=it.holder == it.Person.BEN, rules="HOUSE-1")]
    )
    return [lamp, it.doors(transitions=[*moves, locking]), fixed(it.fuse), fixed(it.holder)]


def _lock(it, *more):
    asked = it.checks()
    return [
        Gate(it.Place.SWITCH, [asked["fuse"]], on=[it.Press]),
        Gate(it.Place.LOCK, [asked["key"], asked["ajar"], *more], on=[it.Turn]),
    ]


WRONG = {
    "a state is left out by the answers' conditions": (
        lambda it: {
            "answers": [
                Answer(
                    [it.Push],
                    outcome=it.Say.DONE,
                    reason=it.Why.AS_ASKED,
                    at=it.Place.DOOR,
                    rules="HOUSE-2",
                    when=it.door != it.Door.LOCKED,
                ),
                Answer([it.Press, it.Turn], outcome=it.Say.DONE, reason=it.Why.AS_ASKED, rules="HOUSE-1"),
            ]
        },
        r"PushDoor\(by=Person.ANN\) has no verdict in State\(lamp=OFF, door=LOCKED, fuse=WHOLE, holder=ANN\)",
    ),
    "a state that nothing reaches": (
        lambda it: {"lifecycles": _locked_only_with_a_blown_fuse_that_is_whole(it)},
        "lifecycle 'door': nothing reaches the state LOCKED",
    ),
    "an arrow that never fires": (
        lambda it: {
            "lifecycles": _lifecycles(
                it, lamp=[Transition(it.Lamp.OFF, it.Turn, it.Lamp.ON, when=it.door == it.Door.OPEN, rules="HOUSE-1")]
            )
        },
        "lifecycle 'lamp': the transition OFF --TurnKey--> ON can never fire",
    ),
    "a check that never decides": (
        lambda it: {
            "gates": _lock(
                it,
                Check(
                    "the key is real",
                    fails_when=it.by != it.holder,
                    outcome=it.Say.REFUSED,
                    reason=it.Why.STRANGER,
                    rules="HOUSE-5",
                ),
            )
        },
        "the check 'the key is real' at LOCK never decides anything",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_shows_only_in_reachable_states_is_a_problem(wrong):
    change, says = WRONG[wrong]
    with pytest.raises(DeclarationError, match=says):
        house.house(**change(house))


@pytest.mark.parametrize("wrong", WRONG)
def test_declaring_explores_nothing(wrong):
    change, _ = WRONG[wrong]
    assert wellformed(house.house(**change(house), explored=False)).problems


def test_the_house_is_sound(house_system):
    result = wellformed(house_system)
    assert result.problems == ()
    assert (result.requests, result.combinations) == (7, 36)
    assert (result.whole.states, result.whole.depth) == (27, 3)
    assert {part.variables for part in result.slices} == {
        ("fuse",),
        ("holder",),
        ("door", "holder"),
        ("lamp", "door", "fuse", "holder"),
    }


def test_the_states_of_a_system_with_too_many_combinations_are_not_counted(monkeypatch, house_system):
    monkeypatch.setattr(exploring, "LARGEST_WHOLE", 35)
    result = wellformed(house_system)
    assert (result.whole, result.problems) == (None, ())


@pytest.mark.parametrize("label", ["the fuse is whole", "another question"])
def test_a_check_that_never_decides_is_reported_though_it_shares_its_label(label):
    """In two gates of one party, where the constructor takes one label twice."""
    first = house.checks()["fuse"]
    second = attrs.evolve(first, label=label)
    gates = [Gate(house.Place.SWITCH, [one], on=[house.Press]) for one in (first, second)]
    result = wellformed(house.house(gates=[*gates, _lock(house)[1]], explored=False))
    which = f" ({second.reason.value})" if label == first.label else ""
    assert result.problems == (f"the check {label!r}{which} at SWITCH never decides anything",)


def test_a_check_that_decides_at_one_party_only_is_reported_at_the_other():
    """It is the same object in both gates."""
    fuse = house.checks()["fuse"]
    gates = [Gate(party, [fuse], on=[house.Press]) for party in (house.Place.SWITCH, house.Place.DOOR)]
    result = wellformed(house.house(gates=[*gates, _lock(house)[1]], explored=False))
    assert result.problems == ("the check 'the fuse is whole' at DOOR never decides anything",)


def test_an_answer_that_is_never_given_is_reported():
    late = Answer(
        [house.Push, house.Turn], outcome=house.Say.DONE, reason=house.Why.AJAR, at=house.Place.DOOR, rules="HOUSE-2"
    )
    result = wellformed(house.house(answers=[*house.parts()["answers"], late], explored=False))
    assert result.problems == ("the answer 'the door is open' to PushDoor, TurnKey is never given",)


FINAL = {
    "the last state is final": ("LAST", ()),
    "another one is": ("MIDDLE", ("the transition MIDDLE or LAST --Go--> LAST leaves the final state MIDDLE", TRAP)),
    "none is": ("", (TRAP,)),
    "it is not said": (None, ()),
}


@pytest.mark.parametrize("case", FINAL)
def test_final_states_are_those_that_nothing_leaves(case):
    name, problems = FINAL[case]
    final = {} if name is None else {"final": [Stage[name]] if name else []}
    stage, go = Variable("stage", Stage), RequestType("Go")
    moves = [
        Transition(Stage.FIRST, go, Stage.MIDDLE, rules="S-1"),
        Transition((Stage.MIDDLE, Stage.LAST), go, Stage.LAST, rules="S-1"),
    ]
    system = System(
        "stages",
        Register([Rule("S-1", "It goes on.", "nowhere")]),
        lifecycles=[Lifecycle(stage, Stage.FIRST, moves, **final)],
        requests=[go],
        answers=[Answer([go], outcome=Stage.LAST, reason=Stage.LAST, at=Stage.LAST, rules="S-1")],
    )
    assert wellformed(system).not_final == tuple(f"lifecycle 'stage': {problem}" for problem in problems)


def test_two_checks_of_one_wording_are_distinguished():
    twin = Check(
        "the fuse is whole",
        fails_when=house.by != house.holder,
        outcome=house.Say.REFUSED,
        reason=house.Why.STRANGER,
        rules="HOUSE-5",
    )
    with pytest.raises(DeclarationError, match="the fuse is whole"):
        house.house(gates=_lock(house, twin))
