"""Live machines on the house: what users of `transitions` expect of them."""

import pytest
from transitions import Machine, MachineError

from statemachines import DeclarationError, RequestType, Transition
from statemachines.semantics.live import LiveLifecycle, LiveSystem
from tests.support import house


def test_a_lifecycle_is_a_machine_of_the_library(house_system):
    door = LiveLifecycle(house_system, "door")
    assert isinstance(door.machine, Machine)
    assert door.state is house.Door.OPEN
    assert door.is_OPEN()
    assert door.push_door(by=house.Person.BEN)
    assert (door.state, door.facts.door) == (house.Door.SHUT, house.Door.SHUT)
    assert [(one.request, one.source, one.target, str(one.transition)) for one in door.history] == [
        (house.Push(by=house.Person.BEN), house.Door.OPEN, house.Door.SHUT, "OPEN --PushDoor--> SHUT")
    ]


def test_a_gate_holds_an_arrow_back(house_system):
    door = LiveLifecycle(house_system, "door", house_system.state(door=house.Door.SHUT))
    assert not door.may_turn_key(by=house.Person.BEN)
    assert door.turn_key(by=house.Person.BEN) is False
    assert door.may_turn_key(by=house.Person.ANN)
    assert door.history == []
    door.facts = house_system.replace(door.facts, holder=house.Person.BEN)
    assert door.turn_key(house.Turn(by=house.Person.BEN))
    assert door.state is house.Door.LOCKED


def test_a_trigger_from_where_no_arrow_leaves_is_the_librarys_error(house_system):
    door = LiveLifecycle(house_system, "door")
    assert not door.may_turn_key(by=house.Person.ANN)
    with pytest.raises(MachineError, match="turn_key"):
        door.turn_key(by=house.Person.ANN)


def test_callbacks_see_the_event(house_system):
    live, seen = LiveSystem(house_system), []
    live["door"].machine.on_enter_SHUT(lambda event: seen.append((event.event.name, event.model.name)))
    live["door"].machine.before_state_change = [lambda event: seen.append(event.args[0])]
    live.send(house.Push(by=house.Person.CAT))
    assert seen == [house.Push(by=house.Person.CAT), ("push_door", "door")]


def test_all_machines_see_the_state_before_the_step():
    """The lamp goes on with the door's closing if the door is open: it must not see the door already shut."""
    lit = Transition(house.Lamp.OFF, house.Push, house.Lamp.ON, when=house.door == house.Door.OPEN, rules="HOUSE-1")
    lamps = house.lamps(transitions=[*house.lamps().transitions, lit])
    rest = house.parts()["lifecycles"][2:]
    for order in ([house.doors(), lamps], [lamps, house.doors()]):
        live = LiveSystem(house.house(lifecycles=[*order, *rest]))
        verdict = live.send(house.Push(by=house.Person.ANN))
        assert (live["lamp"].state, live["door"].state) == (house.Lamp.ON, house.Door.SHUT)
        assert [move.on for move in verdict.fired] == [house.Push, house.Push]


def test_what_was_sent_is_kept(house_system):
    live = LiveSystem(house_system)
    live.send(house.Turn(by=house.Person.ANN))
    live.send(house.Push(by=house.Person.ANN))
    assert [step.verdict.passed for step in live.history] == [False, True]
    assert live.trace.text().endswith("door: open -> shut")
    assert len(live["door"].history) == 1


def test_a_callback_that_raises_leaves_all_as_it_was(house_system):
    live = LiveSystem(house_system)

    def fail(event):
        raise ZeroDivisionError

    live["door"].machine.on_enter_SHUT(fail)
    with pytest.raises(ZeroDivisionError):
        live.send(house.Push(by=house.Person.ANN))
    assert live.state == house_system.state()
    assert (live.history, live["door"].history) == ([], [])
    assert live.send(house.Press()).passed


def test_a_callback_cannot_send(house_system):
    live = LiveSystem(house_system)
    live["door"].machine.on_enter_SHUT(lambda _: live.send(house.Press()))
    with pytest.raises(RuntimeError, match="still being processed"):
        live.send(house.Push(by=house.Person.ANN))


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (lambda _, live: live.send(RequestType("Shout")()), "knows no request Shout"),
        (lambda _, live: live["lamb"], "no lifecycle 'lamb'"),
        (lambda it, live: live["door"].push_door(by=it.Lamp.ON), "'by' cannot be"),
        (lambda _, live: live["door"].push_door(), "PushDoor needs its field 'by'"),
        (lambda it, live: live["door"].push_door(it.Press()), r"'push_door' takes a PushDoor, not PressSwitch\(\)"),
        (lambda it, live: setattr(live, "state", it.house().state()), "not a state that its `state` made"),
        (lambda it, live: setattr(live["door"], "state", it.Lamp.ON), "'door' cannot be"),
        (lambda _, live: LiveLifecycle(live.system, "lamb"), "no lifecycle 'lamb'"),
    ],
)
def test_what_cannot_be_meant_is_refused(house_system, act, says):
    with pytest.raises(DeclarationError, match=says):
        act(house, LiveSystem(house_system))


@pytest.mark.parametrize("name", ["State", "History", "Machine", "Trigger"])
def test_a_trigger_cannot_hide_what_a_model_has(name):
    kind = RequestType(name)
    lamps = house.lamps(transitions=[Transition(house.Lamp, kind, house.Lamp.ON, rules="HOUSE-1")])
    system = house.house(
        lifecycles=[lamps],
        requests=[kind],
        gates=[],
        answers=[
            type(house.parts()["answers"][0])(
                [kind], outcome=house.Say.DONE, reason=house.Why.AS_ASKED, at=house.Place.DOOR, rules="HOUSE-1"
            )
        ],
    )
    with pytest.raises(DeclarationError, match=f"trigger '{name.lower()}' is taken"):
        LiveLifecycle(system, "lamp")
