"""What the reader makes of good requests, and what it says of bad ones."""

import base64
import hashlib
import re
import socket
import time
from datetime import UTC, datetime

import pytest

from statemachines.smets1.duis.document import MAX_BYTES
from statemachines.smets1.duis.reader import NAMESPACE, DuisError, RequestId, parse_request, read_request
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


# Good requests


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


# Bad values: each message says where, what was wrong, and what was expected.

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


# Documents that are not even XML, or not DUIS's kind of it


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not well-formed XML"),
        (b" \n ", "not well-formed XML"),
        (b"11.2", "not well-formed XML"),
        (document().encode() + b"<more/>", "not well-formed XML"),
        (b" " + SAMPLE, "not well-formed XML"),
        (document(request_id="&nbsp;").encode(), "not well-formed XML"),
        (document(request_id="\x1b[2J").encode(), "not well-formed XML"),
        (document(attributes="a='1' a='2'").encode(), "not well-formed XML"),
        (b"<x:Request/>", "not well-formed XML"),
        (b"<a>" * 1_000_000, "not well-formed XML"),
        (b"<a>" * 1_000_000 + b"</a>" * 1_000_000, "not well-formed XML"),
        (b"\xef\xbb\xbf" + SAMPLE, "starts with a byte order mark, expected UTF-8 without a byte order mark"),
        (SAMPLE.decode().encode("utf-16"), "starts with a byte order mark, expected UTF-8"),
        (SAMPLE.decode().encode("utf-32"), "starts with a byte order mark, expected UTF-8"),
        (SAMPLE.decode().encode("utf-16-le"), "zero byte at offset 1 (UTF-16, or no text at all), expected UTF-8"),
        (SAMPLE.decode().encode("utf-16-be"), "zero byte at offset 0 (UTF-16, or no text at all), expected UTF-8"),
        (SAMPLE + b"\0", f"zero byte at offset {len(SAMPLE)} (UTF-16, or no text at all), expected UTF-8"),
        (SAMPLE.replace(b"UTF-8", b"ISO-8859-1"), "declares the encoding 'ISO-8859-1', expected UTF-8"),
        (SAMPLE.replace(b'"UTF-8"', b"'utf-16'"), "declares the encoding 'utf-16', expected UTF-8"),
        (SAMPLE.replace(b"UTF-8", b"no\xc2\x85such"), "declares the encoding 'no\\x85such', expected UTF-8"),
        (document(request_id="\u00e9").encode("latin-1"), "not UTF-8 at offset "),
        (b"<a>\xed\xa0\x80</a>", "not UTF-8 at offset 3, expected UTF-8"),
        (b"\0" * 1000, "zero byte at offset 0"),
        (b" " * (MAX_BYTES + 1), "too large, expected at most 8388608 bytes"),
        (b"<!DOCTYPE Request><Request/>", "has a DOCTYPE, expected none"),
        (b"<?xml version='1.0'?><!-- x --><?y z?>\n\n<!DOCTYPE Request><Request/>", "has a DOCTYPE, expected none"),
    ],
    ids=brief,
)
def test_a_bad_document_is_refused(data, message):
    assert refusal(data).startswith(f"a.xml: {message}")


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("declarations", "entity"),
    [
        (f'[<!ENTITY l0 "ha">{LAUGHS}]', "l9"),
        ('[<!ENTITY x SYSTEM "file:///etc/hostname">]', "x"),
        ('[<!ENTITY % x SYSTEM "file:///dev/zero"> %x;]', "y"),
        ('SYSTEM "file:///dev/zero"', "x"),
    ],
    ids=brief,
)
def test_entities_are_refused(declarations, entity):
    bomb = f"<!DOCTYPE Request {declarations}>{document(request_id=f'&{entity};')}"
    assert "has a DOCTYPE, expected none" in refusal(bomb)


def test_a_quadratic_blow_up_in_attributes_is_refused():
    declarations = f'[<!ENTITY x "{"x" * 50_000}">]'
    bomb = f"<!DOCTYPE Request {declarations}>" + document(attributes=f'schemaVersion="{"&x;" * 50_000}"')
    assert "has a DOCTYPE, expected none" in refusal(bomb)


def test_nothing_is_fetched_from_the_network():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        refusal(f'<!DOCTYPE Request SYSTEM "{url}">{document()}')
        refusal(f'<!DOCTYPE Request [<!ENTITY x SYSTEM "{url}">]>{document(request_id="&x;")}')
        location = f'xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="{NAMESPACE} {url}"'
        inclusion = f'<include xmlns="http://www.w3.org/2001/XInclude" href="{url}"/>'
        parse(f"<?xml-stylesheet href='{url}'?>" + document(attributes=location, more=inclusion))
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "<a" + "".join(f" a{n}=''" for n in range(600_000)) + "/>",
        "<a" + "".join(f" xmlns:a{n}='u:{n}'" for n in range(300_000)) + "/>",
        "<a>" + "<b/>" * 1_500_000 + "</a>",
        document().replace("<Header>", "<Header>" + "<RequestID/>" * 600_000),
        document("<Some/>" * 1_000_000),
        document(request_id="1" * 8_000_000),
        document(request_id=":" * 8_000_000),
        document(request_id="&#58;" * 1_500_000),
        document("<" + "b" * 8_000_000 + "/>"),
        document(attributes=f'schemaVersion="{"5" * 8_000_000}"'),
        update(image="=" * 8_000_000),
        update(image="A " * 4_000_000 + "\u00e9"),
        update("<DeviceIDList>" + "x " * 4_000_000 + "</DeviceIDList>"),
        update("<DeviceIDList/>" * 500_000),
        at("2030-01-01T00:00:00." + "9" * 8_000_000),
        activate(" " * 8_000_000),
        "<!-- -->" * 1_000_000 + "<a/>",
        "<!--" * 2_000_000,
        "<?x " * 2_000_000,
        "<?xml " + "encoding=" * 900_000,
        " " * MAX_BYTES,
        "\n" * MAX_BYTES,
    ],
    ids=brief,
)
def test_a_huge_document_is_refused_soon(text):
    started = time.perf_counter()
    assert "too large" not in refusal(text)
    assert time.perf_counter() - started < 10


def test_a_megabyte_of_image_and_many_devices_are_read():
    devices = [f"00-DB-12-34-56-{n >> 16:02X}-{n >> 8 & 255:02X}-{n & 255:02X}" for n in range(100_000)]
    image = base64.b64encode(bytes(1_000_000)).decode()
    request = parse(update(f"<DeviceIDList>{' '.join(devices)}</DeviceIDList>", image))
    assert request.targets == tuple(devices)
    assert request.image_hash == hashlib.sha256(bytes(1_000_000)).hexdigest().upper()


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_cut_short_is_refused(path):
    sample = path.read_bytes().rstrip()
    for length in range(len(sample)):
        with pytest.raises(DuisError):
            parse_request(sample[:length])


def test_control_characters_and_length_of_a_name_are_tamed():
    with pytest.raises(DuisError) as caught:
        parse_request(b"", name="\x1b[2J\n" + "x" * 10_000)
    assert str(caught.value).startswith("\\x1b[2J\\nxxx")
    assert len(str(caught.value)) <= 300


def test_the_longest_message_is_still_short():
    long = "\U000e0001" * 5000
    with pytest.raises(DuisError) as caught:
        parse_request(f"<{'b' * 5000} xmlns='{long}'/>".encode(), name=long)
    assert len(str(caught.value)) <= 300
