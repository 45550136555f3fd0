"""Planted faults: each change does what it says, and one that would change nothing is an error."""

import attrs
import pytest

from properties.mutation import planting
from statemachines import DeclarationError, Oracle
from statemachines.language.expression import FALSE
from tests.support import house


@pytest.fixture
def system(house_system):
    return house_system


def labels(system):
    return [[check.label for check in gate.checks] for gate in system.gates]


def test_a_check_is_left_out_changed_or_moved(system):
    [[fuse], [key, ajar]] = labels(system)
    assert labels(planting.without_check(system, key)) == [[fuse], [ajar]]
    never = planting.changed_check(system, key, lambda _: FALSE, rules="HOUSE-6").gates[1].checks[0]
    assert (never.fails_when, never.rules, never.label) == (FALSE, ("HOUSE-6",), key)
    assert labels(planting.moved_check(system, ajar, house.Place.SWITCH)) == [[fuse, ajar], [key]]
    assert labels(planting.moved_check(system, ajar, house.Place.SWITCH, before=fuse)) == [[ajar, fuse], [key]]
    assert labels(system) == [[fuse], [key, ajar]]


def test_a_gate_is_left_out_or_passed_by(system):
    both = planting.changed_gate(system, house.Place.SWITCH, on=[house.Press, house.Turn])
    passed_by = planting.bypassing(both, house.Place.SWITCH, house.Press).gates[0]
    assert passed_by.on == (house.Turn,)
    assert passed_by.checks == ()  # the fuse was asked of Press alone
    without = planting.without_gate(both, house.Place.LOCK)
    assert [gate.party for gate in without.gates] == [house.Place.SWITCH]
    _, verdict = Oracle(without).decide(without.state(), house.Turn(by=house.Person.BEN))
    assert verdict.outcome is house.Say.DONE


def test_transitions_are_left_out_added_or_changed(system):
    lifecycle = system.lifecycle("door")
    one = lifecycle.transitions[1]
    without = planting.without_transitions(system, "door", one.on, one.target)
    assert one not in without.lifecycle("door").transitions
    again = planting.with_transition(without, "door", one)
    assert one in again.lifecycle("door").transitions
    stuck = planting.changed_transitions(system, "door", one.on, lambda move: attrs.evolve(move, when=FALSE))
    assert any(move.when is FALSE for move in stuck.lifecycle("door").transitions)
    assert planting.starting(system, "door", house.Door.SHUT).lifecycle("door").initial == (house.Door.SHUT,)


def test_answers_are_added_changed_or_left_out(system):
    answer = system.answers[-1]
    kind = answer.on[0]
    silent = attrs.evolve(answer, response=None)
    first = planting.with_answer(system, silent)
    assert first.answers == (silent, *system.answers)
    changed = planting.changed_answers(system, kind, lambda one: attrs.evolve(one, response=None))
    assert [one.response for one in changed.answers if kind in one.on] == [None]
    with pytest.raises(DeclarationError, match="has no verdict; give it an answer"):
        planting.changed_answers(system, kind, lambda _: None)


def test_states_of_the_one_are_states_of_the_other(system):
    faulty = planting.without_check(system, "the door is shut")
    request = house.Turn(by=house.Person.ANN)
    assert Oracle(system).decide(system.state(), request)[1].outcome is house.Say.REFUSED
    assert Oracle(faulty).decide(system.state(), request)[1].outcome is house.Say.DONE


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda it, _: planting.without_check(it, "nonsense"), "has no check 'nonsense'"),
        (lambda it, _: planting.changed_check(it, "nonsense"), "has no check 'nonsense'"),
        (
            lambda it, house: planting.moved_check(it, "the door is shut", house.Place.SWITCH, before="nonsense"),
            "has no check 'nonsense' at the switch",
        ),
        (
            lambda it, _: planting.moved_check(it, "nonsense", it.gates[0].party),
            "has no single check 'nonsense', but 0",
        ),
        (lambda it, house: planting.without_gate(it, house.Place.DOOR), "has no gate at the door"),
        (lambda it, house: planting.changed_gate(it, house.Place.DOOR), "has no gate at the door"),
        (
            lambda it, house: planting.bypassing(it, it.gates[1].party, house.Press),
            "has no gate at the lock that PressSwitch comes to",
        ),
        (
            lambda it, house: planting.without_transitions(it, "door", house.Press),
            "nothing of the lifecycle 'door' would change",
        ),
        (
            lambda it, house: planting.changed_answers(it, house.Press, lambda answer: answer),
            "no answer to PressSwitch would change",
        ),
        (lambda it, _: planting.starting(it, "nonsense"), "has no lifecycle 'nonsense'"),
    ],
)
def test_a_change_that_changes_nothing_is_an_error(system, change, message):
    with pytest.raises(DeclarationError, match=message):
        change(system, house)
