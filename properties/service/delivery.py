"""Later answers, sent to where they are to go. One that was not taken is sent again, so that it may come twice."""

import asyncio
import http.client
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

import attrs
from litestar import Litestar
from litestar.concurrency import sync_to_thread as in_thread
from sqlalchemy.exc import DatabaseError

from properties.service.store import LaterAnswer, Store

TRIES = 6
"""How often it is tried; then it can be polled only."""
SECONDS = 5.0
"""How long an address may take to answer."""
LEASE_SECONDS = 2 * SECONDS
"""How long nobody else tries one that is being sent."""
AT_A_TIME = 16
EVERY_SECONDS = 0.05
"""How often the database is asked for what is due."""

_LOG = logging.getLogger("delivery")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine.

    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("example.org")
    (True, True, False)
    """
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def checked_address(text: str, *, anywhere: bool) -> str:
    """An address to which answers may be sent; `ValueError` for another.

    >>> checked_address("http://example.org/", anywhere=False)
    Traceback (most recent call last):
    ValueError: 'http://example.org/' is not on this machine, expected an address on loopback
    """
    parts = urlsplit(text)
    if not text.isascii() or not text.isprintable() or parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{text[:80]!r}, expected http://host:port/path")
    _ = parts.port  # a ValueError, if it is none
    if not anywhere and not is_loopback(parts.hostname):
        raise ValueError(f"{text[:80]!r} is not on this machine, expected an address on loopback")
    return text


def delivering(store: Store) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    """For the lifetime of an application: its later answers are delivered as they come due."""

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        task = asyncio.create_task(_deliver(store))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    return lifespan


async def _deliver(store: Store) -> None:
    while True:
        try:
            taken = await in_thread(store.to_deliver, time.time(), LEASE_SECONDS, AT_A_TIME)
            await asyncio.gather(*(in_thread(deliver, store, later) for later in taken))
        except DatabaseError:
            _LOG.exception("later answers are not delivered for now")
            taken = []
            await asyncio.sleep(1)
        if not taken:
            await asyncio.sleep(EVERY_SECONDS)


def deliver(store: Store, later: LaterAnswer) -> None:
    """Send an answer, and note what came of it."""
    why = _sent(later)
    if why is None:
        left = later.times - 1
        store.delivered(attrs.evolve(later, times=left), time.time() if left else None)
        return
    given_up = later.tried >= TRIES
    _LOG.warning(
        "%s took no answer to step %d of %s: %s%s",
        later.address, later.number, later.instance, why, "; it can be polled" if given_up else "",
    )  # fmt: skip
    store.delivered(later, None if given_up else time.time() + 2**later.tried / 4)


def _sent(later: LaterAnswer) -> str | None:
    """Send it; why it was not taken, if it was not. No redirection is followed, and no proxy asked."""
    parts = urlsplit(later.address or "")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        connection.request("POST", path, later.body.encode(), dict(later.headers))
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return str(error) or type(error).__name__
    finally:
        connection.close()
    return None if 200 <= status < 300 else f"status {status}"
