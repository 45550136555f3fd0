"""`vectors`: the deterministic layer of the conformance suite as files."""

from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import click

from properties.cli.profiled import ProfiledCommand, only_option, profile_of, system_option, without_option
from properties.console.output import expect_empty, write
from properties.console.spec import load_claims
from properties.console.terminal import InputError, progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from properties.conformance.suite.vectors import Suite, Vector
    from properties.domain import Profile
    from statemachines.language.claims import Claims

EXAMPLES = """\
  {command} vectors --system parcel_locker:claims --out vectors.json
  {command} vectors --system parcel_locker:claims --out tests.csv --format csv
  {command} vectors --system parcel_locker:claims --out tests --format gherkin
  {command} vectors --system parcel_locker:claims --out traces --format itf
  {command} vectors --schema
"""
NOTES = """\
json: for each sequence its initial state, and for each request the expected verdict, the rules that decide, what the
sources leave open, and the goals that it reaches. --schema prints the JSON Schema of the file.
csv, gherkin: for testing by hand; a row for each step, or a scenario for each sequence, with a feature for each request
(and class of systems) that sequences end with.
itf: a file for each sequence, for the viewers of Apalache and Quint, and for `{command} replay`.

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
            help=f"Write each sequence to this empty directory, in the format {name}.",
        )
        for name in profile.exporters
    ]  # fmt: skip
    names = " or ".join(f"--{name}" for name in profile.exporters)
    only = click.Option(
        ["--vector", "wanted"],
        multiple=True,
        metavar="NAME",
        help=f"With {names}: only this sequence; may be repeated.",
    )
    return [*forms, only] if forms else []


@click.command("vectors", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES, options=_exports)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="File to write, or an empty directory for Gherkin and ITF.",
)
@click.option(
    "--format", "form", type=click.Choice(["json", "csv", "gherkin", "itf"]), default="json", show_default=True,
    help="Format of --out.",
)  # fmt: skip
@click.option(
    "--schema", is_flag=True, is_eager=True, expose_value=False, callback=_print_schema,
    help="Print the JSON Schema of the file.",
)  # fmt: skip
@system_option("What the sequences are for")
@only_option()
@without_option(" The sequences are then computed, which takes minutes for a large system.")
@click.pass_context
def vectors_command(
    context: click.Context,
    /,
    out: Path | None,
    form: str,
    spec: str,
    only: str | None,
    off: tuple[str, ...],
    wanted: tuple[str, ...] = (),
    **exports: Path | None,
) -> None:
    """Write the test sequences: what to send, what to expect, and what each step shows.

    They are the same at every run. Where none are shipped for a system they are computed, which takes minutes for a
    large one.
    """
    from properties.cli.counterexamples import vector_files  # noqa: PLC0415  # --help needs none of it
    from properties.conformance.suite.store import suite_of  # noqa: PLC0415

    profile = profile_of(context)
    folders = {name: folder for name in profile.exporters if (folder := exports[f"export_{name}"]) is not None}
    if out is None and not folders:
        raise click.UsageError(f"nothing to write: expected {' or '.join(['--out PATH', *_folders(profile)])}")
    if wanted and not folders:
        raise click.UsageError(f"--vector says what to write: expected {' or '.join(_folders(profile))}")
    for folder in [*folders.values(), *([out] if out is not None and form in ("gherkin", "itf") else [])]:
        expect_empty(folder)
    claims = load_claims(spec, off)
    with progress_bar("computing the sequences"):
        suite = attrs.evolve(suite_of(claims), without=off)
        if only:
            from properties.conformance.suite.regulated_suite import ALONE, regulated_suite  # noqa: PLC0415

            suite = regulated_suite(suite)
    if out is not None:
        _write(out, form, claims, suite, profile)
        click.echo(f"{out}: {len(suite.vectors):,} sequences, {suite.requests:,} requests, {len(suite.goals):,} goals")
    for name, folder in folders.items():
        exporter = profile.exporter(name)
        if not exporter.fits(suite.system):
            raise InputError(f"{suite.system.name!r} has no {exporter.label}")
        vectors = _selected(suite, wanted)
        exported = 0
        with progress_bar("writing") as progress:
            for done, path, content in vector_files(suite, vectors, exporter):
                write(folder / path, content)
                exported += path.suffix == exporter.suffix
                progress(done, len(vectors))
        click.echo(f"{folder}: {len(vectors):,} sequences, {exported:,} {exporter.label}")
    if off:
        click.echo(f"without {' '.join(off)}")
    if only:
        apart = sum(entry.reason == ALONE for entry in suite.unreachable)
        click.echo(f"unspecified: an assumption alone decides {apart:,} goals")


def _write(out: Path, form: str, claims: "Claims", suite: "Suite", profile: "Profile") -> None:
    from properties.conformance.suite.catalogue import catalogue_csv, features  # noqa: PLC0415
    from properties.conformance.suite.vectors_file import vectors_json  # noqa: PLC0415

    if form == "json":
        write(out, vectors_json(claims, suite))
        return
    with progress_bar("writing") as progress:
        if form == "csv":
            write(out, catalogue_csv(suite, profile, progress))
            return
        files = features(suite, profile) if form == "gherkin" else _traces(suite)
        for done, path, content in files:
            write(out / path, content)
            progress(done, len(suite.vectors))


def _traces(suite: "Suite") -> "Iterator[tuple[int, str, bytes]]":
    from statemachines.exports.itf import export_itf  # noqa: PLC0415
    from statemachines.semantics.oracle import Oracle  # noqa: PLC0415

    oracle = Oracle(suite.system)
    for done, vector in enumerate(suite.vectors, 1):
        yield done, f"{vector.name}.itf.json", export_itf(suite.trace(vector, oracle), of=suite.reference).encode()


def _folders(profile: "Profile") -> list[str]:
    return [f"--{name} DIR" for name in profile.exporters]


def _selected(suite: "Suite", names: tuple[str, ...]) -> "tuple[Vector, ...]":
    known = {vector.name for vector in suite.vectors}
    for name in names:
        if name not in known:
            raise InputError(
                f"there is no sequence {name!r}; there are {suite.vectors[0].name} to {suite.vectors[-1].name}"
            )
    return tuple(vector for vector in suite.vectors if not names or vector.name in names)
