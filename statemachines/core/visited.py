"""Sets of states, as an exploration keeps them: a bitmap of all combinations of values or, of too many, a table."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from statemachines.core.columns import Integers, Mask

LARGEST_BITMAP = 1 << 33
"""The most combinations of values of which each gets a bit: 1 GiB, of which only the pages in use take memory."""


class Visited(Protocol):
    """A set of states that grows."""

    def unseen(self, integers: Integers) -> Mask:
        """Which of these are not in it."""

    def add(self, integers: Integers) -> None:
        """Put these in it; they differ, are in ascending order, and none is in it yet."""

    @property
    def bytes(self) -> int:
        """How much memory it takes."""


def visited(combinations: int) -> Visited:
    """An empty set for a system with so many combinations of values."""
    return Bitmap(combinations) if combinations <= LARGEST_BITMAP else Table()


class Bitmap:
    """A bit for each combination of values."""

    def __init__(self, combinations: int) -> None:
        self._bytes = np.zeros((combinations >> 3) + 1, dtype=np.uint8)

    def unseen(self, integers: Integers) -> Mask:
        bits = self._bytes.take(integers >> 3) >> (integers & 7).astype(np.uint8)
        unseen: Mask = bits & 1 == 0
        return unseen

    def add(self, integers: Integers) -> None:
        at = integers >> 3
        bits = np.left_shift(np.uint8(1), (integers & 7).astype(np.uint8))
        first = starts(at)
        self._bytes[at[first]] |= np.bitwise_or.reduceat(bits, first) if len(bits) else bits

    @property
    def bytes(self) -> int:
        return self._bytes.nbytes


class Table:
    """A hashed table: a state is in the slot that its multiple says or, where that is taken, further on."""

    def __init__(self) -> None:
        self._count = 0
        self._bits = 10
        self._slots = np.full(1 << self._bits, -1, dtype=np.int64)

    def unseen(self, integers: Integers) -> Mask:
        result = np.ones(len(integers), dtype=bool)
        left, at = np.arange(len(integers)), self._slot(integers)
        while len(left):
            there = self._slots[at]
            hit = there == integers[left]
            result[left[hit]] = False
            on = np.flatnonzero(~hit & (there >= 0))
            left, at = left[on], self._after(at[on])
        return result

    def add(self, integers: Integers) -> None:
        self._count += len(integers)
        if 2 * self._count > len(self._slots):
            known = self._slots[self._slots >= 0]
            self._bits = (4 * self._count).bit_length()
            self._slots = np.full(1 << self._bits, -1, dtype=np.int64)
            self._put(known)
        self._put(integers)

    @property
    def bytes(self) -> int:
        return self._slots.nbytes

    def _put(self, integers: Integers) -> None:
        at = self._slot(integers)
        while len(integers):
            free = self._slots[at] < 0
            self._slots[at[free]] = integers[free]  # of several that want one slot, one gets it
            out = self._slots[at] != integers
            integers, at = integers[out], self._after(at[out])

    def _slot(self, integers: Integers) -> Integers:
        hashed = integers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)  # 2**64 by the golden ratio
        return (hashed >> np.uint64(64 - self._bits)).astype(np.int64)

    def _after(self, at: Integers) -> Integers:
        return (at + 1) & (len(self._slots) - 1)


def starts(ascending: Integers) -> npt.NDArray[np.intp]:
    """Where each value of an array in ascending order comes first."""
    different = np.ones(len(ascending), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=different[1:])
    return np.flatnonzero(different)


def ascending(integers: Integers) -> Integers:
    """These integers in ascending order, each once: quicker than NumPy's own, which allows for more."""
    ordered = np.sort(integers)
    return ordered[starts(ordered)]
