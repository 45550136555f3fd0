"""A user's own folders called as our packages are: pytest runs as ever, and what asks for ours says why it fails."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(params=["properties", "statemachines"])
def project(tmp_path, request):
    (tmp_path / request.param).mkdir()
    (tmp_path / request.param / "__init__.py").touch()
    (tmp_path / "test_theirs.py").write_text(f"import {request.param}\n\ndef test_theirs():\n    pass\n")
    return tmp_path, request.param


def python(folder, *line):
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *line], cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False
    )


def test_pytest_runs_as_ever(project):
    folder, _ = project
    done = python(folder, "-m", "pytest", "-q", "-p", "smets1_lifecycles")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


@pytest.mark.parametrize("command", ["smets1", "statemachines", "pytest"])
def test_what_asks_for_ours_says_why(project, command):
    folder, name = project
    line = ["-c", f"from smets1_lifecycles import {command}; {command}()", "--help"]
    if command == "pytest":
        line = ["-m", "pytest", "-p", "smets1_lifecycles", "--pyargs", "properties.conformance", "--sut", "x:Y"]
    done = python(folder, *line)
    message = (
        f"{(folder / name).resolve()} hides the package {name!r} of smets1-lifecycles: rename it, or start elsewhere"
    )
    assert next(filter(None, done.stderr.splitlines())).lower().partition(": ")[2] == message.lower()
    assert done.returncode == (4 if command == "pytest" else 2)


@pytest.mark.slow
def test_where_nothing_is_hidden_the_suite_is_at_hand(tmp_path):
    done = python(tmp_path, "-m", "pytest", "-p", "smets1_lifecycles", "--pyargs", "properties.conformance", "--help")
    assert (done.returncode, "--sut" in done.stdout) == (0, True), done.stderr


def test_the_distribution_enters_there():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    entries = [*project["scripts"].values(), *project["entry-points"]["pytest11"].values()]
    assert {entry.partition(":")[0] for entry in entries} == {"smets1_lifecycles"}
