"""What the reader makes of good requests, and what it says of bad values: where, what was wrong, what was expected."""

import hashlib
import re
from datetime import UTC, datetime

import pytest

from statemachines.smets1.duis.reader import NAMESPACE, RequestId, read_request
from tests.support.duis_documents import (
    BASE64,
    BROKER,
    ESME,
    HASH,
    IMAGE,
    PPMID,
    REQUEST_ID,
    SAMPLES,
    SUPPLIER_A,
    activate,
    at,
    brief,
    document,
    parse,
    refusal,
    update,
)


def test_read_firmware_version():
    request = parse(document())
    assert request.request_id == RequestId(SUPPLIER_A, PPMID, 1)
    assert str(request.request_id) == REQUEST_ID
    assert request.command_variant == 1
    assert request.variant.name == "Read Firmware Version"
    assert request.schema_version == "5.4"
    assert request.body == "ReadFirmwareVersion"
    assert request.targets == (PPMID,)
    assert (request.devices, request.firmware_version, request.image_hash) == ((), None, None)
    assert (request.firmware_hash, request.execution, request.cancels) == (None, None, False)


def test_update_firmware():
    request = parse(update())
    assert request.devices == request.targets == (PPMID,)
    assert request.firmware_version == "00010002"
    assert request.image_hash == hashlib.sha256(IMAGE).hexdigest().upper()


@pytest.mark.parametrize(
    "devices",
    [
        f"<DeviceIDList>{PPMID} {ESME}</DeviceIDList>",
        f"<DeviceIDList>\n\t{PPMID.lower()}\r\n{ESME}\n</DeviceIDList>",
        f"<DeviceIDList>{PPMID}</DeviceIDList><DeviceIDList>{ESME}</DeviceIDList>",
        f"<DeviceIDList>{PPMID}</DeviceIDList><DeviceIDList>{ESME} {PPMID}</DeviceIDList>",
    ],
    ids=brief,
)
def test_update_firmware_of_two_devices(devices):
    assert parse(update(devices)).targets == (PPMID, ESME)


def test_an_image_may_be_wrapped():
    wrapped = "\n".join(BASE64[start : start + 76] for start in range(0, len(BASE64), 76))
    assert parse(update(image=f"\n{wrapped}\n")).image_hash == parse(update()).image_hash


def test_activate_firmware():
    request = parse(activate(HASH.lower()))
    assert request.firmware_hash == HASH
    assert request.execution is None
    assert not request.cancels


@pytest.mark.parametrize(
    ("moment", "execution"),
    [
        ("2030-01-15T09:00:00Z", datetime(2030, 1, 15, 9, tzinfo=UTC)),
        ("2030-01-15T09:00:00.00Z", datetime(2030, 1, 15, 9, tzinfo=UTC)),
        ("2030-07-15T09:00:00+01:00", datetime(2030, 7, 15, 8, tzinfo=UTC)),
        ("2030-01-15T00:30:00-14:00", datetime(2030, 1, 15, 14, 30, tzinfo=UTC)),
        ("2030-01-15T09:00:00.1234567890123456789Z", datetime(2030, 1, 15, 9, 0, 0, 123456, tzinfo=UTC)),
        ("2030-01-15T09:00:00." + "0" * 100_000 + "Z", datetime(2030, 1, 15, 9, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
    ids=brief,
)
def test_execution(moment, execution):
    request = parse(at(moment))
    assert request.execution == execution
    assert request.execution.tzinfo is UTC
    assert not request.cancels


@pytest.mark.parametrize("moment", ["3000-12-31T00:00:00.00Z", "3000-12-31T00:00:00Z", "3000-12-31T01:00:00+01:00"])
def test_cancellation(moment):
    assert parse(at(moment)).cancels


@pytest.mark.parametrize("moment", ["3000-12-31T00:00:01Z", "3000-12-30T00:00:00Z", "3000-12-31T00:00:00.000001Z"])
def test_almost_a_cancellation(moment):
    assert not parse(at(moment)).cancels


def test_an_execution_directly_below_any_body_counts():
    body = "<UpdatePaymentMode><ExecutionDateTime>2030-01-15T09:00:00Z</ExecutionDateTime></UpdatePaymentMode>"
    assert parse(document(body, reference="1.6", variant="1.6")).execution == datetime(2030, 1, 15, 9, tzinfo=UTC)
    nested = (
        body.replace("<Execution", "<Deep><Execution")
        .replace("Time></U", "Time></Deep></U")
        .replace("2030-01-15T09:00:00Z", "whenever")
    )
    assert parse(document(nested, reference="1.6", variant="1.6")).execution is None


@pytest.mark.parametrize(
    "text",
    [
        document(attributes='schemaVersion="5.4" more="yes" xmlns:x="urn:x" x:more="yes"'),
        document(more='<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>'),
        document(more='<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>x</SignedInfo></Signature>'),
        document(request_id=f"\n  {REQUEST_ID.lower()}\t", command_variant=" 1 "),
        document(reference="\r\n11.2", variant="\t11.2 "),
        document(request_id=f"{REQUEST_ID[:9]}<!-- a comment -->{REQUEST_ID[9:]}"),
        document(request_id=f"<![CDATA[{REQUEST_ID}]]>"),
        document(request_id=REQUEST_ID.replace(":", "&#58;")),
        document(request_id=f"{SUPPLIER_A}:{PPMID}:0000001"),
        document("<!-- a comment --><?and an='instruction'?><ReadFirmwareVersion/>"),
        "<!-- <!DOCTYPE in='a comment'> -->" + document(),
        "<?xml version='1.0' encoding='utf-8'?>" + document(),
        '<?xml version="1.0"?>\r\n' + document().replace("><", ">\r\n<"),
        re.sub("<(/?)", r"<\1any:", document()).replace("xmlns", "xmlns:any"),
    ],
    ids=brief,
)
def test_liberties(text):
    assert parse(text) == parse(document())


def test_a_request_without_a_schema_version():
    assert parse(document(attributes="")).schema_version == ""


def test_the_largest_counter():
    assert parse(document(request_id=f"{SUPPLIER_A}:{PPMID}:{2**64 - 1}")).request_id.counter == 2**64 - 1


def test_a_request_to_the_dcc_itself_is_about_the_dcc():
    request = parse(document("<ReadInventory/>", reference="8.2", variant="8.2", request_id=f"{SUPPLIER_A}:{BROKER}:1"))
    assert request.targets == (BROKER,)


def test_the_example_requests_tell_a_story():
    requests = [read_request(path) for path in SAMPLES]
    assert [request.variant.srv for request in requests] == [
        *("11.1", "11.3", "11.3", "11.3", "11.3", "11.3", "11.2", "11.2", "8.1.1", "11.1"),
        *("1.1.1", "1.1.1", "8.1.1", "8.3", "8.7.2", "8.11", "12.2"),
    ]
    assert len({r.request_id for r in requests}) == len(requests) - 1
    requests = requests[:10]
    first, by_gas_supplier, another_image, later, cancel, now, read, repeat, commission, last = requests
    assert {r.request_id.originator for r in requests if r is not by_gas_supplier} == {SUPPLIER_A}
    assert by_gas_supplier.request_id.originator == "90-B3-D5-1F-30-0B-00-00"
    assert {r.targets for r in requests if r is not commission and r is not last} == {(PPMID,)}
    assert {r.firmware_hash for r in (by_gas_supplier, later, cancel, now)} == {first.image_hash}
    assert another_image.firmware_hash == last.image_hash != first.image_hash
    assert later.execution == datetime(2030, 1, 15, 9, tzinfo=UTC)
    assert [r for r in requests if r.cancels] == [cancel]
    assert read == repeat
    assert commission.targets == (ESME,)
    assert last.targets == ("00-DB-12-34-56-78-9A-60",)


EUI64 = "an EUI-64: 8 pairs of hex digits with dashes between"
COUNTER = "a whole number from 0 to 2^64-1"
MOMENT = "a date and time with a zone, such as 2030-01-15T09:00:00.00Z"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<Response/>", "a Response, not a request: expected the root element Request"),
        (f"<r:Response xmlns:r='{NAMESPACE}'/>", "a Response, not a request: expected the root element Request"),
        ("<Request/>", f"root element Request (namespace ''), expected Request in the namespace {NAMESPACE}"),
        (f"<request xmlns='{NAMESPACE}'/>", f"root element request, expected Request in the namespace {NAMESPACE}"),
        (f"<Request xmlns='{NAMESPACE}'/>", "Request: no Header, expected exactly one"),
        (document(more="<Header/>"), "Request: more than one Header, expected exactly one"),
        (document(more="<Body/>"), "Request: more than one Body, expected exactly one"),
        (document().replace("Body>", "Bodice>"), "Request: no Body, expected exactly one"),
        (document().replace("RequestID>", "RequestId>"), "Header: no RequestID, expected exactly one"),
        (
            document().replace("<CommandVariant>", "<CommandVariant>1</CommandVariant><CommandVariant>"),
            "Header: more than one CommandVariant, expected exactly one",
        ),
        (
            document(variant="11.2</ServiceReferenceVariant><ServiceReferenceVariant>11.1"),
            "Header: more than one ServiceReferenceVariant, expected exactly one",
        ),
        (document(variant="11"), "ServiceReferenceVariant: '11', expected a Service Request Variant of DUIS"),
        (document(variant=""), "ServiceReferenceVariant: '', expected a Service Request Variant of DUIS"),
        (document(variant="99.9"), "ServiceReferenceVariant: '99.9', expected a Service Request Variant of DUIS"),
        (document(reference="11.1"), "ServiceReference: '11.1', expected 11.2, as the ServiceReferenceVariant is 11.2"),
        (
            document(reference="6.2", variant="6.20.1"),
            "ServiceReference: '6.2', expected 6.20, as the ServiceReferenceVariant is 6.20.1",
        ),
        (document(command_variant="0"), "CommandVariant: '0', expected a number from 1 to 8"),
        (document(command_variant="9"), "CommandVariant: '9', expected a number from 1 to 8"),
        (document(command_variant="\u0661"), "CommandVariant: '\u0661', expected a number from 1 to 8"),
        (document(command_variant="1<b/>"), "CommandVariant: holds the element b, expected text only"),
        (
            document(attributes=f'schemaVersion="{"5" * 33}"'),
            f"schemaVersion: '{'5' * 33}', expected at most 32 characters",
        ),
        # RequestID
        (document(request_id=""), "RequestID: '', expected originator:target:counter"),
        (
            document(request_id=f"{SUPPLIER_A}:{PPMID}"),
            f"RequestID: '{SUPPLIER_A}:{PPMID}', expected originator:target:counter",
        ),
        (document(request_id="a:b:c:d"), "RequestID: 'a:b:c:d', expected originator:target:counter"),
        (document(request_id=f"{SUPPLIER_A}:{PPMID[:-3]}:1"), f"RequestID: '{PPMID[:-3]}', expected {EUI64}"),
        (document(request_id=f"{SUPPLIER_A}:{PPMID}-00:1"), f"RequestID: '{PPMID}-00', expected {EUI64}"),
        (document(request_id=f"{SUPPLIER_A}: {PPMID}:1"), f"RequestID: ' {PPMID}', expected {EUI64}"),
        (document(request_id="90B3D51F300A0000:b:1"), f"RequestID: '90B3D51F300A0000', expected {EUI64}"),
        (
            document(request_id=f"{SUPPLIER_A.replace('0A', '0G')}:b:1"),
            f"RequestID: '{SUPPLIER_A.replace('0A', '0G')}', expected {EUI64}",
        ),
        *[
            (document(request_id=f"{SUPPLIER_A}:{PPMID}:{counter}"), f"RequestID: '{counter}', expected {COUNTER}")
            for counter in ("", "-1", "+1", "1_0", "1.0", "1e3", "0x1", " 1", "\u0661", "\u00b2", str(2**64))
        ],
        # The body
        (document(""), "Body: 0 elements, expected exactly one"),
        (document("<ReadFirmwareVersion/><ReadFirmwareVersion/>"), "Body: 2 elements, expected exactly one"),
        (
            document("<ReadFirmwareVersion xmlns='urn:x'/>"),
            "Body: ReadFirmwareVersion (namespace 'urn:x'), "
            "expected ReadFirmwareVersion in the DUIS namespace for SRV 11.2",
        ),
        (
            document("<Some xmlns='urn:x'/>", reference="1.6", variant="1.6"),
            "Body: Some (namespace 'urn:x'), expected UpdatePaymentMode in the DUIS namespace for SRV 1.6",
        ),
        (
            document("<ReadFirmwareVersion/>", reference="3.3", variant="3.3"),
            "Body: ReadFirmwareVersion, expected ClearEventLog in the DUIS namespace for SRV 3.3",
        ),
        (
            document("<SignedPreCommand/>", reference="11.3", variant="11.3"),
            "Body: SignedPreCommand, expected ActivateFirmware in the DUIS namespace for SRV 11.3",
        ),
        (
            document("<ActivateFirmware/>"),
            "Body: ActivateFirmware, expected ReadFirmwareVersion in the DUIS namespace for SRV 11.2",
        ),
        (
            document("<UpdatePPMIDFirmware/>", reference="11.1", variant="11.1"),
            "Body: UpdatePPMIDFirmware, expected UpdateFirmware in the DUIS namespace for SRV 11.1",
        ),
        # 11.1
        (update(""), "DeviceIDList: no device, expected one EUI-64 or more"),
        (update("<DeviceIDList> </DeviceIDList>"), "DeviceIDList: no device, expected one EUI-64 or more"),
        (update(f"<DeviceIDList>{PPMID},{ESME}</DeviceIDList>"), f"DeviceIDList: '{PPMID},{ESME}', expected {EUI64}"),
        (
            update(f"<DeviceIDList>{PPMID}\u00a0{ESME}</DeviceIDList>"),
            f"DeviceIDList: '{PPMID}\\xa0{ESME}', expected {EUI64}",
        ),
        (
            update(f"<DeviceIDList><DeviceID>{PPMID}</DeviceID></DeviceIDList>"),
            "DeviceIDList: holds the element DeviceID, expected text only",
        ),
        (update(version="1"), "FirmwareVersion: '1', expected 8 hex digits"),
        (update(version="0001000G"), "FirmwareVersion: '0001000G', expected 8 hex digits"),
        *[
            (update(image=image), f"FirmwareImage: '{image}', expected a firmware image in base64")
            for image in ("", "A", "AA", "AA=", "AAA==", "AB==", "====", "AAA-", "AAA_", "AAA\u00e9", "AA==AAAA")
        ],
        (update().replace("FirmwareImage>", "Image>"), "UpdateFirmware: no FirmwareImage, expected exactly one"),
        # 11.3
        (activate(""), "FirmwareHash: '', expected 64 hex digits"),
        (activate(HASH[:-1]), f"FirmwareHash: '{HASH[:57]}...', expected 64 hex digits"),
        (activate("not a hash"), "FirmwareHash: 'not a hash', expected 64 hex digits"),
        (activate().replace("FirmwareHash>", "Hash>"), "ActivateFirmware: no FirmwareHash, expected exactly one"),
        (
            activate(more="<ExecutionDateTime/><ExecutionDateTime/>"),
            "ActivateFirmware: more than one ExecutionDateTime, expected exactly one",
        ),
        *[
            (at(moment), f"ExecutionDateTime: '{moment}', expected {MOMENT}")
            for moment in (
                *("", "now", "2030-01-15", "2030-01-15T09:00:00", "2030-01-15 09:00:00Z", "2030-01-15T09:00Z"),
                *("2030-01-15T24:00:00Z", "2030-01-15T09:60:00Z", "2030-01-15T09:00:60Z", "2030-01-15T09:00:00.Z"),
                *("2030-13-01T00:00:00Z", "2030-02-29T00:00:00Z", "0000-01-01T00:00:00Z", "12030-01-01T00:00:00Z"),
                *("-2030-01-15T09:00:00Z", "2030-01-15T09:00:00+14:01", "2030-01-15T09:00:00+01:60"),
                *("2030-01-15T09:00:00+0100", "2030-01-15T09:00:00z", "203\u0660-01-15T09:00:00Z"),
                *("2030-W03-2T09:00:00Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"),
            )
        ],
    ],
    ids=brief,
)
def test_a_bad_request_is_refused(text, message):
    assert refusal(text) == f"a.xml: {message}"
