"""Scenarios replayed once on the reference, and then on any number of mutants.

That is exact as long as no scenario depends on the answers of a system under test. Those of the deterministic layer do
not; nor do walks of the random layer, since the reference's state steers them until the first difference, at which the
mutant is killed.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import attrs

from properties.mutation.behaviour_mutants import Memory, recalled
from properties.mutation.mutants import Mutant
from statemachines.checker.equivalence import comparer
from statemachines.language.gates import Verdict
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State
from statemachines.semantics.comparison import differences
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
        self._of_type: dict[RequestType, list[tuple[int, int]]] = {}
        self._with: dict[tuple[RequestType, ...], list[tuple[int, Sequence[int]]]] = {}
        self._with_memory: dict[int, Oracle] = {}
        self._firing: dict[int, dict[int, None]] = {}  # for each transition the scenarios in which it fires
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
                    self._firing.setdefault(id(move), {})[index] = None
                self._of_type.setdefault(request.type, []).append((index, at))
            self._steps.append(tuple(steps))
        self._with.clear()

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
        run = _run(self.oracle, mutant)
        for index, positions in self._sequences(mutant.kinds):
            steps = self._steps[index]
            at = next((at for at in positions if not run.same(steps[at])), None)
            kill = None if at is None else run.first_difference(steps, at)
            if kill:
                return Kill(index, *kill)
        return None

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
        oracles = self._with_memory.setdefault(id(mutant.original), Oracle(mutant.original)), Oracle(mutant.system)
        for index in self._firing.get(id(mutant.after), ()):
            kill = run_beside(mutant, self._steps[index], *oracles)
            if kill:
                return Kill(index, *kill)
        return None

    def _sequences(self, kinds: tuple[RequestType, ...]) -> Sequence[tuple[int, Sequence[int]]]:
        """The scenarios with requests of these types, in order, with the indices of the steps."""
        if kinds not in self._with:
            steps: dict[int, list[int]] = {}
            for kind in kinds:
                for index, at in self._of_type.get(kind, ()):
                    steps.setdefault(index, []).append(at)
            self._with[kinds] = [(index, sorted(steps[index])) for index in sorted(steps)]
        return self._with[kinds]


def run_beside(
    mutant: Mutant, steps: Sequence[Step], unchanged: Oracle, other: Oracle, shown: Sequence[frozenset[str]] = ()
) -> tuple[int, tuple[str, ...]] | None:
    """The first step of a run at which a mutant differs, and in what.

    A step is put to it where it may differ: it is in another state, remembers something, or was declared otherwise.

    Parameters
    ----------
    steps: of the reference.
    unchanged, other: oracles of what the mutant is compared with, which decides other types of request, and of it.
    shown: for each step, the aspects of the verdict that count; all of them, if not given.
    """
    after, state = mutant.after, None  # no state: that of the reference, and nothing is remembered
    for number, step in enumerate(steps):
        changed = any(step.request.type is kind for kind in mutant.kinds)
        if state is None:
            if not changed or (after and not any(move is after for move in step.verdict.fired)):
                continue
            state = recalled(mutant.original, step.before)
        elif after and changed:
            changed = state[-1] is not Memory.CLEAR or step.request.type is after.on
        state, verdict = decided(other if changed else unchanged, state, step.request)
        aspects = differences(step.verdict, verdict)
        if aspects and (not shown or not shown[number].isdisjoint(aspects)):
            return number, aspects
        if state == recalled(mutant.original, step.after):
            state = None
    return None


class _Run:
    """A mutant beside the reference; each step of the reference is decided by the mutant once."""

    def __init__(self, reference: Oracle, mutant: Mutant) -> None:
        self.reference = reference
        self.oracle = Oracle(mutant.system)
        twins = comparer(reference.system).twins
        self.twins = {kind: twins.of(mutant.system, kind) for kind in mutant.kinds}
        self._same: dict[Step, bool] = {}

    def same(self, step: Step) -> bool:
        """Whether the mutant takes the same step."""
        if self._changed(step.request) is None:
            return True
        if step not in self._same:
            after, verdict = self._decided(step.before, step.request)
            self._same[step] = after == step.after and not differences(step.verdict, verdict)
        return self._same[step]

    def first_difference(self, steps: Sequence[Step], at: int) -> tuple[int, tuple[str, ...]] | None:
        """The first step that shows a difference, and in what, where both are in the same state before one of them."""
        state = steps[at].before
        for number, step in enumerate(steps[at:], at):
            if state is step.before and self.same(step):
                state = step.after
                continue
            state, verdict = self._decided(state, step.request)
            aspects = differences(step.verdict, verdict)
            if aspects:
                return number, aspects
            state = step.after if state == step.after else state
        return None

    def _decided(self, state: State, request: Request) -> tuple[State, Verdict | None]:
        """What the mutant does; one request is compiled of those that come to the same."""
        changed = self._changed(request)
        return decided(self.oracle, state, changed) if changed else decided(self.reference, state, request)

    def _changed(self, request: Request) -> Request | None:
        """If the mutant decides it otherwise, the first request that comes to the same in both."""
        twin = self.twins[request.type][request] if request.type in self.twins else None
        return twin.request if twin and twin.second is not twin.first else None


_run = lru_cache(maxsize=1)(_Run)
"""A mutant is run through one layer after another."""
