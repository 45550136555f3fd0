"""Logs of random systems judged beside sets of states that are kept exactly."""

from collections.abc import Iterable, Sequence
from itertools import product
from random import Random

import numpy as np

from properties.conformance.observation import differs
from properties.replay.events import Event, SeenRequest, Stepping
from properties.replay.lockstep import Lockstep
from properties.replay.value_sets import Sets
from statemachines import Oracle
from statemachines.language.requests import Request
from statemachines.language.system import State, System
from statemachines.language.terms import ASPECTS


def all_states(system: System) -> list[State]:
    """Every state there could be; reachable or not, a log that begins in the middle may begin in it."""
    return [system.state_type(values) for values in product(*(variable.domain for variable in system.variables))]


def closed(oracle: Oracle, states: Iterable[State], hidden: Sequence[Request]) -> set[State]:
    """The states that hidden requests may lead to, any number of times."""
    known = set(states)
    todo = list(known)
    while todo:
        state = todo.pop()
        for request in hidden:
            after, _ = oracle.decide(state, request)
            if after not in known:
                known.add(after)
                todo.append(after)
    return known


def naive(oracle: Oracle, states: Iterable[State], hidden: Sequence[Request], entries: Sequence[SeenRequest]) -> int:
    """The index of the first entry that is impossible in every state of a set that is kept exactly; -1 if none is."""
    states = closed(oracle, states, hidden)
    for index, seen in enumerate(entries):
        steps = [oracle.decide(state, seen.requests[0]) for state in states]
        left = {after for after, verdict in steps if not differs(verdict, seen.observation)}
        if not left:
            return index
        states = closed(oracle, left, hidden)
    return -1


def run_of(
    system: System, oracle: Oracle, random: Random, *, start: State, hidden: Sequence[Request], wrong: bool
) -> list[SeenRequest]:
    """The entries of a random run, hidden requests left out; where it is wrong, one verdict is another one."""
    state, entries = start, []
    requests = list(system.all_requests())
    for _ in range(random.randint(3, 12)):
        request = random.choice(requests)
        state, verdict = oracle.decide(state, request)
        if request not in hidden:
            aspects = [aspect for aspect in ASPECTS if random.random() < 0.6]
            entries.append(SeenRequest((request,), tuple((aspect, getattr(verdict, aspect)) for aspect in aspects)))
    if wrong and entries:
        at = random.randrange(len(entries))
        other = random.choice(system.values_of("outcome"))
        entries[at] = SeenRequest(entries[at].requests, (("outcome", other),))
    return entries


def first_deviations(lockstep: Lockstep, start: Sets, runs: Sequence[Sequence[SeenRequest]]) -> list[int]:
    """For each run the index of the first entry that is reported."""
    events: dict[Event, int] = {}
    codes = [events.setdefault((seen,), len(events)) for run in runs for seen in run]
    lengths = np.array([len(run) for run in runs], dtype=np.int64)
    outcome = lockstep.run(list(events), start, lengths, np.array(codes, dtype=np.int32))
    judged = outcome.followed + outcome.undecided + np.count_nonzero(outcome.first >= 0) + outcome.after
    assert judged == len(codes)
    return outcome.first.tolist()


def compared(
    system: System, random: Random, hidden: Sequence[Request], *, unknown: bool, runs: int
) -> list[tuple[list[SeenRequest], int, int]]:
    """Random runs, every second with a wrong verdict: each with the index that lockstep reports, and the exact one.

    Parameters
    ----------
    hidden: the requests that have no entry.
    unknown: whether a run may begin in any state there could be, and not only in an initial one.
    """
    oracle, stepping = Oracle(system), Stepping(system, hidden)
    states = all_states(system) if unknown else list(system.initial_states())
    made = [
        run_of(system, oracle, random, start=random.choice(states), hidden=hidden, wrong=bool(at % 2))
        for at in range(runs)
    ]
    reported = first_deviations(Lockstep(stepping), stepping.start({} if unknown else None), made)
    exact = [naive(oracle, states, hidden, run) for run in made]
    return list(zip(made, reported, exact, strict=True))
