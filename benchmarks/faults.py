"""Faults in logs: what the example simulator answers with each of its faults, at many installations, replayed."""

import json
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import attrs
import click

from benchmarks.options import Options
from benchmarks.table import Cell, Section
from examples.simulator.faults import Fault
from properties.conformance.targets.opening import open_target
from properties.replay.findings import Finding
from properties.replay.generator import LogGenerator, LogOptions
from properties.replay.judging import Starts, judge_log
from properties.replay.mapping import default_mapping
from properties.smets1.installation import CLAIMS

CASES = 12_000
"""How many installations there are, an equal part with each fault, and one part with none."""
BEFORE = 40
"""How many requests have happened before the log begins."""


def faults(options: Options) -> Section:
    """For each fault, at how many installations it is found, and how often a rule that it breaks is named first."""
    every: list[Fault | None] = [None, *Fault]
    cases = options.at_most(CASES) // len(every)
    mapping = default_mapping(CLAIMS.system)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.jsonl"
        starts = _written(path, every, LogOptions(cases, seed=options.seed, before=BEFORE))
        known, _ = judge_log(CLAIMS, mapping, [path], starts=starts)
        unknown, _ = judge_log(CLAIMS, attrs.evolve(mapping, unknown_start=True), [path])
    with_inventory, without = _by_fault(known.findings, every), _by_fault(unknown.findings, every)
    rows = [
        _row(fault, own, without[number]) for number, (fault, own) in enumerate(zip(every, with_inventory, strict=True))
    ]
    notes = [
        f"{known.cases:,} installations, {cases:,} with each fault and as many with none, {known.entries:,} entries of "
        f"a year; each begins in a state to which {BEFORE} requests have led, and which the inventory has.",
        f"With the inventory: {_summed(every, with_inventory)}; {known.undecided:,} entries undecided.",
        f"Without it: {_summed(every, without)}; {unknown.undecided:,} entries undecided.",
        "A fault shows only where a request meets it: an installation that does not deviate need not have shown it.",
    ]
    columns = ("fault", "breaks", "deviate", "named rightly first", "most often named", "without inventory", "rightly")
    return Section("Replay: faults in logs", columns, rows, notes)


def _written(path: Path, every: Sequence[Fault | None], options: LogOptions) -> Starts:
    """Write the log of all, and say how each case begins."""
    generator = LogGenerator(CLAIMS.system, options)
    with path.open("w", encoding="utf-8") as file:
        for number, fault in enumerate(every):
            click.echo(f"  {number} of {len(every)}", err=True)
            spec = f"examples.simulator.faulty:{fault.name.lower()}" if fault else "examples.simulator:factory"
            with closing(open_target(spec, CLAIMS.system)) as target:
                generator.target = target
                file.writelines(
                    json.dumps({**entry, "case": f"{number:03}-{entry['case']}"}) + "\n"
                    for entry in generator.entries()
                )
    return {
        f"{number:03}-{case:08}": {name: (value,) for name, value in generator.start(case).as_dict().items()}
        for number in range(len(every))
        for case in range(options.cases)
    }


def _by_fault(findings: Sequence[Finding], every: Sequence[Fault | None]) -> list[list[Finding]]:
    own: list[list[Finding]] = [[] for _ in every]
    for finding in findings:
        own[int(finding.case[:3])].append(finding)
    return own


def _right(fault: Fault | None, findings: Sequence[Finding]) -> int:
    """How often a rule that the fault breaks is named first."""
    return sum(fault is not None and finding.rule in fault.rules for finding in findings)


def _summed(every: Sequence[Fault | None], findings: Sequence[Sequence[Finding]]) -> str:
    deviating = [(fault, own) for fault, own in zip(every, findings, strict=True) if fault and own]
    total, right = sum(len(own) for _, own in deviating), sum(_right(fault, own) for fault, own in deviating)
    mostly = sum(2 * _right(fault, own) > len(own) for fault, own in deviating)
    return (
        f"{len(deviating)} of {len(every) - 1} faults found, {total:,} deviations, {right:,} named rightly first, and "
        f"of {mostly} faults more than half"
    )


def _row(fault: Fault | None, findings: Sequence[Finding], without: Sequence[Finding]) -> list[Cell]:
    named = Counter(finding.rule for finding in findings).most_common(1)
    return [
        fault.title if fault else "none",
        " ".join(fault.rules) if fault else "",
        len(findings),
        _right(fault, findings),
        named[0][0] if named else "",
        len(without),
        _right(fault, without),
    ]
