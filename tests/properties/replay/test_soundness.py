"""A deviation is reported only where it is certain: random systems, random logs, hidden events, unknown beginnings."""

from random import Random

import pytest

from properties.replay.events import SeenRequest, Stepping
from properties.replay.lockstep import Lockstep
from statemachines import Oracle
from tests.support.replaying import all_states, compared, first_deviations, naive, run_of
from tests.support.strategies import random_systems
from tests.support.thorough import TIMES, thorough

pytestmark = pytest.mark.slow

RUNS = 20
"""Runs of each system."""


@pytest.mark.parametrize("unknown", [False, True], ids=["known start", "unknown start"])
@pytest.mark.parametrize("hiding", [False, True], ids=["complete", "hidden events"])
def test_whatever_is_reported_is_impossible_in_every_state(unknown, hiding):
    reported = certain = 0
    for number, system in enumerate(random_systems(8 * (TIMES if thorough() else 1))):
        random = Random(number)
        hidden = [request for request in system.all_requests() if hiding and random.random() < 0.3]
        results = compared(system, random, hidden, unknown=unknown, runs=RUNS)
        for at, (_, index, exact) in enumerate(results):
            assert index == -1 or 0 <= exact <= index, (number, at)
            if at % 2 == 0:
                assert index == -1, (number, at)
            reported += index >= 0
            certain += exact >= 0
    assert certain > RUNS
    assert reported > 0.8 * certain


def test_with_a_known_start_and_nothing_hidden_every_deviation_is_reported():
    for number, system in enumerate(random_systems(6 * (TIMES if thorough() else 1))):
        random = Random(number)
        oracle, stepping = Oracle(system), Stepping(system)
        start = next(system.initial_states())
        runs = [run_of(system, oracle, random, start=start, hidden=(), wrong=True) for _ in range(RUNS)]
        column = stepping.start({name: (value,) for name, value in start.as_dict().items()})
        assert first_deviations(Lockstep(stepping), column, runs) == [naive(oracle, [start], (), run) for run in runs]


@pytest.mark.parametrize(("limit", "value"), [("LARGEST_TABLE", 0), ("MOST_KNOWN", 1), ("MOST_EVENTS", -10_000)])
def test_what_is_remembered_changes_nothing(monkeypatch, limit, value):
    for number, system in enumerate(random_systems(4)):
        random, oracle, stepping = Random(number), Oracle(system), Stepping(system)
        states = all_states(system)
        runs = [run_of(system, oracle, random, start=random.choice(states), hidden=(), wrong=True) for _ in range(RUNS)]
        lockstep, start = Lockstep(stepping), stepping.start({})
        usual = first_deviations(lockstep, start, runs)
        assert first_deviations(lockstep, start, runs[::-1]) == usual[::-1]
        with monkeypatch.context() as patch:
            patch.setattr(f"properties.replay.lockstep.{limit}", value)
            limited = Lockstep(stepping)
            assert [first_deviations(limited, start, runs) for _ in range(2)] == [usual, usual]


def test_a_step_reads_and_changes_nothing_beyond_its_scope():
    beyond = 0
    for number, system in enumerate(random_systems(30)):
        random, requests = Random(number), list(system.all_requests())
        stepping = Stepping(system, [request for request in requests if random.random() < 0.3])
        for seen in (SeenRequest((request,)) for request in requests):
            event = (seen, SeenRequest((random.choice(requests),)))[: random.choice((1, 1, 2))]
            values = {one.name: random.sample(one.domain, random.randint(1, 2)) for one in system.variables}
            column, scope = stepping.start(values), list(stepping.scope(event))
            wide = stepping.values.all[:, None].copy()
            wide[scope] = column[scope]
            step, of_wide = stepping.step(event, column), stepping.step(event, wide)
            assert step.impossible[0] == of_wide.impossible[0]
            assert step.certain[0] == of_wide.certain[0]
            if not step.impossible[0]:
                assert (step.after[scope] == of_wide.after[scope]).all()
                others = [row for row in range(len(column)) if row not in scope]
                assert (step.after[others] == column[others]).all()
                beyond += bool(others)
    assert beyond > 100
