"""Targets at an HTTP address: Service Requests as DUIS XML, and everything around them as JSON."""

from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from zlib import crc32

import attrs

from properties.conformance.mapping import Meaning
from properties.conformance.observation import NOTHING, Observation
from properties.conformance.targets.access import Access
from properties.conformance.targets.answers import VerdictReader, garbage
from properties.conformance.targets.connection import Reply
from properties.conformance.targets.http import HttpTarget
from properties.conformance.targets.misbehaviour import Misbehaved
from properties.conformance.targets.target import Limits
from properties.walks.runs import oracle
from statemachines.files.shown import shown
from statemachines.language.requests import Request
from statemachines.language.system import State
from statemachines.language.terms import ASPECTS
from statemachines.smets1.duis.document import root_element
from statemachines.smets1.duis.elements import one, shown_tag, tag, text_of
from statemachines.smets1.duis.errors import DuisError, UnwritableError
from statemachines.smets1.duis.forms import in_form
from statemachines.smets1.duis.reader import RequestId
from statemachines.smets1.duis.writer import DCC_ID
from statemachines.smets1.edge.model_to_duis import OutgoingRequest, write
from statemachines.smets1.edge.premises import Premises
from statemachines.smets1.edge.specimen import FirmwareImage, specimen
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import (
    SCREENED,
    SERVICE_REQUEST_TYPES,
    ActivateFirmware,
    Device,
    Outcome,
    RequestIdUse,
    UpdateFirmware,
    UpdatePpmidFirmware,
    request_id,
    target,
)

XML = "application/xml"

PREMISES = specimen(INSTALLATION.state())
"""Who is who in the DUIS XML that targets are sent."""

_FIRST_VERSION = 0x00020000
"""Of the images that updates carry; the specimen's own versions are below it."""

ACCEPTED, ACKNOWLEDGED, OTHER = "I0", "I99", "E"

CODES: Mapping[str, Meaning] = MappingProxyType(
    {
        ACCEPTED: frozenset([Outcome.ACCEPTED]),
        ACKNOWLEDGED: frozenset([Outcome.ALERT, Outcome.NOT_PROCESSED, Outcome.HELD, Outcome.DELETED]),
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
        self._counts: Counter[tuple[str, str]] = Counter()
        self._sent: dict[tuple[str, str], RequestId] = {}
        self._written: dict[Request, OutgoingRequest] = {}
        self._oracle = oracle(INSTALLATION)
        self._state, self._delivered = INSTALLATION.state(), PREMISES
        self._images = self._steps = 0

    def reset(self, state: State) -> None:
        """Be in this state, at the specimen premises."""
        self._sent.clear()
        self._state, self._delivered, self._steps = INSTALLATION.state(**state.as_dict()), PREMISES, 0
        super().reset(state)

    def send(self, request: Request) -> Observation:
        """Send the Service Request, or tell of the event."""
        self._steps += 1
        if request.type in SERVICE_REQUEST_TYPES:
            return self._requested(request)
        self._state, _ = self._oracle.decide(self._state, request)
        return self._verdict(request, {"op": "event", "event": request.as_dict()})

    def _besides_state(self) -> Mapping[str, object]:
        return _SPECIMEN_IN_WORDS

    def _requested(self, request: Request) -> Observation:
        """What the answer to a Service Request shows."""
        written = self._write(request)
        identity = self._request_id(request, written.request_id)
        document = written.document.replace(str(written.request_id).encode(), str(identity).encode(), 1)
        document = in_form(document, crc32(f"{self._steps} {request}".encode()))
        screened = [field for field in request.type.fields if any(field is known for known in SCREENED)]
        if any(request[field.name] is not field.default for field in screened):
            words = {field.name: str(request[field.name].value) for field in screened}
            self._done({"op": "screen", "request_id": str(identity), **words})

        def acknowledges(reply: Reply) -> bool:
            try:
                return _response_code(reply.body, identity) == ACKNOWLEDGED
            except Misbehaved:
                return False

        reply = self._address.post(self._address.path, XML, document, f"the request {identity}", acknowledges)
        return self._observation(request, reply, identity)

    def _write(self, request: Request) -> OutgoingRequest:
        """The request as a document: an update has an image of its own, an activation names the one last delivered."""
        self._state, verdict = self._oracle.decide(self._state, request)
        if request.type in (UpdateFirmware, UpdatePpmidFirmware):
            self._images += 1
            which = Device(request[target.name].value) if request.type is UpdateFirmware else Device.PPMID
            sent = FirmwareImage(f"{_FIRST_VERSION + self._images:08X}", f"made-up image {self._images}".encode())
            written = write(PREMISES, request, counter=1, images={which: sent})
            if request.type is UpdateFirmware and verdict.outcome is Outcome.ACCEPTED:
                self._delivered = _delivered(self._delivered, which, sent)
            return written
        if request.type is ActivateFirmware:
            return write(self._delivered, request, counter=1)
        if request not in self._written:
            self._written[request] = write(PREMISES, request, counter=1)
        return self._written[request]

    def _request_id(self, request: Request, like: RequestId) -> RequestId:
        """A RequestID used now for the first time; or again, the last one of this sender to this device."""
        ends = (like.originator, like.target)
        if request[request_id.name] is RequestIdUse.REPEATED:
            return self._sent.get(ends, RequestId(*ends, 0))
        self._counts[ends] += 1
        self._sent[ends] = RequestId(*ends, self._counts[ends])
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


def _delivered(premises: Premises, which: Device, sent: FirmwareImage) -> Premises:
    """The premises where the image was delivered to the device."""
    devices = {
        identity: attrs.evolve(facts, delivered_version=sent.version, delivered_hash=sent.hash)
        if facts.device is which
        else facts
        for identity, facts in premises.devices.items()
    }
    return attrs.evolve(premises, devices=devices)


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
