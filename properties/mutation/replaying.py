"""Scenarios replayed once on the reference, and then on any number of mutants.

That is exact as long as no scenario depends on the answers of a system under test. Those of the deterministic layer do
not; nor do walks of the random layer, since the reference's state steers them until the first difference, at which the
mutant is killed.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import reduce
from operator import or_

import attrs
import numpy as np

from properties.mutation.mutants import Mutant
from properties.mutation.operators import Operator
from properties.mutation.parting import Parted, Steps
from statemachines.checker.encoding import Integers, mask
from statemachines.language.expression import Expr
from statemachines.language.lifecycle import Transition
from statemachines.language.requests import Field, Request, RequestType
from statemachines.language.system import State
from statemachines.language.terms import Term
from statemachines.semantics.comparison import differences
from statemachines.semantics.grounding import given
from statemachines.semantics.oracle import Oracle, decided
from statemachines.semantics.trace import Scenario, Step


@attrs.frozen
class Kill:
    """Where a mutant first differs from the reference.

    Parameters
    ----------
    sequence: the index of the first scenario that shows it.
    step: the index of its first step that does.
    aspects: the aspects of the verdict that differ.
    """

    sequence: int
    step: int
    aspects: tuple[str, ...]


class Layer:
    """Scenarios, and what the reference answers to them.

    Parameters
    ----------
    oracle: of the reference.
    scenarios: in the order of running.
    """

    def __init__(self, oracle: Oracle, scenarios: Iterable[Scenario]) -> None:
        self.oracle = oracle
        self.scenarios: tuple[Scenario, ...] = ()
        self._known: dict[tuple[int, Request], Step] = {}
        self._one: dict[State, State] = {}  # of equal states the first, so that they compare by identity
        self._steps: list[tuple[Step, ...]] = []
        self._of_type: dict[RequestType, dict[Step, list[tuple[int, int]]]] = {}
        self._compared: dict[RequestType, Steps[int]] = {}
        self._numbered: dict[RequestType, tuple[Step, ...]] = {}
        # for each transition the scenarios in which it fires, and at which steps
        self._firing: dict[int, dict[int, list[int]]] = {}
        self.add(scenarios)

    def add(self, scenarios: Iterable[Scenario]) -> None:
        """Run these after the others."""
        before, known, one = len(self.scenarios), self._known, self._one
        self.scenarios += tuple(scenarios)
        for index, scenario in enumerate(self.scenarios[before:], before):
            steps = []
            state = one.setdefault(scenario.start, scenario.start)
            for at, request in enumerate(scenario.requests):
                key = (id(state), request)
                if key not in known:
                    after, verdict = self.oracle.decide(state, request)
                    known[key] = Step(state, request, verdict, one.setdefault(after, after))
                steps.append(known[key])
                state = known[key].after
                for move in known[key].verdict.fired:
                    self._firing.setdefault(id(move), {}).setdefault(index, []).append(at)
                self._of_type.setdefault(request.type, {}).setdefault(known[key], []).append((index, at))
            self._steps.append(tuple(steps))
        self._compared.clear()

    @property
    def requests(self) -> int:
        """How many requests the scenarios have in all."""
        return sum(len(scenario.requests) for scenario in self.scenarios)

    def kills(self, mutant: Mutant) -> Kill | None:
        """Where the first scenario that kills the mutant does so; ``None`` if none does.

        The result is that of replaying every scenario from its start. But until the first request of which the
        mutant declares something else, both are in the same state and give the same verdicts; and so they do again
        once their states are the same.
        """
        if mutant.kept:
            return self._kills_without_reset(mutant.kept)
        if mutant.original is not self.oracle.system:
            return self._kills_with_memory(mutant)
        parted = {kind: self._steps_on(kind).parted(mutant.system) for kind in mutant.kinds if kind in self._of_type}
        differing = {step: number for kind, one in parted.items() for number, step in self._differing(kind, one)}
        firsts: dict[int, int] = {}
        for step in differing:
            for index, at in self._of_type[step.request.type][step]:
                firsts[index] = min(at, firsts.get(index, at))
        run = None
        for index in sorted(firsts):
            at = firsts[index]
            step = self._steps[index][at]
            showing = parted[step.request.type].showing.items()
            aspects = next((aspects for aspects, steps in showing if steps >> differing[step] & 1), None)
            if aspects:
                return Kill(index, at, aspects)
            run = run or _Run(self.oracle, mutant, differing)
            kill = run.first_difference(self._steps[index], at)
            if kill:
                return Kill(index, *kill)
        return None

    def _steps_on(self, kind: RequestType) -> Steps[int]:
        """The distinct steps on requests of a type, as sets."""
        if kind not in self._compared:
            self._numbered[kind] = tuple(self._of_type[kind])
            self._compared[kind] = Steps(self.oracle.system, kind, _SetsOfSteps(kind, self._numbered[kind]))
        return self._compared[kind]

    def _differing(self, kind: RequestType, parted: Parted[int]) -> Iterator[tuple[int, Step]]:
        """The steps at which a mutant shows or does something else, with their numbers."""
        left = reduce(or_, parted.changed.values(), parted.seen)
        steps = self._numbered[kind]
        while left:
            number = left.bit_length() - 1
            yield number, steps[number]
            left ^= 1 << number

    def _kills_without_reset(self, kept: str) -> Kill | None:
        """Where the first scenario shows that a variable is as the one before left it."""
        value = None
        for index, steps in enumerate(self._steps):
            state = self.scenarios[index].start
            if value is not None:
                state = self.oracle.system.replace(state, **{kept: value})
            for number, step in enumerate(steps):
                state, verdict = (
                    (step.after, step.verdict) if state == step.before else decided(self.oracle, state, step.request)
                )
                aspects = differences(step.verdict, verdict)
                if aspects:
                    return Kill(index, number, aspects)
            value = getattr(state, kept)
        return None

    def _kills_with_memory(self, mutant: Mutant) -> Kill | None:
        """Where the first scenario kills a mutant that remembers more than the state."""
        least = 2 if mutant.operator is Operator.ONCE else 1
        for index, firing in self._firing.get(id(mutant.after), {}).items():
            kill = run_remembering(mutant, self._steps[index], self.oracle, firing) if len(firing) >= least else None
            if kill:
                return Kill(index, *kill)
        return None


class _SetsOfSteps:
    """Sets of some steps on requests of one type: a bit for each of them.

    Parameters
    ----------
    kind: the type.
    steps: the steps, in the order of their bits.
    """

    none = 0

    def __init__(self, kind: RequestType, steps: Sequence[Step]) -> None:
        self.kind, self.steps = kind, steps
        self.every = (1 << len(steps)) - 1
        self._known: dict[int, tuple[Expr, int]] = {}
        self._codes: dict[Term, Integers] = {}

    def some(self, steps: int) -> bool:
        return bool(steps)

    def where(self, condition: Expr) -> int:
        if id(condition) not in self._known:
            holds = mask(given(condition, self.kind, {}), len(self.steps), self._column)
            bits = int.from_bytes(np.packbits(holds, bitorder="little").tobytes(), "little")
            self._known[id(condition)] = condition, bits  # kept, so that its id is its own
        return self._known[id(condition)][1]

    def _column(self, term: Term) -> Integers:
        """The position of a variable's or a field's value at each step."""
        if term not in self._codes:
            positions = {id(value): position for position, value in enumerate(term.domain)}
            values = (
                step.request[term.name] if isinstance(term, Field) else getattr(step.before, term.name)
                for step in self.steps
            )
            self._codes[term] = np.array([positions[id(value)] for value in values], dtype=np.int64)
        return self._codes[term]


def run_beside(
    mutant: Mutant, steps: Sequence[Step], unchanged: Oracle, other: Oracle, shown: Sequence[frozenset[str]] = ()
) -> tuple[int, tuple[str, ...]] | None:
    """The first step of a run at which a mutant differs, and in what.

    A step is put to it where it may differ: it is in another state, or was declared otherwise.

    Parameters
    ----------
    steps: of the reference.
    unchanged, other: oracles of the reference, which decides other types of request, and of the mutant.
    shown: for each step, the aspects of the verdict that count; all of them, if not given.
    """
    state = None  # that of the reference
    for number, step in enumerate(steps):
        changed = any(step.request.type is kind for kind in mutant.kinds)
        if state is not None or changed:
            after, verdict = decided(other if changed else unchanged, state or step.before, step.request)
            aspects = differences(step.verdict, verdict)
            if aspects and (not shown or not shown[number].isdisjoint(aspects)):
                return number, aspects
            state = None if after == step.after else after
    return None


def run_remembering(
    mutant: Mutant,
    steps: Sequence[Step],
    reference: Oracle,
    firing: Sequence[int] | None = None,
    shown: Sequence[frozenset[str]] = (),
) -> tuple[int, tuple[str, ...]] | None:
    """The first step of a run at which a mutant differs that remembers more than the state, and in what.

    What it remembers decides no verdict, and of what changes only whether and when one transition is carried out. So
    the reference decides for it, too; until that transition fires, and once both are in one state again, nobody is
    asked.

    Parameters
    ----------
    steps, reference, shown: as `run_beside` takes them.
    firing: the numbers of the steps at which the transition fires, if they are known.
    """
    system, move, once = reference.system, mutant.after, mutant.operator is Operator.ONCE
    assert move
    if firing is None:
        firing = [number for number, step in enumerate(steps) if _among(move, step.verdict.fired)]
    (name,) = (one.name for one in system.lifecycles if _among(move, one.transitions))
    state, fired, waits = None, False, False  # no state: that of the reference
    number = firing[0] if firing else len(steps)
    while number < len(steps):
        step = steps[number]
        before = step.before if state is None else state
        after, verdict = (step.after, step.verdict) if state is None else decided(reference, state, step.request)
        aspects = differences(step.verdict, verdict)
        if aspects and (not shown or not shown[number].isdisjoint(aspects)):
            return number, aspects
        if waits and verdict:
            after, waits = system.replace(after, **{name: move.target}), False
        elif verdict and _among(move, verdict.fired):
            if fired or not once:
                after, waits = system.replace(after, **{name: getattr(before, name)}), not once
            fired = True
        state = None if after == step.after and not waits else after
        number += 1
        if state is None:
            number = next((at for at in firing if at >= number), len(steps))
    return None


def _among(move: Transition, moves: Iterable[Transition]) -> bool:
    return any(one is move for one in moves)


@attrs.frozen(eq=False)
class _Run:
    """A mutant beside the reference.

    Parameters
    ----------
    reference: its oracle.
    mutant: the mutant.
    differing: the steps of the reference that it does not take.
    """

    reference: Oracle
    mutant: Mutant
    differing: Collection[Step]
    oracle: Oracle = attrs.field(init=False)

    @oracle.default
    def _of_mutant(self) -> Oracle:
        return Oracle(self.mutant.system)

    def first_difference(self, steps: Sequence[Step], at: int) -> tuple[int, tuple[str, ...]] | None:
        """The first step that shows a difference, and in what, where both are in the same state before one of them."""
        state = steps[at].before
        for number, step in enumerate(steps[at:], at):
            if state is step.before and step not in self.differing:
                state = step.after
                continue
            changed = any(step.request.type is kind for kind in self.mutant.kinds)
            state, verdict = decided(self.oracle if changed else self.reference, state, step.request)
            aspects = differences(step.verdict, verdict)
            if aspects:
                return number, aspects
            state = step.after if state == step.after else state
        return None
