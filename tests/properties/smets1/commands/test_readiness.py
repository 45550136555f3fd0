"""`smets1 readiness` as a user runs it."""

import json

import pytest
from click.testing import CliRunner

from properties.smets1.command import main
from statemachines.smets1.rulebook import RULEBOOK
from tests.support.paths import EXAMPLES

FLEET = EXAMPLES / "fleet.csv"


def readiness(*words: object):
    return CliRunner().invoke(main, ["readiness", *map(str, words)])


def test_the_example_for_people():
    done = readiness(FLEET, "--on", "2020-10-15", "--uplift", "2020-10-01")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].split() == [
        "on",
        "2020-10-15",
        "installations",
        "migrated",
        "with",
        "PPMID",
        "lack",
        "keys",
        "no",
        "day",
        "known",
    ]
    assert lines[1].split() == ["IOC", "3", "3", "2", "1", "0"]
    assert lines[-1] == "compliant from 2020-10-20 on (KEY-7)"


def test_json_says_the_same():
    done = readiness(FLEET, "--on", "2020-10-15", "--uplift", "2020-10-01", "--json")
    content = json.loads(done.stdout)
    assert content["cohorts"]["IOC"] == {
        "installations": 3, "migrated": 3, "with_ppmid": 2, "lacking": 1, "undated": 0
    }  # fmt: skip
    assert set(content["assumptions"]) <= set(RULEBOOK.assumed(RULEBOOK))
    assert set(content["rules"]) <= set(RULEBOOK)
    assert content["compliant"] == [{"from": "2020-10-20", "until": None}]


def test_without_a_day_for_someone_there_is_none_and_the_exit_code_says_so():
    done = readiness(FLEET, "--on", "2020-10-15")
    assert done.exit_code == 1
    assert "compliant on no day from 29 September 2020 on" in done.stdout
    assert "no day is known of s-1" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["none.csv"], "none.csv: cannot be read"),
        ([FLEET, "--on", "yesterday"], "Invalid value for '--on'"),
        ([FLEET, "--groups", FLEET], "fleet.csv: line 2: group.group_id is missing"),
    ],
)
def test_what_cannot_be_is_refused(words, message):
    done = readiness(*words)
    assert done.exit_code == 2
    assert message in done.stderr
