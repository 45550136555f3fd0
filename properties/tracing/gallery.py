"""A system's pictures, and the page that shows them with their rules."""

from collections.abc import Iterable, Iterator

from statemachines.drawing.graphviz import dot, render
from statemachines.drawing.mermaid import mermaid
from statemachines.drawing.picture import Picture, drawn, lifecycle_picture
from statemachines.drawing.rejections import with_rejections
from statemachines.drawing.request_path import request_paths
from statemachines.errors import StatemachinesError
from statemachines.language.rules import Register
from statemachines.language.system import System

SUFFIXES = {"svg": "svg", "png": "png", "dot": "dot", "mermaid": "mmd"}
"""How the name of a file ends, for each format."""

TITLE = "# Diagrams"

PREAMBLE = f"""\
{TITLE}

The lifecycles and the path of a request, drawn from the declarations by
`{{made_by}}`; do not edit. Open a picture by itself and point at an arrow to
read its rules.

- A filled dot: the lifecycle may start there. A double border: nothing need follow.
- A dashed arrow rests, in whole or in part, on an assumption; the ids of the assumed rules have a star.
- Requests that fire nothing are left out: `{{command}} render --rejections` draws the verdicts on them.
"""


class NoPictureError(StatemachinesError, LookupError):
    """A name that no picture of the system has, with those that there are."""


def pictures_of(system: System, names: Iterable[str] = (), *, rejections: bool = False) -> tuple[Picture, ...]:
    """The pictures of a system's lifecycles and of the paths of its requests.

    Parameters
    ----------
    names: which; by default all.
    rejections: whether lifecycles are drawn with the verdicts on requests that fire nothing.

    Raises
    ------
    NoPictureError: for a name that no picture has.
    """
    draw = with_rejections if rejections else lifecycle_picture
    lifecycles = {lifecycle.name: lifecycle for lifecycle in drawn(system)}
    paths = {path.name: path for path in request_paths(system)}
    wanted = tuple(dict.fromkeys(names)) or (*lifecycles, *paths)
    for name in wanted:
        if name not in lifecycles and name not in paths:
            raise NoPictureError(f"{name!r} has no picture; there are {', '.join([*lifecycles, *paths])}")
    return tuple(paths[name] if name in paths else draw(system, lifecycles[name]) for name in wanted)


def drawing(picture: Picture, kind: str) -> bytes:
    """The picture as the bytes of a file.

    Parameters
    ----------
    kind: the format, one of `SUFFIXES`.
    """
    if kind == "dot":
        return dot(picture).encode()
    return mermaid(picture).encode() if kind == "mermaid" else render(picture, kind)


def gallery(pictures: Iterable[Picture], register: Register, *, made_by: str, mermaid_too: bool = False) -> str:
    """The page, in Markdown, that shows pictures in SVG, and of each its rules: statement, source, assumption.

    Parameters
    ----------
    register: the rules.
    made_by: the command line that makes the page.
    mermaid_too: whether the pictures are there in Mermaid, too.
    """
    preamble = PREAMBLE.format(made_by=made_by, command=made_by.partition(" ")[0])
    return "\n".join([preamble, *("\n".join(_section(picture, register, mermaid_too)) for picture in pictures)])


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
