"""`smets1 strength` as a user runs it, on a small system."""

import json
from contextlib import contextmanager

import attrs
import pytest
from click.testing import CliRunner

from properties.cli import strength as cli_strength
from properties.cli.main import main
from properties.conformance import layers
from statemachines.checker.equivalence import Proof
from statemachines.semantics.trace import Scenario

pytestmark = pytest.mark.slow

LAMP = """
from enum import Enum

from statemachines import Answer, Check, Gate, Lifecycle, Register, RequestType, Rule, Transition, Variable, fixed
from statemachines.language.claims import Claims
from statemachines.language.system import System


class Lamp(Enum):
    OFF = "off"
    ON = "on"


class Fuse(Enum):
    WHOLE = "whole"
    BLOWN = "blown"


class Say(Enum):
    SWITCH = "switch"
    DONE = "done"
    DARK = "dark"


lamp, fuse, Press, Look = Variable("lamp", Lamp), Variable("fuse", Fuse), RequestType("Press"), RequestType("Look")
CLAIMS = Claims(
    System(
        "a lamp",
        Register([Rule("L-1", "It switches.", "the manual")]),
        lifecycles=[
            Lifecycle(
                lamp,
                Lamp.OFF,
                [
                    Transition(Lamp.OFF, Press, Lamp.ON, when=fuse == Fuse.WHOLE, rules="L-1"),
                    Transition(Lamp.ON, Press, Lamp.OFF, rules="L-1"),
                ],
            ),
            fixed(fuse),
        ],
        requests=[Press, Look],
        gates=[
            Gate(
                Say.SWITCH,
                [Check("whole", fails_when=fuse == Fuse.BLOWN, outcome=Say.DARK, reason=Say.DARK, rules="L-1")],
                on=[Press],
            )
        ],
        answers=[
            Answer([Press], outcome=Say.DONE, reason=Say.DONE, rules="L-1"),
            Answer([Look], outcome=Say.DONE, reason=Say.DARK, at=Say.SWITCH, when=lamp == Lamp.OFF, rules="L-1"),
            Answer([Look], outcome=Say.DONE, reason=Say.DONE, at=Say.SWITCH, rules="L-1"),
        ],
    ),
    [],
)
"""


QUICKLY = ["--jobs", "1", "--max-examples", "1"]


@pytest.fixture
def run(tmp_path, monkeypatch):
    (tmp_path / "lamp_for_strength.py").write_text(LAMP)
    monkeypatch.syspath_prepend(tmp_path)

    def run(*words):
        return CliRunner().invoke(main, ["strength", "--system", "lamp_for_strength:CLAIMS", *QUICKLY, *words])

    return run


@pytest.fixture
def blind(monkeypatch):
    """Vectors that show nothing but that the lamp is off at first."""

    def vectors(claims):
        (look,) = (kind for kind in claims.system.requests if kind.name == "Look")
        return [Scenario(claims.system.state(), (look(),))]

    suite_layers = layers.suite_layers
    monkeypatch.setattr(layers, "suite_layers", lambda walks: attrs.evolve(suite_layers(walks), vectors=vectors))


def test_json_tells_of_every_mutant_how_it_was_made_and_what_came_of_it(run):
    done = run("--json")
    report = json.loads(done.stdout)
    assert done.exit_code == 1
    assert report["survivors"] == ["KEPT-0001"]  # after every sequence the lamp is off, as each begins
    assert report["mutants"] == report["made"] == len(report["each"]) == report["killed"] + report["equivalent"] + 1
    assert report["mutants"] == sum(operator["mutants"] for operator in report["operators"])
    assert report["killed"] == report["layers"]["deterministic"]["kills"] > 10
    never = report["each"][0]
    assert (never["name"], never["operator"], never["what"]) == ("M0001", "UPDATE_LOST", "never")
    assert never["where"] == "lifecycle lamp, OFF --Press--> ON"
    assert never["fate"] == "killed"
    killed = never["killed_by"]["deterministic"]
    assert killed["sequence"].startswith("V0")
    assert killed["step"] >= 2
    assert killed["differs"] == ["reason"]
    assert {each["proof"] for each in report["each"]} == {None, Proof.NO_STATE.value, Proof.SAME.value}


def test_a_survivor_is_shown_with_the_shortest_requests_that_kill_it(run, blind):
    done = run("--only", "UPDATE_LOST", "--json")
    report = json.loads(done.stdout)
    assert done.exit_code == 1
    assert report["survivors"] == ["M0001", "M0004"]
    assert [len(each["killed_by_sequence"]["steps"]) for each in report["each"]] == [2, 3]
    result = run("--only", "UPDATE_LOST")
    assert result.exit_code == 1
    assert "SURVIVES: M0001 lifecycle lamp, OFF --Press--> ON: never" in result.stdout
    assert "  2. Look" in result.stdout
    assert "0 of the 2 that are not equivalent are killed by the deterministic layer" in result.stdout
    assert "2 survive" in result.stdout


def test_words_tell_of_each_operator(run):
    result = run()
    assert result.exit_code == 1
    assert "a transition never fires: 2 mutants, 2 killed, 0 equivalent, 0 survive" in result.stdout
    assert "all: " in result.stdout
    assert "1 survive; in " in result.stdout.splitlines()[-1]


def test_a_sample_is_drawn_by_its_seed(run):
    names = [
        [each["name"] for each in json.loads(run("--json", "--sample", "5", "--seed", seed).stdout)["each"]]
        for seed in ("1", "1", "2")
    ]
    assert names[0] == names[1] != names[2]
    assert len(names[0]) == 5


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_run_reports_what_is_decided(run, monkeypatch, jobs):
    @contextmanager
    def interrupting(_):
        def report(done, _):
            if done == 3:
                raise KeyboardInterrupt

        yield report

    monkeypatch.setattr(cli_strength, "progress_bar", interrupting)
    done = run("--jobs", jobs)
    assert done.exit_code == 130
    assert "interrupted: 3 of the " in done.stdout
    report = json.loads(run("--jobs", jobs, "--json").stdout)
    assert report["interrupted"]
    assert report["mutants"] == len(report["each"]) == 3 < report["selected"] < report["made"] + 1


def test_wrong_options_are_refused_in_one_message(run):
    done = run("--only", "nonsense")
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: no mutant matches 'nonsense'; operators are DROPPED, NEGATED")
    done = CliRunner().invoke(main, ["strength", "--system", "nowhere:CLAIMS"])
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: ")
    for words in (["--sample", "0"], ["--jobs", "0"]):
        assert run(*words).exit_code == 2


def test_a_table_is_shown_at_a_terminal(run, monkeypatch):
    monkeypatch.setattr(cli_strength, "is_terminal", lambda _: True)
    monkeypatch.setenv("COLUMNS", "160")
    result = run("--only", "lifecycle")
    assert "what is made wrong" in result.stdout
    assert "a transition never fires" in result.stdout
