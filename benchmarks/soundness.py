"""Soundness of replay: what it reports of random systems' logs, beside sets of states that are kept exactly."""

from itertools import product
from random import Random

from benchmarks.options import Options
from benchmarks.table import Cell, Section
from tests.support.replaying import compared
from tests.support.strategies import random_systems

HIDDEN = (0.0, 0.1, 0.3, 0.5, 0.7)
"""The part of the requests that happen without an entry."""
SYSTEMS, RUNS = 50, 20
"""How many systems there are in each row, and how many logs of each; half of them have a wrong verdict."""


def soundness(options: Options) -> Section:
    """False deviations, of which there may be none, and how many of the true ones are found."""
    rows: list[list[Cell]] = []
    systems = random_systems(5 if options.quick else SYSTEMS)
    for unknown, hidden in product((False, True), HIDDEN):
        wrong = exact = reported = false = 0
        for number, system in enumerate(systems):
            random = Random(f"{options.seed}:{number}")
            unseen = [request for request in system.all_requests() if random.random() < hidden]
            results = compared(system, random, unseen, unknown=unknown, runs=RUNS)
            for at, (run, index, known) in enumerate(results):
                false += index >= 0 and (at % 2 == 0 or not 0 <= known <= index)
                wrong += bool(at % 2 and run)
                exact += known >= 0
                reported += index >= 0
        logs = len(systems) * RUNS
        rows.append(["any" if unknown else "known", hidden, logs, wrong, exact, reported, false])
    notes = [
        "Each log has 3 to 12 requests, of which each verdict shows some aspects. A wrong verdict need not show: what "
        "can be known of it at all is counted on sets of states that are kept exactly."
    ]
    columns = ("beginning", "hidden", "logs", "with a wrong verdict", "certain, exactly", "reported", "falsely")
    return Section("Replay: soundness", columns, rows, notes)
