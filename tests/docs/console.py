"""Console blocks of Markdown pages: commands behind `$ `, and the output that a page shows of each."""

import doctest
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import attrs

_FENCED = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"(?:(?:^ {4}.*|^)\n)+", re.MULTILINE)


@attrs.frozen
class Command:
    """One command, and what the page shows of its output; `...` stands for anything."""

    line: str
    shown: str

    def as_shown(self, output: str) -> bool:
        """Whether the output is what the page shows; of a command with no output shown, any is."""
        return not self.shown.strip() or doctest.OutputChecker().check_output(self.shown, output, doctest.ELLIPSIS)


def blocks(page: Path) -> Iterator[tuple[int, list[Command]]]:
    """The line on which each block begins, and its commands."""
    text = page.read_text()
    result = [(match.start(1), match[1]) for match in _FENCED.finditer(text)]
    without = _outside_fences(text)
    result += [(match.start(), dedent(match[0])) for match in _INDENTED.finditer(without) if "    $ " in match[0]]
    for start, block in sorted(result):
        yield text.count("\n", 0, start) + 1, list(_commands(block))


def _outside_fences(text: str) -> str:
    """The page with what is fenced blanked, so that positions stay."""
    return re.sub(
        r"^( *)```.*?^\1```", lambda match: re.sub(r"[^\n]", "", match[0]), text, flags=re.DOTALL | re.MULTILINE
    )


def _commands(block: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        line, _, shown = part.partition("\n")
        yield Command(line, shown.strip("\n") + "\n")
