"""What Spark calls, on tables of Arrow and without Spark: the same findings as on one machine."""

import inspect
import json
import sys
from collections import defaultdict
from importlib.util import find_spec
from shutil import which

import pyarrow as pa
import pytest

from examples.parcel_locker import claims, system
from properties.replay.entries import partition_of
from properties.replay.generator import LogGenerator, LogOptions
from properties.replay.judging import judge_log
from properties.replay.mapping import read_mapping
from properties.replay.records import LogError
from properties.replay.report import as_csv, as_json_text
from properties.replay.spark import OUTCOMES, RECORDS, judge_with_spark


@pytest.fixture
def files(tmp_path):
    """A log in two files, each with a part of every case, entries written twice, and lines that cannot be read."""
    log = list(LogGenerator(system, LogOptions(40, seed=2, faults=0.5, skew=30, repeated=0.1)).entries())
    paths = [tmp_path / "1.jsonl", tmp_path / "2.jsonl"]
    for number, path in enumerate(paths):
        lines = [json.dumps(entry) for entry in log[number::2]]
        path.write_text("\n".join([*lines, "{broken", '{"request": "Put"}', '{"case": "x", "request": "Knock"}']))
    return paths


def mapped(folder, text):
    (folder / "map.toml").write_text(text)
    return read_mapping(folder / "map.toml", system)


class InPlaceOfSpark:
    """Calls what Spark calls: each file read by itself; the records of a partition together, in no order."""

    def range(self, first, last, step, tasks):
        assert (first, step, tasks) == (0, 1, last)
        self.count = last
        return self

    def mapInArrow(self, read, schema):  # noqa: N802  # Spark's name
        ids = (iter([pa.RecordBatch.from_pydict({"id": [index]})]) for index in reversed(range(self.count)))
        batches = [batch for one in ids for batch in read(one)]
        assert all(batch.schema == RECORDS for batch in batches)
        assert [word.split()[0] for word in schema.split(", ")] == RECORDS.names
        self.rows = [row for batch in batches for row in batch.to_pylist()]
        return self

    def groupBy(self, column):  # noqa: N802
        self.groups = defaultdict(list)
        for row in reversed(self.rows):
            self.groups[row[column]].append(row)
        return self

    def applyInArrow(self, judge, schema):  # noqa: N802
        assert len(inspect.getfullargspec(judge).args) == 1
        self.outcomes = [judge(pa.Table.from_pylist(rows, RECORDS)) for rows in self.groups.values()]
        assert all(one.schema == OUTCOMES for one in self.outcomes)
        assert [word.split()[0] for word in schema.split(", ")] == OUTCOMES.names
        return self

    def collect(self):
        return [row for one in self.outcomes for row in one.to_pylist()]


@pytest.mark.parametrize(
    "text",
    [
        'id = "id"\n',
        'id = "id"\ntime = "time"\nby = ["request"]\n',
        'time = "time"\ntolerance_seconds = 400000\n',
    ],
)
@pytest.mark.parametrize("partitions", [1, 7])
def test_partitions_come_to_what_the_whole_log_does(tmp_path, files, text, partitions):
    mapping = mapped(tmp_path, text)
    starts = {"00000003": {}}
    whole, problems = judge_log(claims, mapping, files, starts=starts)
    judged, of_parts = judge_with_spark(InPlaceOfSpark(), claims, mapping, files, starts=starts, partitions=partitions)
    assert whole.findings
    assert judged == whole
    assert as_csv(judged.findings) == as_csv(whole.findings)
    assert of_parts.counts == problems.counts
    of_parts.samples = problems.samples
    assert as_json_text(system, judged, of_parts, mapping.by) == as_json_text(system, whole, problems, mapping.by)


def test_a_log_without_entries_is_reported(tmp_path):
    (tmp_path / "log.jsonl").write_text("{broken\n")
    with pytest.raises(LogError, match="no entry with a case"):
        judge_with_spark(InPlaceOfSpark(), claims, mapped(tmp_path, ""), [tmp_path / "log.jsonl"])


def test_entries_whose_order_is_not_known_are_named_alike(tmp_path):
    put, take = {"request": "Put", "outcome": "yes"}, {"request": "Take", "code": "wrong", "outcome": "no"}
    opened = {"request": "Take", "code": "wrong", "outcome": "yes"}
    log = [("Z", 0, take), ("Z", 100, put), ("A", 0, put), ("A", 1, take), ("A", 100, opened)]
    path = tmp_path / "log.jsonl"
    path.write_text("".join(json.dumps({"case": case, "time": at, **entry}) + "\n" for case, at, entry in log))
    assert partition_of("A", 7) != partition_of("Z", 7)
    mapping = mapped(tmp_path, 'time = "time"\ntolerance_seconds = 2\n')
    judged, _ = judge_with_spark(InPlaceOfSpark(), claims, mapping, [path], partitions=7)
    assert judged == judge_log(claims, mapping, [path])[0]
    assert judged.examples["BOX-1"].entries[0][0] == "Put and Take (code wrong)"


@pytest.mark.slow
@pytest.mark.skipif(not find_spec("pyspark"), reason="pyspark is not installed (the extra spark)")
@pytest.mark.skipif(not which("java"), reason="java cannot be found")
def test_spark_itself_finds_the_same_byte_for_byte(tmp_path, files, monkeypatch):
    from pyspark.sql import SparkSession

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    options = {"spark.ui.enabled": "false", "spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    session = SparkSession.builder.master("local[2]").config(map=options).getOrCreate()
    try:
        mapping = mapped(tmp_path, 'id = "id"\ntime = "time"\nby = ["request"]\n')
        whole, problems = judge_log(claims, mapping, files)
        judged, of_parts = judge_with_spark(session, claims, mapping, files, partitions=3)
    finally:
        session.stop()
    assert whole.findings
    assert as_csv(judged.findings) == as_csv(whole.findings)
    assert as_json_text(system, judged, problems, mapping.by) == as_json_text(system, whole, problems, mapping.by)
    assert of_parts.counts == problems.counts
