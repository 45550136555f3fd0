"""Live machines on the house: what users of `transitions` expect of them."""

from enum import Enum, StrEnum

import pytest
from transitions import Machine, MachineError

from statemachines import (
    Answer,
    DeclarationError,
    Field,
    Lifecycle,
    Oracle,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
)
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


def system_of(kinds, transitions, states=house.Lamp, **more):
    """One lifecycle, of which every request is answered."""
    register = Register([Rule("R-1", "It is so.", "nowhere")])
    at = Variable("at", states)
    moves = [Transition(*move, rules="R-1") for move in transitions]
    answer = Answer(kinds, outcome=house.Say.DONE, at=house.Place.DOOR, reason=house.Why.AS_ASKED, rules="R-1")
    lifecycle = Lifecycle(at, next(iter(states)), moves)
    return System("one", register, lifecycles=[lifecycle], requests=kinds, answers=[answer], **more)


def agree(system, requests):
    """The live system, which said and did what the oracle does."""
    live, oracle, state = LiveSystem(system), Oracle(system), LiveSystem(system).state
    for request in requests:
        state, verdict = oracle.decide(state, request)
        assert (live.send(request), live.state) == (verdict, state)
    return live


@pytest.mark.parametrize(
    "name", ["State", "History", "Machine", "Trigger", "Send", "May", "Lifecycle", "_STATE", "_world"]
)
def test_a_trigger_takes_no_name_that_a_model_has(name):
    kind = RequestType(name)
    system = system_of([kind], [(house.Lamp.OFF, kind, house.Lamp.ON)])
    one = agree(system, [kind()])["at"]
    assert (one.state, len(one.history)) == (house.Lamp.ON, 1)
    assert one.machine.events[kind.trigger]


@pytest.mark.parametrize(("one", "other", "both"), [("Press", "MayPress", "may_press"), ("May", "MayMay", "may_may")])
def test_a_trigger_and_a_question_of_one_name(one, other, both):
    press, may_press = RequestType(one), RequestType(other)
    system = system_of(
        [press, may_press], [(house.Lamp.OFF, press, house.Lamp.ON), (house.Lamp.ON, may_press, house.Lamp.OFF)]
    )
    lamp = agree(system, [may_press(), press(), press(), may_press()])["at"]
    with pytest.raises(DeclarationError, match=f"'{both}' could be"):
        getattr(lamp, both)()
    assert (lamp.may(press()), lamp.may(may_press())) == (True, False)
    assert lamp.send(press())
    assert (lamp.may(press()), lamp.may(may_press())) == (False, True)


def test_a_trigger_and_a_state_of_one_name():
    at = Enum("At", {"on": "on", "off": "off"})
    is_on = RequestType("IsOn")
    lamp = agree(system_of([is_on], [(at.on, is_on, at.off)], at), [is_on()])["at"]
    assert lamp.is_off() is True
    with pytest.raises(DeclarationError, match="'is_on' could be"):
        lamp.is_on()


@pytest.mark.parametrize("name", ["self", "model", "trigger", "kind", "request", "event", "name"])
def test_a_field_may_have_any_name(name):
    kind = RequestType("Push", [Field(name, house.Person)])
    lamp = LiveLifecycle(system_of([kind], [(house.Lamp.OFF, kind, house.Lamp.ON)]), "at")
    values = {name: house.Person.ANN}
    assert lamp.may_push(**values)
    assert lamp.push(**values)
    assert lamp.state is house.Lamp.ON


@pytest.mark.parametrize("name", ["self", "state", "values"])
def test_a_variable_may_have_any_name(name):
    variable, kind = Variable(name, house.Lamp), RequestType("Press")
    system = System(
        "one",
        Register([Rule("R-1", "It is so.", "nowhere")]),
        lifecycles=[
            Lifecycle(variable, house.Lamp.OFF, [Transition(house.Lamp.OFF, kind, house.Lamp.ON, rules="R-1")])
        ],
        requests=[kind],
        answers=[
            Answer([kind], outcome=house.Say.DONE, at=house.Place.DOOR, reason=house.Why.AS_ASKED, rules="R-1"),
        ],
    )
    live = LiveSystem(system, system.state(**{name: house.Lamp.OFF}))
    live.send(kind())
    assert live.state == system.replace(system.state(), **{name: house.Lamp.ON})


def test_a_state_whose_word_is_a_wildcard():
    at = StrEnum("At", {"ANY": "*", "SAME": "="})
    go = RequestType("Go")
    assert agree(system_of([go], [(at.ANY, go, at.SAME)], at), [go()])["at"].state is at.SAME


CALLBACKS = (
    "prepare_event", "before_state_change", "after_state_change", "on_exit_OPEN", "on_enter_SHUT", "after_push_door",
)  # fmt: skip


def calling(machine, where, callback):
    """Have the machine call it: a list of callbacks, or a method that adds to one."""
    if hasattr(type(machine), where):
        setattr(machine, where, [callback])
    else:
        getattr(machine, where)(callback)


ACTIONS = {
    "sends": lambda live: live.send(house.Press()),
    "a trigger of another": lambda live: live["lamp"].press_switch(),
    "a trigger of the same": lambda live: live["door"].push_door(by=house.Person.ANN),
    "a trigger by name": lambda live: live["lamp"].trigger("press_switch"),
    "all models": lambda live: live["lamp"].machine.dispatch("press_switch"),
    "a trigger of the machine": lambda live: live["lamp"].machine.events["press_switch"].trigger(live["lamp"]),
    "sets a state": lambda live: setattr(live["lamp"], "state", house.Lamp.ON),
    "sets the facts": lambda live: setattr(live, "state", live.system.replace(live.state, lamp=house.Lamp.ON)),
    "sets a model's state": lambda live: live["lamp"].machine.set_state(house.Lamp.ON, live["lamp"]),
    "raises": lambda _: 1 / 0,
    "is interrupted": lambda _: (_ for _ in ()).throw(KeyboardInterrupt),
}


@pytest.mark.parametrize("seen", [False, True], ids=["unseen", "on_exception"])
@pytest.mark.parametrize("alone", [False, True], ids=["all", "alone"])
@pytest.mark.parametrize("where", CALLBACKS)
@pytest.mark.parametrize("action", ACTIONS)
def test_a_step_is_whole_or_nothing(action, where, alone, seen):
    """Whatever a callback does: each arrow fires once, or nothing has happened and that is said."""
    system = house.house(explored=False)
    live, errors, called = LiveSystem(system), [], []

    def act(_):
        called.append(action)
        ACTIONS[action](live)

    door = live["door"]
    calling(door.machine, where, act)
    if seen:
        door.machine.on_exception = [lambda event: errors.append(event.error)]
    request = house.Push(by=house.Person.ANN)
    with pytest.raises((RuntimeError, ZeroDivisionError, KeyboardInterrupt, DeclarationError)):
        door.push_door(request) if alone else live.send(request)
    assert called == [action]
    assert live.state == system.state()
    assert [live.history, *(one.history for one in live.lifecycles.values())] == [[]] * (1 + len(live.lifecycles))
    assert len(errors) == seen * (not action.startswith("sets"))
    assert live.send(house.Press()).passed


def test_a_trigger_of_the_machine_is_refused():
    live = LiveSystem(house.house(explored=False))
    with pytest.raises(RuntimeError, match="call `send` or a trigger of the model"):
        live["lamp"].machine.events["press_switch"].trigger(live["lamp"])
    assert live.state == live.system.state()


def test_what_a_callback_catches_changes_nothing():
    live = LiveSystem(house.house(explored=False))

    def quiet(_):
        with pytest.raises(RuntimeError, match="still being processed"):
            live["lamp"].press_switch()

    live["door"].machine.on_enter_SHUT(quiet)
    assert live.send(house.Push(by=house.Person.ANN)).passed
    assert (live["door"].state, live["lamp"].history) == (house.Door.SHUT, [])
