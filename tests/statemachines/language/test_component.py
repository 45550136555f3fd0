"""Components: what one matter brings, and how a list of them becomes a system."""

import copy
import pickle
from enum import Enum

import pytest

from statemachines import (
    Answer,
    Check,
    Claims,
    Component,
    Constraint,
    DeclarationError,
    Gate,
    Lifecycle,
    Observed,
    Oracle,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
    always,
    check,
    is_a,
)


class Door(Enum):
    SHUT = "shut"
    OPEN = "open"


class Lock(Enum):
    LOCKED = "locked"
    FREE = "free"


class Party(Enum):
    PORTER = "porter"
    DOOR = "door"


class DoorReason(Enum):
    OPENED = "it opens"
    IS_OPEN = "it is open"


class LockReason(Enum):
    LOCKED = "it is locked"
    UNLOCKED = "it is unlocked"


class Outcome(Enum):
    DONE = "done"
    REFUSED = "refused"


BOOK = Register([Rule("DOOR-1", "Doors open.", "the house"), Rule("LOCK-1", "Locks hold doors.", "the house")])
door, lock = Variable("door", Door), Variable("lock", Lock)
Open, Unlock = RequestType("Open"), RequestType("Unlock")


def _refuses(label, fails_when, why, rules):
    return Check(label, fails_when=fails_when, outcome=Outcome.REFUSED, reason=why, rules=rules, on=[Open])


IS_SHUT = _refuses("it is shut", door == Door.OPEN, DoorReason.IS_OPEN, "DOOR-1")
IS_FREE = _refuses("it is free", lock == Lock.LOCKED, LockReason.LOCKED, "LOCK-1")
DOORS = Component(
    "doors",
    lifecycles=[Lifecycle(door, Door.SHUT, [Transition(Door.SHUT, Open, Door.OPEN, rules="DOOR-1")])],
    checks={Party.DOOR: [IS_SHUT]},
    answers=[Answer([Open], outcome=Outcome.DONE, reason=DoorReason.OPENED, rules="DOOR-1")],
)
LOCKS = Component(
    "locks",
    lifecycles=[Lifecycle(lock, Lock.LOCKED, [Transition(Lock.LOCKED, Unlock, Lock.FREE, rules="LOCK-1")])],
    checks={Party.DOOR: [IS_FREE]},
    answers=[Answer([Unlock], outcome=Outcome.DONE, reason=LockReason.UNLOCKED, rules="LOCK-1")],
    constraints=[
        Constraint("no door is open and locked", when=door == Door.OPEN, then=lock == Lock.FREE, rules="LOCK-1")
    ],
)


GATES = (Gate(Party.PORTER, [], on=[Open]), Gate(Party.DOOR, [], on=[Open, Unlock]))


def house(*components, gates=GATES):
    return System.of("a house", BOOK, components, requests=[Open, Unlock], gates=gates)


def test_a_system_has_the_parts_of_its_components_in_their_order():
    both = house(LOCKS, DOORS)
    assert both.lifecycles == (*LOCKS.lifecycles, *DOORS.lifecycles)
    assert [gate.checks for gate in both.gates] == [(), (IS_FREE, IS_SHUT)]
    assert both.answers == (*LOCKS.answers, *DOORS.answers)
    assert both.constraints == LOCKS.constraints
    assert [gate.checks for gate in house(DOORS, LOCKS).gates] == [(), (IS_SHUT, IS_FREE)]


def test_a_gate_asks_its_own_checks_first():
    gates = [Gate(Party.DOOR, [IS_FREE], on=[Open, Unlock])]
    alone = attrs_without_checks(LOCKS)
    assert house(DOORS, alone, gates=gates).gates[0].checks == (IS_FREE, IS_SHUT)


def attrs_without_checks(part):
    return Component(part.name, lifecycles=part.lifecycles, answers=part.answers, constraints=part.constraints)


def test_reasons_are_of_the_component_that_gives_them():
    oracle = Oracle(house(DOORS, LOCKS))
    assert oracle.decide(oracle.initial, Open())[1].reason is LockReason.LOCKED
    free, _ = oracle.decide(oracle.initial, Unlock())
    opened, verdict = oracle.decide(free, Open())
    assert verdict.reason is DoorReason.OPENED
    assert oracle.decide(opened, Open())[1].reason is DoorReason.IS_OPEN


@pytest.mark.parametrize("gates", [(), [Gate(Party.DOOR, [], on=[Open]), Gate(Party.DOOR, [], on=[Unlock])]])
def test_checks_need_one_gate_at_their_party(gates):
    with pytest.raises(DeclarationError, match=rf"'doors' has checks at Party.DOOR.*there are {len(gates)}"):
        house(DOORS, LOCKS, gates=gates)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"lifecycles": [door]}, "lifecycles"),
        ({"checks": [IS_SHUT]}, "by party"),
        ({"checks": {Party.DOOR: [door]}}, "checks at Party.DOOR"),
        ({"answers": [IS_SHUT]}, "answers"),
        ({"constraints": [IS_SHUT]}, "constraints"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_part_is_refused(part, message):
    with pytest.raises(DeclarationError, match=message):
        Component("wrong", **part)


def test_what_is_no_component_is_refused():
    with pytest.raises(DeclarationError, match="components"):
        house(DOORS.lifecycles[0])


def test_a_component_is_itself_only():
    assert copy.deepcopy(DOORS) is DOORS
    assert pickle.loads(pickle.dumps(DOORS)) is DOORS
    assert repr(DOORS) == "<component 'doors'>"


def test_claims_ask_for_a_reason_of_any_of_several_enums():
    system = house(DOORS, LOCKS)
    reason = Observed("reason", Enum, among=[*DoorReason, *LockReason])
    claims = Claims(
        system,
        [
            always("a locked door says so", when=reason == LockReason.LOCKED, then=lock == Lock.LOCKED, rules="LOCK-1"),
            always("it opens", when=is_a(Open), then=reason.is_in(*DoorReason, LockReason.LOCKED), rules="DOOR-1"),
            always("nothing is locked", then=reason != LockReason.LOCKED, rules="LOCK-1"),
        ],
    )
    report = check(claims)
    assert {each.claim.name: each.holds for each in report.findings if each.claim in claims.claims[-3:]} == {
        "a locked door says so": True,
        "it opens": True,
        "nothing is locked": False,
    }


def test_a_term_of_several_enums_has_the_values_that_it_is_given():
    reason = Observed("reason", Enum, among=[*DoorReason, LockReason.LOCKED])
    assert reason.domain == (DoorReason.OPENED, DoorReason.IS_OPEN, LockReason.LOCKED)
    with pytest.raises(DeclarationError, match="'reason' cannot be"):
        reason == LockReason.UNLOCKED  # noqa: B015  # it refuses
    with pytest.raises(DeclarationError, match="no value at all"):
        Observed("reason", Enum)


def test_a_claim_about_a_reason_of_an_enum_that_no_verdict_has_is_refused():
    foreign = Enum("Foreign", {"NO": "no"})
    claim = always("never", then=Observed("reason", foreign) != foreign.NO, rules="LOCK-1")
    with pytest.raises(DeclarationError, match="asks for a Foreign"):
        Claims(house(DOORS, LOCKS), [claim])
