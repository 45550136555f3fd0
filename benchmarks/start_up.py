"""Start-up: whole processes, from the command to the answer, beside a Python that does nothing."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.options import Options
from benchmarks.table import Cell, Section
from benchmarks.timing import Runner, side_by_side

EXAMPLES = Path(__file__).parent.parent / "examples"
NOTHING = "python -c pass"


def start_up(options: Options) -> Section:
    """The commands, each a process of its own."""
    requests = sorted(map(str, (EXAMPLES / "requests").glob("*.xml")))
    installation = ["--installation", str(EXAMPLES / "installation.toml")]
    smets1 = [
        sys.executable,
        "-c",
        "from properties.smets1.command import main; main()",
    ]  # what the installed command runs
    commands = {
        NOTHING: [sys.executable, "-c", "pass"],
        "smets1 --help": [*smets1, "--help"],
        "smets1 judge, one request": [*smets1, "judge", requests[0], *installation],
        f"smets1 judge, {len(requests)} requests": [*smets1, "judge", *requests, *installation],
    }
    timed = side_by_side(
        {name: _process(command) for name, command in commands.items()}, 2 * options.rounds, time.perf_counter
    )
    rows: list[list[Cell]] = [
        [name, timed.median(name), min(taken), timed.times(name, NOTHING)] for name, taken in timed.seconds.items()
    ]
    return Section(
        "Start-up: whole processes",
        ["command", "seconds, median", "seconds, least", "times Python's own"],
        rows,
        [f"{2 * options.rounds} processes each, by turns; the files are read from the cache."],
    )


def _process(command: Sequence[str]) -> Callable[[], Runner]:
    def run() -> int:
        return subprocess.run(command, check=True, capture_output=True).returncode

    return lambda: run
