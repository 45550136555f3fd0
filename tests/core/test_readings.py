"""One declaration, many readings: they agree on every reachable state and request."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from statemachines import always, always_possible, check, indistinguishable, sometimes
from statemachines.core import claims
from statemachines.core.explore import cone, explore, ground_all, slice_of
from statemachines.core.expression import TRUE, Moment
from statemachines.core.live import LiveSystem
from statemachines.core.oracle import Oracle
from statemachines.installation import INSTALLATION

CHUNKS = 16


def examples(count):
    """So many random systems; how long one takes says nothing."""
    return settings(max_examples=count, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Installation:
    """The installation in each reading."""

    def __init__(self, compare_readings):
        self.space = explore(INSTALLATION)
        self.states = compare_readings.every_state(self.space)
        self.oracle = Oracle(INSTALLATION)
        self.live = LiveSystem(INSTALLATION)


@pytest.fixture(scope="session")
def installation(compare_readings):
    return Installation(compare_readings)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_oracle_and_checker_agree_on_every_pair_of_the_installation(
    chunk, installation, compare_readings, record_property
):
    at = installation
    pairs = 0
    for grounded in at.space.grounded[chunk::CHUNKS]:
        pairs += compare_readings.oracle_and_checker(at.space, at.states, at.oracle, grounded).literal
    record_property("pairs of state and request, oracle and checker, literally compared", pairs)
    assert pairs == len(at.states) * len(at.space.grounded[chunk::CHUNKS])


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_oracle_and_machines_agree_on_every_kind_of_pair_of_the_installation(
    chunk, installation, compare_readings, record_property
):
    at = installation
    compared = compare_readings.Compared(0, 0)
    for grounded in at.space.grounded[chunk::CHUNKS]:
        compared += compare_readings.oracle_and_machines(at.space, at.states, at.oracle, at.live, grounded)
    record_property("pairs of state and request, oracle and live machines, literally compared", compared.literal)
    record_property("pairs of state and request, oracle and live machines, represented by these", compared.represented)


def test_oracle_and_machines_agree_on_pairs_drawn_at_random(installation, compare_readings):
    at, draw = installation, random.Random(2020)
    for _ in range(5000):
        compare_readings.oracle_and_live(at.oracle, at.live, draw.choice(at.states), draw.choice(at.space.grounded))


def test_machines_and_oracle_agree_along_long_runs(installation):
    oracle, draw = installation.oracle, random.Random(11)
    live, state = LiveSystem(INSTALLATION), oracle.initial
    requests = [grounded.request for grounded in installation.space.grounded if grounded.moves]
    for request in draw.choices(requests, k=2000):
        state, verdict = oracle.decide(state, request)
        assert live.send(request) == verdict
        assert live.state == state
    assert live.trace.end == state
    assert [step.state for step in live.trace.steps][-1] == state
    assert sum(len(each.history) for each in live.lifecycles.values()) == sum(
        len(step.verdict.fired) for step in live.history
    )


@examples(100)
@given(st.data())
def test_all_readings_of_a_random_system_agree(compare_readings, strategies, data):
    system = data.draw(strategies.systems())
    space, oracle, live = explore(system), Oracle(system), LiveSystem(system)
    states = [space.state(place) for place in range(len(space))]
    for grounded in space.grounded:
        compare_readings.oracle_and_checker(space, states, oracle, grounded)
        for state in states:
            compare_readings.oracle_and_live(oracle, live, state, grounded)


@examples(100)
@given(st.data())
def test_exploring_finds_what_a_naive_search_finds(strategies, naive, data):
    system = data.draw(strategies.systems())
    space = explore(system)
    found = {space.state(place): int(space.depth[place]) for place in range(len(space))}
    assert found == naive.depths(system)
    assert len(found) == len(space)
    for place, state in enumerate(found):
        assert space.place(state) == place
        start, requests = space.path(place)
        assert start in set(system.initial_states())
        assert len(requests) == found[state]
        for request in requests:
            start, _ = naive.step(system, start, request)
        assert start == state


@examples(100)
@given(st.data())
def test_a_slice_is_the_whole_seen_through_fewer_variables(strategies, data):
    system = data.draw(strategies.systems())
    wanted = data.draw(strategies.subsets(system.variables))
    grounded = ground_all(system)
    whole, part = explore(system), slice_of(system, grounded, cone(grounded, wanted))
    names = [variable.name for variable in part.variables]
    assert set(names) == cone(grounded, wanted)
    projected = {}
    for place in range(len(whole)):
        seen = tuple(getattr(whole.state(place), name) for name in names)
        projected[seen] = min(projected.get(seen, 1 << 15), int(whole.depth[place]))
    sliced = {
        tuple(getattr(part.state(place), name) for name in names): int(part.depth[place]) for place in range(len(part))
    }
    assert sliced == projected


def _decided(system, claim):
    return check(claims.Claims(system, [claim])).findings[0]


def _length(trace):
    return None if trace is None else len(trace.steps)


@examples(100)
@given(st.data())
def test_claims_on_states_are_decided_as_a_naive_search_does(strategies, naive, data):
    system = data.draw(strategies.systems())
    when, then = data.draw(strategies.state_conditions(system)), data.draw(strategies.state_conditions(system))
    known = naive.depths(system)
    case, broken = naive.shortest_state(system, known, when), naive.shortest_state(system, known, when & ~then)
    found = _decided(system, always("it", when=when, then=then, rules="R-1"))
    assert found.holds == (case is not None and broken is None)
    assert (_length(found.witness), _length(found.counterexample)) == (case, broken)
    assert bool(found.vacuous) == (case is None)
    found = _decided(system, sometimes("it", of=when, rules="R-1"))
    assert (found.holds, _length(found.witness)) == (case is not None, case)


@examples(100)
@given(st.data())
def test_claims_on_steps_are_decided_as_a_naive_search_does(strategies, naive, data):
    system = data.draw(strategies.systems())
    when, then = data.draw(strategies.step_conditions(system)), data.draw(strategies.step_conditions(system))
    claim = always("it", when=when, then=then, rules="R-1")
    shortest = naive.shortest_step if claim.of_steps else naive.shortest_state
    known = naive.depths(system)
    case, broken = shortest(system, known, when), shortest(system, known, when & ~then)
    found = _decided(system, claim)
    assert found.holds == (case is not None and broken is None)
    assert (_length(found.witness), _length(found.counterexample)) == (case, broken)


@examples(100)
@given(st.data())
def test_what_is_always_possible_is_decided_as_a_naive_search_does(strategies, naive, data):
    system = data.draw(strategies.systems())
    conditions = strategies.state_conditions(system)
    when, goal = data.draw(st.one_of(st.just(TRUE), conditions)), data.draw(conditions)
    known = naive.depths(system)
    can = naive.can_reach(system, known, goal)
    cases = [state for state in known if when.holds(Moment(state.as_dict()))]
    stuck = min((known[state] for state in cases if state not in can), default=None)
    found = _decided(system, always_possible("it", when=when, goal=goal, rules="R-1"))
    assert found.holds == (bool(cases) and stuck is None)
    assert _length(found.counterexample) == stuck


@examples(100)
@given(st.data())
def test_two_runs_are_told_apart_as_a_naive_search_does(strategies, naive, data):
    system = data.draw(strategies.systems())
    hidden = data.draw(strategies.secrets(system))
    claim = indistinguishable(
        "it",
        secret=hidden.secret,
        between=hidden.between,
        sees=hidden.sees,
        observes=hidden.observes,
        rules="R-1",
    )
    length, seen = naive.told_apart(system, claim)
    found = _decided(system, claim)
    assert _length(found.counterexample) == _length(found.other_run) == length
    assert found.holds == (length is None and seen)
