"""`replay`: a trace from another tool, step by step, beside what the system does."""

import sys
from pathlib import Path

import click

from properties.cli.profiled import ProfiledCommand, system_option
from properties.console.spec import load_claims

EXAMPLES = """\
  {command} check --system parcel_locker:claims --witnesses --out runs --format itf
  {command} replay runs/a-wrong-code-opens-nothing/run.itf.json --system parcel_locker:claims
"""
NOTES = """\
FILE is ITF, the JSON format of traces of Apalache and Quint. The request of a step is what mbt::actionTaken and
mbt::nondetPicks say, as `quint run --mbt` writes them; variables that the trace lacks are not compared.

Exit codes: 0 the system goes through the same states, 1 it does not, 2 wrong options or no such trace.
"""


@click.command("replay", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@system_option("What to send its requests to")
def replay_command(path: Path, spec: str) -> None:
    """Send the requests of a trace in ITF to the system, and compare states and verdicts."""
    from statemachines.exports.itf import read_itf  # noqa: PLC0415  # --help needs none of it

    replayed = read_itf(load_claims(spec).system, path)
    click.echo(replayed.trace.text())
    for difference in replayed.differences:
        click.echo(f"differs: {difference}")
    steps = len(replayed.trace.steps)
    click.echo(f"{steps} steps, {len(replayed.differences)} differences")
    sys.exit(1 if replayed.differences else 0)
