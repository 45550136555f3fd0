"""The commands of SMETS1 alone, starved: the others are tested on another system."""

import os
import signal
import sys
from pathlib import Path

import pytest

from properties.smets1.profile import PROFILE
from tests.support import starved

EXAMPLES = Path(__file__).parents[4] / "examples"
COMMANDS = {
    "judge": ["judge", str(EXAMPLES / "requests"), "--installation", str(EXAMPLES / "installation.toml")],
    "regime": ["regime", "--on", "2020-11-30"],
    "readiness": ["readiness", str(EXAMPLES / "fleet.csv"), "--on", "2020-10-15"],
}
WAITING = f"""
import sys

class Waits:
    def find_spec(self, name, path=None, target=None):
        if name.startswith("properties.smets1.commands."):
            exec({starved.WAITING!r})

sys.meta_path.insert(0, Waits())
"""
"""What makes a command wait that loads no module of its user's."""


def read_only(line, folder, command):
    """These write nothing, and so need no folder that may be written."""
    folder.chmod(0o555)
    return starved.run(line, folder, command)


def twice(line, folder, command):
    """Two at once in one folder: one's result, which is the other's."""
    first, second = [starved.ended(one) for one in [starved.start(line, folder, command) for _ in range(2)]]
    assert first == second
    return first


CONDITIONS = {
    "unread": (starved.unread, 128 + signal.SIGPIPE),
    "full": (starved.full, 2),
    "bare": (starved.bare, 0),
    "read-only": (read_only, 0),
    "twice": (twice, 0),
}
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and /dev/full of Linux")


def test_the_table_has_every_command():
    assert COMMANDS.keys() == PROFILE.commands.keys()


@pytest.mark.slow
@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_starved(tmp_path, name, condition):
    run, code = CONDITIONS[condition]
    done = run(COMMANDS[name], tmp_path, "smets1")
    assert done.code in ({0, 1} if code == 0 else {code}), done.err
    assert "Traceback" not in done.err
    assert starved.expect_whole(tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", COMMANDS)
def test_an_interrupt(tmp_path, name, number):
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("the tests run where this signal is ignored, and so does what they start")
    (tmp_path / "sitecustomize.py").write_text(WAITING, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = starved.signalled(COMMANDS[name], tmp_path, number, "smets1", env=environment)
    assert (done.code, done.out) == (128 + number, "")
    assert done.err.strip() == "interrupted"
    assert [path.name for path in starved.expect_whole(tmp_path)] == ["sitecustomize.py"]
