"""Sets of states: how time and nodes grow, beside CUDD with the same algorithm, states one by one, SPIN and ABC.

Time is the processor's, from grounded requests to the number of states; of SPIN and ABC it is that of their processes,
from writing the model to the result. All have to count the same states, or decide alike.
"""

import re
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from enum import Enum
from math import ceil, log2
from pathlib import Path
from shutil import which
from statistics import median
from typing import Any

import click

from benchmarks import cudd
from benchmarks.families import installations
from benchmarks.options import Options
from benchmarks.race import Disagreement
from benchmarks.table import Cell, Section
from properties.smets1.fleet import claims_of
from properties.smets1.installation import CLAIMS
from statemachines import (
    Answer,
    Claims,
    Count,
    Engine,
    Lifecycle,
    Register,
    RequestType,
    Rule,
    System,
    Variable,
    adding,
    check,
)
from statemachines.checker.explicit import explore
from statemachines.checker.symbolic import SymbolicSpace
from statemachines.exports.aiger import exported
from statemachines.exports.promela import promela
from statemachines.exports.spin_runner import SpinError, SpinResult, missing, run_spin
from statemachines.language.claims import Always
from statemachines.semantics.preconditions import Preconditions, preconditions
from statemachines.smets1.fleet import fleet

MOST_ONE_BY_ONE = 10_000_000
"""The most states that are counted one by one by ours."""
MOST_BY_SPIN = 50_000_000
"""The most states that SPIN counts."""
MEGABYTES_OF_SPIN = 14_000
"""The memory that SPIN may use."""
SECONDS_OF_SPIN = 1800
"""How long SPIN may take, by the clock."""
REPEATED = 5
"""How many times a time of ours that is under a second is taken; the median is shown."""
MOST_TOLD_APART = 256
"""The most values of a variable that states one by one, and SPIN's bytes, can have."""
MOST_SECONDS = 10.0
"""CUDD is left out where ours takes longer."""
MOST_COUNTED = 1 << 53
"""The most states that CUDD counts exactly. Of more than 2^1024 combinations it says that it is out of memory."""


class Say(Enum):
    """Aspects of a counter's verdicts."""

    DONE = "done"
    COUNTED = "it is counted"
    TANK = "tank"


_RULES = Register([Rule("TANK-1", "A tank is filled and emptied a step at a time.", "made for a benchmark")])
_fill, _empty, _pour = RequestType("Fill"), RequestType("Empty"), RequestType("Pour")


def tanks(size: int) -> System:
    """Two counters of so many values; the one is poured into the other."""
    levels = Count(0, size - 1)
    one, other = Variable("one", levels), Variable("other", levels)
    filled = adding(one, 1, _fill, rules="TANK-1")
    poured = adding(one, -1, _pour, when=other < size - 1, rules="TANK-1")
    received = adding(other, 1, _pour, when=one > 0, rules="TANK-1")
    return System(
        f"two counters of {size} values",
        _RULES,
        lifecycles=[
            Lifecycle(one, levels(0), [*filled, *poured]),
            Lifecycle(other, levels(0), [*received, *adding(other, -1, _empty, rules="TANK-1")]),
        ],
        requests=[_fill, _empty, _pour],
        gates=[],
        answers=[Answer(outcome=Say.DONE, reason=Say.COUNTED, at=Say.TANK, rules="TANK-1")],
    )


def growth(options: Options) -> Section:
    """Sites, suppliers, devices, values of counters: on sets, one by one, by CUDD, by SPIN."""
    notes = [
        "Seconds of the processor, from grounded requests to the number of states; of less than a second on sets the "
        "median of five. SPIN: writing the model, making and compiling the verifier, search; and the search alone. "
        "States one by one up to ten million states, SPIN up to fifty, both up to 256 values; CUDD where ours takes at "
        "most 10 s. Of more than 2^53 combinations (CUDD counts with 53 bits) neither counts, and nodes are compared."
    ]
    notes += [f"{absent}." for absent in (cudd.MISSING, missing()) if absent]
    rows: list[list[Cell]] = []
    for system in _growing(options.quick):
        click.echo(f"  {system.name}", err=True)
        rows += _rows(system)
    columns = ("system", "who", "states", "nodes", "grounding", "seconds", "times ours")
    return Section("Sets of states: how they grow", columns, rows, notes)


def _growing(quick: bool) -> Iterator[System]:
    yield from map(fleet, (1, 2) if quick else (1, 2, 4, 6, 7, 8, 16, 32, 64, 128, 256, 512, 1000))
    for suppliers in (2,) if quick else (3, 6, 12, 24):
        yield installations(3, suppliers=suppliers)
    for devices in (1,) if quick else (1, 2, 4, 5, 8, 16):
        yield installations(2, devices=devices)
    yield from map(tanks, (8,) if quick else (8, 16, 64, 256, 1024, 4096))


def _rows(system: System) -> Iterator[list[Cell]]:
    grounding, asked = _timed(lambda: preconditions(system))
    ours, space = _median(lambda: _explored(system, asked))
    states, nodes = space.count(), space.states.node_count()
    who = "ours, on sets"
    yield [system.name, who, _shown(states), nodes, grounding, ours, 1.0]
    if not cudd.MISSING and ours <= MOST_SECONDS:
        with cudd.in_place_of_oxidd():
            yield _by_cudd(system, asked, states, nodes, ours)
    if any(len(one.domain) > MOST_TOLD_APART for one in system.variables):
        return
    if states <= MOST_ONE_BY_ONE:
        seconds, one_by_one = _timed(lambda: explore(system, requests=asked))
        _expect(system, "one by one", len(one_by_one), states)
        yield [system.name, "ours, one by one", states, None, None, seconds, seconds / ours]
    if states <= MOST_BY_SPIN and not missing():
        try:
            seconds, result = _timed(lambda: _by_spin(system, states))
        except SpinError:  # a model that it refuses
            yield [system.name, "SPIN: it refuses the model", None, None, None, None, None]
            return
        _expect(system, "SPIN", result.states - 1, states)  # it has one more, before it chooses where the system starts
        yield [system.name, "SPIN", states, None, None, seconds, seconds / ours]
        alone = result.processor_run
        yield [system.name, "SPIN, the search alone", states, None, None, alone, alone / ours]


def _by_cudd(system: System, asked: Iterable[Preconditions], states: int, nodes: int, ours: float) -> list[Cell]:
    who = "the same with CUDD"
    try:
        seconds, space = _median(lambda: _explored(system, asked))
    except RuntimeError as error:  # out of memory
        return [system.name, f"{who}: {error}", None, None, None, None, None]
    if space.combinations <= MOST_COUNTED:
        _expect(system, "CUDD", space.count(), states)
    elif space.states.node_count() != nodes:
        raise Disagreement(f"{system.name}: {nodes:,} nodes with OxiDD, and {space.states.node_count():,} with CUDD")
    return [system.name, who, _shown(states), space.states.node_count(), None, seconds, seconds / ours]


def _shown(states: int) -> Cell:
    """How many states there are; of very many the order of magnitude."""
    return states if states <= MOST_COUNTED else f"{Decimal(states):.1e}"


def _explored(system: System, asked: Iterable[Preconditions]) -> SymbolicSpace:
    space = SymbolicSpace(system, asked)
    if space.combinations <= MOST_COUNTED:
        space.count()
    else:
        space.states  # noqa: B018  # found here, and counted by nobody
    return space


def _by_spin(system: System, states: int) -> SpinResult:
    return run_spin(
        promela(Claims(system, ())).text,
        defines=["NOCHECK"],
        reduction=False,  # it saves no states here, and costs a little
        hash_bits=max(16, ceil(log2(states))),  # more slots take it longer to make than they save
        most_depth=max(100_000, 2 * states),
        megabytes=MEGABYTES_OF_SPIN,
        seconds=SECONDS_OF_SPIN,
    )


def _expect(system: System, who: str, theirs: int, ours: int) -> None:
    if theirs != ours:
        raise Disagreement(f"{system.name}: {ours:,} states on sets, and {theirs:,} by {who}")


def fleets(options: Options) -> Section:
    """What is claimed by KEY-7 of fleets of more and more sites, proved on sets."""
    notes = ["Seconds of the processor. Every claim that cites KEY-7 holds; nodes are all that the diagrams had."]
    rows: list[list[Cell]] = []
    for sites in (1, 4) if options.quick else (1, 2, 4, 10, 50, 100, 200, 500, 1000):
        click.echo(f"  {sites} sites", err=True)
        declaring, claims = _timed(lambda: claims_of(fleet(sites)))  # noqa: B023  # at once
        names = [claim.name for claim in claims.claims if "KEY-7" in claim.rules]
        seconds, report = _timed(lambda: check(claims, only=names, engine=Engine.SYMBOLIC))  # noqa: B023
        if not all(finding.holds for finding in report.findings):
            raise Disagreement(f"{claims.system.name}: some claim of KEY-7 does not hold")
        states = report.findings[0].states
        rows.append([claims.system.name, len(names), _shown(states), report.nodes, declaring, seconds])
    columns = ("system", "claims", "states", "nodes", "declaring", "seconds")
    return Section("KEY-7 of fleets, proved on sets of states", columns, rows, notes)


def circuits(options: Options) -> Section:
    """Every always claim: on sets, and by ABC on the circuit."""
    absent = "" if which("berkeley-abc") else "ABC is left out: berkeley-abc cannot be found"
    notes = ["Seconds of the processor, from the declaration to the last result: every always claim; they hold."]
    notes += [f"{absent}."] if absent else []
    rows: list[list[Cell]] = []
    sizes = (2,) if options.quick else (2, 4, 8, 16, 32)
    for claims in [*(claims_of(fleet(size)) for size in sizes), *(() if options.quick else (CLAIMS,))]:
        click.echo(f"  {claims.system.name}", err=True)
        names = [claim.name for claim in claims.claims if isinstance(claim, Always)]
        ours, report = _timed(lambda: check(claims, only=names, engine=Engine.SYMBOLIC))  # noqa: B023  # at once
        if not all(finding.holds for finding in report.findings):
            raise Disagreement(f"{claims.system.name}: some always claim does not hold")
        rows.append([claims.system.name, "ours, on sets", len(names), ours, 1.0])
        if not absent:
            seconds, proved = _timed(lambda: _by_abc(claims, names))  # noqa: B023
            if proved != len(names):
                raise Disagreement(f"{claims.system.name}: ABC proves {proved} of {len(names)} claims")
            rows.append([claims.system.name, "ABC (pdr)", proved, seconds, seconds / ours])
    return Section("Sets of states against ABC", ("system", "who", "claims", "seconds", "times ours"), rows, notes)


def _by_abc(claims: Claims, names: list[str]) -> int:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, "circuit.aig")
        content = exported(claims, names).text
        assert isinstance(content, bytes)
        file.write_bytes(content)
        script = f"read_aiger {file}; pdr -a; print_status"
        output = subprocess.run(["berkeley-abc", "-c", script], capture_output=True, text=True, check=True).stdout
    status = re.search(r"contains \d+ SAT, (\d+) UNSAT", output)
    return int(status[1]) if status else 0


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """The seconds of the processor that it takes, with those of processes that it starts, and its result."""
    before = _seconds()
    result = work()
    return _seconds() - before, result


def _median(work: Callable[[], Any]) -> tuple[float, Any]:
    """The same, where it takes less than a second the median of several times."""
    seconds, result = _timed(work)
    if seconds >= 1:
        return seconds, result
    return median([seconds, *(_timed(work)[0] for _ in range(REPEATED - 1))]), result


def _seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
