"""A kept-alive HTTP connection: every exchange has a deadline and a bounded answer.

The standard library's client, with one thing added that neither it nor the larger libraries have: their time limits are
for each read, so that a server which sends a byte now and then is never late. Redirects are not followed, and no proxy
is asked.
"""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import attrs

from properties.conformance.targets.access import Access

MAX_ANSWER = 1024 * 1024
"""The largest answer that is read, in bytes."""
MAX_TAKEN = 16 * MAX_ANSWER
"""What is read for one at most, with its head and the sizes of its chunks."""

_QUICK_ACK = getattr(socket, "TCP_QUICKACK", None)
"""Many servers send the head and the body of an answer apart, and wait with the second until the first is acknowledged,
which a system does after 40 ms unless it is told to do so at once. The option holds until the next read."""


class HostUnreachable(Exception):  # noqa: N818
    """Nobody takes the connection."""


class CertificateUntrusted(HostUnreachable):
    """What takes the connection does not show a certificate that is trusted, now or later."""


class ConnectionEnded(Exception):  # noqa: N818
    """The connection ended before the answer did."""


class AnswerTooSlow(Exception):  # noqa: N818
    """The answer had not come, or not all of it, by the deadline; the message is the phase that took too long."""


class NoHttp(Exception):  # noqa: N818
    """What came is not HTTP, or is too large."""


class SurplusBytes(Exception):  # noqa: N818
    """More came than the answer."""


@attrs.frozen
class Reply:
    """An answer: its status, its headers by name in lower case, and its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def without(self, access: Access) -> "Reply":
        """The same without what is secret."""
        headers = {name: access.struck_out(text.encode()).decode() for name, text in self.headers.items()}
        return Reply(self.status, headers, access.struck_out(self.body))


class _Reader(io.RawIOBase):
    """The reading side of a socket, where every read ends by the deadline."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.deadline = 0.0
        self.taken = 0
        self.ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self.deadline - time.monotonic()
        self._sock.settimeout(max(left, 0))  # 0 takes what is there, and does not wait
        if _QUICK_ACK is not None:
            self._sock.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)
        try:
            read = self._sock.recv_into(buffer)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        self.ended = not read
        self.taken += read
        if self.taken > MAX_TAKEN:  # as where the size of a chunk is negative, which is read to the end
            raise NoHttp(f"more than {MAX_TAKEN} bytes for one answer")
        return read


class _Kept(io.BufferedReader):
    """A buffer that stays with its connection, so that nothing that comes after an answer is lost unseen."""

    def close(self) -> None:
        """Do nothing: each answer closes it."""


class _Socket:
    """As much of a socket as the client uses."""

    def __init__(self, sock: socket.socket) -> None:
        self.real = sock
        self.reader = _Reader(sock)
        self.kept = _Kept(self.reader)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return self.kept

    def sendall(self, data: bytes) -> None:
        left = self.reader.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.real.settimeout(left)
        self.real.sendall(data)

    def close(self) -> None:
        """Leave that to the connection, which knows when the answer has been read."""

    def surplus(self) -> bool:
        """Whether there is something to read that nobody has asked for."""
        self.reader.deadline = 0.0
        try:
            return bool(self.kept.peek(1))
        except OSError:
            self.reader.ended = True
            return False


class Connection:
    """A connection to an address, made when it is needed.

    Parameters
    ----------
    address: of which the scheme, host and port are used.
    access: how it is spoken to.
    """

    def __init__(self, address: str, access: Access) -> None:
        parts = urlsplit(address)
        self._access = access
        self._phase = ""
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname or "", parts.port
        self._client: http.client.HTTPConnection | None = None
        self._socket: _Socket | None = None

    @property
    def connected(self) -> bool:
        """Whether the connection stands, as far as can be seen without waiting.

        Raises
        ------
        SurplusBytes: if something came that nobody asked for; the connection is then given up.
        """
        if self._socket is None:
            return False
        if self._socket.surplus():
            self.close()
            raise SurplusBytes
        if self._socket.reader.ended:
            self.close()
        return self._socket is not None

    def connect(self, deadline: float) -> None:
        """Connect by the deadline (of `time.monotonic`).

        Raises
        ------
        HostUnreachable: where that cannot be done.
        """
        left = max(deadline - time.monotonic(), 0.001)
        timeout = min(left, self._access.phases.connect or left)
        if self._secure:
            self._client = http.client.HTTPSConnection(
                self._host, self._port, timeout=timeout, context=self._access.tls
            )
        else:
            self._client = http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        try:
            self._client.connect()
        except ssl.SSLCertVerificationError as error:
            self.close()
            raise CertificateUntrusted(f"its certificate is not trusted: {error.verify_message}") from None
        except (OSError, UnicodeError) as error:
            self.close()
            raise HostUnreachable(_why(error)) from None
        sock: Any = self._client.sock
        self._socket = _Socket(sock)
        self._client.sock = self._socket

    def exchange(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None, deadline: float
    ) -> Reply:
        """The answer to a request, on the open connection; whatever is raised, the connection is given up.

        Raises
        ------
        ConnectionEnded, AnswerTooSlow, NoHttp, SurplusBytes: where there is not one answer by the deadline.
        """
        if self._client is None or self._socket is None:
            raise ConnectionEnded("there is no connection")
        self._phase = ""
        try:
            reply, last = self._exchanged(self._client, self._socket.reader, method, path, headers, body, deadline)
        except (OSError, http.client.IncompleteRead) as error:
            late = isinstance(error, TimeoutError) or time.monotonic() >= self._socket.reader.deadline
            self.close()
            raise (AnswerTooSlow(self._phase) if late else ConnectionEnded(self._why(error))) from None
        except (http.client.HTTPException, ValueError, OverflowError) as error:
            self.close()
            raise NoHttp(self._why(error)) from None
        except NoHttp:
            self.close()
            raise
        surplus = self._socket.surplus()
        if last or surplus:
            self.close()
        if surplus:
            raise SurplusBytes
        return reply

    def _exchanged(
        self,
        client: http.client.HTTPConnection,
        reader: _Reader,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline: float,
    ) -> tuple[Reply, bool]:
        """The answer, and whether it is the last on this connection."""

        def begin(limit: float | None, phase: str) -> None:
            ends = time.monotonic() + limit if limit else deadline
            reader.deadline = min(deadline, ends)
            self._phase = f"{phase} after {limit:g} s" if limit and ends < deadline else ""

        reader.taken = 0
        phases = self._access.phases
        begin(phases.send, "it had not taken")
        client.request(method, path, body, {**self._access.headers, **headers})
        begin(phases.wait, "it had not begun to answer")
        response = client.getresponse()
        begin(phases.receive, "it had not ended its answer to")
        content = response.read(MAX_ANSWER + 1)
        if len(content) > MAX_ANSWER:
            raise NoHttp(f"an answer of more than {MAX_ANSWER} bytes")
        response.read()  # nothing is left, and the client has to see that
        answered = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, answered, content).without(self._access), response.will_close

    def _why(self, error: Exception) -> str:
        return self._access.struck_out(_why(error).encode("utf-8", "replace")).decode()

    def close(self) -> None:
        """End the connection."""
        client, real = self._client, self._socket
        self._client = self._socket = None
        if client:
            with suppress(OSError):
                client.close()
        if real:
            with suppress(OSError):
                real.real.close()


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
