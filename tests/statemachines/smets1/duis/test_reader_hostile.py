"""What is not even XML, or not DUIS's kind of it, is refused in one short message, and soon."""

import base64
import hashlib
import socket
import time

import pytest

from statemachines.smets1.duis.document import MAX_BYTES
from statemachines.smets1.duis.reader import NAMESPACE, DuisError, parse_request
from tests.support.duis_documents import SAMPLE, SAMPLES, activate, at, brief, document, parse, refusal, update


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not well-formed XML"),
        (b" \n ", "not well-formed XML"),
        (b"11.2", "not well-formed XML"),
        (
            b"<a>\n<b></a>",
            "not well-formed XML: Opening and ending tag mismatch: b line 2 and a (at line 2, column 8)",
        ),
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
    "text_of",
    [
        lambda: "<a" + "".join(f" a{n}=''" for n in range(600_000)) + "/>",
        lambda: "<a" + "".join(f" xmlns:a{n}='u:{n}'" for n in range(300_000)) + "/>",
        lambda: "<a>" + "<b/>" * 1_500_000 + "</a>",
        lambda: document().replace("<Header>", "<Header>" + "<RequestID/>" * 600_000),
        lambda: document("<Some/>" * 1_000_000),
        lambda: document(request_id="1" * 8_000_000),
        lambda: document(request_id=":" * 8_000_000),
        lambda: document(request_id="&#58;" * 1_500_000),
        lambda: document("<" + "b" * 8_000_000 + "/>"),
        lambda: document(attributes=f'schemaVersion="{"5" * 8_000_000}"'),
        lambda: update(image="=" * 8_000_000),
        lambda: update(image="A " * 4_000_000 + "\u00e9"),
        lambda: update("<DeviceIDList>" + "x " * 4_000_000 + "</DeviceIDList>"),
        lambda: update("<DeviceIDList/>" * 500_000),
        lambda: at("2030-01-01T00:00:00." + "9" * 8_000_000),
        lambda: activate(" " * 8_000_000),
        lambda: "<!-- -->" * 1_000_000 + "<a/>",
        lambda: "<!--" * 2_000_000,
        lambda: "<?x " * 2_000_000,
        lambda: "<?xml " + "encoding=" * 900_000,
        lambda: " " * MAX_BYTES,
        lambda: "\n" * MAX_BYTES,
    ],
)
def test_a_huge_document_is_refused_soon(text_of):
    text = text_of()
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
