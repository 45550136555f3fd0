"""The JSON Schema of the messages to and from targets.

``python -m properties.conformance.schema`` prints it; what it prints is the file ``messages.schema.json`` beside this
one, which the distribution carries, so that nobody needs Python to use it.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from properties.conformance.observation import words_of
from properties.conformance.statement import Starts
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.language.terms import ASPECTS, Term
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import SERVICE_REQUEST_TYPES, SRV_OF, Device

Schema = dict[str, Any]


def message_schema(system: System) -> Schema:
    """The schema of one message, to a target or from it, over JSON lines or to ``/control`` of an address.

    Parameters
    ----------
    system: the reference, whose words are in the messages.
    """
    events = [kind for kind in system.requests if kind not in SERVICE_REQUEST_TYPES]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Messages to and from targets of the conformance suite: {system.name}",
        "description": "Each message of JSON lines has an id, and its answer the same; those over HTTP have none. "
        "Validate a message to a target as message, and one from it as answer.",
        "anyOf": [{"$ref": "#/$defs/message"}, {"$ref": "#/$defs/answer"}],
        "$defs": {
            "message": {
                "oneOf": [{"$ref": f"#/$defs/{op}"} for op in ("describe", "reset", "send", "event", "screen")]
            },
            "answer": {"oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in ("described", "done", "decided", "refused")]},
            "describe": _message("describe", "What does the target support? Answered by described.", {}),
            "reset": _message(
                "reset",
                "Be in this state, whatever was before. Answered by done. Over HTTP, premises and used are there too.",
                {"state": {"$ref": "#/$defs/state"}},
                {"premises": {"$ref": "#/$defs/premises"}, "used": _strings("RequestIDs that count as used before.")},
            ),
            "send": _message(
                "send",
                "JSON lines: process this Service Request, or be told of this event. Answered by decided.",
                {"request": {"$ref": "#/$defs/request"}},
            ),
            "event": _message(
                "event",
                "HTTP: be told of this event. Answered by decided.",
                {"event": {"oneOf": [{"$ref": f"#/$defs/{kind.name}"} for kind in events]}},
            ),
            "screen": _message(
                "screen",
                "HTTP: Anomaly Detection catches the request that comes next with this RequestID. Answered by done.",
                {"request_id": {"type": "string"}, "caught": {"type": "boolean"}},
            ),
            "described": _answer({"statement": {"$ref": "#/$defs/statement"}}),
            "done": _answer({"ok": {"const": True}}),
            "decided": _answer({"verdict": {"$ref": "#/$defs/verdict"}}),
            "refused": _answer({"error": {"type": "string", "description": "Why the message was not understood."}}),
            "verdict": _verdict(system),
            "statement": _statement(system),
            "state": _object({variable.name: _words([variable]) for variable in system.variables}),
            "premises": _PREMISES,
            "request": {"oneOf": [{"$ref": f"#/$defs/{kind.name}"} for kind in system.requests]},
            **{kind.name: _request(kind) for kind in system.requests},
        },
    }


def _object(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, **more: Any) -> Schema:
    return {
        **more,
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


_ID: Schema = {"type": "integer", "description": "JSON lines only; the answer repeats it."}


def _message(op: str, told: str, required: Schema, optional: Schema | None = None) -> Schema:
    return _object({"op": {"const": op}, **required}, {"id": _ID, **(optional or {})}, description=told)


def _answer(required: Schema) -> Schema:
    return _object(required, {"id": _ID}) | {"additionalProperties": True}


def _words(terms: Iterable[Term]) -> Schema:
    return {"enum": list(dict.fromkeys(str(value.value) for term in terms for value in term.domain))}


def _strings(told: str) -> Schema:
    return {"type": "array", "items": {"type": "string"}, "description": told}


def _request(kind: RequestType) -> Schema:
    srv = SRV_OF.get(kind)
    told = f"{kind.label}; SRV {srv}" if srv and srv not in kind.label else kind.label
    return _object(
        {"type": {"const": kind.name}, **{field.name: _words([field]) for field in kind.fields}}, description=told
    )


def _verdict(system: System) -> Schema:
    words = words_of(system)
    aspects = {aspect: {"type": "string", "examples": list(words[aspect])} for aspect in ASPECTS}
    aspects["response"]["type"] = ["string", "null"]
    return _object(
        {},
        aspects,
        description="What is shown of a verdict: an aspect that is left out is not compared; a response of null tells "
        "that there was none. The examples are the suite's words; others need a line in the mapping file.",
    )


def _statement(system: System) -> Schema:
    kinds = sorted({*SRV_OF.values(), *(kind.name for kind in system.requests)})
    terms: dict[str, list[Term]] = {}
    for term in (*(field for kind in system.requests for field in kind.fields), *system.variables):
        terms.setdefault(term.name, []).append(term)
    devices = [str(device.value) for device in Device]
    lifecycles = list(system.state_type.names)
    items = [*kinds, *devices, *lifecycles]
    return _object(
        {},
        {
            "name": {"type": "string"},
            "version": {"type": "string"},
            "requests": _some(kinds),
            "devices": _some(devices),
            "lifecycles": _some(lifecycles),
            "only": _object({}, {name: _some(_words(same)["enum"]) for name, same in terms.items()}),
            "observes": _some(ASPECTS),
            "answers_events": {"type": "boolean"},
            "starts": {"enum": [start.value for start in Starts]},
            "parallel": {"type": "boolean"},
            "not_supported": _object({}, {item: {"type": "string"} for item in items}),
        },
        description="What the target supports: everything, but for what this says.",
    )


def _some(words: Iterable[str]) -> Schema:
    return {"type": "array", "minItems": 1, "items": {"enum": list(words)}}


_PREMISES = _object(
    {
        "users": {
            "type": "object",
            "description": "Who sends from each EUI-64.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "devices": {
            "type": "object",
            "description": "Which device has each EUI-64, the version that it runs, and the image that was delivered.",
            "additionalProperties": _object(
                {
                    "device": {"enum": [str(device.value) for device in Device]},
                    **{key: {"type": ["string", "null"]} for key in ("version", "delivered_version", "delivered_hash")},
                }
            ),
        },
    }
)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(message_schema(INSTALLATION), indent=1, ensure_ascii=False) + "\n")
