"""The page with an example of each message over HTTP: Service Requests and a response in DUIS XML, the rest in JSON.

``python -m properties.smets1.duis_examples > docs/conformance/duis-examples.md`` writes it.
"""

import json
import sys
from collections.abc import Iterator

from properties.conformance.suite.wire_format import state_in_words
from properties.smets1.duis_http import PREMISES
from properties.smets1.profile import PROFILE
from statemachines.drawing.page import Block, Heading, Listing, Page, Paragraph, markdown
from statemachines.language.requests import Request, RequestType
from statemachines.smets1.duis.errors import UnwritableError
from statemachines.smets1.edge.model_to_duis import OutgoingRequest, write
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import SERVICE_REQUEST_TYPES, ChangeElectricitySupplier, Screening, User, screening

RESPONSE = """\
<?xml version="1.0" encoding="UTF-8"?>
<sr:Response xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway" schemaVersion="5.4">
  <sr:Header>
    <sr:RequestID>{}</sr:RequestID>
    <sr:ResponseCode>{}</sr:ResponseCode>
  </sr:Header>
</sr:Response>"""


def example(kind: RequestType) -> tuple[Request, OutgoingRequest]:
    """The first request of a type that DUIS XML can carry, and how it is written.

    >>> from statemachines.smets1.vocabulary import ReadFirmwareVersion
    >>> str(example(ReadFirmwareVersion)[1].request_id).endswith(":1")
    True
    """
    for request in kind.requests():
        try:
            return request, write(PREMISES, request, counter=1)
        except UnwritableError:
            continue
    raise LookupError(f"DUIS XML carries no request {kind.name}")


def _blocks() -> Iterator[Block]:
    yield Paragraph(
        (
            "One message of each kind that a target at an address is sent, and its answer. This page is made by what "
            "sends them: python -m properties.smets1.duis_examples prints it.",
        )
    )
    yield Heading(2, "Service Requests", "service-requests")
    written = None
    for kind in SERVICE_REQUEST_TYPES:
        request, written = example(kind)
        yield Heading(3, PROFILE.in_words(kind), kind.name.lower())
        yield Paragraph((f"{request}:",))
        yield Listing(written.document.decode().rstrip())
    assert written is not None
    yield Heading(2, "The response to one", "response")
    yield Paragraph(("It is accepted and carried out; E5 in place of I0 rejects it, I99 acknowledges it.",))
    yield Listing(RESPONSE.format(written.request_id, "I0"))
    yield Heading(2, "What is around them", "control")
    event = ChangeElectricitySupplier(to=User.SUPPLIER_B)
    state = state_in_words(INSTALLATION.state())
    caught = {screening.name: Screening.CAUGHT.value}
    for name, message, answer in (
        ("describe", {"op": "describe"}, {"statement": {"name": "Our S1SP", "version": "1.4"}}),
        ("reset", {"op": "reset", "state": state, "premises": {}, "used": []}, {"ok": True}),
        ("event", {"op": "event", "event": event.as_dict()}, {"verdict": {"outcome": "happened"}}),
        ("screen", {"op": "screen", "request_id": str(written.request_id), **caught}, {"ok": True}),
        ("settled", {"op": "settled"}, {"settled": True}),
    ):
        yield Heading(3, name, f"control-{name}")
        if name == "reset":
            yield Paragraph(("The premises and the RequestIDs that were used before are left out here.",))
        yield Listing(json.dumps(message, indent=1, ensure_ascii=False))
        yield Paragraph(("It is answered with",))
        yield Listing(json.dumps(answer, ensure_ascii=False))


PAGE = Page("An example of each DUIS message", tuple(_blocks()))

if __name__ == "__main__":
    sys.stdout.write(markdown(PAGE))
