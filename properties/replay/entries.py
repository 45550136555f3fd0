"""Entries: a log's records as columns of numbers, grouped by case, in order."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

import attrs
import numpy as np
import numpy.typing as npt

from properties.replay.events import Event
from properties.replay.mapping import LogMapping, Words
from properties.replay.records import UNKNOWN_WORD, Columns, Problems, Record
from statemachines.extras import optional_imports
from statemachines.files.shown import printable, shown

with optional_imports():
    import pyarrow as pa

Integers = npt.NDArray[np.int64]

SCHEMA = pa.schema(
    [
        ("case", pa.string()),
        ("time", pa.int64()),
        ("event", pa.int32()),
        ("by", pa.int32()),
        ("identity", pa.string()),
        ("source", pa.int32()),
        ("line", pa.int64()),
    ]
)
"""The columns of entries: whose, when in microseconds, which event, which group, where in the log."""

NO_TIME = np.iinfo(np.int64).min
"""The time of an entry whose time cannot be read; its case is not judged."""


@attrs.define
class Dictionary:
    """What the numbers in entries stand for: events, by their words, and groups.

    Parameters
    ----------
    mapping: what the log's columns are.
    problems: where words that are not known are counted.
    events, groups: what each number stands for.
    not_known: for the number of an event what of its words is not known.
    """

    mapping: LogMapping
    problems: Problems
    events: list[Event] = attrs.field(factory=list)
    groups: list[tuple[str | None, ...]] = attrs.field(factory=list)
    _codes: dict[Words, int] = attrs.field(init=False, factory=dict)
    not_known: dict[int, tuple[str, ...]] = attrs.field(init=False, factory=dict)
    _numbers: dict[tuple[str | None, ...], int] = attrs.field(init=False, factory=dict)

    def code(self, words: Words, where: str) -> int:
        """The number of an event; what of its words is not known is counted, each time."""
        code = self.known(words)
        if code in self.not_known:
            self.count(code, where)
        return code

    def known(self, words: Words) -> int:
        """The number of an event."""
        code = self._codes.get(words)
        if code is None:
            seen, unknown = self.mapping.seen(words)
            code = self._codes[words] = len(self.events)
            self.events.append((seen,))
            if unknown:
                self.not_known[code] = unknown
        return code

    def count(self, code: int, where: str) -> None:
        """Count what is not known of the words of an event."""
        for one in self.not_known[code]:
            self.problems.add(UNKNOWN_WORD, where, shown(one))

    def group(self, words: tuple[str | None, ...]) -> int:
        """The number of a group."""
        number = self._numbers.get(words)
        if number is None:
            number = self._numbers[words] = len(self.groups)
            self.groups.append(words)
        return number


def tables(
    files: Sequence[Path], read: Iterable[tuple[int, Iterable[list[Record] | Columns]]], dictionary: Dictionary
) -> Iterator[pa.Table]:
    """The entries of files, in tables of many.

    Parameters
    ----------
    files: their names, for messages.
    read: the records of each, in batches, with its index.
    """
    mapping, problems = dictionary.mapping, dictionary.problems
    indices = {column: index for index, column in enumerate(mapping.columns)}
    case_at = indices[mapping.case]
    time_at = None if mapping.time is None else indices[mapping.time]
    identity_at = None if mapping.identity is None else indices[mapping.identity]
    event_at, by_at = [indices[column] for column in mapping.event], [indices[column] for column in mapping.by]
    order = 0
    for source, batches in read:
        name = printable(files[source].name)
        for batch in batches:
            if isinstance(batch, Columns):
                table = _of_columns(batch, dictionary, source, name, order)
                order += len(table)
                yield table
                continue
            rows: list[tuple[str, int, int, int, str | None, int, int]] = []
            for line, values in batch:
                where = f"{name}:{line}"
                case = values[case_at]
                if case is None:
                    problems.add("no case", where)
                    continue
                order += 1
                time = order
                if time_at is not None:
                    time = microseconds(values[time_at], mapping.time_format, mapping.time_zone)
                    if time == NO_TIME:
                        problems.add("no time that can be read", where, shown(values[time_at] or "nothing"))
                rows.append(
                    (
                        case,
                        time,
                        dictionary.code(tuple(values[at] for at in event_at), where),
                        dictionary.group(tuple(values[at] for at in by_at)) if by_at else 0,
                        None if identity_at is None else values[identity_at],
                        source,
                        line,
                    )
                )
            columns = zip(*rows, strict=True) if rows else [()] * len(SCHEMA)
            yield pa.table([pa.array(one, kind.type) for one, kind in zip(columns, SCHEMA, strict=True)], schema=SCHEMA)


def _of_columns(batch: Columns, dictionary: Dictionary, source: int, name: str, order: int) -> pa.Table:
    """The entries of a batch of columns: words are looked up once for all entries that have the same ones."""
    mapping, problems = dictionary.mapping, dictionary.problems
    columns = dict(zip(mapping.columns, batch.columns, strict=True))
    present = np.asarray(columns[mapping.case].is_valid())
    for row in np.flatnonzero(~present).tolist():
        problems.add("no case", f"{name}:{batch.first + row}")
    rows = np.flatnonzero(present)
    columns = {column: array.take(pa.array(rows)) for column, array in columns.items()}
    lines = (rows + batch.first).astype(np.int64)
    times = np.arange(order + 1, order + 1 + len(rows))
    if mapping.time is not None:
        texts = columns[mapping.time].to_pylist()
        form, zone = mapping.time_format, mapping.time_zone
        times = np.array([microseconds(text, form, zone) for text in texts], dtype=np.int64)
        for row in np.flatnonzero(times == NO_TIME).tolist():
            problems.add("no time that can be read", f"{name}:{lines[row]}", shown(texts[row] or "nothing"))
    combination, combinations = _combined([columns[column] for column in mapping.event], len(rows))
    codes = np.array([dictionary.known(words) for words in combinations], dtype=np.int32)[combination]
    for row in np.flatnonzero(np.isin(codes, list(dictionary.not_known))).tolist():
        dictionary.count(int(codes[row]), f"{name}:{lines[row]}")
    groups = np.zeros(len(rows), dtype=np.int32)
    if mapping.by:
        combination, combinations = _combined([columns[column] for column in mapping.by], len(rows))
        groups = np.array([dictionary.group(words) for words in combinations], dtype=np.int32)[combination]
    identities = pa.nulls(len(rows), pa.string()) if mapping.identity is None else columns[mapping.identity]
    sources = np.full(len(rows), source, dtype=np.int32)
    return pa.table([columns[mapping.case], times, codes, groups, identities, sources, lines], schema=SCHEMA)


def _combined(columns: Sequence[pa.Array], length: int) -> tuple[Integers, list[Words]]:
    """For each row the number of its combination of words, and the combinations, in the order of their first rows."""
    number = np.zeros(length, dtype=np.int64)
    for column in columns:
        encoded = column.dictionary_encode()
        own = np.asarray(encoded.indices.fill_null(len(encoded.dictionary)))
        _, number = np.unique(number * (len(encoded.dictionary) + 1) + own, return_inverse=True)
    _, firsts, number = np.unique(number, return_index=True, return_inverse=True)
    order = np.argsort(firsts)
    rank = np.empty(len(firsts), dtype=np.int64)
    rank[order] = np.arange(len(firsts))
    rows = pa.array(firsts[order])
    return rank[number], list(zip(*(column.take(rows).to_pylist() for column in columns), strict=True))


def microseconds(text: str | None, form: str | None = None, zone: tzinfo = UTC) -> int:
    """A time as microseconds since 1970: ISO 8601, or seconds as a number.

    Parameters
    ----------
    form: how it is written instead, in the codes of `datetime.strptime`.
    zone: whose clocks show it, unless it names its offset. What they show twice, or never, cannot be read.

    >>> microseconds("1970-01-01T00:00:01Z"), microseconds("2.5"), microseconds("01/01/1970 00:01", "%d/%m/%Y %H:%M")
    (1000000, 2500000, 60000000)
    """
    if text is None:
        return int(NO_TIME)
    try:
        return (_time(text, form, zone).astimezone(UTC) - EPOCH) // timedelta(microseconds=1)
    except (ValueError, OverflowError):
        return int(NO_TIME)


def _time(text: str, form: str | None, zone: tzinfo) -> datetime:
    # Digits alone are seconds: some of them could be read as dates, and would come centuries before the others.
    if form is None and text.replace(".", "", 1).isdecimal():
        return EPOCH + timedelta(seconds=float(text))
    try:
        time = datetime.fromisoformat(text) if form is None else datetime.strptime(text, form)
    except ValueError:
        if form is not None:
            raise
        return EPOCH + timedelta(seconds=float(text))
    if time.tzinfo is None:
        time = time.replace(tzinfo=zone)
        if time.replace(fold=1).utcoffset() != time.utcoffset():
            raise ValueError
    return time


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@attrs.frozen(eq=False)
class SortedEntries:
    """The entries of some cases, case after case, each case's in the order in which they came.

    Parameters
    ----------
    cases: the names of the cases.
    lengths: how many entries each has.
    events: what the codes stand for: those of the log, and those made of several entries whose order is not known.
    codes, rows: of each entry the event, and the row of the table in which its last part is.
    repeated: how many entries were there before.
    unordered: how many came with others in an order that is not known.
    without_time: how many cases are left out, because the time of an entry of theirs cannot be read.
    """

    cases: list[str]
    lengths: Integers
    events: list[Event]
    codes: npt.NDArray[np.int32]
    rows: Integers
    repeated: int
    unordered: int
    without_time: int


def in_order(table: pa.Table, events: Sequence[Event], tolerance: int) -> SortedEntries:
    """The entries of a table in order.

    Parameters
    ----------
    tolerance: entries of a case that differ by at most so many microseconds may have come in either order. Equal
        entries of the same time may be one that was written twice.
    """
    names, numbers = numbered_cases(table)
    rank = np.empty(len(names), dtype=np.int64)
    rank[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    case = rank[numbers]
    names = sorted(names)
    time, code = np.asarray(table.column("time")), np.asarray(table.column("event"))
    source, line = np.asarray(table.column("source")), np.asarray(table.column("line"))
    order = np.lexsort((line, source, time, case))
    repeated = 0
    if table.column("identity").null_count < len(table):
        order, repeated = _without_repeated(order, case, table.column("identity").to_pylist())
    lost = np.unique(case[time == NO_TIME])
    if len(lost):
        order = order[~np.isin(case[order], lost)]
    case, time, code = case[order], time[order], code[order].astype(np.int32)
    own = list(events)
    same = case[1:] == case[:-1]
    if tolerance:
        near = same & (time[1:] - time[:-1] <= tolerance)
    else:
        near = same & (time[1:] == time[:-1]) & (code[1:] == code[:-1])
    unordered = int(np.count_nonzero(np.concatenate([near, [False]]) | np.concatenate([[False], near])))
    if near.any():
        code, kept = _together(code, near, own)
        case, order = case[kept], order[kept]
    present, lengths = np.unique(case, return_counts=True)
    return SortedEntries(
        [names[index] for index in present.tolist()], lengths.astype(np.int64), own, code, order, repeated, unordered,
        len(lost),
    )  # fmt: skip


def _without_repeated(order: Integers, case: Integers, identities: list[str | None]) -> tuple[Integers, int]:
    met: set[tuple[int, str]] = set()
    kept = []
    for row in order.tolist():
        identity = identities[row]
        if identity is not None:
            key = (int(case[row]), identity)
            if key in met:
                continue
            met.add(key)
        kept.append(row)
    return np.array(kept, dtype=np.int64), len(order) - len(kept)


def _together(
    code: npt.NDArray[np.int32], near: npt.NDArray[np.bool_], events: list[Event]
) -> tuple[npt.NDArray[np.int32], Integers]:
    """Each group of entries whose order is not known as one entry, which is where the last of them is."""
    starts = np.flatnonzero(np.concatenate([[True], ~near]))
    ends = np.concatenate([starts[1:], [len(code)]])
    merged = code[starts].copy()
    made: dict[Event, int] = {}
    for group in np.flatnonzero(ends - starts > 1).tolist():
        own = sorted(code[starts[group] : ends[group]].tolist(), key=lambda one: _key(events[one]))
        event = tuple(seen for one in own for seen in events[one])
        number = made.get(event)
        if number is None:
            number = made[event] = len(events)
            events.append(event)
        merged[group] = number
    return merged, (ends - 1).astype(np.int64)


def _key(event: Event) -> tuple[tuple[str, ...], ...]:
    """What events are sorted by: their words, for their numbers depend on what else the log has."""
    return tuple((", ".join(map(str, seen.requests)), str(seen.observation), str(seen.after)) for seen in event)


def numbered_cases(table: pa.Table) -> tuple[list[str], Integers]:
    """The cases of a table, and for each entry the index of its own among them."""
    encoded = table.column("case").combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    return encoded.dictionary.to_pylist(), np.asarray(encoded.indices)


def partition_of(case: str, partitions: int) -> int:
    """The partition that a case belongs to; the same on every machine."""
    return zlib.crc32(case.encode("utf-8", "surrogatepass")) % partitions
