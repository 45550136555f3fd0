"""`check`: every property over every reachable state."""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from properties.cli.profiled import (
    ProfiledCommand,
    engine_option,
    only_option,
    profile_of,
    system_option,
    without_option,
)
from properties.console.output import expect_empty, write
from properties.console.size import size
from properties.console.spec import load_claims
from properties.console.terminal import in_colour, is_terminal, number_of, progress_bar

if TYPE_CHECKING:
    from properties.domain import Profile
    from statemachines.checker.engine import Engine
    from statemachines.checker.findings import Finding, Report
    from statemachines.checker.regulated_check import UnspecifiedClaim
    from statemachines.checker.slices import SliceSize
    from statemachines.language.claims import Claims

FORMATS = {
    "text": "properties.cli.counterexamples:text_file",
    "json": "properties.cli.counterexamples:json_file",
    "itf": "properties.cli.counterexamples:itf_files",
    "mermaid": "properties.cli.counterexamples:mermaid_file",
    "svg": "properties.cli.counterexamples:svg_file",
}
"""The formats of runs that every profile has, and what makes the files; a profile's exporters come besides."""

EXAMPLES = """\
  {command} check --system parcel_locker:claims                     every property
  {command} check --system parcel_locker:claims --property "a wrong code opens nothing"
  {command} check --system parcel_locker:claims --json
  {command} check --system parcel_locker:claims --out counterexamples
  {command} check --system parcel_locker:claims --witnesses --out witnesses --format svg
"""
NOTES = """\
--property leaves out whether the system is total, deterministic and alive.

--without lists the states, checks, transitions and answers that then never happen; they are no problems. A property
whose case never happens fails, as always.

--json has a witness of each property that holds, too. They are looked for on slices, which takes longer than the proof.

--out writes a directory for each property that fails: trace.txt, trace.json, run.itf.json (for the viewers of Apalache
and Quint), sequence.mmd and sequence.svg (a sequence diagram).

Exit codes: 0 all hold, 1 one does not (or the system is not total, deterministic and alive), 2 wrong options.
"""


def _format_option(profile: "Profile") -> list[click.Parameter]:
    return [
        click.Option(
            ["--format", "formats"], multiple=True, type=click.Choice([*FORMATS, *profile.exporters]),
            help="With --out: what to write; may be repeated. By default all of them.",
        )
    ]  # fmt: skip


@click.command("check", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES, options=_format_option)
@click.option("--property", "properties", multiple=True, metavar="NAME", help="Only this property; may be repeated.")
@system_option("What to check")
@only_option(" A property is decided with all assumptions and with none, not with every combination.")
@without_option()
@engine_option("auto")
@click.option(
    "--memory", type=size,
    help="The most that diagrams, or states, may take, such as 4G; by default 512M, and 3/4 of what is available.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Write counterexamples to this empty directory."
)
@click.option("--witnesses", is_flag=True, help="With --out: also write a witness of each property that holds.")
@click.pass_context
def check_command(
    context: click.Context,
    properties: tuple[str, ...],
    spec: str,
    only: str | None,
    off: tuple[str, ...],
    engine: str,
    memory: int | None,
    as_json: bool,
    out: Path | None,
    formats: tuple[str, ...],
    witnesses: bool,
) -> None:
    """Prove each property in every reachable state, or show a shortest counterexample.

    Properties are decided on sets of states of the whole system. Where the sets grow too large, and with --engine
    explicit, they are decided on slices, which keep only the variables that a property depends on.
    """
    from properties.tracing.results import report_as_dict  # noqa: PLC0415  # --help needs none of it
    from statemachines.checker.engine import Engine  # noqa: PLC0415
    from statemachines.memory import peak  # noqa: PLC0415

    if out is None and (witnesses or formats):
        raise click.UsageError("--format and --witnesses say what to write: expected --out DIR with them")
    if out is not None:
        expect_empty(out)
    started = time.perf_counter()
    claims = load_claims(spec, off)
    declared = time.perf_counter() - started
    report, apart = _decided(claims, properties, off, memory, Engine(engine), only_regulated=only is not None)
    report, never = _set_apart(report) if off else (report, ())
    seconds = time.perf_counter() - started
    written = None
    if out:
        written = _write(report, out, formats, witnesses=witnesses, profile=profile_of(context), off=off)
    if as_json:
        result = report_as_dict(report, seconds, apart, peak())
        result["system"]["phases"] = {"declaring": round(declared, 3), **result["system"]["phases"]}
        if off:
            result["without"] = {"assumptions": list(off), "never": list(never)}
        if written is not None:
            result["written"] = written
        click.echo(json.dumps(result, indent=2))
    else:
        if off:
            click.echo(f"without {' '.join(off)}")
        _print(report, seconds, apart, only_regulated=only is not None)
        for problem in never:
            click.echo(f"without {' '.join(off)}: {problem}")
        for path in written or ():
            click.echo(path)
        if written == []:
            click.echo(f"nothing is written to {out}: there is no run to show")
    if not report.holds:
        raise SystemExit(1)


def _decided(
    claims: "Claims",
    names: Sequence[str],
    off: Sequence[str],
    memory: int | None,
    engine: "Engine",
    *,
    only_regulated: bool,
) -> "tuple[Report, tuple[UnspecifiedClaim, ...] | None]":
    """The report on what is decided, and the claims that are not, if claims are set apart."""
    from statemachines.checker.check import check  # noqa: PLC0415  # --help needs none of it
    from statemachines.checker.regulated_check import check_regulated, left_open_without  # noqa: PLC0415

    with progress_bar("checking") as progress:
        if only_regulated:
            return check_regulated(claims, only=names, progress=progress, memory=memory, engine=engine)
        report = check(claims, only=names, progress=progress, memory=memory, engine=engine)
    if not off:
        return report, None
    with progress_bar("checking what is left open") as progress:
        report, apart = left_open_without(report, off, progress=progress, memory=memory, engine=engine)
    return report, apart or None


def _set_apart(report: "Report") -> "tuple[Report, tuple[str, ...]]":
    """The report where what is dead is no problem, and what is dead."""
    import attrs  # noqa: PLC0415  # --help needs none of it

    if report.wellformedness is None:
        return report, ()
    alive = attrs.evolve(report.wellformedness, dead=())
    return attrs.evolve(report, wellformedness=alive), report.wellformedness.dead


def _write(
    report: "Report", out: Path, formats: tuple[str, ...], *, witnesses: bool, profile: "Profile", off: tuple[str, ...]
) -> list[str]:
    """Write the runs of the properties; the paths of the files."""
    from properties.cli.counterexamples import files_of  # noqa: PLC0415  # --help needs none of it

    files = files_of(report.findings, formats, witnesses=witnesses, profile=profile, off=off)
    return [str(write(out / path, content)) for path, content in files]


def _print(
    report: "Report", seconds: float, apart: "tuple[UnspecifiedClaim, ...] | None", *, only_regulated: bool
) -> None:
    checked = report.wellformedness
    for line in _system_in_words(report):
        click.echo(line)
    for problem in checked.problems if checked else ():
        click.echo(f"{in_colour('problem', 'red')}: {problem}")
    if is_terminal(sys.stdout):
        _print_table(report)
    else:
        for finding in report.findings:
            verdict = "holds" if finding.holds else "FAILS"
            click.echo(f"{verdict}  {finding.claim.name}  [{_cited(report, finding)}]  {_looked_at(finding)}")
    for one in apart or ():
        click.echo(f"unspecified  {one.claim.name}  [{report.system.register.citation(one.claim.rules)}]  {one.why}")
    for finding in report.findings:
        if not finding.holds:
            _print_failure(report, finding)
    failed = sum(not finding.holds for finding in report.findings)
    claims = [*(finding.claim for finding in report.findings), *(one.claim for one in apart or ())]
    if any(report.system.register.assumed(claim.rules) for claim in claims):
        click.echo("* after a rule's id: in whole or in part an assumption")
    unspecified = "" if apart is None else f", {len(apart)} unspecified"
    bases = f"; {_bases(report)}" if report.findings else ""
    taken = f"{''.join(_memory_taken(report))}{seconds:.1f} s"
    click.echo(f"{len(report.findings) - failed} hold, {failed} fail{unspecified}, in {taken}{bases}")
    if only_regulated:
        click.echo("each is decided with all assumptions and with none, not with every combination of them")


def _memory_taken(report: "Report") -> Iterator[str]:
    from statemachines.memory import in_words, peak  # noqa: PLC0415  # --help needs none of it

    if report.nodes:
        yield f"{number_of(report.nodes, 'node')} of diagrams, "
    taken = peak()
    if taken is not None:
        yield f"{in_words(taken)} of memory and "


def _cited(report: "Report", finding: "Finding") -> str:
    return report.system.register.citation(finding.claim.rules)


def _bases(report: "Report") -> str:
    """The number of properties of each basis."""
    bases = Counter(report.system.register.basis(finding.claim.rules).value for finding in report.findings)
    return ", ".join(
        f"{bases[name]} {name}" for name in ("regulated", "regulated and assumed", "assumed") if bases[name]
    )


def _system_in_words(report: "Report") -> Iterator[str]:
    checked = report.wellformedness
    requests, variables = number_of(report.requests, "request"), number_of(len(report.system.variables), "variable")
    combinations = number_of(report.combinations, "combination")
    yield f"{report.system.name}: {requests}, {variables}, {combinations} of values"
    if checked and checked.whole:
        states, depth = number_of(checked.whole.states, "state"), checked.whole.depth
        pairs = f"{checked.whole.transitions:,} of {checked.whole.states * report.requests:,} (state, request) pairs"
        within = "" if depth is None else f"; every state within {number_of(depth, 'request')}"
        yield f"{states}; {pairs} change the state{within}"
    of_sets = [finding for finding in report.findings if finding.engine.value == "symbolic"]
    by_sets, variables_of_it = len(of_sets), len(report.system.variables)
    on_slices = sum(any(len(part.variables) < variables_of_it for part in finding.slices) for finding in of_sets)
    if by_sets > on_slices:
        yield f"properties decided on sets of states of the whole system: {by_sets - on_slices}"
    if on_slices:
        yield f"properties decided on sets of states of a slice: {on_slices}"
    parts = [part for part in report.slices if not by_sets or len(part.variables) < variables_of_it]
    if parts and by_sets < len(report.findings):
        others = f"; properties decided there: {len(report.findings) - by_sets}" if by_sets else ""
        yield f"decided by {_slices(parts)}{others}"
    if report.without_sets:
        yield f"not all was decided on sets of states: {report.without_sets}"
    if checked:
        yield f"total: {_yes(not checked.not_total)}, deterministic: {_yes(not checked.not_deterministic)}"
    else:
        yield "whether the system is well-formed was not checked"


def _print_table(report: "Report") -> None:
    from rich.console import Console  # noqa: PLC0415  # only for people
    from rich.table import Table  # noqa: PLC0415

    table = Table("", "property", "rules", "kind", "looked at")
    for finding in report.findings:
        verdict = "[green]holds[/]" if finding.holds else "[red]FAILS[/]"
        rules = _cited(report, finding)
        table.add_row(verdict, finding.claim.name, rules, finding.claim.kind, _looked_at(finding))
    Console().print(table)


def _looked_at(finding: "Finding") -> str:
    if not finding.slices:
        return "decided without exploring"
    states = number_of(finding.states, "state")
    looked = f"{states}, {number_of(finding.transitions, 'transition')}" if finding.transitions else states
    return f"{looked}, in {_slices(finding.slices)}" if len(finding.slices) > 1 else looked


def _slices(slices: "Sequence[SliceSize]") -> str:
    """How many slices, and the size of the largest, which is the last one."""
    states = number_of(slices[-1].states, "state")
    return f"{len(slices)} slices, largest slice {states}" if len(slices) > 1 else f"1 slice of {states}"


def _print_failure(report: "Report", finding: "Finding") -> None:
    click.echo(f"\n{in_colour('FAILS', 'red')}: {finding.claim.name} [{_cited(report, finding)}]")
    if finding.vacuous:
        why = "" if finding.claim.kind == "sometimes" else "the claim is vacuous: "
        click.echo(f"  {why}{finding.vacuous}")
    else:
        click.echo(f"  it is claimed: {finding.condition}")
        click.echo(f"  {'at the end of the run: ' if finding.counterexample else ''}{finding.broken}")
    if finding.counterexample:
        click.echo("shortest counterexample:")
        click.echo(finding.counterexample.text())
    if finding.other_run:
        click.echo("and the run that looks different:")
        click.echo(finding.other_run.text())
    click.echo()


def _yes(value: bool) -> str:
    return "yes" if value else in_colour("NO", "red")
