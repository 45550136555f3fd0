"""The oracle's verdicts on the house."""

from enum import Enum

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from statemachines import (
    Answer,
    DeclarationError,
    Field,
    Gate,
    Lifecycle,
    Oracle,
    RequestType,
    Transition,
    Variable,
    replay,
)
from statemachines.errors import NoVerdictError
from statemachines.language.expression import Among
from statemachines.semantics import oracle as module
from tests.support import house, naive, strategies
from tests.support.thorough import examples


def test_a_verdict_names_who_said_what_and_why(house_system):
    oracle = Oracle(house_system)
    state, verdict = oracle.decide(oracle.initial, house.Push(by=house.Person.BEN))
    assert state == house_system.state(door=house.Door.SHUT)
    assert (verdict.outcome, verdict.at, verdict.response) == (house.Say.DONE, house.Place.DOOR, house.Noise.CREAK)
    assert (verdict.rules, verdict.via, verdict.passed) == (("HOUSE-2",), (), True)
    assert [str(move) for move in verdict.fired] == ["OPEN --PushDoor--> SHUT"]
    state, verdict = oracle.decide(state, house.Turn(by=house.Person.ANN))
    assert verdict.rules == ("HOUSE-1", "HOUSE-3")
    assert verdict.via == (house.Place.LOCK,)
    assert str(verdict) == "done at the lock: a click: as asked [HOUSE-1 HOUSE-3]"


def test_what_is_enabled_is_what_passes_or_fires(house_system):
    oracle = Oracle(house_system)
    open_door = oracle.enabled(house_system.state(holder=house.Person.BEN))
    assert list(open_door) == [house.Press(), *(house.Push(by=person) for person in house.Person)]
    shut = oracle.enabled(house_system.state(door=house.Door.SHUT, holder=house.Person.BEN), house.Turn, house.Press)
    assert list(shut) == [house.Turn(by=house.Person.BEN), house.Press()]
    assert [str(move) for move in shut[house.Turn(by=house.Person.BEN)].fired] == ["SHUT --TurnKey--> LOCKED"]
    dark = house_system.state(fuse=house.Fuse.BLOWN)
    assert oracle.enabled(dark, house.Press) == {}


def test_what_fires_even_if_it_is_refused_is_enabled():
    lit = [Transition(house.Lamp.OFF, house.Press, house.Lamp.ON, rules="HOUSE-1", even_if_refused=True)]
    system = house.house(lifecycles=[house.lamps(transitions=lit), *house.parts()["lifecycles"][1:]], explored=False)
    ((request, verdict),) = Oracle(system).enabled(system.state(fuse=house.Fuse.BLOWN), house.Press).items()
    assert (request, verdict.passed, verdict.fired) == (house.Press(), False, tuple(lit))


def test_a_request_without_a_verdict_is_not_enabled_and_one_of_another_system_is_refused():
    answers = [attrs.evolve(house.parts()["answers"][1], when=house.door == house.Door.OPEN)]
    system = house.house(answers=[*answers, house.parts()["answers"][2]], explored=False)
    oracle = Oracle(system)
    assert oracle.enabled(system.state(door=house.Door.SHUT), house.Push) == {}
    with pytest.raises(DeclarationError, match="knows no request Shout"):
        oracle.enabled(oracle.initial, RequestType("Shout"))
    with pytest.raises(DeclarationError, match="not a state that its `state` made"):
        oracle.enabled(house.house(explored=False).state())


@pytest.mark.parametrize("largest", [0, module.LONGEST_CHAIN])
def test_membership_in_all_values_and_in_none_is_compiled_too(monkeypatch, largest):
    """`among` folds both; a copy of a condition that is made by hand may have them."""
    monkeypatch.setattr(module, "LONGEST_CHAIN", largest)
    for values, outcome in ((frozenset(house.Fuse), house.Say.REFUSED), (frozenset(), house.Say.DONE)):
        check = attrs.evolve(house.checks()["fuse"], fails_when=Among(house.fuse, values))
        system = house.house(gates=[Gate(house.Place.SWITCH, [check], on=[house.Press])], explored=False)
        for state in system.initial_states():
            assert Oracle(system).decide(state, house.Press())[1].outcome is outcome


def test_the_first_check_that_fails_decides(house_system):
    oracle = Oracle(house_system)
    state, verdict = oracle.decide(oracle.initial, house.Turn(by=house.Person.BEN))
    assert state is oracle.initial or state == oracle.initial
    assert (verdict.reason, verdict.label) == (house.Why.STRANGER, "whoever turns it has the key")
    assert not verdict.passed
    _, verdict = oracle.decide(oracle.initial, house.Turn(by=house.Person.ANN))
    assert (verdict.reason, verdict.rules) == (house.Why.AJAR, ("HOUSE-3", "HOUSE-5"))


def test_the_first_answer_whose_condition_holds_is_given(house_system):
    oracle = Oracle(house_system)
    locked = house_system.state(door=house.Door.LOCKED)
    after, verdict = oracle.decide(locked, house.Push(by=house.Person.ANN))
    assert (after, verdict.reason, verdict.fired) == (locked, house.Why.STUCK, ())


def test_asking_changes_nothing(house_system):
    oracle = Oracle(house_system)
    state = oracle.initial
    first = oracle.decide(state, house.Press())
    assert oracle.decide(state, house.Press()) == first
    assert state == oracle.initial


def test_a_run_is_replayed(house_system):
    run = replay(house_system, house_system.state(), [house.Push(by=house.Person.ANN), house.Turn(by=house.Person.ANN)])
    assert run.end == house_system.state(door=house.Door.LOCKED)
    assert [list(step.changes) for step in run.steps] == [["door"], ["door"]]
    assert "door: shut -> locked" in run.text()


@pytest.mark.parametrize("made_by", ["another system", "hand"])
def test_a_state_of_another_system_is_refused(house_system, made_by):
    foreign = house.house().state()
    with pytest.raises(DeclarationError, match=r"'house': .* is not a state that its `state` made"):
        Oracle(house_system).decide(foreign if made_by == "another system" else tuple(foreign), house.Press())


def test_an_unknown_request_is_refused(house_system):
    with pytest.raises(DeclarationError, match="'house' knows no request Shout; it has PressSwitch, PushDoor, TurnKey"):
        Oracle(house_system).decide(house_system.state(), RequestType("Shout")())


def test_a_state_without_a_verdict_is_reported():
    only = Answer(
        [house.Push], outcome=house.Say.DONE, reason=house.Why.AS_ASKED, at=house.Place.DOOR, rules="HOUSE-2",
        when=house.door == house.Door.OPEN,
    )  # fmt: skip
    system = house.house(answers=[only, house.parts()["answers"][2]], explored=False)
    with pytest.raises(NoVerdictError, match=r"PushDoor\(by=Person.ANN\) has no verdict in State\(.*door=SHUT"):
        Oracle(system).decide(system.state(door=house.Door.SHUT), house.Push(by=house.Person.ANN))


def test_values_need_not_be_named_like_python():
    odd = Enum("odd kind", {"in": "in", "half way": "half way"})
    here, go = Variable("here", odd), RequestType("Go")
    system = house.house(
        lifecycles=[Lifecycle(here, odd["in"], [Transition(odd["in"], go, odd["half way"], rules="HOUSE-1")])],
        requests=[go],
        gates=[],
        answers=[Answer([go], outcome=house.Say.DONE, reason=house.Why.AS_ASKED, at=house.Place.DOOR, rules="HOUSE-1")],
    )
    state, _ = Oracle(system).decide(system.state(), go())
    assert state.here is odd["half way"]


@pytest.mark.slow
@pytest.mark.parametrize(("chain", "kept"), [(0, 0), (1, 100), (2, 1), (100, 100)])
@examples(20)
@given(data=st.data())
def test_it_says_the_same_however_it_is_written(chain, kept, data):
    """Long chains of questions are halved and long states copied; small systems are written so too where told to."""
    system = data.draw(strategies.systems())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "LONGEST_CHAIN", chain)
        patch.setattr(module, "LONGEST_LIST", kept)
        oracle = Oracle(system)
        for request in system.all_requests():
            for state in naive.combinations(system, 48):
                assert oracle.decide(state, request) == naive.step(system, state, request)


def test_lifecycles_of_many_states_are_decided_as_a_naive_step_does():
    """Two that move together, one with arrows of two conditions; one is not left from every state."""
    many = Enum("many", {f"AT_{at}": f"at {at}" for at in range(21)})
    key = Field("key", Enum("key", {"RIGHT": "right", "WRONG": "wrong"}))
    one, other, go = Variable("one", many), Variable("other", many), RequestType("Go", [key])
    places = list(many)
    onward = list(zip(places, [*places[1:], places[0]], strict=True))
    right, wrong = (key == value for value in key.domain)
    system = house.house(
        lifecycles=[
            Lifecycle(
                one,
                places[0],
                [
                    *(Transition(here, go, there, when=right, rules="HOUSE-1") for here, there in onward),
                    *(
                        Transition(there, go, here, when=wrong & (other == here), rules="HOUSE-1")
                        for here, there in onward
                    ),
                ],
            ),
            Lifecycle(
                other,
                places[0],
                [
                    *(Transition(here, go, there, when=right, rules="HOUSE-1") for here, there in onward[:-1]),
                    Transition(places[5:], go, places[0], when=wrong & ~one.is_in(*places[3:16]), rules="HOUSE-1"),
                ],
            ),
        ],
        requests=[go],
        gates=[],
        answers=[Answer([go], outcome=house.Say.DONE, reason=house.Why.AS_ASKED, at=house.Place.DOOR, rules="HOUSE-1")],
    )
    oracle = Oracle(system)
    fired = set()
    for request in system.all_requests():
        for state in naive.combinations(system, 21 * 21):
            assert oracle.decide(state, request) == naive.step(system, state, request)
            fired |= set(oracle.decide(state, request)[1].fired)
    assert fired == {move for lifecycle in system.lifecycles for move in lifecycle.transitions}
