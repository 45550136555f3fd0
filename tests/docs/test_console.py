"""What the pages show of the commands is what the commands print."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.console import Command, blocks
from tests.support.paths import ROOT

PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
)
SLOW = (
    "README.md",
    "docs/tutorial.md",
    "docs/how-to/check.md",
    "docs/how-to/test-an-implementation.md",
    "docs/conformance/",
    "docs/explorer.md",
    "docs/mock-dcc.md",
    "docs/replay.md",
    "examples/",
)
"""Pages whose commands prove or test everything, or start a service."""

BLOCKS = [
    pytest.param(commands, id=f"{name}:{line}", marks=[pytest.mark.slow] if name.startswith(SLOW) else [])
    for page in PAGES
    for name in [page.relative_to(ROOT).as_posix()]
    for line, commands in blocks(page)
]


@pytest.mark.parametrize("commands", BLOCKS)
def test_a_console_block_shows_what_is_printed(commands, tmp_path):
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }
    where = tmp_path
    for command in commands:
        words = shlex.split(command.line)
        if words[0] == "cd":
            where = where / words[1]
            continue
        done = subprocess.run(
            command.line,
            shell=True,
            cwd=where,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode in (0, 1), f"$ {command.line}\n{done.stdout}"
        assert command.as_shown(done.stdout), f"$ {command.line}\n{done.stdout}"


def test_the_pages_have_console_blocks():
    assert {"README.md", "docs/tutorial.md"} <= {one.id.partition(":")[0] for one in BLOCKS}


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("3 states\n", "3 states\n", True),
        ("3 states\n", "4 states\n", False),
        ("3 states\n", "3 states\nand more\n", False),
        ("3 states\n...\n", "3 states\nand more\n", True),
        ("\n", "whatever\n", True),
    ],
)
def test_what_is_shown_is_compared(shown, printed, same):
    assert Command("one", shown).as_shown(printed) is same


def test_blocks_of_a_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "Text.\n\n    $ first\n    1\n\n      2\n\nText.\n\n"
        "```console\n$ second\n$ third\n3\n```\n\n```python\n    $ no\n```\n"
    )
    assert list(blocks(page)) == [
        (2, [Command("first", "1\n\n  2\n")]),
        (11, [Command("second", "\n"), Command("third", "3\n")]),
    ]
