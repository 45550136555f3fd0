"""Sets of states, as an exploration keeps them: a bitmap of all combinations of values or, of too many, a table."""

from typing import Protocol

import numpy as np

from statemachines.checker.encoding import Indices, Integers, Mask, where

LARGEST_BITMAP = 1 << 33
"""The most combinations of values of which each gets a bit: 1 GiB, of which only the pages in use take memory."""
SMALL = 1 << 31
"""Integers below it, and not below its negative, are integers of 32 bits."""


class StateSet(Protocol):
    """A set of states that grows."""

    def unseen(self, integers: Integers) -> Mask:
        """Which of these are not in it; of some that are put in it meanwhile, by another thread, either may be said."""

    def add(self, integers: Integers) -> None:
        """Put these in it; they differ, are in ascending order, and none is in it yet."""

    @property
    def bytes(self) -> int:
        """How much memory it takes."""


def state_set(combinations: int) -> StateSet:
    """An empty set for a system with so many combinations of values."""
    return Bitmap(combinations) if combinations <= LARGEST_BITMAP else Table()


class Bitmap:
    """A bit for each combination of values."""

    def __init__(self, combinations: int) -> None:
        self._bytes = np.zeros((combinations >> 3) + 1, dtype=np.uint8)

    def unseen(self, integers: Integers) -> Mask:
        bits = self._bytes.take(integers >> 3) >> (integers.astype(np.uint8) & 7)
        unseen: Mask = bits & 1 == 0
        return unseen

    def add(self, integers: Integers) -> None:
        at = integers >> 3
        bits = np.left_shift(np.uint8(1), integers.astype(np.uint8) & 7)
        first = starts(at)
        self._bytes[at[first]] |= np.bitwise_or.reduceat(bits, first) if len(bits) else bits

    @property
    def bytes(self) -> int:
        return self._bytes.nbytes


class Table:
    """A hashed table: a state is in the slot that its multiple says or, where that is taken, further on."""

    def __init__(self) -> None:
        self._count = 0
        self._slots = _empty(10)

    def unseen(self, integers: Integers) -> Mask:
        slots = self._slots
        result = np.ones(len(integers), dtype=bool)
        left, at = np.arange(len(integers)), _slot(slots, integers)
        while len(left):
            there = slots.take(at)
            hit = there == integers.take(left)
            result[left.compress(hit)] = False
            on = where(~hit & (there >= 0))
            left, at = left.take(on), _after(slots, at.take(on))
        return result

    def add(self, integers: Integers) -> None:
        self._count += len(integers)
        slots = self._slots
        if 2 * self._count > len(slots):
            slots = _empty((4 * self._count).bit_length())
            _put(slots, self._slots.compress(self._slots >= 0))
        _put(slots, integers)
        self._slots = slots

    @property
    def bytes(self) -> int:
        return self._slots.nbytes


def _empty(bits: int) -> Integers:
    return np.full(1 << bits, -1, dtype=np.int64)


def _put(slots: Integers, integers: Integers) -> None:
    at = _slot(slots, integers)
    while len(integers):
        free = slots.take(at) < 0
        slots[at[free]] = integers[free]  # of several that want one slot, one gets it
        out = slots.take(at) != integers
        integers, at = integers[out], _after(slots, at[out])


def _slot(slots: Integers, integers: Integers) -> Integers:
    hashed = integers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)  # 2**64 by the golden ratio
    return (hashed >> np.uint64(65 - len(slots).bit_length())).astype(np.int64)


def _after(slots: Integers, at: Integers) -> Integers:
    return (at + 1) & (len(slots) - 1)


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
