"""A specimen of premises: who is who where a request or a run of the model is given in real terms.

Every identity here is made up. An EUI-64 whose first octet is 02 is administered locally, so that nobody was ever
assigned one; those of the specimen say in their last octets what they stand for:

- ``02-00-00-00-00-00-00-xx`` is a DCC User: 0A, 0B and 0C the Suppliers A, B and C, and 01 to 05 the others;
- ``02-00-00-00-00-00-01-xx`` is a device: E0 the ESME, 60 the GSME, C0 the CHF, C1 the GPF, D0 the PPMID.

The images are a few words each, and their versions begin with 0001 where that of the running firmware begins with 0000.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

import attrs

from statemachines.language.system import State
from statemachines.smets1.edge.premises import DeviceFacts, Premises
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import Device, User

_USER, _DEVICE = "02-00-00-00-00-00-00-", "02-00-00-00-00-00-01-"

USER_IDS: Mapping[User, str] = MappingProxyType(
    {
        User.SUPPLIER_A: f"{_USER}0A",
        User.SUPPLIER_B: f"{_USER}0B",
        User.SUPPLIER_C: f"{_USER}0C",
        User.EXPORT_SUPPLIER: f"{_USER}01",
        User.ELECTRICITY_DISTRIBUTOR: f"{_USER}02",
        User.GAS_TRANSPORTER: f"{_USER}03",
        User.REGISTERED_SUPPLIER_AGENT: f"{_USER}04",
        User.OTHER_USER: f"{_USER}05",
    }
)
"""The made-up EUI-64 of each DCC User."""

DEVICE_IDS: Mapping[Device, str] = MappingProxyType(
    {
        Device.ESME: f"{_DEVICE}E0",
        Device.GSME: f"{_DEVICE}60",
        Device.CHF: f"{_DEVICE}C0",
        Device.GPF: f"{_DEVICE}C1",
        Device.PPMID: f"{_DEVICE}D0",
    }
)
"""The made-up EUI-64 of each device."""

MOMENT = datetime(2029, 11, 5, 10, 15, tzinfo=UTC)
"""The made-up moment at which the requests of a specimen are sent; it depends on no clock."""


@attrs.frozen
class FirmwareImage:
    """A firmware image.

    Parameters
    ----------
    version: 8 hex digits.
    content: the image itself.
    """

    version: str
    content: bytes

    @property
    def hash(self) -> str:
        """Its SHA-256 digest, 64 hex digits in upper case."""
        return hashlib.sha256(self.content).hexdigest().upper()


IMAGES: Mapping[Device, FirmwareImage] = MappingProxyType(
    {
        device: FirmwareImage(f"0001000{number}", f"a made-up firmware image for the {device.value}".encode())
        for number, device in enumerate(Device, 1)
    }
)
"""The made-up image for each device."""

_RUNNING = {device: f"0000000{number}" for number, device in enumerate(Device, 1)}


def specimen(state: State) -> Premises:
    """The specimen premises, as things stand.

    Parameters
    ----------
    state: of `statemachines.smets1.installation.INSTALLATION`, or of a system with the same variables.

    All users and all devices are known, whatever their status; and for each device an image as the one delivered last,
    so that a request can name it, or another, in every state.

    >>> premises = specimen(INSTALLATION.state())
    >>> premises.users["02-00-00-00-00-00-00-0A"]
    (<User.SUPPLIER_A: 'Supplier A'>,)
    """
    return Premises(
        INSTALLATION.state(**state.as_dict()),
        {identity: (user,) for user, identity in USER_IDS.items()},
        {
            identity: DeviceFacts(
                device,
                identity,
                _RUNNING[Device.CHF if device is Device.GPF else device],
                delivered_version=IMAGES[device].version,
                delivered_hash=IMAGES[device].hash,
            )
            for device, identity in DEVICE_IDS.items()
        },
    )
