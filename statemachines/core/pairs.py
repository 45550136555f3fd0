"""Self-composition: two runs in lockstep, to see whether an observer can tell a secret from outside."""

from collections.abc import Hashable, Iterator, Mapping
from enum import Enum

import attrs
import numpy as np

from statemachines.core.claims import Indistinguishable
from statemachines.core.columns import Integers, Mask, Places
from statemachines.core.explore import Space, distinct
from statemachines.core.expression import FALSE, Expr, among
from statemachines.core.preconditions import Preconditions, shape, variables_of
from statemachines.core.requests import Request
from statemachines.core.slices import Slices
from statemachines.core.system import State


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
    parts: dict[frozenset[str], list[Watched]] = {}
    for asked in slices.requests:
        if _exchanged(asked.request, swap) is asked.request:
            watched = _watched(claim, asked)
            if watched:
                parts.setdefault(slices.cone({claim.secret.name, *watched.names()}), []).append(watched)
    for names, some in parts.items():
        yield _Lockstep(claim, slices, slices.space(names), swap, some).explore()


def _exchanged(request: Request, swap: Mapping[Enum, Enum]) -> Request:
    """The request with the secret's two values exchanged wherever a field has them."""
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
        slices: Slices,
        space: Space,
        swap: Mapping[Enum, Enum],
        watched: list[Watched],
    ) -> None:
        self.claim, self.space, self.swap = claim, space, swap
        first: dict[Hashable, Watched] = {}
        for watching in watched:
            first.setdefault(watching.shape(), watching)
        self.watched = tuple(first.values())
        self.moves = list(self._moves(slices))

    def _moves(self, slices: Slices) -> Iterator[tuple[Request, Places, Places]]:
        """Each request that moves either run, where it leads in the first, and where its twin leads in the second."""
        effects = {effect.request: effect for effect in self.space.effects}
        after: dict[Hashable, Places] = {None: np.arange(len(self.space), dtype=np.int32)}
        met: set[tuple[Hashable, Hashable]] = {(None, None)}
        for effect in distinct(effects.values()):
            after[effect.shape] = self.space.successors(effect)
        for asked in slices.requests:
            one, other = effects.get(asked.request), effects.get(_exchanged(asked.request, self.swap))
            both = (one.shape if one else None, other.shape if other else None)
            if both not in met:
                met.add(both)
                yield asked.request, after[both[0]], after[both[1]]

    def explore(self) -> Looked:
        count = len(self.space)
        known = self._starts()
        level, parents, bys = known, [np.full(len(known), -1)], [np.full(len(known), -1)]
        levels = [known]
        seen = looked = offset = 0
        while len(level):
            left, right = np.divmod(level, count)
            at, last, watched = self._difference(left, right)
            seen += watched
            looked += len(level) * (len(self.moves) + len(self.watched))
            if last:
                keys, parent, via = np.concatenate(levels), np.concatenate(parents), np.concatenate(bys)
                return Looked(self.space, len(keys), looked, seen, self._runs(keys, parent, via, offset + at, last))
            found, parent_of, by_of = [level[:0]], [level[:0]], [level[:0]]
            for move, (_, after, twin_after) in enumerate(self.moves):
                target = after[left].astype(np.int64) * count + twin_after[right]
                moved = np.flatnonzero(target != level)
                fresh, first = np.unique(target[moved], return_index=True)
                found.append(fresh)
                parent_of.append(moved[first] + offset)
                by_of.append(np.full(len(fresh), move))
            offset += len(level)
            unique, first = np.unique(np.concatenate(found), return_index=True)
            new = ~np.isin(unique, known, assume_unique=True)
            level = unique[new]
            known = np.concatenate([known, level])
            levels.append(level)
            parents.append(np.concatenate(parent_of)[first[new]])
            bys.append(np.concatenate(by_of)[first[new]])
        return Looked(self.space, len(known), looked, seen, None)

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
        right = self.space.at(self.space.radices.integers(columns)[left] + shift)
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
        for watching in self.watched:
            sees = self.space.columns.where(watching.sees)
            watched = np.flatnonzero(sees[left] & sees[right])
            seen += len(watched)
            differs = np.zeros(len(watched), dtype=bool)
            for look in watching.looks if len(watching.looks) > 1 else ():
                there = self.space.columns.where(look)
                differs |= there[left[watched]] != there[right[watched]]
            if differs.any() and watched[differs.argmax()] < best:
                best, last = int(watched[differs.argmax()]), watching.request
        return best, last, seen

    def _runs(self, keys: Integers, parents: Integers, bys: Integers, at: int, last: Request) -> Difference:
        requests = [last]
        while parents[at] >= 0:
            requests.append(self.moves[int(bys[at])][0])
            at = int(parents[at])
        requests.reverse()
        elsewhere = self._elsewhere() or {}
        left, right = divmod(int(keys[at]), len(self.space))
        system = self.space.system
        return Difference(
            (system.replace(self.space.state(left), **elsewhere), system.replace(self.space.state(right), **elsewhere)),
            tuple(requests),
            tuple(_exchanged(request, self.swap) for request in requests),
        )
