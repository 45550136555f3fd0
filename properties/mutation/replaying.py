"""Sequences of requests that are drawn once, replayed on the reference once, and then on any number of mutants.

That is exact as long as no sequence depends on what a system under test says. Those of the deterministic layer do not;
nor do walks of the random layer, since what steers them is the reference's state, until the first difference, at which
the mutant is killed.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence

import attrs

from properties.mutation.equivalence import decided
from properties.mutation.mutants import Mutant
from properties.mutation.twin import written
from statemachines.language.gates import Verdict
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State
from statemachines.semantics.comparison import differences
from statemachines.semantics.grounding import ground
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Scenario


@attrs.frozen
class Kill:
    """Where a mutant is first seen to differ.

    Parameters
    ----------
    sequence: the place of the first sequence, in order, that shows it.
    step: its first step that does, from 0.
    aspects: in what.
    """

    sequence: int
    step: int
    aspects: tuple[str, ...]


@attrs.frozen(eq=False)
class Expected:
    """A step of the reference; of all that are the same in some sequences there is one."""

    before: State
    request: Request
    after: State
    verdict: Verdict


class Layer:
    """Sequences and what the reference says to them.

    Parameters
    ----------
    oracle: of the reference.
    walks: the sequences, in the order of running.
    """

    def __init__(self, oracle: Oracle, walks: Iterable[Scenario]) -> None:
        self.oracle = oracle
        self.walks = tuple(walks)
        known: dict[tuple[int, Request], Expected] = {}
        one: dict[State, State] = {}  # of equal states the first, so that they are told by identity
        self._steps: list[tuple[Expected, ...]] = []
        self._of_type: dict[RequestType, list[tuple[int, int]]] = {}
        for place, walk in enumerate(self.walks):
            steps = []
            state = one.setdefault(walk.start, walk.start)
            for at, request in enumerate(walk.requests):
                key = (id(state), request)
                if key not in known:
                    after, verdict = oracle.decide(state, request)
                    known[key] = Expected(state, request, one.setdefault(after, after), verdict)
                steps.append(known[key])
                state = known[key].after
                self._of_type.setdefault(request.type, []).append((place, at))
            self._steps.append(tuple(steps))
        self._with: dict[tuple[RequestType, ...], list[tuple[int, Sequence[int]]]] = {}
        self._written = {request: written(ground(oracle.system, request)) for _, request in known}

    @property
    def requests(self) -> int:
        """How many requests the sequences have, all together."""
        return sum(len(walk.requests) for walk in self.walks)

    def kills(self, mutant: Mutant) -> Kill | None:
        """Where the first sequence that kills the mutant does so; ``None`` if none does.

        It is what replaying every sequence from its start would find. But up to the first request that comes to
        something else in the mutant, the two are in the same state and say the same; and so they are again where
        their states are the same again.
        """
        run = _Run(self.oracle, mutant, self._written)
        for place, ats in self._sequences(mutant.kinds):
            steps = self._steps[place]
            at = next((at for at in ats if not run.same(steps[at])), None)
            kill = None if at is None else run.first_difference(steps, at)
            if kill:
                return Kill(place, *kill)
        return None

    def _sequences(self, kinds: tuple[RequestType, ...]) -> Sequence[tuple[int, Sequence[int]]]:
        """The sequences with requests of some types, in order, and at which steps these are."""
        if kinds not in self._with:
            found: dict[int, list[int]] = {}
            for kind in kinds:
                for place, at in self._of_type.get(kind, ()):
                    found.setdefault(place, []).append(at)
            self._with[kinds] = [(place, sorted(found[place])) for place in sorted(found)]
        return self._with[kinds]


class _Run:
    """A mutant beside the reference; what it says to a step of the reference is worked out once."""

    def __init__(self, reference: Oracle, mutant: Mutant, known: Mapping[Request, Hashable]) -> None:
        self.reference, self.known = reference, known
        self.oracle = Oracle(mutant.system)
        self.kinds = frozenset(mutant.kinds)
        self._same: dict[Expected, bool] = {}
        self._changed: dict[Request, bool] = {}

    def same(self, step: Expected) -> bool:
        """Whether the mutant does what the reference does."""
        if not self._comes_to_something_else(step.request):
            return True
        if step not in self._same:
            after, said = decided(self.oracle, step.before, step.request)
            self._same[step] = after == step.after and not differences(step.verdict, said)
        return self._same[step]

    def first_difference(self, steps: Sequence[Expected], at: int) -> tuple[int, tuple[str, ...]] | None:
        """The first step that shows a difference, and in what, where both are in the same state before one of them."""
        state = steps[at].before
        for number, step in enumerate(steps[at:], at):
            if state is step.before and self.same(step):
                state = step.after
                continue
            oracle = self.oracle if self._comes_to_something_else(step.request) else self.reference
            state, said = decided(oracle, state, step.request)
            aspects = differences(step.verdict, said)
            if aspects:
                return number, aspects
            state = step.after if state == step.after else state
        return None

    def _comes_to_something_else(self, request: Request) -> bool:
        if request.type not in self.kinds:
            return False
        if request not in self._changed:
            self._changed[request] = written(ground(self.oracle.system, request)) != self.known[request]
        return self._changed[request]
