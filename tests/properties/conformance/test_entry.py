"""What a run of pytest that is not one of the suite sees of it: nothing."""

import json
import subprocess
import sys

import pytest

from properties.conformance.diagnosis.standing import NO_SEQUENCE_SHOWS_IT
from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

CONFORM = ("-c", "from properties.cli.entry import statemachines; statemachines()", "conform", "--max-examples", "8")
"""The command, whether or not its script is on the path."""

CONFTEST = """
def pytest_addoption(parser):
    for name in ("--seed", "--system", "--sut", "--rule", "--mapping", "--statement", "--vector", "--time-limit"):
        parser.addoption(name, default="theirs")
"""
TEST = """
import sys

def test_options_are_theirs(pytestconfig):
    assert pytestconfig.getoption("--seed") == "4"
    assert pytestconfig.getoption("--system") == "theirs"
    ours = sorted(name for name in sys.modules if name.partition(".")[0] in {"properties", "statemachines"})
    assert ours == ["properties", "properties.conformance", "properties.conformance.entry"]
"""
FUNCTION = '''
from enum import Enum
import statemachines as sm

class Lamp(Enum):
    OFF = "off"
    ON = "on"

class Say(Enum):
    CLICK = "it clicks"
    LAMP = "lamp"

def claims():
    """Each call makes its own request types."""
    lamp, press = sm.Variable("lamp", Lamp), sm.RequestType("Press")
    switches = [
        sm.Transition(Lamp.OFF, press, Lamp.ON, rules="L-1"), sm.Transition(Lamp.ON, press, Lamp.OFF, rules="L-1"),
    ]
    system = sm.System(
        "a lamp",
        sm.Register([sm.Rule("L-1", "Pressing switches.", "manual")]),
        lifecycles=[sm.Lifecycle(lamp, Lamp.OFF, switches)],
        requests=[press],
        answers=[sm.Answer([press], outcome=Say.CLICK, at=Say.LAMP, reason=Say.CLICK, rules="L-1")],
    )
    return sm.Claims(system, [
        sm.sometimes("on", of=lamp == Lamp.ON, rules="L-1"),
        sm.always_possible("off again", goal=lamp == Lamp.OFF, rules="L-1"),
    ])

class Target:
    def reset(self, state):
        pass

    def send(self, request):
        return {"outcome": "it clicks"}

class Deaf(Target):
    """Supports nothing."""
    def statement(self):
        return {"not_supported": {"Press": "it has no button"}}
'''


@pytest.fixture
def elsewhere(tmp_path):
    """A project that has nothing to do with ours, and commands run there."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "conftest.py").write_text(CONFTEST)
    (tmp_path / "theirs" / "test_theirs.py").write_text(TEST)
    (tmp_path / "a_lamp.py").write_text(FUNCTION)

    def run(*args, **env):
        return subprocess.run(
            [sys.executable, *args],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            timeout=120,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **env},
        )

    return run


def test_another_project_has_its_own_options(elsewhere):
    done = elsewhere("-m", "pytest", "-q", "--seed", "4", "theirs")
    assert done.returncode == 0, done.stdout + done.stderr


def test_another_projects_help_shows_none_of_ours(elsewhere):
    done = elsewhere("-m", "pytest", "--help", "-p", "no:cacheprovider", "--noconftest")
    assert "conformance" not in done.stdout
    assert "--sut" not in done.stdout


@pytest.mark.parametrize("named", ["line", "environment", "file"])
def test_the_suite_has_its_options_however_it_is_named(elsewhere, tmp_path, named):
    names = "--pyargs properties.conformance"
    line, env = [], {}
    match named:
        case "line":
            line = names.split()
        case "environment":
            env = {"PYTEST_ADDOPTS": names}
        case "file":
            (tmp_path / "pytest.ini").write_text(f"[pytest]\naddopts = {names}\n")
    done = elsewhere(
        "-m", "pytest", "-q", *line, "--system", "a_lamp:claims", "--sut", "a_lamp:Target", "--max-examples", "8", **env
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_a_system_made_by_a_function_is_made_once(elsewhere):
    """Otherwise the target is asked about the request types of one system, and judged by those of another."""
    done = elsewhere(*CONFORM, "--system", "a_lamp:claims", "--sut", "a_lamp:Target")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "L-1" in done.stdout
    assert "1 passed" in done.stdout


def test_a_run_that_tested_no_rule_is_no_success(elsewhere):
    done = elsewhere(*CONFORM, "--system", "a_lamp:claims", "--sut", "a_lamp:Deaf")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "no rule was tested" in done.stdout


def test_what_is_always_possible_is_not_said_to_be_tested(elsewhere, tmp_path):
    """No sequence shows it: a target that can never do it must not be told that it passed."""
    done = elsewhere(
        *CONFORM, "--system", "a_lamp:claims", "--sut", "a_lamp:Target", "--json", "report.json", "--junit", "junit.xml"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    standings = {one["name"]: (one["standing"], one["reason"]) for one in report["properties"]}
    assert standings["on"][0] == "cannot be seen"  # no answer depends on the lamp
    assert standings["off again"] == ("cannot be seen", NO_SEQUENCE_SHOWS_IT)
    assert NO_SEQUENCE_SHOWS_IT.split("`")[0] in (tmp_path / "junit.xml").read_text()


def test_where_the_suite_is_not_run_its_doctests_are_collected_and_its_tests_are_not():
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-o", "testpaths=properties/conformance"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert "properties/conformance/mapping.py::" in result.stdout, result.stdout
    assert "test_rules" not in result.stdout
    assert "INTERNALERROR" not in result.stdout + result.stderr
