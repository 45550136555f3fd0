"""The checker against SPIN: all reachable states of the same systems, counted by both.

Ours is the time from the declaration to the last state: grounding, and exploring. SPIN's is the time to write the
model, to generate the verifier, to compile it (``-O2``, safety only) and to run it, its hash table as large as it
likes. Both have to count the same states; SPIN has one more, before it chooses where the system starts.
"""

import time
from collections.abc import Iterator
from math import ceil, log2
from statistics import median

import attrs
import click

from benchmarks.families import installations
from benchmarks.options import Options
from benchmarks.race import Disagreement
from benchmarks.table import Cell, Section
from statemachines import Variable
from statemachines.checker.explicit import explore
from statemachines.checker.slices import Slices
from statemachines.errors import TooLargeError
from statemachines.exports.promela import promela
from statemachines.exports.spin_runner import SpinError, missing, run_spin
from statemachines.language.claims import Claims
from statemachines.language.system import System
from statemachines.semantics.preconditions import preconditions
from statemachines.smets1.fleet import fleet
from statemachines.smets1.installation import INSTALLATION

COLUMNS = (
    "system",
    "who",
    "states",
    "read or write",
    "generate",
    "compile",
    "explore",
    "in all",
    "times ours",
    "exploring alone, times ours",
)
PATIENCE = 1_800
"""How many seconds SPIN is given."""


@attrs.frozen(eq=False)
class Part:
    """A system, or an exact slice of one."""

    title: str
    system: System
    variables: tuple[Variable, ...]


@attrs.frozen
class Ours:
    """What our checker took."""

    states: int
    ground: float
    explore: float

    @property
    def seconds(self) -> float:
        """Both together."""
        return self.ground + self.explore


def slices(options: Options) -> Section:
    """Slices of the installation: a small one, one in between, the largest."""
    return _section("Checker against SPIN: slices of the installation", _slices(), options)


def family(options: Options) -> Section:
    """Fleets, and installations with more and more in them."""
    return _section("Checker against SPIN: a family that grows", _family(options.quick), options)


def _section(title: str, parts: Iterator[Part], options: Options) -> Section:
    absent = missing()
    notes = ["Seconds. Ours is read from the declaration; for SPIN a model is written. Both count the same states."]
    notes += [f"SPIN is left out: {absent}."] if absent else []
    rows: list[list[Cell]] = []
    for part in parts:
        click.echo(f"  {part.title}", err=True)
        try:
            for row in _rows(part, options, spin=not absent):
                rows.append(row)  # one by one: what was measured before something went wrong is kept
        except (TooLargeError, SpinError) as error:
            notes.append(f"{part.title}: given up after what is shown of it. {error}.")
    return Section(title, COLUMNS, rows, notes)


def _rows(part: Part, options: Options, *, spin: bool) -> Iterator[list[Cell]]:
    runs = [_ours(part) for _ in range(1 if options.quick else 3)]
    ours = Ours(runs[0].states, median(run.ground for run in runs), median(run.explore for run in runs))
    yield [part.title, "ours", ours.states, ours.ground, None, None, ours.explore, ours.seconds, 1.0, 1.0]
    if not spin:
        return
    started = time.perf_counter()
    names = [variable.name for variable in part.variables]
    text = promela(Claims(part.system, ()), variables=names).text
    written = time.perf_counter() - started
    for reduction in (False, True):
        result = run_spin(
            text,
            defines=["NOCHECK"],
            reduction=reduction,
            hash_bits=max(16, ceil(log2(ours.states)) + 2),
            most_depth=max(100_000, 2 * ours.states),
            seconds=PATIENCE,
        )
        if result.states - 1 != ours.states:
            raise Disagreement(f"{part.title}: {ours.states:,} states, and SPIN counts {result.states - 1:,}")
        seconds = written + result.seconds
        yield [
            part.title,
            "SPIN, reduction on" if reduction else "SPIN",
            result.states - 1,
            written,
            result.seconds_generate,
            result.seconds_compile,
            result.seconds_run,
            seconds,
            seconds / ours.seconds,
            result.seconds_run / ours.explore,
        ]


def _ours(part: Part) -> Ours:
    started = time.perf_counter()
    asked = preconditions(part.system)
    grounded = time.perf_counter()
    space = explore(part.system, variables=part.variables, requests=asked)
    return Ours(len(space), grounded - started, time.perf_counter() - grounded)


def _whole(title: str, system: System) -> Part:
    return Part(title, system, system.variables)


def _slices() -> Iterator[Part]:
    """The cones of influence of single variables: the smallest that moves, the largest, and the one in the middle."""
    cones = Slices(INSTALLATION)
    found = {cones.cone([lifecycle.name]) for lifecycle in INSTALLATION.lifecycles if lifecycle.transitions}
    by_size = sorted(found, key=lambda names: (len(cones.space(names)), sorted(names)))
    for which, names in (
        ("a small", by_size[0]),
        ("a middle", by_size[len(by_size) // 2]),
        ("the largest", by_size[-1]),
    ):
        variables = tuple(variable for variable in INSTALLATION.variables if variable.name in names)
        yield Part(f"{which} slice, {len(variables)} variables", INSTALLATION, variables)


def _family(quick: bool) -> Iterator[Part]:
    for sites in (3,) if quick else (3, 4, 5, 6, 7, 8):
        yield _whole(f"fleet of {sites}", fleet(sites))
    shapes = [(1, 3, 1), (2, 3, 1)]
    if not quick:
        shapes += [(3, 3, 1), (4, 3, 1), (5, 3, 1), (2, 6, 1), (3, 6, 1), (2, 3, 2), (2, 3, 3), (3, 3, 2)]
    for count, suppliers, devices in shapes:
        system = installations(count, suppliers=suppliers, devices=devices)
        yield _whole(system.name, system)
