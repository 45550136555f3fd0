"""`smets1 check` as a user runs it."""

import json
import os
import re
import subprocess
import sys
from math import prod

import pytest
from click.testing import CliRunner

from properties.smets1.command import main
from statemachines.smets1.installation import INSTALLATION
from tests.support.paths import ROOT

FAULT = "properties.smets1.faults:dco_is_skipped"
NO_KEYS = "no activation on a PPMID without its keys"
SPLIT = "supply may be split"
LAMP = """
from enum import Enum

from statemachines import Answer, Lifecycle, Register, RequestType, Rule, Transition, Variable, sometimes
from statemachines.language.claims import Claims
from statemachines.language.system import System


class Lamp(Enum):
    OFF = "off"
    ON = "on"


lamp, Press = Variable("lamp", Lamp), RequestType("Press")
moves = [
    Transition(Lamp.OFF, Press, Lamp.ON, rules="L-1"),
    Transition(Lamp.ON, Press, Lamp.OFF, when=lamp == Lamp.OFF, rules="L-1"),
]
CLAIMS = Claims(
    System(
        "a lamp",
        Register([Rule("L-1", "It switches.", "the manual")]),
        lifecycles=[Lifecycle(lamp, Lamp.OFF, moves)],
        requests=[Press],
        answers=[Answer([Press], outcome=Lamp.ON, at=Lamp.ON, reason=Lamp.ON, rules="L-1")],
    ),
    [sometimes("light", of=lamp == Lamp.ON, rules="L-1")],
)
"""
LOOSE = "lifecycle 'lamp': the transition ON --Press--> OFF can never fire"


def check(*words: str):
    return CliRunner().invoke(main, ["check", *words])


@pytest.mark.slow
def test_json_tells_of_the_system_and_of_each_property():
    done = check("--property", SPLIT, "--property", NO_KEYS, "--json", "--engine", "explicit")
    report = json.loads(done.stdout)
    assert done.exit_code == 0
    system = report["system"]
    assert system["requests"] == sum(1 for _ in INSTALLATION.all_requests())
    assert system["variables"] == len(INSTALLATION.variables)
    assert system["combinations"] == prod(len(variable.domain) for variable in INSTALLATION.variables)
    assert [result["name"] for result in report["properties"]] == [SPLIT, NO_KEYS]
    split, result = report["properties"]
    assert (result["kind"], result["rules"], result["holds"]) == ("always, of a step", ["KEY-5"], True)
    assert result["counterexample"] is None
    assert result["witness"]["steps"][-1]["request"]["type"] == "ActivateFirmware"
    assert [part["variables"] for part in split["slices"]] == [["electricity_supplier", "gas_supplier"]]
    assert result["states"] == sum(part["states"] for part in result["slices"])
    assert result["slices"][-1] == system["largest_slice"]
    assert system["slices"] == len(result["slices"]) + 1


@pytest.mark.slow
def test_only_the_slices_are_explored_that_a_property_needs():
    explicit = ["--property", SPLIT, "--engine", "explicit"]
    system = json.loads(check(*explicit, "--json").stdout)["system"]
    assert (system["slices"], system["largest_slice"]["states"]) == (1, 12)
    nothing = ("states", "pairs", "transitions", "depth", "total", "deterministic", "problems")
    assert [system[name] for name in nothing] == [None] * len(nothing)
    done = check(*explicit)
    assert "decided by 1 slice of 12 states" in done.stdout
    assert "whether the system is well-formed was not checked" in done.stdout


@pytest.mark.slow
def test_a_property_is_decided_on_the_whole_unless_it_is_reported_otherwise():
    done = check("--property", SPLIT)
    assert "properties decided on sets of states of the whole system: 1\n" in done.stdout
    assert " slice" not in done.stdout
    (result,) = json.loads(check("--property", SPLIT, "--json").stdout)["properties"]
    assert result["engine"] == "symbolic"
    assert [len(part["variables"]) for part in result["slices"]] == [len(INSTALLATION.variables)]
    assert result["witness"]


def test_a_whole_system_is_looked_at_and_counted_if_it_is_small(tmp_path, monkeypatch):
    (tmp_path / "lamp_of_a_test.py").write_text(LAMP)
    monkeypatch.syspath_prepend(tmp_path)
    system = json.loads(check("--system", "lamp_of_a_test:CLAIMS", "--json").stdout)["system"]
    counted = ("combinations", "states", "pairs", "transitions", "depth", "slices")
    assert [system[name] for name in counted] == [2, 2, 2, 1, 1, 1]
    assert (system["total"], system["deterministic"], system["problems"]) == (True, True, [LOOSE])
    done = check("--system", "lamp_of_a_test:CLAIMS")
    assert done.exit_code == 1
    assert "2 states; 1 of 2 (state, request) pairs change the state" in done.stdout
    assert "total: yes, deterministic: yes" in done.stdout
    assert f"problem: {LOOSE}" in done.stdout


@pytest.mark.slow
def test_a_fault_is_shown_as_a_shortest_sequence_with_verdicts_and_changes():
    done = check("--system", FAULT, "--property", NO_KEYS)
    report = json.loads(check("--system", FAULT, "--property", NO_KEYS, "--json").stdout)
    steps = report["properties"][0]["counterexample"]["steps"]
    assert done.exit_code == 1
    assert f"FAILS: {NO_KEYS} [KEY-5]" in done.stdout
    assert f"{len(steps):>3}. Activate Firmware (sender Supplier A, target PPMID)" in done.stdout
    assert f"{len(steps) + 1:>3}. " not in done.stdout
    assert "PPMID firmware: image delivered -> delivered image runs" in done.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--property", "nothing such"), "no property is named 'nothing such'"),
        (("--system", "nonsense"), "'nonsense' is not of the form package.module:attribute"),
        (("--system", "no.such.module:x"), "'no.such.module:x' cannot be imported: No module named 'no'; it has to be"),
        (("--system", "..x:y"), "'..x:y' is not of the form package.module:attribute"),
        (
            ("--system", "properties.smets1.faults:nothing"),
            "module 'properties.smets1.faults' (properties/smets1/faults/__init__.py) has no 'nothing'",
        ),
        (("--system", "json:dumps"), "'json:dumps': TypeError: dumps() missing"),
        (("--system", "json:decoder"), "'json:decoder' is module, expected Claims"),
    ],
)
def test_wrong_options_get_one_message_and_exit_code_2(words, message):
    done = check(*words)
    assert done.exit_code == 2
    assert message in done.stderr


@pytest.mark.slow
def test_each_property_says_what_it_hangs_on():
    assumed = "a change of supplier leaves PPMID firmware that runs as it is"
    done = check("--property", NO_KEYS, "--property", assumed)
    assert f"{assumed}  [MOD-2*]" in done.stdout
    assert f"{NO_KEYS}  [KEY-5]" in done.stdout
    assert "* after a rule's id: in whole or in part an assumption" in done.stdout
    assert done.stdout.rstrip().endswith("s; 1 regulated, 1 assumed")
    known, other = json.loads(check("--property", NO_KEYS, "--property", assumed, "--json").stdout)["properties"]
    assert (known["basis"], known["assumptions"]) == ("regulated", [])
    assert (other["basis"], other["assumptions"]) == ("assumed", ["MOD-2"])


@pytest.mark.slow
def test_only_what_rules_decide_is_checked_where_that_is_asked_for():
    assumed, by_assumption = (
        "a change of supplier leaves PPMID firmware that runs as it is",
        "no firmware request reaches a GPF whose CHF is not commissioned",
    )
    asked = [word for name in (NO_KEYS, assumed, by_assumption) for word in ("--property", name)]
    done = check("--only", "regulated", *asked)
    assert done.exit_code == 0
    assert f"unspecified  {assumed}  [MOD-2*]  it rests on assumptions alone" in done.stdout
    assert f"unspecified  {by_assumption}  [COM-2* COM-3]  it holds only where assumptions apply" in done.stdout
    assert "1 hold, 0 fail, 2 unspecified, in " in done.stdout
    report = json.loads(check("--only", "regulated", "--json", *asked).stdout)
    assert [one["name"] for one in report["properties"]] == [NO_KEYS]
    assert [(one["name"], one["basis"]) for one in report["unspecified"]] == [
        (assumed, "assumed"),
        (by_assumption, "regulated and assumed"),
    ]


@pytest.mark.slow
def test_what_is_reported_is_the_same_bytes_in_every_process_and_the_same_runs_by_each_engine():
    def printed(engine, seed, *asked):
        words = ["check", "--json", "--engine", engine, *(asked or ("--system", "properties.smets1.fleet:CLAIMS"))]
        code = f"from properties.smets1.command import main; main({words!r})"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        taken = "seconds|peak_memory|declaring|grounding|exploring|claims|well-formedness"
        return re.sub(rf'"({taken})": [0-9.]+', r'"\1": 0', done.stdout)

    first, again, explicit = printed("symbolic", "1"), printed("symbolic", "2"), printed("explicit", "3")
    assert first == again
    assert printed("symbolic", "1", "--property", NO_KEYS) == printed("symbolic", "2", "--property", NO_KEYS)
    apart = ("states", "transitions", "slices", "engine", "seconds")
    by_sets, one_by_one = (
        [{key: value for key, value in one.items() if key not in apart} for one in json.loads(text)["properties"]]
        for text in (first, explicit)
    )
    assert by_sets == one_by_one
