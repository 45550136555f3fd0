"""Mutants of behaviour: what each does, and that the suite of a small system kills each or it is equivalent."""

from collections import Counter

import pytest

from examples.parcel_locker import Box, Code, Put, Take, Wait, claims, system
from properties.conformance.suite.generator import generated
from properties.mutation.behaviour_mutants import behaviours, behaviours_of
from properties.mutation.mutants import mutants_of, pairs_of
from properties.mutation.operators import Operator
from properties.mutation.replaying import Layer
from properties.mutation.strength import LayerKind, Layers, strength_of
from statemachines.language.claims import Claims
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Scenario
from tests.support.mutation import requests_processed_otherwise
from tests.support.pin_safe import make_safe


def mutant(kind, where, what=""):
    (one,) = (one for one in behaviours(system, kind) if one.where.startswith(where) and one.what.startswith(what))
    return one


def boxes(one, *requests, start=Box.EMPTY):
    """The state of the box after each request."""
    oracle, state = Oracle(one.system), one.original.state(box=start)
    states = []
    for request in requests:
        state, _ = oracle.decide(state, request)
        states.append(state.box)
    return states


def test_what_is_refused_is_carried_out():
    one = mutant(Operator.APPLIED, "Take refused by 'the code is right'")
    assert boxes(one, Take(code=Code.WRONG), start=Box.FULL) == [Box.EMPTY]


def test_a_transition_fires_once():
    one = mutant(Operator.ONCE, "lifecycle box, EMPTY --Put--> FULL")
    assert boxes(one, Put(), Take(code=Code.RIGHT), Put()) == [Box.FULL, Box.EMPTY, Box.EMPTY]


def test_a_transition_fires_late_whatever_the_next_request_is():
    one = mutant(Operator.LATE, "lifecycle box, EMPTY --Put--> FULL")
    assert boxes(one, Put(), Wait(), Wait()) == [Box.EMPTY, Box.FULL, Box.OVERDUE]
    assert boxes(one, Put(), Take(code=Code.WRONG)) == [Box.EMPTY, Box.FULL]


def test_something_else_changes_with_what_a_check_refuses():
    one = mutant(Operator.STRAY, "Put refused by 'there is room'", "box is holds a parcel too long")
    assert boxes(one, Put(), Put()) == [Box.FULL, Box.OVERDUE]


def test_part_of_a_request_is_carried_out():
    """A third wrong code locks the door of the safe and is counted: one is done without the other."""
    safe = make_safe()
    parts = list(behaviours(safe.claims.system, Operator.IN_PART))
    assert len({one.where for one in parts}) < len(parts)
    for one in parts:
        assert requests_processed_otherwise(safe.claims.system, one) == set(one.kinds)


def test_a_variable_that_is_not_reset_shows_in_a_later_sequence():
    kept = mutant(Operator.KEPT, "putting box")
    fills, puts = Scenario(system.state(), (Put(),)), Scenario(system.state(), (Wait(), Put()))
    takes = Scenario(system.state(), (Take(code=Code.WRONG),))
    assert Layer(Oracle(system), [fills, takes, puts]).kills(kept).sequence == 2
    assert Layer(Oracle(system), [puts, takes, fills]).kills(kept).sequence == 2
    assert Layer(Oracle(system), [takes, puts]).kills(kept) is None


def test_only_the_types_that_a_mutant_names_are_processed_otherwise(house_system):
    for one in behaviours_of(house_system):
        assert requests_processed_otherwise(one.original, one) <= set(one.kinds), str(one)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["locker", "house"])
def test_the_deterministic_layer_kills_each_mutant_of_a_small_system_or_it_is_equivalent(name, house_system):
    of = claims if name == "locker" else Claims(house_system, [])
    sequences = tuple(vector.scenario for vector in generated(of).vectors)
    strength = strength_of(of, Layers(lambda _: sequences, lambda *_: ()), pairs=20)
    assert [str(one.mutant) for one in strength.survivors] == []
    made = Counter(result.mutant.operator for result in strength.results)
    assert made[Operator.TWO] == 20
    assert {Operator.APPLIED, Operator.ONCE, Operator.LATE, Operator.KEPT, Operator.STRAY} <= set(made)
    assert strength.killed_by(LayerKind.DETERMINISTIC) > len(strength.results) / 2


def test_without_the_goals_of_behaviour_a_stray_change_survives():
    suite = generated(claims)
    renews = mutant(Operator.STRAY, "Put refused by 'there is room'", "box is holds a parcel then")
    assert Layer(Oracle(system), [one.scenario for one in suite.vectors]).kills(renews)
    others = [one.scenario for one in suite.vectors if not all(key.startswith("behaviour:") for _, key in one.reached)]
    assert 0 < len(others) < len(suite.vectors)
    assert Layer(Oracle(system), others).kills(renews) is None


def test_two_mistakes_are_drawn_by_the_seed():
    made = mutants_of(system)
    first, again, other = (pairs_of(made, 5, seed) for seed in (0, 0, 1))
    assert list(map(str, first)) == list(map(str, again)) != list(map(str, other))
    assert [one.name for one in first] == [f"P000{number}" for number in range(1, 6)]
    for one in first:
        assert requests_processed_otherwise(system, one) <= set(one.kinds)
