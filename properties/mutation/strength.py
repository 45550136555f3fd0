"""The strength of a suite: every mutant, run as a system under test, is killed, equivalent or a survivor.

The scenarios of both layers are replayed on every mutant (see `properties.mutation.replaying`); a mutant that the
deterministic layer does not kill is explored beside the reference (see `statemachines.checker.equivalence`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from enum import Enum
from fnmatch import fnmatchcase
from itertools import chain, islice, zip_longest
from random import Random

import attrs

from properties.mutation.behaviour_mutants import behaviours_of
from properties.mutation.mutants import Mutant, Mutants, mutants_of, pairs_of
from properties.mutation.operators import Operator
from properties.mutation.processes import able, forked
from properties.mutation.proving import bisimilar, proved, proved_once_or_late
from properties.mutation.replaying import Kill, Layer
from properties.mutation.run_codes import Coded, RunCodes
from properties.walks.runs import oracle
from statemachines.checker.equivalence import Proof, comparer
from statemachines.checker.slices import slices
from statemachines.errors import DeclarationError, TooLargeError
from statemachines.language.claims import Claims
from statemachines.language.system import System
from statemachines.semantics.preconditions import variables_of
from statemachines.semantics.trace import Scenario, Trace

NOT_RESET = "no sequence shows it after the one that it comes after; another order may"
"""Why a variable that is not reset is not decided."""


class LayerKind(Enum):
    """The layers of a suite, and a baseline of the random one. A member's value is its wording."""

    DETERMINISTIC = "the deterministic layer"
    STEERED = "the random layer"
    UNSTEERED = "as many random requests without steering"


@attrs.frozen(eq=False)
class MutantResult:
    """Whether a mutant is killed, equivalent, or survives.

    Parameters
    ----------
    mutant: which.
    kills: the layers that kill it, and where first.
    proof: if the deterministic layer does not kill it, why nothing can; ``None`` if something can.
    walk: then, a shortest sequence that does.
    undecided: why equivalence was not decided.
    """

    mutant: Mutant
    kills: Mapping[LayerKind, Kill]
    proof: Proof | None = None
    walk: Scenario | None = None
    undecided: str = ""

    @property
    def killed(self) -> bool:
        """Whether the deterministic layer kills it."""
        return LayerKind.DETERMINISTIC in self.kills

    @property
    def survives(self) -> bool:
        """Whether it is not equivalent, or not known to be, and the deterministic layer does not kill it."""
        return not self.killed and self.proof is None


@attrs.frozen(eq=False)
class Strength:
    """The results of all mutants.

    Parameters
    ----------
    made: the mutants of the system, and the changes that are none.
    layers: the scenarios that they were run through; the random ones are left out if they have none.
    results: of the selected mutants, in order; of the first of them, if the run was interrupted.
    selected: how many there are.
    """

    made: Mutants
    layers: Mapping[LayerKind, Layer]
    results: tuple[MutantResult, ...]
    selected: int

    @property
    def interrupted(self) -> bool:
        """Whether some of the selected mutants were not run."""
        return len(self.results) < self.selected

    def killed_by(self, way: LayerKind) -> int:
        """How many are killed by a layer."""
        return sum(way in result.kills for result in self.results)

    @property
    def equivalent(self) -> int:
        """How many are proved equivalent."""
        return sum(result.proof is not None for result in self.results)

    @property
    def survivors(self) -> tuple[MutantResult, ...]:
        """Those that the deterministic layer should kill, and does not."""
        return tuple(result for result in self.results if result.survives)

    def trace(self, result: MutantResult) -> Trace:
        """What the reference says to a sequence that kills a survivor."""
        assert result.walk
        return result.walk.replay(self.made.original)


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


ONE_BY_ONE = 128
"""So many mutants, the last ones, are given to a process one by one: they take the longest."""


@attrs.frozen
class _CodedResult:
    """A result as one process sends it to another."""

    kills: tuple[tuple[LayerKind, Kill], ...]
    proof: Proof | None = None
    walk: Coded | None = None
    undecided: str = ""


class _Shared:
    """What every process works with, set before they are forked."""

    claims: Claims
    layers_of: "Layers"
    codes: RunCodes
    mutants: Sequence[Mutant]
    layers: Mapping[LayerKind, Layer]


_shared = _Shared()


def _coded(walk: Scenario) -> Coded:
    return _shared.codes.coded(walk.start, walk.requests)


def _walk(coded: Coded) -> Scenario:
    return Scenario(*_shared.codes.run(coded))


def _drawn(steered: bool) -> list[Coded]:
    return [_coded(walk) for walk in _shared.layers_of.walks(_shared.claims, steered)]


def _examined(at: int) -> _CodedResult:
    """The result of one mutant."""
    mutant = _shared.mutants[at]
    first = ((way, layer.kills(mutant)) for way, layer in _shared.layers.items())
    kills = tuple((way, kill) for way, kill in first if kill)
    if any(way is LayerKind.DETERMINISTIC for way, _ in kills):
        return _CodedResult(kills)
    if mutant.kept:
        unread = mutant.kept not in _read(mutant.original)
        return _CodedResult(kills, Proof.UNREAD if unread else None, undecided="" if unread else NOT_RESET)
    if mutant.after:
        proof = proved_once_or_late(_shared.claims.system, mutant.operator, mutant.after)
    else:
        proof = proved(mutant.original, mutant.system, mutant.kinds)
    if proof:
        assert not kills, f"{mutant} was proved equivalent, and is killed by {kills}"
        return _CodedResult(kills, proof)
    try:
        compared = comparer(mutant.original).compare(
            mutant.system, mutant.kinds, exclusive=mutant.exclusive, likely=True
        )
    except TooLargeError as error:
        return _CodedResult(kills, undecided=str(error))
    if compared.walk is None:
        assert not kills, f"{mutant} was proved equivalent, and is killed by {kills}"
        return _CodedResult(kills, compared.proof)
    start = _shared.claims.system.state_type(compared.walk.start[: len(_shared.claims.system.variables)])
    return _CodedResult(kills, walk=_coded(Scenario(start, compared.walk.requests)))


def _read(system: System) -> frozenset[str]:
    """The variables that any verdict depends on, by way of what they change, too."""
    of_system = slices(system)
    rulings = (ruling for asked in of_system.distinct for ruling in asked.grounded.rulings)
    return of_system.cone({name for ruling in rulings for name in variables_of(ruling.when)})


def every_mutant_of(system: System, pairs: int = 0) -> Mutants:
    """The mutants of the declarations, of what the system does, and so many with two mistakes in the declarations."""
    made = mutants_of(system)
    more = (*behaviours_of(system), *pairs_of(made, pairs))
    return attrs.evolve(made, mutants=(*made.mutants, *more))


def strength_of(
    claims: Claims,
    layers: Layers,
    *,
    selection: Callable[[Sequence[Mutant]], Sequence[Mutant]] = lambda mutants: mutants,
    pairs: int = 0,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Strength:
    """Run mutants of a system through both layers, and decide those that the deterministic one does not kill.

    A `KeyboardInterrupt` while mutants are run ends it with the results so far.

    Parameters
    ----------
    claims: the system, and what is claimed of it, which random walks are steered toward.
    layers: the suite's layers.
    selection: which of the mutants to run.
    pairs: how many mutants with two mistakes are made, of those that there could be.
    jobs: how many processes, where they can be forked; the results do not depend on it.
    progress: called with the number of mutants that are done, and of all, before the first one, too.
    """
    jobs = able(jobs)
    _shared.claims, _shared.layers_of, _shared.codes = claims, layers, RunCodes(claims.system)
    with _processes(jobs) as run:
        random = {
            way: run(_drawn, way is LayerKind.STEERED) for way in (LayerKind.STEERED, LayerKind.UNSTEERED)
        }  # meanwhile, where there are several processes:
        made = every_mutant_of(claims.system, pairs)
        _shared.mutants = selection(made.mutants)
        reference = oracle(claims.system)
        replayed = {LayerKind.DETERMINISTIC: Layer(reference, layers.vectors(claims))}
        for way, later in random.items():
            if coded := later():
                replayed[way] = Layer(reference, map(_walk, coded))
    _shared.layers = replayed
    comparer(claims.system)  # once, and not in each process
    bisimilar.cache_clear()  # but diagrams in each: their threads are not forked
    results: list[MutantResult] = []
    selected = len(_shared.mutants)
    with suppress(KeyboardInterrupt):
        if progress:
            progress(0, selected)
        for mutant, one in zip(_shared.mutants, _in_order(_examined, selected, jobs), strict=True):
            walk = _walk(one.walk) if one.walk else None
            results.append(MutantResult(mutant, dict(one.kills), one.proof, walk, one.undecided))
            if progress:
                progress(len(results), selected)
    return Strength(made, replayed, tuple(results), selected)


Later = Callable[[], list[Coded]]
"""Waits for the result of another process."""


@contextmanager
def _processes(jobs: int) -> Iterator[Callable[..., Later]]:
    """What runs one piece of work after another, in a second process if there may be two."""
    if jobs == 1:

        def at_once(work: Callable[..., list[Coded]], *args: object) -> Later:
            done = work(*args)
            return lambda: done

        yield at_once
    else:
        with forked(1) as pool:
            yield lambda work, *args: pool.submit(work, *args).result


def _in_order(work: Callable[[int], _CodedResult], count: int, jobs: int) -> Iterator[_CodedResult]:
    """The result of each mutant, in order."""
    if jobs == 1:
        yield from map(work, range(count))
    else:
        first = max(0, count - ONE_BY_ONE)
        with forked(jobs) as pool:
            yield from chain(pool.map(work, range(first), chunksize=4), pool.map(work, range(first, count)))


def selecting(
    patterns: Sequence[str], sample: int | None, seeded: int, strays: int | None = None
) -> Callable[[Sequence[Mutant]], Sequence[Mutant]]:
    """A selection of mutants: of those that match a pattern or whose operator has that name, all or a sample.

    The operators take turns in a sample: one of which there are many mutants has no more in it than another.

    Parameters
    ----------
    patterns: words of their descriptions, or names of operators; any mutant, if there are none.
    sample: how many of them at the most.
    seeded: of what is drawn.
    strays: how many with one change more, of which a large system has more than of all others together.
    """

    def selection(mutants: Sequence[Mutant]) -> Sequence[Mutant]:
        matching = [mutant for mutant in mutants if not patterns or any(_matches(mutant, one) for one in patterns)]
        if not matching:
            names = ", ".join(operator.name for operator in Operator)
            raise DeclarationError(f"no mutant matches {', '.join(map(repr, patterns))}; operators are {names}")
        extra = [at for at, mutant in enumerate(matching) if mutant.operator is Operator.STRAY]
        if strays is not None and strays < len(extra):
            left_out = set(Random(seeded).sample(extra, len(extra) - strays))
            matching = [mutant for at, mutant in enumerate(matching) if at not in left_out]
        if sample is None or sample >= len(matching):
            return matching
        left = {operator: list[int]() for operator in Operator}
        for at in Random(seeded).sample(range(len(matching)), len(matching)):
            left[matching[at].operator].append(at)
        turns = (at for turn in zip_longest(*left.values()) for at in turn if at is not None)
        return [matching[at] for at in sorted(islice(turns, sample))]

    return selection


def _matches(mutant: Mutant, pattern: str) -> bool:
    return pattern.upper() == mutant.operator.name or fnmatchcase(str(mutant), f"*{pattern}*")
