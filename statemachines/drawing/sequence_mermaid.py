"""Sequence diagrams in Mermaid's `sequenceDiagram`."""

from collections.abc import Iterator
from textwrap import wrap

from statemachines.drawing.mermaid import escaped, quoted
from statemachines.drawing.sequence_diagram import Box, BoxKind, Message, SequenceDiagram, note_lines

WIDTH = 60
"""Characters to a line."""


def sequence_mermaid(sequence: SequenceDiagram) -> str:
    """The diagram as Mermaid text."""
    title = f"{sequence.title}: {sequence.subtitle}" if sequence.subtitle else sequence.title
    return "\n".join(["---", f"title: {quoted(' '.join(title.split()))}", "---", *_body(sequence)]) + "\n"


def _body(sequence: SequenceDiagram) -> Iterator[str]:
    yield "sequenceDiagram"
    # Ids of our own, for the words of Mermaid may be anybody's name.
    ids = {line.id: f"p{number}" for number, line in enumerate(sequence.lifelines)}
    for line in sequence.lifelines:
        yield f"    participant {ids[line.id]} as {escaped(' '.join(line.words.split()))}"
    everyone = ",".join(dict.fromkeys([next(iter(ids.values())), list(ids.values())[-1]])) if ids else ""
    for row in sequence.rows:
        if isinstance(row, Box):
            yield f"    Note over {everyone}: {_box(row)}"
        else:
            yield f"    {ids[row.source]}{_arrow(row)}{ids[row.target]}: {_text(row)}"
    if sequence.assumed:
        yield f"    Note over {everyone}: {escaped('* after a rule: in whole or in part an assumption')}"


def _arrow(message: Message) -> str:
    if message.refused:
        return "--x"
    return "-->>" if message.answer else "->>"


def _box(box: Box) -> str:
    return f"<b>{_text(box)}</b>" if box.kind is BoxKind.RUN else _text(box)


def _text(row: Message | Box) -> str:
    lines = [*note_lines(row.note), *(row.changes if isinstance(row, Box) else ())]
    return "<br/>".join(escaped(part) for line in lines for part in wrap(line, WIDTH, break_on_hyphens=False) or [""])
