"""The commands of SMETS1 alone, starved: the others are tested on another system."""

import signal
import sys
from pathlib import Path

import pytest

from tests.support import starved

EXAMPLES = Path(__file__).parents[4] / "examples"
COMMANDS = {
    "judge": ["judge", str(EXAMPLES / "requests"), "--installation", str(EXAMPLES / "installation.toml")],
    "regime": ["regime", "--on", "2020-11-30"],
}
CONDITIONS = {
    "unread": (starved.unread, 128 + signal.SIGPIPE),
    "full": (starved.full, 2),
    "bare": (starved.bare, 0),
}
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="signals and /dev/full of Linux")


@pytest.mark.slow
@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_starved(tmp_path, name, condition):
    run, code = CONDITIONS[condition]
    done = run(COMMANDS[name], tmp_path, "smets1")
    assert done.code in ({0, 1} if code == 0 else {code}), done.err
    assert "Traceback" not in done.err
    assert starved.expect_whole(tmp_path) == []
