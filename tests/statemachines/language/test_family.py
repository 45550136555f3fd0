"""Families of lifecycles, refusals that change the state, and default answers."""

from enum import Enum

import pytest

from statemachines import (
    Answer,
    Check,
    Count,
    DeclarationError,
    Family,
    Field,
    Gate,
    Lifecycle,
    LiveSystem,
    Oracle,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
    adding,
    after,
    check,
    draw,
)
from statemachines.language.claims import Claims, always, sometimes
from statemachines.language.expression import Moment


class Side(Enum):
    LEFT = "left"
    RIGHT = "right"


class Door(Enum):
    OPEN = "open"
    SHUT = "shut"


class Say(Enum):
    DONE = "done"
    REFUSED = "refused"
    LOCKED = "it is locked"
    HOUSE = "house"


which = Field("which", Side)
Shut, ShutAll = RequestType("Shut", [which]), RequestType("ShutAll")
RULES = Register([Rule("DOOR-1", "Doors shut.", "the manual")])


def shutting(door):
    return [
        Transition(Door.OPEN, Shut, Door.SHUT, rules="DOOR-1"),
        Transition(Door.OPEN, ShutAll, Door.SHUT, rules="DOOR-1"),
    ]


def house():
    doors = Family("door", Door, which, label="{} door")
    return doors, System(
        "doors",
        RULES,
        lifecycles=doors.lifecycles(Door.OPEN, shutting, final=Door.SHUT),
        requests=[Shut, ShutAll],
        answers=[
            Answer([Shut], outcome=Say.REFUSED, reason=Say.LOCKED, at=Say.HOUSE, rules="DOOR-1",
                   when=doors.requested(lambda door: door == Door.SHUT)),
            Answer(outcome=Say.DONE, reason=Say.DONE, at=Say.HOUSE, rules="DOOR-1"),
        ],
    )  # fmt: skip


def test_a_request_moves_the_one_that_it_names():
    _, system = house()
    oracle = Oracle(system)
    left, _ = oracle.decide(oracle.initial, Shut(which=Side.LEFT))
    assert left.as_dict() == {"door_left": Door.SHUT, "door_right": Door.OPEN}
    again, verdict = oracle.decide(left, Shut(which=Side.LEFT))
    assert (again, verdict.reason) == (left, Say.LOCKED)
    assert oracle.decide(left, Shut(which=Side.RIGHT))[1].reason is Say.DONE


def test_a_request_without_the_field_moves_all_of_them():
    _, system = house()
    oracle = Oracle(system)
    after, verdict = oracle.decide(oracle.initial, ShutAll())
    assert set(after) == {Door.SHUT}
    assert verdict.reason is Say.DONE


def test_the_members_are_variables_with_names_and_words_of_their_own():
    doors, system = house()
    assert [variable.name for variable in doors.variables.values()] == ["door_left", "door_right"]
    assert (doors[Side.RIGHT] == Door.OPEN).words() == "right door is open"
    assert system.lifecycle("door_left").final == (Door.SHUT,)
    with pytest.raises(DeclarationError, match="'which' cannot be"):
        doors[Door.OPEN]
    with pytest.raises(DeclarationError, match="what a family is over"):
        Family("door", Door, Variable("which", Side))


def test_an_answer_that_names_no_type_is_for_every_type():
    _, system = house()
    assert system.answers[-1].on == (Shut, ShutAll)


Try = RequestType("Enter", [Field("right", Side)])
Tries = Count(0, 2)


def safe(*, counted=True):
    tries, right = Variable("tries", Tries), Try.fields[0]
    wrong = right == Side.LEFT
    return tries, System(
        "a safe",
        RULES,
        lifecycles=[
            Lifecycle(
                tries,
                [Tries(0), Tries(1), Tries(2)],
                [
                    *adding(tries, 1, Try, when=wrong, rules="DOOR-1", even_if_refused=counted),
                    Transition(Tries(1), Try, Tries(0), when=~wrong, rules="DOOR-1"),
                ],
            )
        ],
        requests=[Try],
        gates=[
            Gate(
                Say.HOUSE,
                [Check("right", fails_when=wrong, outcome=Say.REFUSED, reason=Say.LOCKED, rules="DOOR-1")],
                on=[Try],
            )
        ],
        answers=[Answer([Try], outcome=Say.DONE, reason=Say.DONE, rules="DOOR-1")],
    )


@pytest.mark.parametrize("counted", [True, False])
def test_a_refusal_changes_the_state_where_the_transition_says_so(counted):
    tries, system = safe(counted=counted)
    oracle, live = Oracle(system), LiveSystem(system)
    state, verdict = oracle.decide(oracle.initial, Try(right=Side.LEFT))
    assert (verdict.outcome, state.tries) == (Say.REFUSED, 1 if counted else 0)
    assert [move.target for move in verdict.fired] == ([Tries(1)] if counted else [])
    assert live.send(Try(right=Side.LEFT)) == verdict
    assert live.state == state
    assert live["tries"].may_enter(Try(right=Side.LEFT)) is counted
    (finding,) = check(
        Claims(system, [sometimes("counted", of=tries == 2, rules="DOOR-1")]),
    ).findings
    assert finding.holds
    claim = always("what is refused moves nothing", when=Try.fields[0] == Side.LEFT, then=_unmoved(tries),
                   rules="DOOR-1")  # fmt: skip
    assert check(Claims(system, [claim])).findings[0].holds is not counted


def _unmoved(tries):
    return after(tries) == tries


def test_a_picture_says_that_a_refusal_moves():
    _, system = safe()
    assert "even if refused" in draw(system, format="mermaid")["tries"]
    assert "even if refused" not in draw(safe(counted=False)[1], format="mermaid")["tries"]


def test_the_condition_of_a_family_is_the_named_one_s():
    doors, _ = house()
    condition = doors.requested(lambda door: door == Door.SHUT)
    values = {"door_left": Door.SHUT, "door_right": Door.OPEN}
    assert condition.holds(Moment(values, Shut(which=Side.LEFT)))
    assert not condition.holds(Moment(values, Shut(which=Side.RIGHT)))
