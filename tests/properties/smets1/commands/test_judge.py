"""`smets1 judge` as a user runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from properties.smets1.command import main

BIN = Path(sys.executable).parent / "smets1"
LAUGHS = b"""<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>"""


def judge(*words: object):
    return CliRunner().invoke(main, ["judge", *map(str, words)])


@pytest.fixture
def story(requests_dir):
    return sorted(requests_dir.glob("*.xml"))


def test_json_has_an_entry_for_each_request_in_order(story, installation_file):
    done = judge(*story, "--installation", installation_file, "--json")
    verdicts = json.loads(done.stdout)["verdicts"]
    assert done.exit_code == 0
    assert [verdict["request"] for verdict in verdicts] == [str(path) for path in story]
    first = verdicts[0]
    assert (first["outcome"], first["at"], first["srv"]) == ("accepted", "device", "11.1")
    assert first["changes"]["ppmid_firmware"] == {"from": "no image in hand", "to": "image delivered"}
    assert {"id", "statement", "source", "assumption"} == set(first["rules"][0])
    assert "PPMID-1" not in first["assumptions"]
    assert first["assumptions"] == ["MOD-49", "MOD-15"]


def test_the_same_input_gives_the_same_bytes(story, installation_file):
    words = (*story, "--installation", installation_file, "--json")
    assert judge(*words).stdout == judge(*words).stdout


def test_a_file_that_cannot_be_read_stops_nothing(story, installation_file, tmp_path):
    bomb = tmp_path / "bomb.xml"
    bomb.write_bytes(LAUGHS)
    done = judge(story[0], bomb, tmp_path / "none.xml", story[5], "--installation", installation_file, "--json")
    verdicts = json.loads(done.stdout)["verdicts"]
    assert done.exit_code == 2
    assert [verdict.get("outcome") for verdict in verdicts] == ["accepted", None, None, "accepted"]
    assert "DOCTYPE" in verdicts[1]["error"]
    assert "DOCTYPE" in done.stderr
    assert "cannot be read" in done.stderr
    assert "cannot be read" in verdicts[2]["error"]


def test_an_unknown_device_is_an_entry_with_an_error(story, edited):
    path = edited(('type = "PPMID"\nid = "00-DB-12-34-56-78-9A-D0"', 'type = "PPMID"\nid = "00-DB-12-34-56-78-9A-FF"'))
    done = judge(story[0], "--installation", path, "--json")
    assert done.exit_code == 2
    assert (
        "01-update-ppmid-firmware.xml: the request names the device" in json.loads(done.stdout)["verdicts"][0]["error"]
    )


def test_text_says_outcome_reason_rules_assumptions_and_changes(story, installation_file):
    done = judge(*story, "--installation", installation_file)
    assert done.exit_code == 0
    assert "accepted at the device: the image is delivered" in done.stdout
    assert "rejected at the DSP: only the Electricity Supplier may touch this device's firmware" in done.stdout
    assert "  MOD-12 (assumption: Once an image runs, it is no longer in hand" in done.stdout
    assert "  PPMID firmware: no image in hand -> image delivered" in done.stdout
    assert "  SRV 12.2 Device Pre-notification about the PPMID, from the Electricity Supplier" in done.stdout
    assert "  auxiliary load switch: open -> closed" in done.stdout
    assert "  note: recognised: a two-rate tariff, registers 1 and 2 with identical prices, 16400" in done.stdout
    assert "\x1b" not in done.stdout


def test_what_is_unspecified_says_why(story, installation_file, tmp_path):
    (join,) = (path for path in story if path.name.startswith("15"))
    path = tmp_path / "join.xml"
    path.write_text(join.read_text().replace("9A-E0", "9A-99"))
    words = (path, "--installation", installation_file)
    answer = "the effect is not modelled: it joins the PPMID with 00-DB-12-34-56-78-9A-99, which is not another device"
    assert f"  effect: unspecified\n  note: {answer}" in judge(*words).stdout
    (verdict,) = json.loads(judge(*words, "--json").stdout)["verdicts"]
    assert verdict["unspecified"] == ["effect"]
    assert verdict["notes"][0].startswith(answer)


def test_every_verdict_has_the_same_keys(story, installation_file):
    new_devices = installation_file.with_name("new-devices.toml")
    chosen = [path for number in ("09", "13", "17", "16", "15") for path in story if path.name.startswith(number)]
    done = judge(*chosen, "--installation", new_devices, "--json")
    verdicts = {verdict["srv"] + verdict["outcome"]: verdict for verdict in json.loads(done.stdout)["verdicts"]}
    assert {tuple(verdict) for verdict in verdicts.values()} == {
        ("request", "request_id", "srv", "name", "sender", "target", "outcome", "at", "reason", "response",
         "response_codes", "unspecified", "unspecified_because", "notes", "rules", "basis", "assumptions", "changes")
    }  # fmt: skip
    assert {key: verdict["response_codes"] for key, verdict in verdicts.items()} == {
        "8.1.1accepted": ["I99", "I0"],
        "8.1.1held": ["I99"],
        "12.2accepted": ["I0"],
        "8.11accepted": ["I99", "I0"],
        "8.7.2rejected": [],
    }


def test_an_installation_that_cannot_be_gets_one_message_and_exit_code_2(story, edited):
    path = edited(('group = "CA"', 'group = "EA"'))
    done = judge(story[0], "--installation", path)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "state.pin (provided) and installation.group (EA)" in done.stderr


def test_an_open_day_is_reported_on_standard_error_and_in_json(story, installation_file):
    words = (story[0], "--installation", installation_file, "--on", "2020-10-15")
    assert "leave open" in judge(*words).stderr
    assert "leave open" in json.loads(judge(*words, "--json").stdout)["notes"][0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "Missing argument"),
        (("x.xml",), "Missing option '--installation'"),
        (("x.xml", "--installation", "none.toml"), "none.toml: cannot be read"),
        (("x.xml", "--installation", "none.toml", "--on", "yesterday"), "'yesterday' does not match"),
    ],
)
def test_wrong_options_get_one_message_and_exit_code_2(words, message):
    done = judge(*words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", [[], ["judge"], ["check"], ["render"]])
def test_help_shows_examples_and_starts_without_the_checker(command):
    done = subprocess.run([BIN, *command, "--help"], capture_output=True, text=True, check=True)
    assert "Examples:" in done.stdout
    code = (
        "import sys; from properties.smets1.command import main\n"
        f"try: main({[*command, '--help']!r})\nexcept SystemExit: pass\n"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code + "sys.exit('numpy' in sys.modules)"], check=False, capture_output=True
    )
    assert loaded.returncode == 0


def test_an_unknown_command_is_named():
    done = CliRunner().invoke(main, ["jugde"])
    assert done.exit_code == 2
    assert "No such command 'jugde'" in done.stderr


def test_the_version_is_shown():
    assert CliRunner().invoke(main, ["--version"]).stdout.startswith("smets1 0.")


@pytest.mark.parametrize("closed", [">&-", "> /dev/full"])
def test_output_that_cannot_be_written_is_no_traceback(story, installation_file, closed):
    command = f"{BIN} judge {story[0]} --installation {installation_file} {closed}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert done.returncode == 2


def test_judging_loads_neither_the_checker_nor_its_numpy(story, installation_file):
    words = ["judge", str(story[0]), "--installation", str(installation_file), "--json"]
    code = f"import sys; from properties.smets1.command import main\ntry: main({words!r})\nexcept SystemExit: pass\n"
    code += "sys.exit('numpy' in sys.modules or 'statemachines.checker.explicit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0


def test_what_an_assumption_alone_decides_is_unspecified_where_only_rules_are_asked_for(story, edited):
    """No source says that firmware requests reach commissioned devices only (COM-2)."""
    path = edited(
        (
            'status = "commissioned"\nfirmware_version = "00000004"',
            'status = "suspended"\nfirmware_version = "00000004"',
        )
    )
    words = (story[0], "--installation", path, "--json")
    assumed, ruled = (json.loads(judge(*words, *more).stdout)["verdicts"][0] for more in ((), ("--only", "regulated")))
    assert (assumed["outcome"], assumed["at"], assumed["basis"]) == ("rejected", "DSP", "assumed")
    assert assumed["assumptions"] == ["COM-2", "MOD-13"]
    assert (ruled["outcome"], ruled["at"], ruled["reason"], ruled["changes"]) == (None, None, None, {})
    assert {"outcome", "at", "reason"} <= set(ruled["unspecified"])
    answer = judge(story[0], "--installation", path, "--only", "regulated").stdout
    assert "  unspecified: no rule decides it, an assumption alone does\n" in answer


def test_without_an_assumption_the_rules_that_remain_decide(story, edited):
    """Without COM-2 a suspended PPMID is reached, and what it then receives is what the next request finds."""
    path = edited(
        (
            'status = "commissioned"\nfirmware_version = "00000004"',
            'status = "suspended"\nfirmware_version = "00000004"',
        )
    )
    words = (*story, "--installation", path)
    declared, without = (json.loads(judge(*words, "--json", *more).stdout) for more in ((), ("--without", "COM-2")))
    assert "without" not in declared
    assert without["without"] == ["COM-2"]
    first, *later = without["verdicts"]
    assert (declared["verdicts"][0]["outcome"], first["outcome"]) == ("rejected", "accepted")
    assert first["changes"]["ppmid_firmware"] == {"from": "no image in hand", "to": "image delivered"}
    assert later[2]["changes"]["ppmid_firmware"] == {"from": "image delivered", "to": "activation pending"}
    assert not any("COM-2" in one["assumptions"] for one in without["verdicts"])
    assert judge(*words, "--without", "COM-2").stdout.startswith("without COM-2\n")


def test_rules_alone_decide_without_an_assumption_too(story, installation_file):
    words = (story[0], story[5], "--installation", installation_file, "--json", "--only", "regulated", "--without")
    left_open = {"MOD-12": [], "MOD-3": ["what becomes of the party with a PPMID upgrade in hand"]}
    for rule, aspects in left_open.items():
        _, activated = json.loads(judge(*words, rule).stdout)["verdicts"]
        assert (activated["outcome"], activated["unspecified"]) == ("accepted", aspects)


@pytest.mark.parametrize(("rule", "why"), [("PPMID-1", "is not an assumption; did you mean"), ("COM-9", "has no rule")])
def test_what_is_no_assumption_cannot_be_switched_off(rule, why, story, installation_file):
    done = judge(story[0], "--installation", installation_file, "--without", rule)
    assert (done.exit_code, done.stdout) == (2, "")
    assert why in done.stderr


def test_an_effect_that_an_assumption_alone_has_is_unspecified_too(story, installation_file):
    """No source says that an image that runs is no longer in hand (MOD-12)."""
    words = (story[0], story[5], "--installation", installation_file, "--json", "--only", "regulated")
    _, activated = json.loads(judge(*words).stdout)["verdicts"]
    assert activated["outcome"] == "accepted"
    assert list(activated["changes"]) == ["ppmid_firmware"]
    assert activated["unspecified"] == ["what becomes of the party with a PPMID upgrade in hand"]


def test_a_directory_is_judged_in_order_or_each_request_by_itself(requests_dir, story, installation_file):
    def outcomes(*words):
        done = judge(requests_dir, "--installation", installation_file, "--json", *words)
        return {verdict["request"]: verdict["outcome"] for verdict in json.loads(done.stdout)["verdicts"]}

    in_order, independent = outcomes(), outcomes("--independent")
    assert list(in_order) == list(independent) == [str(path) for path in story]
    repeat, cancellation = str(story[7]), str(story[4])
    assert (in_order[repeat], independent[repeat]) == ("rejected", "alert")
    assert (in_order[cancellation], independent[cancellation]) == ("accepted", "rejected")


def test_a_response_is_judged_by_its_request_wherever_that_stands(requests_dir, installation_file):
    responses = requests_dir.with_name("responses")
    done = judge(responses, requests_dir / "07-read-ppmid-firmware.xml", "--installation", installation_file, "--json")
    acknowledged, responded, request = json.loads(done.stdout)["verdicts"]
    assert done.exit_code == 1
    assert (acknowledged["fits"], responded["fits"], request["outcome"]) == (True, False, "alert")
    text = judge(responses / "07-response.xml", "--installation", installation_file)
    assert text.exit_code == 0
    assert "whether it fits is not known: no request with its RequestID is judged" in text.stdout


def test_a_table_of_ones_own_is_printed_changed_and_judged_by(story, installation_file, tmp_path):
    matrix = tmp_path / "matrix.csv"
    matrix.write_text(judge("--print-matrix").stdout.replace("Read Firmware Version,no", "Read the Version,no"))
    done = judge(story[6], "--installation", installation_file, "--matrix", matrix, "--json")
    assert json.loads(done.stdout)["verdicts"][0]["name"] == "Read the Version"
    matrix.write_text("srv\n7.1\n")
    wrong = judge(story[6], "--installation", installation_file, "--matrix", matrix)
    assert (wrong.exit_code, wrong.stderr) == (2, "Error: matrix.csv: line 2: service_request.name is missing\n")


def test_of_many_files_that_cannot_be_judged_a_few_are_named(tmp_path, installation_file):
    for number in range(9):
        (tmp_path / f"{number}.xml").write_text("<a/>")
    done = judge(tmp_path, "--installation", installation_file)
    assert done.exit_code == 2
    assert done.stderr.count("root element a") == 5
    assert done.stderr.endswith("; and 4 more\n")
    (tmp_path / "empty").mkdir()
    assert "no file whose name ends in .xml" in judge(tmp_path / "empty", "--installation", installation_file).stderr
