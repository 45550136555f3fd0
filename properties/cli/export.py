"""`export`: a system and its properties in the language of another model checker."""

from pathlib import Path

import click

from properties.cli.profiled import ProfiledCommand, system_option
from properties.console.output import write
from properties.console.spec import load_claims
from properties.console.terminal import progress_bar

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
@click.argument("language", metavar="FORMAT", type=click.Choice(["promela"]))
@click.option("--property", "properties", multiple=True, metavar="NAME", help="Only this property; may be repeated.")
@system_option("What to write")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to; standard output if not given.",
)
def export_command(language: str, properties: tuple[str, ...], spec: str, out: Path | None) -> None:  # noqa: ARG001
    """Write a system and its properties as a model for another checker. FORMAT is promela, for SPIN."""
    from statemachines.exports.promela import promela  # noqa: PLC0415  # --help needs none of it

    claims = load_claims(spec)
    with progress_bar("writing") as progress:
        model = promela(claims, only=properties, progress=progress)
    if out is None:
        click.echo(model.text, nl=False)
        return
    write(out, model.text.encode())
    click.echo(
        f"{out}: {len(model.variables)} variables, {model.moves} moves, {len(model.properties)} properties; "
        f"{len(model.left_out)} have no form in Promela"
    )
