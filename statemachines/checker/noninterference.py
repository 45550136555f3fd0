"""Self-composition: two runs in lockstep, to see whether an observer can tell a secret from outside."""

from collections.abc import Hashable, Iterator, Mapping
from enum import Enum

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.checker.effects import distinct
from statemachines.checker.encoding import Integers, Mask, Places
from statemachines.checker.explicit import Space
from statemachines.checker.slices import Slices
from statemachines.checker.state_set import Table, ascending
from statemachines.language.claims import Indistinguishable
from statemachines.language.expression import FALSE, Expr, among
from statemachines.language.requests import Request
from statemachines.language.system import State
from statemachines.semantics.preconditions import Preconditions, shape, variables_of

Told = npt.NDArray[np.uint16]


@attrs.frozen(eq=False)
class Difference:
    """Two runs of equal length whose last step the observer can tell apart."""

    starts: tuple[State, State]
    first: tuple[Request, ...]
    second: tuple[Request, ...]


@attrs.frozen(eq=False)
class Looked:
    """What was looked at: pairs of states, steps of pairs, observed steps; and a difference, if there is one."""

    space: Space
    pairs: int
    transitions: int
    seen: int
    difference: Difference | None


@attrs.frozen(eq=False)
class Watched:
    """A request that may be seen in both runs.

    Parameters
    ----------
    sees: when the observer sees it.
    looks: for each thing that it may then see, when it sees that.
    """

    request: Request
    sees: Expr
    looks: tuple[Expr, ...]

    def names(self) -> set[str]:
        """The variables that decide what is seen."""
        return {name for condition in (self.sees, *self.looks) for name in variables_of(condition)}

    def shape(self) -> Hashable:
        """A key that it shares with what is seen alike."""
        return shape(self.sees), tuple(shape(look) for look in self.looks)


def tell_apart(claim: Indistinguishable, slices: Slices, one: Enum, other: Enum) -> Iterator[Looked]:
    """Explore every pair of runs that start alike but for the secret; once for each slice that some request needs."""
    swap = {one: other, other: one}
    twins = {asked.request: _exchanged(asked.request, swap) for asked in slices.requests}
    parts: dict[frozenset[str], list[Watched]] = {}
    for asked in slices.requests:
        if twins[asked.request] is asked.request:
            watched = _watched(claim, asked)
            if watched:
                parts.setdefault(slices.cone({claim.secret.name, *watched.names()}), []).append(watched)
    for names, some in parts.items():
        yield _Lockstep(claim, slices.space(names), swap, twins, some).explore()


def _exchanged(request: Request, swap: Mapping[Enum, Enum]) -> Request:
    """The request with the secret's two values exchanged wherever a field has them."""
    if swap.keys().isdisjoint(request.values):
        return request
    return request.type(
        **{field.name: swap.get(value, value) for field, value in zip(request.type.fields, request.values, strict=True)}
    )


def _watched(claim: Indistinguishable, asked: Preconditions) -> Watched | None:
    sees = asked.of(claim.sees)
    if sees is FALSE:
        return None
    rulings = asked.grounded.rulings
    told = dict.fromkeys(tuple(getattr(case.verdict, term.name) for term in claim.observes) for case in rulings)
    looks = (asked.shows(claim.observes, values) for values in told)
    return Watched(asked.request, sees, tuple(look for look in looks if look is not FALSE))


class _Lockstep:
    """Two runs on one slice, seen through some requests."""

    def __init__(
        self,
        claim: Indistinguishable,
        space: Space,
        swap: Mapping[Enum, Enum],
        twins: Mapping[Request, Request],
        watched: list[Watched],
    ) -> None:
        self.claim, self.space, self.swap, self.twins = claim, space, swap, twins
        first: dict[Hashable, Watched] = {}
        for watching in watched:
            first.setdefault(watching.shape(), watching)
        self.watched = tuple((watching.request, self._told(watching)) for watching in first.values())
        self.moves = tuple(self._moves())

    def _told(self, watching: Watched) -> Told:
        """For each state the number of the thing that the observer sees there, from 1; 0 where it does not see it."""
        told = np.zeros(len(self.space), dtype=np.uint16)
        sees = self.space.columns.where(watching.sees)
        for number, look in enumerate(watching.looks, 1):
            told[sees & self.space.columns.where(look)] = number
        return told

    def _moves(self) -> Iterator[tuple[Request, Places, Places]]:
        """Each request that moves either run, where it leads in the first, and where its twin leads in the second."""
        numbers = {effect.shape: number for number, effect in enumerate(distinct(self.space.effects))}
        kinds = {effect.request: numbers[effect.shape] for effect in self.space.effects}
        after = [self.space.successors(effect) for effect in distinct(self.space.effects)]
        after.append(np.arange(len(self.space), dtype=np.int32))  # where a request leads that moves nothing: at -1
        met = {(-1, -1)}
        for request, twin in self.twins.items():
            both = (kinds.get(request, -1), kinds.get(twin, -1))
            if both not in met:
                met.add(both)
                yield request, after[both[0]], after[both[1]]

    def explore(self) -> Looked:
        level = np.sort(self._starts())
        known = Table()  # of all pairs that there might be, few are met
        levels: list[Integers] = []
        pairs = seen = looked = 0
        while len(level):
            known.add(level)
            levels.append(level)
            pairs += len(level)
            at, last, watched = self._difference(*np.divmod(level, len(self.space)))
            seen += watched
            looked += len(level) * (len(self.moves) + len(self.watched))
            if last:
                return Looked(self.space, pairs, looked, seen, self._runs(levels, int(level[at]), last))
            moved = (targets.compress(targets != level) for _, targets in self._after(level))
            found = ascending(np.concatenate([level[:0], *moved]))
            level = found.compress(known.unseen(found))
        return Looked(self.space, pairs, looked, seen, None)

    def _after(self, level: Integers) -> Iterator[tuple[Request, Integers]]:
        """Each request, and where it leads from some pairs."""
        left, right = np.divmod(level, len(self.space))
        for request, after, twin_after in self.moves:
            yield request, after.take(left).astype(np.int64) * len(self.space) + twin_after.take(right)

    def _starts(self) -> Integers:
        """Initial states with one value of the secret and neither anywhere else, and their twins with the other."""
        none = np.empty(0, dtype=np.int64)
        if self._elsewhere() is None:
            return none
        one, other = self.swap
        secret, columns = self.claim.secret, self.space.columns
        initial = np.flatnonzero(self.space.depth == 0)  # a twin that is only reachable later starts no run
        lifecycle = self.space.system.lifecycle(secret.name)
        if one not in lifecycle.initial or other not in lifecycle.initial:
            return none
        named = np.zeros(len(self.space), dtype=int)
        for variable in self.space.variables:
            named += columns.where(among(variable, frozenset(self.swap)))
        alike: Mask = (named == 1) & columns.where(secret == one)
        left = initial[alike[initial]]
        shift = (secret.position(other) - secret.position(one)) * self.space.radices.weight(secret)
        right = self.space.at(self.space.integers[left] + shift)
        return left * len(self.space) + right

    def _elsewhere(self) -> dict[str, Enum] | None:
        """How the variables start that the slice forgets: as neither value; ``None`` if one of them cannot."""
        kept = self.space.radices.names
        values = {}
        for lifecycle in self.space.system.lifecycles:
            if lifecycle.name not in kept:
                able = [value for value in lifecycle.initial if value not in self.swap]
                if not able:
                    return None
                values[lifecycle.name] = able[0]
        return values

    def _difference(self, left: Integers, right: Integers) -> tuple[int, Request | None, int]:
        """The first pair, and the request, at which the observer sees a difference; and how many steps it saw."""
        best, last, seen = len(left), None, 0
        for request, told in self.watched:
            one, other = told.take(left), told.take(right)
            watched = (one != 0) & (other != 0)
            seen += int(np.count_nonzero(watched))
            differs = watched & (one != other)
            at = int(differs.argmax())
            if differs[at] and at < best:
                best, last = at, request
        return best, last, seen

    def _runs(self, levels: list[Integers], pair: int, last: Request) -> Difference:
        """The runs that lead to a pair of the last level, and from there on; of several, those declared first."""
        requests = [last]
        for level in reversed(levels[:-1]):
            request, at = next(
                (request, np.flatnonzero(targets == pair))
                for request, targets in self._after(level)
                if (targets == pair).any()
            )
            requests.append(request)
            pair = int(level[at[0]])
        requests.reverse()
        elsewhere = self._elsewhere() or {}
        left, right = divmod(pair, len(self.space))
        system = self.space.system
        return Difference(
            (system.replace(self.space.state(left), **elsewhere), system.replace(self.space.state(right), **elsewhere)),
            tuple(requests),
            tuple(self.twins[request] for request in requests),
        )
