"""One table: titled sections of rows, as Markdown for people and as JSON for machines."""

from collections.abc import Sequence
from typing import Any

import attrs

Cell = str | int | float | None


@attrs.frozen
class Section:
    """A part of the table.

    Parameters
    ----------
    title: what was measured.
    columns: their headings.
    rows: the cells; ``None`` is what there is no figure for.
    notes: what one has to know to read them.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()

    def markdown(self) -> str:
        """The section as a Markdown table whose columns line up as text too."""
        grid = [list(self.columns), *([_shown(cell) for cell in row] for row in self.rows)]
        widths = [max(len(row[at]) for row in grid) for at in range(len(self.columns))]
        right = [all(not isinstance(row[at], str) for row in self.rows) for at in range(len(self.columns))]
        lines = [_line(row, widths, right) for row in grid]
        rule = ["-" * (width - 1) + (":" if left else "-") for width, left in zip(widths, right, strict=True)]
        lines.insert(1, _line(rule, widths, right))
        return "\n".join([f"### {self.title}", "", *(f"{note}\n" for note in self.notes), *lines, ""])

    def as_dict(self) -> dict[str, Any]:
        """The section for machines."""
        rows = [dict(zip(self.columns, row, strict=True)) for row in self.rows]
        return {"title": self.title, "notes": list(self.notes), "rows": rows}


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = [
        cell.rjust(width) if left else cell.ljust(width) for cell, width, left in zip(cells, widths, right, strict=True)
    ]
    return f"| {' | '.join(padded)} |"


def _shown(cell: Cell) -> str:
    """Three digits of what was measured; counts in full."""
    if cell is None:
        return "-"
    if isinstance(cell, float):
        if cell == 0:
            return "0"
        return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.1f}" if abs(cell) >= 10 else f"{cell:.3g}"
    return f"{cell:,}" if isinstance(cell, int) else cell
