"""`smets1 regime`: what is in force on a day."""

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from properties.console.terminal import InputError, in_colour

if TYPE_CHECKING:
    from statemachines.smets1.regime import Open, Regime

EPILOG = """\
\b
Examples:
  smets1 regime --on 2020-10-15
  smets1 regime --on 2020-10-15 --uplift 2020-10-01 --redesignated 2020-10-12
  smets1 regime --on 2020-10-15 --redesignated 2020-10-12 --keys-updated 2020-10-20
  smets1 regime --on 2020-11-20 --november 2020-11-18 --json

System behaviour follows the release, legal force the designation. Where the sources leave something open, every value
is given, and the option that would settle it.
"""

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("regime", epilog=EPILOG)
@click.option("--on", required=True, type=DAY, metavar="DATE", help="The day that is asked about.")
@click.option("--redesignated", type=DAY, metavar="DATE", help="The day of re-designation.")
@click.option(
    "--keys-updated",
    type=DAY,
    metavar="DATE",
    help="The first day on which no migrated installation outside FOC lacks its PPMID's keys.",
)
@click.option("--uplift", type=DAY, metavar="DATE", help="The first day of Uplift 1.2.")
@click.option("--november", type=DAY, metavar="DATE", help="The first day of the November 2020 maintenance release.")
@click.option(
    "--foc", type=click.Choice(["in", "out"]), help="What JIP concludes: PPMID firmware for FOC in scope or not."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def regime_command(
    on: datetime,
    redesignated: datetime | None,
    keys_updated: datetime | None,
    uplift: datetime | None,
    november: datetime | None,
    foc: str | None,
    as_json: bool,
) -> None:
    """Say which release is in force on a day, which documents are in the SEC, and whether the DCC is compliant."""
    from statemachines.smets1.designation import FocScope  # noqa: PLC0415  # --help needs none of it
    from statemachines.smets1.regime import RegimeError, regime  # noqa: PLC0415
    from statemachines.smets1.releases import Release  # noqa: PLC0415

    days = {Release.UPLIFT_1_2: _day(uplift), Release.NOVEMBER_2020: _day(november)}
    since = {release: first for release, first in days.items() if first}
    try:
        in_force = regime(
            on.date(),
            since=since,
            redesignated=_day(redesignated),
            keys_updated=_day(keys_updated),
            foc=FocScope[foc.upper()] if foc else None,
        )
    except RegimeError as error:
        raise InputError(str(error)) from None
    if as_json:
        click.echo(json.dumps(_as_dict(in_force), indent=2))
    else:
        _print(in_force)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _option(left_open: "Open") -> str | None:
    return f"--{left_open.settled_by.replace('_', '-')}" if left_open.settled_by else None


def _as_dict(in_force: "Regime") -> dict[str, Any]:
    from statemachines.smets1.rulebook import RULEBOOK  # noqa: PLC0415

    cited = dict.fromkeys((*in_force.rules, *(rule for one in in_force.open for rule in one.rules)))
    return {
        "on": str(in_force.on),
        "releases": [release.value for release in in_force.releases],
        "calendar": [phase.value for phase in in_force.calendar],
        "designation": [stage.value for stage in in_force.designation],
        "documents": {document.value: list(versions) for document, versions in in_force.documents.items()},
        "compliance": [one.value for one in in_force.compliance],
        "breaches": [{"what": one.what, "rules": list(one.rules)} for one in in_force.breaches],
        "disclosed": [{"what": one.what, "rules": list(one.rules)} for one in in_force.disclosed],
        "open": [
            {"question": one.question, "settled_by": _option(one), "rules": list(one.rules)} for one in in_force.open
        ],
        "notes": list(in_force.notes),
        "rules": list(in_force.rules),
        "assumptions": list(RULEBOOK.assumed(cited)),
    }


def _print(in_force: "Regime") -> None:
    """The regime for people."""
    from statemachines.smets1.rulebook import RULEBOOK  # noqa: PLC0415

    click.echo(f"{in_force.on} ({', then '.join(phase.value for phase in in_force.calendar)})")
    click.echo(f"  release in force: {_either(in_force.releases)}")
    click.echo(f"  changed documents: {_either(in_force.designation)}")
    for document, versions in in_force.documents.items():
        click.echo(f"  {document.value} in the SEC: {' or '.join(versions) or 'not known'}")
    click.echo(f"  DCC, in what KEY-7 speaks of: {_either(in_force.compliance)}")
    for breach in in_force.breaches:
        click.echo(f"  {in_colour('breach', 'red')}: {breach.what} ({', '.join(breach.rules)})")
    for departure in in_force.disclosed:
        cited = ", ".join((*departure.rules, "DOC-1"))
        click.echo(f"  disclosed in the Use of DUIS Guidance note: {departure.what} ({cited})")
    for one in in_force.open:
        option = _option(one)
        settled = f"{option} settles it" if option else "no option settles it"
        click.echo(f"  {in_colour('open', 'yellow')}: {one.question}; {settled} ({', '.join(one.rules)})")
    for note in in_force.notes:
        click.echo(f"  note: {note}")
    for rule_id in in_force.rules:
        rule = RULEBOOK[rule_id]
        basis = [rule.source] if rule.assumption != "all" else [f"assumption: {rule.statement}"]
        if rule.assumption not in ("", "all"):
            basis.append(f"assumed: {rule.assumption}")
        click.echo(f"  {rule_id} ({'; '.join(basis)})")


def _either(values: "tuple[Any, ...]") -> str:
    return " or ".join(str(value.value) for value in values)
