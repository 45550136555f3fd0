"""`smets1 judge`: real DUIS requests against an installation."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from properties.cli.profiled import only_option
from properties.console.terminal import Refused, in_colour

if TYPE_CHECKING:
    from statemachines.smets1.edge.judging import Judgement
    from statemachines.smets1.edge.premises import Premises

EPILOG = """\
\b
Examples:
  smets1 judge 01.xml --installation installation.toml
  smets1 judge 01.xml 02.xml 03.xml --installation installation.toml --json
  smets1 judge 01.xml --installation installation.toml --on 2020-10-15

Requests are judged in order, each on what the last one left. A file that cannot be read stops nothing: its entry
carries the error, and the exit code is 2. The installation file is explained in examples/installation.toml.
"""

COLOURS = {"accepted": "green", "rejected": "red", "alert": "yellow", "not-processed": "yellow", "held": "yellow"}


@click.command("judge", epilog=EPILOG)
@click.argument("requests", nargs=-1, required=True, metavar="REQUEST.xml...")
@click.option("--installation", required=True, metavar="INSTALLATION.toml", help="Who is who, and how things stand.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day whose release is in force.")
@only_option()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def judge_command(
    requests: tuple[str, ...], installation: str, on: datetime | None, only: str | None, as_json: bool
) -> None:
    """Say what must happen to DUIS Service Requests in an installation, and why."""
    from statemachines.files.toml import TomlFileError  # noqa: PLC0415
    from statemachines.smets1.edge.installation_file import read_premises  # noqa: PLC0415  # --help needs none of it

    try:
        premises = read_premises(Path(installation), on.date() if on else None)
    except TomlFileError as error:
        raise Refused(str(error)) from None
    entries = _entries(premises, requests, only_regulated=only is not None)
    if as_json:
        click.echo(json.dumps({"verdicts": entries, "notes": list(premises.notes)}, indent=2))
    else:
        for note in premises.notes:
            click.echo(f"note: {note}", err=True)
    for entry in entries:
        if not as_json:
            _print(entry)
    failed = [entry for entry in entries if "error" in entry]
    if failed:
        raise Refused("; ".join(entry["error"] for entry in failed))


def _entries(premises: "Premises", requests: tuple[str, ...], *, only_regulated: bool) -> list[dict[str, Any]]:
    """An entry for each request and device, or for what was wrong with the file."""
    from statemachines.smets1.duis.errors import DuisError, located  # noqa: PLC0415
    from statemachines.smets1.duis.reader import read_request  # noqa: PLC0415
    from statemachines.smets1.edge.judging import judge  # noqa: PLC0415

    entries: list[dict[str, Any]] = []
    for name in requests:
        path = Path(name)
        try:
            duis = read_request(path)
            with located(path.name):
                premises, judgements = judge(premises, duis, only_regulated=only_regulated)
            entries += [_entry(name, judgement, premises) for judgement in judgements]
        except DuisError as error:
            entries.append({"request": name, "error": str(error)})
    return entries


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
    click.echo(f"  hangs on: {entry['basis']}")
    for rule in entry["rules"]:
        basis = [rule["source"]] if rule["assumption"] != "all" else [f"assumption: {rule['statement']}"]
        if rule["assumption"] not in (None, "all"):
            basis.append(f"assumed: {rule['assumption']}")
        click.echo(f"  {rule['id']} ({'; '.join(basis)})")
    for name, change in entry["changes"].items():
        label = INSTALLATION.lifecycle(name).variable.label
        click.echo(f"  {label}: {change['from']} -> {change['to']}")
