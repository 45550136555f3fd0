"""Faults in logs: what the example simulator answers with each of its faults, at many installations, replayed.

Each faulty system has a log of its own, as each maker's would have.
"""

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import closing
from enum import Enum
from pathlib import Path

import attrs
import click
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.options import Options
from benchmarks.table import Cell, Section
from examples.simulator.faults import Fault
from properties.conformance.suite.store import suite_of
from properties.conformance.targets.opening import open_target
from properties.conformance.targets.target import Limits
from properties.replay.generator import LogGenerator, LogOptions
from properties.replay.judging import JudgedLog, Starts, judge_log
from properties.replay.log_writers import as_parquet
from properties.replay.mapping import LogMapping, default_mapping
from properties.smets1.installation import CLAIMS

HISTORIES = 1_087
"""How many histories are drawn of each system: sequences of the suite, with requests between that change nothing."""
ALIKE = 10
"""How many installations have each."""
PATIENT = Limits(answer_seconds=600)
"""How long the simulator may take: as long as a busy machine takes."""


@attrs.frozen
class Judgement:
    """What the log of one system comes to.

    Parameters
    ----------
    fault: what is wrong with the system, if anything.
    known, unknown: where an inventory says how each installation begins, and where nothing is known of that.
    """

    fault: Fault | None
    known: JudgedLog
    unknown: JudgedLog

    def right(self, judged: JudgedLog) -> int:
        """How often a rule that the fault breaks is named first."""
        return sum(self.fault is not None and finding.rule in self.fault.rules for finding in judged.findings)


def faults(options: Options) -> Section:
    """For each fault, at how many installations it is found, and how often a rule that it breaks is named first."""
    alike = 1 if options.quick else ALIKE
    generator = LogGenerator(
        CLAIMS.system,
        LogOptions(options.at_most(HISTORIES), seed=options.seed, toward_goals=1),
        runs=[vector.scenario for vector in suite_of(CLAIMS).vectors],
    )
    mapping = default_mapping(CLAIMS.system)
    judgements = []
    for fault in (None, *Fault):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "log.parquet"
            starts = write_log(path, fault, generator, alike)
            judgements.append(judged(path, fault, starts, mapping))
        click.echo("  " + " | ".join(map(str, _row(judgements[-1]))), err=True)
    return _section(judgements, alike)


def write_log(path: Path, fault: Fault | None, generator: LogGenerator, alike: int) -> Starts:
    """Write the log of the simulator with one fault, and return how each case begins.

    Parameters
    ----------
    alike: how many installations have each history.
    """
    spec = f"examples.simulator.faulty:{fault.name.lower()}" if fault else "examples.simulator:factory"
    with closing(open_target(spec, CLAIMS.system, limits=PATIENT)) as target:
        generator.target = target
        content = b"".join(as_parquet(generator.entries(), CLAIMS.system))
    table = pq.read_table(pa.BufferReader(content))
    with pq.ParquetWriter(path, table.schema) as writer:
        for number in range(alike):
            case = pc.binary_join_element_wise(table.column("case"), f"{number:02}", "-")
            writer.write_table(table.set_column(0, "case", case))
    starts: dict[str, Mapping[str, tuple[Enum, ...]]] = {}
    for number in range(generator.options.cases):
        values = {name: (value,) for name, value in generator.start(number).as_dict().items()}
        starts |= {f"{number:08}-{one:02}": values for one in range(alike)}
    return starts


def judged(path: Path, fault: Fault | None, starts: Starts, mapping: LogMapping) -> Judgement:
    """Judge a log with what an inventory says, and without."""
    known, _ = judge_log(CLAIMS, mapping, [path], starts=starts)
    unknown, _ = judge_log(CLAIMS, attrs.evolve(mapping, unknown_start=True), [path])
    return Judgement(fault, known, unknown)


def _section(judgements: Sequence[Judgement], alike: int) -> Section:
    known, unknown = ([getattr(one, name) for one in judgements] for name in ("known", "unknown"))
    cases, entries = sum(one.cases for one in known), sum(one.entries for one in known)
    notes = [
        f"{cases:,} installations, {judgements[0].known.cases:,} of each system, {alike} of each history; "
        f"{entries:,} entries of a year.",
        f"With an inventory: {_summed(judgements, known)}.",
        f"Without it: {_summed(judgements, unknown)}.",
        "A fault shows only where a request meets it: an installation that does not deviate need not have shown it.",
    ]
    columns = ("fault", "breaks", "deviate", "named rightly first", "most often named", "without inventory", "rightly")
    return Section("Replay: faults in logs", columns, list(map(_row, judgements)), notes)


def _summed(judgements: Sequence[Judgement], logs: Sequence[JudgedLog]) -> str:
    deviating = [(one, log) for one, log in zip(judgements, logs, strict=True) if one.fault and log.findings]
    total, right = sum(len(log.findings) for _, log in deviating), sum(one.right(log) for one, log in deviating)
    mostly = sum(2 * one.right(log) > len(log.findings) for one, log in deviating)
    return (
        f"{len(deviating)} of {len(judgements) - 1} faults found, {total:,} deviations, {right:,} named rightly first, "
        f"and of {mostly} faults more than half; {sum(log.undecided for log in logs):,} entries undecided"
    )


def _row(one: Judgement) -> list[Cell]:
    named = Counter(finding.rule for finding in one.known.findings).most_common(1)
    return [
        one.fault.title if one.fault else "none",
        " ".join(one.fault.rules) if one.fault else "",
        len(one.known.findings),
        one.right(one.known),
        named[0][0] if named else "",
        len(one.unknown.findings),
        one.right(one.unknown),
    ]
