"""`smets1 vectors`: what it writes, and how it refuses."""

import json
from pathlib import Path

import attrs
import jsonschema
import pytest
from click.testing import CliRunner

from properties.cli.counterexamples import vector_files
from properties.conformance.suite.store import suite_of
from properties.conformance.suite.vectors import Suite
from properties.smets1.command import main
from properties.smets1.duis_run import DUIS
from properties.smets1.installation import CLAIMS
from statemachines.smets1.duis.reader import parse_request
from tests.support.paths import ROOT
from tests.support.thorough import every


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(main, ["vectors", *map(str, arguments)])


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    """The whole suite as it is written."""
    path = tmp_path_factory.mktemp("suite") / "vectors.json"
    written = CliRunner().invoke(main, ["vectors", "--out", str(path)])
    assert written.exit_code == 0
    assert str(path) in written.output
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_the_file_and_its_schema(run, document):
    printed = run("--schema")
    assert printed.exit_code == 0
    assert len(document["vectors"]) > 500
    few = document["vectors"][::40]  # each is like the next, and looking at all takes ten seconds
    jsonschema.validate({**document, "vectors": few}, json.loads(printed.output))


@pytest.mark.slow
def test_requests_as_duis(run, tmp_path, document):
    duis, vectors = tmp_path / "requests", document["vectors"]
    chosen = [vector for vector in vectors if any("sender" in step["request"] for step in vector["steps"])][5:7]
    only = [argument for vector in chosen for argument in ("--vector", vector["name"])]
    assert run("--duis", duis, *only).exit_code == 0
    index = json.loads((duis / "index.json").read_text(encoding="utf-8"))
    assert list(index) == [vector["name"] for vector in chosen]
    read = 0
    for vector in chosen:
        steps = index[vector["name"]]
        assert [step["request"] for step in steps] == [step["request"] for step in vector["steps"]]
        assert [step["expected"] for step in steps] == [step["expected"] for step in vector["steps"]]
        assert [step["shows"] for step in steps] == [step["shows"] for step in vector["steps"]]
        for step in steps:
            assert step["files"]
            for name in step["files"]:
                content = (duis / vector["name"] / name).read_bytes()
                if Path(name).suffix == ".xml":
                    parse_request(content)
                    read += 1
    assert read


@pytest.mark.slow
def test_each_feature_is_of_one_srv_and_cohort(run, tmp_path):
    parser = pytest.importorskip("gherkin.parser", reason="gherkin-official is not installed: the extra [dev]")
    assert run("--out", tmp_path / "tests", "--format", "gherkin").exit_code == 0
    texts = [path.read_text(encoding="utf-8") for path in sorted((tmp_path / "tests").rglob("*.feature"))]
    written = [line.strip() for text in texts for line in text.splitlines()]
    assert "Feature: Activate Firmware (SRV 11.3), FOC" in written
    assert {'Then the outcome is "not-processed"', "And the response is left open"} <= set(written)
    assert sum(line.startswith("Scenario: ") for line in written) == len(suite_of(CLAIMS).vectors)
    for text in every(4, texts):
        feature = parser.Parser().parse(text)["feature"]
        for child in feature["children"]:
            group = next(
                row["cells"][1]["value"]
                for row in child["scenario"]["steps"][0]["dataTable"]["rows"]
                if row["cells"][0]["value"] == "group"
            )
            cohort = feature["name"].rpartition(", ")[2]
            assert cohort in group or (cohort == "IOC" and group == "another IOC group")
            sent = [step["text"] for step in child["scenario"]["steps"] if step["text"].endswith(" is sent")]
            assert not sent or feature["name"].startswith(sent[-1].removesuffix(" is sent"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "expected --out PATH or --duis DIR"),
        (["--out", "x.json", "--vector", "V0001"], "expected --duis DIR"),
        (["--out", "x.json", "--system", "nothing"], "is not of the form package.module:attribute"),
        (["--duis", "new", "--vector", "V9999"], "there is no sequence 'V9999'"),
    ],
)
def test_what_cannot_be_is_refused(run, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert message in refused.output
    assert not list(tmp_path.iterdir())


def test_a_directory_with_something_in_it_is_refused(run, tmp_path):
    (tmp_path / "old.xml").write_text("")
    refused = run("--duis", tmp_path)
    assert refused.exit_code == 2
    assert "is not empty" in refused.output


def test_another_system_is_computed_and_has_no_duis(run, tmp_path, monkeypatch):
    house = ROOT / "tests" / "support" / "house.py"
    (tmp_path / "a_house.py").write_text(
        house.read_text() + "\nfrom statemachines.language.claims import Claims\nCLAIMS = Claims(house(), [])\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert run("--system", "a_house:CLAIMS", "--out", "house.json").exit_code == 0
    file = json.loads((tmp_path / "house.json").read_text(encoding="utf-8"))
    assert file["vectors"]
    refused = run("--system", "a_house:CLAIMS", "--duis", "requests")
    assert refused.exit_code == 2
    assert "no Service Requests as DUIS XML" in refused.output


def test_a_folder_of_duis_says_what_is_off():
    suite = Suite(CLAIMS.system, {}, (), without=("MOD-14", "MOD-46"), only_regulated=True)
    files = {str(path): content.decode() for _, path, content in vector_files(suite, [], DUIS)}
    assert "do not apply: MOD-14 MOD-46." in files["README.txt"]
    assert "What an assumption alone decides is left open" in files["README.txt"]
    whole = attrs.evolve(suite, without=(), only_regulated=False)
    (about,) = (content.decode() for _, path, content in vector_files(whole, [], DUIS) if path.suffix == ".txt")
    assert "apply" not in about
    assert "open" not in about
