"""Compares the readings of a system with each other, and counts what was compared.

Each request is compared on the slice of what it reads and changes. The compiled oracle and the vectorised checker are
compared literally there, on every reachable state of the slice; what the slice forgets is drawn at random, so that a
reading which looks at it is found out. The live `transitions` machines take about 50 µs a request: they are compared on
one state of each group of states that agree in every variable that matters to the request. What they read is recorded
while they run, so that "every variable that matters" is observed and not believed.

`Readings(system, most=N)` bounds the work: of a slice of more than N states, the first of each verdict and N others are
compared, and of more than N/4 groups, one of each verdict and N/4 others, drawn at random; and no larger slice is
explored for the machines that look at their own state, which is set to each that it knows, reachable or not. Without
it, all of them are compared; that takes minutes on the installation:

    python tests/support/compare_readings.py
"""

import gc
import random
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum
from operator import itemgetter
from types import MappingProxyType

import attrs
import numpy as np

from statemachines.checker.encoding import Columns
from statemachines.checker.explicit import Space, View
from statemachines.checker.slices import Slices
from statemachines.checker.successors import Shifts
from statemachines.language.expression import Moment
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.system import State, System
from statemachines.semantics import live as live_module
from statemachines.semantics.decision import interpret
from statemachines.semantics.live import LiveSystem
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.preconditions import Preconditions

BLOCK = 4096
"""How many states are asked at a time: so many, and their answers, stay in a processor's cache."""

SLOWER = 4
"""For one state put to the machines, so many are put to the oracle and the checker."""

DRAWN = 12
"""In how many states at a time machines are asked a request that comes to the same as one before it."""

NOTHING: Mapping[str, Enum] = MappingProxyType({})


@attrs.frozen
class Compared:
    """How many pairs of state and request were put to both readings, and how many they stand for."""

    literal: int = 0
    represented: int = 0

    def __add__(self, other: "Compared") -> "Compared":
        return Compared(self.literal + other.literal, self.represented + other.represented)


class Readings:
    """A system in each of its readings, and what is forgotten by slices drawn at random."""

    def __init__(self, system: System, seed: int = 0, most: int | None = None) -> None:
        self.system = system
        self.most = most
        self.slices = Slices(system)
        self.oracle = Oracle(system)
        self.live = LiveSystem(system)
        self.random = random.Random(seed)
        self._home = {move: lifecycle.name for lifecycle in system.lifecycles for move in lifecycle.transitions}
        self._states: tuple[Space | None, list[State]] = (None, [])
        self._distinct = frozenset(self.slices.distinct)

    def by_slice(self) -> list[Preconditions]:
        """The requests, those together that are compared on the same slice."""
        return sorted(self.slices.requests, key=lambda asked: sorted(self.slices.cone(_concerned(asked))))

    def lifted(self, space: Space, indices: np.ndarray, fixed: Mapping[str, Enum] = NOTHING) -> list[State]:
        """States of the whole at these indices of a slice, what it forgets is drawn once, or fixed."""
        columns: list[list[Enum]] = []
        for variable in self.system.variables:
            if variable.name in fixed:
                columns.append([fixed[variable.name]] * len(indices))
            elif variable.name in space.radices.names:
                domain, codes = variable.domain, space.columns.of(variable)[indices].tolist()
                columns.append([domain[code] for code in codes])
            else:
                columns.append([self.random.choice(variable.domain)] * len(indices))
        return [self.system.state_type(values) for values in zip(*columns, strict=True)]

    def oracle_and_checker(self, asked: Preconditions) -> Compared:
        """Put one request in every state to the oracle and to the checker; `AssertionError` where they differ."""
        space = self.slices.space(_concerned(asked))
        indices = self._indices(space, asked)
        code, meant = _decided(space.radices.columns(space.integers[indices]), asked)
        states, targets = self._pairs(space, asked, indices)
        expected: dict[int, object] = {}
        for key in np.unique(code).tolist():
            _, given = self.oracle.decide(states[int((code == key).argmax())], asked.request)
            # equal verdicts are replaced by the oracle's own, because identity is quicker to compare so often
            expected[key] = given if given == meant[key] else meant[key]
        decide = self.oracle._decisions[asked.request]  # the lookup around it would take a third of the time
        for start in range(0, len(states), BLOCK):
            some = slice(start, start + BLOCK)
            answers = list(map(decide, states[some]))
            verdicts = [expected[key] for key in code[some].tolist()]
            _same(list(map(itemgetter(1), answers)), verdicts, states[some], asked)
            _same(list(map(itemgetter(0), answers)), targets[some], states[some], asked)
        return Compared(len(states), len(space))

    def _indices(self, space: Space, asked: Preconditions) -> np.ndarray:
        """Those of the states that are compared."""
        if self.most is None or len(space) <= self.most:
            return np.arange(len(space))
        groups = space.view(_concerned(asked)).indices
        some = np.sort(self.random.sample(range(len(space)), self.most))
        return np.union1d(self._kinds(space, asked, groups), some)

    def _pairs(self, space: Space, asked: Preconditions, indices: np.ndarray) -> tuple[list[State], list[State]]:
        """The states with these indices, and those after the request as the checker decides them."""
        after = _after(space, asked, indices)
        assert after.min() >= 0, f"{asked.request!r} leads out of the reachable states"
        if len(indices) < len(space):
            states = self.lifted(space, np.concatenate([indices, after]))
            return states[: len(indices)], states[len(indices) :]
        if self._states[0] is not space:
            self._states = (space, self.lifted(space, indices))
            gc.freeze()  # or the collector looks through all of them again and again
        states = self._states[1]
        return states, [states[index] for index in after.tolist()]

    def oracle_and_machines(self, asked: Preconditions) -> Compared:
        """Put one request, in a state of every group, to the oracle and to the machines.

        States are alike that agree in what the grounded request reads, and in what the machines are seen to read
        besides, before they come to a field that settles it. Machines that have an arrow on such a request, none of
        which this one can fire, look at their own state once it has passed: there each of their states is there too.
        Of requests that come to the same once they are grounded, the first is put in all of these states, and each of
        the others in some drawn at random.
        """
        read = {variable.name for variable in asked.grounded.reads()}
        looking = {
            lifecycle.name
            for lifecycle in self.system.lifecycles
            if any(move.on is asked.request.type for move in lifecycle.transitions)
        }
        literal = 0
        while True:
            with recorded_reads() as seen:
                for state in self._groups(asked, read, looking - read):
                    self.oracle_and_live(state, asked)
                    literal += 1
            if seen <= read:
                return Compared(literal, len(self.slices.space(read)))
            read |= seen

    def _groups(self, asked: Preconditions, read: set[str], looking: set[str]) -> Iterator[State]:
        yield from self._drawn(asked, self.slices.space(read), read, read)
        for name in sorted(looking):
            if self.most is None:
                yield from self._drawn(asked, self.slices.space(read | {name}), read, read | {name})
            else:
                yield from self._in_any_state(asked, self.slices.space(read), read, self.system.lifecycle(name))

    def _drawn(self, asked: Preconditions, space: Space, read: set[str], names: set[str]) -> list[State]:
        """A state of each group, or some of them."""
        result = space.view(names)
        indices = result.indices if names == read else self._looked_at(asked, result)
        if asked not in self._distinct and len(indices) > DRAWN:
            indices = np.array(self.random.sample(indices.tolist(), DRAWN))
        elif self.most is not None and len(indices) > self.most // SLOWER:
            drawn = np.array(self.random.sample(indices.tolist(), self.most // SLOWER))
            indices = np.union1d(drawn, self._kinds(space, asked, indices))
        return self.lifted(space, indices)

    def _in_any_state(self, asked: Preconditions, space: Space, read: set[str], looking: Lifecycle) -> Iterator[State]:
        """Some in which a machine looks at its own state, which this slice forgets: each of them, reachable or not."""
        indices = self._looked_at(asked, space.view(read))
        few = min(len(indices), 3 if asked in self._distinct else 1)
        for value in looking.variable.domain:
            drawn = np.array(self.random.sample(indices.tolist(), few), dtype=np.int64)
            yield from self.lifted(space, drawn, {looking.name: value})

    def _looked_at(self, asked: Preconditions, result: View) -> np.ndarray:
        """Of the first states of some groups, those in which machines look at their own state."""
        if any(move.even_if_refused for move in self._on(asked)):
            return result.indices
        return result.indices[result.columns.where(asked.passes)]

    def _kinds(self, space: Space, asked: Preconditions, indices: np.ndarray) -> np.ndarray:
        """Of these indices the first of each verdict."""
        columns = space.radices.columns(space.integers[indices])
        kind = np.zeros(len(indices), dtype=np.int64)
        for number, verdict in enumerate(dict.fromkeys(ruling.verdict for ruling in asked.grounded.rulings)):
            kind[columns.where(asked.verdict(lambda other, one=verdict: other == one))] = number
        return indices[np.unique(kind, return_index=True)[1]]

    def _on(self, asked: Preconditions) -> Iterator[Transition]:
        return (
            move
            for lifecycle in self.system.lifecycles
            for move in lifecycle.transitions
            if move.on is asked.request.type
        )

    def oracle_and_live(self, state: State, asked: Preconditions) -> None:
        """Put one request in one state to the oracle, to every trigger, to every ``may_`` and to `send`."""
        request, trigger, live = asked.request, asked.request.type.trigger, self.live
        after, verdict = self.oracle.decide(state, request)
        live.state = state
        fired = {self._home[move] for move in verdict.fired}
        for name, lifecycle in live.lifecycles.items():
            may = getattr(lifecycle, f"may_{trigger}", None)
            message = bool(may and may(request))
            assert message == (name in fired), (
                f"{request!r} in {state!r}: {name} may move: {message}; not so the oracle"
            )
        given = live.send(request)
        assert given == verdict, f"{request!r} in {state!r}: the machines say {given}, and the oracle {verdict}"
        assert live.state == after, f"{request!r} in {state!r}: the machines go to {live.state!r}, not to {after!r}"
        live.history.clear()
        for lifecycle in live.lifecycles.values():
            lifecycle.history.clear()


def _concerned(asked: Preconditions) -> frozenset[str]:
    """What the request reads and changes."""
    grounded = asked.grounded
    return frozenset(variable.name for variable in grounded.reads()) | {move.lifecycle.name for move in grounded.moves}


def _decided(columns: Columns, asked: Preconditions) -> tuple[np.ndarray, dict[int, object]]:
    """A number for each state, and the verdict that it stands for, as the checker decides it."""
    verdicts = list(dict.fromkeys(ruling.verdict for ruling in asked.grounded.rulings))
    code = np.full(len(columns), -1)
    for number, verdict in enumerate(verdicts):
        here = columns.where(asked.verdict(lambda other, one=verdict: other == one))
        assert (code[here] < 0).all(), f"the checker finds two verdicts on {asked.request!r}"
        code[here] = number
    assert code.min() >= 0, f"the checker finds no verdict on {asked.request!r}"
    fired = [columns.where(asked.fires(move)) for move in asked.grounded.moves]
    for fires in fired:
        code = 2 * code + fires
    meant: dict[int, object] = {}
    for key in np.unique(code).tolist():
        index = int((code == key).argmax())
        moves = [move.transition for move, fires in zip(asked.grounded.moves, fired, strict=True) if fires[index]]
        verdict = verdicts[key >> len(fired)]
        meant[key] = verdict.firing(moves) if verdict.passed or moves else verdict
    return code, meant


def _after(space: Space, asked: Preconditions, indices: np.ndarray) -> np.ndarray:
    """For each of these states the index of the state after the request, as the checker decides it."""
    for effect in space.effects:
        if effect.request is asked.request:
            integers = space.integers[indices]
            return space.indices(Shifts(effect.changes, space.radices).after(space.radices.columns(integers)))
    return indices


def _same(given: list[object], expected: list[object], states: list[State], asked: Preconditions) -> None:
    if given != expected:
        at = next(index for index, pair in enumerate(zip(given, expected, strict=True)) if pair[0] != pair[1])
        raise AssertionError(
            f"on {asked.request!r} in {states[at]!r} the oracle says {given[at]}, and the checker {expected[at]}"
        )


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


def main() -> None:
    from statemachines.smets1.installation import INSTALLATION

    say = sys.stdout.write
    readings = Readings(INSTALLATION, seed=random.randrange(1 << 30))
    for name, compare in (
        ("oracle and checker", readings.oracle_and_checker),
        ("oracle and live machines", readings.oracle_and_machines),
    ):
        started, compared = time.perf_counter(), Compared()
        for asked in readings.by_slice():
            compared += compare(asked)
        say(f"{name}: {compared.literal:,} pairs of state and request literally, ")
        say(f"{compared.represented:,} represented, {time.perf_counter() - started:.1f} s\n")


if __name__ == "__main__":
    main()
