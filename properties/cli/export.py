"""`export`: a system and its properties in another language."""

from pathlib import Path

import click

from properties.cli.profiled import ProfiledCommand, system_option
from properties.console.output import write
from properties.console.spec import load_claims
from properties.console.terminal import progress_bar
from statemachines.exports import EXPORTS

_FOLDERS = " or ".join(name for name, each in EXPORTS.items() if each.ending == "/")
_SLICED = " and ".join(name for name, each in EXPORTS.items() if each.sliced)

EXAMPLES = "".join(
    f"  {{command}} export {name} --system parcel_locker:claims --out locker{each.ending}\n"
    for name, each in EXPORTS.items()
)
NOTES = f"""\
With --property, {_SLICED} write only the smallest exact slice of the system that decides these.

Exit codes: 0 the file is written, 2 wrong options.
"""


def _print_schema(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from importlib.resources import files  # noqa: PLC0415  # --help needs none of it

        click.echo((files("statemachines.exports") / "machine.schema.json").read_text(encoding="utf-8"), nl=False)
        context.exit()


@click.command(
    "export", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES,
    help="\n\n".join(
        [
            "Write a system and its properties in another language. FORMAT is one of:",
            *(f"{name}: {each.what}." for name, each in EXPORTS.items()),
        ]
    ),
)  # fmt: skip
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
    help=f"File to write, or directory for {_FOLDERS}; by default standard output.",
)
def export_command(language: str, properties: tuple[str, ...], spec: str, out: Path | None) -> None:
    from statemachines.exports.export import export  # noqa: PLC0415  # --help needs none of it

    with progress_bar("writing") as progress:
        made = export(load_claims(spec), language, properties=properties, progress=progress)
    if out is None:
        click.echo(made.text, nl=False)
        return
    for name, text in made.files.items():
        write(out / name, text.encode())
    if not made.files:
        write(out, made.text.encode() if isinstance(made.text, str) else made.text)
    click.echo(f"{out}: {made.summary}")
