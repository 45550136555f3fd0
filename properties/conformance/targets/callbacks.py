"""A loopback server for answers that a target sends after its acknowledgement."""

import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from properties.conformance.targets.access import AnswerSource, Asynchronous
from properties.conformance.targets.connection import MAX_ANSWER, Reply

_READ_SECONDS = 5.0


class Callbacks:
    """A server that takes one answer for each message.

    Each message has an address of its own, ``/1``, ``/2`` and so on. A target that sends all answers to one address
    may use ``/``, which is that of the last message.

    Parameters
    ----------
    port: 0 for one that is free.
    header: in which messages name the address.

    Attributes
    ----------
    surplus: whether an answer came for a message that had one.

    Raises
    ------
    OSError: if the port cannot be had.
    """

    def __init__(self, port: int, header: str) -> None:
        self.surplus = False
        self._header = header
        self._current = 0
        self._answer: Reply | None = None
        self._came = threading.Condition()
        handler = type("CallbackHandler", (_Handler,), {"callbacks": self})
        self._server = _Server(("127.0.0.1", port), handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @classmethod
    def of(cls, later: Asynchronous | None) -> "Callbacks | None":
        """A server, where answers are called back."""
        return cls(later.port, later.header) if later and later.by is AnswerSource.CALLBACK else None

    def expected(self) -> Mapping[str, str]:
        """The header of a message that is sent now, whose answer is expected from now on."""
        with self._came:
            self._current += 1
            self._answer, self.surplus = None, False
            return {self._header: f"http://127.0.0.1:{self._server.server_port}/{self._current}"}

    def received(self, deadline: float) -> Reply | None:
        """The answer to the last message, if it comes by the deadline."""
        with self._came:
            self._came.wait_for(lambda: self._answer is not None, max(deadline - time.monotonic(), 0))
            return self._answer

    def take(self, path: str, reply: Reply) -> int:
        """Take what is sent to a path; the status to answer it with."""
        with self._came:
            if path not in ("/", f"/{self._current}"):
                return 404  # too late: the message was given up, or never was
            if self._answer is not None:
                self.surplus = True
                return 409
            self._answer = reply
            self._came.notify_all()
            return 204

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that goes away: the answer that it owes is missed soon enough."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _READ_SECONDS
    callbacks: ClassVar[Callbacks]

    def do_POST(self) -> None:  # the name that the library calls
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MAX_ANSWER:
            self.close_connection = True
            return self._end(413 if length.isdecimal() else 411)
        headers = {name.lower(): value for name, value in self.headers.items()}
        return self._end(self.callbacks.take(self.path, Reply(200, headers, self.rfile.read(int(length)))))

    def _end(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
