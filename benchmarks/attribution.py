"""Which rule is named for which planted fault: ``python -m benchmarks.attribution [simulator|strange|...]``.

Each fault of the example simulator, of `strange_faults`, of `request_faults` and `event_faults` (written), of the lots
`unseen`, `further` and `new` (each committed before it was measured), or of `properties.smets1.faults` (declared) is
examined by the deterministic layer alone; its result is on standard error as it comes. Of those written, a third by a
hash of the name was unseen at first.
"""

import argparse
import hashlib
import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from fnmatch import fnmatchcase
from functools import partial
from itertools import islice

import attrs
import click

from benchmarks.event_faults import EVENT_FAULTS
from benchmarks.further_events import FURTHER_EVENTS
from benchmarks.further_requests import FURTHER_REQUESTS
from benchmarks.new_events import NEW_EVENTS
from benchmarks.new_requests import NEW_REQUESTS
from benchmarks.request_faults import REQUEST_FAULTS
from benchmarks.simulator_changes import StrangeFault, StrangeLookingTarget, StrangeTarget
from benchmarks.strange_faults import STRANGE
from benchmarks.table import Section
from benchmarks.unseen_events import UNSEEN_EVENTS
from benchmarks.unseen_requests import UNSEEN_REQUESTS
from examples.simulator.faults import Fault
from examples.simulator.target import LookingTarget
from examples.simulator.target import Target as SimulatorTarget
from properties.conformance.diagnosis.examination import examine
from properties.conformance.diagnosis.standing import Standing
from properties.conformance.suite.store import suite_of
from properties.conformance.targets.declared import DeclaredTarget
from properties.conformance.targets.opening import open_target
from properties.conformance.targets.target import Target
from properties.mutation import planting
from properties.smets1.faults import FAULTS, faulty
from properties.smets1.installation import CLAIMS


@attrs.frozen
class Planted:
    """A planted fault.

    Parameters
    ----------
    name: what it is called.
    rules: the ids of the rules that it breaks, any of which is right.
    opener: starts a system that has it.
    wrong: the labels of the declarations that it is in, if known; `*` stands for anything in one.
    """

    name: str
    rules: tuple[str, ...]
    opener: Callable[[], Target]
    wrong: tuple[str, ...] = ()


@attrs.frozen
class Attributed:
    """The result of an examination of a planted fault.

    Parameters
    ----------
    name: the fault's.
    breaks: the ids of the rules that it breaks.
    named: the ids of the rules that may be broken, the most likely first; none if the fault was not seen.
    steps: how many requests the shortest sequence has that shows it.
    failed: how many rules failed besides the one that is named first.
    blocked: how many rules could not be shown in full because of it.
    wrong: the labels of the declarations that it is in, if known.
    suspect: the label of the declaration that is suspected first.
    """

    name: str
    breaks: tuple[str, ...]
    named: tuple[str, ...]
    steps: int = 0
    failed: int = 0
    blocked: int = 0
    wrong: tuple[str, ...] = ()
    suspect: str = ""

    @property
    def suspected(self) -> bool:
        """Whether the declaration that is suspected first is one that the fault is in."""
        return any(fnmatchcase(self.suspect, label) for label in self.wrong)

    @property
    def rank(self) -> int:
        """At which rank, from 1, a rule is named that the fault breaks; 0 if none is."""
        return next((at for at, rule in enumerate(self.named, 1) if rule in self.breaks), 0)


def unseen(name: str) -> bool:
    """Whether a fault is of the third that blame is not worked on with."""
    return hashlib.sha256(name.encode()).digest()[0] % 3 == 0


def of_the_simulator(made: Callable[[Fault], SimulatorTarget] = SimulatorTarget) -> Iterator[Planted]:
    """The faults of the example simulator."""
    for fault in Fault:
        yield Planted(fault.title, fault.rules, partial(open_target, partial(made, fault), CLAIMS.system))


def strange(
    faults: Mapping[str, StrangeFault], made: Callable[[StrangeFault], StrangeTarget] = StrangeTarget
) -> Iterator[Planted]:
    """Faults that were written from the rules' words."""
    for name, fault in faults.items():
        yield Planted(name, fault.rules, partial(open_target, partial(made, fault), CLAIMS.system), fault.wrong)


def declared() -> Iterator[Planted]:
    """Copies of the installation with a planted fault; right is any rule of the property that catches it."""
    rules = {claim.name: claim.rules for claim in CLAIMS.claims}
    for name, fault in FAULTS.items():
        right = tuple(dict.fromkeys((fault.rule, *rules.get(fault.caught_by, ()))))
        yield Planted(name, right, partial(_copy_with, fault))


def _copy_with(fault: planting.Fault) -> Target:
    return DeclaredTarget(faulty(fault).system, CLAIMS.system)


def attributed(planted: Planted) -> Attributed:
    """Examine a system with a planted fault."""
    found = examine(CLAIMS, planted.opener)
    blamed = (*found.causes, *found.warnings)  # an assumption that is not kept is a warning
    if not blamed:
        return Attributed(planted.name, planted.rules, (), wrong=planted.wrong)
    first = blamed[0]
    standings = [found.findings.rule(rule).standing for rule in CLAIMS.system.register if rule != first.rule]
    return Attributed(
        planted.name,
        planted.rules,
        first.rules,
        steps=len(found.shortest[first.rule].run),
        failed=standings.count(Standing.FAILED),
        blocked=standings.count(Standing.BLOCKED),
        wrong=planted.wrong,
        suspect=first.declaration.label,
    )


def table(title: str, rows: Sequence[Attributed]) -> Section:
    """The faults, each with its result."""
    seen = [row for row in rows if row.named]
    counts = (
        f"{len(rows)} faults, {len(seen)} caught",
        f"a rule that it breaks is named first for {sum(row.rank == 1 for row in seen)} of them",
        f"among the first three for {sum(0 < row.rank <= 3 for row in seen)}",
        *(
            (
                f"a declaration that it is in is suspected first for {sum(row.suspected for row in seen)}",
                f"a rule or declaration is right first for {sum(row.rank == 1 or row.suspected for row in seen)}",
            )
            if any(row.wrong for row in rows)
            else ()
        ),
        f"no other rule fails for {sum(not row.failed for row in seen)}",
    )
    return Section(
        title,
        ("fault", "breaks", "named first", "rank", "suspect", "requests", "other rules failed", "rules blocked"),
        [
            (
                row.name,
                " ".join(row.breaks),
                row.named[0] if row.named else "is not seen",
                row.rank,
                "right" if row.suspected else "wrong" if row.wrong and row.named else "",
                row.steps,
                row.failed,
                row.blocked,
            )
            for row in rows
        ],
        ("; ".join(counts) + ".",),
    )


KINDS = ("simulator", "strange", "written", "unseen", "further", "new", "declared")
"""The kinds of planted faults."""

FAULTS_IN_HAND: list[Planted] = []
"""Those that are examined: each process is forked with them, for not every fault can be sent to one."""


def _attributed(number: int) -> Attributed:
    return attributed(FAULTS_IN_HAND[number])


def _each(faults: Sequence[Planted], jobs: int) -> list[Attributed]:
    """The result of each, in their order; each is printed as it comes."""
    suite_of(CLAIMS)  # which every process then has
    FAULTS_IN_HAND[:] = faults
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
        asked = [pool.submit(_attributed, number) for number in range(len(faults))]
        for done, future in enumerate(as_completed(asked), 1):
            row = future.result()
            named = f"rank {row.rank}: {' '.join(row.named[:5])}; {row.suspect}" if row.named else "is not seen"
            click.echo(f"{done} of {len(faults)}: {row.name} ({' '.join(row.breaks)}): {named}", err=True)
    return [future.result() for future in asked]


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("which", choices=KINDS, nargs="?", default="simulator")
    parser.add_argument("--every", type=int, default=1, help="only every n-th fault")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many processes")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only faults of these names")
    parser.add_argument("--look", action="store_true", help="the simulator shows its state, too")
    parser.add_argument("--third", choices=("seen", "unseen"), help="only the two thirds, or the third")
    asked = parser.parse_args()
    with_state = StrangeLookingTarget if asked.look else StrangeTarget
    of_which: dict[str, Callable[[], Iterator[Planted]]] = {
        "simulator": partial(of_the_simulator, LookingTarget) if asked.look else of_the_simulator,
        "strange": partial(strange, STRANGE, with_state),
        "written": partial(strange, {**REQUEST_FAULTS, **EVENT_FAULTS}, with_state),
        "unseen": partial(strange, {**UNSEEN_REQUESTS, **UNSEEN_EVENTS}, with_state),
        "further": partial(strange, {**FURTHER_REQUESTS, **FURTHER_EVENTS}, with_state),
        "new": partial(strange, {**NEW_REQUESTS, **NEW_EVENTS}, with_state),
        "declared": declared,
    }
    every = of_which[asked.which]()
    third = [one for one in every if asked.third in (None, "unseen" if unseen(one.name) else "seen")]
    faults = [one for one in islice(third, 0, None, asked.every) if one.name in (asked.only or (one.name,))]
    print(table(f"Planted faults: {asked.which}", _each(faults, asked.jobs)).markdown())


if __name__ == "__main__":
    main()
