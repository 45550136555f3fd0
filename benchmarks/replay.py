"""Replay: entries a second of a log, alone and from files, beside the oracle entry by entry and pm4py.

All judge the same log of the log generator; what is certain for replay has to be wrong for the oracle, too, which
knows where each case begins.
"""

import csv
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path
from typing import Any

import attrs
import click
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks import process_mining
from benchmarks.options import Options
from benchmarks.race import Disagreement
from benchmarks.table import Cell, Section
from benchmarks.timing import Runner, side_by_side
from examples.parcel_locker import claims as parcel_locker
from properties.conformance.observation import differs
from properties.replay.entries import Dictionary, SortedEntries, in_order, tables
from properties.replay.events import Stepping
from properties.replay.generator import Entry, LogGenerator, LogOptions
from properties.replay.judging import judge_log
from properties.replay.lockstep import Lockstep
from properties.replay.mapping import LogMapping, default_mapping
from properties.replay.records import Problems, read_batches
from properties.smets1.installation import CLAIMS
from statemachines import Claims, System

CASES = 5_000
"""How many cases the log has, of about 20 entries each."""
TIMES = 20
"""How many times the sorted entries are there for lockstep alone."""
ROUNDS = 3
ORACLE = "the oracle, entry by entry"
ALIGNED = 500
"""How many cases pm4py aligns."""


@attrs.frozen(eq=False)
class Run:
    """One thing that is timed: what makes a run that returns how many cases deviate, and of how many entries."""

    make: Callable[[], Runner]
    entries: int


def replay(options: Options) -> Section:
    """Lockstep alone, whole commands by format, the oracle, pm4py."""
    rows: list[list[Cell]] = []
    for claims in (parcel_locker, CLAIMS):
        click.echo(f"  {claims.system.name}", err=True)
        with tempfile.TemporaryDirectory() as folder:
            rows += _rows(claims, options, Path(folder))
    notes = [
        "Seconds of the processor of one process. Lockstep alone has entries that are read and sorted; files are read, "
        "sorted, judged and blamed. The oracle has requests that are read and compiled, and knows where cases begin; "
        f"lockstep begins with an empty table, and has each case {TIMES} times."
    ]
    if not find_spec("pm4py"):
        notes.append("pm4py is not installed, and so left out.")
    columns = ("system", "who", "entries", "entries/s", "times the oracle's time", "cases that deviate")
    return Section("Replay: entries of a log a second", columns, rows, notes)


def _rows(claims: Claims, options: Options, folder: Path) -> Iterator[list[Cell]]:
    generator = LogGenerator(claims.system, LogOptions(options.at_most(CASES), seed=options.seed, faults=0.01))
    log = list(generator.entries())
    mapping = default_mapping(claims.system)
    files = _files(log, folder)
    entries = _sorted(files["JSON Lines"], mapping)
    runs = {
        ORACLE: Run(lambda: _by_oracle(generator, entries), len(log)),
        "lockstep alone": Run(lambda: _lockstep(claims.system, entries, None), TIMES * len(log)),
        "lockstep alone, beginnings unknown": Run(lambda: _lockstep(claims.system, entries, {}), TIMES * len(log)),
        **{f"replay, {name}": Run(_whole(claims, mapping, path), len(log)) for name, path in files.items()},
    }
    if claims is parcel_locker and find_spec("pm4py"):
        short = list(takewhile(lambda entry: int(entry["case"]) < ALIGNED, log))
        pm4py = f"pm4py {version('pm4py')}"
        runs[f"{pm4py}, token replay"] = Run(lambda: process_mining.token_replay(claims.system, log), len(log))
        runs[f"{pm4py}, alignments"] = Run(lambda: process_mining.alignments(claims.system, short), len(short))
    timed = side_by_side({name: run.make for name, run in runs.items()}, min(ROUNDS, options.rounds))
    certain, wrong = timed.results["lockstep alone"], timed.results[ORACLE]
    if not certain <= wrong:
        raise Disagreement(f"{claims.system.name}: replay reports cases that the oracle does not: {certain - wrong}")
    for name, run in runs.items():
        seconds = timed.median(name) / run.entries
        times = timed.times(name, ORACLE) * len(log) / run.entries
        yield [claims.system.name, name, run.entries, 1 / seconds, times, len(timed.results[name])]


def _files(log: Sequence[Entry], folder: Path) -> dict[str, Path]:
    """The log in each format."""
    files = {name: folder / f"log.{end}" for name, end in (("JSON Lines", "jsonl"), ("CSV", "csv"))}
    files["Parquet"] = folder / "log.parquet"
    columns = list(dict.fromkeys(column for entry in log for column in entry))
    with ExitStack() as stack:
        lines = stack.enter_context(files["JSON Lines"].open("w"))
        writer = csv.DictWriter(stack.enter_context(files["CSV"].open("w", newline="")), columns)
        writer.writeheader()
        for entry in log:
            lines.write(json.dumps(entry) + "\n")
            writer.writerow(entry)
    table = pa.table({column: [entry.get(column) for entry in log] for column in columns})
    pq.write_table(table, files["Parquet"])
    return files


def _sorted(path: Path, mapping: LogMapping) -> SortedEntries:
    dictionary = Dictionary(mapping, Problems())
    read = [(0, read_batches(path, mapping.columns, dictionary.problems))]
    return in_order(pa.concat_tables(tables([path], read, dictionary)), dictionary.events, 0)


def _by_oracle(generator: LogGenerator, entries: SortedEntries) -> Runner:
    requests = [event[0].requests[0] for event in entries.events]
    observed = [event[0].observation for event in entries.events]
    starts = [generator.start(int(case)) for case in entries.cases]
    codes, lengths = entries.codes.tolist(), entries.lengths.tolist()
    oracle = generator.oracle

    def run() -> set[int]:
        wrong, begin = set(), 0
        for case, (state, length) in enumerate(zip(starts, lengths, strict=True)):
            for code in codes[begin : begin + length]:
                state, verdict = oracle.decide(state, requests[code])  # noqa: PLW2901  # the next state
                if differs(verdict, observed[code]):
                    wrong.add(case)
                    break
            begin += length
        return wrong

    return run


def _lockstep(system: System, entries: SortedEntries, start: Mapping[str, Any] | None) -> Runner:
    stepping = Stepping(system)
    lengths, codes, cases = np.tile(entries.lengths, TIMES), np.tile(entries.codes, TIMES), len(entries.cases)

    def run() -> set[int]:
        outcome = Lockstep(stepping).run(entries.events, stepping.start(start), lengths, codes)
        return set(np.flatnonzero(outcome.first[:cases] >= 0).tolist())

    return run


def _whole(claims: Claims, mapping: LogMapping, path: Path) -> Callable[[], Runner]:
    return lambda: lambda: judge_log(claims, mapping, [path])[0].findings
