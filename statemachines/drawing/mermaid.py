"""Pictures in Mermaid's `stateDiagram-v2`.

Mermaid cannot dash a transition: an arrow that rests on an assumption says so in its label.
"""

from collections.abc import Iterable, Iterator

from statemachines.drawing.characters import visible
from statemachines.drawing.picture import Arrow, Node, Picture, Shape, with_identifiers

_CODES = {"#": "#35;", ":": "#58;", ";": "#59;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "{": "#123;", "}": "#125;"}
_CODES |= {"%": "#37;", "&": "#amp;"}  # two percent signs begin a comment; labels are HTML


def mermaid(picture: Picture) -> str:
    """The picture as a Mermaid state diagram."""
    picture = with_identifiers(picture, prefix="s_")  # no keyword of Mermaid, which ignores case, begins so
    title = " ".join(": ".join([picture.title, *picture.subtitle]).split())
    return "\n".join(["---", f"title: {quoted(title)}", "---", *_body(picture)]) + "\n"


def _body(picture: Picture) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield "    direction TB"
    yield from (f"    {line}" for line in _nodes(picture.nodes, [node for node in picture.nodes if node.members]))
    for arrow in picture.arrows:
        yield f"    {arrow.source} --> {arrow.target}{_label(arrow)}"
    for shape, look, colour in ((Shape.REJECTION, "rejection", "#b42318"), (Shape.ANY, "several", "#6b7280")):
        alike = [node for node in picture.nodes if node.shape is shape]
        if alike:
            yield f"    classDef {look} color:{colour},stroke:{colour}"
        for node in alike:
            yield f"    class {node.id} {look}"


def _nodes(nodes: Iterable[Node], groups: list[Node]) -> Iterator[str]:
    """The nodes, each in the smallest of the composite states that it is in."""
    outer = [group for group in groups if not any({*group.members} < {*other.members} for other in groups)]
    inside = {member: group for group in outer for member in group.members}
    nodes = [node for node in nodes if node.shape is not Shape.GROUP]
    for node in nodes:
        if node.id not in inside:
            yield from _node(node)
    for group in outer:
        yield f'state " " as {group.id} {{'
        members = [node for node in nodes if inside.get(node.id) is group]
        within = [other for other in groups if {*other.members} < {*group.members}]
        yield from (f"    {line}" for line in _nodes(members, within))
        yield "}"


def _node(node: Node) -> Iterator[str]:
    if node.rows:
        yield f"{node.id} : {escaped(node.words)}"
        for row in node.rows:
            cells = [cell.replace("\n", " ") for cell in row.lines if cell]
            cited = f" [{escaped(row.citation)}]" if row.rules else ""
            yield f"{node.id} : {' / '.join(escaped(cell) for cell in cells)}{cited}"
    else:
        yield f'state "{escaped(node.words)}" as {node.id}'
    if node.initial:
        yield f"[*] --> {node.id}"
    if node.final:
        yield f"{node.id} --> [*]"


def _label(arrow: Arrow) -> str:
    needs = [f"needs: {', '.join(badge.words for badge in arrow.badges)}"] if arrow.badges else []
    lines = [line.strip() for line in (*arrow.lines, *needs)] + (["(* assumption)"] if arrow.assumed else [])
    return " : " + "<br/>".join(escaped(line) for line in lines) if lines else ""


def escaped(words: str) -> str:
    """The words with the characters that Mermaid reads as its own written as codes."""
    return "".join(_CODES.get(letter, letter) for letter in " ".join(visible(words).split()))


def quoted(words: str) -> str:
    """The words as a YAML string, for the title of a diagram."""
    return "'" + visible(words).replace("'", "''") + "'"
