"""Pictures in Mermaid, for pages that draw `stateDiagram-v2` themselves.

Mermaid cannot dash a transition: an arrow that rests on an assumption says so in its label.
"""

import re
from collections.abc import Iterator

from statemachines.drawing.picture import Arrow, Node, Picture, Shape

_CODES = {"#": "#35;", ":": "#58;", ";": "#59;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "{": "#123;", "}": "#125;"}


def mermaid(picture: Picture) -> str:
    """The picture as a Mermaid state diagram."""
    title = ": ".join([picture.title, *picture.subtitle])
    return "\n".join(["---", f"title: {quoted(title)}", "---", *_body(picture)]) + "\n"


def _body(picture: Picture) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield "    direction TB"
    for node in picture.nodes:
        yield from (f"    {line}" for line in _node(node))
    for arrow in picture.arrows:
        yield f"    {_id(arrow.source)} --> {_id(arrow.target)}{_label(arrow)}"
    for shape, look, colour in ((Shape.REJECTION, "rejection", "#b42318"), (Shape.ANY, "several", "#6b7280")):
        alike = [node for node in picture.nodes if node.shape is shape]
        if alike:
            yield f"    classDef {look} color:{colour},stroke:{colour}"
        for node in alike:
            yield f"    class {_id(node.id)} {look}"


def _node(node: Node) -> Iterator[str]:
    if node.rows:
        yield f"{_id(node.id)} : {escaped(node.words)}"
        for row in node.rows:
            cells = [cell.replace("\n", " ") for cell in row.lines if cell]
            cited = f" [{escaped(row.citation)}]" if row.rules else ""
            yield f"{_id(node.id)} : {' / '.join(escaped(cell) for cell in cells)}{cited}"
    else:
        yield f'state "{escaped(node.words)}" as {_id(node.id)}'
    if node.initial:
        yield f"[*] --> {_id(node.id)}"
    if node.final:
        yield f"{_id(node.id)} --> [*]"


def _label(arrow: Arrow) -> str:
    lines = [line.strip() for line in arrow.lines] + (["(* assumption, at least in part)"] if arrow.assumed else [])
    return " : " + "<br/>".join(escaped(line) for line in lines) if lines else ""


def _id(name: str) -> str:
    """An identifier that no keyword of Mermaid, which ignores case, can be taken for."""
    return "s_" + re.sub(r"\W", "_", name)


def escaped(words: str) -> str:
    """The words with the characters that Mermaid reads as its own written as codes."""
    return "".join(_CODES.get(letter, letter) for letter in words)


def quoted(words: str) -> str:
    """The words as a YAML string, for the title of a diagram."""
    return "'" + words.replace("'", "''") + "'"
