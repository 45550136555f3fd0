"""`vectors`: the deterministic layer of the conformance suite as files."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from properties.cli.profiled import ProfiledCommand, profile_of, system_option
from properties.console.output import expect_empty, write
from properties.console.spec import load_claims
from properties.console.terminal import Refused, progress_bar

if TYPE_CHECKING:
    from properties.conformance.suite.vectors import Suite, Vector
    from properties.profile import Profile

EXAMPLES = """\
  {command} vectors --system parcel_locker:claims --out vectors.json
  {command} vectors --schema
"""
NOTES = """\
The JSON file has, for each sequence, the state to start in, and for each request the verdict that is expected, the
rules that decide, what the sources leave open, and which goals it reaches. Its JSON Schema is printed by --schema.

Exit codes: 0 the files are written, 2 wrong options, or a system that has no such form.
"""


def _print_schema(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from importlib.resources import files  # noqa: PLC0415  # --help needs none of it

        click.echo((files("properties.conformance") / "vectors.schema.json").read_text(encoding="utf-8"), nl=False)
        context.exit()


def _exports(profile: "Profile") -> list[click.Parameter]:
    """An option for each wire format that only this profile has, and one that selects sequences."""
    forms = [
        click.Option(
            [f"--{name}", f"export_{name}"], type=click.Path(path_type=Path), metavar="DIR",
            help=f"Write each sequence there in the format {name}; it has to be empty.",
        )
        for name in profile.exporters
    ]  # fmt: skip
    names = " or ".join(f"--{name}" for name in profile.exporters)
    only = click.Option(
        ["--only"], multiple=True, metavar="NAME", help=f"With {names}: only this sequence; may be repeated."
    )
    return [*forms, only] if forms else []


@click.command("vectors", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES, options=_exports)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the sequences there, as JSON.")
@click.option(
    "--schema", is_flag=True, is_eager=True, expose_value=False, callback=_print_schema,
    help="Print the JSON Schema of the file.",
)  # fmt: skip
@system_option("What the sequences are for")
@click.pass_context
def vectors_command(
    context: click.Context, /, out: Path | None, spec: str, only: tuple[str, ...] = (), **exports: Path | None
) -> None:
    """Write the sequences that the checker computed: what to send, what is expected, and what it shows.

    They are the same at every run. Where none are shipped for a system they are computed, which takes minutes for a
    large one.
    """
    from properties.cli.runs_as_files import vector_files  # noqa: PLC0415  # --help needs none of it
    from properties.conformance.suite.generate import suite_of  # noqa: PLC0415
    from properties.conformance.suite.vectors_file import vectors_json  # noqa: PLC0415

    profile = profile_of(context)
    folders = {name: folder for name in profile.exporters if (folder := exports[f"export_{name}"]) is not None}
    if out is None and not folders:
        raise click.UsageError(f"nothing to write: expected {' or '.join(['--out FILE', *_folders(profile)])}")
    if only and not folders:
        raise click.UsageError(f"--only says what to write: expected {' or '.join(_folders(profile))}")
    for folder in folders.values():
        expect_empty(folder)
    claims = load_claims(spec)
    suite = suite_of(claims)
    if out is not None:
        write(out, vectors_json(claims, suite))
        click.echo(f"{out}: {len(suite.vectors):,} sequences, {suite.requests:,} requests, {len(suite.goals):,} goals")
    for name, folder in folders.items():
        exporter = profile.exporter(name)
        if not exporter.fits(suite.system):
            raise Refused(f"{suite.system.name!r} has no {exporter.label}")
        wanted = _selected(suite, only)
        exported = 0
        with progress_bar("writing") as progress:
            for done, path, content in vector_files(suite.system, wanted, exporter):
                write(folder / path, content)
                exported += path.suffix == exporter.suffix
                if progress:
                    progress(done, len(wanted))
        click.echo(f"{folder}: {len(wanted):,} sequences, {exported:,} {exporter.label}")


def _folders(profile: "Profile") -> list[str]:
    return [f"--{name} DIR" for name in profile.exporters]


def _selected(suite: "Suite", only: tuple[str, ...]) -> "tuple[Vector, ...]":
    known = {vector.name for vector in suite.vectors}
    for name in only:
        if name not in known:
            raise Refused(f"there is no sequence {name!r}; they are V0001 to V{len(suite.vectors):04}")
    return tuple(vector for vector in suite.vectors if not only or vector.name in only)
