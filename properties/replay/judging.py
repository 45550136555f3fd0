"""Judging a log: read, sorted by case, stepped in lockstep; in parts, where it is too large to be held at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from enum import Enum
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import attrs
import numpy as np

from properties.replay.entries import SCHEMA, Dictionary, in_order, numbered_cases, partition_of, tables
from properties.replay.events import Event, Stepping
from properties.replay.explanation import Agreeing, CaseRun, Deviation, explained, few
from properties.replay.findings import Blaming, Finding, iso, only_request
from properties.replay.lockstep import Lockstep
from properties.replay.mapping import LogMapping
from properties.replay.records import Columns, LogError, Problems, Record, read_batches
from properties.replay.value_sets import Sets, admitted
from statemachines.extras import optional_imports
from statemachines.language.claims import Claims

with optional_imports():
    import pyarrow as pa

IN_MEMORY = 4_000_000
"""The most entries that are held at once; a larger log is written to temporary files, each with a part of the cases."""
Batches = Iterator[tuple[int, Iterable[list[Record] | Columns]]]
"""For each file its index, and its records, many at a time."""
Reader = Callable[[Sequence[Path], LogMapping, Problems], Batches]
"""Reads the files of a log."""
PARTITIONS = 64
"""How many parts such a log is written in."""

TIMES = "expected times in ISO 8601, as seconds since 1970, or as the mapping's time_format says"

Starts = Mapping[str, Mapping[str, tuple[Enum, ...]]]
"""For a case the values that an inventory gives of its variables before its first entry."""


@attrs.frozen
class Example:
    """The shortest run to a deviation.

    Parameters
    ----------
    finding: the deviation.
    entries: those of the case up to it, in words, each with what the log has of it.
    run: the same as a run that the explorer opens: a start, of which it has what is known, and steps. Where the log
        leaves a request open, the first that it may be.
    """

    finding: Finding
    entries: tuple[tuple[str, str], ...]
    run: Mapping[str, object]


def _in_words(event: Event) -> tuple[str, str]:
    return " and ".join(map(str, event)), " and ".join(str(seen.observation) for seen in event)


def _run(finding: Finding, known: Mapping[str, tuple[Enum, ...]], events: Iterable[Event]) -> dict[str, object]:
    return {
        "name": f"a deviation from {finding.rule}: case {finding.case}",
        "start": {name: str(values[0].value) for name, values in known.items() if len(values) == 1},
        "steps": [
            {"request": seen.requests[0].as_dict(), "verdict": seen.observation.as_dict()}
            for event in events
            for seen in event
        ],
    }


@attrs.define
class JudgedLog:
    """What a log, or a part of one, comes to.

    Parameters
    ----------
    cases, entries: how many were judged.
    followed: entries that are as they have to be.
    undecided: entries that may be, by what is known.
    after: entries after their case's first deviation.
    repeated, unordered, without_time: as of `Sorted`.
    findings: the first deviation of each case that has one, in the order of the cases' names; of a part of a log
        there are ``deviations``, not explained yet, and some ``agreeing`` cases.
    examples: for each rule the shortest run to a deviation that it is counted under.
    """

    cases: int = 0
    entries: int = 0
    followed: int = 0
    undecided: int = 0
    after: int = 0
    repeated: int = 0
    unordered: int = 0
    without_time: int = 0
    findings: list[Finding] = attrs.field(factory=list)
    examples: dict[str, Example] = attrs.field(factory=dict)
    deviations: list[Deviation] = attrs.field(factory=list)
    agreeing: Agreeing = attrs.field(factory=dict)

    def add(self, other: "JudgedLog") -> None:
        """Add what another part comes to."""
        for name in ("cases", "entries", "followed", "undecided", "after", "repeated", "unordered", "without_time"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.deviations += other.deviations
        self.agreeing |= other.agreeing
        self.agreeing = {key: self.agreeing[key] for key in few(case for _, case in self.agreeing)}

    def finish(self, claims: Claims, starts: Starts) -> None:
        """Explain the deviations of all parts."""
        self.deviations.sort(key=lambda one: one.finding.case)
        self.findings = explained(claims, self.deviations, self.agreeing)
        shortest: dict[str, int] = {}
        for index, finding in enumerate(self.findings):
            known = shortest.get(finding.rule)
            if known is None or _shorter(finding, self.findings[known]):
                shortest[finding.rule] = index
        for rule, index in sorted(shortest.items()):
            finding, events = self.findings[index], self.deviations[index].events
            run = _run(finding, starts.get(finding.case, {}), events)
            self.examples[rule] = Example(finding, tuple(map(_in_words, events)), run)
        self.deviations, self.agreeing = [], {}


def _shorter(one: Finding, other: Finding) -> bool:
    return (one.entry, one.case) < (other.entry, other.case)


@attrs.frozen(eq=False)
class LogPart:
    """Some cases of a log, and all that judging them takes: what is sent to another process, or to another machine.

    Parameters
    ----------
    claims: the system and its properties.
    mapping: what the log's columns are.
    events, groups: what the numbers in the entries stand for.
    files: the log's files.
    starts: what an inventory says of cases.
    only_regulated: whether what an assumption alone decides is left open.
    """

    claims: Claims
    mapping: LogMapping
    events: Sequence[Event]
    groups: Sequence[tuple[str | None, ...]]
    files: Sequence[str]
    starts: Starts
    only_regulated: bool

    def judge(self, table: pa.Table) -> JudgedLog:
        """Judge the cases whose entries a table has."""
        stepping, lockstep, blaming = _machinery(self)
        entries = in_order(table, self.events, self.mapping.tolerance)
        columns = self._starts(stepping, entries.cases)
        outcome = lockstep.run(entries.events, columns, entries.lengths, entries.codes)
        judged = JudgedLog(
            len(entries.cases), int(entries.lengths.sum()), outcome.followed, outcome.undecided, outcome.after,
            entries.repeated, entries.unordered, entries.without_time,
        )  # fmt: skip
        offsets = np.concatenate([[0], np.cumsum(entries.lengths)])
        rows = {name: np.asarray(table.column(name)) for name in ("time", "by", "source", "line")}
        for number, case in enumerate(np.flatnonzero(outcome.first >= 0).tolist()):
            index = int(outcome.first[case])
            at = int(offsets[case]) + index
            code, row = int(entries.codes[at]), int(entries.rows[at])
            blame = blaming.blame(entries.events[code], outcome.knowledge[:, number])
            finding = Finding(
                entries.cases[case],
                self.files[rows["source"][row]],
                int(rows["line"][row]),
                iso(int(rows["time"][row])) if self.mapping.time else "",
                index,
                str(blame.seen),
                str(blame.seen.observation),
                blame.expected,
                blame.rules,
                blame.basis,
                blame.claims,
                tuple(word or "" for word in self.groups[rows["by"][row]]) if self.mapping.by else (),
            )
            events = tuple(entries.events[one] for one in entries.codes[offsets[case] : at + 1].tolist())
            run = None
            if blame.state is not None:
                run = self._run(stepping, columns, case, events) or CaseRun(blame.state, blame.seen.requests)
            judged.deviations.append(Deviation(finding, events, blame.seen, run))
        indices = {name: case for case, name in enumerate(entries.cases) if outcome.first[case] < 0}
        for key in few(indices):
            case = indices[key[1]]
            codes = entries.codes[offsets[case] : offsets[case + 1]].tolist()
            run = self._run(stepping, columns, case, [entries.events[one] for one in codes])
            if run:
                judged.agreeing[key] = run
        return judged

    def _run(self, stepping: Stepping, columns: Sets, case: int, events: Sequence[Event]) -> CaseRun | None:
        """A case as a run of the system, where it is known how it began and what was sent."""
        start = stepping.known_state(columns[:, case if columns.shape[1] > 1 else 0])
        requests = [request for request in map(only_request, events) if request]
        if start is None or len(requests) < len(events) or self.mapping.hidden or self.only_regulated:
            return None
        return CaseRun(start, tuple(requests))

    def _starts(self, stepping: Stepping, cases: Sequence[str]) -> Sets:
        usual = stepping.start({} if self.mapping.unknown_start else None)
        if not any(case in self.starts for case in cases):
            return usual
        made: dict[tuple[object, ...] | None, Sets] = {}
        columns = []
        for case in cases:
            values = self.starts.get(case)
            key = None if values is None else tuple(values.items())
            if key not in made:
                made[key] = usual if values is None else stepping.start(values)
                if not admitted(made[key]).all():
                    raise LogError(f"the inventory: no state has the values that case {case!r} begins with")
            columns.append(made[key][:, 0])
        return np.stack(columns, axis=1)


@lru_cache(maxsize=1)
def _machinery(part: LogPart) -> tuple[Stepping, Lockstep, Blaming]:
    """What judges, once for all that is judged of a part."""
    stepping = Stepping(part.claims.system, part.mapping.hidden, only_regulated=part.only_regulated)
    return stepping, Lockstep(stepping), Blaming(stepping, part.claims)


def judge_log(
    claims: Claims,
    mapping: LogMapping,
    files: Sequence[Path],
    *,
    kind: str | None = None,
    reader: Reader | None = None,
    starts: Starts | None = None,
    only_regulated: bool = False,
    processes: int = 1,
    in_memory: int = IN_MEMORY,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[JudgedLog, Problems]:
    """What a log comes to, and what of it could not be read or understood.

    Parameters
    ----------
    claims: the system and its properties.
    mapping: what the log's columns are.
    files: of the log; see `log_files`.
    kind: their format, where their names do not say it.
    reader: what reads them, if they are of a format of its own; it may enter ``starts`` until it has read all.
    starts: what is known of cases before their first entry.
    only_regulated: whether what an assumption alone decides is left open.
    processes: how many judge at once, where the log is too large to be held at once.
    in_memory: the most entries that are held at once.
    progress: is given how many entries are read, or how many parts are judged and how many there are.

    Raises
    ------
    LogError: for a file that is no log, or a log without entries.
    """
    problems = Problems()
    dictionary = Dictionary(mapping, problems)
    read = reader(files, mapping, problems) if reader else _read(files, mapping, problems, kind)
    held: list[pa.Table] = []
    entries = 0
    with ExitStack() as stack:
        spool: _Spool | None = None
        for table in tables(files, read, dictionary):
            entries += len(table)
            held.append(table)
            if spool is None and entries > in_memory:
                spool = stack.enter_context(_Spool())
            if spool is not None:
                for one in held:
                    spool.add(one)
                held.clear()
            if progress:
                progress(entries, 0)
        if not entries:
            expected = "messages that its format has" if reader else f"the case in the column {mapping.case!r}"
            raise LogError(f"the log has no entry with a case{problems.first()}; expected {expected}")
        part = LogPart(
            claims, mapping, dictionary.events, dictionary.groups, [str(path) for path in files], starts or {},
            only_regulated,
        )  # fmt: skip
        if spool is None:
            judged = part.judge(pa.concat_tables(held))
        else:
            judged = JudgedLog()
            for number, one in enumerate(_judged(part, spool.paths(), processes), 1):
                judged.add(one)
                if progress:
                    progress(number, PARTITIONS)
    if not judged.entries:
        raise LogError(f"no case of the log can be judged{problems.first()}; {TIMES}")
    judged.finish(claims, starts or {})
    return judged, problems


def _read(files: Sequence[Path], mapping: LogMapping, problems: Problems, kind: str | None) -> Batches:
    for index, path in enumerate(files):
        yield index, read_batches(path, mapping.columns, problems, kind)


def _judged(part: LogPart, paths: Sequence[Path], processes: int) -> Iterator[JudgedLog]:
    if processes == 1:
        yield from (_judge_file(part, path) for path in paths)
        return
    with ProcessPoolExecutor(processes, get_context("spawn"), _remember, (part,)) as pool:
        yield from pool.map(_judge_remembered, paths)


_REMEMBERED: list[LogPart] = []


def _remember(part: LogPart) -> None:
    _REMEMBERED[:] = [part]


def _judge_remembered(path: Path) -> JudgedLog:
    return _judge_file(_REMEMBERED[0], path)


def _judge_file(part: LogPart, path: Path) -> JudgedLog:
    with pa.memory_map(str(path)) as source, pa.ipc.open_stream(source) as reader:
        return part.judge(reader.read_all())


class _Spool:
    """Temporary files, each with the entries of some cases."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._writers: list[Any] = []
        self._paths: list[Path] = []

    def __enter__(self) -> "_Spool":
        folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="replay-")))
        self._paths = [folder / f"{number:03}.arrow" for number in range(PARTITIONS)]
        for path in self._paths:
            sink = self._stack.enter_context(pa.OSFile(str(path), "wb"))
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            self._writers.append(pa.ipc.new_stream(sink, SCHEMA, options=options))
        return self

    def __exit__(self, *_: object) -> None:
        self.paths()
        self._stack.close()

    def add(self, table: pa.Table) -> None:
        """Write entries to the files of their cases."""
        names, numbers = numbered_cases(table)
        partition = np.array([partition_of(case, PARTITIONS) for case in names], dtype=np.int64)[numbers]
        order = np.argsort(partition, kind="stable")
        ends = np.searchsorted(partition[order], np.arange(PARTITIONS + 1))
        arranged = table.take(pa.array(order))
        for number, writer in enumerate(self._writers):
            first, last = int(ends[number]), int(ends[number + 1])
            if last > first:
                writer.write_table(arranged.slice(first, last - first))

    def paths(self) -> list[Path]:
        """The files, finished."""
        for writer in self._writers:
            writer.close()
        self._writers.clear()
        return self._paths
