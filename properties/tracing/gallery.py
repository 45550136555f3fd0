"""The page with a system's pictures and their rules."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from urllib.parse import quote

from statemachines.drawing.draw import Illustration
from statemachines.drawing.page import block_lines, literal
from statemachines.drawing.picture import Picture
from statemachines.drawing.tables import DecisionTable
from statemachines.language.rules import Register

TITLE = "# Diagrams"

PREAMBLE = f"""\
{TITLE}

The lifecycles and the path of a request, drawn from the declarations by
`{{made_by}}`; do not edit. Open a picture by itself and point at an arrow to
read its rules.

- A filled dot: the lifecycle may start there. A double border: nothing need follow. A dashed frame: any of the states
  in it.
- A bold arrow is regulated. A thin one is regulated in part, and assumed in part. A pale, dashed one, whose rules stand
  after the word "assumed", is an assumption alone. The ids of assumed rules have a star.
- Requests that fire nothing are left out: `{{command}} render --rejections` draws the verdicts on them.
"""


def gallery(
    pictures: Iterable[Picture | Illustration],
    register: Register,
    *,
    made_by: str,
    mermaid_too: bool = False,
    elsewhere: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """The page, in Markdown, that shows pictures in SVG, and of each its rules: statement, source, assumption.

    Parameters
    ----------
    register: the rules.
    made_by: the command line that makes the page.
    mermaid_too: whether the pictures are there in Mermaid, too.
    elsewhere: the paths of pictures of the same system that are drawn elsewhere, by their titles.
    """
    preamble = PREAMBLE.format(made_by=made_by, command=made_by.partition(" ")[0])
    away = [f"- {literal(title)}: it is `{path}`." for title, path in elsewhere.items()]
    return "\n".join(
        [
            preamble,
            *([*away, ""] if away else ()),
            *("\n".join(_section(picture, register, mermaid_too)) for picture in pictures),
        ]
    )


def _section(picture: Picture | Illustration, register: Register, mermaid_too: bool) -> Iterator[str]:
    yield f"## {literal(picture.title)}"
    yield ""
    yield f"![{literal(picture.title)}]({quote(picture.name)}.svg)"
    yield ""
    mermaid_too = mermaid_too and not (isinstance(picture, Illustration) and "mermaid" not in picture.formats)
    also = f" ([Mermaid]({quote(picture.name)}.mmd))" if mermaid_too else ""
    yield f"`{picture.name}`{also}"
    yield ""
    if isinstance(picture, Illustration) and isinstance(picture.of, DecisionTable):
        yield from (*block_lines(picture.of.table), "")
    yield "| rule | what it says | source | assumption |"
    yield "|---|---|---|---|"
    for rule in (register[rule_id] for rule_id in picture.rules):
        assumption = "all of it" if rule.assumption == "all" else rule.assumption
        yield f"| {rule.id} | {literal(rule.statement)} | {literal(rule.source)} | {literal(assumption)} |"
    yield ""
