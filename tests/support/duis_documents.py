"""DUIS requests for tests of the reader, and the message with which it refuses one."""

import base64

import pytest

from statemachines.smets1.duis.reader import NAMESPACE, DuisError, parse_request
from tests.support.paths import ROOT

SUPPLIER_A = "90-B3-D5-1F-30-0A-00-00"
BROKER = "90-B3-D5-1F-30-00-00-02"
ESME = "00-DB-12-34-56-78-9A-E0"
PPMID = "00-DB-12-34-56-78-9A-D0"
REQUEST_ID = f"{SUPPLIER_A}:{PPMID}:1"
HASH = "AB" * 32
IMAGE = b"an image" * 50
BASE64 = base64.b64encode(IMAGE).decode()

SAMPLES = sorted((ROOT / "examples" / "requests").glob("*.xml"))
SAMPLE = SAMPLES[3].read_bytes()


def header(request_id=REQUEST_ID, command_variant="1", reference="11.2", variant="11.2"):
    return (
        f"<RequestID>{request_id}</RequestID><CommandVariant>{command_variant}</CommandVariant>"
        f"<ServiceReference>{reference}</ServiceReference>"
        f"<ServiceReferenceVariant>{variant}</ServiceReferenceVariant>"
    )


def document(body="<ReadFirmwareVersion/>", more="", attributes='schemaVersion="5.4"', **fields):
    return (
        f'<Request xmlns="{NAMESPACE}" {attributes}>'
        f"<Header>{header(**fields)}</Header><Body>{body}</Body>{more}</Request>"
    )


def update(devices=f"<DeviceIDList>{PPMID}</DeviceIDList>", image=BASE64, version="00010002"):
    body = f"<FirmwareImage>{image}</FirmwareImage><FirmwareVersion>{version}</FirmwareVersion>{devices}"
    return document(f"<UpdateFirmware>{body}</UpdateFirmware>", reference="11.1", variant="11.1")


def activate(firmware_hash=HASH, more=""):
    body = f"<ActivateFirmware>{more}<FirmwareHash>{firmware_hash}</FirmwareHash></ActivateFirmware>"
    return document(body, reference="11.3", variant="11.3")


def at(moment):
    return activate(more=f"<ExecutionDateTime>{moment}</ExecutionDateTime>")


def parse(text):
    return parse_request(text.encode())


def brief(value):
    """What stands for a document, or for anything else that may be long, in the name of a test."""
    return repr(value[:30]) if isinstance(value, str | bytes) else None


def refusal(text_or_bytes):
    data = text_or_bytes.encode() if isinstance(text_or_bytes, str) else text_or_bytes
    with pytest.raises(DuisError) as caught:
        parse_request(data, name="a.xml")
    message = str(caught.value)
    assert message.startswith("a.xml: ")
    assert len(message) <= 300
    assert message.isprintable()
    return message
