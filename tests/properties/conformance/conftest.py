"""Commands and servers that are targets, well behaved or not, and how a test has them."""

import re
import shlex
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import attrs
import pytest

from properties.conformance.targets.misbehaviour import Misbehaved
from properties.conformance.targets.opening import open_target
from properties.conformance.targets.target import Limits, Target
from properties.smets1.profile import PROFILE
from statemachines.language.requests import Request
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import ReadFirmwareVersion

WELL_BEHAVED = """
import json, os, sys, time

def say(answer):
    print(json.dumps(answer), flush=True)

def special(message):
    return False

def verdict(message):
    return {"outcome": "rejected", "at": "DSP"}

# SPECIAL

for line in sys.stdin.buffer:
    message = json.loads(line)
    if special(message):
        continue
    if message["op"] == "describe":
        say({"id": message["id"], "statement": {}})
    elif message["op"] == "reset":
        say({"id": message["id"], "ok": True})
    else:
        say({"id": message["id"], "verdict": verdict(message)})
"""

PATIENT = Limits(answer_seconds=20, start_seconds=60, restarts=2)


@attrs.frozen
class Behaviours:
    """Makes commands that speak JSON lines, with something special about each."""

    folder: Path

    def command(self, special: str = "") -> str:
        """The command; `special` may define `special(message)`, which does all there is to do if it returns true."""
        path = self.folder / f"target{len(list(self.folder.iterdir()))}.py"
        path.write_text(WELL_BEHAVED.replace("# SPECIAL", special), encoding="utf-8")
        return f"{shlex.quote(sys.executable)} {shlex.quote(str(path))}"


@pytest.fixture
def behaviours(tmp_path: Path) -> Behaviours:
    folder = tmp_path / "targets"
    folder.mkdir()
    return Behaviours(folder)


@pytest.fixture
def opened() -> Iterator[Callable[..., Target]]:
    """Opens targets, and closes them after the test."""
    targets = []

    def open_one(spec: str, limits: Limits = PATIENT, **options: Path) -> Target:
        targets.append(open_target(spec, INSTALLATION, limits=limits, profile=PROFILE, **options))
        return targets[-1]

    yield open_one
    for target in targets:
        target.close()


@pytest.fixture(scope="session")
def some_request() -> Request:
    return next(ReadFirmwareVersion.requests())


@pytest.fixture
def misbehaviour() -> Callable[[Callable[[], object]], Misbehaved]:
    """How something misbehaves."""

    def of(call: Callable[[], object]) -> Misbehaved:
        with pytest.raises(Misbehaved) as caught:
            call()
        return caught.value

    return of


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    behave: "Callable[[_Handler, bytes], bool]"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, self.headers["Content-Type"], body))  # type: ignore[attr-defined]
        if self.behave(body):
            return
        if self.path.endswith("/control"):
            answers = {
                b"describe": b'{"statement": {}}',
                b"reset": b'{"ok": true}',
                b"screen": b'{"ok": true}',
                b"event": b'{"verdict": {"outcome": "happened"}}',
            }
            op = re.search(rb'"op": "(\w+)"', body)
            self.answer(answers[op[1]] if op else b"{}")
        else:
            self.answer(self.response(body))

    def response(self, body: bytes, code: str = "E5") -> bytes:
        """A DUIS response to a request."""
        identity = re.search(rb"RequestID>([^<]*)<", body)
        return (
            b'<sr:Response xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway"><sr:Header><sr:RequestID>'
            + (identity[1] if identity else b"")
            + f"</sr:RequestID><sr:ResponseCode>{code}</sr:ResponseCode></sr:Header></sr:Response>".encode()
        )

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Send an answer."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        pass


def _as_method(behave: Callable[[_Handler, bytes], bool]) -> Callable[[_Handler, bytes], bool]:
    """The same as a plain function, which a class binds, as it would not bind an object that is called."""

    def method(handler: _Handler, body: bytes) -> bool:
        return behave(handler, body)

    return method


class Server(ThreadingHTTPServer):
    """A server on loopback; `seen` is what it was sent: path, Content-Type and body."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, behave: Callable[[_Handler, bytes], bool]) -> None:
        handler = type("Handler", (_Handler,), {"behave": _as_method(behave)})
        super().__init__(("127.0.0.1", 0), handler)
        self.seen: list[tuple[str, str, bytes]] = []

    def handle_error(self, *_: object) -> None:
        """Say nothing: a client that goes away is no wonder here."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/dsp"


@pytest.fixture
def serving() -> Iterator[Callable[..., Server]]:
    """Starts servers; each does `behave(handler, body)` first, and nothing else if that returns true."""
    servers = []

    def serve(behave: Callable[[_Handler, bytes], bool] = lambda _handler, _body: False) -> Server:
        server = Server(behave)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return server

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()
