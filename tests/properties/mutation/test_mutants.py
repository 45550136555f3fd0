"""Mutants: what is made of a condition and of a system, each once, and what the framework refuses."""

from collections import Counter

import attrs

from properties.mutation.mutants import mutants_of
from properties.mutation.operators import Operator, mistakes
from statemachines import Gate
from statemachines.language.expression import TRUE, IsA
from tests.support import house
from tests.support.mutation import requests_processed_otherwise


def reported(expr, *others):
    return [(mistake.operator.name, mistake.expr.words()) for mistake in mistakes(expr, lambda _: others)]


def test_the_mistakes_in_a_membership():
    door, shut = house.door, house.Door.SHUT
    assert reported(door == shut) == [
        ("NEGATED", "door is not shut"),
        ("EXCHANGED", "door is locked"),
        ("GAINED", "door is before locked"),
        ("GAINED", "door is shut or later"),
    ]
    assert reported(door >= shut) == [
        ("NEGATED", "door is open"),
        ("SHIFTED", "door is locked"),
        ("EXCHANGED", "door is not shut"),
        ("LOST", "door is locked"),
        ("LOST", "door is shut"),
    ]
    assert reported(house.by != house.Person.ANN)[1:] == [
        ("EXCHANGED", "by is not Ben"),
        ("LOST", "by is Cat"),
        ("LOST", "by is Ben"),
    ]
    assert reported(TRUE) == []


def test_the_mistakes_in_a_combination():
    door, lamp, fuse = house.door == house.Door.OPEN, house.lamp == house.Lamp.ON, house.fuse == house.Fuse.BLOWN
    both, either = reported(door & lamp), reported(lamp | fuse)
    assert both[:4] == [
        ("NEGATED", "(door is shut or later or lamp is off)"),
        ("DROPPED", "lamp is on"),
        ("DROPPED", "door is open"),
        ("EITHER", "(door is open or lamp is on)"),
    ]
    assert ("NEGATED", "door is open and lamp is off") in both
    assert ("EXCHANGED", "door is shut and lamp is on") in both
    assert either[:4] == [
        ("NEGATED", "lamp is off and fuse is whole"),
        ("DROPPED", "fuse is blown"),
        ("DROPPED", "lamp is on"),
        ("EITHER", "lamp is on and fuse is blown"),
    ]


def test_a_term_is_exchanged_for_another_of_its_kind():
    own = house.Variable("owner", house.Person)
    assert reported(house.by == house.holder, own)[1:] == [
        ("ANOTHER_TERM", "owner is the key holder"),
        ("ANOTHER_TERM", "by is the owner"),
    ]
    assert ("ANOTHER_TERM", "owner is Ann") in reported(house.by == house.Person.ANN, own)
    assert reported(IsA((house.Push,))) == [("NEGATED", "not: the request is Push Door")]


def test_mutants_are_made_once_and_always_in_the_same_order(house_system):
    made, again = mutants_of(house_system), mutants_of(house_system)
    assert [str(mutant) for mutant in made.mutants] == [str(mutant) for mutant in again.mutants]
    assert [mutant.name for mutant in made.mutants] == [f"M{at:04}" for at in range(1, len(made.mutants) + 1)]
    keys = Counter((mutant.where, mutant.what) for mutant in made.mutants)
    assert max(keys.values()) == 1


def test_the_mutants_of_the_house(house_system):
    made = {str(mutant)[6:]: mutant for mutant in mutants_of(house_system).mutants}
    for expected in (
        "lifecycle lamp, OFF --PressSwitch--> ON: never",
        "lifecycle lamp, OFF --PressSwitch--> ON: always",
        "lifecycle lamp, OFF --PressSwitch--> ON: not (door is before locked)",
        "lifecycle door, SHUT --TurnKey--> LOCKED: to OPEN",
        "check 'whoever turns it has the key' at the lock: not made",
        "check 'whoever turns it has the key' at the lock: swapped with 'the door is shut'",
        "check 'the door is shut' at the lock: 'somebody else has the key', and not 'the door is open'",
        "the lock: it is the door",
        "answer 'the door is locked' to Push Door on door is locked: swapped with 'as asked'",
        "answer 'the door is locked' to Push Door on door is locked: not given",
        "answer 'as asked' to Push Door: a click",
    ):
        assert expected in made, "\n".join(made)


def test_two_transitions_at_once_are_refused_and_no_mutant(house_system):
    refused = [(one.operator, one.where, one.what) for one in mutants_of(house_system).refused]
    assert (Operator.SOURCE_GAINED, "lifecycle door, OPEN --PushDoor--> SHUT", "from SHUT too") in refused
    why = next(one.why for one in mutants_of(house_system).refused if one.operator is Operator.SOURCE_GAINED)
    assert "two transitions can fire at once" in why


def test_only_the_types_that_a_mutant_names_are_processed_otherwise(house_system):
    for mutant in mutants_of(house_system).mutants:
        assert requests_processed_otherwise(house_system, mutant) <= set(mutant.kinds), str(mutant)


def test_what_others_are_asked_between_two_that_are_swapped_stays_where_it_is():
    asked = house.checks()
    key, fuse, ajar = asked["key"], asked["fuse"], asked["ajar"]
    checks = [attrs.evolve(key, on=[house.Turn]), fuse, attrs.evolve(ajar, on=[house.Press, house.Turn])]
    gate = Gate(house.Place.SWITCH, checks, on=[house.Press, house.Turn])
    system = house.house(gates=[gate])
    mutants = [one for one in mutants_of(system).mutants if one.operator is Operator.CHECKS_SWAPPED]
    first = next(one for one in mutants if f"{key.label!r} at" in one.where)
    assert [check.label for check in first.system.gates[0].checks] == [fuse.label, ajar.label, key.label]
    assert requests_processed_otherwise(system, first) == set(first.kinds) == {house.Turn}
