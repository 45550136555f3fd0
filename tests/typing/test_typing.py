"""What mypy and pyright say of what people declare: nothing of what is right, and an error where it is wrong."""

import doctest
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.typing import accepted

HERE = Path(__file__).parent
MYPY_LINE = re.compile(r"^(?P<file>[^:]+):(?P<line>\d+): error: (?P<what>.*)$", re.MULTILINE)

pytestmark = pytest.mark.slow


def _mypy(files, _):
    cache = ROOT / ".mypy_cache" / "typing"
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-pretty", f"--cache-dir={cache}"]
    done = subprocess.run([*command, *files], capture_output=True, text=True, check=False, timeout=300, cwd=ROOT)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return [
        (Path(result["file"]).name, int(result["line"]), result["what"]) for result in MYPY_LINE.finditer(done.stdout)
    ]


def _pyright(files, directory):
    config = directory / "pyrightconfig.json"
    config.write_text(json.dumps({"typeCheckingMode": "strict", "include": [str(file) for file in files]}))
    command = [
        sys.executable,
        "-m",
        "basedpyright",
        "--outputjson",
        "--project",
        config,
        "--pythonpath",
        sys.executable,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, cwd=ROOT)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == len(files)
    return [
        (Path(result["file"]).name, result["range"]["start"]["line"] + 1, result["message"])
        for result in report["generalDiagnostics"]
        if result["severity"] == "error"
    ]


def test_what_is_right_runs():
    assert accepted.run().outcome is accepted.Say.REFUSED
    assert accepted.values(accepted.system.state()) == (accepted.Door, tuple(accepted.Power), True)


REPL = "# pyright: reportUnusedExpression=false\n"  # at a prompt they are shown
CHECKERS = pytest.mark.parametrize("checker", [_mypy, _pyright], ids=["mypy", "pyright"])


@CHECKERS
def test_what_is_right_has_no_error(checker, tmp_path):
    tutorial = doctest.DocTestParser().get_examples((ROOT / "docs" / "tutorial.md").read_text())
    page = tmp_path / "tutorial.py"
    page.write_text(REPL + "".join(example.source for example in tutorial))
    assert "sm.Lifecycle(" in page.read_text()
    assert checker([HERE / "accepted.py", ROOT / "examples" / "parcel_locker.py", page], tmp_path) == []


@CHECKERS
def test_what_is_wrong_has_its_errors(checker, tmp_path):
    name = checker.__name__.strip("_")
    lines = (HERE / "refused.py").read_text().splitlines()
    expected = {number: line for number, line in enumerate(lines, 1) if re.search(rf"# error($|: {name}$)", line)}
    assert len(expected) > 20
    errors = {line: what for file, line, what in checker([HERE / "refused.py"], tmp_path) if file == "refused.py"}
    assert {number: lines[number - 1] for number in errors} == expected, errors
