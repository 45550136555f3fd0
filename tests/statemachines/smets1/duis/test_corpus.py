"""Real requests, as published by DCC with its own tools: every one of them must be read.

They are not part of this project (their licence is another): SMETS1_RTDS names a directory that has them.
"""

import os
import re
from pathlib import Path

import pytest

from statemachines.smets1.duis.devices import BODIES_ABOUT_A_DEVICE
from statemachines.smets1.duis.reader import DuisError, read_request

RTDS = os.environ.get("SMETS1_RTDS")
FILES = sorted(path for path in Path(RTDS).rglob("*") if path.suffix.lower() == ".xml") if RTDS else []

pytestmark = pytest.mark.skipif(not RTDS, reason="SMETS1_RTDS is unset: it would name a directory of real requests")


def test_the_directory_has_requests():
    assert FILES, f"no XML file anywhere in {RTDS}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_real_file_is_read(path):
    content = path.read_bytes()
    if re.search(rb"<(\w+:)?Response\s", content):
        with pytest.raises(DuisError, match="a Response, not a request"):
            read_request(path)
        return
    request = read_request(path)
    requested = re.search(rb"RequestType>(\w+)<", content) if request.variant.srv == "8.11" else None
    assert f"Variant>{request.variant.srv}<".encode() in content
    assert str(request.request_id).encode() in content
    assert f":{request.body}".encode() in content
    assert request.cancels == (b"ExecutionDateTime>3000-12-31T00:00:00.00Z<" in content)
    assert (request.tariff is not None) == (request.variant.srv == "1.1.1")
    assert request.about is None or f"DeviceID>{request.about}<".encode() in content
    assert (request.about is not None) == (request.variant.srv in BODIES_ABOUT_A_DEVICE)
    assert request.device_type is None or f"DeviceType>{request.device_type}<".encode() in content
    assert request.adds == {b"Add": True, b"Remove": False}.get(requested[1] if requested else b"")
    assert (request.execution is not None) == (b"ExecutionDateTime>" in content)
