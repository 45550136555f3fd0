"""`trace`: what declares, tests and draws each rule."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from properties.cli.profiled import ProfiledCommand, profile_of, system_option
from properties.console.output import write
from properties.console.spec import load_claims
from properties.console.terminal import InputError, in_colour, is_terminal, progress_bar

if TYPE_CHECKING:
    from properties.domain import Profile
    from properties.tracing.results import Results
    from properties.tracing.traceability import Traceability
    from statemachines.language.rules import Basis

EXAMPLES = """\
  {command} trace --system parcel_locker:claims                     a line for each rule, with its results
  {command} trace BOX-1 --system parcel_locker:claims               one rule, with all that goes back to it
  {command} trace --system parcel_locker:claims --no-check          the same without results, at once
  {command} trace --system parcel_locker:claims --html --out traceability.html
"""
NOTES = """\
\b
Exit codes: 0 every rule is declared and tested, and every property holds; 1 a rule is not, or a property does not
(they are named on standard error); 2 wrong options.
"""


@click.command("trace", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES)
@click.argument("rules", nargs=-1, metavar="[RULE]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print a page in Markdown.")
@click.option("--html", "as_html", is_flag=True, help="Print a page in HTML that needs nothing else.")
@system_option("What to trace in; may be repeated", multiple=True)
@click.option(
    "--diagrams", "folders", multiple=True, metavar="DIR",
    help="Directory that `render` wrote; one for each --system.",
)  # fmt: skip
@click.option(
    "--report", "reports", multiple=True, metavar="FILE", type=click.Path(path_type=Path),
    help="Results that `check --json` wrote; one for each --system.",
)  # fmt: skip
@click.option(
    "--by-source", is_flag=True,
    help="List the sections of the sources instead, each with the rules that come from it.",
)  # fmt: skip
@click.option("--no-check", is_flag=True, help="Leave the results out.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="File to write; its path is printed.")
@click.pass_context
def trace_command(
    context: click.Context,
    rules: tuple[str, ...],
    as_json: bool,
    as_markdown: bool,
    as_html: bool,
    specs: tuple[str, ...],
    folders: tuple[str, ...],
    reports: tuple[Path, ...],
    by_source: bool,
    no_check: bool,
    out: Path | None,
) -> None:
    """Show for each rule its source, its declarations, tests and pictures, and the results.

    Without RULE, all of them. The properties are checked first, unless --report or --no-check is given.
    """
    forms = [name for name, wanted in (("json", as_json), ("markdown", as_markdown), ("html", as_html)) if wanted]
    if len(forms) > 1:
        raise InputError(f"--{forms[0]} and --{forms[1]} are two forms of one output; give one")
    if reports and no_check:
        raise InputError("--report brings results and --no-check leaves them out; give one")
    profile, specs = profile_of(context), tuple(dict.fromkeys(specs))
    if by_source:
        if reports or folders:
            raise InputError("--by-source shows neither results nor pictures; leave out --report and --diagrams")
        _print_sources(rules, specs, profile.command, forms[0] if forms else "", out)
        return
    if folders and len(folders) != len(specs):
        raise InputError(
            f"--diagrams is given {len(folders)} times for {len(specs)} systems; give one for each --system"
        )
    folders = folders or tuple(profile.traced.get(spec, "diagrams") for spec in specs)
    traced = _traced(profile, rules, specs, folders, reports, no_check)
    _print(traced, profile.command, forms[0] if forms else "", bool(rules), out)
    for label, ids in (
        ("nothing declares", traced.undeclared),
        ("no property tests", traced.untested),
        ("not held", traced.failing),
    ):
        if ids:
            click.echo(f"{label}: {' '.join(ids)}", err=True)
    for problem in traced.problems:
        click.echo(f"problem: {problem}", err=True)
    if not traced.complete:
        raise SystemExit(1)


def _traced(
    profile: "Profile",
    rules: tuple[str, ...],
    specs: tuple[str, ...],
    folders: tuple[str, ...],
    reports: tuple[Path, ...],
    no_check: bool,
) -> "Traceability":
    from properties.tracing.results import checked, reported  # noqa: PLC0415
    from properties.tracing.traceability import TracedSubject, common_register, selected, trace  # noqa: PLC0415
    from statemachines.drawing.draw import pictures_of  # noqa: PLC0415  # --help needs none of it

    systems = [load_claims(spec) for spec in specs]
    ids = selected(common_register(claims.system for claims in systems), rules)
    results: Sequence[Results | None] = [None] * len(systems)
    if reports:
        results = reported(systems, ids, reports)
    elif not no_check:
        with progress_bar("checking") as progress:
            results = [checked(claims, ids, progress=progress) for claims in systems]
    subjects = [
        TracedSubject(
            claims,
            (*profile.illustrations_of(spec), *pictures_of(claims.system, wording=profile.wording_of(spec))),
            folder,
            result,
        )
        for spec, claims, folder, result in zip(specs, systems, folders, results, strict=True)
    ]
    return trace(subjects, ids)


def _print_sources(rules: tuple[str, ...], specs: tuple[str, ...], command: str, form: str, out: Path | None) -> None:
    from properties.tracing.sources import (  # noqa: PLC0415  # --help needs none of it
        sections_of,
        source_lines,
        sources_as_dict,
        sources_page,
    )
    from properties.tracing.traceability import common_register, selected  # noqa: PLC0415
    from statemachines.drawing.page import html, markdown  # noqa: PLC0415

    register = common_register(load_claims(spec).system for spec in specs)
    if not register.sections:
        raise InputError("the register has no sections of its sources; expected `Register(..., sections=...)`")
    sections = sections_of(register, selected(register, rules) if rules else ())
    if form == "json":
        text = json.dumps(sources_as_dict(register, sections), indent=2) + "\n"
    elif form:
        page = sources_page(register, sections, made_by=f"{command} trace --by-source")
        text = html(page) if form == "html" else markdown(page)
    else:
        text = "".join(f"{line}\n" for line in source_lines(sections))
    _deliver(text, page=form in ("html", "markdown"), out=out)


def _deliver(text: str, *, page: bool, out: Path | None) -> None:
    if out is not None:
        click.echo(str(write(out, text.encode())))
    elif page:
        click.echo(text.encode(), nl=False)  # a page says what encoding it is in
    else:
        click.echo(text, nl=False)


def _print(traced: "Traceability", command: str, form: str, in_full: bool, out: Path | None) -> None:
    if form == "json":
        from properties.tracing.as_json import trace_as_dict  # noqa: PLC0415  # --help needs none of it

        text = json.dumps(trace_as_dict(traced), indent=2) + "\n"
    elif form:
        text = _page(traced, command, form, out)
    else:
        if out is None and is_terminal(sys.stdout):
            _print_table(traced)
            lines: Iterator[str] = iter([_totals(traced)])
        else:
            lines = _lines(traced)
        full = _in_full(traced, _painted if out is None else str) if in_full else ()
        text = "".join(f"{line}\n" for line in (*lines, *full))
    _deliver(text, page=bool(form), out=out)


def _page(traced: "Traceability", command: str, form: str, out: Path | None) -> str:
    from properties.tracing.trace_page import trace_page  # noqa: PLC0415
    from statemachines.drawing.page import html, markdown  # noqa: PLC0415

    page = trace_page(traced, _way_from(out), made_by=f"{command} trace")
    return html(page) if form == "html" else markdown(page)


def _way_from(out: Path | None) -> Callable[[str], str]:
    """The way to a path from a page that is written there, or read where one stands."""
    return lambda path: path if out is None else Path(os.path.relpath(path, out.parent)).as_posix()


def _lines(traced: "Traceability") -> Iterator[str]:
    """A line for each rule, and a line of totals."""
    for one in traced.rules:
        declared, tested, shown = len(one.declarations), len(one.properties), len(one.diagrams)
        counts = f"declarations {declared}, properties {tested}, diagrams {shown}"
        yield f"{one.standing}  {one.rule.id}  {one.rule.basis.value}  {counts}  {one.rule.statement}"
    yield _totals(traced)


def _totals(traced: "Traceability") -> str:
    tally = traced.tally
    held = "not checked" if tally.held is None else f"{tally.exercised} exercised, {tally.held} held"
    return f"{tally.rules} rules: {tally.declared} declared, {tally.tested} tested, {tally.shown} shown, {held}"


def _in_full(traced: "Traceability", painted: Callable[[str], str]) -> Iterator[str]:
    """All that goes back to each rule, a line to a thing."""

    def of(system: str) -> str:
        return f", in {system}" if len(traced.systems) > 1 else ""

    def hanging(basis: "Basis") -> str:
        return f" [{basis.value}]" if basis.value != "regulated" else ""

    for one in traced.rules:
        rule = one.rule
        yield f"{rule.id}: {rule.statement}"
        yield f"  source: {rule.source}"
        yield f"  basis: {rule.basis.value}{f' ({rule.assumption})' if rule.assumption not in ('', 'all') else ''}"
        yield f"  result: {painted(one.standing)}"
        for part in one.declarations:
            yield f"  {part.heading}: {part.words}{of(part.system)}{hanging(part.basis)}"
        for tested in one.properties:
            standing = f"{painted(tested.standing)}{hanging(tested.basis)}"
            yield f"  property: {tested.name} ({tested.kind}{of(tested.system)}): {standing}"
        for diagram in one.diagrams:
            yield f"  diagram: {diagram.path}"


def _painted(standing: str) -> str:
    return in_colour(standing, {"held": "green", "not checked": "white"}.get(standing, "red"))


def _print_table(traced: "Traceability") -> None:
    from rich.console import Console  # noqa: PLC0415  # only for people
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table("rule", "result", "what it says", "source", "basis", "declared", "tested", "shown")
    for one in traced.rules:
        colour = {"held": "green", "not checked": ""}.get(one.standing, "red")
        counts = (len(one.declarations), len(one.properties), len(one.diagrams))
        table.add_row(
            Text(one.rule.id), Text(one.standing, style=colour), Text(one.rule.statement), Text(one.rule.source),
            Text(one.rule.basis.value, style="yellow" if one.rule.assumed else ""), *(str(count) for count in counts),
        )  # fmt: skip
    Console().print(table)
