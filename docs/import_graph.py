"""Draw which room imports which: `python docs/import_graph.py` writes `docs/imports.svg`.

A room is a package or a module directly below `statemachines` or `properties`. Arrows that follow from others are left
out; imports for type checking alone do not count.
"""

import subprocess
from pathlib import Path

import graphviz
import grimp

from statemachines.drawing.graphviz import executable

OUT = Path(__file__).with_name("imports.svg")
ROOTS = ("statemachines", "properties")
STYLE = {"shape": "box", "style": "filled,rounded", "fontname": "Arial", "fontsize": "11", "color": "#1f4e8c"}


def rooms() -> dict[str, set[str]]:
    """The rooms that each room imports."""
    graph = grimp.build_graph(*ROOTS, exclude_type_checking_imports=True)
    imports: dict[str, set[str]] = {}
    for module in graph.modules:
        room = _room(module)
        imports.setdefault(room, set()).update(
            other for other in map(_room, graph.find_modules_directly_imported_by(module)) if other != room
        )
    return {room: others - set(ROOTS) for room, others in imports.items() if room not in ROOTS}


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def reduced(imports: dict[str, set[str]]) -> dict[str, set[str]]:
    """The imports without those that follow from others; rooms that import one another in a circle keep theirs."""
    below = {room: _below(room, imports) for room in imports}
    return {
        room: {
            other
            for other in others
            if not any(other in below[third] and room not in below[third] for third in others - {other})
        }
        for room, others in imports.items()
    }


def _below(room: str, imports: dict[str, set[str]]) -> set[str]:
    """All rooms that a room comes to."""
    met: set[str] = set()
    ahead = [room]
    while ahead:
        fresh = imports[ahead.pop()] - met
        met |= fresh
        ahead += fresh
    return met


def dot(imports: dict[str, set[str]]) -> str:
    """The picture in DOT; both packages have a frame of their own."""
    graph = graphviz.Digraph("imports", graph_attr={"ranksep": "0.35", "nodesep": "0.2"}, node_attr=STYLE)
    graph.attr("edge", color="#6b7280", arrowsize="0.7")
    for root in ROOTS:
        with graph.subgraph(name=f"cluster_{root}") as frame:
            frame.attr(label=root, fontname="Arial", fontsize="12", color="#b9c7dc")
            for room in sorted(imports):
                if room.startswith(f"{root}."):
                    frame.node(room, label=room.partition(".")[2], fillcolor="#eef3fb")
    for room, others in sorted(reduced(imports).items()):
        for other in sorted(others):
            graph.edge(room, other)
    return str(graph.source)


def svg() -> str:
    """The picture, the same on every machine."""
    drawn = subprocess.run(
        [executable(), "-Tsvg"], input=dot(rooms()), capture_output=True, text=True, check=True, timeout=60
    ).stdout
    return drawn[drawn.index("<svg") :]


if __name__ == "__main__":
    OUT.write_text(svg())
