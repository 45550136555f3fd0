"""`serve`: the oracle over HTTP."""

from contextlib import suppress
from pathlib import Path

import click

from properties.cli.profiled import ProfiledCommand, system_option
from properties.console.spec import load_claims

EXAMPLES = """\
  {command} serve --system parcel_locker:claims
  {command} serve --system parcel_locker:claims --port 8080 --database lockers.sqlite
  curl -s http://127.0.0.1:8000/initial
  {command} conform --system parcel_locker:claims --sut http://127.0.0.1:8000/instances/mine/messages
"""
NOTES = """\
It prints its address once clients can connect, and then a line of JSON for each request to standard error. A client
gets /schema/openapi.json, which says what it can be sent; /health; /metrics for Prometheus. There are no passwords: who
reaches it can change whatever it keeps.

Exit codes: 130 or 143 when a signal ends it, 2 the options cannot be used.
"""


@click.command("serve", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES)
@system_option("What decides")
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen; other machines reach 0.0.0.0.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 is one that is free.")
@click.option(
    "--database",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("oracle.sqlite"),
    show_default=True,
    metavar="FILE",
    help="Keeps the instances; it is made if it is not there.",
)
@click.option(
    "--max-instances", type=click.IntRange(min=1), default=100_000, show_default=True, help="How many it keeps at most."
)
@click.option(
    "--log-level", type=click.Choice(["info", "warning"]), default="info", show_default=True, help="info: each request."
)
def serve_command(spec: str, host: str, port: int, database: Path, max_instances: int, log_level: str) -> None:
    """Serve the oracle over HTTP: decisions, and instances that are kept."""
    from properties.service.server import serve  # noqa: PLC0415  # --help needs none of it

    claims = load_claims(spec)
    with suppress(KeyboardInterrupt):  # which is how it ends; the exit code says so
        serve(
            claims,
            host=host,
            port=port,
            database=database,
            most=max_instances,
            log_level=log_level,
            started=click.echo,
        )
