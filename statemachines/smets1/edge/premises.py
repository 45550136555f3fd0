"""Premises: one installation in the real world, and its state in the model.

Here real EUI-64s, hashes and versions meet the lifecycles; nothing further inside knows of them.
`statemachines.smets1.edge.installation_file` reads premises, and `statemachines.smets1.edge.judging` carries them
from request to request.
"""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from types import MappingProxyType

import attrs

from statemachines.language.system import State
from statemachines.smets1.vocabulary import DataValues, Device, Screening, User


@attrs.frozen
class DeviceFacts:
    """What is really known of one device.

    Parameters
    ----------
    device: which of the model's devices it is.
    id: its EUI-64.
    version: the version that it runs, 8 hex digits, or ``None`` if unknown.
    delivered_version, delivered_hash: version and SHA-256 digest of the last image delivered, or ``None``.
    model: its Device Model, in the user's own words, or ``None`` if unknown.
    """

    device: Device
    id: str
    version: str | None = None
    delivered_version: str | None = None
    delivered_hash: str | None = None
    model: str | None = None


@attrs.frozen
class Premises:
    """One installation in the real world, and its state in the model.

    Parameters
    ----------
    state: of `statemachines.smets1.installation.INSTALLATION`.
    users: for each known EUI-64, the users that it may act as.
    devices: by EUI-64; one of each type at most.
    other_devices: the EUI-64s of devices that the lifecycles do not look at, such as load control switches (SYS-4).
    used: the RequestIDs used so far (SRP-2).
    held, dropped: the RequestIDs that Anomaly Detection catches: to be released some time, or never (SRP-1).
    beyond_limits: the RequestIDs of requests with a data value beyond a set maximum or minimum (SRP-1).
    notes: to be shown with every verdict, such as where the release comes from.
    on: the day on which requests are judged; ``None`` is today.
    variations: for a Device Model and an SRV, what a user's own DMVES has (DOC-2).
    """

    state: State
    users: Mapping[str, tuple[User, ...]]
    devices: Mapping[str, DeviceFacts]
    other_devices: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    beyond_limits: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    on: date | None = None
    variations: Mapping[tuple[str, str], str] = MappingProxyType({})

    def the(self, device: Device) -> DeviceFacts | None:
        """What is known of the installation's one device of a type, or ``None`` if it is not known."""
        return next((facts for facts in self.devices.values() if facts.device is device), None)

    def screening(self, request_id: str) -> Screening:
        """What Anomaly Detection makes of the request with this RequestID (SRP-1)."""
        return Screening.CAUGHT if request_id in self.held | self.dropped else Screening.PASSED

    def data_values(self, request_id: str) -> DataValues:
        """How the data values of the request with this RequestID compare with the set limits (SRP-1)."""
        return DataValues.BEYOND if request_id in self.beyond_limits else DataValues.WITHIN

    def in_real_terms(self, value: Enum) -> str:
        """A value of the model in words of the real one: a party by its EUI-64."""
        named = [identity for identity, acts_as in self.users.items() if acts_as[:1] == (value,)]
        return named[0] if isinstance(value, User) and len(named) == 1 else str(value.value)
