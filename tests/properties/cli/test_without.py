"""`--without ID`: one assumption does not apply."""

import csv
import io
import json
from importlib.resources import files

import pytest
from click.testing import CliRunner
from jsonschema import validate

from properties.cli.main import main
from tests.support.assumed_lock import SPEC

LOCKED, OPENS = "a locked safe stays shut", "only a code opens it"


def run(command, *words):
    return CliRunner().invoke(main, [command, "--system", SPEC, *map(str, words)])


def test_properties_are_decided_without_it():
    assert run("check").exit_code == 0
    done = run("check", "--without", "S-1")
    assert done.exit_code == 1
    assert done.stdout.startswith("without S-1\n")
    assert f"FAILS  {LOCKED}" in done.stdout
    assert f"holds  {OPENS}" in done.stdout
    assert "without S-1: the check 'not locked' at SAFE never decides anything\n" in done.stdout
    assert "problem" not in done.stdout


def test_what_never_happens_without_it_is_listed_and_is_no_problem():
    done = run("check", "--without", "S-1", "--json")
    report = json.loads(done.stdout)
    assert report["without"]["assumptions"] == ["S-1"]
    assert "lifecycle 'wrong': nothing reaches the state TWO" in report["without"]["never"]
    assert report["system"]["problems"] == []
    assert {one["name"]: one["holds"] for one in report["properties"]} == {LOCKED: False, OPENS: True}
    assert "without" not in json.loads(run("check", "--json").stdout)
    assert run("check", "--without", "S-1", "--property", OPENS).exit_code == 0


def test_each_file_of_a_run_says_what_is_off(tmp_path):
    done = run("check", "--without", "S-1", "--witnesses", "--out", tmp_path / "out")
    assert done.exit_code == 1
    files_written = {path.name: path.read_text("utf-8") for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert set(files_written) == {
        "README.txt",
        "trace.txt",
        "trace.json",
        "run.itf.json",
        "sequence.mmd",
        "sequence.svg",
    }
    for name, text in files_written.items():
        assert "without S-1" in text or '"without": [\n    "S-1"\n  ]' in text or "do not apply: S-1." in text, name


def test_sequences_are_those_of_the_system_without_it(tmp_path):
    declared, other = tmp_path / "declared.json", tmp_path / "other.json"
    assert run("vectors", "--out", declared).exit_code == 0
    done = run("vectors", "--out", other, "--without", "S-1", "--without", "S-1")
    assert done.exit_code == 0
    assert "\nwithout S-1\n" in done.stdout
    before, after = (json.loads(path.read_text(encoding="utf-8")) for path in (declared, other))
    schema = (files("properties.conformance") / "vectors.schema.json").read_text(encoding="utf-8")
    validate(after, json.loads(schema))
    assert (before.get("without"), after["without"]) == (None, ["S-1"])
    assert before["digest"] != after["digest"]
    reasons = [
        {step["expected"]["reason"] for vector in one["vectors"] for step in vector["steps"]} for one in (before, after)
    ]
    assert reasons[0] - reasons[1] == {"it is locked for good"}
    assert not reasons[1] - reasons[0]


@pytest.mark.parametrize("form", ["csv", "gherkin", "itf"])
def test_every_format_says_what_does_not_count(form, tmp_path):
    done = run("vectors", "--out", tmp_path / "out", "--format", form, "--without", "S-1", "--only", "regulated")
    assert done.exit_code == 0, done.output
    path = next(path for path in [tmp_path / "out", *sorted((tmp_path / "out").rglob("*"))] if path.is_file())
    text, reference = path.read_text(encoding="utf-8-sig"), "a safe, without S-1, rules only"
    match form:
        case "csv":
            rows = list(csv.DictReader(io.StringIO(text)))
            assert {row["reference"] for row in rows if row["step"] == "1"} == {reference}
        case "itf":
            assert json.loads(text)["#meta"]["description"] == f"a run of {reference}"
        case "gherkin":
            assert f"\n  {reference}: what must happen, step by step.\n" in text


@pytest.mark.parametrize("command", ["check", "vectors"])
@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("s-1", "the register has no rule 's-1'; did you mean: S-1, S-3?"),
        ("S-2", "the rule 'S-2' is not an assumption; did you mean: S-3, S-1?"),
        ("S-3", "the assumption 'S-3' decides no check and no transition alone: without it all is as declared"),
    ],
)
def test_what_cannot_be_switched_off_is_refused_in_one_message(command, rule, message, tmp_path):
    done = run(command, "--without", rule, *(["--out", tmp_path / "out.json"] if command == "vectors" else []))
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"Error: {message}\n")
