"""`render`: a picture of each lifecycle, and a page with all of them."""

import json
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

import click

from properties.cli.profiled import ProfiledCommand, profile_of, system_option
from properties.console.output import write
from properties.console.spec import load_claims
from properties.console.terminal import InputError
from properties.domain import Profile
from properties.tracing.gallery import TITLE, gallery
from statemachines.drawing.draw import SUFFIXES, Illustration, NoPictureError, drawing, pictures_of
from statemachines.drawing.picture import Picture

EXAMPLES = """\
  {command} render --system parcel_locker:claims --out pictures     every picture, and a page that shows them
  {command} render --system parcel_locker:claims box --format png   one picture as a PNG
  {command} render --system parcel_locker:system --rejections       with the verdicts on requests that fire nothing
"""
NOTES = "Exit codes: 0 the pictures are written, 2 wrong input or options."


@click.command("render", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES)
@click.argument("lifecycles", nargs=-1, metavar="[LIFECYCLE]...")
@click.option("--out", default="diagrams", show_default=True, type=click.Path(path_type=Path), help="Where to write.")
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(list(SUFFIXES)), default=["svg"], show_default=True,
    help="What to write; may be repeated.",
)  # fmt: skip
@click.option(
    "--rejections", is_flag=True, help="Draw the verdicts on requests that fire nothing, too, in NAME-rejections."
)
@system_option("Whose lifecycles")
@click.option("--json", "as_json", is_flag=True, help="Print the paths as one JSON object.")
@click.pass_context
def render_command(
    context: click.Context,
    lifecycles: tuple[str, ...],
    out: Path,
    formats: tuple[str, ...],
    rejections: bool,
    spec: str,
    as_json: bool,
) -> None:
    """Draw lifecycles as an analyst reads them.

    Without LIFECYCLE, all of them, the paths of requests, and what else a system has, such as timelines and tables; in
    SVG, with a README.md that shows them and their rules. A picture fits a page of 1,600 x 1,100 pixels if it can.
    """
    system = load_claims(spec).system
    profile = profile_of(context)
    illustrations = () if rejections else profile.illustrations_of(spec)
    asked = [each for each in illustrations if each.name in lifecycles]
    names = [name for name in lifecycles if name not in {each.name for each in asked}]
    pictures: tuple[Picture | Illustration, ...] = (*asked,) if lifecycles else illustrations
    if names or not lifecycles:
        try:
            pictures += pictures_of(system, names, rejections=rejections, wording=profile.wording_of(spec))
        except NoPictureError as error:
            raise InputError(", ".join([str(error), *(each.name for each in illustrations)])) from None
    with_page = "svg" in formats and not lifecycles and not rejections
    elsewhere: dict[Picture | Illustration, str] = {}
    if with_page:
        elsewhere = _drawn_before(profile, spec)
    if with_page:
        _expect_ours(out / "README.md")
    kinds = tuple(dict.fromkeys(formats))
    for each in asked:
        if not {*kinds} & {*each.formats}:
            raise InputError(f"{each.name!r} is not drawn as {kinds[0]}: expected {' or '.join(each.formats)}")
    here = [picture for picture in pictures if picture not in elsewhere]
    written = [
        write(out / f"{picture.name}.{SUFFIXES[kind]}", drawing(picture, kind))
        for picture in here
        for kind in kinds
        if not isinstance(picture, Illustration) or kind in picture.formats
    ]
    if with_page:
        named = "" if spec == profile.claims else f" --system {spec}"
        made_by = f"{profile.command} render{named}{''.join(f' --format {kind}' for kind in kinds)}"
        away = {picture.title: elsewhere[picture] for picture in pictures if picture in elsewhere}
        page = gallery(here, system.register, made_by=made_by, mermaid_too="mermaid" in kinds, elsewhere=away)
        written.append(write(out / "README.md", page.encode()))
    if as_json:
        click.echo(json.dumps({"written": [str(path) for path in written]}))
    else:
        for path in written:
            click.echo(str(path))


def _drawn_before(profile: Profile, spec: str) -> dict[Picture | Illustration, str]:
    """The pictures of the systems that are traced before this one: what two have is drawn once."""
    before = takewhile(lambda other: other != spec, profile.traced) if spec in profile.traced else ()
    return {
        picture: f"{profile.traced[other]}/{picture.name}.svg"
        for other in before
        for picture in pictures_of(load_claims(other).system, wording=profile.wording_of(other))
    }


def _expect_ours(page: Path) -> None:
    """Refuse to put the page in the place of a README that is none of ours."""
    with suppress(OSError):
        if page.read_bytes()[: len(TITLE)] != TITLE.encode():
            raise InputError(f"{page} is not a page of diagrams, and would be written over: expected another directory")
