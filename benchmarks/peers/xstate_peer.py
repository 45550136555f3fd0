"""The paths of @xstate/graph, by Node.js; the variable XSTATE names the directory where npm installed it and xstate."""

import json
import os
import subprocess
from pathlib import Path

from properties.conformance.suite.w_method import FiniteMachine

DIRECTORY = os.environ.get("XSTATE", "")
if not DIRECTORY:
    raise ImportError("XSTATE names no directory")


def shortest(of: FiniteMachine, _: int, __: int) -> list[list[int]]:
    """A shortest path to each state."""
    return _paths(of, "shortest")


def simple(of: FiniteMachine, _: int, __: int) -> list[list[int]]:
    """Every path that comes to no state twice."""
    return _paths(of, "simple")


def _paths(of: FiniteMachine, which: str) -> list[list[int]]:
    content = {"start": 0, "which": which, "on": [{str(at): to for at, to in enumerate(row)} for row in of.after]}
    script = Path(__file__).with_name("xstate_paths.mjs")
    ran = subprocess.run(
        ["node", str(script)], input=json.dumps(content), cwd=DIRECTORY, capture_output=True, text=True, check=True
    )
    paths: list[list[int]] = json.loads(ran.stdout)
    return paths
