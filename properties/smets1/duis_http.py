"""Targets at an HTTP address: Service Requests as DUIS XML, and everything around them as JSON."""

import json
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import attrs

from properties.conformance.mapping import Meaning
from properties.conformance.observation import NOTHING, Observation
from properties.conformance.statement import Statement
from properties.conformance.targets.answers import Reading, garbage
from properties.conformance.targets.connection import Closed, Connection, NoHttp, Reply, Slow, Surplus, Unreachable
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour
from properties.conformance.targets.target import PATIENCE, Limits
from statemachines.files.shown import shown
from statemachines.language.requests import Request
from statemachines.language.system import State
from statemachines.language.terms import ASPECTS
from statemachines.smets1.duis.document import root_element
from statemachines.smets1.duis.elements import one, shown_tag, tag, text_of
from statemachines.smets1.duis.errors import DuisError, UnwritableError
from statemachines.smets1.duis.reader import RequestId
from statemachines.smets1.duis.writer import DCC_ID
from statemachines.smets1.edge.specimen import specimen
from statemachines.smets1.edge.writing import Written, write
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import (
    SERVICE_REQUEST_TYPES,
    Outcome,
    RequestIdUse,
    Screening,
    request_id,
    screening,
)

XML, JSON = "application/xml", "application/json"

PREMISES = specimen(INSTALLATION.state())
"""Who is who in the DUIS XML that targets are sent."""

ACCEPTED, ACKNOWLEDGED, OTHER = "I0", "I99", "E"

CODES: Mapping[str, Meaning] = MappingProxyType(
    {
        ACCEPTED: frozenset([Outcome.ACCEPTED]),
        ACKNOWLEDGED: frozenset([Outcome.ALERT, Outcome.NOT_PROCESSED, Outcome.HELD]),
        OTHER: frozenset([Outcome.REJECTED]),
    }
)
"""What a ResponseCode says of the outcome, where no mapping says otherwise: I99 alone is an acknowledgement after which
no response came (SRP-2); any other code with an I stands for the first, and any code without for the last."""


class DuisHttpTarget:
    """A target at an address.

    Parameters
    ----------
    address: to which Service Requests are sent; what is around them goes to ``/control`` below it.
    limits: how long it may take. It cannot be started from here: `start_seconds` is how long it may be away.
    reading: for a statement, how its verdicts are read.

    Raises
    ------
    Misbehaved: if it cannot be reached, or does not come as far as to say what it supports.
    """

    def __init__(self, address: str, limits: Limits, reading: Callable[[Any], Reading]) -> None:
        self._limits = limits
        self._path = urlsplit(address).path or "/"
        self._control = self._path.rstrip("/") + "/control"
        self._address = address
        self._connection = Connection(address)
        self._lost = self._count = 0
        self._why: Misbehaved | None = None
        self._sent: dict[tuple[str, str], RequestId] = {}
        self._written: dict[Request, Written] = {}
        self._unknown = {"premises": _premises_in_words(), "used": [str(each) for each in _used_before()]}
        try:
            told = reading(self._supports())
        except BaseException:
            self.close()
            raise
        self._reading = attrs.evolve(told, statement=attrs.evolve(told.statement, protocol_lacks=_why_not_written))

    @property
    def statement(self) -> Statement:
        """What it supports, as far as DUIS XML can ask for it."""
        return self._reading.statement

    def reset(self, state: State) -> None:
        """Be in this state, at the specimen premises."""
        if self._why is not None and self._why.kind is not Misbehaviour.GONE:
            self._why = None
        words = {name: str(value.value) for name, value in state.as_dict().items()}
        self._sent.clear()
        answer = self._controlled({"op": "reset", "state": words, **self._unknown})
        _expect_ok(answer, "a reset")

    def send(self, request: Request) -> Observation:
        """Send the Service Request, or tell of the event."""
        if request.type in SERVICE_REQUEST_TYPES:
            return self._requested(request)
        answer = self._controlled({"op": "event", "event": request.as_dict()})
        if "verdict" not in answer:
            raise garbage(f'the answer to an event has no "verdict": {shown(json.dumps(answer), 160)}')
        return self._reading.observation(request, answer["verdict"])

    def close(self) -> None:
        """End the connection; the target runs on."""
        self._connection.close()

    def _supports(self) -> object:
        """Its own statement; a target that knows no such message says nothing, and so supports everything."""
        try:
            return self._controlled({"op": "describe"}).get("statement", {})
        except Misbehaved as found:
            if found.kind is Misbehaviour.REFUSES:
                return {}
            raise

    def _requested(self, request: Request) -> Observation:
        """What the answer to a Service Request shows."""
        written = self._written.get(request)
        if written is None:
            written = self._written[request] = write(PREMISES, request, counter=1)
        identity = self._request_id(request, written.request_id)
        document = written.document.replace(str(written.request_id).encode(), str(identity).encode(), 1)
        if any(field is screening for field in request.type.fields) and request[screening.name] is Screening.CAUGHT:
            screened = self._controlled({"op": "screen", "request_id": str(identity), "caught": True})
            _expect_ok(screened, "a screen")
        reply = self._posted(self._path, XML, document, f"the request {identity}")
        return self._observation(request, reply, identity)

    def _request_id(self, request: Request, like: RequestId) -> RequestId:
        """A RequestID used now for the first time; or again, the last one of this sender to this device."""
        ends = (like.originator, like.target)
        if request[request_id.name] is RequestIdUse.REPEATED:
            return self._sent.get(ends, RequestId(*ends, 0))
        self._count += 1
        self._sent[ends] = RequestId(*ends, self._count)
        return self._sent[ends]

    def _observation(self, request: Request, reply: Reply, identity: RequestId) -> Observation:
        code = _response_code(reply.body, identity)
        lines = self._reading.translation.lines
        told: dict[str, str | None] = {}
        for aspect in ASPECTS:
            header = reply.headers.get(f"x-smets1-{aspect}")
            if header is not None:
                told[aspect] = None if aspect == "response" and header == NOTHING else header
            elif aspect in lines and (code in lines[aspect] or "*" in lines[aspect]):
                told[aspect] = code
        shown_only = {} if "outcome" in told else {"outcome": CODES[_sort_of(code)]}
        seen = self._reading.observation(request, told, beside=shown_only)
        return attrs.evolve(seen, own_words=f"ResponseCode {code}")

    def _controlled(self, message: Mapping[str, object]) -> Mapping[str, Any]:
        """The answer to a message around the Service Requests."""
        what = f"the {message['op']}"
        reply = self._posted(self._control, JSON, json.dumps(message).encode(), what)
        try:
            answer = json.loads(reply.body.decode("utf-8"))
        except (ValueError, RecursionError):
            raise garbage(f"the answer to {what} is not JSON in UTF-8: '{_beginning(reply.body)}'") from None
        if not isinstance(answer, dict):
            raise garbage(f"the answer to {what} is no JSON object: '{_beginning(reply.body)}'")
        if "error" in answer:
            error = answer["error"]
            text = shown(error if isinstance(error, str) else json.dumps(error), 200)
            raise Misbehaved(Misbehaviour.REFUSES, f"it answered {what} with the error '{text}'")
        return answer

    def _posted(self, path: str, content_type: str, body: bytes, what: str) -> Reply:
        """The answer with status 200; every way in which there is none is a misbehaviour."""
        try:
            self._connect()
            started = time.monotonic()
            limit = self._limits.answer_seconds
            reply = self._connection.post(path, content_type, body, started + limit * PATIENCE)
        except Closed as error:
            raise self._lose(
                Misbehaviour.CRASHED, f"it closed the connection before it answered {what} ({error})"
            ) from None
        except Slow:
            raise self._lose(Misbehaviour.HANGS, f"it had not answered {what} after {limit * PATIENCE:g} s") from None
        except NoHttp as error:
            raise garbage(f"in answer to {what}, no HTTP: {shown(str(error), 160)}") from None
        except Surplus:
            raise Misbehaved(Misbehaviour.ANSWERS_TWICE, f"more came than one answer, by the time of {what}") from None
        taken = time.monotonic() - started
        if taken > limit:
            raise Misbehaved(Misbehaviour.LATE, f"it answered {what} after {taken:.3g} s, expected within {limit:g} s")
        if 300 <= reply.status < 400:
            raise garbage(f"the answer to {what} is a redirection ({reply.status}), and none is followed")
        if not 200 <= reply.status < 300:
            raise Misbehaved(Misbehaviour.REFUSES, f"HTTP status {reply.status} to {what}: '{_beginning(reply.body)}'")
        return reply

    def _connect(self) -> None:
        """Connect, if need be; one that is away has a while to come back."""
        if self._why is not None:
            raise Misbehaved(self._why.kind, self._why.detail)
        if self._connection.connected:
            return
        deadline = time.monotonic() + self._limits.start_seconds
        while True:
            try:
                self._connection.connect(deadline)
            except Unreachable as error:
                if time.monotonic() + _PAUSE_SECONDS >= deadline:
                    detail = f"nobody answers at {self._address}: {error}"
                    raise self._end(Misbehaviour.GONE, detail) from None
                time.sleep(_PAUSE_SECONDS)
            else:
                return

    def _lose(self, kind: Misbehaviour, detail: str) -> Misbehaved:
        """What to raise, now and until it is reset; too often, and it is gone."""
        self._lost += 1
        if self._lost > self._limits.restarts:
            self._end(Misbehaviour.GONE, f"it crashed or hung {self._lost} times; last, {detail}")
            return Misbehaved(kind, detail)
        return self._end(kind, detail)

    def _end(self, kind: Misbehaviour, detail: str) -> Misbehaved:
        self._why = Misbehaved(kind, detail)
        return Misbehaved(kind, detail)


_PAUSE_SECONDS = 0.1


def _expect_ok(answer: Mapping[str, Any], what: str) -> None:
    if answer.get("ok") is not True:
        raise garbage(f'the answer to {what} has no "ok": true: {shown(json.dumps(answer), 160)}')


def _response_code(body: bytes, identity: RequestId) -> str:
    """The ResponseCode of a DUIS response to a request."""
    try:
        root = root_element(body)
        if root.tag != tag("Response"):
            raise DuisError(f"root element {shown_tag(root)}, expected a DUIS Response")
        header = one(root, "Header")
        answered, code = text_of(one(header, "RequestID")), text_of(one(header, "ResponseCode"))
        if answered != str(identity):
            raise DuisError(f"its RequestID is '{shown(answered)}'")
        if not code or len(code) > 16:
            raise DuisError(f"its ResponseCode is '{shown(code)}'")
    except DuisError as error:
        raise garbage(f"the answer to the request {identity}: {error}") from None
    return code


def _sort_of(code: str) -> str:
    if code == ACKNOWLEDGED:
        return ACKNOWLEDGED
    return ACCEPTED if code.startswith("I") else OTHER


def _why_not_written(request: Request) -> str | None:
    """Why a request cannot be sent as DUIS XML, if it cannot."""
    if request.type not in SERVICE_REQUEST_TYPES:
        return None
    try:
        write(PREMISES, request, counter=1)
    except UnwritableError as error:
        return f"DUIS XML cannot carry it: {error}"
    return None


def _premises_in_words() -> dict[str, object]:
    """Who is who, for the target."""
    return {
        "users": {identity: [str(user.value) for user in users] for identity, users in PREMISES.users.items()},
        "devices": {
            identity: {
                "device": str(facts.device.value),
                "version": facts.version,
                "delivered_version": facts.delivered_version,
                "delivered_hash": facts.delivered_hash,
            }
            for identity, facts in PREMISES.devices.items()
        },
    }


def _used_before() -> list[RequestId]:
    """One RequestID of each sender to each device, and to the DCC, that counts as used before anything is sent."""
    return [RequestId(user, target, 0) for user in PREMISES.users for target in (DCC_ID, *PREMISES.devices)]


def _beginning(body: bytes) -> str:
    return shown(body[:200].decode("utf-8", "backslashreplace"), 120)
