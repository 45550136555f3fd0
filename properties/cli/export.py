"""`export`: a system and its properties in the language of another model checker."""

from pathlib import Path

import click

from properties.cli.profiled import ProfiledCommand, system_option
from properties.console.output import write
from properties.console.spec import load_claims
from properties.console.terminal import progress_bar
from properties.domain import named
from statemachines.exports import EXPORTS, Exported

EXAMPLES = """\
  {command} export promela --system parcel_locker:claims --out locker.pml
  {command} export promela --system parcel_locker:claims --property "a box can always come free"
"""
NOTES = """\
The model begins with how SPIN is run on it. With --property, only those are written, and of the system only the
smallest exact slice that decides them.

Exit codes: 0 the model is written, 2 wrong options.
"""


@click.command("export", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES)
@click.argument("language", metavar="FORMAT", type=click.Choice(list(EXPORTS)))
@click.option("--property", "properties", multiple=True, metavar="NAME", help="Only this property; may be repeated.")
@system_option("What to write")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to; standard output if not given.",
)
def export_command(language: str, properties: tuple[str, ...], spec: str, out: Path | None) -> None:
    """Write a system and its properties as a model for another checker. FORMAT is promela, for SPIN."""
    export = named(EXPORTS[language])  # --help needs none of it
    with progress_bar("writing") as progress:
        made: Exported = export(load_claims(spec), properties, progress)
    if out is None:
        click.echo(made.text, nl=False)
        return
    write(out, made.text.encode())
    click.echo(f"{out}: {made.summary}")
