"""Pictures drawn by Graphviz: DOT, and SVG or PNG without a system Graphviz.

The `graphviz` package writes DOT and runs `graphviz-pure`, a self-contained `dot` whose output is the same bytes on
every platform, so that drawings can be committed and checked for drift.
"""

import re
import shutil
import sysconfig
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from html import escape
from itertools import pairwise
from math import ceil
from textwrap import wrap

import attrs

from statemachines.drawing.picture import Arrow, Badge, Mark, Node, Picture, Shape, with_identifiers
from statemachines.drawing.text_width import BOLD, width
from statemachines.errors import DrawingError
from statemachines.extras import optional_imports
from statemachines.files.shown import shown

with optional_imports():
    import graphviz
    from graphviz.backend import dot_command

EXECUTABLE = "graphviz-pure"
FONT = "Arial"  # a font whose widths the renderer knows
FONTS_SHOWN = "Arial,Helvetica,Liberation Sans,sans-serif"
INK, BLUE, PALE, GREY, RED = "#1f2933", "#1f4e8c", "#eef3fb", "#6b7280", "#b42318"
GREEN = "#17713a"
MARKED = {Mark.SHOWN: GREEN, Mark.FAILED: RED, Mark.NOT_SHOWN: GREY}
"""The colour of an arrow with a test's result."""
LEGEND = 480.0
"""The width of a line of the legend, in points."""
PAGE = (1600, 1100)
"""The width and height, in pixels, that a page shows without being scrolled or shrunk."""

PALE_BLUE = "#7a99c6"
"""The colour of an arrow that rests on an assumption."""
PALER, PALER_RED = "#b9c7dc", "#e8b4ae"

_COLOURS = {Mark.SHOWN: "green arrow", Mark.FAILED: "thick red arrow", Mark.NOT_SHOWN: "grey arrow"}

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
    graph.attr("graph", label=_legend(picture), labelloc="b", labeljust="l", tooltip=_literal(picture.title))
    graph.attr(
        "graph", fontname=FONT, fontsize="10", fontcolor=GREY, bgcolor="white", compound="true", **layout.attributes
    )
    graph.attr("node", fontname=FONT, fontsize="12", fontcolor=INK, color=BLUE)
    graph.attr("edge", fontname=FONT, fontsize="10", fontcolor=INK, color=BLUE, arrowsize="0.8")
    with graph.subgraph(name="cluster_picture") as body:
        body.attr(
            label=_heading(picture),
            labelloc="t",
            labeljust="l",
            peripheries="0",
            margin="12",
            tooltip=_literal(picture.title),
        )
        turned = 1 if layout.down else -1  # drawn from left to right, the last comes on top
        nodes = [node for node in picture.nodes if node.shape is not Shape.GROUP]
        order = {node.id: at for at, node in enumerate(nodes)}
        groups = {node.id: node for node in picture.nodes if node.shape is Shape.GROUP}
        order |= {group.id: min(order[member] for member in group.members) for group in groups.values()}
        bodies = _Bodies(picture)
        for node in nodes[::turned]:
            bodies.add(partial(_add_node, node=node), node.id)
        for at, arrow in list(enumerate(picture.arrows))[::turned]:
            add = partial(_add_arrow, arrow=arrow, name=f"arrow-{at}", order=order, group=groups.get(arrow.source))
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
    raise DrawingError(
        f"{EXECUTABLE} is not installed beside this Python nor on PATH: pip install 'smets1-lifecycles[draw]'"
    )


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
        graph.node(node.id, label=_table(node) if node.shape is Shape.TABLE else _lane(node), shape="plain")
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
        label=_literal(label),
        tooltip=_literal(tip),
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


def _add_arrow(
    graph: graphviz.Digraph, *, arrow: Arrow, name: str, order: Mapping[str, int], group: Node | None
) -> None:
    """An arrow that passes through its label, so that each label is plainly its own arrow's and no line crosses it."""
    style = "dashed" if arrow.assumed else "dotted" if arrow.rejection else "bold"
    colour = MARKED[arrow.mark] if arrow.mark else RED if arrow.rejection else PALE_BLUE if arrow.assumed else BLUE
    tip = _literal(arrow.tooltip)
    looks = {"style": style, "color": colour, "tooltip": tip}
    if arrow.mark is Mark.FAILED:
        looks["penwidth"] = "2.5"
    source = arrow.source if group is None else group.members[0]
    if not arrow.notes:
        graph.edge(source, arrow.target, **looks)
        return
    graph.node(name, label=_label(arrow), shape="box", style=f"rounded,{style}", color=_edging(arrow),
               margin="0.08,0.04", height="0.1", width=_inches(arrow.lines, 10, margin=0.08),
               fontsize="10", fontcolor=_lettering(arrow),
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


def _label(arrow: Arrow) -> str:
    if not arrow.badges:
        return "".join(_literal(line) + "\\l" for line in arrow.lines)
    wide = ceil(max(width(line, 10) for line in arrow.lines))
    words = [f'<TR><TD ALIGN="LEFT" WIDTH="{wide}">{_html(line)}</TD></TR>' for line in arrow.lines]
    signs = "".join(_badge(badge) for badge in arrow.badges) + "<TD></TD>"
    row = f'<TR><TD ALIGN="LEFT"><TABLE BORDER="0" CELLBORDER="0" CELLPADDING="2"><TR>{signs}</TR></TABLE></TD></TR>'
    return f'<<TABLE BORDER="0" CELLPADDING="0" CELLSPACING="1">{"".join(words)}{row}</TABLE>>'


def _badge(badge: Badge) -> str:
    ground, ink, mark = (PALE, BLUE, "*") if badge.assumed else (BLUE, "white", "")
    words = f"{badge.words}{mark}"
    return (
        f'<TD ALIGN="LEFT" STYLE="ROUNDED" BGCOLOR="{ground}" FIXEDSIZE="TRUE" HEIGHT="15" '
        f'WIDTH="{ceil(width(words, 9) * BOLD) + 6}">'
        f'<FONT POINT-SIZE="9" COLOR="{ink}"><B>{_html(words)}</B></FONT></TD>'
    )


def _edging(arrow: Arrow) -> str:
    return MARKED[arrow.mark] if arrow.mark else PALER_RED if arrow.rejection else PALER


def _lettering(arrow: Arrow) -> str:
    if arrow.mark is Mark.NOT_SHOWN:
        return GREY
    return RED if arrow.rejection or arrow.mark is Mark.FAILED else INK


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


def _literal(words: str) -> str:
    """The words as DOT has them outside HTML: no escape sequence, no HTML, and no entity."""
    escaped: str = graphviz.escape(words.replace("&", "&amp;"))
    return escaped


def _inches(lines: Iterable[str], size: float, *, margin: float) -> str:
    """The least width of a node that its words fit in, whatever the font: the renderer measures Arial alone."""
    return f"{max((width(line, size) for line in lines), default=0.0) / 72 + 2 * margin:.2f}"


def _heading(picture: Picture) -> str:
    rows = [_row(f"<B>{_html(picture.title)}</B>", width(picture.title, 16) * BOLD, size=16, colour=INK)]
    rows += [_row(_html(line), width(line, 11), size=11, colour=GREY) for line in picture.subtitle]
    return _borderless(rows)


def _row(line: str, wide: float, *, size: int, colour: str) -> str:
    text = f'<FONT POINT-SIZE="{size}" COLOR="{colour}">{line}</FONT>'
    return f'<TR><TD ALIGN="LEFT" WIDTH="{ceil(wide) + 4}">{text}</TD></TR>'


def _borderless(rows: Iterable[str]) -> str:
    return f'<<TABLE BORDER="0" CELLPADDING="2" CELLSPACING="0">{"".join(rows)}</TABLE>>'


def _legend(picture: Picture) -> str:
    """What the marks mean: those that the picture has."""
    marks = {
        "filled dot: it may start here": any(node.initial for node in picture.nodes),
        "double border: nothing need follow": any(node.final for node in picture.nodes),
        "dashed frame: any of the states in it": any(node.members for node in picture.nodes),
        "bold arrow: regulated": any(not (a.assumed or a.rejection) for a in picture.arrows if a.notes),
        "pale, dashed arrow: rests, in whole or in part, on an assumption": any(
            arrow.assumed for arrow in picture.arrows
        ),
        "* after a rule's id: in whole or in part an assumption": picture.assumed,
        "dark badge: a check that is regulated; pale: assumed": bool(picture.key),
        **{f"{_COLOURS[mark]}: {mark.value}": any(a.mark is mark for a in picture.arrows) for mark in Mark},
        "red: rejections": any(arrow.rejection for arrow in picture.arrows),
    }
    lines: list[str] = []
    for mark in (mark for mark, there in marks.items() if there):
        if lines and width(f"{lines[-1]}; {mark}", 10) <= LEGEND:
            lines[-1] += f"; {mark}"
        else:
            lines.append(mark)
    rows = [_row(_html(line), width(line, 10), size=10, colour=GREY) for line in lines]
    for words, note in picture.key:
        line = f"{words}: {note.lines[0]} [{note.citation}]"
        rows.append(_row(_html(line), width(line, 10), size=10, colour=INK))
    return _borderless(rows) if rows else ""


def _table(node: Node) -> str:
    head = "".join(
        _cell(_html(words), width(words, 9), f'<FONT POINT-SIZE="9" COLOR="{GREY}">', "</FONT>")
        for words in node.headings
    )
    title = f'COLSPAN="{len(node.headings)}" BGCOLOR="{PALE}"'
    over = _cell(_html(node.words), width(node.words, 10) * BOLD, "<B>", "</B>", title)
    rows = [over, head] if node.words else [head]
    for row in node.rows:
        hint = f'BALIGN="LEFT" VALIGN="TOP" HREF="#" TOOLTIP="{_html(row.tooltip)}"'
        cells = [*(cell.split("\n") for cell in row.lines), wrap(row.citation, 28) or [""]]
        rows.append(
            "".join(
                _cell("<BR/>".join(map(_html, lines)) or " ", max(width(line, 10) for line in lines), looks=hint)
                for lines in cells
            )
        )
    return _framed("".join(f"<TR>{row}</TR>" for row in rows), 10, 5)


def _lane(node: Node) -> str:
    """A table of one column: in each row what is asked, what follows otherwise, and the rules."""
    rows = [_cell(f"<B>{_html(node.words)}</B>", width(node.words, 9) * BOLD, looks=f'BGCOLOR="{PALE}"')]
    for row in node.rows:
        asked, *otherwise = row.lines
        cited = [(line, GREY) for line in wrap(f"[{row.citation}]", 34)] if row.rules else []
        parts = [(asked, INK), *((words, RED) for words in otherwise), *cited]
        lines = [(line, ink) for words, ink in parts for line in words.split("\n")]
        text = "<BR/>".join(f'<FONT COLOR="{ink}">{_html(line)}</FONT>' for line, ink in lines)
        hint = f'BALIGN="LEFT" HREF="#" TOOLTIP="{_html(row.tooltip)}"'
        rows.append(_cell(text, max(width(line, 9) for line, _ in lines), looks=hint))
    if not node.rows:
        rows.append(_cell("nothing is asked", width("nothing is asked", 9)))
    return _framed("".join(f"<TR>{row}</TR>" for row in rows), 9, 3)


def _framed(rows: str, points: int, padding: int) -> str:
    return (
        f'<<FONT POINT-SIZE="{points}"><TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="{padding}" '
        f'COLOR="{BLUE}">{rows}</TABLE></FONT>>'
    )


def _cell(words: str, wide: float, opening: str = "", closing: str = "", looks: str = "") -> str:
    return f'<TD ALIGN="LEFT" WIDTH="{ceil(wide) + 12}" {looks}>{opening}{words}{closing}</TD>'


def _html(words: str) -> str:
    return escape(words).replace("\n", "&#10;")
