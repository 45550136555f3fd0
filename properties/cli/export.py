"""`export`: a system and its properties in another language."""

from pathlib import Path

import click

from properties.cli.profiled import ProfiledCommand, system_option
from properties.console.output import write
from properties.console.spec import load_claims
from properties.console.terminal import progress_bar
from properties.domain import named
from statemachines.exports import EXPORTS, Exported

EXAMPLES = """\
  {command} export machine --system parcel_locker:claims --out locker.json       a file for programs in any language
  {command} check --system locker.json                                           and back
  {command} export javascript --system parcel_locker:claims --out locker-js        an npm package
  {command} export xstate --system parcel_locker:claims --out locker.mjs         a machine of XState v5
  {command} export scxml --system parcel_locker:claims --out locker.scxml
  {command} export promela --system parcel_locker:claims --out locker.pml
  {command} export aiger --system parcel_locker:claims --out locker.aig          and then: berkeley-abc
  {command} export promela --system parcel_locker:claims --property "a box can always come free"
"""
NOTES = """\
machine: the whole declaration as JSON; --schema prints its JSON Schema, and every --system takes such a file.
javascript: an npm package without dependencies, with types and its own test; standard output gets its module alone.
xstate, scxml: a region for each lifecycle, and one that decides; see docs/charts.md.
aiger: a binary file with one output for each `always` property, which is true where the property is broken.
promela: a model that begins with the commands that run SPIN on it.
With --property, aiger and promela write only the smallest exact slice of the system that decides these.

Exit codes: 0 the file is written, 2 wrong options.
"""


def _print_schema(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from importlib.resources import files  # noqa: PLC0415  # --help needs none of it

        click.echo((files("statemachines.exports") / "machine.schema.json").read_text(encoding="utf-8"), nl=False)
        context.exit()


@click.command("export", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES)
@click.argument("language", metavar="FORMAT", type=click.Choice(list(EXPORTS)))
@click.option("--property", "properties", multiple=True, metavar="NAME", help="Only this property; may be repeated.")
@system_option("What to write")
@click.option(
    "--schema",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_schema,
    help="Print the JSON Schema of machine files.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="File to write, or directory for javascript; by default standard output.",
)
def export_command(language: str, properties: tuple[str, ...], spec: str, out: Path | None) -> None:
    """Write a system and its properties in another language.

    FORMAT is one of: aiger, a circuit for hardware model checkers; machine, JSON for programs in any language;
    javascript; promela, for SPIN; scxml and xstate, statecharts.
    """
    export = named(EXPORTS[language])  # --help needs none of it
    with progress_bar("writing") as progress:
        made: Exported = export(load_claims(spec), properties, progress)
    if out is None:
        click.echo(made.text, nl=False)
        return
    for name, text in made.files.items():
        write(out / name, text.encode())
    if not made.files:
        write(out, made.text.encode() if isinstance(made.text, str) else made.text)
    click.echo(f"{out}: {made.summary}")
