"""`smets1 check`: every property over every reachable state."""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from properties.console.output import expect_empty, write
from properties.console.size import SIZE
from properties.console.spec import INSTALLATION, SpecError, load_claims
from properties.console.terminal import Refused, in_colour, is_terminal, progress_bar

if TYPE_CHECKING:
    from statemachines.checker.check import Finding, Report
    from statemachines.checker.slices import Part

FORMATS = ("text", "json", "mermaid", "svg", "duis")

EPILOG = """\
\b
Examples:
  smets1 check                                      every property of the installation
  smets1 check --property "no activation on a PPMID without its keys"
  smets1 check --system properties.smets1.faults:dco_is_skipped
  smets1 check --json
  smets1 check --system properties.smets1.faults:gas_supplier_may_activate --out found
  smets1 check --property "supply may be split" --witnesses --out found --format svg

With --property, only those are decided, and not whether the system is total, deterministic and alive.

With --out, each property that fails has a directory of its own there: trace.txt, trace.json, sequence.mmd and
sequence.svg (a sequence diagram), and requests/, with each Service Request as DUIS XML, the installation as it stood
before, and a README.txt. Systems other than the SMETS1 installation have no DUIS requests.

Exit codes: 0 all hold, 1 one does not (or the system is not total, deterministic and alive), 2 wrong options.
"""


@click.command("check", epilog=EPILOG)
@click.option("--property", "properties", multiple=True, metavar="NAME", help="Only this property; may be repeated.")
@click.option(
    "--system",
    "spec",
    default=INSTALLATION,
    show_default=True,
    metavar="SPEC",
    help="What to check: package.module:attribute of a Claims, or of a function that makes one.",
)
@click.option("--memory", type=SIZE, help="The most memory that exploring a slice may take, such as 4G.")
@click.option(
    "--jobs", type=click.IntRange(1, 2), metavar="N", help="Processes, 1 or 2; by default 2 on two processors."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Write counterexamples there; it has to be empty."
)
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(FORMATS), default=FORMATS,
    help="With --out: what to write; may be repeated. By default all of them.",
)  # fmt: skip
@click.option("--witnesses", is_flag=True, help="With --out: write a witness of each property that holds, too.")
def check_command(
    properties: tuple[str, ...],
    spec: str,
    memory: int | None,
    jobs: int | None,
    as_json: bool,
    out: Path | None,
    formats: tuple[str, ...],
    witnesses: bool,
) -> None:
    """Explore every reachable state: each property holds, or here is a shortest counterexample.

    Each property is decided on slices of the system, which keep only the variables that it depends on.
    """
    from statemachines.checker.check import check  # noqa: PLC0415  # --help needs none of it
    from statemachines.checker.explicit import processors  # noqa: PLC0415
    from statemachines.errors import DeclarationError  # noqa: PLC0415

    if out is None and (witnesses or formats != FORMATS):
        raise click.UsageError("--format and --witnesses say what to write: expected --out DIR with them")
    if out is not None:
        expect_empty(out)
    started = time.perf_counter()
    try:
        claims = load_claims(spec)
        with progress_bar("checking") as progress:
            report = check(claims, only=properties, progress=progress, memory=memory, processes=jobs or processors())
    except (SpecError, DeclarationError) as error:
        raise Refused(str(error)) from None
    seconds = time.perf_counter() - started
    written = _written(report, out, formats, witnesses) if out else None
    if as_json:
        told = _as_dict(report, seconds) | ({} if written is None else {"written": written})
        click.echo(json.dumps(told, indent=2))
    else:
        _print(report, seconds)
        for path in written or ():
            click.echo(path)
        if written == []:
            click.echo(f"nothing is written to {out}: there is no run to show")
    if not report.holds:
        raise SystemExit(1)


def _written(report: "Report", out: Path, formats: tuple[str, ...], witnesses: bool) -> list[str]:
    """Write the runs of the properties, and say which files."""
    from properties.cli.counterexamples import Format, files_of  # noqa: PLC0415  # --help needs none of it

    wanted = [Format(name) for name in dict.fromkeys(formats)]
    return [str(write(out / path, content)) for path, content in files_of(report.findings, wanted, witnesses=witnesses)]


def _as_dict(report: "Report", seconds: float) -> dict[str, Any]:
    survey = report.survey
    whole = survey.whole if survey else None
    return {
        "system": {
            "name": report.system.name,
            "holds": report.holds,
            "requests": report.requests,
            "variables": len(report.system.variables),
            "combinations": report.combinations,
            "states": whole.states if whole else None,
            "pairs": whole.states * report.requests if whole else None,
            "transitions": whole.transitions if whole else None,
            "depth": whole.depth if whole else None,
            "slices": len(report.slices),
            "largest_slice": _part_as_dict(report.slices[-1]) if report.slices else None,
            "total": not survey.not_total if survey else None,
            "deterministic": not survey.not_deterministic if survey else None,
            "problems": list(survey.problems) if survey else None,
            "seconds": round(seconds, 3),
        },
        "properties": [_finding_as_dict(finding) for finding in report.findings],
    }


def _finding_as_dict(finding: "Finding") -> dict[str, Any]:
    return {
        "name": finding.claim.name,
        "kind": finding.claim.kind,
        "rules": list(finding.claim.rules),
        "holds": finding.holds,
        "states": finding.states,
        "transitions": finding.transitions,
        "slices": [_part_as_dict(part) for part in finding.slices],
        "seconds": round(finding.seconds, 4),
        "counterexample": finding.counterexample.as_dict() if finding.counterexample else None,
        "other_run": finding.other_run.as_dict() if finding.other_run else None,
        "witness": finding.witness.as_dict() if finding.witness else None,
        "vacuous": finding.vacuous or None,
    }


def _part_as_dict(part: "Part") -> dict[str, Any]:
    return {"variables": list(part.variables), "combinations": part.combinations, "states": part.states}


def _print(report: "Report", seconds: float) -> None:
    survey = report.survey
    for line in _system_in_words(report):
        click.echo(line)
    for problem in survey.problems if survey else ():
        click.echo(f"{in_colour('problem', 'red')}: {problem}")
    if is_terminal(sys.stdout):
        _print_table(report)
    else:
        for finding in report.findings:
            verdict = "holds" if finding.holds else "FAILS"
            click.echo(f"{verdict}  {finding.claim.name}  [{' '.join(finding.claim.rules)}]  {_looked_at(finding)}")
    for finding in report.findings:
        if not finding.holds:
            _print_failure(finding)
    failed = sum(not finding.holds for finding in report.findings)
    click.echo(f"{len(report.findings) - failed} hold, {failed} fail, in {seconds:.1f} s")


def _system_in_words(report: "Report") -> Iterator[str]:
    survey = report.survey
    yield (
        f"{report.system.name}: {report.requests:,} requests, {len(report.system.variables)} variables, "
        f"{report.combinations:,} combinations of values"
    )
    if survey and survey.whole:
        pairs = survey.whole.states * report.requests
        yield (
            f"{survey.whole.states:,} states, {pairs:,} (state, request) pairs, "
            f"{survey.whole.transitions:,} of them change the state; at most {survey.whole.depth} requests to any state"
        )
    if report.slices:
        yield f"decided by {_slices(report.slices)}"
    if survey:
        yield f"total: {_yes(not survey.not_total)}, deterministic: {_yes(not survey.not_deterministic)}"
    else:
        yield "whether the system is total, deterministic and alive was not asked"


def _print_table(report: "Report") -> None:
    from rich.console import Console  # noqa: PLC0415  # only for people
    from rich.table import Table  # noqa: PLC0415

    table = Table("", "property", "rules", "kind", "looked at")
    for finding in report.findings:
        verdict = "[green]holds[/]" if finding.holds else "[red]FAILS[/]"
        rules = " ".join(finding.claim.rules)
        table.add_row(verdict, finding.claim.name, rules, finding.claim.kind, _looked_at(finding))
    Console().print(table)


def _looked_at(finding: "Finding") -> str:
    states = f"{finding.states:,} states"
    looked = f"{states}, {finding.transitions:,} transitions" if finding.transitions else states
    return f"{looked}, in {_slices(finding.slices)}" if len(finding.slices) > 1 else looked


def _slices(slices: "Sequence[Part]") -> str:
    """So many slices, and how large the largest is: the last one."""
    states = f"{slices[-1].states:,} states"
    return f"{len(slices)} slices, largest slice {states}" if len(slices) > 1 else f"1 slice of {states}"


def _print_failure(finding: "Finding") -> None:
    click.echo(f"\n{in_colour('FAILS', 'red')}: {finding.claim.name} [{' '.join(finding.claim.rules)}]")
    if finding.vacuous:
        click.echo(f"  it says nothing: {finding.vacuous}")
    if finding.counterexample:
        click.echo("shortest counterexample:")
        click.echo(finding.counterexample.text())
    if finding.other_run:
        click.echo("and the run that looks different:")
        click.echo(finding.other_run.text())
    click.echo()


def _yes(value: bool) -> str:
    return "yes" if value else in_colour("NO", "red")
