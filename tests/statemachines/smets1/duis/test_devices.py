"""What the reader makes of the device that the body of a request names."""

import pytest

from statemachines.smets1.duis.reader import NAMESPACE, DuisError, parse_request, read_request
from tests.support.paths import ROOT

REQUESTS = ROOT / "examples" / "requests"
DCC = "90-B3-D5-1F-30-00-00-02"
ESME = "00-DB-12-34-56-78-9A-E0"
GSME = "00-DB-12-34-56-78-9A-60"
CHF = "00-DB-12-34-56-78-9A-C0"
PPMID = "00-DB-12-34-56-78-9A-D0"
EUI64 = "expected an EUI-64: 8 pairs of hex digits with dashes between"
TYPE = "expected a device type, such as ESME or PPMID"

DEVICE = f"<DeviceID>{PPMID}</DeviceID>"
OTHER = f"<OtherDeviceID>{PPMID}</OtherDeviceID>"
ADD = "<RequestType>Add</RequestType>"
REMOVE = "<RequestType>Remove</RequestType>"
IS_A_PPMID = "<DeviceType>PPMID</DeviceType>"

JOINS = [
    ("8.7.1", "JoinServiceCritical"),
    ("8.7.2", "JoinServiceNonCritical"),
    ("8.8.1", "UnjoinServiceCritical"),
    ("8.8.2", "UnjoinServiceNonCritical"),
]


def request(srv, body, content=""):
    return (
        f'<Request xmlns="{NAMESPACE}" schemaVersion="5.4"><Header>'
        f"<RequestID>90-B3-D5-1F-30-0A-00-00:{ESME}:1</RequestID><CommandVariant>1</CommandVariant>"
        f"<ServiceReference>{'.'.join(srv.split('.')[:2])}</ServiceReference>"
        f"<ServiceReferenceVariant>{srv}</ServiceReferenceVariant>"
        f"</Header><Body><{body}>{content}</{body}></Body></Request>"
    )


@pytest.mark.parametrize(
    ("srv", "body", "content", "device_type", "adds"),
    [
        ("8.3", "DecommissionDevice", DEVICE, None, None),
        *[(srv, body, OTHER, None, None) for srv, body in JOINS],
        ("8.11", "UpdateHANDeviceLog", DEVICE + ADD, None, True),
        ("8.11", "UpdateHANDeviceLog", DEVICE + REMOVE, None, False),
        ("8.11", "UpdateHANDeviceLog", DEVICE.lower().replace("deviceid", "DeviceID") + ADD, None, True),
        ("12.2", "DevicePrenotification", DEVICE + IS_A_PPMID, "PPMID", None),
        ("12.2", "DevicePrenotification", IS_A_PPMID.replace("PPMID", " Type2\n") + DEVICE, "Type2", None),
    ],
)
def test_the_device_in_a_body(srv, body, content, device_type, adds):
    read = parse_request(request(srv, body, content).encode())
    assert (read.about, read.device_type, read.adds) == (PPMID, device_type, adds)
    assert read.targets == (ESME,)


@pytest.mark.parametrize(
    ("srv", "body", "content"),
    [
        ("8.1.1", "CommissionDeviceSynchroniseClock", "<TolerancePeriod>10</TolerancePeriod>"),
        ("8.2", "ReadInventory", DEVICE),
        ("8.4", "UpdateInventory", f"{DEVICE}<DeleteDevice/>"),
        ("8.9", "ReadDeviceLog", ""),
    ],
)
def test_no_other_body_is_looked_at(srv, body, content):
    read = parse_request(request(srv, body, content).encode())
    assert (read.about, read.device_type, read.adds) == (None, None, None)


@pytest.mark.parametrize(
    ("name", "targets", "about", "device_type", "adds"),
    [
        ("13-commission-gsme", (GSME,), None, None, None),
        ("14-decommission-ppmid", (DCC,), PPMID, None, None),
        ("15-join-ppmid-to-esme", (PPMID,), ESME, None, None),
        ("16-add-ppmid-to-han-device-log", (CHF,), PPMID, None, True),
        ("17-pre-notify-ppmid", (DCC,), PPMID, "PPMID", None),
    ],
)
def test_the_examples(name, targets, about, device_type, adds):
    read = read_request(REQUESTS / f"{name}.xml")
    assert read.targets == targets
    assert (read.about, read.device_type, read.adds) == (about, device_type, adds)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            request("8.3", "DeleteDevice", DEVICE),
            "Body: DeleteDevice, expected DecommissionDevice in the DUIS namespace for SRV 8.3",
        ),
        (
            request("8.7.2", "JoinServiceCritical", OTHER),
            "Body: JoinServiceCritical, expected JoinServiceNonCritical in the DUIS namespace for SRV 8.7.2",
        ),
        (
            request("8.11", "SignedPreCommand"),
            "Body: SignedPreCommand, expected UpdateHANDeviceLog in the DUIS namespace for SRV 8.11",
        ),
        (
            request("8.7.3", "JoinServiceCritical", OTHER),
            "ServiceReferenceVariant: '8.7.3', expected a Service Request Variant of DUIS",
        ),
        (request("8.3", "DecommissionDevice"), "DecommissionDevice: no DeviceID, expected exactly one"),
        (request("8.3", "DecommissionDevice", OTHER), "DecommissionDevice: no DeviceID, expected exactly one"),
        (
            request("8.3", "DecommissionDevice", DEVICE * 2),
            "DecommissionDevice: more than one DeviceID, expected exactly one",
        ),
        (
            request("8.3", "DecommissionDevice", DEVICE.replace(">", " xmlns='urn:x'>", 1)),
            "DecommissionDevice: no DeviceID, expected exactly one",
        ),
        (request("8.3", "DecommissionDevice", "<DeviceID/>"), f"DeviceID: '', {EUI64}"),
        (
            request("8.3", "DecommissionDevice", f"<DeviceID>{PPMID} {ESME}</DeviceID>"),
            f"DeviceID: '{PPMID} {ESME}', {EUI64}",
        ),
        *[(request(srv, body, DEVICE), f"{body}: no OtherDeviceID, expected exactly one") for srv, body in JOINS],
        (
            request("8.7.1", "JoinServiceCritical", "<OtherDeviceID>x</OtherDeviceID>"),
            f"OtherDeviceID: 'x', {EUI64}",
        ),
        (request("8.11", "UpdateHANDeviceLog", ADD), "UpdateHANDeviceLog: no DeviceID, expected exactly one"),
        (request("8.11", "UpdateHANDeviceLog", DEVICE), "UpdateHANDeviceLog: no RequestType, expected exactly one"),
        *[
            (
                request("8.11", "UpdateHANDeviceLog", f"{DEVICE}<RequestType>{wrong}</RequestType>"),
                f"RequestType: '{wrong}', expected Add or Remove",
            )
            for wrong in ("", "add", "Replace", "Add Remove")
        ],
        (
            request("12.2", "DevicePrenotification", IS_A_PPMID),
            "DevicePrenotification: no DeviceID, expected exactly one",
        ),
        (
            request("12.2", "DevicePrenotification", DEVICE),
            "DevicePrenotification: no DeviceType, expected exactly one",
        ),
        *[
            (
                request("12.2", "DevicePrenotification", f"{DEVICE}<DeviceType>{wrong}</DeviceType>"),
                f"DeviceType: '{wrong}', {TYPE}",
            )
            for wrong in ("", "a meter", "x" * 21, "\u00c9SME", "E-S")
        ],
    ],
    ids=lambda value: value[-60:],
)
def test_a_body_that_does_not_say_it_is_refused(text, message):
    with pytest.raises(DuisError) as caught:
        parse_request(text.encode(), name="a.xml")
    assert str(caught.value) == f"a.xml: {message}"
