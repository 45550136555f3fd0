"""The file of vectors: it is what its schema says, and its sequences give what it expects."""

import json
from importlib.resources import files

import jsonschema
import pytest
from click.testing import CliRunner

import properties
from examples import parcel_locker
from properties.cli.main import main
from properties.conformance.suite.store import suite_of
from properties.conformance.suite.vectors import Suite
from properties.conformance.suite.vectors_file import vectors_json
from properties.conformance.suite.wire_format import read_request, read_state
from properties.smets1.installation import CLAIMS
from statemachines.semantics.trace import replay, verdict_as_dict


@pytest.fixture(scope="module")
def suite():
    return suite_of(CLAIMS)


@pytest.fixture(scope="module")
def few(suite):
    """A few of its sequences; the file of all of them is many megabytes."""
    vectors = suite.vectors[::40]
    reached = {key for vector in vectors for _, key in vector.reached}
    goals = {key: goal for key, goal in suite.goals.items() if key in reached}
    return Suite(suite.system, goals, vectors, suite.unreachable[:20])


@pytest.fixture(scope="module")
def result(few):
    return vectors_json(CLAIMS, few)


def schema():
    return json.loads((files("properties.conformance") / "vectors.schema.json").read_text(encoding="utf-8"))


def test_every_request_and_goal_is_in_it(few, result):
    file = json.loads(result)
    assert sum(len(vector["steps"]) for vector in file["vectors"]) == file["requests"] == few.requests
    assert set(file["goals"]) == set(few.goals)


def test_the_file_is_what_the_schema_says(result):
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(json.loads(result), schema())


def test_the_schema_refuses_what_is_something_else(result):
    for spoil in (
        lambda file: file.pop("digest"),
        lambda file: file["vectors"][0].pop("start"),
        lambda file: file["vectors"][0]["steps"].clear(),
        lambda file: file["vectors"][0]["steps"][0]["expected"].pop("unspecified"),
        lambda file: next(iter(file["unreachable"].values())).pop("reason"),
    ):
        file = json.loads(result)
        spoil(file)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(file, schema())


def test_the_sequences_of_the_file_replayed_give_what_it_expects(result):
    vectors = json.loads(result)["vectors"]
    assert len(vectors) > 10
    for vector in vectors:
        requests = [read_request(CLAIMS.system, step["request"]) for step in vector["steps"]]
        run = replay(CLAIMS.system, read_state(CLAIMS.system, vector["start"]), requests)
        assert [verdict_as_dict(step.verdict) for step in run.steps] == [step["expected"] for step in vector["steps"]]


def test_one_call_writes_what_the_command_writes(tmp_path):
    command = ["vectors", "--system", "examples.parcel_locker:claims", "--out", str(tmp_path / "v.json")]
    assert CliRunner().invoke(main, command).exit_code == 0
    assert properties.vectors(parcel_locker.claims) == (tmp_path / "v.json").read_bytes()
