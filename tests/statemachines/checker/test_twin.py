"""Twins: that one request stands only for those that come to the same in both systems; and the states after it."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from properties.mutation.mutants import mutants_of
from statemachines import Answer, Count, Lifecycle, Register, RequestType, Rule, System, Variable, adding
from statemachines.checker.encoding import Columns
from statemachines.checker.slices import slices
from statemachines.checker.twin import Twins, grounded_key, stepped
from statemachines.semantics.grounding import ground
from statemachines.semantics.oracle import Oracle, decided
from statemachines.semantics.preconditions import Preconditions
from tests.support import house, strategies
from tests.support.thorough import examples


def assert_as_if_each_was_grounded(system, mutants):
    """Every request, and what its twin stands for, in both systems."""
    twins = Twins(slices(system))
    shared = changed = 0
    for mutant in mutants:
        for kind in mutant.kinds:
            of_type = twins.of(mutant.system, kind)
            assert list(of_type) == list(kind.requests())
            for request, twin in of_type.items():
                before, now = (grounded_key(ground(one, request)) for one in (system, mutant.system))
                assert grounded_key(twin.first.grounded) == before, str(mutant)
                assert grounded_key(twin.second.grounded) == now, str(mutant)
                assert (twin.first is twin.second) == (before == now)
                shared += twin.request is not request
                changed += before != now
    return shared, changed


def test_every_request_of_a_mutant_has_the_twin_that_it_would_have_alone(house_system):
    assert all(assert_as_if_each_was_grounded(house_system, mutants_of(house_system).mutants))


@pytest.mark.slow
@examples(15)
@given(st.data())
def test_so_have_those_of_random_systems(data):
    system = data.draw(strategies.systems())
    mutants = mutants_of(system).mutants
    at = data.draw(st.lists(st.integers(0, len(mutants) - 1), min_size=1, max_size=8, unique=True))
    assert_as_if_each_was_grounded(system, [mutants[one] for one in at])


def columns_of(system, states):
    variables = system.variables
    arrays = [[variable.position(value) for variable, value in zip(variables, state, strict=True)] for state in states]
    return Columns(tuple(variable.name for variable in variables), tuple(np.array(arrays, dtype=np.uint8).T))


def assert_stepped_as_the_oracle_steps(system):
    """From every combination of values, each request."""
    oracle, names = Oracle(system), system.state_type.names
    states = [system.state_type(values) for values in product(*(variable.domain for variable in system.variables))]
    before = columns_of(system, states)
    for request in system.all_requests():
        after = [decided(oracle, state, request)[0] for state in states]
        found = stepped(Preconditions(ground(system, request)), before, names)
        for array, expected in zip(found.arrays, columns_of(system, after).arrays, strict=True):
            assert array.tolist() == expected.tolist(), str(request)


def test_states_after_a_request_are_the_oracle_s(house_system):
    assert_stepped_as_the_oracle_steps(house_system)


@pytest.mark.slow
@examples(15)
@given(strategies.systems())
def test_so_are_those_of_random_systems(system):
    assert_stepped_as_the_oracle_steps(system)


def test_a_counter_of_many_values_asks_no_more_conditions_than_one_of_few(monkeypatch):
    asked = []
    monkeypatch.setattr(Columns, "where", lambda _, expr: asked.append(expr) or True)
    for high in (3, 100):
        up, on = RequestType("Up"), Variable("on", Count(0, 1))
        level = Variable("level", Count(0, high))
        system = System(
            "counter",
            Register([Rule("C-1", "It counts.", "manual")]),
            lifecycles=[
                Lifecycle(level, Count(0, high)(0), adding(level, 1, up, when=on == 1, rules="C-1")),
                Lifecycle(on, list(Count(0, 1))),
            ],
            requests=[up],
            answers=[Answer([up], outcome=house.Say.DONE, at=house.Place.LOCK, reason=house.Why.AS_ASKED, rules="C-1")],
        )
        columns = columns_of(system, system.initial_states())
        stepped(Preconditions(ground(system, up())), columns, ["level"])
    assert [expr.words() for expr in asked] == ["on is 1", "on is 1"]
