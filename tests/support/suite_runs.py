"""Runs of the conformance suite in another process: on what, and what came of one."""

import json
import re
from importlib.resources import files
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import jsonschema

REFERENCE = ("--system", "examples.parcel_locker:claims", "--max-examples", "0")
"""A small system; the random layer makes no walk unless a test asks for walks."""
WALKS = ("--max-examples", "40")


def counts(done: CompletedProcess[str]) -> dict[str, int]:
    """How many tests passed, failed, were skipped."""
    last = next(line for line in reversed(done.stdout.splitlines()) if re.search(r" in \d", line))
    return {word: int(number) for number, word in re.findall(r"(\d+) (\w+)", last)}


def report_of(path: Path) -> Any:
    """The report for machines, which is as its schema says."""
    report = json.loads(path.read_text())
    schema = json.loads(files("properties.conformance.report").joinpath("report.schema.json").read_text())
    jsonschema.validate(report, schema)
    return report
