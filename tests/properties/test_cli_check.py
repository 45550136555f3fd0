"""`smets1 check` as a user runs it."""

import json

import pytest
from click.testing import CliRunner

from properties.cli import main

FAULT = "properties.faults:dco_is_skipped"
NO_KEYS = "no activation on a PPMID without its keys"
SPLIT = "supply may be split"


def check(*words: str):
    return CliRunner().invoke(main, ["check", *words])


def test_json_tells_of_the_system_and_of_each_property():
    done = check("--property", SPLIT, "--property", NO_KEYS, "--json")
    report = json.loads(done.stdout)
    assert done.exit_code == 0
    assert report["system"]["states"] == 118_032
    assert report["system"]["total"] is True
    assert report["system"]["deterministic"] is True
    assert [found["name"] for found in report["properties"]] == [SPLIT, NO_KEYS]
    found = report["properties"][1]
    assert (found["kind"], found["rules"], found["holds"]) == ("always, of a step", ["KEY-5"], True)
    assert found["counterexample"] is None
    assert found["witness"]["steps"][-1]["request"]["type"] == "ActivateFirmware"


def test_a_fault_is_shown_as_a_shortest_sequence_with_verdicts_and_changes():
    done = check("--system", FAULT, "--property", NO_KEYS)
    assert done.exit_code == 1
    assert f"FAILS: {NO_KEYS} [KEY-5]" in done.stdout
    assert "  5. Activate Firmware (sender Supplier A, target PPMID)" in done.stdout
    assert "  6. " not in done.stdout
    assert "PPMID firmware: image delivered -> delivered image runs" in done.stdout


def test_a_counterexample_has_the_same_bytes_every_time():
    def steps():
        return json.loads(check("--system", FAULT, "--property", NO_KEYS, "--json").stdout)["properties"][0][
            "counterexample"
        ]

    assert steps() == steps()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--property", "nothing such"), "no property is named 'nothing such'"),
        (("--system", "nonsense"), "'nonsense' is not of the form package.module:attribute"),
        (("--system", "no.such.module:x"), "'no.such.module:x' cannot be imported: No module named 'no'; it has to be"),
        (("--system", "..x:y"), "'..x:y' is not of the form package.module:attribute"),
        (("--system", "properties.faults:nothing"), "module 'properties.faults' has no 'nothing'"),
        (("--system", "json:dumps"), "'json:dumps': TypeError: dumps() missing"),
        (("--system", "json:decoder"), "'json:decoder' is module, expected Claims"),
    ],
)
def test_wrong_options_get_one_message_and_exit_code_2(words, message):
    done = check(*words)
    assert done.exit_code == 2
    assert message in done.stderr
