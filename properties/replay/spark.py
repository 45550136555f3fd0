"""Logs that outgrow one machine: Spark reads the files and brings the records of a case together, ours judges them.

A task reads one file, and another judges one partition of the cases, with the code that one machine runs. What is
scheduled, shuffled and repeated is Spark's matter.
"""

import pickle
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs

from properties.replay.entries import SCHEMA, Dictionary, partition_of, tables
from properties.replay.judging import PARTITIONS, JudgedLog, LogPart, Starts
from properties.replay.mapping import LogMapping
from properties.replay.records import LogError, Problems, Record, batches, read_records
from statemachines.extras import optional_imports
from statemachines.language.claims import Claims

with optional_imports():
    import pyarrow as pa

RECORDS = pa.schema(
    [
        ("partition", pa.int32()),
        ("source", pa.int32()),
        ("line", pa.int64()),
        ("values", pa.list_(pa.string())),
        ("problems", pa.binary()),
    ]
)
"""Between reading and judging: a record each, and for each file one row with what of it could not be read."""
OUTCOMES = pa.schema([("partition", pa.int32()), ("outcome", pa.binary())])
"""What a partition comes to: `JudgedLog` and `Problems`, pickled."""
RECORDS_IN_SPARK = "partition int, source int, line bigint, values array<string>, problems binary"
OUTCOMES_IN_SPARK = "partition int, outcome binary"


@attrs.frozen(eq=False)
class Stages:
    """What Spark calls, on tables of Arrow.

    Parameters
    ----------
    claims: the system and its properties.
    mapping: what the log's columns are.
    files: the log's files, as every worker reaches them.
    kind: their format, where their names do not say it.
    starts: what an inventory says of cases.
    only_regulated: whether what an assumption alone decides is left open.
    partitions: how many parts the cases are judged in.
    """

    claims: Claims
    mapping: LogMapping
    files: tuple[Path, ...]
    kind: str | None
    starts: Starts
    only_regulated: bool
    partitions: int

    def read(self, ids: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The records of the files with these indices, with their partitions."""
        case_at = self.mapping.columns.index(self.mapping.case)
        for source in (one for batch in ids for one in batch.column(0).to_pylist()):
            problems = Problems()
            for batch in batches(read_records(self.files[source], self.mapping.columns, problems, self.kind)):
                lines, values = zip(*batch, strict=True)
                # A record without a case is counted wherever it is judged.
                own = [partition_of(one[case_at] or "", self.partitions) for one in values]
                columns = own, [source] * len(batch), lines, values, [None] * len(batch)
                yield pa.RecordBatch.from_arrays(
                    [pa.array(one, kind.type) for one, kind in zip(columns, RECORDS, strict=True)], schema=RECORDS
                )
            row = {"partition": 0, "source": source, "line": 0, "values": None, "problems": pickle.dumps(problems)}
            yield pa.RecordBatch.from_pylist([row], RECORDS)

    def judge(self, table: pa.Table) -> pa.Table:
        """What the records of one partition come to, in whatever order they are."""
        table = table.sort_by([("source", "ascending"), ("line", "ascending")])
        problems = Problems()
        for one in table.column("problems").drop_null().to_pylist():
            problems.add_all(pickle.loads(one))  # what `read` made
        dictionary = Dictionary(self.mapping, problems)
        entries = pa.concat_tables([SCHEMA.empty_table(), *tables(self.files, _by_source(table), dictionary)])
        part = LogPart(
            self.claims, self.mapping, dictionary.events, dictionary.groups, [str(path) for path in self.files],
            self.starts, self.only_regulated,
        )  # fmt: skip
        outcome = part.judge(entries), problems
        return pa.Table.from_pylist(
            [{"partition": table.column("partition")[0].as_py(), "outcome": pickle.dumps(outcome)}], OUTCOMES
        )


def _by_source(table: pa.Table) -> Iterator[tuple[int, Iterator[list[Record]]]]:
    """The records of a sorted table, file by file."""
    sources = table.column("source").value_counts()
    begin = 0
    for source, count in sorted((one["values"], one["counts"]) for one in sources.to_pylist()):
        yield source, batches(_records(table.slice(begin, count)))
        begin += count


def _records(table: pa.Table) -> Iterator[Record]:
    for batch in table.to_batches(1 << 16):
        for line, values in zip(batch.column("line").to_pylist(), batch.column("values").to_pylist(), strict=True):
            if values is not None:
                yield line, tuple(values)


def joined(outcomes: Iterable[bytes], claims: Claims, starts: Starts) -> tuple[JudgedLog, Problems]:
    """What all partitions come to, of the column ``outcome``.

    Raises
    ------
    LogError: for a log without entries.
    """
    judged, problems = JudgedLog(), Problems()
    for one in outcomes:
        own, of_it = pickle.loads(one)
        judged.add(own)
        problems.add_all(of_it)
    if not judged.entries and not judged.without_time:
        raise LogError("the log has no entry with a case")
    judged.finish(claims, starts)
    return judged, problems


def judge_with_spark(
    session: Any,
    claims: Claims,
    mapping: LogMapping,
    files: Sequence[Path],
    *,
    kind: str | None = None,
    starts: Starts | None = None,
    only_regulated: bool = False,
    partitions: int = PARTITIONS,
) -> tuple[JudgedLog, Problems]:
    """What `judging.judge_log` returns, of the same log; of its problems other samples may be shown.

    Parameters
    ----------
    session: a `pyspark.sql.SparkSession` of Spark 4.
    files: of the log, as every worker reaches them; one task reads one.
    partitions: how many parts the cases are judged in; the records of one have to fit in a worker's memory.

    Raises
    ------
    LogError: for a log without entries. What a worker raises is Spark's ``PythonException``.
    """
    stages = Stages(claims, mapping, tuple(files), kind, starts or {}, only_regulated, partitions)
    records = session.range(0, len(files), 1, len(files)).mapInArrow(stages.read, RECORDS_IN_SPARK)
    outcomes = records.groupBy("partition").applyInArrow(
        lambda table: stages.judge(table),  # noqa: PLW0108  # of a method Spark counts `self`, and gives it the key, too
        OUTCOMES_IN_SPARK,
    )
    rows = sorted(outcomes.collect(), key=lambda row: row["partition"])
    return joined((bytes(row["outcome"]) for row in rows), claims, stages.starts)
