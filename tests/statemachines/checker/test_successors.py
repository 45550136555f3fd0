"""Successors lead where the declarations lead, however many states are looked at together."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from statemachines import Answer, Count, Lifecycle, Register, RequestType, Rule, System, Transition, Variable, adding
from statemachines.checker import explicit, successors
from statemachines.checker.encoding import Columns, Radices
from statemachines.checker.slices import Slices
from statemachines.checker.successors import Shifts
from statemachines.semantics.grounding import ground
from statemachines.semantics.oracle import Oracle, decided
from statemachines.semantics.preconditions import Preconditions
from statemachines.smets1.fleet import fleet
from statemachines.smets1.installation import INSTALLATION
from tests.support import house, naive, strategies
from tests.support.thorough import examples, thorough


@pytest.fixture(params=["one chunk", "small chunks", "no shifts listed"])
def limits(request, monkeypatch):
    """Ways to work that differ only in speed."""
    if request.param == "small chunks":
        monkeypatch.setattr(successors, "CHUNK", 20)
    elif request.param == "no shifts listed":
        monkeypatch.setattr(successors, "MOST_SHIFTS", 1)


@pytest.mark.slow
@examples(20)
@given(st.data())
def test_each_way_finds_what_a_naive_search_finds(limits, data):
    system = data.draw(strategies.systems())
    space = explicit.explore(system)
    result = {space.state(index): int(space.depth[index]) for index in range(len(space))}
    assert result == naive.depths(system)
    for index, state in enumerate(result):
        start, requests = space.path(index)
        assert len(requests) == result[state]
        for request in requests:
            start, _ = naive.step(system, start, request)
        assert start == state


@pytest.mark.slow
@examples(20)
@given(st.data())
def test_each_way_finds_what_leads_to_a_goal(limits, data):
    system = data.draw(strategies.systems())
    space = explicit.explore(system)
    goal = np.array(data.draw(st.lists(st.booleans(), min_size=len(space), max_size=len(space))), dtype=bool)
    states = [space.state(index) for index in range(len(space))]
    can = {state for state, wanted in zip(states, goal, strict=True) if wanted}
    after = {state: {naive.step(system, state, request)[0] for request in system.all_requests()} for state in states}
    spreading = True
    while spreading:
        more = {state for state in states if state not in can and after[state] & can}
        can, spreading = can | more, bool(more)
    assert [state for state, able in zip(states, space.leading_to(goal), strict=True) if able] == [
        state for state in states if state in can
    ]


@pytest.mark.slow
def test_each_way_orders_states_alike_and_comes_to_them_by_the_same_requests(limits):
    system = fleet(3 if thorough() else 2, dated=True)
    space, again = explicit.explore(system), explicit.explore(system, requests=None)
    assert (space.integers == again.integers).all()
    order = np.lexsort((space.integers, space.depth))
    assert (order == np.arange(len(space))).all()
    for index in range(0, len(space), 97):
        _, requests = space.path(index)
        if requests:
            before = [space.index(space.path(index)[0])]
            for request in requests:
                effect = next(effect for effect in space.effects if effect.request is request)
                before.append(int(space.successors(effect)[before[-1]]))
            assert before[-1] == index
            last = [effect.request for effect in space.effects].index(requests[-1])
            earlier = space.depth == space.depth[index] - 1
            for effect in space.effects[:last]:
                moved, after = space.moves(effect)
                assert not ((after == index) & earlier[moved]).any(), "a request declared before leads there as well"


@pytest.mark.slow
def test_a_large_slice_of_the_installation_is_the_same_each_way(monkeypatch):
    slices = Slices(INSTALLATION)
    kept = slices.cone({"load_switch"})
    variables = [variable for variable in INSTALLATION.variables if variable.name in kept]
    usual = explicit.explore(INSTALLATION, variables=variables, requests=slices.requests)
    assert len(usual) == 27216  # SPIN counts each slice: tests/properties/smets1/test_promela_installation.py
    monkeypatch.setattr(successors, "CHUNK", 1000)
    other = explicit.explore(INSTALLATION, variables=variables, requests=slices.requests)
    assert (usual.integers == other.integers).all()
    assert (usual.depth == other.depth).all()
    assert [usual.path(index) for index in range(0, 27216, 4001)] == [
        other.path(index) for index in range(0, 27216, 4001)
    ]


def assert_shifted_as_the_oracle_steps(system):
    """From every combination of values, each request."""
    oracle, radices = Oracle(system), Radices(system.variables)
    before = radices.columns(np.arange(radices.product))
    states = [system.state_type(values) for values in product(*(variable.domain for variable in system.variables))]
    indices = {state: index for index, state in enumerate(states)}
    for request in system.all_requests():
        after = [indices[decided(oracle, state, request)[0]] for state in states]
        shifts = Shifts(Preconditions(ground(system, request)).changes, radices)
        assert shifts.after(before).tolist() == after, str(request)


def test_states_after_a_request_are_the_oracle_s(house_system):
    assert_shifted_as_the_oracle_steps(house_system)


@pytest.mark.slow
@examples(15)
@given(strategies.systems())
def test_so_are_those_of_random_systems(system):
    assert_shifted_as_the_oracle_steps(system)


def test_a_counter_of_many_values_asks_no_more_conditions_than_one_of_few(monkeypatch):
    asked = []
    monkeypatch.setattr(Columns, "where", lambda columns, expr: asked.append(expr) or np.ones(len(columns), dtype=bool))
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
        radices = Radices(system.variables)
        Shifts(Preconditions(ground(system, up())).changes, radices).after(radices.columns(np.arange(2)))
    assert [expr.words() for expr in asked] == ["on is 1", "on is 1"]


def test_a_request_may_reset_any_number_of_counters():
    """By how much it changes the numbers of states is not listed: there are too many ways."""
    level, up, reset = Count(0, 99), RequestType("Up"), RequestType("Reset")
    system = System(
        "counters",
        Register([Rule("C-1", "It counts.", "manual")]),
        lifecycles=[
            Lifecycle(
                counter,
                level(0),
                [
                    *adding(counter, 1, up, rules="C-1"),
                    *(Transition(value, reset, level(0), rules="C-1") for value in list(level)[1:]),
                ],
            )
            for counter in (Variable(f"counter_{at}", level) for at in range(6))
        ],
        requests=[up, reset],
        answers=[
            Answer([up, reset], outcome=house.Say.DONE, at=house.Place.LOCK, reason=house.Why.AS_ASKED, rules="C-1")
        ],
    )
    space = explicit.explore(system)
    assert [len(space.path(index)[1]) for index in range(len(space))] == list(range(100))
