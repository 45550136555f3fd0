"""DUIS XML as a log: requests and responses at installations."""

import gzip
import json
import shutil

import pytest
from click.testing import CliRunner

from properties.smets1.command import main

ORIGINATOR, ESME = "90-B3-D5-1F-30-0A-00-00", "00-DB-12-34-56-78-9A-E0"


def replay(*arguments):
    return CliRunner().invoke(main, ["replay", *map(str, arguments), "--json"])


def judged(*arguments):
    result = replay(*arguments)
    assert result.exit_code in {0, 1}, result.output
    return json.loads(result.stdout)


@pytest.fixture
def story(requests_dir, tmp_path):
    """A folder of its own with the sample requests."""
    return shutil.copytree(requests_dir, tmp_path / "log")


def response_to(request, code, moment="2021-03-01T09:00:00Z"):
    identity = request.read_text().split("RequestID>")[1].split("<")[0]
    return f"""<sr:Response xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway" schemaVersion="5.4">
<sr:Header><sr:RequestID>{identity}</sr:RequestID><sr:ResponseCode>{code}</sr:ResponseCode>
<sr:ResponseDateTime>{moment}</sr:ResponseDateTime></sr:Header>
<sr:Body><sr:ResponseMessage/></sr:Body></sr:Response>
"""


def answer(folder, name, *codes):
    (request,) = folder.glob(f"{name}-*.xml")
    for number, code in enumerate(codes):
        path = folder / f"{name}-response-{number}.xml"
        path.write_text(response_to(request, code, f"2021-03-01T09:00:{number:02}Z"))
    return request


def test_requests_are_judged_by_their_responses(story, installation_file):
    answer(story, "01", "I99", "I0")
    wrong = answer(story, "02", "I0")
    report = judged(story, "--inventory", installation_file)
    (finding,) = report["findings"]
    assert (finding["case"], finding["entry"], finding["file"]) == ("installation", 1, str(wrong))
    assert finding["seen"].startswith("outcome accepted or deleted or not-processed")
    assert "PPMID-1" in finding["rules"]
    assert (report["entries"], report["followed"], report["after_a_deviation"]) == (17, 1, 15)


def test_responses_that_fit_are_no_deviation(story, installation_file):
    for name, codes in {"01": ["I0", "I99", "I0"], "02": ["E5"], "06": ["I0"], "10": ["E1"]}.items():
        answer(story, name, *codes)
    report = judged(story, "--inventory", installation_file)
    assert (report["deviations"], report["followed"], report["undecided"]) == (0, 4, 13)


def test_one_file_may_hold_them_all(story, installation_file, tmp_path):
    answer(story, "02", "I0")
    documents = [path.read_bytes() for path in sorted(story.iterdir())]
    whole = tmp_path / "all.xml.gz"
    whole.write_bytes(gzip.compress(b"\n".join(documents)))
    (finding,) = judged(whole, "--inventory", installation_file)["findings"]
    line = 1 + documents[0].count(b"\n") + 1 + documents[1][: documents[1].index(b"Request ")].count(b"\n")
    assert (finding["entry"], finding["line"]) == (1, line)


def test_what_cannot_be_read_or_is_for_nobody_known_is_counted(story, installation_file):
    (story / "00.xml").write_text("<Request><unfinished>")
    (story / "00-other.xml").write_text("<a/>")
    first = story / "01-update-ppmid-firmware.xml"
    first.write_text(first.read_text().replace("90-B3-D5-1F-30-0A-00-00", "90-B3-D5-1F-30-FF-00-00"))
    report = judged(story, "--inventory", installation_file)
    problem = report["problems"]["document that cannot be read"]
    assert problem["count"] == 3
    assert any("90-B3-D5-1F-30-FF-00-00 is not among" in one for one in problem["sample"])
    assert report["entries"] == 16


def test_each_installation_is_a_case(story, installation_file, tmp_path):
    folder = tmp_path / "installations"
    folder.mkdir()
    text = installation_file.read_text()
    (folder / "one.toml").write_text(text)
    (folder / "two.toml").write_text(text.replace("00-DB-12-34-56-78-9A-", "00-DB-12-34-56-78-9B-"))
    for path in list(story.iterdir()):
        other = path.read_text().replace("00-DB-12-34-56-78-9A-", "00-DB-12-34-56-78-9B-")
        (story / f"two-{path.name}").write_text(other)
    answer(story, "two-02", "I0")
    report = judged(story, "--inventory", folder)
    assert [(one["case"], one["entry"]) for one in report["findings"]] == [("two", 1)]
    assert (report["cases"], report["entries"]) == (2, 34)


def test_what_is_not_certain_of_a_request_is_left_open(story, edited):
    """After a future-dated update that the model does not follow, or with hidden events, an image may be another."""
    answer(story, "03", "I0")  # activates another image than the one delivered
    installation = edited()
    assert judged(story, "--inventory", installation)["deviations"] == 1
    mapping = installation.with_name("map.toml")
    mapping.write_text('hidden = ["ReachActivationDate"]')
    assert judged(story, "--inventory", installation, "--mapping", mapping)["deviations"] == 0


def test_an_installation_is_needed(story, tmp_path):
    result = replay(story)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "expected --inventory with an installation file" in result.stderr
    (tmp_path / "none").mkdir()
    assert "no file whose name ends in .toml" in replay(story, "--inventory", tmp_path / "none").stderr
