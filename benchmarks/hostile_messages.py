"""Hostile messages: what targets answer, and what clients send to the service and the mock DCC; no process is started.

An input is a text: the answers of a target, one after another, or a client's message with its head.
"""

import asyncio
import json
import logging
import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote

from litestar import Litestar
from lxml import etree

from benchmarks.hostile_inputs import EXAMPLES, REQUESTS, TRACE, Kind
from examples.parcel_locker import system
from properties.conformance.mapping import Translation
from properties.conformance.statement import parse_statement
from properties.conformance.targets import json_lines
from properties.conformance.targets.access import Access
from properties.conformance.targets.answers import VerdictReader
from properties.conformance.targets.http import HttpTarget
from properties.conformance.targets.messages import MessageTarget
from properties.conformance.targets.misbehaviour import Misbehaved
from properties.conformance.targets.process import ProcessEnded
from properties.conformance.targets.target import Limits
from properties.domain import NEUTRAL, Profile
from properties.service.application import application
from properties.service.store import Store
from properties.service.words import verdict_in_words
from properties.smets1.duis_http import DuisHttpTarget
from properties.smets1.mock_dcc.behaviour import read_behaviour
from properties.smets1.mock_dcc.service import routes
from properties.smets1.profile import PROFILE
from statemachines.files.content import FileError
from statemachines.language.requests import Request
from statemachines.language.system import State, System
from statemachines.semantics.trace import Trace
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import (
    ActivateFirmware,
    DeployRelease,
    Device,
    ReadFirmwareVersion,
    Screening,
    UpdateFirmware,
    User,
)

APART = b"\n==\n"
"""Stands between what comes at once and what comes after the next question."""
LIMITS = Limits(restarts=1)
ADDRESS = "http://localhost:1/duis"


class Scripted:
    """A target's process whose answers are written down."""

    def __init__(self, answers: bytes) -> None:
        self._coming = deque(answers.split(APART))
        self._here: deque[bytes] = deque()

    def write(self, _line: bytes, _deadline: float) -> None:
        """Have the next answers come."""
        if self._coming:
            self._here.extend(self._coming.popleft().split(b"\n"))

    def read_line(self, _deadline: float) -> bytes:
        """The next line."""
        if not self._here:
            raise ProcessEnded
        return self._here.popleft()

    def waiting_line(self) -> bytes | None:
        """The next line, which stays."""
        return self._here[0] if self._here else None

    def unread_line(self) -> bytes | None:
        """The next line."""
        return self._here.popleft() if self._here else None

    def end(self, _grace: float) -> str:
        """How it ended."""
        return "it was ended"

    def last_errors(self) -> str:
        """What it wrote last to its standard error."""
        return ""


class ScriptedSocket:
    """As much of a socket as a connection uses, whose answers are written down, or made of what is sent."""

    def __init__(self, coming: deque[bytes], answer: Callable[[bytes], bytes] | None = None) -> None:
        self._coming, self._answer = coming, answer
        self._sent, self._here = b"", b""
        self._waits = True

    def sendall(self, data: bytes) -> None:
        """Be sent something."""
        self._sent += data

    def recv_into(self, buffer: memoryview) -> int:
        """Read."""
        if self._sent:
            if self._answer:
                self._coming.append(self._answer(self._sent))
            self._here += self._coming.popleft() if self._coming else b""
            self._sent = b""
        elif not self._here and not self._waits:
            raise BlockingIOError
        count = min(len(buffer), len(self._here))
        buffer[:count] = self._here[:count]
        self._here = self._here[count:]
        return count

    def settimeout(self, seconds: float) -> None:
        """Wait so long."""
        self._waits = seconds > 0

    def setsockopt(self, *_: object) -> None:
        """Take an option."""

    def close(self) -> None:
        """Do nothing."""


def _asked(open_target: Callable[[], MessageTarget], start: State, requests: Sequence[Request]) -> None:
    """Speak to a target as the suite does; its last misbehaviour is raised."""
    last = None
    with closing(open_target()) as target:
        for request in (None, *requests):
            try:
                target.reset(start) if request is None else target.send(request)
            except Misbehaved as error:
                last = error
                with suppress(Misbehaved):
                    target.reset(start)
        target.settled()
    if last:
        raise last


def _reader(of: System, profile: Profile) -> Callable[[Any], VerdictReader]:
    def reader_for(described: Any) -> VerdictReader:
        said = described if isinstance(described, dict) else {}
        return VerdictReader(parse_statement(said, of, profile), Translation(of))

    return reader_for


def _lines(path: Path) -> None:
    answers = path.read_bytes()
    with patch.object(json_lines, "Process", lambda _: Scripted(answers)):
        _asked(
            lambda: json_lines.JsonLinesTarget("target", LIMITS, _reader(system, NEUTRAL)),
            TRACE.start,
            _requests(TRACE),
        )


def _requests(trace: Trace) -> list[Request]:
    return [step.request for step in trace.steps]


def _http(path: Path) -> None:
    with _scripted(deque(path.read_bytes().split(APART))):
        _asked(lambda: HttpTarget(ADDRESS, LIMITS, _reader(system, NEUTRAL), Access()), TRACE.start, _requests(TRACE))


DUIS_REQUESTS = (
    UpdateFirmware(sender=User.SUPPLIER_A, target=Device.ESME),
    DeployRelease(),
    ActivateFirmware(sender=User.SUPPLIER_A, target=Device.ESME),
    ReadFirmwareVersion(sender=User.SUPPLIER_A, target=Device.PPMID),
)


def _duis(path: Path) -> None:
    with _scripted(deque(path.read_bytes().split(APART))):
        _duis_asked()


def _duis_asked() -> None:
    reader_for = _reader(INSTALLATION, PROFILE)
    _asked(lambda: DuisHttpTarget(ADDRESS, LIMITS, reader_for, Access()), INSTALLATION.state(), DUIS_REQUESTS)


def _scripted(coming: deque[bytes], answer: Callable[[bytes], bytes] | None = None) -> Any:
    def connect(self: HTTPConnection) -> None:
        self.sock = ScriptedSocket(coming, answer)

    return patch.object(HTTPConnection, "connect", connect)


def _line_answers() -> bytes:
    said: list[Mapping[str, object]] = [
        {"statement": {"name": "Ours", "observes": ["outcome", "reason"]}},
        {"ok": True},
    ]
    for step in TRACE.steps:
        words = verdict_in_words(step.verdict)
        said.append({"verdict": {"outcome": words["outcome"], "reason": words["reason"]}})
    said.append({"settled": True})
    return APART.join(json.dumps({"id": number, **one}).encode() for number, one in enumerate(said, 1))


def _http_answers() -> bytes:
    return APART.join(_in_http(one) for one in _line_answers().split(APART))


def _in_http(body: bytes, content_type: str = "application/json") -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def _duis_answers() -> bytes:
    """The answers of a target that accepts whatever it is sent."""
    said: list[bytes] = []
    template = (EXAMPLES / "responses" / "07-response.xml").read_text(encoding="utf-8")

    def answer(request: bytes) -> bytes:
        identity = re.search(rb"[\dA-F]{2}(?:-[\dA-F]{2}){7}:[\dA-Fa-f-]+:\d+", request.partition(b"\r\n\r\n")[2])
        if b"/control" in request.split(b"\r\n", 1)[0]:
            body = b'{"ok": true, "settled": true, "statement": {}, "verdict": {"outcome": "accepted"}}'
            said.append(_in_http(body))
        else:
            assert identity
            body = re.sub(r"(RequestID>)[^<]*", rf"\g<1>{identity[0].decode()}", template).encode()
            said.append(_in_http(body, "application/xml"))
        return said[-1]

    with _scripted(deque(), answer), suppress(Misbehaved):
        _duis_asked()
    return APART.join(said)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.new_event_loop()


def _called(app: Litestar, message: bytes) -> None:
    """Send a message to an application, as a server would that takes no other head."""
    head, _, body = message.partition(b"\n\n")
    first, *rest = head.split(b"\n")
    method, _, target = (re.sub(rb"[^!-~ ]", b"", first)).decode().partition(" ")
    path, _, query = target.replace(" ", "").partition("?")
    headers = [
        (name.strip().lower(), re.sub(rb"[\0-\x1f\x7f]", b"", value).strip())
        for name, colon, value in (line.partition(b":") for line in rest)
        if colon and re.fullmatch(rb"[\w-]+", name.strip())
    ]
    scope: Any = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "root_path": "",
        "method": method.upper() if method.isalpha() else "POST", "path": unquote("/" + path.lstrip("/")),
        "raw_path": path.encode(), "query_string": query.encode(), "headers": headers,
        "client": ("127.0.0.1", 9), "server": ("127.0.0.1", 8), "state": {}, "extensions": {},
    }  # fmt: skip
    came: dict[str, Any] = {"status": 0, "headers": (), "body": b""}

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event: Any) -> None:
        came["status"] = event.get("status", came["status"])
        came["headers"] = event.get("headers", came["headers"])
        came["body"] += event.get("body", b"")

    _loop().run_until_complete(app(scope, receive, send))
    _expect_answer(scope["method"], came["status"], dict(came["headers"]), came["body"])


def _expect_answer(method: str, status: int, headers: Mapping[bytes, bytes], body: bytes) -> None:
    """An answer that can be read, or a refusal that says why."""
    assert 200 <= status < 500 or status in (501, 503, 504, 507), f"status {status}: {body[:300]!r}"
    if status >= 400 and status not in (404, 504):  # no instance or no response there may be right
        raise FileError(json.loads(body)["error"])
    kind = headers.get(b"content-type", b"")
    if body and b"json" in kind:
        json.loads(body)
    elif body and b"xml" in kind:
        etree.fromstring(body)
    assert body or method in ("HEAD", "OPTIONS", "DELETE") or status in (204, 304, 504), f"status {status}, no body"


def _message(head: str, body: bytes | Mapping[str, object] = b"", kind: str = "application/json") -> bytes:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return f"{head}\nContent-Type: {kind}\nHost: localhost\n\n".encode() + content


_FOLDER = cache(TemporaryDirectory)  # deleted when the process ends


@cache
def _service() -> Litestar:
    return application(system, Store(f"{_FOLDER().name}/lockers", "", 1), most=1)


@cache
def _mock_dcc() -> Litestar:
    store = Store(f"{_FOLDER().name}/premises", "", 1)
    return application(INSTALLATION, store, most=1, more=routes(store, read_behaviour(EXAMPLES / "mock-dcc.toml")))


def _sent(app: Callable[[], Litestar], *before: bytes) -> Callable[[Path], None]:
    def read(path: Path) -> None:
        for message in before:
            _called(app(), message)
        _called(app(), path.read_bytes())

    return read


def _service_messages() -> list[bytes]:
    box = "/instances/box"
    state = {name: str(value.value) for name, value in TRACE.start.as_dict().items()}
    sent = TRACE.steps[0].request.as_dict()
    condition = {"all": [{"term": {"variable": "box"}, "in": ["Box.EMPTY"]}, {"not": {"request": ["Take"]}}]}
    return [
        _message("POST /decide", {"state": state, "request": sent}),
        _message("POST /ask", {"state": state, "condition": condition}),
        _message(f"PUT {box}\nIf-Match: *", {"state": state}),
        _message(f"GET {box}\nIf-None-Match: a, *"),
        _message(f"POST {box}/requests", {"request": sent, "key": "a"}),
        _message(f"POST {box}/batch", {"requests": [{"request": sent, "key": "a"}, {"request": sent}]}),
        _message(f"GET {box}/history?after=0&limit=10"),
        _message(f"POST {box}/messages", {"op": "reset", "state": state}),
        _message(f"POST {box}/messages", {"op": "send", "request": sent}),
        _message(f"DELETE {box}"),
        _message("GET /health"),
    ]


@cache
def _stored() -> bytes:
    """A database of the service with one instance that was sent a request."""
    path = Path(_FOLDER().name, "stored")
    box = "/instances/box"
    with Store.opened(path, "", 2) as store:
        app = application(system, store, most=2)
        for message in (_message(f"PUT {box}", {}), _message(f"POST {box}/requests", {"request": {"type": "Put"}})):
            _called(app, message)
    return path.read_bytes()


def _database(path: Path) -> None:
    for beside in ("-wal", "-shm"):  # of the file that was read before
        path.with_name(path.name + beside).unlink(missing_ok=True)
    # Of what is damaged the service says so in its log, too.
    with patch.object(logging.getLogger("service"), "disabled", True), Store.opened(path, "", 2) as store:
        app = application(system, store, most=2)
        for head in ("GET /health", "GET /instances/box/history"):
            _called(app, _message(head))
        _called(app, _message("POST /instances/box/requests", {"request": {"type": "Wait"}}))


HOME = "/instances/home/duis"
START_HOME = _message(f"PUT {HOME}", (EXAMPLES / "installation.toml").read_bytes(), "application/toml")


def _dcc_messages() -> list[bytes]:
    state = {name: str(value.value) for name, value in INSTALLATION.state().as_dict().items()}
    passed = str(Screening.PASSED.value)
    identity = "90-B3-D5-1F-30-00-00-01:00-DB-12-34-56-78-90-A3:1"
    return [
        START_HOME,
        *(_message(f"POST {HOME}", data, "application/xml") for data in REQUESTS),
        _message(f"GET {HOME}/responses/1"),
        _message(f"GET {HOME}"),
        _message(
            f"POST {HOME}/control",
            {"op": "reset", "state": state, "premises": {"users": {}, "devices": {}}, "used": []},
        ),
        _message(f"POST {HOME}/control", {"op": "event", "event": {"type": "DeployRelease"}}),
        _message(f"POST {HOME}/control", {"op": "screen", "request_id": identity, "screening": passed}),
        _message(f"POST {HOME}/quarantine", {"request_id": identity, "action": "catch"}),
    ]


@cache
def messages() -> Mapping[str, Kind]:
    """Every kind of message."""
    return {
        "answers, JSON Lines": Kind(".jsonl", [_line_answers()], _lines),
        "answers, HTTP": Kind(".txt", [_http_answers()], _http),
        "answers, DUIS over HTTP": Kind(".txt", [_duis_answers()], _duis),
        "message to the service": Kind(
            ".txt", _service_messages(), _sent(_service, _message("PUT /instances/box", {}))
        ),
        "database of the service": Kind(".sqlite", [_stored()], _database),
        "message to the mock DCC": Kind(".txt", _dcc_messages(), _sent(_mock_dcc, START_HOME)),
    }
