"""`smets1 vectors`: the deterministic layer of the conformance suite as files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from properties.console.output import expect_empty, write
from properties.console.spec import INSTALLATION, SpecError, load_claims
from properties.console.terminal import Refused, progress_bar

if TYPE_CHECKING:
    from properties.conformance.suite.vectors import Suite, Vector

EPILOG = """\
\b
Examples:
  smets1 vectors --out vectors.json
  smets1 vectors --duis requests
  smets1 vectors --duis requests --only V0001 --only V0002
  smets1 vectors --system properties.smets1.fleet:DATED --out fleet.json

The JSON file has, for each sequence, the state to start in, and for each request what is expected of it, the rules that
decide, what the sources leave open, and what is shown. Its JSON Schema is printed by --schema.

With --duis, each sequence has a directory of its own there, with its Service Requests as DUIS XML, the installation as
it stood before each, the events as JSON, and a README.txt; index.json says which file is which step.

Exit codes: 0 written, 2 wrong options, or a system that has no such form.
"""


@click.command("vectors", epilog=EPILOG)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="Write the sequences there, as JSON.")
@click.option(
    "--duis", type=click.Path(path_type=Path), metavar="DIR",
    help="Write the Service Requests there, as DUIS XML; it has to be empty.",
)  # fmt: skip
@click.option("--only", multiple=True, metavar="NAME", help="With --duis: only this sequence; may be repeated.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the file.")
@click.option(
    "--system", "spec", default=INSTALLATION, show_default=True, metavar="SPEC",
    help="What the sequences are for: package.module:attribute of a Claims, or of a function that makes one.",
)  # fmt: skip
def vectors_command(out: Path | None, duis: Path | None, only: tuple[str, ...], schema: bool, spec: str) -> None:
    """Write the sequences that the checker computed: what to send, what is expected, and what it shows.

    They are the same at every run. Those of the installation are shipped; those of another system are computed, which
    takes minutes for a large one.
    """
    if schema:
        from importlib.resources import files  # noqa: PLC0415  # --help needs none of it

        click.echo((files("properties.conformance") / "vectors.schema.json").read_text(encoding="utf-8"), nl=False)
        return
    if out is None and duis is None:
        raise click.UsageError("nothing to write: expected --out FILE or --duis DIR")
    if only and duis is None:
        raise click.UsageError("--only says what to write with --duis: expected --duis DIR")
    if duis is not None:
        expect_empty(duis)
    from properties.conformance.suite.generate import suite_of  # noqa: PLC0415  # as above
    from properties.conformance.suite.vectors_file import vectors_json  # noqa: PLC0415
    from statemachines.errors import DeclarationError  # noqa: PLC0415

    try:
        claims = load_claims(spec)
        suite = suite_of(claims)
    except (SpecError, DeclarationError) as error:
        raise Refused(str(error)) from None
    if out is not None:
        write(out, vectors_json(claims, suite))
        click.echo(f"{out}: {len(suite.vectors):,} sequences, {suite.requests:,} requests, {len(suite.goals):,} goals")
    if duis is not None:
        _write_duis(suite, duis, _chosen(suite, only))


def _chosen(suite: "Suite", only: tuple[str, ...]) -> "tuple[Vector, ...]":
    known = {vector.name for vector in suite.vectors}
    for name in only:
        if name not in known:
            raise Refused(f"there is no sequence {name!r}; they are V0001 to V{len(suite.vectors):04}")
    return tuple(vector for vector in suite.vectors if not only or vector.name in only)


def _write_duis(suite: "Suite", duis: Path, chosen: "tuple[Vector, ...]") -> None:
    from properties.smets1.duis_run import duis_files, has_duis  # noqa: PLC0415  # --help needs none of it

    if not has_duis(suite.system):
        raise Refused(f"{suite.system.name!r} has no Service Requests in DUIS; the SMETS1 installation has")
    index = {}
    written = 0
    with progress_bar("writing") as progress:
        for done, vector in enumerate(chosen, 1):
            trace = vector.scenario.replay(suite.system)
            files = dict(duis_files(trace))
            for name, content in files.items():
                write(duis / vector.name / name, content)
            index[vector.name] = list(_steps(vector, trace.as_dict(), files))
            written += sum(name.endswith(".xml") for name in files)
            if progress:
                progress(done, len(chosen))
    write(duis / "index.json", (json.dumps(index, indent=1, ensure_ascii=False) + "\n").encode())
    click.echo(f"{duis}: {len(chosen):,} sequences, {written:,} Service Requests as DUIS XML")


def _steps(vector: "Vector", told: dict[str, object], files: dict[str, bytes]) -> Iterator[dict[str, object]]:
    """For the index: the files of each step, its request and what is expected of it."""
    steps = told["steps"]
    assert isinstance(steps, list)
    for number, step in enumerate(steps, 1):
        named = sorted(name for name in files if name.startswith(f"{number:02}-"))
        shows = [key for at, key in vector.reached if at == number - 1]
        yield {"files": named, "request": step["request"], "expected": step["verdict"], "shows": shows}
