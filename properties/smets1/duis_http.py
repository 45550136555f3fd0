"""Targets at an HTTP address: Service Requests as DUIS XML, and everything around them as JSON."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from properties.conformance.mapping import Meaning
from properties.conformance.observation import NOTHING, Observation
from properties.conformance.targets.access import Access
from properties.conformance.targets.answers import VerdictReader, garbage
from properties.conformance.targets.connection import Reply
from properties.conformance.targets.http import HttpTarget
from properties.conformance.targets.misbehaviour import Misbehaved
from properties.conformance.targets.target import Limits
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
from statemachines.smets1.edge.writing import OutgoingRequest, write
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import (
    SERVICE_REQUEST_TYPES,
    Outcome,
    RequestIdUse,
    Screening,
    request_id,
    screening,
)

XML = "application/xml"

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


class DuisHttpTarget(HttpTarget):
    """A target at an address to which Service Requests are sent; what is around them goes to ``/control`` below it."""

    BELOW = "/control"

    def __init__(
        self, address: str, limits: Limits, reader_for: Callable[[Any], VerdictReader], access: Access
    ) -> None:
        super().__init__(address, limits, reader_for, access)
        statement = attrs.evolve(self._reader.statement, protocol_lacks=_why_not_written)
        self._reader = attrs.evolve(self._reader, statement=statement)
        self._count = 0
        self._sent: dict[tuple[str, str], RequestId] = {}
        self._written: dict[Request, OutgoingRequest] = {}

    def reset(self, state: State) -> None:
        """Be in this state, at the specimen premises."""
        self._sent.clear()
        super().reset(state)

    def send(self, request: Request) -> Observation:
        """Send the Service Request, or tell of the event."""
        if request.type in SERVICE_REQUEST_TYPES:
            return self._requested(request)
        return self._verdict(request, {"op": "event", "event": request.as_dict()})

    def _besides_state(self) -> Mapping[str, object]:
        return _SPECIMEN_IN_WORDS

    def _requested(self, request: Request) -> Observation:
        """What the answer to a Service Request shows."""
        written = self._written.get(request)
        if written is None:
            written = self._written[request] = write(PREMISES, request, counter=1)
        identity = self._request_id(request, written.request_id)
        document = written.document.replace(str(written.request_id).encode(), str(identity).encode(), 1)
        if any(field is screening for field in request.type.fields) and request[screening.name] is Screening.CAUGHT:
            self._done({"op": "screen", "request_id": str(identity), "caught": True})

        def acknowledges(reply: Reply) -> bool:
            try:
                return _response_code(reply.body, identity) == ACKNOWLEDGED
            except Misbehaved:
                return False

        reply = self._address.post(self._address.path, XML, document, f"the request {identity}", acknowledges)
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
        lines = self._reader.translation.lines
        aspects: dict[str, str | None] = {}
        for aspect in ASPECTS:
            header = reply.headers.get(f"x-smets1-{aspect}")
            if header is not None:
                aspects[aspect] = None if aspect == "response" and header == NOTHING else header
            elif aspect in lines and (code in lines[aspect] or "*" in lines[aspect]):
                aspects[aspect] = code
        shown_only = {} if "outcome" in aspects else {"outcome": CODES[_sort_of(code)]}
        seen = self._reader.observation(request, aspects, beside=shown_only)
        return attrs.evolve(seen, own_words=f"ResponseCode {code}")


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


_SPECIMEN_IN_WORDS = {"premises": _premises_in_words(), "used": [str(each) for each in _used_before()]}
