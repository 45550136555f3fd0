"""`smets1 render`: each lifecycle as a picture, and a page that shows them all."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click

from properties.console.output import write
from properties.console.spec import INSTALLATION, SpecError, load_claims
from properties.console.terminal import Refused
from statemachines.drawing.graphviz import dot, render
from statemachines.drawing.mermaid import mermaid
from statemachines.drawing.picture import Picture, drawn, lifecycle_picture
from statemachines.drawing.rejections import with_rejections
from statemachines.drawing.request_path import request_paths
from statemachines.errors import DrawingError
from statemachines.language.rules import Register
from statemachines.language.system import System

SUFFIXES = {"svg": "svg", "png": "png", "dot": "dot", "mermaid": "mmd"}

PREAMBLE = """\
# Diagrams

The lifecycles and the path of a request, drawn from the declarations in `statemachines/` by
`smets1 render --format svg --format mermaid`; do not edit. The pictures say what the declarations say: a test fails
where they differ. Open a picture by itself and point at an arrow to read its rules.

- A filled dot: the lifecycle may start there. A double border: nothing need follow.
- A dashed arrow rests, in whole or in part, on an assumption; the ids of the assumed rules have a star.
- Requests that fire nothing are left out: `smets1 render --rejections` draws what is said to them.
"""

EPILOG = """\
\b
Examples:
  smets1 render                                 every picture, and a page that shows them, in diagrams/
  smets1 render key_package --format png        one picture as a PNG
  smets1 render ppmid_firmware --rejections     with what is said to requests that fire nothing
  smets1 render --out /tmp/d --format mermaid   every picture as Mermaid text
  smets1 render --system parcel_locker:claims   of another system, where its module stands (examples/)
"""


@click.command("render", epilog=EPILOG)
@click.argument("lifecycles", nargs=-1, metavar="[LIFECYCLE]...")
@click.option("--out", default="diagrams", show_default=True, type=click.Path(path_type=Path), help="Where to write.")
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(list(SUFFIXES)), default=["svg"], show_default=True,
    help="What to write; may be repeated.",
)  # fmt: skip
@click.option("--rejections", is_flag=True, help="Draw what is said instead, too; written as NAME-rejections.")
@click.option(
    "--system", "spec", default=INSTALLATION, show_default=True, metavar="SPEC",
    help="Whose lifecycles: package.module:attribute of a Claims, or of a function that makes one.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the paths as one JSON object.")
def render_command(
    lifecycles: tuple[str, ...], out: Path, formats: tuple[str, ...], rejections: bool, spec: str, as_json: bool
) -> None:
    """Draw lifecycles as an analyst reads them.

    Without LIFECYCLE, all of them and the path of a request; in SVG, with a README.md that shows them and their rules.
    """
    try:
        system = load_claims(spec).system
    except SpecError as error:
        raise Refused(str(error)) from None
    pictures = pictures_of(system, lifecycles, rejections=rejections)
    with_page = "svg" in formats and not lifecycles and not rejections
    if with_page:
        _spare(out / "README.md")
    kinds = tuple(dict.fromkeys(formats))
    written = []
    try:
        for picture in pictures:
            for kind in kinds:
                written.append(write(out / f"{picture.name}.{SUFFIXES[kind]}", drawing(picture, kind)))
        if with_page:
            page = gallery(pictures, system.register, mermaid_too="mermaid" in kinds)
            written.append(write(out / "README.md", page.encode()))
    except DrawingError as error:
        raise Refused(str(error)) from error
    if as_json:
        click.echo(json.dumps({"written": [str(path) for path in written]}))
    else:
        for path in written:
            click.echo(str(path))


def _spare(page: Path) -> None:
    """Refuse to put the page in the place of a README that is none of ours."""
    title = PREAMBLE.splitlines()[0].encode()
    with suppress(OSError):
        if page.read_bytes()[: len(title)] != title:
            raise Refused(f"{page} is no page of diagrams, and would be written over: expected another directory")


def pictures_of(system: System, names: tuple[str, ...] = (), *, rejections: bool = False) -> tuple[Picture, ...]:
    """The pictures with those names, or all of them; `click.BadParameter` for a name that has none."""
    draw = with_rejections if rejections else lifecycle_picture
    lifecycles = {lifecycle.name: lifecycle for lifecycle in drawn(system)}
    paths = {path.name: path for path in request_paths(system)}
    for name in names:
        if name not in lifecycles and name not in paths:
            pictured = ", ".join([*lifecycles, *paths])
            raise click.BadParameter(f"{name!r} has no picture; there are {pictured}", param_hint="LIFECYCLE")
    return tuple(
        paths[name] if name in paths else draw(system, lifecycles[name])
        for name in dict.fromkeys(names or [*lifecycles, *paths])
    )


def drawing(picture: Picture, kind: str) -> bytes:
    """The picture as the bytes of a file of one of the `SUFFIXES`' kinds."""
    if kind == "dot":
        return dot(picture).encode()
    return mermaid(picture).encode() if kind == "mermaid" else render(picture, kind)


def gallery(pictures: tuple[Picture, ...], register: Register, *, mermaid_too: bool) -> str:
    """The page that shows every picture, with its rules: statement, source, and what of it is assumed."""
    parts = [PREAMBLE, *("\n".join(_section(picture, register, mermaid_too)) for picture in pictures)]
    return "\n".join(parts)


def _section(picture: Picture, register: Register, mermaid_too: bool) -> Iterator[str]:
    yield f"## {picture.title}"
    yield ""
    yield f"![{picture.title}]({picture.name}.svg)"
    yield ""
    also = f" ([Mermaid]({picture.name}.mmd))" if mermaid_too else ""
    yield f"`{picture.name}`{also}"
    yield ""
    yield "| rule | what it says | source | assumption |"
    yield "|---|---|---|---|"
    for rule in (register[rule_id] for rule_id in picture.rules):
        assumption = "all of it" if rule.assumption == "all" else rule.assumption
        yield f"| {rule.id} | {_cell(rule.statement)} | {_cell(rule.source)} | {_cell(assumption)} |"
    yield ""


def _cell(words: str) -> str:
    return words.replace("|", "\\|")
