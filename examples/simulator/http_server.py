"""HTTP: DUIS Service Requests are posted to the address itself, and all else to /control."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any

from .answers import Answer, MessageError
from .duis import MAX_BYTES, DeviceFacts, Directory, Incoming, read, response
from .target import Target
from .words import Outcome


class Desk:
    """What a real system would find in its databases: who is who, which RequestIDs were used, what is caught."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.directory = Directory()
        self.used: set[str] = set()
        self.screened: dict[str, dict[str, str]] = {}
        self.lock = Lock()

    def serve(self, document: bytes) -> tuple[bytes, Answer]:
        """The response to a Service Request, and what it says."""
        incoming = read(document, self.directory)
        number = incoming.request_id.upper()
        incoming.message["request_id"] = "repeated" if number in self.used else "new"
        incoming.message |= self.screened.get(number, {})
        self.used.add(number)
        answer = self.target.simulator.send(incoming.message)
        if answer.outcome == Outcome.ACCEPTED:
            self._note_image(incoming)
        return response(incoming, answer), answer

    def _note_image(self, incoming: Incoming) -> None:
        """The device has the image now, and knows its hash."""
        for facts in self.directory.devices.values():
            if incoming.sent_image and facts.name == incoming.message["target"]:
                facts.delivered_hash = incoming.sent_image

    def control(self, body: bytes) -> dict[str, object]:
        """What is not in any Service Request."""
        try:
            message = json.loads(body)
        except ValueError:
            raise MessageError("expected JSON") from None
        if not isinstance(message, dict):
            raise MessageError("expected an object")
        operation = message.get("op")
        if operation == "describe":
            return {"statement": self.target.statement()}
        if operation == "reset":
            self.directory = _directory(_object(message, "premises"))
            self.used = {str(number).upper() for number in message.get("used") or ()}
            self.screened.clear()
            self.target.reset(_object(message, "state"))
            return {"ok": True}
        if operation == "event":
            return {"verdict": self.target.send(_object(message, "event"))}
        if operation == "screen":
            said = {key: str(message[key]) for key in ("screening", "data_values") if key in message}
            self.screened[str(message.get("request_id", "")).upper()] = said
            return {"ok": True}
        raise MessageError(f"op is {operation!r}, expected describe, reset, event or screen")


def _object(message: dict[str, Any], key: str) -> dict[str, Any]:
    found = message.get(key, {})
    if not isinstance(found, dict):
        raise MessageError(f"{key} has to be an object")
    return found


def _directory(premises: dict[str, Any]) -> Directory:
    directory = Directory()
    for eui, users in _object(premises, "users").items():
        directory.users[eui.upper()] = users if isinstance(users, list) else [users]
    for eui, facts in _object(premises, "devices").items():
        known = facts if isinstance(facts, dict) else {"device": facts}
        directory.devices[eui.upper()] = DeviceFacts(known.get("device", ""), known.get("delivered_hash"))
    return directory


class Handler(BaseHTTPRequestHandler):
    """Answers one request over HTTP."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    desk: Desk

    def do_POST(self) -> None:  # the name that http.server calls
        """A Service Request, or something to /control."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_BYTES:
            self.close_connection = True
            self._send(413 if length.isdigit() else 411, "text/plain", b"expected a Content-Length of at most 8 MiB\n")
            return
        body = self.rfile.read(int(length))
        try:
            with self.desk.lock:
                if self.path.rstrip("/").endswith("/control"):
                    self._send(200, "application/json", json.dumps(self.desk.control(body)).encode())
                else:
                    document, answer = self.desk.serve(body)
                    self._send(200, "application/xml", document, _details(answer))
        except MessageError as error:
            self._send(400, "application/json", json.dumps({"error": str(error)}).encode())

    def _send(self, status: int, kind: str, body: bytes, details: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        for name, value in (details or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # as http.server has it
        """Say nothing of each request."""


def _details(answer: Answer) -> dict[str, str]:
    """Headers with our words, for whoever wants to know more than the response code."""
    return {f"X-SMETS1-{aspect.title()}": value or "nothing" for aspect, value in answer.as_dict().items()}


def server(target: Target, port: int) -> ThreadingHTTPServer:
    """A server on this machine, at that port or, for 0, at any that is free."""
    handler = type("BoundHandler", (Handler,), {"desk": Desk(target)})
    made = ThreadingHTTPServer(("127.0.0.1", port), handler)
    made.daemon_threads = True
    return made
