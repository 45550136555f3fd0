"""`smets1 trace`: what declares, tests and draws each rule."""

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from properties.console.output import write
from properties.console.spec import TRACED, SpecError, load_claims
from properties.console.terminal import Refused, in_colour, is_terminal, progress_bar

if TYPE_CHECKING:
    from properties.tracing.results import Results
    from properties.tracing.traceability import Tally, Traceability, Traced
    from statemachines.language.claims import Claims

EPILOG = """\
\b
Examples:
  smets1 trace                                      a line for each rule, with what the properties found
  smets1 trace KEY-4 KEY-5                          two rules, with all that goes back to them
  smets1 trace --no-check                           the same without results, at once
  smets1 trace --html --out traceability.html       a page for people, with links to diagrams/
  smets1 check --json > report.json
  smets1 trace --system properties.smets1.installation:CLAIMS --report report.json --json

\b
Exit codes: 0 every rule is declared and tested, and every property holds; 1 a rule is not, or a property does not
(they are named on standard error); 2 wrong options.
"""


@click.command("trace", epilog=EPILOG)
@click.argument("rules", nargs=-1, metavar="[RULE]...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print a page in Markdown.")
@click.option("--html", "as_html", is_flag=True, help="Print a page in HTML that needs nothing else.")
@click.option(
    "--system", "specs", multiple=True, default=tuple(TRACED), show_default=True, metavar="SPEC",
    help="What to trace in: package.module:attribute of a Claims, or of a function that makes one; may be repeated.",
)  # fmt: skip
@click.option(
    "--diagrams", "folders", multiple=True, metavar="DIR",
    help="Where `smets1 render` wrote the pictures; one for each --system.",
)  # fmt: skip
@click.option(
    "--report", "reports", multiple=True, metavar="FILE", type=click.Path(path_type=Path),
    help="Take the results from what `smets1 check --json` wrote; one for each --system.",
)  # fmt: skip
@click.option("--no-check", is_flag=True, help="Leave the results out.")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="Write there, and print the path.")
def trace_command(
    rules: tuple[str, ...],
    as_json: bool,
    as_markdown: bool,
    as_html: bool,
    specs: tuple[str, ...],
    folders: tuple[str, ...],
    reports: tuple[Path, ...],
    no_check: bool,
    out: Path | None,
) -> None:
    """Show for each rule where it comes from, what declares, tests and draws it, and what was found.

    Without RULE, all of them. The properties are checked first, unless --report or --no-check is given.
    """
    forms = [name for name, wanted in (("json", as_json), ("markdown", as_markdown), ("html", as_html)) if wanted]
    if len(forms) > 1:
        raise Refused(f"--{forms[0]} and --{forms[1]} are two forms of one output; give one")
    if reports and no_check:
        raise Refused("--report brings results and --no-check leaves them out; give one")
    found = _found(rules, tuple(dict.fromkeys(specs)), folders, reports, no_check)
    _print(found, forms[0] if forms else "", bool(rules), out)
    for told, ids in (
        ("nothing declares", found.undeclared),
        ("no property tests", found.untested),
        ("not held", found.failing),
    ):
        if ids:
            click.echo(f"{told}: {' '.join(ids)}", err=True)
    for problem in found.problems:
        click.echo(f"problem: {problem}", err=True)
    if not found.complete:
        raise SystemExit(1)


def _found(
    rules: tuple[str, ...],
    specs: tuple[str, ...],
    folders: tuple[str, ...],
    reports: tuple[Path, ...],
    no_check: bool,
) -> "Traceability":
    from properties.cli.render import pictures_of  # noqa: PLC0415  # --help needs none of it
    from properties.tracing.results import ReportError  # noqa: PLC0415
    from properties.tracing.traceability import Subject, TraceError, chosen, common_register, trace  # noqa: PLC0415
    from statemachines.errors import DeclarationError  # noqa: PLC0415

    if folders and len(folders) != len(specs):
        raise Refused(f"--diagrams is given {len(folders)} times for {len(specs)} systems; give one for each --system")
    try:
        systems = [load_claims(spec) for spec in specs]
        ids = chosen(common_register(claims.system for claims in systems), rules)
        results: Sequence[Results | None] = [None] * len(systems)
        if reports:
            results = _reported(systems, ids, reports)
        elif not no_check:
            results = [_checked(claims, ids) for claims in systems]
        places = folders or [TRACED.get(spec, "diagrams") for spec in specs]
        subjects = [
            Subject(claims, pictures_of(claims.system), folder, result)
            for claims, folder, result in zip(systems, places, results, strict=True)
        ]
        return trace(subjects, ids)
    except (SpecError, DeclarationError, TraceError, ReportError) as error:
        raise Refused(str(error)) from None


def _checked(claims: "Claims", ids: tuple[str, ...]) -> "Results":
    """What the checker finds of the claims that test these rules."""
    from properties.tracing.results import Results, results_of  # noqa: PLC0415
    from properties.tracing.traceability import claims_on  # noqa: PLC0415
    from statemachines.checker.check import check  # noqa: PLC0415
    from statemachines.checker.explicit import processors  # noqa: PLC0415

    names = [claim.name for claim in claims_on(claims, ids)]
    if not names:
        return Results(claims.system.name, {})
    some = names if len(names) < len(claims.claims) else ()  # with all of them, the system itself is looked at, too
    with progress_bar(f"checking {claims.system.name}") as progress:
        return results_of(claims.system, check(claims, only=some, progress=progress, processes=processors()))


def _reported(systems: Sequence["Claims"], ids: tuple[str, ...], paths: tuple[Path, ...]) -> "list[Results]":
    """What the reports say of each system."""
    from properties.tracing.results import ReportError, expect, read_results  # noqa: PLC0415
    from properties.tracing.traceability import claims_on  # noqa: PLC0415

    known = {claims.system.name: claims for claims in systems}
    found: dict[str, Results] = {}
    for path in paths:
        results = read_results(path)
        if results.system not in known:
            raise ReportError(
                f"the report {path} is of the system {results.system!r}; expected one of {', '.join(map(repr, known))}"
            )
        if results.system in found:
            raise ReportError(f"the report {path} is a second one of the system {results.system!r}; expected one")
        expect(results, claims_on(known[results.system], ids), path)
        found[results.system] = results
    for name in known:
        if name not in found:
            raise ReportError(f"no report is of the system {name!r}; give one --report for each --system")
    return [found[name] for name in known]


def _print(found: "Traceability", form: str, in_full: bool, out: Path | None) -> None:
    if form == "json":
        text = json.dumps(_as_dict(found), indent=2) + "\n"
    elif form:
        text = _page(found, form, out)
    else:
        if out is None and is_terminal(sys.stdout):
            _print_table(found)
            lines: Iterator[str] = iter([_totals(found)])
        else:
            lines = _lines(found)
        full = _in_full(found, _painted if out is None else str) if in_full else ()
        text = "".join(f"{line}\n" for line in (*lines, *full))
    if out is not None:
        click.echo(str(write(out, text.encode())))
    elif form:
        click.echo(text.encode(), nl=False)  # a page says what encoding it is in
    else:
        click.echo(text, nl=False)


def _page(found: "Traceability", form: str, out: Path | None) -> str:
    from properties.tracing.page import html, markdown  # noqa: PLC0415
    from properties.tracing.trace_page import trace_page  # noqa: PLC0415

    page = trace_page(found, _way_from(out))
    return html(page) if form == "html" else markdown(page)


def _way_from(out: Path | None) -> Callable[[str], str]:
    """The way to a path from a page that is written there, or read where one stands."""
    return lambda path: path if out is None else Path(os.path.relpath(path, out.parent)).as_posix()


def _as_dict(found: "Traceability") -> dict[str, Any]:
    return {
        "systems": list(found.systems),
        "rules": [_rule_as_dict(one, several=len(found.systems) > 1) for one in found.rules],
        "totals": {
            **_tally_as_dict(found.tally),
            "by_family": {name: _tally_as_dict(tally) for name, tally in found.by_family().items()},
            "by_basis": {name: _tally_as_dict(tally) for name, tally in found.by_basis().items()},
            "by_kind": found.by_kind(),
        },
        "problems": list(found.problems),
    }


def _rule_as_dict(one: "Traced", *, several: bool) -> dict[str, Any]:
    from properties.tracing.traceability import basis  # noqa: PLC0415

    def of(system: str) -> dict[str, str]:
        return {"system": system} if several else {}

    return {
        "id": one.rule.id,
        "statement": one.rule.statement,
        "source": one.rule.source,
        "basis": basis(one.rule),
        "assumption": one.rule.assumption or None,
        "declarations": [
            {"kind": part.kind, "where": part.where, "words": part.words, **of(part.system)}
            for part in one.declarations
        ],
        "properties": [
            {"name": p.name, "kind": p.kind, "holds": p.holds, "exercised": p.exercised, **of(p.system)}
            for p in one.properties
        ],
        "diagrams": [part.path for part in one.diagrams],
        "exercised": one.exercised,
        "held": one.held,
    }


def _tally_as_dict(tally: "Tally") -> dict[str, Any]:
    return {
        "rules": tally.rules,
        "bases": dict(tally.bases),
        "declared": tally.declared,
        "tested": tally.tested,
        "shown": tally.shown,
        "exercised": tally.exercised,
        "held": tally.held,
    }


def _lines(found: "Traceability") -> Iterator[str]:
    """A line for each rule, and a line of totals."""
    from properties.tracing.traceability import basis  # noqa: PLC0415

    for one in found.rules:
        declared, tested, shown = len(one.declarations), len(one.properties), len(one.diagrams)
        counts = f"declarations {declared}, properties {tested}, diagrams {shown}"
        yield f"{one.standing}  {one.rule.id}  {basis(one.rule)}  {counts}  {one.rule.statement}"
    yield _totals(found)


def _totals(found: "Traceability") -> str:
    tally = found.tally
    held = "not checked" if tally.held is None else f"{tally.exercised} exercised, {tally.held} held"
    return f"{tally.rules} rules: {tally.declared} declared, {tally.tested} tested, {tally.shown} shown, {held}"


def _in_full(found: "Traceability", painted: Callable[[str], str]) -> Iterator[str]:
    """All that goes back to each rule, a line to a thing."""
    from properties.tracing.traceability import basis  # noqa: PLC0415

    def of(system: str) -> str:
        return f", in {system}" if len(found.systems) > 1 else ""

    for one in found.rules:
        rule = one.rule
        yield f"{rule.id}: {rule.statement}"
        yield f"  source: {rule.source}"
        yield f"  basis: {basis(rule)}{f' ({rule.assumption})' if rule.assumption not in ('', 'all') else ''}"
        yield f"  result: {painted(one.standing)}"
        for part in one.declarations:
            yield f"  {part.heading}: {part.words}{of(part.system)}"
        for tested in one.properties:
            yield f"  property: {tested.name} ({tested.kind}{of(tested.system)}): {painted(tested.standing)}"
        for diagram in one.diagrams:
            yield f"  diagram: {diagram.path}"


def _painted(standing: str) -> str:
    return in_colour(standing, {"held": "green", "not checked": "white"}.get(standing, "red"))


def _print_table(found: "Traceability") -> None:
    from rich.console import Console  # noqa: PLC0415  # only for people
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from properties.tracing.traceability import basis  # noqa: PLC0415

    table = Table("rule", "result", "what it says", "source", "basis", "declared", "tested", "shown")
    for one in found.rules:
        colour = {"held": "green", "not checked": ""}.get(one.standing, "red")
        counts = (len(one.declarations), len(one.properties), len(one.diagrams))
        table.add_row(
            Text(one.rule.id), Text(one.standing, style=colour), Text(one.rule.statement), Text(one.rule.source),
            Text(basis(one.rule), style="yellow" if one.rule.assumed else ""), *(str(count) for count in counts),
        )  # fmt: skip
    Console().print(table)
