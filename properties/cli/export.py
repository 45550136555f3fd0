"""`smets1 export`: a system and its properties in the language of another model checker."""

from pathlib import Path

import click

from properties.console.output import write
from properties.console.spec import INSTALLATION, SpecError, load_claims
from properties.console.terminal import Refused, progress_bar

EPILOG = """\
\b
Examples:
  smets1 export promela --out installation.pml
  smets1 export promela --property "no FOC PPMID's firmware is ever upgraded" --out foc.pml
  smets1 export promela --system properties.smets1.fleet:CLAIMS

The model begins with how SPIN is run on it. With --property, only those are written, and of the system only the
smallest exact slice that decides them; the whole installation has more states than SPIN can store.

Exit codes: 0 it is written, 2 wrong options.
"""


@click.command("export", epilog=EPILOG)
@click.argument("language", metavar="FORMAT", type=click.Choice(["promela"]))
@click.option("--property", "properties", multiple=True, metavar="NAME", help="Only this property; may be repeated.")
@click.option(
    "--system",
    "spec",
    default=INSTALLATION,
    show_default=True,
    metavar="SPEC",
    help="What to write: package.module:attribute of a Claims, or of a function that makes one.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to; standard output if not given.",
)
def export_command(language: str, properties: tuple[str, ...], spec: str, out: Path | None) -> None:  # noqa: ARG001
    """Write a system and its properties as a model for another checker. FORMAT is promela, for SPIN."""
    from statemachines.errors import DeclarationError  # noqa: PLC0415  # --help needs none of it
    from statemachines.exports.promela import promela  # noqa: PLC0415

    try:
        claims = load_claims(spec)
        with progress_bar("writing") as progress:
            model = promela(claims, only=properties, progress=progress)
    except (SpecError, DeclarationError) as error:
        raise Refused(str(error)) from None
    if out is None:
        click.echo(model.text, nl=False)
        return
    write(out, model.text.encode())
    click.echo(
        f"{out}: {len(model.variables)} variables, {model.moves} moves, {len(model.properties)} properties; "
        f"{len(model.left_out)} cannot be written so"
    )
