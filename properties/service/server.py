"""Serving: a socket, a database, the application, and a line of JSON on standard error for whatever happens."""

import json
import logging
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import uvicorn

from properties.conformance.suite.digest import digest
from properties.service.application import ASK_SECONDS, More, application
from properties.service.delivery import is_loopback
from properties.service.store import Store
from statemachines.errors import StatemachinesError
from statemachines.language.claims import Claims

MOST_CONCURRENT = 256
"""How many connections are answered at a time; what comes beyond is answered with status 503."""
GRACE_SECONDS = 5
"""How long a request may still take when the service is to end."""


class ListenError(StatemachinesError):
    """An address at which the service cannot listen."""


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record; of a request its client, method, path and status, too."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name == "uvicorn.access" and isinstance(record.args, tuple) and len(record.args) == 5:
            client, method, path, _, status = record.args
            line |= {"client": client, "method": method, "path": path, "status": status}
        else:
            line["message"] = record.getMessage()
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def log_config(level: str) -> dict[str, Any]:
    """The configuration of `logging`, for messages of a level and above."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stderr"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {name: {"level": level.upper()} for name in ("uvicorn", "uvicorn.access", "uvicorn.error")},
    }


class _Server(uvicorn.Server):
    """A server that says when clients can connect, and ends where that cannot be said."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started
        self._unsaid: OSError | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            try:
                self._tell()
            except OSError as error:  # raised here, it would be logged with the frames of the event loop
                self._unsaid, self.should_exit = error, True

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        super().run(sockets)
        if self._unsaid is not None:
            raise self._unsaid


def serve(
    claims: Claims,
    *,
    host: str,
    port: int,
    database: str,
    most: int,
    log_level: str,
    started: Callable[[str], None],
    more: Callable[[Store], More] | None = None,
    explorer: Callable[[], str] | None = None,
    ask_seconds: float = ASK_SECONDS,
) -> None:
    """Serve a system until a signal ends it.

    Parameters
    ----------
    claims: of the system; the database keeps instances of these declarations only.
    host, port: where to listen; port 0 is one that is free. On loopback, only names of this machine are answered.
    database: a file of SQLite, or the address of a database of PostgreSQL.
    most: how many instances there may be.
    log_level: ``"info"`` has a line for each request, ``"warning"`` has none.
    started: called with the address, once clients can connect.
    more: what is answered besides.
    explorer: makes the page of the explorer.
    ask_seconds: how long answering a question on all states may take.

    Raises
    ------
    ListenError: where the address cannot be had.
    StoreError: where the database cannot be used.
    DeclarationError: for a system whose words JSON cannot tell apart.
    """
    with _listening(host, port) as listener:
        port = listener.getsockname()[1]
        store = Store(database, digest(claims), most)
        hosts, besides = _names(host, port), more(store) if more else None
        app = application(
            claims.system, store, most=most, hosts=hosts, more=besides, explorer=explorer, ask_seconds=ask_seconds
        )
        config = uvicorn.Config(
            app,
            log_config=log_config(log_level),
            access_log=log_level == "info",
            limit_concurrency=MOST_CONCURRENT,
            timeout_graceful_shutdown=GRACE_SECONDS,
            server_header=False,
        )
        address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
        _Server(config, lambda: started(address)).run([listener])


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, UnicodeError, OverflowError) as error:
        raise ListenError(f"cannot listen at {host}, port {port}: {error}") from None
    # Connections inherit it; without it the body of an answer waits 40 ms for its head to be acknowledged.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _names(host: str, port: int) -> tuple[str, ...]:
    """The names by which a service on loopback is called, lest a page in a browser calls it by another."""
    if not is_loopback(host):
        return ()
    return tuple(f"{name}{end}" for name in (host, "127.0.0.1", "localhost", "[::1]") for end in ("", f":{port}"))
