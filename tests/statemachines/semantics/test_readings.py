"""One declaration, many readings: they agree on every reachable state and request."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from statemachines import always, always_possible, check, sometimes
from statemachines.checker.explicit import explore
from statemachines.checker.slices import Slices
from statemachines.checker.wellformed import wellformed
from statemachines.language import claims
from statemachines.language.expression import TRUE, Moment
from statemachines.semantics.live import LiveSystem
from statemachines.semantics.preconditions import variables_of
from statemachines.smets1.installation import INSTALLATION
from tests.support.thorough import examples, thorough

CHUNKS = 16

MOST = 500
"""Of larger slices, and of more groups of states, so many are drawn; for a night, all of them are compared."""


@pytest.fixture(scope="session")
def installation(compare_readings):
    return compare_readings.Readings(INSTALLATION, most=None if thorough() else MOST)


def _chunk(installation, chunk):
    """Some of the requests: those that are compared on the same slice are next to each other."""
    ordered = installation.by_slice()
    return ordered[chunk * len(ordered) // CHUNKS : (chunk + 1) * len(ordered) // CHUNKS]


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_oracle_checker_and_machines_agree_on_every_kind_of_state_of_each_request_s_slice(
    chunk, installation, compare_readings, record_property
):
    """All at once, for the exploration of a slice serves them all."""
    checker = machines = compare_readings.Compared()
    for asked in _chunk(installation, chunk):
        checker += installation.oracle_and_checker(asked)
        machines += installation.oracle_and_machines(asked)
    for reading, compared in (("checker", checker), ("live machines", machines)):
        assert compared.literal
        record_property(f"pairs of state and request, oracle and {reading}, literally compared", compared.literal)
        record_property(f"pairs of state and request, oracle and {reading}, represented by these", compared.represented)


@pytest.mark.slow
def test_oracle_and_machines_agree_on_pairs_drawn_at_random(installation):
    """In any state, whether it can be reached or not."""
    draw = random.Random(2020)
    for _ in range(5000):
        values = (draw.choice(variable.domain) for variable in INSTALLATION.variables)
        installation.oracle_and_live(INSTALLATION.state_type(values), draw.choice(installation.slices.requests))


def test_machines_and_oracle_agree_along_long_runs(installation):
    oracle, draw = installation.oracle, random.Random(11)
    live, state = LiveSystem(INSTALLATION), oracle.initial
    requests = [asked.request for asked in installation.slices.requests if asked.changes]
    for request in draw.choices(requests, k=2000):
        state, verdict = oracle.decide(state, request)
        assert live.send(request) == verdict
        assert live.state == state
    assert live.trace.end == state
    assert live.trace.steps[-1].after == state
    assert sum(len(each.history) for each in live.lifecycles.values()) == sum(
        len(step.verdict.fired) for step in live.history
    )


@pytest.mark.slow
@examples(25)
@given(st.data())
def test_all_readings_of_a_random_system_agree(compare_readings, strategies, data):
    system = data.draw(strategies.systems())
    readings, space = compare_readings.Readings(system), explore(system)
    states = readings.lifted(space, np.arange(len(space)))
    for asked in readings.slices.requests:
        readings.oracle_and_checker(asked)
        readings.oracle_and_machines(asked)
        for state in states[:50]:
            readings.oracle_and_live(state, asked)


@pytest.mark.slow
@examples(25)
@given(st.data())
def test_exploring_finds_what_a_naive_search_finds(strategies, naive, data):
    system = data.draw(strategies.systems())
    space = explore(system)
    result = {space.state(index): int(space.depth[index]) for index in range(len(space))}
    assert result == naive.depths(system)
    assert len(result) == len(space)
    for index, state in enumerate(result):
        assert space.index(state) == index
        start, requests = space.path(index)
        assert start in set(system.initial_states())
        assert len(requests) == result[state]
        for request in requests:
            start, _ = naive.step(system, start, request)
        assert start == state


@pytest.mark.slow
@examples(25)
@given(st.data())
def test_a_slice_is_the_whole_seen_through_fewer_variables(strategies, data):
    system = data.draw(strategies.systems())
    wanted = {variable.name for variable in data.draw(strategies.subsets(system.variables))}
    slices = Slices(system)
    whole, part = explore(system), slices.space(wanted)
    names = [variable.name for variable in part.variables]
    assert wanted <= set(names) == slices.cone(wanted) == slices.cone(names)
    projected = {}
    for index in range(len(whole)):
        seen = tuple(getattr(whole.state(index), name) for name in names)
        projected[seen] = min(projected.get(seen, 1 << 15), int(whole.depth[index]))
    sliced = {
        tuple(getattr(part.state(index), name) for name in names): int(part.depth[index]) for index in range(len(part))
    }
    assert sliced == projected


@pytest.mark.slow
@examples(40)
@given(st.data())
def test_a_precondition_holds_of_a_state_if_the_condition_holds_of_the_step(strategies, naive, data):
    """In any state of the variables, reachable or not; and it reads nothing but variables."""
    system = data.draw(strategies.systems())
    condition = data.draw(strategies.step_conditions(system))
    for asked in Slices(system).requests:
        before = asked.of(condition)
        assert {term.name for term in before.terms()} == set(variables_of(before))
        for state in naive.combinations(system, 24):
            after, verdict = naive.step(system, state, asked.request)
            step = Moment(state.as_dict(), asked.request, after.as_dict(), verdict)
            assert before.holds(Moment(state.as_dict())) == condition.holds(step)


def _decided(system, claim):
    return check(claims.Claims(system, [claim])).findings[0]


def _length(trace):
    return None if trace is None else len(trace.steps)


@pytest.mark.slow
@examples(25)
@given(st.data())
def test_claims_on_states_are_decided_as_a_naive_search_does(strategies, naive, data):
    system = data.draw(strategies.systems())
    when, then = data.draw(strategies.state_conditions(system)), data.draw(strategies.state_conditions(system))
    known = naive.depths(system)
    case, broken = naive.shortest_state(system, known, when), naive.shortest_state(system, known, when & ~then)
    result = _decided(system, always("it", when=when, then=then, rules="R-1"))
    assert result.holds == (case is not None and broken is None)
    assert (_length(result.witness), _length(result.counterexample)) == (case, broken)
    assert bool(result.vacuous) == (case is None)
    result = _decided(system, sometimes("it", of=when, rules="R-1"))
    assert (result.holds, _length(result.witness)) == (case is not None, case)


@pytest.mark.slow
@examples(40)
@given(st.data())
def test_claims_on_steps_are_decided_as_a_naive_search_does(strategies, naive, data):
    system = data.draw(strategies.systems())
    when, then = data.draw(strategies.step_conditions(system)), data.draw(strategies.step_conditions(system))
    claim = always("it", when=when, then=then, rules="R-1")
    shortest = naive.shortest_step if claim.of_steps else naive.shortest_state
    known = naive.depths(system)
    case, broken = shortest(system, known, when), shortest(system, known, when & ~then)
    result = _decided(system, claim)
    assert result.holds == (case is not None and broken is None)
    assert (_length(result.witness), _length(result.counterexample)) == (case, broken)


@pytest.mark.slow
@examples(25)
@given(st.data())
def test_what_is_always_possible_is_decided_as_a_naive_search_does(strategies, naive, data):
    system = data.draw(strategies.systems())
    conditions = strategies.state_conditions(system)
    when, goal = data.draw(st.one_of(st.just(TRUE), conditions)), data.draw(conditions)
    known = naive.depths(system)
    can = naive.can_reach(system, known, goal)
    cases = [state for state in known if when.holds(Moment(state.as_dict()))]
    stuck = min((known[state] for state in cases if state not in can), default=None)
    result = _decided(system, always_possible("it", when=when, goal=goal, rules="R-1"))
    assert result.holds == (bool(cases) and stuck is None)
    assert _length(result.counterexample) == stuck


@pytest.mark.slow
@examples(40)
@given(st.data())
def test_two_runs_are_distinguished_as_a_naive_search_does(strategies, naive, data):
    system = data.draw(strategies.systems())
    claim = data.draw(strategies.secrets(system)).claim("it")
    length, seen = naive.told_apart(system, claim)
    result = _decided(system, claim)
    assert _length(result.counterexample) == _length(result.other_run) == length
    assert result.holds == (length is None and seen)
    if result.counterexample:
        shown = [
            tuple(getattr(run.steps[-1].verdict, term.name) for term in claim.observes)
            for run in (result.counterexample, result.other_run)
        ]
        assert shown[0] != shown[1]


@pytest.mark.slow
@examples(25)
@given(st.data())
def test_a_survey_finds_what_a_naive_one_finds(strategies, naive, data):
    system = data.draw(strategies.systems())
    result, known = wellformed(system), naive.depths(system)
    dead, moving = naive.dead(system, known)
    assert set(result.dead) == dead
    assert (result.not_total, result.not_deterministic) == ((), ())
    assert result.whole.states == len(known)
    assert result.whole.depth == max(known.values())
    assert result.whole.transitions == moving
