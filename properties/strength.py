"""How strong the conformance suite is: every mutant of the declarations run as a target, killed, equivalent or neither.

The random layer's walks are drawn once, from the reference, and replayed on every mutant (see `properties.replaying`);
a mutant that the deterministic layer does not kill is explored beside the reference (see `properties.equivalence`).
"""

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from fnmatch import fnmatchcase
from random import Random

import attrs
from hypothesis import seed, settings
from hypothesis.stateful import run_state_machine_as_test

from properties.conformance.generate import suite_of
from properties.coverage import slices
from properties.equivalence import Comparer, Proof
from properties.mutant import Mutant, Operator
from properties.mutants import Mutants, mutants_of
from properties.replaying import Kill, Layer
from properties.runs import oracle
from properties.shortest import Walk
from properties.stateful import state_machine, walking
from statemachines.core.claims import Claims
from statemachines.core.errors import DeclarationError
from statemachines.core.explore import TooLarge
from statemachines.core.gates import Verdict
from statemachines.core.requests import Request
from statemachines.core.system import State, System

WALKS, STEPS, CHUNKS = 200, 20, 8
"""The random layer at default settings: how many walks of how many requests, in how many parts with seeds of their own."""


class Way(Enum):
    """By what a mutant is killed. A member's value is its wording."""

    DETERMINISTIC = "the deterministic layer"
    STEERED = "the random layer"
    UNSTEERED = "as many random requests without steering"


@attrs.frozen(eq=False)
class Fate:
    """What came of a mutant.

    Parameters
    ----------
    mutant: which.
    kills: by what it is killed, and where first.
    proof: if the deterministic layer does not kill it, why nothing can; ``None`` if something can.
    walk: then, a shortest sequence that does.
    undecided: why neither was found out.
    """

    mutant: Mutant
    kills: Mapping[Way, Kill]
    proof: Proof | None = None
    walk: Walk | None = None
    undecided: str = ""

    @property
    def killed(self) -> bool:
        """Whether the deterministic layer kills it."""
        return Way.DETERMINISTIC in self.kills

    @property
    def survives(self) -> bool:
        """Whether it is not equivalent, or not known to be, and the deterministic layer does not kill it."""
        return not self.killed and self.proof is None


@attrs.frozen(eq=False)
class Strength:
    """What came of all mutants.

    Parameters
    ----------
    made: the mutants of the system, and what was refused.
    layers: what they were run through.
    fates: of those that were chosen, in order.
    """

    made: Mutants
    layers: Mapping[Way, Layer]
    fates: tuple[Fate, ...]

    def killed_by(self, way: Way) -> int:
        """How many are killed by a layer."""
        return sum(way in fate.kills for fate in self.fates)

    @property
    def equivalent(self) -> int:
        """How many are proved equivalent."""
        return sum(fate.proof is not None for fate in self.fates)

    @property
    def survivors(self) -> tuple[Fate, ...]:
        """Those that the deterministic layer should kill, and does not."""
        return tuple(fate for fate in self.fates if fate.survives)


@attrs.frozen
class _Found:
    """A fate as one process tells it to another: states by the positions of values, requests by their places."""

    kills: tuple[tuple[Way, Kill], ...]
    proof: Proof | None
    walk: tuple[tuple[int, ...], tuple[int, ...]] | None
    undecided: str


class _Measuring:
    """What every process works with; it is made before they are forked, so that they share it."""

    def __init__(self, system: System, mutants: Sequence[Mutant], layers: Mapping[Way, Layer]) -> None:
        self.system, self.mutants, self.layers = system, mutants, layers
        self.comparer = Comparer(slices(system))
        self.requests = tuple(system.all_requests())
        self.places = {request: place for place, request in enumerate(self.requests)}

    def find(self, at: int) -> _Found:
        """What comes of one mutant."""
        mutant = self.mutants[at]
        found = ((way, layer.kills(mutant)) for way, layer in self.layers.items())
        kills = tuple((way, kill) for way, kill in found if kill)
        if any(way is Way.DETERMINISTIC for way, _ in kills):
            return _Found(kills, None, None, "")
        try:
            compared = self.comparer.compare(mutant.system, mutant.kinds)
        except TooLarge as error:
            return _Found(kills, None, None, str(error))
        if compared.walk is None:
            assert not kills, f"{mutant} was proved equivalent, and is killed by {kills}"
            return _Found(kills, compared.proof, None, "")
        start = tuple(
            variable.position(value) for variable, value in zip(self.system.variables, compared.walk.start, strict=True)
        )
        return _Found(kills, None, (start, tuple(self.places[request] for request in compared.walk.requests)), "")

    def fate(self, at: int, found: _Found) -> Fate:
        """What came of it, with the states and requests themselves."""
        walk = None
        if found.walk:
            positions, places = found.walk
            values = zip(self.system.variables, positions, strict=True)
            start = self.system.state(**{variable.name: variable.domain[position] for variable, position in values})
            walk = Walk(start, tuple(self.requests[place] for place in places))
        return Fate(self.mutants[at], dict(found.kills), found.proof, walk, found.undecided)


_measuring: _Measuring | None = None
"""Of a process that was forked: what it works with."""


def _find(at: int) -> _Found:
    assert _measuring
    return _measuring.find(at)


def strength_of(
    claims: Claims,
    vectors: Sequence[Walk],
    *,
    chosen: Callable[[Sequence[Mutant]], Sequence[Mutant]] = lambda mutants: mutants,
    jobs: int = 1,
    walks: int = WALKS,
    progress: Callable[[int, int], None] | None = None,
) -> Strength:
    """Run mutants of a system through both layers, and decide those that the deterministic one does not kill.

    Parameters
    ----------
    claims: the system, and what is claimed of it, which random walks are steered toward.
    vectors: the deterministic layer's sequences, in the order of running.
    chosen: which of the mutants.
    jobs: how many processes; what is found is the same with any number.
    walks: how many the random layer has.
    progress: is told how many of how many mutants are done.
    """
    global _measuring  # noqa: PLW0603  # what is forked finds it there
    system = claims.system
    made = mutants_of(system)
    mutants = chosen(made.mutants)
    reference = oracle(system)
    layers = {
        Way.DETERMINISTIC: Layer(reference, vectors),
        Way.STEERED: Layer(reference, drawn(claims, steered=True, walks=walks)),
        Way.UNSTEERED: Layer(reference, drawn(claims, steered=False, walks=walks)),
    }
    measuring = _Measuring(system, mutants, layers)
    fates = []
    _measuring = measuring
    try:
        for at, found in enumerate(_found(len(mutants), jobs)):
            fates.append(measuring.fate(at, found))
            if progress:
                progress(at + 1, len(mutants))
    finally:
        _measuring = None
    return Strength(made, layers, tuple(fates))


def _found(count: int, jobs: int) -> Iterator[_Found]:
    """What comes of each mutant, in order."""
    if jobs == 1:
        yield from map(_find, range(count))
        return
    with multiprocessing.get_context("fork").Pool(jobs) as pool:
        yield from pool.imap(_find, range(count), chunksize=4)


def drawn(claims: Claims, *, steered: bool, walks: int = WALKS, steps: int = STEPS) -> tuple[Walk, ...]:
    """The walks of the random layer, as Hypothesis draws them for a system under test that does what is expected."""
    found: list[Walk] = []
    for chunk in range(min(CHUNKS, walks)):
        target = _Recorder(claims.system, found)
        machine = seed(chunk)(state_machine(claims, target=target, steered=steered))
        share = walks // CHUNKS + (chunk < walks % CHUNKS)
        chosen = settings(max_examples=share, stateful_step_count=steps, derandomize=False, database=None)
        run_state_machine_as_test(machine, settings=walking(chosen))
    return tuple(found)


class _Recorder:
    """The reference as a target, which keeps what it is sent."""

    def __init__(self, system: System, walks: list[Walk]) -> None:
        self.system, self.walks = system, walks
        self.state = system.state()

    def reset(self, state: State) -> None:
        self.state = state
        self.walks.append(Walk(state, ()))

    def send(self, request: Request) -> Verdict:
        self.state, verdict = oracle(self.system).decide(self.state, request)
        walk = self.walks[-1]
        self.walks[-1] = attrs.evolve(walk, requests=(*walk.requests, request))
        return verdict


def vectors_of(claims: Claims) -> tuple[tuple[str, Walk], ...]:
    """The deterministic layer's sequences, and their names."""
    return tuple((vector.name, Walk(vector.start, vector.requests)) for vector in suite_of(claims).vectors)


def choosing(
    patterns: Sequence[str], sample: int | None, seeded: int
) -> Callable[[Sequence[Mutant]], Sequence[Mutant]]:
    """Which mutants to run: of those that match any pattern, or are of an operator of that name, a sample or all."""

    def chosen(mutants: Sequence[Mutant]) -> Sequence[Mutant]:
        some = [mutant for mutant in mutants if not patterns or any(_matches(mutant, one) for one in patterns)]
        if not some:
            names = ", ".join(operator.name for operator in Operator)
            raise DeclarationError(f"no mutant matches {', '.join(map(repr, patterns))}; operators are {names}")
        if sample is None or sample >= len(some):
            return some
        return [some[at] for at in sorted(Random(seeded).sample(range(len(some)), sample))]

    return chosen


def _matches(mutant: Mutant, pattern: str) -> bool:
    return pattern.upper() == mutant.operator.name or fnmatchcase(str(mutant), f"*{pattern}*")
