"""`smets1 judge`: real DUIS requests against an installation."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from properties.cli.profiled import only_option, without_option
from properties.console.terminal import InputError, in_colour
from statemachines.files.content import is_folder

if TYPE_CHECKING:
    from statemachines.language.system import System
    from statemachines.smets1.duis.reader import Matrix
    from statemachines.smets1.edge.answers import AnswerJudgement
    from statemachines.smets1.edge.judging import Judgement
    from statemachines.smets1.edge.premises import Premises

EPILOG = """\
\b
Examples:
  smets1 judge 01.xml --installation installation.toml
  smets1 judge 01.xml 02.xml 03.xml --installation installation.toml --json
  smets1 judge 01.xml --installation installation.toml --on 2020-10-15
  smets1 judge templates/ --installation installation.toml --independent
  smets1 judge request.xml response.xml --installation installation.toml
  smets1 judge --print-matrix > matrix.csv
  smets1 judge 01.xml --installation installation.toml --matrix matrix.csv

Requests are judged in order, each on what the last one left; those of a directory in the order of their names. A
response is judged by the request with its RequestID. A file that cannot be read stops nothing: its entry carries the
error, and the exit code is 2. The installation file is explained in examples/installation.toml.

Exit codes: 0 all is judged, 1 a response does not fit its request, 2 wrong options, or a file that cannot be judged.
"""

COLOURS = {
    "accepted": "green",
    "rejected": "red",
    "alert": "yellow",
    "not-processed": "yellow",
    "held": "yellow",
    "deleted": "red",
}

MOST_ERRORS = 5
"""How many files that cannot be judged are named at the end."""

FITS = {True: ("fits", "green"), False: ("does not fit", "red"), None: ("whether it fits is not known", "yellow")}


def _print_matrix(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from statemachines.smets1.edge.matrix_file import matrix_csv  # noqa: PLC0415  # --help needs none of it

        click.echo(matrix_csv(), nl=False)
        context.exit()


@click.command("judge", epilog=EPILOG)
@click.argument("files", nargs=-1, required=True, metavar="FILE.xml|DIR...")
@click.option("--installation", required=True, metavar="INSTALLATION.toml", help="Who is who, and how things stand.")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
    help="The day that is judged, and whose release is in force; without it, today, and the release of the file.",
)  # fmt: skip
@click.option("--independent", is_flag=True, help="Judge each request as if it were the only one.")
@click.option(
    "--matrix", metavar="FILE", help="Your own table of SRVs and roles, CSV or TOML, in place of DCC's of a later DUIS."
)
@click.option("--groups", metavar="FILE", help="Your own table of GroupIDs and their cohorts, CSV or TOML.")
@click.option(
    "--dmves", metavar="FILE", help="Your own table of Device Models, steps and equivalent steps, CSV or TOML."
)
@click.option(
    "--print-matrix", is_flag=True, is_eager=True, expose_value=False, callback=_print_matrix,
    help="Print DCC's matrix as CSV, to make a table of your own from.",
)  # fmt: skip
@only_option()
@without_option()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def judge_command(
    files: tuple[str, ...],
    installation: str,
    on: datetime | None,
    independent: bool,
    matrix: str | None,
    groups: str | None,
    dmves: str | None,
    only: str | None,
    off: tuple[str, ...],
    as_json: bool,
) -> None:
    """Say what must happen to DUIS Service Requests in an installation, and why; and whether responses fit them."""
    import attrs  # noqa: PLC0415  # --help needs none of this

    from statemachines.files.toml import TomlFileError  # noqa: PLC0415
    from statemachines.semantics.regulated import switched_off  # noqa: PLC0415
    from statemachines.smets1.edge.cohorts import KNOWN_GROUPS, read_groups  # noqa: PLC0415
    from statemachines.smets1.edge.device_model_variations import read_variations  # noqa: PLC0415
    from statemachines.smets1.edge.installation_file import read_premises  # noqa: PLC0415
    from statemachines.smets1.edge.matrix_file import read_matrix  # noqa: PLC0415
    from statemachines.smets1.installation import INSTALLATION  # noqa: PLC0415
    from statemachines.smets1.service_request_variants import SERVICE_REQUESTS  # noqa: PLC0415

    system = switched_off(INSTALLATION, off) if off else None
    try:
        known = KNOWN_GROUPS if groups is None else read_groups(Path(groups))
        premises = read_premises(Path(installation), on.date() if on else None, known)
        if dmves is not None:
            premises = attrs.evolve(premises, variations=read_variations(Path(dmves)))
        variants = SERVICE_REQUESTS if matrix is None else read_matrix(Path(matrix))
    except TomlFileError as error:
        raise InputError(str(error)) from None
    entries = _entries(
        premises, _named(files), variants, system, independent=independent, only_regulated=only is not None
    )
    if as_json:
        without = {"without": list(off)} if off else {}
        click.echo(json.dumps({"verdicts": entries, "notes": list(premises.notes)} | without, indent=2))
    else:
        if off:
            click.echo(f"without {' '.join(off)}")
        for note in premises.notes:
            click.echo(f"note: {note}", err=True)
    for entry in entries:
        if not as_json:
            _print(entry)
    failed = [entry for entry in entries if "error" in entry]
    if failed:
        more = [f"and {len(failed) - MOST_ERRORS} more"] if len(failed) > MOST_ERRORS else []
        raise InputError("; ".join([*(entry["error"] for entry in failed[:MOST_ERRORS]), *more]))
    if any(entry.get("fits") is False for entry in entries):
        raise click.exceptions.Exit(1)


def _named(files: tuple[str, ...]) -> list[str]:
    """The files, and those of the directories in the order of their names."""
    named = []
    for name in files:
        path = Path(name)
        if not is_folder(path):
            named.append(name)
            continue
        try:
            there = sorted(str(file) for file in path.iterdir() if file.suffix.lower() == ".xml")
        except OSError as error:
            raise InputError(f"{name}: cannot be read: {error.strerror}") from None
        if not there:
            raise InputError(f"{name}: no file whose name ends in .xml")
        named += there
    return named


def _entries(
    premises: "Premises",
    files: list[str],
    matrix: "Matrix",
    system: "System | None",
    *,
    independent: bool,
    only_regulated: bool,
) -> list[dict[str, Any]]:
    """An entry for each request and device, for each response, or for what was wrong with the file."""
    from statemachines.semantics.regulated import RegulatedOracle  # noqa: PLC0415
    from statemachines.smets1.duis.errors import DuisError, located  # noqa: PLC0415
    from statemachines.smets1.duis.response import DuisResponse, read_message  # noqa: PLC0415
    from statemachines.smets1.edge.answers import judge_answer  # noqa: PLC0415
    from statemachines.smets1.edge.judging import judge  # noqa: PLC0415

    how: dict[str, Any] = {"only_regulated": only_regulated} | ({"rules": RegulatedOracle(system)} if system else {})
    judged: dict[str, list[Judgement]] = {}
    entries: list[list[dict[str, Any]] | DuisResponse] = []
    now = premises
    for name in files:
        path = Path(name)
        try:
            message = read_message(path, matrix)
            if isinstance(message, DuisResponse):
                entries.append(message)
                continue
            with located(path.name):
                now, judgements = judge(premises if independent else now, message, **how)
        except DuisError as error:
            entries.append([{"request": name, "error": str(error)}])
            continue
        judged.setdefault(str(message.request_id), []).extend(judgements)
        entries.append([_entry(name, judgement, now) for judgement in judgements])
    # A response is judged last, for in a directory it may stand before its request.
    return [
        entry
        for name, result in zip(files, entries, strict=True)
        for entry in (
            [_answer(name, judge_answer(result, judged.get(str(result.request_id), ())))]
            if isinstance(result, DuisResponse)
            else result
        )
    ]


def _answer(name: str, answer: "AnswerJudgement") -> dict[str, Any]:
    response = answer.response
    return {
        "response": name,
        "request_id": str(response.request_id) if response.request_id else None,
        "srv": response.srv,
        "message": response.message,
        "response_code": response.code,
        "content": list(response.content),
        "means": answer.means,
        "fits": answer.fits,
        "why": answer.why,
    }


def _specified(judgement: "Judgement") -> dict[str, str | None]:
    """The aspects of the verdict that are specified."""
    verdict = judgement.verdict
    aspects = {
        "outcome": str(verdict.outcome.value),
        "at": str(verdict.at.value),
        "reason": str(verdict.reason.value),
        "response": judgement.response,
    }
    return {name: None if name in verdict.unspecified else value for name, value in aspects.items()}


def _entry(name: str, judgement: "Judgement", premises: "Premises") -> dict[str, Any]:
    from statemachines.smets1.rulebook import RULEBOOK  # noqa: PLC0415

    duis, verdict, target = judgement.duis, judgement.verdict, judgement.target
    return {
        "request": name,
        "request_id": str(duis.request_id),
        "srv": duis.variant.srv,
        "name": duis.variant.name,
        "sender": {"id": duis.request_id.originator, "standing": judgement.standing},
        "target": {"id": target.id, "type": target.device.value} if target else None,
        **_specified(judgement),
        "response_codes": list(judgement.codes),
        "unspecified": list(judgement.unspecified),
        "unspecified_because": list(judgement.open_because),
        "notes": list(judgement.notes),
        "rules": [
            {
                "id": rule_id,
                "statement": RULEBOOK[rule_id].statement,
                "source": RULEBOOK[rule_id].source,
                "assumption": RULEBOOK[rule_id].assumption or None,
            }
            for rule_id in verdict.rules
        ],
        "basis": verdict.basis.value,
        "assumptions": list(verdict.assumptions),
        "changes": {
            variable: {"from": premises.in_real_terms(old), "to": premises.in_real_terms(new)}
            for variable, (old, new) in judgement.changes.items()
        },
    }


def _print(entry: Mapping[str, Any]) -> None:
    """One entry for people."""
    from statemachines.smets1.duis.devices import BODIES_ABOUT_A_DEVICE  # noqa: PLC0415
    from statemachines.smets1.installation import INSTALLATION  # noqa: PLC0415

    if "error" in entry:
        click.echo(f"{entry['request']}\n  {in_colour('not judged', 'red')}: {entry['error']}")
        return
    if "response" in entry and "means" in entry:
        _print_answer(entry)
        return
    named = "about" if entry["srv"] in BODIES_ABOUT_A_DEVICE else "at"
    target = f" {named} the {entry['target']['type']}" if entry["target"] else ""
    click.echo(f"{entry['request']}")
    click.echo(f"  SRV {entry['srv']} {entry['name']}{target}, from {entry['sender']['standing']}")
    if entry["outcome"]:
        outcome = in_colour(entry["outcome"], COLOURS.get(entry["outcome"], "white"))
        at = f"at the {entry['at']}" if entry["at"] else "by one party or another"
        click.echo(f"  {outcome} {at}: {entry['reason'] or 'for one reason or another'}")
    for why in entry["unspecified_because"]:
        click.echo(f"  {in_colour('unspecified', 'yellow')}: {why}")
    if entry["response"]:
        click.echo(f"  response: {entry['response']}")
    for aspect in entry["unspecified"] if entry["outcome"] else ():
        click.echo(f"  {aspect}: unspecified")
    for note in entry["notes"]:
        click.echo(f"  note: {note}")
    click.echo(f"  basis: {entry['basis']}")
    for rule in entry["rules"]:
        basis = [rule["source"]] if rule["assumption"] != "all" else [f"assumption: {rule['statement']}"]
        if rule["assumption"] not in (None, "all"):
            basis.append(f"assumed: {rule['assumption']}")
        click.echo(f"  {rule['id']} ({'; '.join(basis)})")
    for name, change in entry["changes"].items():
        label = INSTALLATION.lifecycle(name).variable.label
        click.echo(f"  {label}: {change['from']} -> {change['to']}")


def _print_answer(entry: Mapping[str, Any]) -> None:
    """One response for people."""
    srv = f" to SRV {entry['srv']}" if entry["srv"] else ""
    fits, colour = FITS[entry["fits"]]
    click.echo(f"{entry['response']}")
    click.echo(f"  {entry['message']} {entry['response_code']}{srv}: {entry['means']}")
    click.echo(f"  {in_colour(fits, colour)}: {entry['why']}")
