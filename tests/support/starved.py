"""Commands as processes of their own, interrupted or starved: what they end with, and what they leave behind."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import attrs

WAITING = "import pathlib, time\npathlib.Path('ready').touch()\nfor _ in range(600):\n    time.sleep(0.1)\n"
"""A module that is never imported to its end. One long sleep would outlast a signal that comes just before it."""
BINARY = (".parquet", ".sqlite", ".sqlite-shm", ".sqlite-wal")
"""Ends of the names of files that are no text."""
PATIENCE = 120
"""Seconds after which a run is taken to hang."""


@attrs.frozen
class Ended:
    """What a run ended with."""

    code: int
    out: str
    err: str


def argv(line, command="statemachines"):
    """The arguments of a process that runs the command."""
    return [sys.executable, "-c", f"from smets1_lifecycles import {command}; {command}()", *line]


def start(line, folder, command="statemachines", **options):
    """Start the command in a folder, in a session of its own."""
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
    return subprocess.Popen(argv(line, command), cwd=folder, start_new_session=True, text=True, **streams)


def ended(process):
    """Wait for the command, and for all that holds its streams."""
    try:
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
    return Ended(process.returncode, out or "", err or "")


def run(line, folder, command="statemachines", **options):
    """Run the command to its end, which is a signal's for one that serves."""
    process = start(line, folder, command, **options)
    if line[0] == "serve" and process.stdout is not None:
        process.stdout.readline()  # once it listens, or has ended
        process.terminate()
    return ended(process)


def unread(line, folder, command="statemachines"):
    """Run it with a standard output whose reader has gone."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return run(line, folder, command, stdout=writer)
    finally:
        os.close(writer)


def full(line, folder, command="statemachines"):
    """Run it with a standard output that takes nothing."""
    with Path("/dev/full").open("w") as stream:
        return run(line, folder, command, stdout=stream)


def bare(line, folder, command="statemachines"):
    """Run it with no home, no terminal, and a locale that knows ASCII alone."""
    wanted = {"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    return run(line, folder, command, env=wanted)


def signalled(line, folder, number, command="statemachines", **options):
    """Send it a signal while it waits for its user's module, which touches `ready`."""
    process = start(line, folder, command, **options)
    until = time.monotonic() + PATIENCE
    while not (folder / "ready").exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    (folder / "ready").unlink(missing_ok=True)
    process.send_signal(number)
    return ended(process)


def expect_whole(folder):
    """Nothing half-written: no file beside the one it replaces, and each is read to its end."""
    files = [
        path for path in folder.rglob("*") if path.is_file() and not {"__pycache__", ".hypothesis"} & {*path.parts}
    ]
    for path in files:
        assert not path.name.startswith("."), path
        if path.suffix in BINARY:
            continue
        ending = {".html": "</html>", ".svg": "</svg>", ".dot": "}"}.get(path.suffix, "")
        text = path.read_text(encoding="utf-8")
        assert text.rstrip().endswith(ending), path
        if path.suffix == ".json":
            json.loads(text)
    return files
