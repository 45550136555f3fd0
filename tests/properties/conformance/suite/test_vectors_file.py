"""The file of vectors: it is what its schema says, reads back as it was, and is refused where it is something else."""

import json
from importlib.resources import files

import jsonschema
import pytest

from properties.conformance.suite.generate import suite_of
from properties.conformance.suite.vectors import Suite
from properties.conformance.suite.vectors_file import UnreadableSuite, read_suite, vectors_json
from properties.smets1.installation import CLAIMS


@pytest.fixture(scope="module")
def suite():
    return suite_of(CLAIMS)


@pytest.fixture(scope="module")
def found(suite):
    """The first few sequences as a file; all of them are many megabytes."""
    few = suite.vectors[::40]
    reached = {key for vector in few for _, key in vector.reached}
    goals = {key: goal for key, goal in suite.goals.items() if key in reached}
    return vectors_json(CLAIMS, Suite(suite.system, goals, few, suite.unreachable[:20]))


def schema():
    return json.loads((files("properties.conformance") / "vectors.schema.json").read_text(encoding="utf-8"))


def test_the_file_is_what_the_schema_says(found):
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(json.loads(found), schema())


def test_the_schema_refuses_what_is_something_else(found):
    for spoil in (
        lambda file: file.pop("digest"),
        lambda file: file["vectors"][0].pop("start"),
        lambda file: file["vectors"][0]["steps"].clear(),
        lambda file: file["vectors"][0]["steps"][0]["expected"].pop("unspecified"),
        lambda file: next(iter(file["unreachable"].values())).pop("reason"),
    ):
        file = json.loads(found)
        spoil(file)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(file, schema())


def test_it_reads_back_as_it_was(found, tmp_path):
    path = tmp_path / "vectors.json"
    path.write_bytes(found)
    read = read_suite(path, CLAIMS)
    assert vectors_json(CLAIMS, read) == found
    assert len(read.vectors) > 10


@pytest.mark.slow
def test_the_whole_suite_is_written_with_every_request(suite):
    file = json.loads(vectors_json(CLAIMS, suite))
    assert sum(len(vector["steps"]) for vector in file["vectors"]) == file["requests"] == suite.requests
    assert set(file["goals"]) == set(suite.goals)


def spoilt(file, change):
    change(file)
    return json.dumps(file)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda file: file.update(format="other"), "is no file of vectors"),
        (lambda file: file.update(version=2), "is of version 2, and 1 can be read"),
        (lambda file: file.pop("goals"), "'goals' is not an object"),
        (lambda file: file.update(vectors={}), "'vectors' is not a list"),
        (lambda file: file["vectors"].append(3), "has no name"),
        (lambda file: file["vectors"].append(file["vectors"][0]), "two vectors have one name"),
        (lambda file: file["vectors"][0]["start"].pop("group"), "vector V0001: a state does not say what 'group' is"),
        (lambda file: file["vectors"][0]["start"].update(group="XX"), "'group' is 'XX', expected one of CA"),
        (lambda file: file["vectors"][0]["start"].update(colour="red"), "no such variable"),
        (lambda file: file["vectors"][0]["steps"][0].update(request={"type": "Sing"}), "of the type 'Sing'"),
        (lambda file: file["vectors"][0]["steps"][0]["request"].update(loud="yes"), "has the fields loud"),
        (lambda file: file["vectors"][0]["steps"][0].update(request=7), "a request is 7"),
        (lambda file: file["vectors"][0].update(steps=[]), "with one at least"),
        (lambda file: file["vectors"][0]["steps"][0].update(shows=["nothing"]), "it shows 'nothing'"),
        (
            lambda file: file["vectors"][0]["steps"][0]["expected"].update(outcome="accepted"),
            "V0001, step 1: it expects",
        ),
        (lambda file: next(iter(file["goals"].values())).update(kind="odd"), "expected a kind, a label and rules"),
        (lambda file: next(iter(file["goals"].values())).update(rules="R"), "expected a list of ids"),
    ],
)
def test_what_is_wrong_is_said(found, tmp_path, change, message):
    path = tmp_path / "vectors.json"
    path.write_text(spoilt(json.loads(found), change))
    with pytest.raises(UnreadableSuite) as refused:
        read_suite(path, CLAIMS)
    assert message in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[]", b"null"])
def test_what_is_no_file_of_vectors_is_refused(content, tmp_path):
    path = tmp_path / "vectors.json"
    path.write_bytes(content)
    with pytest.raises(UnreadableSuite):
        read_suite(path, CLAIMS)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnreadableSuite, match="cannot be read"):
        read_suite(tmp_path / "nothing.json", CLAIMS)
