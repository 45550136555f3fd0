"""Decisions a second of each export, by the engine that executes it: the same requests, and the same replies."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.engines import ENGINES, compare, walk
from benchmarks.options import Options
from benchmarks.table import Cell, Section
from statemachines import Oracle, Request
from statemachines.smets1.installation import INSTALLATION

MOST = {"xstate": 1_000, "scion": 5_000, "qt": 5_000}
"""How many requests slow engines are sent."""


def languages(options: Options) -> Section:
    """Everybody that is installed, on one walk through the whole installation."""
    timed = list(_timed(options, min(3, options.rounds)))
    best = max(steps / seconds for _, steps, seconds in timed)
    rows: list[list[Cell]] = [
        [title, steps, steps / seconds, best * seconds / steps] for title, steps, seconds in timed
    ]
    missing = [engine.missing for engine in ENGINES.values() if engine.missing]
    return Section(
        "Exports: the whole installation, by the engine that executes it",
        ["who", "requests", "decisions/s", "times the quickest's time"],
        rows,
        [
            "One random walk; slow engines are sent its beginning. Each round is a process of its own; compiling while "
            "it runs is in its time, reading JSON is not. Every state and verdict was compared with the oracle's.",
            *([f"Left out: {'; '.join(missing)}."] if missing else []),
        ],
    )


def _timed(options: Options, rounds: int) -> Iterator[tuple[str, int, float]]:
    questions = walk(INSTALLATION, options.at_most(50_000), options.seed)
    yield "Python", len(questions), median(_python([request for _, request in questions]) for _ in range(rounds))
    for name, engine in ENGINES.items():
        if not engine.missing:
            asked = questions[: options.at_most(MOST.get(name, len(questions)))]
            with tempfile.TemporaryDirectory() as folder:
                yield (
                    engine.title,
                    len(asked),
                    median(compare(name, [INSTALLATION], [asked], Path(folder)) for _ in range(rounds)),
                )


def _python(requests: list[Request]) -> float:
    oracle, state = Oracle(INSTALLATION), INSTALLATION.state()
    for request in INSTALLATION.all_requests():
        oracle.decide(state, request)  # compiles it, as the exports are before they are asked
    start = time.perf_counter()
    for request in requests:
        state, _ = oracle.decide(state, request)
    return time.perf_counter() - start
