"""The command: that it runs and what it prints; never how long anything takes."""

import json
from shutil import which

import pytest
from click.testing import CliRunner

from benchmarks import checker, cudd, faults, race, replay, sets, soundness
from benchmarks.__main__ import main
from benchmarks.families import installations
from benchmarks.race import PEERS, Disagreement
from examples.simulator.faults import Fault
from statemachines.errors import TooLargeError
from statemachines.exports.spin_runner import missing
from statemachines.smets1.fleet import fleet

pytestmark = pytest.mark.slow


def run(*arguments):
    return CliRunner().invoke(main, arguments)


def test_the_peers_as_json():
    result = run("peers", "--quick", "--json")
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)["sections"]["peers"]["rows"]
    installed = [peer.label for peer in PEERS if peer.installed]
    assert [row["who"] for row in rows] == ["our oracle", *installed, "our live machines (made of transitions)"]
    assert all(row["requests/s"] > 0 for row in rows)


def test_a_peer_that_is_not_installed_is_reported(monkeypatch):
    monkeypatch.setattr(race, "find_spec", lambda _: None)
    result = run("peers", "--quick")
    assert "Not installed, and so left out: transitions, python-statemachine, Automat, sismic." in result.stdout
    assert "| our oracle" in result.stdout
    assert "| transitions" not in result.stdout


def test_start_up_is_one_row_for_each_command():
    result = run("start-up", "--quick")
    assert result.exit_code == 0, result.output
    for command in ("python -c pass", "smets1 --help", "smets1 judge, one request", "smets1 judge, 17 requests"):
        assert f"| {command} " in result.stdout


@pytest.fixture
def small(monkeypatch):
    system = installations(1)
    monkeypatch.setattr(checker, "_family", lambda _: iter([checker.Part("small", system, system.variables)]))


def test_without_spin_its_rows_are_left_out(monkeypatch, small):
    monkeypatch.setattr(checker, "missing", lambda: "spin cannot be found")
    result = run("family", "--quick", "--json")
    section = json.loads(result.stdout)["sections"]["family"]
    assert [row["who"] for row in section["rows"]] == ["ours"]
    assert section["notes"][-1] == "SPIN is left out: spin cannot be found."


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_spin_counts_the_same_states(small):
    result = run("family", "--quick", "--json")
    rows = json.loads(result.stdout)["sections"]["family"]["rows"]
    assert [(row["who"], row["states"]) for row in rows] == [("ours", 48), ("SPIN", 48), ("SPIN, reduction on", 48)]


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_another_number_of_states_is_an_error(monkeypatch, small):
    ours = checker._ours
    monkeypatch.setattr(checker, "_ours", lambda part: checker.Ours(ours(part).states + 1, 0.1, 0.1))
    result = run("family", "--quick")
    assert isinstance(result.exception, Disagreement)
    assert "49 states, and SPIN counts 48" in str(result.exception)


def test_what_is_too_large_is_reported_and_the_rest_is_shown(monkeypatch):
    system = installations(1)
    parts = [checker.Part(name, system, system.variables) for name in ("refused", "small")]
    ours = checker._ours

    def refuses(part):
        if part.title == "refused":
            raise TooLargeError("too many states")
        return ours(part)

    monkeypatch.setattr(checker, "_family", lambda _: iter(parts))
    monkeypatch.setattr(checker, "missing", lambda: "no SPIN")
    monkeypatch.setattr(checker, "_ours", refuses)
    section = json.loads(run("family", "--quick", "--json").stdout)["sections"]["family"]
    assert [row["system"] for row in section["rows"]] == ["small"]
    assert section["notes"][-1] == "refused: given up after what is shown of it. too many states."


def test_sets_grow_beside_others_that_count_the_same(monkeypatch):
    monkeypatch.setattr(sets, "missing", lambda: "spin cannot be found")
    monkeypatch.setattr(sets, "_growing", lambda _: iter([fleet(2), sets.tanks(4)]))
    result = run("sets", "--json")
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)["sections"]["sets"]["rows"]
    assert {(row["system"], row["states"]) for row in rows} == {
        ("a fleet of 2 sites", 262),
        ("two counters of 4 values", 16),
    }
    who = ["ours, on sets", *([] if cudd.MISSING else ["the same with CUDD"]), "ours, one by one"]
    assert [row["who"] for row in rows] == 2 * who


def test_another_number_of_states_ends_it(monkeypatch):
    monkeypatch.setattr(sets, "_growing", lambda _: iter([sets.tanks(4)]))
    monkeypatch.setattr(sets, "explore", lambda *_, **__: [])
    assert isinstance(run("sets").exception, Disagreement)


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_spin_searches_as_many_states_and_its_search_is_a_part_of_its_time(monkeypatch):
    monkeypatch.setattr(sets, "MOST_ONE_BY_ONE", 0)
    monkeypatch.setattr(sets, "_growing", lambda _: iter([fleet(2)]))
    rows = json.loads(run("sets", "--json").stdout)["sections"]["sets"]["rows"]
    whole, alone = rows[-2:]
    assert [(row["who"], row["states"]) for row in (whole, alone)] == [("SPIN", 262), ("SPIN, the search alone", 262)]
    assert whole["seconds"] > alone["seconds"] >= 0


def test_each_claim_of_key_7_is_proved_of_fleets():
    rows = json.loads(run("fleets", "--quick", "--json").stdout)["sections"]["fleets"]["rows"]
    assert [(row["system"], row["claims"], row["states"]) for row in rows] == [
        ("a fleet of 1 sites", 7, 36),
        ("a fleet of 4 sites", 7, 14_290),
    ]


@pytest.mark.skipif(not which("berkeley-abc"), reason="berkeley-abc cannot be found")
def test_abc_proves_as_many_claims():
    rows = json.loads(run("circuits", "--quick", "--json").stdout)["sections"]["circuits"]["rows"]
    assert [(row["who"], row["claims"]) for row in rows] == [("ours, on sets", 23), ("ABC (pdr)", 23)]


@pytest.fixture
def small_log(monkeypatch):
    monkeypatch.setattr(replay, "CASES", 100)
    monkeypatch.setattr(replay, "TIMES", 2)
    monkeypatch.setattr(replay, "CLAIMS", replay.parcel_locker)
    monkeypatch.setattr(replay, "find_spec", lambda _: None)


def test_replay_beside_the_oracle(small_log):
    result = run("replay", "--quick", "--json")
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)["sections"]["replay"]["rows"]
    assert {row["cases that deviate"] for row in rows} == {1}
    assert all(row["entries/s"] > 0 for row in rows)


def test_a_case_that_the_oracle_does_not_report_ends_it(monkeypatch, small_log):
    monkeypatch.setattr(replay, "differs", lambda *_: False)
    assert isinstance(run("replay", "--quick", "--seed", "2").exception, Disagreement)


def test_what_replay_reports_is_never_false(monkeypatch):
    monkeypatch.setattr(soundness, "HIDDEN", (0.3,))
    monkeypatch.setattr(soundness, "SYSTEMS", 3)
    rows = json.loads(run("soundness", "--json").stdout)["sections"]["soundness"]["rows"]
    assert [(row["logs"], row["falsely"]) for row in rows] == [(60, 0)] * 2
    assert all(0 < row["reported"] <= row["certain, exactly"] <= row["with a wrong verdict"] for row in rows)
    monkeypatch.setattr("tests.support.replaying.naive", lambda *_: -1)
    rows = json.loads(run("soundness", "--json").stdout)["sections"]["soundness"]["rows"]
    assert all(row["falsely"] == row["reported"] for row in rows)


def test_faults_are_found_in_logs_and_none_where_there_is_none(monkeypatch):
    monkeypatch.setattr(faults, "Fault", [Fault.REPEATED_ID_ACCEPTED])
    monkeypatch.setattr(faults, "HISTORIES", 20)
    monkeypatch.setattr(faults, "ALIKE", 2)
    rows = json.loads(run("faults", "--json").stdout)["sections"]["faults"]["rows"]
    assert [(row["fault"], bool(row["deviate"])) for row in rows] == [("none", False), ("repeated-id-accepted", True)]
    assert rows[1]["named rightly first"] == rows[1]["deviate"] >= rows[1]["without inventory"] > 0
