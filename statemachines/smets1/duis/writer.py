"""Writing DUIS Service Requests and Responses: what `statemachines.smets1.duis.reader` and `.response` read.

A document is not signed: a signature is its sender's, and neither this project nor a target of its tests has the keys.
"""

from datetime import datetime

from lxml import etree

from statemachines.smets1.duis.bodies import date_time, element
from statemachines.smets1.duis.elements import local
from statemachines.smets1.duis.errors import DuisError
from statemachines.smets1.duis.reader import RequestId, parse_request
from statemachines.smets1.service_request_variants import ServiceRequestVariant

SCHEMA_VERSION = "5.4"
"""The schemaVersion of DCC's published request templates (RTDS)."""

DCC_ID = "90-B3-D5-1F-30-00-00-02"
"""The EUI-64 that DCC's published request templates send to what is not for one device (RTDS)."""

_OF_THE_DCC, _TO_SIGN, _TO_SEND = 8, 4, 1


def command_variant(variant: ServiceRequestVariant) -> int:
    """The CommandVariant of DCC's published templates for an SRV (RTDS).

    It is 8 where the request is for no device, 4 where it is for a Critical Command, and 1 for any other Command.
    """
    if variant.non_device:
        return _OF_THE_DCC
    return _TO_SIGN if variant.critical else _TO_SEND


def write_request(
    request_id: RequestId,
    variant: ServiceRequestVariant,
    body: etree._Element,
    schema_version: str = SCHEMA_VERSION,
) -> bytes:
    """A Service Request as an XML document in UTF-8; the same arguments make the same bytes.

    Parameters
    ----------
    request_id: who sends it, to what, and the sender's count.
    variant: the SRV.
    body: the one element of the Body, as `statemachines.smets1.duis.bodies` makes it.
    schema_version: the schemaVersion.

    Raises
    ------
    DuisError: where the reader would not read it as what it was to be.

    >>> from statemachines.smets1.service_request_variants import SERVICE_REQUESTS
    >>> sender, device = "02-00-00-00-00-00-00-0A", "02-00-00-00-00-00-01-D0"
    >>> document = write_request(
    ...     RequestId(sender, device, 1), SERVICE_REQUESTS["11.2"], element("ReadFirmwareVersion")
    ... )
    >>> print(document.decode(), end="")
    <?xml version='1.0' encoding='UTF-8'?>
    <sr:Request xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway" schemaVersion="5.4">
      <sr:Header>
        <sr:RequestID>02-00-00-00-00-00-00-0A:02-00-00-00-00-00-01-D0:1</sr:RequestID>
        <sr:CommandVariant>1</sr:CommandVariant>
        <sr:ServiceReference>11.2</sr:ServiceReference>
        <sr:ServiceReferenceVariant>11.2</sr:ServiceReferenceVariant>
      </sr:Header>
      <sr:Body>
        <sr:ReadFirmwareVersion/>
      </sr:Body>
    </sr:Request>
    """
    header = element(
        "Header",
        element("RequestID", str(request_id)),
        element("CommandVariant", str(command_variant(variant))),
        element("ServiceReference", variant.reference),
        element("ServiceReferenceVariant", variant.srv),
    )
    document = _document(element("Request", header, element("Body", body)), schema_version)
    read = parse_request(document, "the document to be written")
    if (read.request_id, read.variant, read.body) != (request_id, variant, local(body)):
        raise DuisError(f"the document to be written: read as {read.request_id}, expected {request_id}")
    return document


def write_response(
    request_id: RequestId,
    variant: ServiceRequestVariant,
    code: str,
    moment: datetime,
    message: str = "ResponseMessage",
    schema_version: str = SCHEMA_VERSION,
) -> bytes:
    """A Service Response as an XML document in UTF-8, with nothing in its message but what it answers.

    Parameters
    ----------
    request_id: of the request that it answers.
    variant: the SRV of that request.
    code: the ResponseCode.
    moment: the ResponseDateTime.
    message: which of `statemachines.smets1.duis.response.MESSAGES` it is.
    schema_version: the schemaVersion.
    """
    header = element(
        "Header",
        element("RequestID", str(request_id)),
        element("ResponseCode", code),
        element("ResponseDateTime", date_time(moment)),
    )
    answered = (
        element("ServiceReference", variant.reference),
        element("ServiceReferenceVariant", variant.srv),
    )
    return _document(element("Response", header, element("Body", element(message, *answered))), schema_version)


def _document(root: etree._Element, schema_version: str) -> bytes:
    root.set("schemaVersion", schema_version)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return document
