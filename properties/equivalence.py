"""Whether a system can be told from another by what it says: explored, and never assumed.

The two have the same variables and requests, such as a system and a mutant of it; they start in the same initial
state of the first and are sent the same requests. What is said of the second is compared as it is of any system under
test: outcome, party, reason and response, but for what the first leaves unspecified.

First every reachable state of the first system is asked whether one step from there can differ, in what is said or in
what changes. If none can, the two are in the same state after any requests, and equivalent. Otherwise pairs of states
are explored, breadth first, from where they part. A pair in which the two are in the same state again is one of those
that were asked before, and is left out. All of it is done on slices (see `statemachines.core.slices`): of the variables
that what is said to some requests depends on in either system, with all that these depend on.
"""

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from enum import Enum

import attrs
import numpy as np
import numpy.typing as npt

from properties.coverage import slices
from properties.runs import ASPECTS
from properties.shortest import Walk
from statemachines.core.columns import Columns, Integers, Mask, Radices
from statemachines.core.errors import DeclarationError
from statemachines.core.explore import LARGEST_PRODUCT, Space, TooLarge
from statemachines.core.gates import Verdict
from statemachines.core.ground import Grounded, ground
from statemachines.core.oracle import Oracle
from statemachines.core.preconditions import Change, Preconditions, shape, variables_of
from statemachines.core.requests import Request, RequestType
from statemachines.core.slices import Slices, View
from statemachines.core.system import State, System


class Proof(Enum):
    """Why nothing tells two systems apart. A member's value is its wording."""

    SAME = "each request comes to the same conditions and verdicts"
    NO_STATE = "in no reachable state does any step differ"
    NO_PAIR = "no reachable pair of states gives different verdicts"


@attrs.frozen(eq=False)
class Comparison:
    """What was found of two systems.

    Parameters
    ----------
    walk: a shortest sequence of requests at whose last one they differ; ``None`` if there is none.
    proof: then, how that is known.
    states, pairs: how many states of the first system, and pairs of different states, were looked at for it.
    """

    walk: Walk | None
    proof: Proof | None
    states: int
    pairs: int


@attrs.frozen(eq=False)
class Twin:
    """One request in both systems. Where it comes to the same, it stands for all that come to the same.

    Parameters
    ----------
    first, second: what is so of the step that it makes in the one system and in the other.
    names: the variables that decide what is said to it.
    said: whether it comes to other verdicts in the one system than in the other.
    parting: the variables that it may change in the one system otherwise than in the other.
    """

    first: Preconditions
    second: Preconditions
    names: frozenset[str] = attrs.field(init=False)
    said: bool = attrs.field(init=False)
    parting: frozenset[str] = attrs.field(init=False)

    @names.default
    def _names_in_rulings(self) -> frozenset[str]:
        rulings = (*self.first.grounded.rulings, *self.second.grounded.rulings)
        return frozenset(name for ruling in rulings for name in variables_of(ruling.when))

    @said.default
    def _says_otherwise(self) -> bool:
        return _rulings(self.first.grounded) != _rulings(self.second.grounded)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What it may change in either system."""
        return (*self.first.changes, *self.second.changes)

    @parting.default
    def _changed_otherwise(self) -> frozenset[str]:
        one, other = ({change.shape: change for change in each.changes} for each in (self.first, self.second))
        return frozenset({**one, **other}[key].variable.name for key in one.keys() ^ other.keys())

    @property
    def request(self) -> Request:
        """The request."""
        return self.first.request

    def says_otherwise(self, columns: Columns, others: Columns) -> Mask:
        """For pairs of states, where what is said to it differs."""
        verdicts = [*(ruling.verdict for ruling in self.second.grounded.rulings), None]
        table = np.array(
            [
                [bool(differing(expected, said)) for said in verdicts]
                for expected in (*(ruling.verdict for ruling in self.first.grounded.rulings), None)
            ]
        )
        return table[_deciding(self.first, columns), _deciding(self.second, others)]


def distinguish(original: System, mutant: System) -> Walk | None:
    """A shortest sequence of requests at whose last one a mutant differs from the original; ``None`` if there is none.

    Raises
    ------
    DeclarationError: for systems of different variables or requests.
    TooLarge: when too many states would have to be explored.
    """
    return Comparer(slices(original)).compare(mutant).walk


def differing(expected: Verdict | None, said: Verdict | None) -> tuple[str, ...]:
    """The aspects in which a verdict is not the expected one; all of them where there is no verdict at all."""
    if expected is None or said is None:
        return () if expected is said else ASPECTS
    return tuple(
        aspect
        for aspect in ASPECTS
        if aspect not in expected.unspecified and getattr(expected, aspect) is not getattr(said, aspect)
    )


class Comparer:
    """Compares one system with others; what it has explored of it it keeps.

    Parameters
    ----------
    slices: of the system.
    """

    def __init__(self, slices: Slices) -> None:
        self.slices = slices
        self._oracle = Oracle(slices.system)
        self._asked: dict[RequestType, list[Preconditions]] = {kind: [] for kind in slices.system.requests}
        self._same: dict[RequestType, list[Twin]] = {kind: [] for kind in slices.system.requests}
        self._written = {asked.request: _written(asked.grounded) for asked in slices.requests}
        for asked in slices.requests:
            self._asked[asked.request.type].append(asked)
        for asked in slices.distinct:
            self._same[asked.request.type].append(Twin(asked, asked))

    def compare(self, mutant: System, kinds: Collection[RequestType] | None = None) -> Comparison:
        """Whether the mutant can be told from the system.

        Parameters
        ----------
        kinds: the types of request that may be declared otherwise; by default any.

        Raises
        ------
        DeclarationError: for systems of different variables or requests.
        TooLarge: when too many states would have to be explored.
        """
        system = self.slices.system
        if list(map(id, mutant.variables)) != list(map(id, system.variables)) or mutant.requests != system.requests:
            raise DeclarationError(f"{mutant.name!r} has not the variables and requests of {system.name!r}")
        twins: list[Twin] = []
        for kind, same in self._same.items():
            twins += same if kinds is not None and kind not in kinds else self._twins(mutant, kind)
        changed = tuple(twin for twin in twins if twin.second is not twin.first)
        if not changed:
            return Comparison(None, Proof.SAME, 0, 0)
        product = _Product(self.slices, twins, changed)
        walk = product.explore()
        if walk:
            self._confirm(mutant, walk)
            return Comparison(walk, None, product.states, product.pairs)
        return Comparison(None, Proof.NO_PAIR if product.parts else Proof.NO_STATE, product.states, product.pairs)

    def _twins(self, mutant: System, kind: RequestType) -> Iterator[Twin]:
        """The requests of a type, one of all that come to the same conditions and verdicts in both systems."""
        met = set()
        for asked in self._asked[kind]:
            grounded = ground(mutant, asked.request)
            before, now = self._written[asked.request], _written(grounded)
            if (before, now) not in met:
                met.add((before, now))
                yield Twin(asked, asked if before == now else Preconditions(grounded))

    def _confirm(self, mutant: System, walk: Walk) -> None:
        """Replay the walk on both oracles: they must differ at its last step and at none before."""
        other = Oracle(mutant)
        state, of_mutant = walk.start, mutant.state(**walk.start.as_dict())
        for at, request in enumerate(walk.requests, 1):
            state, expected = self._oracle.decide(state, request)
            of_mutant, said = decided(other, of_mutant, request)
            if bool(differing(expected, said)) is not (at == len(walk.requests)):
                raise AssertionError(f"the oracles do not confirm that {walk} tells {mutant.name!r} apart")


def decided(oracle: Oracle, state: State, request: Request) -> tuple[State, Verdict | None]:
    """The state after a request, and the verdict; of a mutant that has none there is none."""
    try:
        return oracle.decide(state, request)
    except DeclarationError:
        return state, None


class _Product:
    """Two systems in lockstep."""

    def __init__(self, slices: Slices, twins: list[Twin], changed: tuple[Twin, ...]) -> None:
        self.slices, self.twins, self.changed = slices, twins, changed
        self.states = self.pairs = 0
        self.parts = False  # whether the two can ever be in different states
        self._reads = self._influences()

    def explore(self) -> Walk | None:
        """A shortest sequence that tells them apart, if there is one."""
        walk, parting = self._from_one_state()
        self.parts = parting is not None
        if parting is None or (walk and len(walk.requests) <= parting + 2):
            return walk  # where they part after so many requests and one, what differs then comes one later at best
        apart = self._apart()
        for names, watched in self._parts(apart):
            space = self.slices.space(names)
            lockstep = _Lockstep(space, apart & names, self.twins, self.changed, watched)
            shorter = lockstep.explore(len(walk.requests) if walk else None)
            self.states, self.pairs = self.states + len(space), self.pairs + lockstep.pairs
            walk = shorter or walk
            if walk and len(walk.requests) <= parting + 2:
                break
        return walk

    def _from_one_state(self) -> tuple[Walk | None, int | None]:
        """The first reachable state from which one step shows a difference; and the fewest requests until they part."""
        walk, parting = None, None
        for twin in self.changed:
            if twin.said:
                space, view = self._view(twin.names)
                hits = twin.says_otherwise(view.columns, view.columns)
                place = int(view.places[hits.argmax()])
                if hits.any() and (walk is None or space.depth[place] + 1 < len(walk.requests)):
                    start, requests = space.path(place)
                    walk = Walk(start, (*requests, twin.request))
            for name in twin.parting:
                changes = [change for change in twin.changes if change.variable.name == name]
                space, view = self._view({name}.union(*(variables_of(change.when) for change in changes)))
                parted = _different(_after(twin.first, view.columns, {name}), _after(twin.second, view.columns, {name}))
                if parted.any():
                    depth = int(space.depth[view.places[parted.argmax()]])
                    parting = depth if parting is None else min(parting, depth)
        return walk, parting

    def _view(self, names: Collection[str]) -> tuple[Space, View]:
        space = self.slices.space(names)
        view = self.slices.view(space, names)
        self.states += len(view.places)
        return space, view

    def _influences(self) -> dict[str, set[str]]:
        """For each variable that a changed request may change, what decides when and how, in either system."""
        found: dict[str, set[str]] = {}
        for twin in self.changed:
            for change in twin.second.changes:
                found.setdefault(change.variable.name, set()).update(variables_of(change.when))
        return found

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

    def _parts(self, apart: frozenset[str]) -> Iterator[tuple[frozenset[str], tuple[Twin, ...]]]:
        """Slices, and the requests that are watched on each: all to which anything else can be said in them."""
        cones: dict[frozenset[str], list[Twin]] = {}
        for twin in self.twins:
            if twin.names & apart:
                cones.setdefault(self._cone(twin.names), []).append(twin)
        largest = [names for names in cones if not any(names < other for other in cones)]
        for names in sorted(largest, key=len):
            yield names, tuple(twin for cone, some in cones.items() if cone <= names for twin in some)


class _Lockstep:
    """Two systems on one slice, from where they part to where they are in the same state again.

    A pair of states is one integer: of the first system's state, and then of those of the second's values that may be
    different from it.

    Parameters
    ----------
    space: the slice of the first system.
    apart: the variables that may differ.
    twins: every request; ``changed`` are those that come to something else, ``watched`` those whose verdicts count.
    """

    def __init__(
        self,
        space: Space,
        apart: frozenset[str],
        twins: Iterable[Twin],
        changed: Iterable[Twin],
        watched: Iterable[Twin],
    ) -> None:
        self.space, self.names = space, space.columns.names
        self.radices = Radices(space.variables)
        self.others = Radices(tuple(variable for variable in space.variables if variable.name in apart))
        if self.radices.product * self.others.product > LARGEST_PRODUCT:
            raise TooLarge(f"system {space.system.name!r} has too many pairs of states of {', '.join(self.names)}")
        self.changed = tuple(twin for twin in changed if not twin.parting.isdisjoint(self.names))
        self.moving = tuple(_moving(twins, self.names))
        self.watched = tuple(watched)
        self.pairs = 0

    def explore(self, most: int | None) -> Walk | None:
        """A shortest sequence that tells them apart and has fewer than ``most`` requests, if there is one."""
        seeds = list(self._seeds())
        last = max((level for level, _ in seeds), default=-1)
        known = np.empty(0, dtype=np.int64)
        trail: list[tuple[Sequence[_Step], Integers]] = []
        depth = first = 0
        while (depth <= last or first < len(known)) and (most is None or depth + 1 < most):
            steps = [step for level, step in seeds if level == depth]
            steps += self._steps(known[first:])
            keys = np.concatenate([known[:0], *(step.keys for step in steps)])
            fresh = np.sort(np.unique(keys, return_index=True)[1])
            fresh = fresh[~np.isin(keys[fresh], known)]
            first = len(known)
            known = np.concatenate([known, keys[fresh]])
            trail.append((steps, fresh))
            self.pairs = len(known)
            hit = self._difference(known[first:])
            if hit:
                return self._walk(trail, *hit)
            depth += 1
        return None

    def _seeds(self) -> Iterator[tuple[int, "_Step"]]:
        """Where the two part: after how many requests, and the pairs of different states."""
        for twin in self.changed:
            left, right = (_after(asked, self.space.columns, self.names) for asked in (twin.first, twin.second))
            places = np.flatnonzero(_different(left, right))
            keys, depths = self._keys(left, right)[places], self.space.depth[places] + 1
            for depth in np.unique(depths):
                at = depths == depth
                yield int(depth), _Step(twin.request, keys[at], places[at], parts=True)

    def _steps(self, keys: Integers) -> Iterator["_Step"]:
        """From pairs of different states, the pairs of different states after one request."""
        left, right = self._columns(keys)
        for twin in self.moving if len(keys) else ():
            after, other = _after(twin.first, left, self.names), _after(twin.second, right, self.names)
            found = self._keys(after, other)
            moved = np.flatnonzero((found != keys) & _different(after, other))
            if len(moved):
                yield _Step(twin.request, found[moved], moved, parts=False)

    def _difference(self, keys: Integers) -> tuple[int, Request] | None:
        """The first of the pairs that gives different verdicts on some request, and the request."""
        left, right = self._columns(keys)
        best: tuple[int, Request] | None = None
        for twin in self.watched if len(keys) else ():
            hits = twin.says_otherwise(left, right)
            at = int(hits.argmax())
            if hits[at] and (best is None or at < best[0]):
                best = at, twin.request
        return best

    def _keys(self, left: Columns, right: Columns) -> Integers:
        return self.radices.integers(left) * self.others.product + self.others.integers(right)

    def _columns(self, keys: Integers) -> tuple[Columns, Columns]:
        left = self.radices.columns(keys // self.others.product)
        other = self.others.columns(keys % self.others.product)
        values = {
            **dict(zip(left.names, left.arrays, strict=True)),
            **dict(zip(other.names, other.arrays, strict=True)),
        }
        return left, Columns(left.names, tuple(values.values()))

    def _walk(self, trail: "Sequence[tuple[Sequence[_Step], Integers]]", at: int, last: Request) -> Walk:
        """The requests that lead to one of the pairs found last, and the last request."""
        requests = [last]
        for steps, fresh in reversed(trail):
            place = int(fresh[at])
            for step in steps:
                if place < len(step.keys):
                    break
                place -= len(step.keys)
            requests.append(step.request)
            at = int(step.sources[place])
            if step.parts:
                start, way = self.space.path(at)
                return Walk(start, (*way, *reversed(requests)))
        raise AssertionError("no pair is reached but from where the two part")


@attrs.frozen(eq=False)
class _Step:
    """Pairs of different states that one request leads to.

    Parameters
    ----------
    keys: the pairs.
    sources: for each where it comes from: a pair among those found last or, where they part, a place in the slice.
    parts: whether they part here.
    """

    request: Request
    keys: Integers
    sources: Integers
    parts: bool


def _moving(twins: Iterable[Twin], names: Collection[str]) -> Iterator[Twin]:
    """The requests that change something of a slice in either system, one of all that do the same."""
    met: set[Hashable] = {((), ())}
    for twin in twins:
        key = tuple(
            tuple(change.shape for change in asked.changes if change.variable.name in names)
            for asked in (twin.first, twin.second)
        )
        if key not in met:
            met.add(key)
            yield twin


def _deciding(asked: Preconditions, columns: Columns) -> npt.NDArray[np.intp]:
    """For each state the place of the ruling that decides; after the last where none does."""
    rulings = asked.grounded.rulings
    result = np.full(len(columns), len(rulings))
    for at in reversed(range(len(rulings))):
        result[columns.where(rulings[at].when)] = at
    return result


def _after(asked: Preconditions, columns: Columns, names: Collection[str]) -> Columns:
    """The states after the request, as far as these variables go; the others are as before."""
    arrays = dict(zip(columns.names, columns.arrays, strict=True))
    for change in asked.changes:
        name = change.variable.name
        if name in names:
            fires = columns.where(change.when)
            arrays[name] = np.where(fires, np.uint8(change.variable.position(change.target)), arrays[name])
    return Columns(columns.names, tuple(arrays.values()))


def _different(left: Columns, right: Columns) -> Mask:
    """Where two states are not the same."""
    result = np.zeros(len(left), dtype=bool)
    for one, other in zip(left.arrays, right.arrays, strict=True):
        if one is not other:
            result |= one != other
    return result


def _written(grounded: Grounded) -> Hashable:
    """A key that two requests share if all that counts of them is written alike."""
    return (
        _rulings(grounded),
        tuple((move.lifecycle.name, shape(move.when), move.transition.target) for move in grounded.moves),
    )


def _rulings(grounded: Grounded) -> Hashable:
    return tuple((shape(ruling.when), _said(ruling.verdict)) for ruling in grounded.rulings)


def _said(verdict: Verdict) -> Hashable:
    return (*(getattr(verdict, aspect) for aspect in ASPECTS), verdict.unspecified, verdict.passed)
