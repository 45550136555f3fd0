"""`smets1 explore`: it counts, says what it takes, and stops where memory does."""

import json

import pytest
from click.testing import CliRunner

from properties.smets1.command import main

FLEET = ["explore", "--system", "properties.smets1.fleet:CLAIMS"]


def run(*words):
    return CliRunner().invoke(main, [*FLEET, *words])


def test_every_state_of_a_fleet_is_counted_after_it_is_said_what_that_takes():
    found = run("--json")
    assert found.exit_code == 0
    assert found.stderr.startswith("4,374 combinations of values; exploring takes ")
    assert found.stderr.strip().endswith(" at most")
    told = json.loads(found.stdout)
    assert (told["states"], told["combinations"], told["depth"], told["changing"]) == (1926, 4374, 6, 5177)
    assert "1,926 states of 8 variables" in run().stdout


def test_a_slice_keeps_what_decides_its_variables():
    told = json.loads(run("--json", "--slice", "site_1").stdout)
    assert told["variables"] == ["release", "site_1_kind", "site_1"]
    assert told["states"] == 6 + 2 * 8  # as tests/statemachines/smets1/test_fleet.py counts one site


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--slice", "site_9"], "has no lifecycle 'site_9'; it has release, designation, site_1_kind"),
        (["--memory", "200K"], "reachable states"),
        (["--memory", "10K"], "and more is needed to explore them"),
        (["--memory", "much"], "'much' is no amount of memory; expected a number with K, M, G or T, such as 4G"),
        (["--system", "properties.none:CLAIMS"], "cannot be imported"),
    ],
)
def test_what_cannot_be_explored_is_refused_in_one_message(words, said):
    found = run(*words)
    assert found.exit_code == 2
    assert found.stdout == ""
    assert said in found.stderr
    assert "Traceback" not in found.stderr
