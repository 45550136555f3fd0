"""Pictures drawn by Graphviz: DOT, and SVG or PNG without a system Graphviz.

The `graphviz` package writes DOT and runs `graphviz-pure`, a self-contained `dot` whose output is the same bytes on
every platform, so that drawings can be committed and checked for drift.
"""

import re
import shutil
import sysconfig
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from textwrap import wrap

import attrs

from statemachines.drawing.graphviz_labels import arrow_label, edging, heading, lane, legend, lettering, literal, table
from statemachines.drawing.palette import BLUE, FONTS_SHOWN, GREY, INK, MARKED, PALE, PALE_BLUE, RED
from statemachines.drawing.picture import Arrow, Mark, Node, Picture, Shape, with_identifiers
from statemachines.drawing.text_width import width
from statemachines.errors import DrawingError
from statemachines.extras import installing, optional_imports
from statemachines.files.shown import shown
from statemachines.language.rules import Basis

with optional_imports():
    import graphviz
    from graphviz.backend import dot_command

EXECUTABLE = "graphviz-pure"
FONT = "Arial"  # a font whose widths the renderer knows
PAGE = (1600, 1100)
"""The width and height, in pixels, that a page shows without being scrolled or shrunk."""

_STYLES = {Basis.ASSUMED: "dashed", Basis.BOTH: "solid"}

_EMBEDDED = re.compile(
    "[\\x20-\\u052f\\u2010-\\u2022\\u2026\\u2030\\u2039\\u203a\\u20ac\\u2122\\u2190-\\u2195\\u2212\\u2248\\u2260\\u2264\\u2265\\s]*"
)
"""Words that the font in `graphviz-pure`, with which PNG is drawn, has a glyph for each character of."""


@attrs.frozen
class _Layout:
    """How the parts are laid out: where to, and by which lines."""

    down: bool
    looks: Mapping[str, str]

    @property
    def attributes(self) -> dict[str, str]:
        return {"rankdir": "TB" if self.down else "LR", **self.looks}


def dot(picture: Picture) -> str:
    """The picture in DOT, in the first of the layouts that `render` tries."""
    return _dot(picture, _layouts(picture)[0])


def _dot(picture: Picture, layout: _Layout) -> str:
    picture = with_identifiers(picture)
    graph = graphviz.Digraph(picture.name)
    graph.attr("graph", label=legend(picture), labelloc="b", labeljust="l", tooltip=literal(picture.title))
    graph.attr(
        "graph", fontname=FONT, fontsize="10", fontcolor=GREY, bgcolor="white", compound="true", **layout.attributes
    )
    graph.attr("node", fontname=FONT, fontsize="12", fontcolor=INK, color=BLUE)
    # between a label and a state that are close together there is room for a small head only
    head = "0.5" if layout.looks is _CLOSE else "0.8"
    graph.attr("edge", fontname=FONT, fontsize="10", fontcolor=INK, color=BLUE, arrowsize=head)
    with graph.subgraph(name="cluster_picture") as body:
        body.attr(
            label=heading(picture),
            labelloc="t",
            labeljust="l",
            peripheries="0",
            margin="12",
            tooltip=literal(picture.title),
        )
        turned = 1 if layout.down else -1  # drawn from left to right, the last comes on top
        nodes = [node for node in picture.nodes if node.shape is not Shape.GROUP]
        order = {node.id: at for at, node in enumerate(nodes)}
        groups = {node.id: node for node in picture.nodes if node.shape is Shape.GROUP}
        order |= {group.id: min(order[member] for member in group.members) for group in groups.values()}
        bodies = _Bodies(picture)
        for node in nodes[::turned]:
            bodies.add(partial(_add_node, node=node), node.id)
        names = _names(picture.arrows, order, groups)
        for at, arrow in list(enumerate(picture.arrows))[::turned]:
            add = partial(
                _add_arrow,
                arrow=arrow,
                name=names[at],
                order=order,
                group=groups.get(arrow.source),
                joins=names[at] in names[:at],
            )
            bodies.add(add, arrow.source, arrow.target, beside=arrow.source)
        bodies.draw(body)
        for above, below in _stacked(picture):
            body.edge(above.id, below.id, style="invis")
    return str(graph.source)


def render(picture: Picture, format: str) -> bytes:  # Graphviz's own word for it
    """The picture as the bytes of an ``svg`` or ``png`` file; the same bytes on every machine.

    Of a few layouts it is the first that fits a `PAGE`, or the one that exceeds it least.

    Parameters
    ----------
    format: ``svg`` or ``png``.

    Raises
    ------
    DrawingError: where `graphviz-pure` is missing or fails, and for a PNG of characters that its font lacks.
    """
    if format == "png":
        _expect_in_font(picture)
    sources = [_dot(picture, layout) for layout in _layouts(picture)]
    excesses = {}
    for source in sources:
        drawing = _run(picture.name, source, "svg")
        excesses[source] = max(length / most for length, most in zip(size(drawing), PAGE, strict=True))
        if excesses[source] <= 1:
            break
    best = min(excesses, key=lambda source: excesses[source])
    if format == "svg":
        return _portable((drawing if source == best else _run(picture.name, best, format)).decode()).encode()
    return _run(picture.name, best, format)


def size(svg: bytes) -> tuple[float, float]:
    """The width and height of a drawing by Graphviz, in pixels."""
    wide, high = re.findall(rb'<svg width="(\d+)pt" height="(\d+)pt"', svg)[0]
    return int(wide) * 96 / 72, int(high) * 96 / 72


def _run(name: str, source: str, format: str) -> bytes:
    with _driven_by(executable()):
        try:
            drawn: bytes = graphviz.pipe("dot", format, source.encode(), quiet=True)
        except graphviz.CalledProcessError as error:
            output = error.stderr.decode(errors="replace").strip()
            raise DrawingError(f"{EXECUTABLE} could not draw {name}: {output}") from error
        except OSError as error:
            raise DrawingError(f"{EXECUTABLE} could not be run: {error}") from error
    return drawn


def _expect_in_font(picture: Picture) -> None:
    for words in picture.words:
        unknown = words[_EMBEDDED.match(words).end() :][:1]  # type: ignore[union-attr]  # it matches nothing, too
        if unknown:
            raise DrawingError(
                f"{picture.name} cannot be drawn as PNG: its font has no {unknown!r} (U+{ord(unknown):04X}), "
                f"which {shown(words)!r} has; SVG shows every character"
            )


def executable() -> str:
    """The path of `graphviz-pure`, beside the running interpreter or on PATH; `DrawingError` if there is none."""
    for folder in (sysconfig.get_path("scripts"), None):
        path = shutil.which(EXECUTABLE, path=folder)
        if path:
            return path
    raise DrawingError(f"{EXECUTABLE} is not installed beside this Python nor on PATH: {installing('draw')}")


@contextmanager
def _driven_by(path: str) -> Iterator[None]:
    """The graphviz package running another executable than a system's `dot`, for this call only."""
    before = dot_command.DOT_BINARY
    dot_command.DOT_BINARY = path
    try:
        yield
    finally:
        dot_command.DOT_BINARY = before


def _portable(svg: str) -> str:
    """The SVG without its generator's version, with fallbacks for its font and tooltips that are no links."""
    svg = re.sub(r"<!-- Generated by.*?-->\n", "", svg, flags=re.DOTALL)
    svg = svg.replace(f'font-family="{FONT}"', f'font-family="{FONTS_SHOWN}"')
    return svg.replace(' xlink:href="#"', "")


class _Bodies:
    """Where a part of the picture is drawn: in the smallest composite state that has all of it."""

    def __init__(self, picture: Picture) -> None:
        groups = [node for node in picture.nodes if node.shape is Shape.GROUP]
        self._groups = sorted(groups, key=lambda group: len(group.members))
        self._members = {node.id: {node.id} for node in picture.nodes} | {g.id: {*g.members} for g in groups}
        self._parts: dict[str, list[Callable[[graphviz.Digraph], None]]] = {}

    def add(self, part: Callable[[graphviz.Digraph], None], *nodes: str, beside: str = "") -> None:
        """Add a part that stands at these nodes, outside of the composite state that it is ``beside``."""
        ends = set().union(*(self._members[node] for node in nodes))
        around = (group.id for group in self._groups if ends <= self._members[group.id] and group.id != beside)
        self._parts.setdefault(next(around, ""), []).append(part)

    def draw(self, body: graphviz.Digraph, name: str = "") -> None:
        """Draw the parts in this composite state, and those in it."""
        for part in self._parts.get(name, []):
            part(body)
        members = self._members.get(name)
        within = [g for g in self._groups if g.id != name and (members is None or {*g.members} < members)]
        for group in within:
            if not any({*group.members} < {*other.members} for other in within):
                with body.subgraph(name=f"cluster_{group.id}") as inner:
                    inner.attr(label="", style="rounded,dashed", color=GREY, peripheries="1", margin="10",
                               tooltip="any of these")  # fmt: skip
                    self.draw(inner, group.id)


def _add_node(graph: graphviz.Digraph, *, node: Node) -> None:
    if node.shape in (Shape.TABLE, Shape.LANE):
        graph.node(node.id, label=table(node) if node.shape is Shape.TABLE else lane(node), shape="plain")
        return
    looks = {
        Shape.STATE: {"shape": "box", "style": "rounded,filled", "fillcolor": PALE},
        Shape.ANY: {"shape": "box", "style": "rounded", "color": GREY, "fontcolor": GREY},
        Shape.REJECTION: {"shape": "box", "style": "solid", "color": RED, "fontcolor": RED},
    }
    lines = wrap(node.words, 46)
    label = "\n".join(lines)
    marks = [mark for mark, so in (("may start here", node.initial), ("nothing need follow", node.final)) if so]
    tip = f"{label}{': ' if marks else ''}{', '.join(marks)}"
    graph.node(
        node.id,
        label=literal(label),
        tooltip=literal(tip),
        margin="0.2,0.06",
        height="0.4",
        width=_inches(lines, 12, margin=0.2),
        peripheries="2" if node.final else "1",
        **looks[node.shape],
    )

    if node.initial:
        start = f"{node.id}-start"
        graph.node(start, label="", shape="circle", style="filled", fillcolor=INK, color=INK, width="0.14",
                   fixedsize="true", tooltip="may start here")  # fmt: skip
        graph.edge(start, node.id, color=INK, tooltip="may start here", weight="3")


def _names(arrows: Iterable[Arrow], order: Mapping[str, int], groups: Mapping[str, Node]) -> list[str]:
    """For each arrow the name of its label: one for arrows that lead to one state alike, from states before it."""
    alike: dict[Hashable, str] = {}
    names = []
    for at, arrow in enumerate(arrows):
        name = f"arrow-{at}"
        if (
            arrow.notes
            and not arrow.rejection
            and arrow.source not in groups
            and order[arrow.source] < order[arrow.target]
        ):
            name = alike.setdefault((arrow.target, arrow.notes, arrow.badges, arrow.mark), name)
        names.append(name)
    return names


def _add_arrow(
    graph: graphviz.Digraph,
    *,
    arrow: Arrow,
    name: str,
    order: Mapping[str, int],
    group: Node | None,
    joins: bool,
) -> None:
    """An arrow that passes through its label, so that each label is plainly its own arrow's and no line crosses it.

    One that joins another at its label ends there.
    """
    style = _STYLES.get(arrow.basis, "dotted" if arrow.rejection else "bold")
    alone = arrow.basis is Basis.ASSUMED
    colour = MARKED[arrow.mark] if arrow.mark else RED if arrow.rejection else PALE_BLUE if alone else BLUE
    tip = literal(arrow.tooltip)
    looks = {"style": style, "color": colour, "tooltip": tip}
    if arrow.mark is Mark.FAILED:
        looks["penwidth"] = "2.5"
    source = arrow.source if group is None else group.members[0]
    if not arrow.notes:
        graph.edge(source, arrow.target, **looks)
        return
    if joins:
        graph.edge(source, name, **looks, dir="none")
        return
    graph.node(name, label=arrow_label(arrow), shape="box", style=f"rounded,{style}", color=edging(arrow),
               margin="0.08,0.04", height="0.1", width=_inches(arrow.lines, 10, margin=0.08),
               fontsize="10", fontcolor=lettering(arrow),
               tooltip=tip)  # fmt: skip
    leave, enter = {**looks, "dir": "none"}, looks
    # every edge is declared downwards, in the order of the states: the layout then keeps that order
    if order[arrow.source] <= order[arrow.target]:
        graph.edge(source, name, **leave, **({"ltail": f"cluster_{arrow.source}"} if group else {}))
    else:
        graph.edge(name, source, **leave, **({"lhead": f"cluster_{arrow.source}"} if group else {}))
    if order[arrow.source] < order[arrow.target]:
        graph.edge(name, arrow.target, **enter)
    else:
        graph.edge(arrow.target, name, **enter, dir="back")


_ANGLES = {"nodesep": "0.45", "ranksep": "0.3", "splines": "ortho"}
_CURVES = {"nodesep": "0.3", "ranksep": "0.3"}
_CLOSE = {"nodesep": "0.2", "ranksep": "0.1"}


def _layouts(picture: Picture) -> tuple[_Layout, ...]:
    """How the parts may be laid out, the best first, as looking at the pictures decided.

    Where many arrows fan out, from left to right, so that they read as lines of text do. A machine from top to bottom,
    its arrows in right angles, so that each meets a state at its own point; they cannot begin at a composite state.
    Tables one below the other, and lanes beside each other.
    """
    shapes = {node.shape for node in picture.nodes}
    if Shape.REJECTION in shapes:
        return (_Layout(False, _CURVES),)
    if Shape.LANE in shapes:
        return (_Layout(False, {**_CLOSE, "ranksep": "0.15"}),)
    if Shape.TABLE in shapes:
        return (_Layout(True, _CURVES),)
    if Shape.GROUP in shapes:
        return _Layout(True, _CURVES), _Layout(True, _CLOSE), _Layout(False, _CLOSE)
    return _Layout(True, _ANGLES), _Layout(True, _CLOSE), _Layout(False, _CLOSE)


def _stacked(picture: Picture) -> Iterator[tuple[Node, Node]]:
    """Tables that no arrow joins, to be drawn one below the other."""
    tables = [node for node in picture.nodes if node.shape in (Shape.TABLE, Shape.ANY)]
    if any(node.shape is Shape.TABLE for node in tables):
        for above, below in pairwise(tables):
            if below.shape is Shape.ANY:
                yield above, below


def _inches(lines: Iterable[str], size: float, *, margin: float) -> str:
    """The least width of a node that its words fit in, whatever the font: the renderer measures Arial alone."""
    return f"{max((width(line, size) for line in lines), default=0.0) / 72 + 2 * margin:.2f}"
