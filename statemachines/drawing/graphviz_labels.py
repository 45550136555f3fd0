"""Contents of nodes and edges in Graphviz: labels, badges, heading, legend, tables, lanes."""

from collections.abc import Iterable
from html import escape
from math import ceil
from textwrap import wrap

from statemachines.drawing.palette import BLUE, GREY, INK, MARKED, PALE, PALER, PALER_RED, RED
from statemachines.drawing.picture import Arrow, Badge, Mark, Node, Picture
from statemachines.drawing.text_width import BOLD, width
from statemachines.extras import optional_imports
from statemachines.language.rules import Basis

with optional_imports():
    import graphviz

BADGES = "dark badge: a check that is regulated; pale: assumed"
"""What the colours of badges mean, on paper."""

LEGEND = 480.0
"""The width of a line of the legend, in points."""
_COLOURS = {Mark.SHOWN: "green arrow", Mark.FAILED: "thick red arrow", Mark.NOT_SHOWN: "grey arrow"}


def literal(words: str) -> str:
    """The words as DOT has them outside HTML: no escape sequence, no HTML, and no entity."""
    escaped: str = graphviz.escape(words.replace("&", "&amp;"))
    return escaped


def arrow_label(arrow: Arrow) -> str:
    """The lines of an arrow's label, and its badges below."""
    if not arrow.badges:
        return "".join(literal(line) + "\\l" for line in arrow.lines)
    least = ceil(max(width(line, 10) for line in arrow.lines))
    words = [f'<TR><TD ALIGN="LEFT" WIDTH="{least}">{_html(line)}</TD></TR>' for line in arrow.lines]
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


def edging(arrow: Arrow) -> str:
    """The colour of the frame of an arrow's label."""
    return MARKED[arrow.mark] if arrow.mark else PALER_RED if arrow.rejection else PALER


def lettering(arrow: Arrow) -> str:
    """The colour of the words of an arrow's label."""
    if arrow.mark is Mark.NOT_SHOWN:
        return GREY
    return RED if arrow.rejection or arrow.mark is Mark.FAILED else INK


def heading(picture: Picture) -> str:
    """The title and the subtitle."""
    rows = [_row(f"<B>{_html(picture.title)}</B>", width(picture.title, 16) * BOLD, size=16, colour=INK)]
    rows += [_row(_html(line), width(line, 11), size=11, colour=GREY) for line in picture.subtitle]
    return _borderless(rows)


def _row(line: str, least: float, *, size: int, colour: str) -> str:
    text = f'<FONT POINT-SIZE="{size}" COLOR="{colour}">{line}</FONT>'
    return f'<TR><TD ALIGN="LEFT" WIDTH="{ceil(least) + 4}">{text}</TD></TR>'


def _borderless(rows: Iterable[str]) -> str:
    return f'<<TABLE BORDER="0" CELLPADDING="2" CELLSPACING="0">{"".join(rows)}</TABLE>>'


def legend(picture: Picture) -> str:
    """What the marks mean: those that the picture has."""
    marks = {
        "filled dot: it may start here": any(node.initial for node in picture.nodes),
        "double border: nothing need follow": any(node.final for node in picture.nodes),
        "dashed frame: any of the states in it": any(node.members for node in picture.nodes),
        "bold arrow: regulated": any(a.basis is Basis.REGULATED and not a.rejection for a in picture.arrows if a.notes),
        "thin arrow: in part an assumption": any(a.basis is Basis.BOTH for a in picture.arrows),
        'pale, dashed, "assumed": an assumption alone': any(a.basis is Basis.ASSUMED for a in picture.arrows),
        "* after a rule's id: in whole or in part an assumption": picture.assumed,
        BADGES: bool(picture.key),
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


def table(node: Node) -> str:
    """A table: its name, headings and rows, each with a tooltip."""
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


def lane(node: Node) -> str:
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


def _cell(words: str, least: float, opening: str = "", closing: str = "", looks: str = "") -> str:
    return f'<TD ALIGN="LEFT" WIDTH="{ceil(least) + 12}" {looks}>{opening}{words}{closing}</TD>'


def _html(words: str) -> str:
    return escape(words).replace("\n", "&#10;")
