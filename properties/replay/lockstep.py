"""All cases of a log in lockstep: every case's first entry, then every case's second, in columns.

An entry reads few variables and changes fewer. So what it comes to is computed once for what is known of those that it
reads, for all that meet it first at the same time, and looked up from then on, whatever else is known of a case.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import mul

import attrs
import numpy as np
import numpy.typing as npt

from properties.replay.events import Event, Stepping
from properties.replay.value_sets import Mask, Sets

Codes = npt.NDArray[np.int32]
Indices = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.uint32]
"""For each case, and each variable, the number of its set of values."""

LARGEST_TABLE = 1 << 22
"""How many combinations of what is known have a place in the table; those of other events are looked up by name."""
MOST_KNOWN = 1 << 20
"""How many results are remembered by name; then they are computed anew."""
MOST_EVENTS = 1 << 18
"""How many events are remembered beyond those of one run; then it is begun again."""
NONE = -1
"""In the table: not computed yet."""


@attrs.frozen(eq=False)
class Outcome:
    """What became of each case.

    Parameters
    ----------
    first: for each case the index among its entries of the first that cannot be; -1 of a case that has none.
    knowledge: for each case that has one, a column of what was known before it, in the order of the cases.
    followed: how many entries are as they have to be.
    undecided: how many may be.
    after: how many come after a case's first deviation, and are not judged.
    """

    first: Codes
    knowledge: Sets
    followed: int
    undecided: int
    after: int


class Lockstep:
    """Steps cases by what is known of them.

    Parameters
    ----------
    stepping: the system. What entries come to is remembered from one run to the next.
    """

    def __init__(self, stepping: Stepping) -> None:
        self.stepping = stepping
        self._begin()

    def _begin(self) -> None:
        self._codes: dict[Event, int] = {}
        self._events: list[Event] = []
        self._scopes: list[Indices] = []
        self._masks: list[dict[int, int]] = [{} for _ in self.stepping.values.all]
        self._known: dict[tuple[int, bytes], int] = {}
        self._results = _Results()
        self._sizes = [0] * len(self._masks)
        self._offsets: Indices = np.zeros(0, dtype=np.int64)

    def run(self, events: Sequence[Event], starts: Sets, lengths: Indices, entries: Codes) -> Outcome:
        """Judge every case.

        Parameters
        ----------
        events: what the codes of entries stand for.
        starts: what is known of each case before its first entry: a column for each case, or one for all.
        lengths: how many entries each case has.
        entries: the codes of the entries, case after case.
        """
        if len(self._events) > len(events) + MOST_EVENTS:
            self._begin()
        entries = self._coded(events)[entries]
        cases = len(lengths)
        numbers = self._numbered(starts) if starts.shape[1] == cases else self._numbered(starts).repeat(cases, axis=0)
        if len(self._offsets) < len(self._events) or self._outgrown():
            self._arrange()
        offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if cases else lengths
        first = np.full(cases, -1, dtype=np.int32)
        followed = undecided = 0
        active = np.argsort(-lengths, kind="stable")
        counts = lengths[active]
        index = 0
        while True:
            active = active[: np.searchsorted(-counts, -index, side="left")]
            counts = counts[: len(active)]
            if not len(active):
                break
            result = self._judged(numbers, active, entries[offsets[active] + index])
            bad = self._results.impossible[result]
            sure = int(np.count_nonzero(self._results.certain[result]))
            followed += sure
            undecided += len(active) - int(np.count_nonzero(bad)) - sure
            if bad.any():
                first[active[bad]] = index
                active, counts, result = active[~bad], counts[~bad], result[~bad]
            for which, rows, values in self._results.changes.of(result):
                numbers[active[which], rows] = values
            index += 1
        deviating = np.flatnonzero(first >= 0)
        columns = np.stack([_masks(own)[numbers[deviating, row]] for row, own in enumerate(self._masks)])
        judged = followed + undecided + len(deviating)
        return Outcome(first, columns, followed, undecided, int(lengths.sum()) - judged)

    def _coded(self, events: Sequence[Event]) -> Codes:
        """The codes of events; those that are new get one."""
        for event in events:
            if event not in self._codes:
                self._codes[event] = len(self._events)
                self._events.append(event)
                self._scopes.append(np.array(self.stepping.scope(event), dtype=np.int64))
        return np.array([self._codes[event] for event in events], dtype=np.int32)

    def _numbered(self, sets: Sets) -> Numbers:
        """For each column the numbers of its sets."""
        numbers = np.empty(sets.shape[::-1], dtype=np.uint32)
        for row, own in enumerate(sets):
            values, inverse = np.unique(own, return_inverse=True)
            numbers[:, row] = np.array([self._number(row, value) for value in values.tolist()])[inverse]
        return numbers

    def _number(self, row: int, mask: int) -> int:
        return self._masks[row].setdefault(mask, len(self._masks[row]))

    def _outgrown(self) -> bool:
        return any(len(own) > size for own, size in zip(self._masks, self._sizes, strict=True))

    def _arrange(self) -> None:
        """Give the combinations of what an event reads places in the table, if they are few; enter what is known."""
        self._sizes = [len(own) + 1 + len(own) // 2 for own in self._masks]
        weights = [
            list(accumulate((self._sizes[row] for row in scope.tolist()), mul, initial=1)) for scope in self._scopes
        ]
        offsets, size = np.full(len(self._scopes), NONE), 0
        for code in sorted(range(len(weights)), key=lambda code: weights[code][-1]):
            if size + weights[code][-1] > LARGEST_TABLE:
                break
            offsets[code], size = size, size + weights[code][-1]
        self._offsets = offsets
        self._reads = _Lists(
            [
                list(zip(scope.tolist(), own[:-1], strict=True)) if offset != NONE else []
                for scope, own, offset in zip(self._scopes, weights, offsets.tolist(), strict=True)
            ]
        )
        self._table = np.full(size + 1, NONE, dtype=np.int32)  # the last is of events without a place
        for (code, name), result in self._known.items():
            if offsets[code] != NONE:
                own = np.frombuffer(name, dtype=np.uint32).tolist()
                place = sum(number * weight for number, weight in zip(own, weights[code][:-1], strict=True))
                self._table[offsets[code] + place] = result

    def _judged(self, numbers: Numbers, active: Indices, codes: Codes) -> Codes:
        """What the next entry of each active case comes to."""
        places = self._offsets[codes]
        for which, rows, weights in self._reads.of(codes):
            places[which] += numbers[active[which], rows] * weights
        results: Codes = self._table[places]
        missing = np.flatnonzero(results == NONE)
        if len(missing):
            results[missing] = self._named(numbers[active[missing]], codes[missing], places[missing])
        return results

    def _named(self, numbers: Numbers, codes: Codes, places: Indices) -> Codes:
        """The same of entries that the table lacks; what is not known is computed, for each event at once."""
        # Entries with one place are alike; those without a place are looked at one by one.
        apart = np.where(places == NONE, -1 - np.arange(len(places)), places)
        _, firsts, inverse = np.unique(apart, return_index=True, return_inverse=True)
        rows = numbers[firsts]
        names = [
            (code, row[self._scopes[code]].tobytes()) for code, row in zip(codes[firsts].tolist(), rows, strict=True)
        ]
        fresh: dict[int, dict[bytes, int]] = {}
        for at, (code, name) in enumerate(names):
            if (code, name) not in self._known:
                fresh.setdefault(code, {})[name] = at
        for code, own in fresh.items():
            computed = self._computed(code, rows[list(own.values())])
            self._known.update({(code, name): result for name, result in zip(own, computed, strict=True)})
        results = np.array([self._known[name] for name in names], dtype=np.int32)[inverse]
        self._results.arrange()
        placed = places != NONE
        self._table[places[placed]] = results[placed]
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        if self._outgrown():
            self._arrange()
        return results

    def _computed(self, code: int, own: Numbers) -> Iterator[int]:
        """The results of an event where this is known: a row of numbers each."""
        sets = self.stepping.values.all[:, None].repeat(len(own), axis=1)
        for row in self._scopes[code]:
            sets[row] = _masks(self._masks[row])[own[:, row]]
        step = self.stepping.step(self._events[code], sets)
        for at, (impossible, certain) in enumerate(zip(step.impossible.tolist(), step.certain.tolist(), strict=True)):
            changed = [] if impossible else np.flatnonzero(step.after[:, at] != sets[:, at]).tolist()
            changes = tuple((row, self._number(row, int(step.after[row, at]))) for row in changed)
            yield self._results.number(impossible, certain, changes)


def _masks(own: dict[int, int]) -> Sets:
    return np.array(list(own), dtype=np.uint64)


class _Lists:
    """Many short lists of pairs, of which those at the same index are taken at once."""

    def __init__(self, lists: Sequence[Sequence[tuple[int, int]]]) -> None:
        self._lengths = np.array([len(one) for one in lists], dtype=np.int64)
        longest = int(self._lengths.max(initial=0))
        filled = [[*one, *[(0, 0)] * (longest - len(one))] for one in lists]
        self._pairs = np.array(filled, dtype=np.int64).reshape(len(lists), longest, 2)

    def of(self, numbers: Codes) -> Iterator[tuple[Indices, Indices, Indices]]:
        """For each index which of these lists have it, and both parts of their pairs there."""
        lengths = self._lengths[numbers]
        which = np.flatnonzero(lengths)
        for index in range(self._pairs.shape[1]):
            which = which[lengths[which] > index]
            if not len(which):
                return
            pairs = self._pairs[numbers[which], index]
            yield which, pairs[:, 0], pairs[:, 1]


class _Results:
    """What entries come to: whether they cannot be, whether they have to be so, and the sets that they change."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[bool, bool, tuple[tuple[int, int], ...]], int] = {}
        self.impossible: Mask = np.zeros(0, dtype=bool)
        self.certain: Mask = np.zeros(0, dtype=bool)
        self.changes = _Lists([])

    def number(self, impossible: bool, certain: bool, changes: tuple[tuple[int, int], ...]) -> int:
        """The number of a result; the same for the same."""
        return self._numbers.setdefault((impossible, certain, changes), len(self._numbers))

    def arrange(self) -> None:
        """Bring new ones in columns."""
        if len(self.impossible) < len(self._numbers):
            self.impossible = np.array([impossible for impossible, _, _ in self._numbers])
            self.certain = np.array([certain for _, certain, _ in self._numbers])
            self.changes = _Lists([changes for _, _, changes in self._numbers])
