"""Counterexamples as files: what is written for each kind of property, and that the DUIS requests are the run's."""

import json
import re
import tomllib

import pytest
from click.testing import CliRunner
from lxml import etree

from properties.cli.counterexamples import files_of, runs_of
from properties.console.spec import load_claims
from properties.smets1.command import main
from properties.smets1.duis_run import duis_files, has_duis
from properties.smets1.faults import FAULTS, faulty
from properties.smets1.profile import PROFILE
from statemachines import always, always_possible, sometimes
from statemachines.checker.check import check
from statemachines.language.claims import Claims
from statemachines.semantics.trace import replay
from statemachines.smets1.duis.reader import parse_request
from statemachines.smets1.edge.duis_to_model import recognised_requests
from statemachines.smets1.edge.installation_writer import installation_toml
from statemachines.smets1.edge.specimen import specimen
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.supply import electricity_supplier
from statemachines.smets1.vocabulary import (
    SERVICE_REQUEST_TYPES,
    Device,
    OtherServiceRequest,
    RequestIdUse,
    Tariff,
    UpdateTariff,
    User,
    meter,
    request_id,
    tariff,
)

FAULT, NAME = (
    "properties.smets1.faults:gas_supplier_may_activate",
    "only the Electricity Supplier upgrades PPMID firmware",
)
SLUG = "only-the-electricity-supplier-upgrades-ppmid-firmware"
SECRET = "the Electricity Supplier cannot tell who the Gas Supplier is"


@pytest.fixture(scope="module")
def finding():
    return check(load_claims(FAULT), only=[NAME]).findings[0]


@pytest.fixture(scope="module")
def files(finding):
    return {str(path): content for path, content in files_of([finding], profile=PROFILE)}


def steps_of(files, ending):
    return sorted(path for path in files if path.endswith(ending))


def test_each_form_is_written_in_a_directory_named_after_the_property(files):
    assert {path.split("/")[0] for path in files} == {SLUG}
    assert {path.split("/")[1] for path in files} == {
        "trace.txt",
        "trace.json",
        "run.itf.json",
        "sequence.mmd",
        "sequence.svg",
        "requests",
    }


def test_text_json_and_pictures_tell_the_same_run(finding, files):
    trace = finding.counterexample
    assert trace.text() in files[f"{SLUG}/trace.txt"].decode()
    reported = json.loads(files[f"{SLUG}/trace.json"])
    assert reported["runs"] == [trace.as_dict()]
    assert (reported["property"], reported["rules"], reported["holds"]) == (NAME, list(finding.claim.rules), False)
    words = " ".join(text.text for text in etree.fromstring(files[f"{SLUG}/sequence.svg"]).iter("{*}text"))
    for number, step in enumerate(trace.steps, 1):
        assert f"{number}. {step.request}" in words
        assert f"{number}. {step.request.type.label}" in files[f"{SLUG}/sequence.mmd"].decode()
    assert f"Here this does not hold: {NAME}" in words


def test_each_step_has_its_file_and_reads_as_itself(finding, files):
    for number, step in enumerate(finding.counterexample.steps, 1):
        [path] = [path for path in files if re.search(rf"/{number:02}-(?!installation)", path)]
        if step.request.type in SERVICE_REQUEST_TYPES:
            [read] = recognised_requests(specimen(step.before), parse_request(files[path]), step.request["sender"])
            assert read.request is step.request
        else:
            assert json.loads(files[path])["request"] == step.request.as_dict()


def test_the_same_run_makes_the_same_bytes(finding, files):
    assert {str(path): content for path, content in files_of([finding], profile=PROFILE)} == files


def test_only_what_is_asked_for_is_written(finding):
    assert [str(path) for path, _ in files_of([finding], ["svg"])] == [f"{SLUG}/sequence.svg"]


@pytest.mark.slow
def test_the_command_writes_what_judge_can_judge(tmp_path, finding):
    out = tmp_path / "result"
    words = ["check", "--system", FAULT, "--property", NAME, "--out", str(out)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    requests = out / SLUG / "requests"
    assert str(requests / "08-activate-firmware.xml") in done.stdout
    judge = [
        "judge",
        str(requests / "08-activate-firmware.xml"),
        "--installation",
        str(requests / "08-installation.toml"),
    ]
    [verdict] = json.loads(CliRunner().invoke(main, [*judge, "--json"]).stdout)["verdicts"]
    assert (verdict["outcome"], verdict["at"]) == ("rejected", "DSP")
    assert verdict["sender"]["standing"] == "the Gas Supplier"
    readme = (requests / "README.txt").read_text()
    assert "smets1 judge 08-activate-firmware.xml --installation 08-installation.toml" in readme
    assert "in this run: accepted at the device" in readme
    assert "by the rules: rejected at the DSP" in readme
    again = CliRunner().invoke(main, words)
    assert (again.exit_code, "is not empty, expected an empty directory" in again.stderr) == (2, True)


@pytest.mark.slow
def test_json_says_what_is_written(tmp_path):
    words = ["check", "--system", FAULT, "--property", NAME, "--out", str(tmp_path), "--format", "svg", "--json"]
    reported = json.loads(CliRunner().invoke(main, words).stdout)
    assert reported["written"] == [str(tmp_path / SLUG / "sequence.svg")]
    assert (tmp_path / SLUG / "sequence.svg").is_file()


@pytest.mark.slow
def test_a_property_that_holds_is_reported_by_its_witness_if_asked_for(tmp_path):
    words = ["check", "--property", "supply may be split", "--out", str(tmp_path)]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0
    assert "there is no run to show" in done.stdout
    assert not list(tmp_path.iterdir())
    assert CliRunner().invoke(main, [*words, "--witnesses"]).exit_code == 0
    assert "shortest witness" in (tmp_path / "supply-may-be-split" / "trace.txt").read_text()
    assert "does not hold" not in (tmp_path / "supply-may-be-split" / "sequence.mmd").read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--witnesses"], "expected --out DIR with them"),
        (["--format", "svg"], "expected --out DIR with them"),
        (["--out", "FILE"], "cannot write to"),
        (["--out", "x", "--format", "gif"], "'gif' is not one of"),
    ],
)
def test_wrong_options_get_one_message(tmp_path, words, message):
    file = tmp_path / "file"
    file.touch()
    done = CliRunner().invoke(main, ["check", *(str(file) if word == "FILE" else word for word in words)])
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_two_runs_have_requests_each():
    fault = FAULTS["version_tells_the_gas_supplier"]
    [result] = check(faulty(fault), only=[SECRET]).findings
    assert list(runs_of(result)) == ["first run", "second run"]
    files = {str(path): content for path, content in files_of([result], profile=PROFILE)}
    assert {path.split("/")[1] for path in files if "requests" in path} == {"requests-first-run", "requests-second-run"}
    for run in ("first run", "second run"):
        assert f"{run}:" in next(content.decode() for path, content in files.items() if path.endswith("trace.txt"))
    documents = [content for path, content in files.items() if path.endswith(".xml")]
    assert len(documents) == 2
    assert documents[0] == documents[1], "the observer sends the same; who else is there is not in it"
    described = [tomllib.loads(content.decode()) for path, content in files.items() if path.endswith(".toml")]
    assert described[0]["parties"]["gas_supplier"] != described[1]["parties"]["gas_supplier"]


@pytest.mark.slow
def test_a_way_that_closes_says_so():
    goal = electricity_supplier == User.SUPPLIER_A
    closed = [always_possible("it may be A again", goal=goal & ~goal, rules="SYS-5")]
    [result] = check(Claims(INSTALLATION, closed), only=["it may be A again"]).findings
    reported = {str(path): content for path, content in files_of([result], ["text"])}
    assert "From here on this is not possible: it may be A again" in reported["it-may-be-a-again/trace.txt"].decode()


def test_properties_of_like_names_have_directories_of_their_own():
    names = ["A & B", "a b", "!"]
    case = electricity_supplier == User.SUPPLIER_A
    claims = Claims(INSTALLATION, [sometimes(name, of=case, rules="SYS-5") for name in names])
    result = check(claims, only=names).findings
    places = [str(path) for path, _ in files_of(result, ["text"], witnesses=True)]
    assert places == ["a-b/trace.txt", "a-b-2/trace.txt", "property/trace.txt"]


def test_other_systems_have_no_duis_requests(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert not has_duis(load_claims("properties.smets1.fleet:DATED").system)
    assert has_duis(INSTALLATION)
    assert has_duis(FAULTS["gas_supplier_may_activate"].plant(INSTALLATION))


@pytest.fixture(scope="module")
def odd_run(finding):
    """A run with what an installation file, or DUIS, cannot say."""
    gas = next(
        request
        for request in UpdateTariff.requests()
        if request[meter.name] is Device.GSME and request[tariff.name] is Tariff.IDENTICAL_PRICES
    )
    again = next(r for r in OtherServiceRequest.requests() if r[request_id.name] is RequestIdUse.REPEATED)
    return replay(INSTALLATION, INSTALLATION.state(**finding.counterexample.start.as_dict()), [gas, again])


def test_what_has_no_duis_form_is_reported_with_the_reason(odd_run):
    files = dict(duis_files(odd_run))
    assert "a gas tariff has no two rates" in json.loads(files["01-not-written.json"])["not_written"]
    assert "not written: " in files["README.txt"].decode()
    used = tomllib.loads(files["02-installation.toml"].decode())["state"]["used_request_ids"]
    assert used == [str(parse_request(files["02-other-service-request.xml"]).request_id)]


def test_a_state_that_no_file_can_say_has_no_file(finding):
    """A faulty copy may come to where no installation can be; the request is written, and the README says why."""
    trace = finding.counterexample
    nobody = trace.system.state(**{**trace.steps[-2].after.as_dict(), "ppmid_upgrade_by": User.NOBODY})
    files = dict(duis_files(replay(trace.system, nobody, [trace.steps[-1].request])))
    assert set(files) == {"01-activate-firmware.xml", "README.txt"}
    assert "no installation file: an installation file cannot say" in files["README.txt"].decode()


def test_a_file_under_which_the_request_fares_otherwise_is_not_written(finding, monkeypatch):
    elsewhere = installation_toml(specimen(INSTALLATION.state()))
    monkeypatch.setattr("properties.smets1.duis_run.installation_toml", lambda _premises: elsewhere)
    files = dict(duis_files(finding.counterexample))
    assert not [path for path in files if path.endswith(".toml")]
    assert "under it the request would not be accepted, as it is in this state" in files["README.txt"].decode()


def test_a_state_claim_without_steps_is_written():
    claim = always("never A", then=electricity_supplier != User.SUPPLIER_A, rules="SYS-5")
    [result] = check(Claims(INSTALLATION, [claim]), only=["never A"]).findings
    files = {str(path): content for path, content in files_of([result], profile=PROFILE)}
    assert "Here this does not hold#58; never A" in files["never-a/sequence.mmd"].decode()
    assert "participant p0 as SMETS1 installation" in files["never-a/sequence.mmd"].decode()
    assert etree.fromstring(files["never-a/sequence.svg"]) is not None
