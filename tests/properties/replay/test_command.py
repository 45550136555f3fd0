"""`replay` and `log` as people use them: a log in each format, what is wrong with one, and what is said of it."""

import gzip
import json

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
import pytest
from click.testing import CliRunner

from examples.parcel_locker import claims, system
from properties.cli.main import main
from properties.replay.entries import Dictionary, microseconds, tables
from properties.replay.judging import judge_log
from properties.replay.mapping import default_mapping, read_mapping
from properties.replay.records import Problems, batches, read_batches, read_records

SYSTEM = ["--system", "examples.parcel_locker:claims"]
LOG = """\
box,when,what,code,answer
A,2026-03-01T09:00:00Z,put in,,yes
A,2026-03-01T10:00:00Z,take out,bad,no
A,2026-03-01T11:00:00Z,take out,good,yes
B,2026-03-02T09:00:00Z,put in,,yes
B,2026-03-02T10:00:00Z,take out,bad,yes
"""
MAPPING = """\
case = "box"
time = "when"
request = "what"
[fields]
code = "code"
[verdict]
outcome = "answer"
[requests]
"put in" = "Put"
"take out" = "Take"
[words.code]
good = "RIGHT"
bad = "WRONG"
"""


def rows(text=LOG):
    header, *lines = (line.split(",") for line in text.splitlines())
    return [{key: value or None for key, value in zip(header, line, strict=True)} for line in lines]


def as_xes(text=LOG):
    traces = {}
    for row in rows(text):
        event = "".join(f'<string key="{key}" value="{value}"/>' for key, value in row.items() if value)
        traces.setdefault(row["box"], []).append(f"<event>{event}</event>")
    inner = "".join(f'<trace><string key="box" value="{box}"/>{"".join(own)}</trace>' for box, own in traces.items())
    return f'<log xmlns="http://www.xes-standard.org/">{inner}</log>'


def write_csv(folder, text=LOG):
    (folder / "box.csv").write_text(text)
    return folder / "box.csv"


def write_gzip(folder):
    (folder / "box.csv.gz").write_bytes(gzip.compress(LOG.encode()))
    return folder / "box.csv.gz"


def write_zstd(folder):
    with pa.CompressedOutputStream(str(folder / "box.jsonl.zst"), "zstd") as stream:
        stream.write("".join(json.dumps(row) + "\n" for row in rows()).encode())
    return folder / "box.jsonl.zst"


def write_parquet(folder):
    pa.parquet.write_table(pa.Table.from_pylist(rows()), folder / "box.parquet")
    return folder / "box.parquet"


def write_xes(folder):
    (folder / "box.xes").write_text(as_xes())
    return folder / "box.xes"


def run(*arguments, **more):
    return CliRunner().invoke(main, [*map(str, arguments)], **more)


def judged(folder, log, *more, mapping=MAPPING):
    (folder / "map.toml").write_text(mapping)
    result = run("replay", log, *SYSTEM, "--mapping", folder / "map.toml", "--json", *more)
    assert result.exit_code in {0, 1}, result.output
    return json.loads(result.stdout)


@pytest.mark.parametrize("write", [write_csv, write_gzip, write_zstd, write_parquet, write_xes])
def test_a_log_in_every_format_comes_to_the_same(tmp_path, write):
    report = judged(tmp_path, write(tmp_path))
    assert [(one["case"], one["entry"], one["rules"], one["claims"]) for one in report["findings"]] == [
        ("B", 1, ["BOX-1"], [])
    ]
    assert (report["entries"], report["followed"], report["undecided"]) == (5, 4, 0)
    assert report["counts"]["week"] == {"2026-W10": 1}


def test_the_tables_and_the_page_say_the_same(tmp_path):
    (tmp_path / "map.toml").write_text(MAPPING.replace('case = "box"', 'case = "box"\nby = ["what"]'))
    arguments = ["replay", write_csv(tmp_path), *SYSTEM, "--mapping", tmp_path / "map.toml", "--out", tmp_path / "out"]
    result = run(*arguments)
    assert result.exit_code == 1
    assert "1  take out" in result.output
    of_csv = pyarrow.csv.read_csv(tmp_path / "out" / "findings.csv").to_pylist()
    of_parquet = pyarrow.parquet.read_table(tmp_path / "out" / "findings.parquet").to_pylist()
    of_json = json.loads((tmp_path / "out" / "findings.json").read_text())["findings"]
    assert of_parquet == of_json
    assert [(row["case"], row["line"], row["by"]) for row in of_csv] == [("B", 6, "take out")]
    page = (tmp_path / "out" / "report.html").read_text()
    assert page.count("<h1") == 1
    assert "Only the right code opens a box." in page
    assert "2. Take (code wrong): outcome yes" in page
    before = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    run(*arguments)
    assert before == {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}


def test_what_cannot_be_read_is_counted_and_loses_nothing_else(tmp_path):
    lines = [json.dumps(row) for row in rows()]
    lines[1:1] = [
        "{broken",
        "[1]",
        json.dumps({"what": "put in"}),
        json.dumps({"box": "C", "what": "knock", "when": "7"}),
    ]
    lines += [json.dumps({"box": "D", "what": "put in", "when": "yesterday", "answer": "no"})]
    (tmp_path / "box.jsonl").write_text("\n".join(lines))
    report = judged(tmp_path, tmp_path / "box.jsonl")
    assert {kind: one["count"] for kind, one in report["problems"].items()} == {
        "broken line": 2,
        "no case": 1,
        "unknown or missing word": 1,
        "no time that can be read": 1,
    }
    assert report["problems"]["broken line"]["sample"][0] == "box.jsonl:2: {broken"
    assert report["cases_without_time"] == 1
    assert [one["case"] for one in report["findings"]] == ["B"]
    assert [one["line"] for one in report["findings"]] == [9]


@pytest.mark.parametrize("time", ["1e300", "inf", "nan", "1e15", "9999-12-31T23:59:59-23:00"])
def test_a_time_that_no_calendar_has_leaves_its_case_out_or_is_shown(tmp_path, time):
    log = LOG.splitlines()[0] + f"\nA,{time},take out,good,yes\nB,-1.5,take out,good,yes\n"
    report = judged(tmp_path, write_csv(tmp_path, log))
    assert report["findings"][-1]["time"] == "1969-12-31T23:59:58.500000+00:00"
    assert report["cases_without_time"] + len(report["findings"]) == 2


def test_entries_out_of_order_and_entries_written_twice(tmp_path):
    header, *lines = LOG.splitlines()
    named = [header + ",id", *(f"{line},{number}" for number, line in enumerate(lines))]
    shuffled = [named[0], *reversed(named[1:]), named[1]]
    report = judged(tmp_path, write_csv(tmp_path, "\n".join(shuffled)), mapping='id = "id"\n' + MAPPING)
    assert (report["repeated"], report["followed"], report["deviations"]) == (1, 4, 1)


def test_entries_within_the_tolerance_may_have_come_in_either_order(tmp_path):
    log = LOG.splitlines()[0] + "\nA,0.2,take out,good,yes\nA,0,put in,,yes\nA,0.1,put in,,yes\n"
    assert judged(tmp_path, write_csv(tmp_path, log))["deviations"] == 1
    tolerant = "tolerance_seconds = 0.15\n" + MAPPING
    report = judged(tmp_path, write_csv(tmp_path, log), mapping=tolerant)
    assert (report["deviations"], report["order_not_known"]) == (0, 3)


def test_a_log_that_begins_in_the_middle(tmp_path):
    log = LOG.splitlines()[0] + "\nA,1,take out,good,yes\nA,2,take out,good,yes\n"
    known, unknown = (
        judged(tmp_path, write_csv(tmp_path, log), mapping=more + MAPPING) for more in ("", 'start = "unknown"\n')
    )
    assert [one["entry"] for one in known["findings"]] == [0]
    assert [one["entry"] for one in unknown["findings"]] == [1]
    assert unknown["undecided"] == 1
    inventory = tmp_path / "inventory.jsonl"
    inventory.write_text(json.dumps({"case": "A", "box": "EMPTY"}))
    mapping = MAPPING.replace('case = "box"', 'start = "unknown"').replace("box", "case")
    report = judged(
        tmp_path, write_csv(tmp_path, log.replace("box", "case")), "--inventory", inventory, mapping=mapping
    )
    assert [one["entry"] for one in report["findings"]] == [0]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_cells_may_be_separated_otherwise_and_times_written_otherwise(tmp_path, separator):
    log = LOG.replace(",", separator).replace("2026-03-0", "").replace("T", " ").replace(":00Z", "")
    mapping = 'time_format = "%d %H:%M"\n' + MAPPING
    report = judged(tmp_path, write_csv(tmp_path, log), mapping=mapping)
    assert [(one["case"], one["line"], one["time"][:16]) for one in report["findings"]] == [
        ("B", 6, "1900-01-02T10:00")
    ]


@pytest.mark.parametrize(
    ("times", "mapping"),
    [
        (["2026-07-01T10:30:00+01:00", "2026-07-01T09:45:00Z", "2026-07-01T05:50:00-04:00"], ""),
        (["2026-03-29T00:59:00", "2026-03-29T02:01:00", "2026-03-29T03:00:00"], 'time_zone = "Europe/London"\n'),
        (["2026-07-01T10:30:00", "2026-07-01T09:45:00Z", "1782899400"], 'time_zone = "Europe/London"\n'),
    ],
)
def test_times_may_name_their_offset_or_be_those_of_a_zone(tmp_path, times, mapping):
    entries = zip(times, ("put in,,yes", "take out,bad,no", "take out,bad,yes"), strict=True)
    log = "\n".join([LOG.splitlines()[0], *(f"A,{time},{entry}" for time, entry in entries)])
    (finding,) = judged(tmp_path, write_csv(tmp_path, log), mapping=mapping + MAPPING)["findings"]
    assert (finding["entry"], finding["line"]) == (2, 4)
    assert finding["time"].endswith("+00:00")


@pytest.mark.parametrize("seconds", ["10101010", "1231.5", "20260301", "74820627018"])
def test_digits_alone_are_seconds_even_if_they_could_be_a_date(seconds):
    """``10101010`` was taken for a day in the year 1010, and its entry for the first of its case."""
    assert microseconds(seconds) == float(seconds) * 1_000_000


def test_a_time_that_clocks_show_twice_leaves_its_case_out(tmp_path):
    log = LOG.splitlines()[0] + "\nA,2026-10-25T01:30:00,take out,good,yes\nB,2026-10-25T02:00:00,take out,good,yes\n"
    report = judged(tmp_path, write_csv(tmp_path, log), mapping='time_zone = "Europe/London"\n' + MAPPING)
    assert [(one["case"], one["time"]) for one in report["findings"]] == [("B", "2026-10-25T02:00:00+00:00")]
    assert report["problems"]["no time that can be read"]["sample"] == ["box.csv:2: 2026-10-25T01:30:00"]


def test_an_entry_whose_verdict_cannot_be_read_is_undecided(tmp_path):
    report = judged(tmp_path, write_csv(tmp_path, LOG.replace(",yes", ",aye")))
    assert (report["followed"], report["undecided"], report["deviations"]) == (1, 4, 0)


def test_hidden_requests_may_have_happened(tmp_path):
    log = LOG.splitlines()[0] + "\nA,1,put in,,yes\nA,2,put in,,yes\nA,3,put in,,yes\n"
    assert judged(tmp_path, write_csv(tmp_path, log))["deviations"] == 1
    assert judged(tmp_path, write_csv(tmp_path, log), mapping='hidden = ["Take"]\n' + MAPPING)["deviations"] == 0


def test_a_large_log_comes_to_the_same_in_parts(tmp_path):
    path = tmp_path / "log.jsonl"
    assert run("log", *SYSTEM, "--cases", 60, "--seed", 1, "--faults", 0.3, "--out", path).exit_code == 0
    mapping = default_mapping(system)
    whole, _ = judge_log(claims, mapping, [path])
    parts, _ = judge_log(claims, mapping, [path], in_memory=100)
    assert whole == parts
    assert whole.findings


def test_the_log_generator_writes_the_same_again_and_says_what_is_wrong(tmp_path):
    options = [*SYSTEM, "--cases", 40, "--seed", 5, "--faults", 0.5, "--hide", "Wait", "--skew", 2, "--repeated", 0.1]
    first, again = (run("log", *options, "--truth", tmp_path / "truth.csv").stdout for _ in range(2))
    assert first == again
    assert "Wait" not in first
    faulty = {row["case"] for row in pyarrow.csv.read_csv(tmp_path / "truth.csv", convert_options=AS_TEXT).to_pylist()}
    mapping = 'id = "id"\ntime = "time"\nhidden = ["Wait"]\ntolerance_seconds = 4\n'
    (tmp_path / "map.toml").write_text(mapping)
    result = run("replay", "-", *SYSTEM, "--mapping", tmp_path / "map.toml", "--json", input=first)
    deviating = {one["case"] for one in json.loads(result.stdout)["findings"]}
    assert deviating
    assert deviating <= faulty


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_the_name_of_the_file_says_the_format_of_the_log(tmp_path, suffix):
    options = [*SYSTEM, "--cases", 40, "--seed", 5, "--faults", 0.5]
    paths = [tmp_path / "log.jsonl", tmp_path / f"log.{suffix}"]
    for path in paths:
        assert run("log", *options, "--out", path).exit_code == 0
    assert paths[1].read_bytes() == run("log", *options, "--kind", suffix).stdout_bytes
    lines, other = (judge_log(claims, default_mapping(system), [path])[0] for path in paths)
    assert lines.findings
    assert (other.followed, other.after) == (lines.followed, lines.after)
    assert [(one.case, one.entry, one.seen) for one in other.findings] == [
        (one.case, one.entry, one.seen) for one in lines.findings
    ]


@pytest.mark.parametrize(("suffix", "codec"), [("gz", "gzip"), ("zst", "zstd")])
def test_a_log_is_compressed_as_the_name_of_its_file_says(tmp_path, suffix, codec):
    options = [*SYSTEM, "--cases", 5, "--seed", 5]
    path = tmp_path / f"log.csv.{suffix}"
    assert run("log", *options, "--out", path).exit_code == 0
    with pa.input_stream(str(path), compression=codec) as stream:
        assert stream.read() == run("log", *options, "--kind", "csv").stdout_bytes


@pytest.mark.parametrize("name", ["log.xes", "log.parquet.gz"])
def test_a_format_that_is_not_written_is_one_message(tmp_path, name):
    result = run("log", *SYSTEM, "--cases", 5, "--out", tmp_path / name)
    assert result.exit_code == 2
    assert f"{name}: expected a name that ends in .jsonl, .csv (.gz, .zst) or .parquet" in result.stderr
    assert not list(tmp_path.iterdir())


def test_a_log_of_a_target_that_begins_in_the_middle(tmp_path):
    inventory, log = tmp_path / "inventory.csv", tmp_path / "log.jsonl"
    options = [*SYSTEM, "--cases", 40, "--seed", 5, "--before", 9, "--inventory", inventory, "--out", log]
    for sut, deviations in {"examples.locker:Locker": 0, "examples.locker:TrustingLocker": 1}.items():
        assert run("log", *options, "--sut", sut).exit_code == 0
        report = json.loads(run("replay", log, *SYSTEM, "--inventory", inventory, "--json").stdout)
        assert bool(report["deviations"]) is bool(deviations)
        assert report["undecided"] == 0
    begins = {row["box"] for row in pyarrow.csv.read_csv(inventory).to_pylist()}
    assert begins == {"EMPTY", "FULL", "OVERDUE"}
    assert run("log", *options, "--sut", "examples.locker:Locker", "--faults", 0.1).exit_code == 2


AS_TEXT = pyarrow.csv.ConvertOptions(column_types={"case": pa.string()})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.jsonl"], "none.jsonl: there is no such log; expected a file, a folder, a pattern or -"),
        (["map.toml"], "expected a name that ends in .jsonl, .csv, .parquet or .xes"),
        (["empty.jsonl"], "the log has no entry with a case"),
        (["empty.csv"], "its first line is a,b, expected some of the columns case, request, code"),
        (["undated.csv", "--mapping", "map.toml"], "no case of the log can be judged (no time that can be read"),
        (["bad.xes"], "bad.xes: no XES"),
        (["bad.parquet"], "bad.parquet"),
        (["box.csv", "--mapping", "typo.toml"], "request_column is not a key"),
        (["box.csv", "--mapping", "wrong.toml"], "hidden is 'Knock', expected one of"),
        (["box.csv", "--mapping", "zone.toml"], "time_zone is 'Europe/Camelot', expected the name of a time zone"),
        (["box.csv", "--inventory", "bad.csv"], "bad.csv:2: box is 'BLUE'"),
    ],
)
def test_what_cannot_be_used_is_one_message(tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path)
    for name, text in {
        "map.toml": MAPPING,
        "empty.jsonl": "",
        "empty.csv": "a,b\n1,2\n",
        "undated.csv": LOG.replace("2026-03-0", "March "),
        "bad.xes": "<log",
        "bad.parquet": "no",
        "typo.toml": 'request_column = "what"',
        "wrong.toml": 'hidden = ["Knock"]',
        "zone.toml": 'time_zone = "Europe/Camelot"',
        "bad.csv": "case,box\nA,BLUE\n",
    }.items():
        (tmp_path / name).write_text(text)
    result = run("replay", *arguments, *SYSTEM)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("times", [False, True])
def test_columns_of_parquet_come_to_the_same_entries_as_records(tmp_path, times):
    own = [row | {"when": None if number % 5 == 3 else row["when"]} for number, row in enumerate(3 * rows())]
    own += [{"what": "put in"}, {"box": "C", "what": "knock", "answer": "yes"}, {"box": "C", "what": "take out"}]
    own = own + own[::-1]
    table = pa.Table.from_pylist(own).drop_columns(["answer"])
    pa.parquet.write_table(table, tmp_path / "box.parquet")
    (tmp_path / "map.toml").write_text(
        ('time = "when"\n' if times else "")
        + 'by = ["what", "code"]\nid = "when"\n'
        + MAPPING.replace('time = "when"\n', "")
    )
    mapping = read_mapping(tmp_path / "map.toml", system)
    results = []
    for read in (lambda *given: batches(read_records(*given)), read_batches):
        dictionary = Dictionary(mapping, Problems())
        read_twice = [(n, read(tmp_path / "box.parquet", mapping.columns, dictionary.problems)) for n in (0, 1)]
        entries = pa.concat_tables(tables([tmp_path / "box.parquet"] * 2, read_twice, dictionary))
        results.append((entries.to_pylist(), dictionary.events, dictionary.groups, dictionary.problems))
    assert results[0] == results[1]
    assert len(results[0][0]) == 68
    assert results[0][3].counts["unknown or missing word"] >= 8
