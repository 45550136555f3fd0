"""Reading DUIS Service Responses: to which request, with what code, and what is in it.

Elements: RTDS, DCC's published samples of a response and of an acknowledgement that is an error.
"""

from datetime import datetime
from pathlib import Path

import attrs
from lxml import etree

from statemachines.files.shown import shown
from statemachines.smets1.duis import values
from statemachines.smets1.duis.document import read_document, root_element
from statemachines.smets1.duis.elements import local, one, one_of, tag, text_of, value
from statemachines.smets1.duis.errors import DuisError, located
from statemachines.smets1.duis.reader import DuisRequest, Matrix, RequestId, request_id, request_in
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS

MESSAGES = ("ResponseMessage", "DeviceAlertMessage", "DCCAlertMessage")
"""What the body of a response can be, by the name of its one element."""

_LONGEST_CODE = 16


@attrs.frozen
class DuisResponse:
    """A Service Response, or an alert.

    Parameters
    ----------
    request_id: the RequestID of the request that it answers; ``None`` of an alert that answers none.
    code: the ResponseCode.
    moment: the ResponseDateTime in UTC.
    message: which of `MESSAGES` it is.
    srv: the Service Reference Variant that it names, if it does.
    content: the local names of what else is in the message, in order.
    """

    request_id: RequestId | None
    code: str
    moment: datetime
    message: str
    srv: str | None
    content: tuple[str, ...]


def read_message(path: Path, matrix: Matrix = SERVICE_REQUESTS) -> DuisRequest | DuisResponse:
    """Read the Service Request or Response in a file.

    Parameters
    ----------
    path: a regular file of at most 8 MiB.
    matrix: the SRVs that there are.

    Raises
    ------
    DuisError: if the file cannot be read or does not hold either.
    """
    with located(path.name or str(path)):
        return parse_message(read_document(path), matrix)


def parse_message(data: bytes, matrix: Matrix = SERVICE_REQUESTS) -> DuisRequest | DuisResponse:
    """Read a Service Request or Response; `DuisError` if the data is neither."""
    root = root_element(data)
    return _response(root) if root.tag == tag("Response") else request_in(root, matrix)


def parse_response(data: bytes, name: str = "response") -> DuisResponse:
    """Read a Service Response; `DuisError` if the data is none.

    >>> response = parse_response(b'''
    ... <Response xmlns="http://www.dccinterface.co.uk/ServiceUserGateway" schemaVersion="5.4">
    ...   <Header>
    ...     <RequestID>90-B3-D5-1F-30-0A-00-00:00-DB-12-34-56-78-9A-D0:1</RequestID>
    ...     <ResponseCode>I99</ResponseCode>
    ...     <ResponseDateTime>2020-10-15T09:00:00.00Z</ResponseDateTime>
    ...   </Header>
    ...   <Body><ResponseMessage>
    ...     <ServiceReference>11.2</ServiceReference><ServiceReferenceVariant>11.2</ServiceReferenceVariant>
    ...   </ResponseMessage></Body>
    ... </Response>''')
    >>> response.code, response.srv, response.content
    ('I99', '11.2', ())
    """
    with located(name):
        root = root_element(data)
        if root.tag != tag("Response"):
            raise DuisError(f"root element {shown(local(root))}, expected Response in the DUIS namespace")
        return _response(root)


def _response(root: etree._Element) -> DuisResponse:
    header = one(root, "Header")
    with located("Body"):
        message = one_of(one(root, "Body"), *MESSAGES)
    named = header.find(tag("RequestID")) is not None
    srv = message.find(tag("ServiceReferenceVariant")) is not None
    return DuisResponse(
        request_id=value(header, "RequestID", request_id) if named else None,
        code=value(header, "ResponseCode", _code),
        moment=value(header, "ResponseDateTime", values.date_time),
        message=local(message),
        srv=text_of(one(message, "ServiceReferenceVariant")) if srv else None,
        content=tuple(name for child in message if not (name := local(child)).startswith("ServiceReference")),
    )


def _code(text: str) -> str:
    if not text.isascii() or not text.isalnum() or len(text) > _LONGEST_CODE:
        raise DuisError(f"'{shown(text)}', expected a code of at most {_LONGEST_CODE} letters and digits, such as I0")
    return text
