"""Self-composition: two runs in lockstep, to see whether an observer can tell a secret from outside."""

from enum import Enum

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.core.claims import Indistinguishable
from statemachines.core.explore import Space, outcome
from statemachines.core.expression import FALSE
from statemachines.core.gates import Verdict
from statemachines.core.requests import Request
from statemachines.core.system import State

Places = npt.NDArray[np.int64]


@attrs.frozen(eq=False)
class Difference:
    """Two runs of equal length whose last step the observer can tell apart."""

    starts: tuple[State, State]
    first: tuple[Request, ...]
    second: tuple[Request, ...]


@attrs.frozen(eq=False)
class Looked:
    """What was looked at: pairs of states, steps of pairs, observed steps; and a difference, if there is one."""

    pairs: int
    transitions: int
    seen: int
    difference: Difference | None


def tell_apart(claim: Indistinguishable, space: Space, one: Enum, other: Enum) -> Looked:
    """Explore every pair of runs that start alike but for the secret."""
    return _Lockstep(claim, space, one, other).explore()


class _Lockstep:
    def __init__(self, claim: Indistinguishable, space: Space, one: Enum, other: Enum) -> None:
        self.claim, self.space = claim, space
        self.one, self.other = one, other
        place_of = {case.request: at for at, case in enumerate(space.grounded)}
        self.twin = [place_of[self._exchanged(case.request)] for case in space.grounded]
        self.looks: dict[int, npt.NDArray[np.int16]] = {}
        self.watched = [at for at, case in enumerate(space.grounded) if self._may_see(case.request, at)]

    def _exchanged(self, request: Request) -> Request:
        """The request with the secret's two values exchanged wherever a field has them."""
        swap = {self.one: self.other, self.other: self.one}
        values = {field.name: swap.get(request[field.name], request[field.name]) for field in request.type.fields}
        return request.type(**values)

    def _may_see(self, request: Request, at: int) -> bool:
        return self.twin[at] == at and self.claim.sees.given(request.bindings(), request.type) is not FALSE

    def _next(self, at: int, places: Places) -> Places:
        return self.space.successors_on(at)[places].astype(np.int64)

    def explore(self) -> Looked:
        count = len(self.space)
        left, right = self._starts()
        known = left * count + right
        level, parents, bys = known, [np.full(len(known), -1)], [np.full(len(known), -1)]
        levels = [known]
        seen = looked = offset = 0
        while len(level):
            left, right = np.divmod(level, count)
            at, by, watched = self._difference(left, right)
            seen += watched
            looked += len(level) * len(self.space.grounded)
            if at >= 0:
                keys, parent, via = np.concatenate(levels), np.concatenate(parents), np.concatenate(bys)
                return Looked(len(keys), looked, seen, self._runs(keys, parent, via, offset + at, by))
            found, parent_of, by_of = [], [], []
            for move in self.space.moving:
                target = self._next(move, left) * count + self._next(self.twin[move], right)
                moved = np.flatnonzero(target != level)
                fresh, first = np.unique(target[moved], return_index=True)
                found.append(fresh)
                parent_of.append(moved[first] + offset)
                by_of.append(np.full(len(fresh), move))
            offset += len(level)
            everything = np.concatenate(found) if found else np.empty(0, dtype=np.int64)
            unique, first = np.unique(everything, return_index=True)
            new = ~np.isin(unique, known, assume_unique=True)
            level = unique[new]
            known = np.concatenate([known, level])
            levels.append(level)
            parents.append(np.concatenate(parent_of)[first[new]] if found else level)
            bys.append(np.concatenate(by_of)[first[new]] if found else level)
        return Looked(len(known), looked, seen, None)

    def _starts(self) -> tuple[Places, Places]:
        """Initial states with one value of the secret and neither anywhere else, and their twins with the other."""
        system, secret = self.space.system, self.claim.secret.name
        pairs = [
            (self.space.place(state), self.space.place(system.replace(state, **{secret: self.other})))
            for state in system.initial_states()
            if getattr(state, secret) is self.one and sum(value in (self.one, self.other) for value in state) == 1
        ]
        initial = int((self.space.depth == 0).sum())  # a twin that is only reachable later starts no run
        both = np.array([pair for pair in pairs if min(pair) >= 0 and max(pair) < initial], dtype=np.int64)
        both = both.reshape(-1, 2)
        return both[:, 0], both[:, 1]

    def _difference(self, left: Places, right: Places) -> tuple[int, int, int]:
        """The first pair, and the request, at which the observer sees a difference; and how many steps it saw."""
        best, best_by, seen = -1, -1, 0
        for at in self.watched:
            case = self.space.grounded[at]
            sees = self.space.columns.where(self.claim.sees.given(case.request.bindings(), case.request.type))
            looks = self._looks(at)
            watched = sees[left] & sees[right] & (looks[left] >= 0) & (looks[right] >= 0)
            seen += int(watched.sum())
            differs = watched & (looks[left] != looks[right])
            if differs.any():
                place = int(differs.argmax())
                if best < 0 or place < best:
                    best, best_by = place, at
        return best, best_by, seen

    def _looks(self, at: int) -> npt.NDArray[np.int16]:
        """A number for each state, the same where the observer sees the same verdict; -1 where there is none."""
        if at not in self.looks:
            self.looks[at] = self._numbered(at)
        return self.looks[at]

    def _numbered(self, at: int) -> npt.NDArray[np.int16]:
        numbers: dict[tuple[Enum | None, ...], int] = {}

        def number(verdict: Verdict) -> int:
            shown = tuple(getattr(verdict, term.name) for term in self.claim.observes)
            return numbers.setdefault(shown, len(numbers))

        result = outcome(self.space.grounded[at], self.space.columns)
        table = np.array([number(ruling.verdict) for ruling in result.grounded.rulings], dtype=np.int16)
        return np.where(result.ruling >= 0, table[result.ruling], np.int16(-1))

    def _runs(self, keys: Places, parents: Places, bys: Places, at: int, last: int) -> Difference:
        requests = [last]
        while parents[at] >= 0:
            requests.append(int(bys[at]))
            at = int(parents[at])
        requests.reverse()
        left, right = divmod(int(keys[at]), len(self.space))
        grounded = self.space.grounded
        return Difference(
            (self.space.state(left), self.space.state(right)),
            tuple(grounded[by].request for by in requests),
            tuple(grounded[self.twin[by]].request for by in requests),
        )
