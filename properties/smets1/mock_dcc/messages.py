"""What the mock DCC is sent in JSON, and what it shows."""

from enum import Enum
from typing import Annotated, Any

import msgspec

from properties.service import bodies
from properties.service.words import SentRequest, SentState
from statemachines.smets1.vocabulary import DataValues, Device, Screening, User

RequestIdText = Annotated[
    str, msgspec.Meta(pattern="^[0-9A-Fa-f]{2}(-[0-9A-Fa-f]{2}){7}:[0-9A-Fa-f]{2}(-[0-9A-Fa-f]{2}){7}:[0-9]{1,19}$")
]


class Premise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of a device."""

    device: Device
    version: str | None = None
    delivered_version: str | None = None
    delivered_hash: str | None = None


class WhoIsWho(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The users and the devices, by EUI-64."""

    users: dict[str, list[User]]
    devices: dict[str, Premise]


class ResetPremises(bodies.Message, frozen=True, tag="reset"):
    """Be in this state, at these premises, whatever was before."""

    state: SentState
    premises: WhoIsWho | None = None
    used: tuple[RequestIdText, ...] = ()


class Happened(bodies.Message, frozen=True, tag="event"):
    """This happens."""

    event: SentRequest


class Screen(bodies.Message, frozen=True, tag="screen"):
    """Anomaly Detection is to make this of a request that comes."""

    request_id: RequestIdText
    screening: Screening = Screening.PASSED
    data_values: DataValues = DataValues.WITHIN


class Quarantine(Enum):
    """What Anomaly Detection does with a request, or its User says of it (SRP-1)."""

    CATCH = "catch"
    """It is quarantined when it comes."""
    PROCESS = "process"
    """The User has it processed."""
    DELETE = "delete"
    """The User has it deleted."""


class Quarantined(bodies.SentBody, frozen=True):
    """This becomes of a request."""

    request_id: RequestIdText
    action: Quarantine


class InstallationView(msgspec.Struct, frozen=True):
    """An installation: who is who, and how things stand."""

    name: str
    number: int
    state: dict[str, str]
    premises: dict[str, Any]
