"""Slices: parts of a system that decide something exactly, explored in place of the whole.

A slice keeps some variables and forgets the others. It is exact if its variables are closed: whatever decides when and
how a kept variable changes reads kept variables only. (A request decides that by its `changes`, which count in
whether it passes the gates.) Then every run of the whole, seen through the kept variables, is a run of the slice in
which some requests change nothing; and every run of the slice is, request for request, the view of a run of the whole,
whatever the forgotten variables start as. So a condition on kept variables is reachable in the one exactly if it is
in the other, and the fewest requests that lead to it are as many: a shortest way in the slice is one in the whole.

A condition on some variables is looked for on the smallest exact slice that has them, their cone of influence; and
there not in every state, but once for each combination of their values, at the first state that shows it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from enum import Enum
from functools import cached_property, lru_cache, partial
from math import prod
from typing import TYPE_CHECKING

import attrs

from statemachines.errors import TooLargeError
from statemachines.language.expression import FALSE, Expr
from statemachines.language.requests import Field, Request
from statemachines.language.system import State, System
from statemachines.semantics.grounding import GroundedRequest
from statemachines.semantics.preconditions import Preconditions, preconditions, structural_key, variables_of

if TYPE_CHECKING:
    from statemachines.checker.explicit import Space


@attrs.frozen
class SliceSize:
    """A slice that was looked at.

    Parameters
    ----------
    variables: the names of those that it keeps, in order of declaration.
    combinations: how many combinations of values they have.
    states: how many of those can be reached.
    """

    variables: tuple[str, ...]
    combinations: int
    states: int


def sizes(spaces: "Iterable[Space]") -> tuple[SliceSize, ...]:
    """The slices, each once, those with the fewest states first; what no state decides needed none."""
    distinct = (space for space in dict.fromkeys(spaces) if space.variables)
    return in_order({SliceSize(space.radices.names, space.radices.product, len(space)) for space in distinct})


def in_order(slices: Iterable[SliceSize]) -> tuple[SliceSize, ...]:
    """Those with the fewest states first."""
    return tuple(sorted(slices, key=lambda part: (part.states, part.combinations, part.variables)))


@attrs.frozen(eq=False)
class ReachedState:
    """A state that a search comes to, as early as to any that is alike.

    Parameters
    ----------
    depth: the fewest requests that lead to it.
    path: finds where a shortest run to it starts, and the requests; variables that the slice forgets start at their
        first initial value.
    """

    depth: int
    path: Callable[[], tuple[State, tuple[Request, ...]]]

    @classmethod
    def of(cls, space: "Space", index: int) -> "ReachedState":
        """The state of a slice with an index."""
        return cls(int(space.depth[index]), partial(space.path, index))


@attrs.frozen(eq=False)
class AlikeRequests:
    """Requests that are decided alike, and agree in what matters of their fields.

    Parameters
    ----------
    at: the index of the first among all requests.
    asked: the first.
    times: how many they are.
    """

    at: int
    asked: Preconditions
    times: int


class Slices:
    """The slices of one system, each explored when it is first asked for.

    Parameters
    ----------
    system: the whole.
    memory: how many bytes exploring one of them may take; by default three quarters of what is available.
    requests: every request of it, in order of declaration; by default as the system decides them.
    most: how many states one of them may have; by default as many as can be.
    kinds: for each request a number that it shares with those that are decided alike, field values apart.
    combinations: how many combinations of values the system has.
    """

    def __init__(
        self,
        system: System,
        memory: int | None = None,
        requests: Iterable[Preconditions] | None = None,
        most: int | None = None,
    ) -> None:
        self.system = system
        self.memory, self.most = memory, most
        self.requests = preconditions(system) if requests is None else tuple(requests)
        numbers: dict[Hashable, int] = {}
        self.kinds = tuple(numbers.setdefault(kind, len(numbers)) for kind in _kinds(self.requests))
        self.combinations = prod(len(variable.domain) for variable in system.variables)
        self._cones: dict[frozenset[str], frozenset[str]] = {}
        self._spaces: dict[frozenset[str], Space] = {}
        self._too_large: dict[frozenset[str], TooLargeError] = {}
        self._near: dict[frozenset[str], tuple[int, Space]] = {}
        self._firsts: dict[Hashable, ReachedState | None] = {}
        self._alike: dict[tuple[Field, ...], tuple[tuple[AlikeRequests, ...], ...]] = {}

    @cached_property
    def distinct(self) -> tuple[Preconditions, ...]:
        """The first request of each kind."""
        first = dict(zip(reversed(self.kinds), reversed(self.requests), strict=True))
        return tuple(first[kind] for kind in sorted(first))

    def alike(self, fields: tuple[Field, ...]) -> tuple[tuple[AlikeRequests, ...], ...]:
        """Requests that are decided alike and agree in some fields, for each type and values of these fields."""
        if fields not in self._alike:
            first: dict[tuple[int, tuple[Enum | None, ...]], tuple[int, Preconditions]] = {}
            times: Counter[tuple[int, tuple[Enum | None, ...]]] = Counter()
            for at, (asked, kind) in enumerate(zip(self.requests, self.kinds, strict=True)):
                key = kind, tuple(map(asked.bindings.get, fields))
                first.setdefault(key, (at, asked))
                times[key] += 1
            groups: dict[Hashable, list[AlikeRequests]] = {}
            for key, (at, asked) in first.items():
                agreed = (id(asked.request.type), key[1:])
                groups.setdefault(agreed, []).append(AlikeRequests(at, asked, times[key]))
            self._alike[fields] = tuple(map(tuple, groups.values()))
        return self._alike[fields]

    @cached_property
    def _by_request(self) -> dict[Request, Preconditions]:
        return {asked.request: asked for asked in self.requests}

    def asked(self, request: Request) -> Preconditions:
        """The preconditions of the request's step."""
        return self._by_request[request]

    @cached_property
    def _influences(self) -> dict[str, set[str]]:
        """For each variable, those that decide when and how it changes."""
        read: dict[str, set[str]] = {name: set() for name in self.system.state_type.names}
        for asked in self.distinct:
            for change in asked.changes:
                read[change.variable.name] |= variables_of(change.when).keys()
        return read

    def cone(self, names: Collection[str]) -> frozenset[str]:
        """The cone of influence: the variables that these depend on, through any number of requests."""
        wanted = frozenset(names)
        if wanted not in self._cones:
            grown, new = set(wanted), set(wanted)
            while new:
                new = {name for one in new for name in self._influences[one]} - grown
                grown |= new
            self._cones[wanted] = frozenset(grown)
        return self._cones[wanted]

    def space(self, names: Collection[str], *, most: int | None = None) -> "Space":
        """The reachable states of the smallest exact slice with these variables.

        Parameters
        ----------
        most: how many there may be, if not as many as can be; it matters only where they are asked for the first time.

        Raises
        ------
        TooLargeError: when there are more.
        """
        kept = self.cone(names)
        if kept in self._too_large:
            raise self._too_large[kept]
        if kept not in self._spaces:
            try:
                self._spaces[kept] = self._explored(kept, most=most or self.most)
            except TooLargeError as error:
                if most is None:
                    self._too_large[kept] = error
                raise
        return self._spaces[kept]

    def near(self, names: Collection[str], within: int) -> "Space":
        """The states of that slice that at most so many requests lead to; farther ones, too, where they are known."""
        kept = self.cone(names)
        if kept in self._spaces:
            return self._spaces[kept]
        if kept not in self._near or self._near[kept][0] < within:
            self._near[kept] = within, self._explored(kept, within=within)
        return self._near[kept][1]

    def _explored(self, kept: frozenset[str], *, most: int | None = None, within: int | None = None) -> "Space":
        from statemachines.checker.explicit import explore  # noqa: PLC0415  # sets decide without NumPy

        variables = [variable for variable in self.system.variables if variable.name in kept]
        requests, memory = self.requests, self.memory
        return explore(self.system, variables=variables, requests=requests, most=most, within=within, memory=memory)

    @property
    def explored(self) -> "tuple[Space, ...]":
        """The slices that were explored so far."""
        return tuple(self._spaces.values())

    def of(self, *conditions: Expr) -> "Space":
        """The slice on which these conditions on variables are decided."""
        return self.space({name for condition in conditions for name in variables_of(condition)})

    def size(self, condition: Expr) -> SliceSize:
        """How large the slice is on which a condition is decided."""
        space = self.of(condition)
        return SliceSize(space.radices.names, space.radices.product, len(space))

    def first(self, condition: Expr) -> ReachedState | None:
        """The first reachable state that satisfies a condition on variables; ``None`` if none does."""
        if condition is FALSE:
            return None
        key = structural_key(condition)
        if key not in self._firsts:
            names = variables_of(condition).keys()
            space = self.space(names)
            view = space.view(names)
            hits = view.columns.where(condition)
            self._firsts[key] = ReachedState.of(space, int(view.indices[hits.argmax()])) if hits.any() else None
        return self._firsts[key]


@lru_cache(maxsize=8)
def slices(system: System) -> Slices:
    """The slices of a system, shared by everything in this process."""
    return Slices(system)


def _kinds(requests: Iterable[Preconditions]) -> Iterator[Hashable]:
    """A key that requests share which are decided alike, for each; it is made once for those that share rulings."""
    made: dict[tuple[int, int], Hashable] = {}
    for asked in requests:
        grounded = asked.grounded
        key = id(grounded.rulings), id(grounded.moves)
        if key not in made:
            made[key] = _kind(grounded)
        yield made[key]


def _kind(grounded: GroundedRequest) -> Hashable:
    return (
        id(grounded.request.type),
        tuple((structural_key(ruling.when), ruling.verdict, id(ruling.declaration)) for ruling in grounded.rulings),
        tuple((structural_key(move.when), id(move.transition)) for move in grounded.moves),
    )
