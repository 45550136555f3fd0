"""The bodies of Service Requests, as elements to be written.

Names and order of elements: RTDS, DCC's published request templates for each of these SRVs. What a template leaves to
the sender, and no lifecycle looks at, such as the price of a rate or the model of a device, is made up here.
"""

import base64
from collections.abc import Iterable
from datetime import UTC, date, datetime

from lxml import etree

from statemachines.smets1.duis.elements import NAMESPACE, tag

MADE_UP_MPAN = "1200000000017"
"""The number of a supply point in the bodies that need one."""

_INSTALL_CODE = "7D10C9A4E2583B6F91D406EC28B57A33"
_JOIN_MINUTES, _TOLERANCE_SECONDS = "120", "10"
_SMETS_VERSION = "SMETS V1.58"
_MANUFACTURER, _MODEL = "5A17", "00C40102"
_ESME_VARIANT = "AD"


def element(name: str, *content: str | etree._Element, index: int | None = None) -> etree._Element:
    """A DUIS element.

    Parameters
    ----------
    name: its local name.
    content: its text, or its children.
    index: its attribute of that name, if it has one.
    """
    made = etree.Element(tag(name), nsmap={"sr": NAMESPACE})
    if index is not None:
        made.set("index", str(index))
    for part in content:
        if isinstance(part, str):
            made.text = part
        else:
            made.append(part)
    return made


def date_time(moment: datetime) -> str:
    """The moment as DUIS writes it: in UTC, to the hundredth of a second.

    >>> date_time(datetime(2030, 1, 15, 9, tzinfo=UTC))
    '2030-01-15T09:00:00.00Z'
    """
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 10_000:02}Z"


def update_firmware(image: bytes, version: str, devices: Iterable[str]) -> etree._Element:
    """11.1: an image for devices.

    Parameters
    ----------
    image: the image itself.
    version: its version, 8 hex digits.
    devices: the EUI-64s of the devices.
    """
    return _firmware("UpdateFirmware", image, version, devices)


def update_ppmid_firmware(image: bytes, version: str, devices: Iterable[str]) -> etree._Element:
    """11.4: an image for PPMIDs; as `update_firmware`."""
    return _firmware("UpdatePPMIDFirmware", image, version, devices)


def _firmware(name: str, image: bytes, version: str, devices: Iterable[str]) -> etree._Element:
    return element(
        name,
        element("FirmwareImage", base64.b64encode(image).decode()),
        element("FirmwareVersion", version),
        element("DeviceIDList", " ".join(devices)),
    )


def activate_firmware(image_hash: str, execution: datetime | None = None) -> etree._Element:
    """11.3: the SHA-256 hash of an image, 64 hex digits; and when to activate it, if not at once."""
    when = [] if execution is None else [element("ExecutionDateTime", date_time(execution))]
    return element("ActivateFirmware", *when, element("FirmwareHash", image_hash))


def commission_device(now: datetime) -> etree._Element:
    """8.1.1: the time that the device's clock is set to."""
    return element(
        "CommissionDeviceSynchroniseClock",
        element("CurrentDateTime", date_time(now)),
        element("TolerancePeriod", _TOLERANCE_SECONDS),
    )


def decommission_device(device: str) -> etree._Element:
    """8.3: the EUI-64 of the device."""
    return element("DecommissionDevice", element("DeviceID", device))


def join_device(other: str) -> etree._Element:
    """8.7.2: the EUI-64 of the device that the target is joined with."""
    return element("JoinServiceNonCritical", element("OtherDeviceID", other))


def update_han_device_log(device: str, *, adds: bool) -> etree._Element:
    """8.11: the EUI-64 of the device that is added to the log of the target, or else removed from it."""
    named = [element("DeviceID", device), element("RequestType", "Add" if adds else "Remove")]
    if not adds:
        return element("UpdateHANDeviceLog", *named)
    added = element(
        "AddDeviceToCHFWhitelist",
        element("JoinTimePeriod", _JOIN_MINUTES),
        element("InstallCode", _INSTALL_CODE),
        element("ImportMPxN", MADE_UP_MPAN),
    )
    return element("UpdateHANDeviceLog", *named, added)


def pre_notify_device(device: str, device_type: str, version: str) -> etree._Element:
    """12.2: the EUI-64 of the device, its type as DUIS spells it, and the version of its firmware, 8 hex digits."""
    variant = [element("ESMEVariant", _ESME_VARIANT)] if device_type == "ESME" else []
    return element(
        "DevicePrenotification",
        element("DeviceID", device),
        element("DeviceManufacturer", _MANUFACTURER),
        element("DeviceModel", _MODEL),
        element("DeviceType", device_type),
        element("SMETSCHTSVersion", _SMETS_VERSION),
        element("FirmwareVersion", version),
        *variant,
    )


def log_period(start: datetime, end: datetime) -> etree._Element:
    """The period of a log that is read."""
    return element("ReadLogPeriod", element("StartDateTime", date_time(start)), element("EndDateTime", date_time(end)))


def opt_in(device: str, device_type: str, day: date) -> etree._Element:
    """8.6: the EUI-64 of the device, its type, and the day from which."""
    return element(
        "ServiceOptIn",
        element("DeviceID", device),
        element("DeviceType", device_type),
        element("MPxNs", element("ImportMPxN", MADE_UP_MPAN)),
        element("OptInDate", day.isoformat()),
    )
