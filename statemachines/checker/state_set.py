"""Sets of explored states: a bit for each combination of values, or a sorted array."""

import numpy as np

from statemachines.checker.encoding import Indices, Integers, Mask, where

LARGEST_BITMAP = 1 << 33
"""The most combinations of values of which each gets a bit: 1 GiB, of which only the pages in use take memory."""
SMALL = 1 << 31
"""Integers below it, and not below its negative, are integers of 32 bits."""


class Bitmap:
    """A set of states that grows: a bit for each combination of values."""

    def __init__(self, combinations: int) -> None:
        self._bytes = np.zeros((combinations >> 3) + 1, dtype=np.uint8)

    def unseen(self, integers: Integers) -> Mask:
        """Which of these are not in it."""
        bits = self._bytes.take(integers >> 3) >> (integers.astype(np.uint8) & 7)
        unseen: Mask = bits & 1 == 0
        return unseen

    def add(self, integers: Integers) -> None:
        """Put these in it; they differ, are in ascending order, and none is in it yet."""
        at = integers >> 3
        bits = np.left_shift(np.uint8(1), integers.astype(np.uint8) & 7)
        first = starts(at)
        self._bytes[at[first]] |= np.bitwise_or.reduceat(bits, first) if len(bits) else bits

    @property
    def bytes(self) -> int:
        """How much memory it takes."""
        return self._bytes.nbytes


class SortedSet:
    """The same, of the integers of the states in ascending order: each addition is merged."""

    def __init__(self) -> None:
        self._integers = np.empty(0, dtype=np.int64)

    def unseen(self, integers: Integers) -> Mask:
        if not len(self._integers):
            return np.ones(len(integers), dtype=bool)
        at = np.minimum(np.searchsorted(self._integers, integers), len(self._integers) - 1)
        unseen: Mask = self._integers.take(at) != integers
        return unseen

    def add(self, integers: Integers) -> None:
        self._integers = np.sort(np.concatenate([self._integers, integers]), kind="stable")  # it merges two runs

    @property
    def bytes(self) -> int:
        return self._integers.nbytes


StateSet = Bitmap | SortedSet


def state_set(combinations: int) -> StateSet:
    """An empty set for a system with so many combinations of values."""
    return Bitmap(combinations) if combinations <= LARGEST_BITMAP else SortedSet()


def starts(ascending: Integers) -> Indices:
    """Where each value of an array in ascending order comes first."""
    different = np.ones(len(ascending), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=different[1:])
    return where(different)


def ordered(integers: Integers) -> Integers:
    """These integers in ascending order; as 32 bits each, where these are enough, they are sorted twice as fast."""
    if len(integers) and integers.min() >= -SMALL and integers.max() < SMALL:
        return np.sort(integers.astype(np.int32)).astype(np.int64)
    return np.sort(integers)


def ascending(integers: Integers) -> Integers:
    """These integers in ascending order, each once: quicker than NumPy's own, which allows for more."""
    ascending = ordered(integers)
    return ascending.take(starts(ascending))
