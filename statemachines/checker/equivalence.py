"""Equivalence of two systems by their verdicts, decided by exploration.

The two have the same variables and requests, such as a system and a mutant of it; they start in the same initial
state of the first and are sent the same requests. Its verdicts are compared as those of any system under
test: outcome, party, reason and response, but for what the first leaves unspecified.

First every reachable state of the first system is asked whether one step from there can differ, in the verdict or in
what changes. If none can, the two are in the same state after any requests, and equivalent. Otherwise pairs of states
are explored, breadth first, from where they part. A pair in which the two are in the same state again is one of those
that were asked before, and is left out. That asks too much: perhaps the second system is never in a state in which the
first is, since they part on every way there. So a difference is replayed, and where it turns out to be none every pair
is explored from the start. All of it is done on slices (see `statemachines.checker.slices`): of the variables
that the verdicts on some requests depend on in either system, with all that these depend on. Of a larger system, sets
of pairs of the whole say first on which requests they differ (see `statemachines.checker.symbolic_product`): most often
on none, and otherwise on slices of few requests a run is wanted.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

import attrs

from statemachines.checker.explicit import Space, View
from statemachines.checker.explicit_product import ExplicitProduct
from statemachines.checker.slices import Slices, slices
from statemachines.checker.successors import Shifts
from statemachines.checker.twin import Twin, Twins
from statemachines.errors import DeclarationError, EnginesDisagreeError, TooLargeError
from statemachines.extras import MissingExtraError
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.semantics.comparison import differences
from statemachines.semantics.oracle import Oracle, decided
from statemachines.semantics.overlaps import refuse_overlaps
from statemachines.semantics.preconditions import variables_of
from statemachines.semantics.trace import Scenario

if TYPE_CHECKING:
    from statemachines.checker.symbolic_product import FirstDifferences, SymbolicProduct

SMALL = 1 << 14
"""The most combinations of values of a system of which sets of pairs would take longer than pairs one by one."""


class Proof(Enum):
    """Why nothing tells two systems apart. A member's value is its wording."""

    SAME = "each request comes to the same conditions and verdicts"
    NO_STATE = "in no reachable state does any step differ"
    NO_PAIR = "no reachable pair of states gives different verdicts"
    UNREAD = "no verdict depends on it"


@attrs.frozen(eq=False)
class Comparison:
    """The result of comparing two systems.

    Parameters
    ----------
    walk: a shortest sequence of requests at whose last one they differ; ``None`` if there is none.
    proof: then, how that is known.
    states, pairs: how many states of the first system, and pairs of different states, were looked at for it.
    """

    walk: Scenario | None
    proof: Proof | None
    states: int
    pairs: int


def distinguish(original: System, mutant: System) -> Scenario | None:
    """A shortest sequence of requests at whose last one a mutant differs from the original; ``None`` if there is none.

    Raises
    ------
    DeclarationError: for systems of different variables or requests, and two transitions that can fire at once.
    TooLargeError: when too many states would have to be explored.
    """
    return Comparer(slices(original)).compare(mutant).walk


class Comparer:
    """Compares one system with others; what it has explored of it it keeps.

    Parameters
    ----------
    slices: of the system.
    small: of a system with no more combinations of values, pairs are explored one by one.
    """

    def __init__(self, slices: Slices, small: int = SMALL) -> None:
        self.slices, self.small = slices, small
        self._oracle = Oracle(slices.system)
        self.twins = Twins(slices)
        self._same: dict[RequestType, list[Twin]] = {kind: [] for kind in slices.system.requests}
        for asked in slices.distinct:
            self._same[asked.request.type].append(Twin(asked, asked))
        self._beside = lru_cache(maxsize=8)(self._product)

    def _product(self, apart: frozenset[str]) -> "SymbolicProduct | None":
        if self.slices.combinations > self.small:
            try:
                from statemachines.checker.symbolic_product import SymbolicProduct  # noqa: PLC0415  # a package more

                return SymbolicProduct(self.slices, apart)
            except (TooLargeError, MissingExtraError):
                pass
        return None

    def differing(
        self, twins: Sequence[Twin], apart: frozenset[str], most: int | None, *, likely: bool
    ) -> "FirstDifferences | None":
        """The requests on which the systems differ first in different states, if sets of pairs say so."""
        beside = self._beside(apart)
        try:
            return beside.differing(twins, most, likely=likely) if beside else None
        except TooLargeError:
            return None

    def compare(
        self,
        mutant: System,
        kinds: Collection[RequestType] | None = None,
        *,
        exclusive: bool = False,
        likely: bool = False,
    ) -> Comparison:
        """Whether the mutant can be distinguished from the system.

        Parameters
        ----------
        kinds: the types of request that may be declared otherwise; by default any.
        exclusive: whether no two of the mutant's transitions are known to fire at once, as where one fires only on what
            a check refuses: conditions alone do not show that.
        likely: whether it seems that it can, so that a few requests are looked at first; the result is the same.

        Raises
        ------
        DeclarationError: for systems of different variables or requests, and two transitions that can fire at once.
        TooLargeError: when too many states would have to be explored.
        """
        system = self.slices.system
        if list(map(id, mutant.variables)) != list(map(id, system.variables)) or mutant.requests != system.requests:
            raise DeclarationError(f"{mutant.name!r} has not the variables and requests of {system.name!r}")
        if not exclusive:
            refuse_overlaps(mutant, known=system)
        twins: list[Twin] = []
        for kind, same in self._same.items():
            alike = kinds is not None and kind not in kinds
            twins += same if alike else dict.fromkeys(self.twins.of(mutant, kind).values())
        changed = tuple(twin for twin in twins if twin.second is not twin.first)
        if not changed:
            return Comparison(None, Proof.SAME, 0, 0)
        product = _Product(self, twins, changed, likely=likely)
        walk = product.explore()
        if walk and not self._confirms(mutant, walk):
            walk = product.explore_all()
            if walk and not self._confirms(mutant, walk):
                raise EnginesDisagreeError(f"the oracles do not confirm that {walk} tells {mutant.name!r} apart")
        if walk:
            return Comparison(walk, None, product.states, product.pairs)
        return Comparison(None, Proof.NO_PAIR if product.parts else Proof.NO_STATE, product.states, product.pairs)

    def _confirms(self, mutant: System, walk: Scenario) -> bool:
        """Replay the walk on both oracles: whether they differ at its last step and at none before."""
        other = Oracle(mutant)
        state, of_mutant = walk.start, mutant.state(**walk.start.as_dict())
        for at, request in enumerate(walk.requests, 1):
            state, expected = decided(self._oracle, state, request)
            of_mutant, observed = decided(other, of_mutant, request)
            if bool(differences(expected, observed)) is not (at == len(walk.requests)):
                return False
        return True


@lru_cache(maxsize=4)
def comparer(system: System) -> Comparer:
    """The comparer of a system, shared by everything in this process."""
    return Comparer(slices(system))


class _Product:
    """Two systems in product."""

    def __init__(self, comparer: Comparer, twins: list[Twin], changed: tuple[Twin, ...], *, likely: bool) -> None:
        self.comparer, self.slices, self.likely = comparer, comparer.slices, likely
        self.twins, self.changed = twins, changed
        self.states = self.pairs = 0
        self.parts = False  # whether the two can ever be in different states
        self._reads = self._influences()

    def explore(self) -> Scenario | None:
        """A sequence that tells them apart, if there is one.

        It may take them to be in one state where they never are; if they are, it is a shortest one.
        """
        walk, apart = self._shown_at_once(), self._apart()
        parting = self._parting() if walk else None
        if walk and (parting is None or len(walk.requests) <= parting + 2):
            self.parts = parting is not None
            return walk  # where they part after so many requests and one, what differs then comes one later at best
        most = len(walk.requests) if walk else None
        known = self.comparer.differing(self.twins, apart, most, likely=self.likely)
        if known:
            self.pairs += known.pairs
        if parting is None and not (known and known.pairs):  # pairs say it without the states of large slices
            parting = self._parting()
            if parting is None:
                return None
        self.parts = True
        for names, watched in self._parts(twin for twin in self.twins if twin.names & apart):
            if known and known.twins.isdisjoint(watched):
                continue
            walk = self._lockstep(names, apart, watched, walk, whole=False, requests=known.requests if known else None)
            if known or (walk and len(walk.requests) <= (parting or 0) + 2):
                break  # each of the first that differ is on a slice by itself
        return walk

    def explore_all(self) -> Scenario | None:
        """A shortest sequence that tells them apart, if there is one, from every pair that they can be in."""
        apart, walk = self._apart(), None
        for names, watched in self._parts(twin for twin in self.twins if twin.differs or twin.names & apart):
            walk = self._lockstep(names, apart, watched, walk, whole=True)
        return walk

    def _lockstep(
        self,
        names: frozenset[str],
        apart: frozenset[str],
        watched: Iterable[Twin],
        known: Scenario | None,
        *,
        whole: bool,
        requests: int | None = None,
    ) -> Scenario | None:
        """A sequence that is shorter than the known one, if there is one on a slice; otherwise that one.

        Parameters
        ----------
        requests: how many it has, if that is known; the last two are sent in pairs of different states.
        """
        space = self.slices.space(names) if requests is None else self.slices.near(names, requests - 2)
        product = ExplicitProduct(space, apart & names, self.twins, self.changed, watched, whole=whole)
        shorter = product.explore(len(known.requests) if known else None)
        self.states, self.pairs = self.states + len(space), self.pairs + product.pairs
        return shorter or known

    def _shown_at_once(self) -> Scenario | None:
        """A run to the first reachable state from which one step shows a difference, and that step."""
        walk = None
        for twin in self.changed:
            if twin.differs:
                space, view = self._view(twin.names)
                hits = twin.verdicts_differ(view.columns, view.columns)
                index = int(view.indices[hits.argmax()])
                if hits.any() and (walk is None or space.depth[index] + 1 < len(walk.requests)):
                    start, requests = space.path(index)
                    walk = Scenario(start, (*requests, twin.request))
        return walk

    def _parting(self) -> int | None:
        """The fewest requests that lead to a state from which one step parts the two; ``None`` if none does."""
        parting = None
        for twin in self.changed:
            for name in twin.parting:
                first, second = (
                    [change for change in asked.changes if change.variable.name == name]
                    for asked in (twin.first, twin.second)
                )
                space, view = self._view({name}.union(*(variables_of(change.when) for change in (*first, *second))))
                one, other = (Shifts(changes, view.columns.radices).after(view.columns) for changes in (first, second))
                parted = one != other
                if parted.any():
                    depth = int(space.depth[view.indices[parted.argmax()]])
                    parting = depth if parting is None else min(parting, depth)
        return parting

    def _view(self, names: Collection[str]) -> tuple[Space, View]:
        space = self.slices.space(names)
        view = space.view(names)
        self.states += len(view.indices)
        return space, view

    def _influences(self) -> dict[str, set[str]]:
        """For each variable that a changed request may change, what decides when and how, in either system."""
        read: dict[str, set[str]] = {}
        for twin in self.changed:
            for change in twin.second.changes:
                read.setdefault(change.variable.name, set()).update(variables_of(change.when))
        return read

    def _cone(self, names: Iterable[str]) -> frozenset[str]:
        """The variables that these depend on in either system."""
        grown: frozenset[str] = frozenset()
        wider = self.slices.cone(frozenset(names))
        while wider != grown:
            grown = wider
            wider = self.slices.cone(grown.union(*(self._reads.get(name, ()) for name in grown)))
        return grown

    def _apart(self) -> frozenset[str]:
        """The variables that may ever have another value in the one system than in the other."""
        first = frozenset(name for twin in self.changed for name in twin.parting)
        return frozenset(name for name in self.slices.system.state_type.names if self._cone([name]) & first)

    def _parts(self, watched: Iterable[Twin]) -> Iterator[tuple[frozenset[str], tuple[Twin, ...]]]:
        """Slices, and those of the requests that are watched on each."""
        cones: dict[frozenset[str], list[Twin]] = {}
        for twin in watched:
            cones.setdefault(self._cone(twin.names), []).append(twin)
        largest = [names for names in cones if not any(names < other for other in cones)]
        for names in sorted(largest, key=len):
            yield names, tuple(twin for cone, twins in cones.items() if cone <= names for twin in twins)
