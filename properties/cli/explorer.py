"""`explorer`: a system as an interactive page."""

from pathlib import Path

import click

from properties.cli.profiled import ProfiledCommand, profile_of, system_option
from properties.console.output import write
from properties.console.spec import load_claims
from properties.console.terminal import number_of

EXAMPLES = """\
  {command} explorer --system parcel_locker:claims --out page.html
"""
NOTES = """\
The page is one file that needs no network; its Content-Security-Policy allows none.

Exit codes: 0 the page is written, 2 wrong options.
"""


@click.command("explorer", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES)
@system_option("What is explored")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("explorer.html"), show_default=True, metavar="FILE",
    help="File to write.",
)  # fmt: skip
@click.pass_context
def explorer_command(context: click.Context, spec: str, out: Path) -> None:
    """Write an interactive page: send requests to a system, see what happens and why.

    Open the file in a browser.
    """
    from properties.explorer.page import page_of  # noqa: PLC0415  # --help needs none of it

    profile, system = profile_of(context), load_claims(spec).system
    page = page_of(system, profile, spec).encode()
    write(out, page)
    click.echo(
        f"{out}: {number_of(len(system.requests), 'request type')}, "
        f"{number_of(len(system.lifecycles), 'variable')}, {len(page):,} bytes"
    )
