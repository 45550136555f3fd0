"""The JSON Schema of the messages to and from targets that are tested beside the SMETS1 installation.

``python -m properties.smets1.messages`` prints it; what it prints is the file ``messages.schema.json`` beside this one,
which the distribution carries, so that nobody needs Python to use it.
"""

import json
import sys

from properties.conformance.schema import Schema, closed, list_of, message, message_schema, one_of
from properties.smets1.profile import PROFILE
from statemachines.language.requests import Field
from statemachines.language.system import System
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import Device, data_values, screening


def installation_schema(system: System) -> Schema:
    """The schema of one message over JSON lines, or to ``/control`` of an address that takes DUIS XML.

    Parameters
    ----------
    system: the installation, or another system of the same vocabulary.
    """
    schema = message_schema(system, PROFILE)
    known, devices = schema["$defs"], [str(device.value) for device in Device]
    events = [kind.name for kind in system.requests if PROFILE.is_event(kind)]
    known["message"] = one_of("describe", "reset", "send", "settled", "event", "screen")
    known["reset"]["description"] += " Over HTTP, premises and used are there too."
    known["reset"]["properties"] |= {"premises": {"$ref": "#/$defs/premises"}, "used": _USED}
    known["event"] = message("event", "HTTP: be told of this event. Answered by decided.", {"event": one_of(*events)})
    known["screen"] = message(
        "screen",
        "HTTP: what Anomaly Detection makes of the request that comes next with this RequestID. Answered by done.",
        {"request_id": {"type": "string"}, **_words(screening)},
        _words(data_values),
    )
    known["premises"] = _premises(devices)
    statement = known["statement"]["properties"]
    statement["devices"] = list_of(devices)
    statement["not_supported"]["properties"] |= {device: {"type": "string"} for device in devices}
    return schema


_USED: Schema = {
    "type": "array",
    "items": {"type": "string"},
    "description": "RequestIDs that count as used before.",
}


def _words(field: Field) -> Schema:
    return {field.name: {"enum": [str(word.value) for word in field.domain]}}


def _premises(devices: list[str]) -> Schema:
    versions = {key: {"type": ["string", "null"]} for key in ("version", "delivered_version", "delivered_hash")}
    return closed(
        {
            "users": {
                "type": "object",
                "description": "Who sends from each EUI-64.",
                "additionalProperties": {"type": "array", "items": {"type": "string"}},
            },
            "devices": {
                "type": "object",
                "description": "Which device has each EUI-64, the version that it runs, and the image that was "
                "delivered.",
                "additionalProperties": closed({"device": {"enum": devices}, **versions}),
            },
        }
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(installation_schema(INSTALLATION), indent=1, ensure_ascii=False) + "\n")
