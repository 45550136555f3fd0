"""Reading DUIS Service Requests (DCC User Interface Specification)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import attrs
from lxml import etree

from statemachines.files.shown import shown
from statemachines.smets1.duis import values
from statemachines.smets1.duis.devices import read_about
from statemachines.smets1.duis.document import read_document, root_element
from statemachines.smets1.duis.elements import NAMESPACE, TAG_LIMIT, local, one, shown_tag, tag, text_of, value
from statemachines.smets1.duis.errors import DuisError, located
from statemachines.smets1.duis.tariff import DuisTariff, TariffKind, read_tariff
from statemachines.smets1.duis.templates import TEMPLATES
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS, ServiceRequestVariant

__all__ = [
    "CANCELLATION",
    "NAMESPACE",
    "DuisError",
    "DuisRequest",
    "DuisTariff",
    "RequestId",
    "TariffKind",
    "parse_request",
    "read_request",
    "request_id",
]

CANCELLATION = datetime(3000, 12, 31, tzinfo=UTC)
"""The moment of execution that cancels a future-dated request instead of asking for another."""

_UPDATE_TARIFF, _UPDATE_FIRMWARE, _ACTIVATE_FIRMWARE = "1.1.1", "11.1", "11.3"
_SRV_OF_BODY = {template.body: srv for srv, template in TEMPLATES.items()}
_MAX_SCHEMA_VERSION = 32


@attrs.frozen
class RequestId:
    """What identifies a Service Request: who sends it, to what, and the sender's count.

    Parameters
    ----------
    originator: the EUI-64 of the DCC User.
    target: the EUI-64 of the device, or of the DCC itself where a request is not for one device.
    counter: an unsigned number of 64 bits.

    >>> str(RequestId("90-B3-D5-1F-30-0A-00-00", "00-DB-12-34-56-78-9A-D0", 1))
    '90-B3-D5-1F-30-0A-00-00:00-DB-12-34-56-78-9A-D0:1'
    """

    originator: str
    target: str
    counter: int

    def __str__(self) -> str:
        return f"{self.originator}:{self.target}:{self.counter}"


@attrs.frozen
class DuisRequest:
    """A Service Request as far as the lifecycles look into it.

    Parameters
    ----------
    request_id: the RequestID.
    command_variant: the CommandVariant, 1 to 8.
    variant: the Service Request Variant.
    schema_version: the schemaVersion, "" if there is none.
    body: the local name of the one element of the body.
    devices: 11.1: the EUI-64s of the devices to update, each once, in order.
    firmware_version: 11.1: the version of the firmware, 8 hex digits.
    image_hash: 11.1: the SHA-256 hash of the image, 64 hex digits.
    firmware_hash: 11.3: the SHA-256 hash of the image to activate, 64 hex digits.
    execution: the ExecutionDateTime in UTC, if there is one.
    tariff: 1.1.1: the tariff.
    about: 8.3, 8.7.1, 8.7.2, 8.8.1, 8.8.2, 8.11, 12.2: the EUI-64 of the device that the body names: the one to
        decommission, to join to or unjoin from the target, to add to or remove from the log of the target, or to
        pre-notify.
    device_type: 12.2: the type of that device, as DUIS spells it, such as "ESME" or "PPMID".
    adds: 8.11: whether that device is added, or else removed.

    Hex digits are in upper case throughout.
    """

    request_id: RequestId
    command_variant: int
    variant: ServiceRequestVariant
    schema_version: str
    body: str
    devices: tuple[str, ...] = ()
    firmware_version: str | None = None
    image_hash: str | None = None
    firmware_hash: str | None = None
    execution: datetime | None = None
    tariff: DuisTariff | None = None
    about: str | None = None
    device_type: str | None = None
    adds: bool | None = None

    @property
    def cancels(self) -> bool:
        """Whether this cancels a future-dated request."""
        return self.execution == CANCELLATION

    @property
    def targets(self) -> tuple[str, ...]:
        """The devices the request is about."""
        return self.devices or (self.request_id.target,)


Matrix = Mapping[str, ServiceRequestVariant]
"""The SRVs that there are, by what each is called."""


def read_request(path: Path, matrix: Matrix = SERVICE_REQUESTS) -> DuisRequest:
    """Read the Service Request in a file.

    Parameters
    ----------
    path: a regular file of at most 8 MiB.
    matrix: the SRVs that there are.

    Raises
    ------
    DuisError: if the file cannot be read or does not hold a Service Request.
    """
    with located(path.name or str(path)):
        return request_in(root_element(read_document(path)), matrix)


def parse_request(data: bytes, name: str = "request", matrix: Matrix = SERVICE_REQUESTS) -> DuisRequest:
    """Read a Service Request.

    Parameters
    ----------
    data: the XML document.
    name: what errors call it.
    matrix: the SRVs that there are.

    Raises
    ------
    DuisError: if the data is not a Service Request.

    >>> request = parse_request(b'''
    ... <Request xmlns="http://www.dccinterface.co.uk/ServiceUserGateway" schemaVersion="5.4">
    ...   <Header>
    ...     <RequestID>90-B3-D5-1F-30-0A-00-00:00-DB-12-34-56-78-9A-D0:1</RequestID>
    ...     <CommandVariant>1</CommandVariant>
    ...     <ServiceReference>11.2</ServiceReference>
    ...     <ServiceReferenceVariant>11.2</ServiceReferenceVariant>
    ...   </Header>
    ...   <Body><ReadFirmwareVersion/></Body>
    ... </Request>''')
    >>> request.variant.name, request.targets
    ('Read Firmware Version', ('00-DB-12-34-56-78-9A-D0',))
    >>> parse_request(b"<Response/>", name="reply.xml")
    Traceback (most recent call last):
    statemachines.smets1.duis.errors.DuisError: reply.xml: a Response, not a request: expected the root element Request
    """
    with located(name):
        return request_in(root_element(data), matrix)


def request_in(root: etree._Element, matrix: Matrix = SERVICE_REQUESTS) -> DuisRequest:
    """The Service Request that an element is; `DuisError` if it is none."""
    if local(root) == "Response":
        raise DuisError("a Response, not a request: expected the root element Request")
    if root.tag != tag("Request"):
        raise DuisError(f"root element {shown_tag(root)}, expected Request in the namespace {NAMESPACE}")
    header = one(root, "Header")
    variant = _variant(header, matrix)
    body = _body(one(root, "Body"), variant)
    about = read_about(body, variant.srv)
    updates, activates = variant.srv == _UPDATE_FIRMWARE, variant.srv == _ACTIVATE_FIRMWARE
    return DuisRequest(
        request_id=value(header, "RequestID", request_id),
        command_variant=value(header, "CommandVariant", values.command_variant),
        variant=variant,
        schema_version=_schema_version(root),
        body=local(body),
        devices=_devices(body) if updates else (),
        firmware_version=value(body, "FirmwareVersion", values.firmware_version) if updates else None,
        image_hash=value(body, "FirmwareImage", values.image_hash) if updates else None,
        firmware_hash=value(body, "FirmwareHash", values.sha256) if activates else None,
        execution=_execution(body),
        tariff=read_tariff(body) if variant.srv == _UPDATE_TARIFF else None,
        about=about.device,
        device_type=about.device_type,
        adds=about.adds,
    )


def request_id(text: str) -> RequestId:
    """The RequestID that a text is, in its canonical form; `DuisError` if it is none."""
    parts = text.split(":", maxsplit=3)
    if len(parts) != 3:
        raise DuisError(f"'{shown(text)}', expected originator:target:counter")
    return RequestId(values.eui64(parts[0]), values.eui64(parts[1]), values.counter(parts[2]))


def _variant(header: etree._Element, matrix: Matrix) -> ServiceRequestVariant:
    srv = value(header, "ServiceReferenceVariant", str)
    variant = matrix.get(srv)
    if variant is None:
        of = "DUIS" if matrix is SERVICE_REQUESTS else "the table that was given"
        raise DuisError(f"ServiceReferenceVariant: '{shown(srv)}', expected a Service Request Variant of {of}")
    reference = value(header, "ServiceReference", str)
    if reference != variant.reference:
        raise DuisError(
            f"ServiceReference: '{shown(reference)}', expected {variant.reference}, "
            f"as the ServiceReferenceVariant is {variant.srv}"
        )
    return variant


def _schema_version(root: etree._Element) -> str:
    version = root.get("schemaVersion", "")
    if len(version) > _MAX_SCHEMA_VERSION:
        raise DuisError(f"schemaVersion: '{shown(version)}', expected at most {_MAX_SCHEMA_VERSION} characters")
    return version


def _body(parent: etree._Element, variant: ServiceRequestVariant) -> etree._Element:
    if len(parent) != 1:
        raise DuisError(f"Body: {len(parent)} elements, expected exactly one")
    body = parent[0]
    template = TEMPLATES.get(variant.srv)
    expected = local(body) if template is None else template.body
    other = _SRV_OF_BODY.get(local(body), variant.srv)
    if body.tag != tag(expected) or (template is None and other != variant.srv):
        wanted = f"{shown(expected, TAG_LIMIT)} in the DUIS namespace" if template else f"none of SRV {other}"
        raise DuisError(f"Body: {shown_tag(body)}, expected {wanted} for SRV {variant.srv}")
    return body


def _devices(body: etree._Element) -> tuple[str, ...]:
    with located("DeviceIDList"):
        listed = [word for element in body.iterfind(tag("DeviceIDList")) for word in values.words(text_of(element))]
        devices = tuple(dict.fromkeys(map(values.eui64, listed)))
        if not devices:
            raise DuisError("no device, expected one EUI-64 or more")
        return devices


def _execution(body: etree._Element) -> datetime | None:
    if body.find(tag("ExecutionDateTime")) is None:
        return None
    return value(body, "ExecutionDateTime", values.date_time)
