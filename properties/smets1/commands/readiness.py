"""`smets1 readiness`: how many installations of a fleet lack keys, and when re-designation would be compliant."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from properties.console.terminal import InputError, in_colour

if TYPE_CHECKING:
    from statemachines.smets1.edge.readiness import Readiness

EPILOG = """\
\b
Examples:
  smets1 readiness fleet.csv --on 2020-10-15
  smets1 readiness fleet.parquet --uplift 2020-10-01 --json

The table has the columns installation, group (a GroupID, or IOC, MOC (MDS), MOC (Secure)), ppmid (yes or no), migrated
(a day, empty if it is not) and keys (the first day on which the DCO key package holds the PPMID's keys, empty if no day
is known). It is CSV, TOML ([[installation]]), or Parquet with the extra [parquet].

Exit codes: 0 there is a day from which re-designation would be compliant, 1 there is none, 2 wrong options or table.
"""

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("readiness", epilog=EPILOG)
@click.argument("table", metavar="FILE")
@click.option("--on", type=DAY, metavar="DATE", help="The day on which installations are counted; without it, today.")
@click.option(
    "--uplift", type=DAY, metavar="DATE", help="The first day of Uplift 1.2: from then on keys come with the Join."
)
@click.option("--groups", metavar="FILE", help="Your own table of GroupIDs and their cohorts, CSV or TOML.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def readiness_command(
    table: str, on: datetime | None, uplift: datetime | None, groups: str | None, as_json: bool
) -> None:
    """Say how many installations of each cohort lack keys, and when re-designation would be compliant."""
    from statemachines.files.toml import TomlFileError  # noqa: PLC0415  # --help needs none of this
    from statemachines.smets1.edge.cohorts import KNOWN_GROUPS, read_groups  # noqa: PLC0415
    from statemachines.smets1.edge.readiness import read_sites, readiness  # noqa: PLC0415

    try:
        known = KNOWN_GROUPS if groups is None else read_groups(Path(groups))
        sites = read_sites(Path(table), uplift=uplift.date() if uplift else None, groups=known)
        result = readiness(sites, on.date() if on else datetime.now(UTC).date())
    except TomlFileError as error:
        raise InputError(str(error)) from None
    if as_json:
        click.echo(json.dumps(_as_dict(result), indent=2))
    else:
        _print(result)
    if not result.compliant:
        raise click.exceptions.Exit(1)


def _as_dict(result: "Readiness") -> dict[str, Any]:
    import attrs  # noqa: PLC0415

    return {
        "on": str(result.on),
        "cohorts": {cohort: attrs.asdict(counted) for cohort, counted in result.cohorts.items()},
        "compliant": [{"from": str(first), "until": str(end) if end else None} for first, end in result.compliant],
        "undated": list(result.undated),
        "rules": ["KEY-7", "DES-2"],
        "assumptions": ["MOD-21"],
    }


def _print(result: "Readiness") -> None:
    """The result for people."""
    from statemachines.files.shown import shown  # noqa: PLC0415
    from statemachines.smets1.regime import LATEST  # noqa: PLC0415

    columns = ("installations", "migrated", "with PPMID", "lack keys", "no day known")
    click.echo(f"on {result.on}{'':<3}" + "".join(f"{name:>15}" for name in columns))
    for cohort, counted in result.cohorts.items():
        numbers = (counted.installations, counted.migrated, counted.with_ppmid, counted.lacking, counted.undated)
        click.echo(f"{cohort:<16}" + "".join(f"{number:>15,}" for number in numbers))
    click.echo("FOC's installations count for nothing in what follows (MOD-52)")
    for first, end in result.compliant:
        until = f"to the day before {end}" if end else "on"
        window = "" if first <= LATEST else f", which takes a further consultation: it is after {LATEST} (DES-2)"
        click.echo(f"{in_colour('compliant', 'green')} from {first} {until} (KEY-7){window}")
    if not result.compliant:
        click.echo(f"{in_colour('compliant', 'red')} on no day from 29 September 2020 on (KEY-7, DES-2)")
    if result.undated:
        number = sum(counted.undated for cohort, counted in result.cohorts.items() if cohort != "FOC")
        more = f" and {number - len(result.undated):,} more" if number > len(result.undated) else ""
        click.echo(f"no day is known of {', '.join(map(shown, result.undated))}{more}")
