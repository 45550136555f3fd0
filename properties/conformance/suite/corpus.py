"""A corpus of reachable states, each with a run that leads to it; a condition is evaluated on all of them at once.

The pool is a tree: the states that requests from an initial state lead through. A set of its states is one
integer, a bit for each; so a condition on variables, which is made of memberships, takes a few operations.
"""

from collections.abc import Iterable, Sequence
from enum import Enum

import numpy as np
import numpy.typing as npt

from statemachines.language.expression import All, Among, Compared, Constant, Expr, Not
from statemachines.language.requests import Request
from statemachines.language.system import State, System
from statemachines.semantics.oracle import Oracle

Bits = int
"""A set of states of a pool: bit `i` is the state at index `i`."""


class Pool:
    """Reachable states of a system.

    Parameters
    ----------
    system: the whole.
    oracle: its oracle.
    """

    def __init__(self, system: System, oracle: Oracle) -> None:
        self.system = system
        self.oracle = oracle
        self.states: list[State] = []
        self.parents: list[tuple[int, Request] | None] = []
        self.depth: list[int] = []
        self._indices: dict[State, int] = {}
        self._atoms: dict[str, list[Bits]] = {}
        self._known: dict[int, tuple[Expr, Bits]] = {}

    def __len__(self) -> int:
        return len(self.states)

    @property
    def all(self) -> Bits:
        """Every state."""
        return (1 << len(self)) - 1

    def index_of(self, state: State) -> int:
        """The index of a state; -1 if it is not there."""
        return self._indices.get(state, -1)

    def add(self, start: State, requests: Iterable[Request]) -> int:
        """The index of the state that the requests lead to; whatever they come through is put in."""
        at = self._put(start, None)
        for request in requests:
            after, _ = self.oracle.decide(self.states[at], request)
            at = self._put(after, (at, request))
        return at

    def step(self, index: int, request: Request) -> int:
        """The index of the state after a request; it is put in if it was not there."""
        after, _ = self.oracle.decide(self.states[index], request)
        return self._put(after, (index, request))

    def _put(self, state: State, parent: tuple[int, Request] | None) -> int:
        at = self._indices.get(state)
        if at is None:
            at = self._indices[state] = len(self.states)
            self.states.append(state)
            self.parents.append(parent)
            self.depth.append(self.depth[parent[0]] + 1 if parent else 0)
        return at

    def path(self, index: int) -> tuple[int, tuple[tuple[Request, int], ...]]:
        """The way to a state: the index where it starts, and the requests, each with the index after it."""
        steps: list[tuple[Request, int]] = []
        while (parent := self.parents[index]) is not None:
            steps.append((parent[1], index))
            index = parent[0]
        return index, tuple(reversed(steps))

    def freeze(self) -> None:
        """Look at the states that are there by now; conditions are about these until it is called again."""
        self._atoms, self._known = {}, {}
        count = len(self)
        for at, variable in enumerate(self.system.variables):
            having = {value: bytearray(count) for value in variable.domain}
            for index, state in enumerate(self.states):
                having[state[at]][index] = 1
            self._atoms[variable.name] = [packed(having[value]) for value in variable.domain]

    def where(self, condition: Expr) -> Bits:
        """The states that satisfy a condition on variables."""
        known = self._known.get(id(condition))
        if known is None:
            known = self._known[id(condition)] = (condition, self._where(condition))
        return known[1]

    def having(self, name: str, domain: tuple[Enum, ...], values: Iterable[Enum]) -> Bits:
        """The states in which a variable has one of these values."""
        result = 0
        for value in values:
            result |= self._atoms[name][domain.index(value)]
        return result

    def _where(self, condition: Expr) -> Bits:
        match condition:
            case Constant():
                return self.all if condition.value else 0
            case Among():
                return self.having(condition.term.name, condition.term.domain, condition.values)
            case Compared():
                left, right = condition.left, condition.right
                result = 0
                for value in left.domain:
                    others = [other for other in right.domain if condition.related(value, other)]
                    here = self.having(left.name, left.domain, [value])
                    result |= here & self.having(right.name, right.domain, others) if here else 0
                return result
            case Not():
                return self.all & ~self.where(condition.part)
            case All():
                result = self.all
                for part in condition.parts:
                    result &= self.where(part)
                    if not result:
                        break
                return result
        raise NotImplementedError(condition)


def packed(flags: bytearray | npt.NDArray[np.uint8]) -> Bits:
    """The set of the indices that are flagged with 1."""
    return int.from_bytes(np.packbits(np.frombuffer(flags, dtype=np.uint8), bitorder="little").tobytes(), "little")


def unpacked(bits: Bits, count: int) -> npt.NDArray[np.uint8]:
    """A flag for each of so many indices: 1 for those in the set."""
    size = -(-count // 8)
    return np.unpackbits(np.frombuffer(bits.to_bytes(size, "little"), dtype=np.uint8), count=count, bitorder="little")


def transposed(sets: Sequence[Bits], count: int) -> list[Bits]:
    """For each of so many indices, the numbers of the sets that have it."""
    size, many = -(-count // 8), 4096
    packed = [np.zeros((count, 0), dtype=np.uint8)]
    for start in range(0, len(sets), many):
        rows = [one.to_bytes(size, "little") for one in sets[start : start + many]]
        flags = np.frombuffer(b"".join(rows), dtype=np.uint8).reshape(len(rows), size)
        flags = np.unpackbits(flags, axis=1, count=count, bitorder="little")
        packed.append(np.packbits(flags.T, axis=1, bitorder="little"))
    return [int.from_bytes(row.tobytes(), "little") for row in np.concatenate(packed, axis=1)]


def indices(bits: Bits) -> Iterable[int]:
    """The indices in a set, in order."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low
