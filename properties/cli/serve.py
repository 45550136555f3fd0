"""`serve`: the oracle over HTTP."""

from contextlib import suppress
from pathlib import Path

import click

from properties.cli.profiled import ProfiledCommand, profile_of, system_option
from properties.console.spec import load_claims
from properties.console.terminal import InputError
from properties.domain import Profile, named
from statemachines.files.toml import TomlFileError

EXAMPLES = """\
  {command} serve --system parcel_locker:claims
  {command} serve --system parcel_locker:claims --port 8080 --database lockers.sqlite
  curl -s http://127.0.0.1:8000/initial
  {command} conform --system parcel_locker:claims --sut http://127.0.0.1:8000/instances/mine/messages
"""
NOTES = """\
The service prints its address once clients can connect, and logs a line of JSON for each request to standard error.
GET /schema/openapi.json describes its interface; /health and /metrics (Prometheus) monitor it; /explorer is a page for
browsers. There is no authentication: whoever reaches the service can change everything that it stores.

Exit codes: 130 or 143 when a signal ends it, 2 the options cannot be used.
"""


def _options(profile: Profile) -> list[click.Parameter]:
    """The options of the domain's own part of the service."""
    if not profile.service:
        return []
    return [
        click.Option(
            ["--behaviour"], type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.toml",
            help="Behaviour that no source fixes: response codes, unspecified verdicts, delays, call-backs, faults.",
        )
    ]  # fmt: skip


@click.command("serve", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES, options=_options)
@system_option("What decides")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on, such as 0.0.0.0.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free port.")
@click.option(
    "--database",
    default="oracle.sqlite",
    show_default=True,
    metavar="FILE|URL",
    help="Where instances are stored: a file, created if missing, or postgresql://user@host/database.",
)
@click.option(
    "--max-instances",
    type=click.IntRange(min=1),
    default=100_000,
    show_default=True,
    help="Most instances to store.",
)
@click.option(
    "--ask-seconds",
    type=click.FloatRange(0.1, 86_400),
    default=30,
    show_default=True,
    help="How long POST /ask may take; after that it has status 503.",
)
@click.option(
    "--log-level",
    type=click.Choice(["info", "warning"]),
    default="info",
    show_default=True,
    help="info: each request.",
)
@click.pass_context
def serve_command(
    context: click.Context,
    spec: str,
    host: str,
    port: int,
    database: str,
    max_instances: int,
    ask_seconds: float,
    log_level: str,
    behaviour: Path | None = None,
) -> None:
    """Serve the oracle over HTTP: decisions, and instances that it stores."""
    from properties.explorer.page import page_of  # noqa: PLC0415  # --help needs none of it
    from properties.service.server import serve  # noqa: PLC0415  # nor of it

    claims = load_claims(spec)
    profile = profile_of(context)
    try:
        more = named(profile.service)(claims, behaviour) if profile.service else None
    except TomlFileError as error:
        raise InputError(str(error)) from None
    if behaviour is not None and more is None:
        raise InputError(f"--behaviour does not apply to {spec}: its rules leave nothing open")
    with suppress(KeyboardInterrupt):  # which is how it ends; the exit code says so
        serve(
            claims,
            host=host,
            port=port,
            database=database,
            most=max_instances,
            ask_seconds=ask_seconds,
            log_level=log_level,
            started=click.echo,
            more=more,
            explorer=lambda: page_of(claims.system, profile, spec, service="ask"),
        )
