"""What the commands share in talking to people: colour on a terminal, progress, and one way to refuse."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

import click


class InputError(click.ClickException):
    """Input or options that cannot be used, in one message."""

    exit_code = 2


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a person looks at the stream; a closed standard stream is ``None``."""
    return stream is not None and stream.isatty()


def number_of(count: int, noun: str) -> str:
    """A count and its noun, in the plural unless it is one: "1 state", "1,200 states"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def in_colour(text: str, colour: str) -> str:
    """The text in colour for a person at a terminal; NO_COLOR is honoured."""
    wanted = is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")
    return click.style(text, fg=colour) if wanted else text


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Something to report progress to: a bar on standard error, or where that is no terminal a line now and then."""
    if not is_terminal(sys.stderr):
        yield _progress_lines(label)
        return
    from rich.console import Console  # noqa: PLC0415  # only for people
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=None)

        def report(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield report


BETWEEN_LINES = 30.0
"""The seconds between two lines of progress in a log."""


def _progress_lines(label: str) -> Callable[[int, int], None]:
    started = time.monotonic()
    written = started

    def report(done: int, total: int) -> None:
        nonlocal written
        now = time.monotonic()
        if now - written >= BETWEEN_LINES and sys.stderr is not None:
            written = now
            click.echo(f"{label}: {done:,} of {total:,} after {now - started:.0f} s", err=True)

    return report


BEFORE_PROGRESS = 2.0
"""The seconds that exploring takes before progress is shown."""


@contextmanager
def exploring() -> Iterator[Callable[[int | None, int], None] | None]:
    """Something to report a number of states to, with their depth where there is one; shown late, to a person alone."""
    if not is_terminal(sys.stderr):
        yield None
        return
    from rich.console import Console  # noqa: PLC0415  # only for people

    started = time.monotonic()
    status = Console(stderr=True).status("exploring")

    def report(depth: int | None, states: int) -> None:
        if time.monotonic() - started >= BEFORE_PROGRESS:
            where = "" if depth is None else f" at most {depth} requests from the start"
            status.update(f"exploring: {states:,} states{where} so far")
            status.start()

    try:
        yield report
    finally:
        status.stop()
