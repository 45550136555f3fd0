"""`smets1 explore`: it counts, says what it takes, and stops where memory does."""

import json

import pytest
from click.testing import CliRunner

from properties.smets1.command import main

FLEET = ["explore", "--system", "properties.smets1.fleet:CLAIMS"]


def run(*words):
    return CliRunner().invoke(main, [*FLEET, *words])


def test_every_state_of_a_fleet_is_counted_after_it_is_reported_what_that_takes():
    result = run("--json", "--engine", "explicit")
    assert result.exit_code == 0
    assert result.stderr.startswith("4,374 combinations of values; exploring takes ")
    assert result.stderr.strip().endswith(" at most")
    reported = json.loads(result.stdout)
    assert (reported["states"], reported["combinations"], reported["depth"], reported["changing"]) == (
        1926,
        4374,
        6,
        5177,
    )
    assert "1,926 states of 8 variables" in run().stdout


def test_sets_of_states_are_counted_alike():
    by_sets, one_by_one = (json.loads(run("--json", "--engine", engine).stdout) for engine in ("auto", "explicit"))
    assert (by_sets.pop("engine"), one_by_one.pop("engine")) == ("symbolic", "explicit")
    assert by_sets.pop("nodes") > 0
    assert {**by_sets, "seconds": 0} == {**one_by_one, "seconds": 0}
    assert sum(by_sets["layers"]) == 1926


@pytest.mark.parametrize("engine", ["symbolic", "explicit"])
def test_the_states_that_satisfy_a_condition_are_counted(engine):
    satisfying = {
        text: json.loads(run("--json", "--engine", engine, "--where", text).stdout)["satisfying"]
        for text in ("designation == RE_DESIGNATED", "designation != RE_DESIGNATED", "site_1 == site_2")
    }
    assert satisfying["designation == RE_DESIGNATED"] + satisfying["designation != RE_DESIGNATED"] == 1926
    assert 0 < satisfying["site_1 == site_2"] < 1926


def test_how_many_states_are_how_far_is_a_histogram():
    lines = run("--layers").stdout.splitlines()
    assert lines[2].split() == ["requests", "states"]
    assert [line.split()[:2] for line in lines[3:]] == [
        [str(depth), str(states)] for depth, states in enumerate([27, 108, 270, 522, 602, 333, 64])
    ]
    assert "lead to any" not in run("--no-layers").stdout


def test_where_the_diagrams_are_too_large_states_are_explored_one_by_one():
    result = run("--json", "--memory", "3K", "--slice", "site_1")
    assert "decision diagrams of more than 96 nodes, which is what 3.0 KiB of memory are enough for" in result.stderr
    assert json.loads(result.stdout)["engine"] == "explicit"


def test_a_slice_keeps_what_decides_its_variables():
    reported = json.loads(run("--json", "--slice", "site_1").stdout)
    assert reported["variables"] == ["release", "site_1_kind", "site_1"]
    assert reported["states"] == 6 + 2 * 8  # as tests/statemachines/smets1/test_fleet.py counts one site


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--slice", "site_9"], "has no lifecycle 'site_9'; it has release, designation, site_1_kind"),
        (["--memory", "50K", "--engine", "explicit"], "reachable states"),
        (["--memory", "10K"], "has more than 201 reachable states"),
        (["--memory", "10K", "--engine", "symbolic"], "decision diagrams of more than 320 nodes"),
        (["--where", "site_9 == MISSING"], "has no lifecycle 'site_9'"),
        (["--slice", "release", "--where", "site_1 == NOT_YET"], "--where reads 'site_1', which the slice does not"),
        (["--memory", "much"], "'much' is not an amount of memory; expected one such as 512M or 4G"),
        (["--system", "properties.none:CLAIMS"], "cannot be imported"),
    ],
)
def test_what_cannot_be_explored_is_refused_in_one_message(words, message):
    result = run(*words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr
    assert "Traceback" not in result.stderr
