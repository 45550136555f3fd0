"""A deviation is reported only where it is certain: random systems, random logs, hidden events, unknown beginnings."""

from itertools import product
from random import Random

import numpy as np
import pytest

from properties.conformance.observation import differs
from properties.replay.events import Seen, Stepping
from properties.replay.lockstep import Lockstep
from statemachines import Oracle
from statemachines.language.terms import ASPECTS
from tests.support.strategies import random_systems
from tests.support.thorough import TIMES, thorough

RUNS = 20
"""Runs of each system."""


def all_states(system):
    """Every state there could be; reachable or not, a log that begins in the middle may begin in it."""
    return [system.state_type(values) for values in product(*(variable.domain for variable in system.variables))]


def closed(oracle, states, hidden):
    """The states that hidden requests may lead to, any number of times."""
    known, todo = set(states), list(states)
    while todo:
        state = todo.pop()
        for request in hidden:
            after, _ = oracle.decide(state, request)
            if after not in known:
                known.add(after)
                todo.append(after)
    return known


def naive(oracle, states, hidden, entries):
    """The index of the first entry that is impossible in every state of a set that is kept exactly; -1 if none is."""
    states = closed(oracle, states, hidden)
    for index, seen in enumerate(entries):
        steps = [oracle.decide(state, seen.requests[0]) for state in states]
        left = {after for after, verdict in steps if not differs(verdict, seen.observation)}
        if not left:
            return index
        states = closed(oracle, left, hidden)
    return -1


def run_of(system, oracle, random, *, start, hidden, wrong):
    """The entries of a random run, hidden requests left out; where it is wrong, one verdict is another one."""
    state, entries = start, []
    requests = list(system.all_requests())
    for _ in range(random.randint(3, 12)):
        request = random.choice(requests)
        state, verdict = oracle.decide(state, request)
        if request not in hidden:
            aspects = [aspect for aspect in ASPECTS if random.random() < 0.6]
            entries.append(Seen((request,), tuple((aspect, getattr(verdict, aspect)) for aspect in aspects)))
    if wrong and entries:
        at = random.randrange(len(entries))
        other = random.choice(system.values_of("outcome"))
        entries[at] = Seen(entries[at].requests, (("outcome", other),))
    return entries


def first_deviations(stepping, start, runs):
    """For each run the index of the first entry that is reported."""
    events: dict = {}
    codes = [events.setdefault((seen,), len(events)) for run in runs for seen in run]
    lengths = np.array([len(run) for run in runs], dtype=np.int64)
    outcome = Lockstep(stepping, list(events)).run(start, lengths, np.array(codes, dtype=np.int32))
    judged = outcome.followed + outcome.undecided + np.count_nonzero(outcome.first >= 0) + outcome.after
    assert judged == len(codes)
    return outcome.first.tolist()


@pytest.mark.parametrize("unknown", [False, True], ids=["known start", "unknown start"])
@pytest.mark.parametrize("hiding", [False, True], ids=["complete", "hidden events"])
def test_whatever_is_reported_is_impossible_in_every_state(unknown, hiding):
    reported = certain = 0
    for number, system in enumerate(random_systems(8 * (TIMES if thorough() else 1))):
        random = Random(number)
        oracle = Oracle(system)
        hidden = [request for request in system.all_requests() if hiding and random.random() < 0.3]
        stepping = Stepping(system, hidden)
        everything = all_states(system) if unknown else list(system.initial_states())
        runs = [
            run_of(system, oracle, random, start=random.choice(everything), hidden=hidden, wrong=bool(at % 2))
            for at in range(RUNS)
        ]
        first = first_deviations(stepping, stepping.start({} if unknown else None), runs)
        for at, (run, index) in enumerate(zip(runs, first, strict=True)):
            exact = naive(oracle, everything, hidden, run)
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
        assert first_deviations(stepping, column, runs) == [naive(oracle, [start], (), run) for run in runs]
