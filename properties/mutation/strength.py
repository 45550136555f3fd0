"""How strong the conformance suite is: every mutant of the declarations run as a target, killed, equivalent or neither.

The random layer's walks are drawn once, from the reference, and replayed on every mutant (see
`properties.mutation.replaying`); a mutant that the deterministic layer does not kill is explored beside the reference
(see `properties.mutation.equivalence`).
"""

import multiprocessing
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from fnmatch import fnmatchcase
from random import Random

import attrs

from properties.mutation.equivalence import Comparer, Proof
from properties.mutation.mutants import Mutant, Mutants, mutants_of
from properties.mutation.operators import Operator
from properties.mutation.replaying import Kill, Layer
from properties.walks.coverage import slices
from properties.walks.runs import oracle
from statemachines.checker.codes import Coded, Codes
from statemachines.checker.explicit import TooLarge
from statemachines.errors import DeclarationError
from statemachines.language.claims import Claims
from statemachines.semantics.trace import Scenario, Trace


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
    walk: Scenario | None = None
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

    def trace(self, fate: Fate) -> Trace:
        """What the reference says to a sequence that kills a survivor."""
        assert fate.walk
        return fate.walk.replay(self.made.original)


@attrs.frozen
class Layers:
    """Where the scenarios of a suite's layers come from; they must not depend on what a system under test answers.

    Parameters
    ----------
    vectors: the deterministic layer's, in the order of running.
    walks: the random layer's, steered or not.
    """

    vectors: Callable[[Claims], Sequence[Scenario]]
    walks: Callable[[Claims, bool], Sequence[Scenario]]


@attrs.frozen
class _Found:
    """A fate as one process tells it to another."""

    kills: tuple[tuple[Way, Kill], ...]
    proof: Proof | None = None
    walk: Coded | None = None
    undecided: str = ""


class _Shared:
    """What every process works with: it is there before they are forked."""

    claims: Claims
    layers_of: "Layers"
    codes: Codes
    mutants: Sequence[Mutant]
    layers: Mapping[Way, Layer]
    comparer: Comparer


_shared = _Shared()


def _coded(walk: Scenario) -> Coded:
    return _shared.codes.coded(walk.start, walk.requests)


def _walk(coded: Coded) -> Scenario:
    return Scenario(*_shared.codes.run(coded))


def _drawn(steered: bool) -> list[Coded]:
    return [_coded(walk) for walk in _shared.layers_of.walks(_shared.claims, steered)]


def _find(at: int) -> _Found:
    """What comes of one mutant."""
    mutant = _shared.mutants[at]
    found = ((way, layer.kills(mutant)) for way, layer in _shared.layers.items())
    kills = tuple((way, kill) for way, kill in found if kill)
    if any(way is Way.DETERMINISTIC for way, _ in kills):
        return _Found(kills)
    try:
        compared = _shared.comparer.compare(mutant.system, mutant.kinds)
    except TooLarge as error:
        return _Found(kills, undecided=str(error))
    if compared.walk is None:
        assert not kills, f"{mutant} was proved equivalent, and is killed by {kills}"
        return _Found(kills, compared.proof)
    return _Found(kills, walk=_coded(compared.walk))


def strength_of(
    claims: Claims,
    layers: Layers,
    *,
    selection: Callable[[Sequence[Mutant]], Sequence[Mutant]] = lambda mutants: mutants,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Strength:
    """Run mutants of a system through both layers, and decide those that the deterministic one does not kill.

    Parameters
    ----------
    claims: the system, and what is claimed of it, which random walks are steered toward.
    layers: the suite's layers.
    selection: which of the mutants to run.
    jobs: how many processes, where they can be forked; what is found is the same with any number.
    progress: is told how many of how many mutants are done.
    """
    jobs = min(jobs, 1) if "fork" not in multiprocessing.get_all_start_methods() else jobs
    _shared.claims, _shared.layers_of, _shared.codes = claims, layers, Codes(claims.system)
    with _processes(jobs) as run:
        random = {
            way: run(_drawn, way is Way.STEERED) for way in (Way.STEERED, Way.UNSTEERED)
        }  # meanwhile, where there are several processes:
        made = mutants_of(claims.system)
        _shared.mutants = selection(made.mutants)
        reference = oracle(claims.system)
        replayed = {Way.DETERMINISTIC: Layer(reference, layers.vectors(claims))}
        for way, coded in random.items():
            replayed[way] = Layer(reference, map(_walk, coded()))
    _shared.layers, _shared.comparer = replayed, Comparer(slices(claims.system))
    fates = []
    for mutant, found in zip(_shared.mutants, _in_order(_find, len(_shared.mutants), jobs), strict=True):
        walk = _walk(found.walk) if found.walk else None
        fates.append(Fate(mutant, dict(found.kills), found.proof, walk, found.undecided))
        if progress:
            progress(len(fates), len(_shared.mutants))
    return Strength(made, replayed, tuple(fates))


Later = Callable[[], list[Coded]]
"""Waits for what is worked out in another process."""


@contextmanager
def _processes(jobs: int) -> Iterator[Callable[..., Later]]:
    """Something that works out one thing after another, in a process beside this one if there may be two."""
    if jobs == 1:

        def at_once(work: Callable[..., list[Coded]], *args: object) -> Later:
            done = work(*args)
            return lambda: done

        yield at_once
    else:
        with multiprocessing.get_context("fork").Pool(1) as pool:
            yield lambda work, *args: pool.apply_async(work, args).get


def _in_order(work: Callable[[int], _Found], count: int, jobs: int) -> Iterator[_Found]:
    """What comes of each mutant, in order."""
    if jobs == 1:
        yield from map(work, range(count))
    else:
        with multiprocessing.get_context("fork").Pool(jobs) as pool:
            yield from pool.imap(work, range(count), chunksize=4)


def selecting(
    patterns: Sequence[str], sample: int | None, seeded: int
) -> Callable[[Sequence[Mutant]], Sequence[Mutant]]:
    """Which mutants to run: of those that match any pattern, or are of an operator of that name, a sample or all."""

    def selection(mutants: Sequence[Mutant]) -> Sequence[Mutant]:
        some = [mutant for mutant in mutants if not patterns or any(_matches(mutant, one) for one in patterns)]
        if not some:
            names = ", ".join(operator.name for operator in Operator)
            raise DeclarationError(f"no mutant matches {', '.join(map(repr, patterns))}; operators are {names}")
        if sample is None or sample >= len(some):
            return some
        return [some[at] for at in sorted(Random(seeded).sample(range(len(some)), sample))]

    return selection


def _matches(mutant: Mutant, pattern: str) -> bool:
    return pattern.upper() == mutant.operator.name or fnmatchcase(str(mutant), f"*{pattern}*")
