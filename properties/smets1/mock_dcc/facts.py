"""Premises as JSON, as an instance keeps them beside its state."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs

from properties.conformance.suite.wire_format import read_state
from properties.service.store import Instance, Words
from statemachines.smets1.edge.premises import DeviceFacts, Premises
from statemachines.smets1.edge.specimen import specimen
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import Device, User


def facts_of(premises: Premises) -> Words:
    """Premises for JSON, without their state."""
    devices = {
        identity: {**attrs.asdict(facts), "device": facts.device.value} for identity, facts in premises.devices.items()
    }
    for words in devices.values():
        del words["id"]
    return {
        "users": {identity: [user.value for user in users] for identity, users in premises.users.items()},
        "devices": devices,
        "other_devices": sorted(premises.other_devices),
        "used": sorted(premises.used),
        "held": sorted(premises.held),
        "dropped": sorted(premises.dropped),
        "beyond_limits": sorted(premises.beyond_limits),
        "notes": list(premises.notes),
        "on": premises.on.isoformat() if premises.on else None,
    }


def premises_of(instance: Instance) -> Premises:
    """The premises of an instance; the specimen's, where it has no facts."""
    state = read_state(INSTALLATION, instance.state)
    facts = instance.facts
    if facts is None:
        return specimen(state)
    return Premises(
        state,
        {identity: tuple(User(user) for user in users) for identity, users in facts["users"].items()},
        {identity: device_facts(identity, words) for identity, words in facts["devices"].items()},
        frozenset(facts["other_devices"]),
        used=frozenset(facts["used"]),
        held=frozenset(facts["held"]),
        dropped=frozenset(facts["dropped"]),
        beyond_limits=frozenset(facts["beyond_limits"]),
        notes=tuple(facts["notes"]),
        on=date.fromisoformat(facts["on"]) if facts["on"] else None,
    )


def device_facts(identity: str, words: Mapping[str, Any]) -> DeviceFacts:
    """What is known of a device, of JSON."""
    return DeviceFacts(**{**words, "id": identity, "device": Device(words["device"])})
