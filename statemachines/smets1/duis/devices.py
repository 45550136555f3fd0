"""The device that the body of a request names, where that is not the device the request is sent to.

Elements: RTDS, DCC's published request templates for each of these SRVs.
"""

from collections.abc import Mapping
from types import MappingProxyType

import attrs
from lxml import etree

from statemachines.smets1.duis.elements import value
from statemachines.smets1.duis.values import device_type, eui64, is_addition

_UPDATE_HAN_DEVICE_LOG, _PRE_NOTIFICATION = "8.11", "12.2"

BODIES_ABOUT_A_DEVICE: Mapping[str, str] = MappingProxyType(
    {
        "8.3": "DecommissionDevice",
        "8.7.1": "JoinServiceCritical",
        "8.7.2": "JoinServiceNonCritical",
        "8.8.1": "UnjoinServiceCritical",
        "8.8.2": "UnjoinServiceNonCritical",
        _UPDATE_HAN_DEVICE_LOG: "UpdateHANDeviceLog",
        _PRE_NOTIFICATION: "DevicePrenotification",
    }
)
"""By SRV, the body that names a device."""

_OTHER_DEVICE = frozenset({"8.7.1", "8.7.2", "8.8.1", "8.8.2"})


@attrs.frozen
class About:
    """What a body says of the device that it names.

    Parameters
    ----------
    device: its EUI-64, in upper case; none if the body of such a request names no device.
    device_type: 12.2: its type.
    adds: 8.11: whether it is added to the HAN device log, or else removed from it.
    """

    device: str | None = None
    device_type: str | None = None
    adds: bool | None = None


def read_about(body: etree._Element, srv: str) -> About:
    """What the body of a request of this SRV says of the device that it names.

    Parameters
    ----------
    body: the one element of the Body; for an SRV in BODIES_ABOUT_A_DEVICE, the element that it names.
    srv: the Service Reference Variant.

    Raises
    ------
    DuisError: if the SRV is in BODIES_ABOUT_A_DEVICE and the body does not say what it should.
    """
    if srv not in BODIES_ABOUT_A_DEVICE:
        return About()
    return About(
        device=value(body, "OtherDeviceID" if srv in _OTHER_DEVICE else "DeviceID", eui64),
        device_type=value(body, "DeviceType", device_type) if srv == _PRE_NOTIFICATION else None,
        adds=value(body, "RequestType", is_addition) if srv == _UPDATE_HAN_DEVICE_LOG else None,
    )
