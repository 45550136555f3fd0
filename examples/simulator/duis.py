"""DUIS XML: Service Requests as they come over HTTP, and the responses that go back."""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from .answers import Answer, MessageError
from .requests import (
    ACTIVATE_FIRMWARE,
    COMMISSION,
    DECOMMISSION,
    HAN_LOG,
    JOIN,
    PRE_NOTIFY,
    READ_FIRMWARE,
    ROLE_OF,
    UPDATE_FIRMWARE,
    UPDATE_PPMID_FIRMWARE,
    UPDATE_TARIFF,
)
from .simulator import Message
from .srvs import OPEN_TO
from .words import (
    ANOTHER_IMAGE,
    CANCELLATION,
    DELIVERED_IMAGE,
    DIFFERENT_PRICES,
    ESME,
    FUTURE_DATED,
    GSME,
    IDENTICAL_PRICES,
    IMMEDIATE,
    OTHER_TARIFF,
    PPMID,
    Outcome,
)

NAMESPACE = "http://www.dccinterface.co.uk/ServiceUserGateway"
MAX_BYTES = 8 * 1024 * 1024
CANCELLING_DATE = "3000-12-31"


@dataclass
class DeviceFacts:
    """What is really known of a device: which it is, and the hash of the image that it was sent last."""

    name: str
    delivered_hash: str | None = None


@dataclass
class Directory:
    """Who is who at the premises: by EUI-64 the users and the devices."""

    users: dict[str, list[str]] = field(default_factory=dict)
    devices: dict[str, DeviceFacts] = field(default_factory=dict)

    def device(self, eui: str) -> DeviceFacts:
        """The device with that EUI-64."""
        if eui.upper() not in self.devices:
            raise MessageError(f"no device {eui} is known at the premises")
        return self.devices[eui.upper()]


@dataclass
class Incoming:
    """A Service Request that was read: its RequestID and SRV, and in words what it asks for."""

    request_id: str
    srv: str
    message: Message
    sent_image: str | None = None


def read(data: bytes, directory: Directory) -> Incoming:
    """The Service Request in an XML document.

    Raises
    ------
    MessageError: for a document that is none, or names a party or a device that the directory does not know.
    """
    root = _root(data)
    header, body = _child(root, "Header"), _only(_child(root, "Body"))
    request_id, srv = _text(header, "RequestID"), _text(header, "ServiceReferenceVariant")
    originator, _, rest = request_id.partition(":")
    target = rest.partition(":")[0]
    if srv not in OPEN_TO:
        raise MessageError(f"there is no SRV {srv}")
    reader = _READERS.get(srv)
    message = reader(target, body, directory) if reader else _other(srv)
    message["sender"] = _sender(originator, srv, directory)
    sent = _image_hash(body) if srv == UPDATE_FIRMWARE else None
    return Incoming(request_id, srv, message, sent)


def _root(data: bytes) -> ElementTree.Element:
    if len(data) > MAX_BYTES:
        raise MessageError(f"the request has more than {MAX_BYTES} bytes")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise MessageError("the request is not UTF-8") from None
    if "<!DOCTYPE" in text:
        raise MessageError("the request has a DOCTYPE, and with it could have entities")
    try:
        root = ElementTree.fromstring(text)  # without a DOCTYPE there is nothing to expand
    except (ElementTree.ParseError, ValueError) as error:
        raise MessageError(f"the request is not XML: {error}") from None
    if root.tag != f"{{{NAMESPACE}}}Request":
        raise MessageError("the root element is not a Request of DUIS")
    return root


def _sender(originator: str, srv: str, directory: Directory) -> str:
    """As whom the sender acts: as one to whom the SRV is open, if it can."""
    users = directory.users.get(originator.upper())
    if not users:
        raise MessageError(f"no user {originator} is known at the premises")
    open_to = set(OPEN_TO[srv].split())
    return next((user for user in users if open_to & {ROLE_OF.get(user, "IS"), ROLE_OF.get(user, "GS")}), users[0])


def _other(srv: str) -> Message:
    return {"type": "OtherServiceRequest", "open_to": OPEN_TO[srv]}


def _update(_target: str, body: ElementTree.Element, directory: Directory) -> Message:
    devices = _text(body, "DeviceIDList").split()
    if len(devices) != 1:
        raise MessageError("this simulator updates one device at a time")
    return {"type": "UpdateFirmware", "target": directory.device(devices[0]).name}


def _reading(target: str, _body: ElementTree.Element, directory: Directory) -> Message:
    return {"type": "ReadFirmwareVersion", "target": directory.device(target).name}


def _activation(target: str, body: ElementTree.Element, directory: Directory) -> Message:
    facts = directory.device(target)
    when = body.find(f"{{{NAMESPACE}}}ExecutionDateTime")
    timing = IMMEDIATE
    if when is not None:
        timing = CANCELLATION if (when.text or "").strip().startswith(CANCELLING_DATE) else FUTURE_DATED
    same = _text(body, "FirmwareHash").upper() == (facts.delivered_hash or "").upper()
    image = DELIVERED_IMAGE if same else ANOTHER_IMAGE
    return {"type": "ActivateFirmware", "target": facts.name, "image": image, "timing": timing}


def _new_tariff(target: str, body: ElementTree.Element, directory: Directory) -> Message:
    return {"type": "UpdateTariff", "meter": directory.device(target).name, "tariff": _tariff(body)}


def _commissioning(target: str, _body: ElementTree.Element, directory: Directory) -> Message:
    name = directory.device(target).name
    return {"type": "CommissionDevice", "meter": name} if name in (ESME, GSME) else _other(COMMISSION)


def _join(target: str, body: ElementTree.Element, directory: Directory) -> Message:
    ends = {directory.device(target).name, directory.device(_text(body, "OtherDeviceID")).name}
    return {"type": "JoinPpmid"} if PPMID in ends else _other(JOIN)


def _han_log(_target: str, body: ElementTree.Element, directory: Directory) -> Message:
    device = directory.device(_text(body, "DeviceID")).name
    return {"type": "UpdateHanDeviceLog", "han_device": device, "log_change": _text(body, "RequestType").lower()}


def _pre_notification(_target: str, body: ElementTree.Element, _directory: Directory) -> Message:
    announced = _text(body, "DeviceType")
    known = announced in (ESME, GSME, PPMID)
    return {"type": "PreNotifyDevice", "han_device": announced} if known else _other(PRE_NOTIFY)


def _decommissioning(_target: str, body: ElementTree.Element, directory: Directory) -> Message:
    return {"type": "DecommissionDevice", "device": directory.device(_text(body, "DeviceID")).name}


def _update_of_ppmid(_target: str, _body: ElementTree.Element, _directory: Directory) -> Message:
    return {"type": "UpdatePpmidFirmware"}


_READERS: dict[str, Callable[[str, ElementTree.Element, Directory], Message]] = {
    UPDATE_FIRMWARE: _update,
    READ_FIRMWARE: _reading,
    ACTIVATE_FIRMWARE: _activation,
    UPDATE_TARIFF: _new_tariff,
    COMMISSION: _commissioning,
    JOIN: _join,
    HAN_LOG: _han_log,
    PRE_NOTIFY: _pre_notification,
    DECOMMISSION: _decommissioning,
    UPDATE_PPMID_FIRMWARE: _update_of_ppmid,
}
"""How the SRVs are read that the simulator looks into; the message is without its sender."""


def _image_hash(body: ElementTree.Element) -> str:
    try:
        image = base64.b64decode("".join(_text(body, "FirmwareImage").split()), validate=True)
    except binascii.Error:
        raise MessageError("the FirmwareImage is not base64") from None
    return hashlib.sha256(image).hexdigest().upper()


def _tariff(body: ElementTree.Element) -> str:
    """Two rates if the switching table names two time-of-use registers and no block; a register without price has 0."""
    named = {action.text for action in body.iter(f"{{{NAMESPACE}}}TOUTariffAction")}
    blocks = body.find(f".//{{{NAMESPACE}}}BlockTariffAction") is not None
    if blocks or len(named) != 2:
        return OTHER_TARIFF
    prices = {price.get("index"): float(price.text or 0) for price in body.iter(f"{{{NAMESPACE}}}TOUPrice")}
    first, second = (prices.get(register, 0.0) for register in named)
    return IDENTICAL_PRICES if first == second else DIFFERENT_PRICES


def _child(parent: ElementTree.Element, name: str) -> ElementTree.Element:
    found = parent.findall(f"{{{NAMESPACE}}}{name}")
    if len(found) != 1:
        raise MessageError(f"expected one {name}, found {len(found)}")
    return found[0]


def _only(parent: ElementTree.Element) -> ElementTree.Element:
    if len(parent) != 1:
        raise MessageError(f"expected one element in the Body, found {len(parent)}")
    return parent[0]


def _text(parent: ElementTree.Element, name: str) -> str:
    return (_child(parent, name).text or "").strip()


def response(incoming: Incoming, answer: Answer) -> bytes:
    """The response to a request, as XML.

    Its code is I0 where the request is carried out, and I99, an acknowledgement, where it goes no further than to the
    S1SP. With what code the DCC rejects a request is not known here, so that this one is the simulator's own.
    """
    codes = {Outcome.ACCEPTED: "I0", Outcome.REJECTED: "E-SIM"}
    code = codes.get(Outcome(answer.outcome), "I99")
    originator, _, rest = incoming.request_id.partition(":")
    target, _, counter = rest.partition(":")
    moment = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<sr:Response xmlns:sr="{NAMESPACE}" schemaVersion="5.4">
  <sr:Header>
    <sr:RequestID>{escape(incoming.request_id)}</sr:RequestID>
    <sr:ResponseID>{escape(target)}:{escape(originator)}:{escape(counter)}</sr:ResponseID>
    <sr:ResponseCode>{code}</sr:ResponseCode>
    <sr:ResponseDateTime>{moment}</sr:ResponseDateTime>
  </sr:Header>
  <sr:Body>
    <sr:ResponseMessage>
      <sr:ServiceReference>{".".join(incoming.srv.split(".")[:2])}</sr:ServiceReference>
      <sr:ServiceReferenceVariant>{escape(incoming.srv)}</sr:ServiceReferenceVariant>
    </sr:ResponseMessage>
  </sr:Body>
</sr:Response>
""".encode()
