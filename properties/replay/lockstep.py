"""All cases of a log in lockstep: the first entry of each, then the second of each, in columns.

What is known of a case is one of few states of knowledge, which cases share. So what an entry comes to is computed once
for each state of knowledge that meets it, for all that meet it first at the same time, and looked up from then on.
"""

from collections.abc import Sequence

import attrs
import numpy as np
import numpy.typing as npt

from properties.replay.events import Event, Stepping
from properties.replay.value_sets import Sets

Codes = npt.NDArray[np.int32]
Indices = npt.NDArray[np.int64]

MOST_ENTRIES = 1 << 26
"""How many pairs of a state of knowledge and an event the table may have; then it is begun again."""
UNKNOWN, DEVIATION = -1, -2
"""In the table: not computed yet; the event cannot be."""


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
    stepping: the system.
    events: what the codes of entries stand for.
    """

    def __init__(self, stepping: Stepping, events: Sequence[Event]) -> None:
        self.stepping, self.events = stepping, events
        self._begin()

    def _begin(self) -> None:
        self.columns: list[Sets] = []
        self.known: dict[bytes, int] = {}
        self.table = np.full((64, max(len(self.events), 1)), UNKNOWN, dtype=np.int32)
        self.certain = np.zeros(self.table.shape, dtype=bool)

    def run(self, starts: Sets, lengths: Indices, entries: Codes) -> Outcome:
        """Judge every case.

        Parameters
        ----------
        starts: what is known of each case before its first entry: a column for each case, or one for all.
        lengths: how many entries each case has.
        entries: the codes of the entries, case after case.
        """
        cases = len(lengths)
        knowledge = self._identified(starts) if starts.shape[1] == cases else self._identified(starts).repeat(cases)
        offsets = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if cases else lengths
        first = np.full(cases, -1, dtype=np.int32)
        before: dict[int, Sets] = {}
        followed = undecided = 0
        active = np.argsort(-lengths, kind="stable")
        counts = lengths[active]
        index = 0
        while True:
            active = active[: np.searchsorted(-counts, -index, side="left")]
            counts = counts[: len(active)]
            if not len(active):
                break
            if len(self.columns) * len(self.events) > MOST_ENTRIES:
                knowledge[active] = self._begun_again(knowledge[active])
            codes, own = entries[offsets[active] + index], knowledge[active]
            after = self.table[own, codes]
            missing = np.flatnonzero(after == UNKNOWN)
            if len(missing):
                self._compute(own[missing], codes[missing])
                after = self.table[own, codes]
            bad = after == DEVIATION
            good = ~bad
            sure = int(np.count_nonzero(self.certain[own, codes] & good))
            followed += sure
            undecided += int(np.count_nonzero(good)) - sure
            if bad.any():
                for case, state in zip(active[bad].tolist(), own[bad].tolist(), strict=True):
                    before[case] = self.columns[state]
                first[active[bad]] = index
                active, counts, after = active[good], counts[good], after[good]
            knowledge[active] = after
            index += 1
        kept = [before[case] for case in sorted(before)]
        columns = np.stack(kept, axis=1) if kept else np.zeros((len(self.stepping.values.all), 0), dtype=np.uint64)
        judged = followed + undecided + len(kept)
        return Outcome(first, columns, followed, undecided, int(lengths.sum()) - judged)

    def _begun_again(self, own: Codes) -> Codes:
        columns = self.columns
        self._begin()
        states, inverse = np.unique(own, return_inverse=True)
        return self._identified(np.stack([columns[state] for state in states.tolist()], axis=1))[inverse]

    def _compute(self, own: Codes, codes: Codes) -> None:
        """Enter what is missing in the table: for each event all states of knowledge that meet it at once."""
        width = len(self.events)
        pairs = np.unique(own.astype(np.int64) * width + codes)
        states, wanted = pairs // width, pairs % width
        for code in np.unique(wanted).tolist():
            these = states[wanted == code]
            step = self.stepping.step(self.events[code], np.stack([self.columns[state] for state in these], axis=1))
            after = self._identified(step.after)
            self.table[these, code] = np.where(step.impossible, DEVIATION, after)
            self.certain[these, code] = step.certain

    def _identified(self, sets: Sets) -> Codes:
        """The number of each column; the same for the same column."""
        numbers = np.empty(sets.shape[1], dtype=np.int32)
        columns = np.ascontiguousarray(sets.T)
        for index, column in enumerate(columns):
            key = column.tobytes()
            number = self.known.get(key)
            if number is None:
                number = self.known[key] = len(self.columns)
                self.columns.append(column.copy())
            numbers[index] = number
        while len(self.columns) > len(self.table):
            self.table = np.concatenate([self.table, np.full_like(self.table, UNKNOWN)])
            self.certain = np.concatenate([self.certain, np.zeros_like(self.certain)])
        return numbers
