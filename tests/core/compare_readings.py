"""Compares the readings of the installation with each other, and counts what was compared.

The compiled oracle and the vectorised checker are compared literally, on every reachable state and request, for both
are quick. The live `transitions` machines take some 50 µs a request: they are compared on one state of each group of
states that agree in every variable that matters to the request. What they read is written down while they run, so
that "every variable that matters" is seen to be true and not believed.

    python tests/core/compare_readings.py [--literal]
"""

import gc
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from operator import itemgetter

import attrs
import numpy as np

from statemachines.core import live as live_module
from statemachines.core.explore import Space, explore, outcome
from statemachines.core.expression import Moment
from statemachines.core.ground import Grounded
from statemachines.core.live import LiveSystem
from statemachines.core.oracle import Oracle
from statemachines.core.system import State, interpret

BLOCK = 4096
"""How many states are asked at a time: so many, and their answers, stay in a processor's cache."""


@attrs.frozen
class Compared:
    """How many pairs of state and request were put to both readings, and how many they stand for."""

    literal: int
    represented: int

    def __add__(self, other: "Compared") -> "Compared":
        return Compared(self.literal + other.literal, self.represented + other.represented)


def every_state(space: Space) -> list[State]:
    """The reachable states, by place."""
    columns = zip(space.variables, space.columns.arrays, strict=True)
    values = [[variable.domain[code] for code in array.tolist()] for variable, array in columns]
    states = [space.system.state_type(state) for state in zip(*values, strict=True)]
    gc.freeze()  # or the collector looks through all of them again and again
    return states


def oracle_and_checker(space: Space, states: list[State], oracle: Oracle, grounded: Grounded) -> Compared:
    """Put one request in every state to the oracle and to the checker; `AssertionError` where they differ."""
    result = outcome(grounded, space.columns)
    after = space.successors(result)
    assert result.ruling.min() >= 0, f"the checker finds no verdict on {grounded.request!r}"
    assert after.min() >= 0, f"{grounded.request!r} leads out of the reachable states"
    code = result.ruling.astype(np.int64)
    for fires in result.fired:
        code = 2 * code + fires
    expected: dict[int, object] = {}
    for key in np.flatnonzero(np.bincount(code)).tolist():
        place = int((code == key).argmax())
        verdict = grounded.rulings[result.ruling[place]].verdict
        moves = [move.transition for move, fires in zip(grounded.moves, result.fired, strict=True) if fires[place]]
        verdict = verdict.firing(moves) if verdict.passed else verdict
        _, given = oracle.decide(states[place], grounded.request)
        # equal verdicts are replaced by the oracle's own, because identity is quicker to compare 118,032 times
        expected[key] = given if given == verdict else verdict
    decide = oracle._decisions[grounded.request]  # the lookup around it would take a third of the time
    for start in range(0, len(states), BLOCK):
        some = slice(start, start + BLOCK)
        answers = list(map(decide, states[some]))
        verdicts = [expected[key] for key in code[some].tolist()]
        _same(list(map(itemgetter(1), answers)), verdicts, states[some], grounded)
        targets = [states[place] for place in after[some].tolist()]
        _same(list(map(itemgetter(0), answers)), targets, states[some], grounded)
    return Compared(len(states), len(states))


def _same(given: list[object], expected: list[object], states: list[State], grounded: Grounded) -> None:
    if given != expected:
        at = next(place for place, pair in enumerate(zip(given, expected, strict=True)) if pair[0] != pair[1])
        raise AssertionError(
            f"on {grounded.request!r} in {states[at]!r} the oracle says {given[at]}, and the checker {expected[at]}"
        )


def representatives(space: Space, grounded: Grounded, seed: int) -> list[int]:
    """One state, drawn at random, of every group of states that are alike to the request.

    States are alike that agree in what the grounded request reads. Machines that have an arrow on such a request, none
    of which this one can fire, look at their own state nevertheless: each of their states is there too.
    """
    read = {variable.name for variable in grounded.reads()}
    looking = {
        lifecycle.name
        for lifecycle in space.system.lifecycles
        if any(move.on is grounded.request.type for move in lifecycle.transitions)
    }
    order = np.random.default_rng(seed).permutation(len(space))
    places: set[int] = set()
    for names in [read, *(read | {name} for name in sorted(looking - read))]:
        key = np.zeros(len(space), dtype=np.int64)
        for variable, array in zip(space.variables, space.columns.arrays, strict=True):
            if variable.name in names:
                key = key * len(variable.domain) + array
        places.update(order[np.unique(key[order], return_index=True)[1]].tolist())
    return sorted(places)


class _Recorder(dict[str, object]):
    """The facts, which write down what is read of them."""

    read: set[str]

    def __getitem__(self, name: str) -> object:
        self.read.add(name)
        return super().__getitem__(name)


@contextmanager
def recorded_reads() -> Iterator[set[str]]:
    """What live machines read of the facts while this lasts."""
    read: set[str] = set()

    def facts(before: dict[str, object]) -> _Recorder:
        recorder = _Recorder(before)
        recorder.read = read
        return recorder

    live_module.Moment = lambda before, request: Moment(facts(before), request)
    live_module.interpret = lambda system, before, request: interpret(system, facts(before), request)
    try:
        yield read
    finally:
        live_module.Moment, live_module.interpret = Moment, interpret


def oracle_and_machines(
    space: Space, states: list[State], oracle: Oracle, live: LiveSystem, grounded: Grounded, *, seed: int = 0
) -> Compared:
    """Put one request, in a state of every group, to the oracle and to the machines."""
    names = {variable.name for variable in grounded.reads()}
    places = representatives(space, grounded, seed)
    with recorded_reads() as read:
        for place in places:
            oracle_and_live(oracle, live, states[place], grounded)
    assert read <= names, f"on {grounded.request!r} the machines read {sorted(read - names)}, which grounding dropped"
    return Compared(len(places), len(space))


def oracle_and_live(oracle: Oracle, live: LiveSystem, state: State, grounded: Grounded) -> None:
    """Put one request in one state to the oracle, to every trigger, to every ``may_`` and to `send`."""
    request, trigger = grounded.request, grounded.request.type.trigger
    after, verdict = oracle.decide(state, request)
    live.state = state
    fired = set(verdict.fired)
    for lifecycle in live.lifecycles.values():
        may = getattr(lifecycle, f"may_{trigger}", None)
        said = bool(may and may(request))
        expected = any(move in fired for move in lifecycle.lifecycle.transitions)
        assert said == expected, f"{request!r} in {state!r}: {lifecycle.name} may move: {said}; the oracle: {expected}"
    given = live.send(request)
    assert given == verdict, f"{request!r} in {state!r}: the machines say {given}, and the oracle {verdict}"
    assert live.state == after, f"{request!r} in {state!r}: the machines go to {live.state!r}, the oracle to {after!r}"
    live.history.clear()
    for lifecycle in live.lifecycles.values():
        lifecycle.history.clear()


def main(arguments: list[str]) -> None:
    from statemachines.installation import INSTALLATION

    say = sys.stdout.write
    started = time.perf_counter()
    space = explore(INSTALLATION)
    states, oracle, live = every_state(space), Oracle(INSTALLATION), LiveSystem(INSTALLATION)
    everything = len(space) * len(space.grounded)
    say(f"{len(space):,} reachable states x {len(space.grounded):,} requests = {everything:,} pairs ")
    say(f"({time.perf_counter() - started:.1f} s)\n")
    if "--literal" in arguments:
        started, compared = time.perf_counter(), Compared(0, 0)
        for grounded in space.grounded:
            compared += oracle_and_checker(space, states, oracle, grounded)
        say(f"oracle and checker: {compared.literal:,} pairs literally, {time.perf_counter() - started:.1f} s\n")
    started, compared = time.perf_counter(), Compared(0, 0)
    for grounded in space.grounded:
        compared += oracle_and_machines(space, states, oracle, live, grounded, seed=random.randrange(1 << 30))
    say(f"oracle and live machines: {compared.literal:,} pairs literally, {compared.represented:,} represented, ")
    say(f"{time.perf_counter() - started:.1f} s\n")


if __name__ == "__main__":
    main(sys.argv[1:])
