"""The JSON Schema of the messages to and from targets: ``statemachines conform --system SPEC --schema`` prints it."""

from collections.abc import Iterable, Mapping
from typing import Any

from properties.conformance.observation import words_of
from properties.conformance.statement import Settles, Starts
from properties.domain import NEUTRAL, Profile
from statemachines.language.requests import RequestType
from statemachines.language.system import System
from statemachines.language.terms import ASPECTS, Term

Schema = dict[str, Any]


def message_schema(system: System, profile: Profile = NEUTRAL) -> Schema:
    """The schema of one message, to a target or from it, over JSON lines or HTTP.

    Parameters
    ----------
    system: the reference, whose words are in the messages.
    profile: knows the codes of request types.

    >>> from examples.parcel_locker import system
    >>> message_schema(system)["$defs"]["Take"]["properties"]
    {'type': {'const': 'Take'}, 'code': {'enum': ['right', 'wrong']}}
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Messages to and from targets of the conformance suite: {system.name}",
        "description": "Each message of JSON lines has an id, and its answer the same; those over HTTP have none. "
        "Validate a message to a target as message, and one from it as answer.",
        "anyOf": [{"$ref": "#/$defs/message"}, {"$ref": "#/$defs/answer"}],
        "$defs": {
            "message": one_of("describe", "reset", "send", "settled"),
            "answer": one_of("described", "done", "decided", "at_rest", "refused"),
            "describe": message("describe", "What does the target support? Answered by described.", {}),
            "reset": message(
                "reset",
                "Be in this state, whatever was before. Answered by done.",
                {"state": {"$ref": "#/$defs/state"}},
            ),
            "send": message(
                "send",
                "Process this request, or take notice of this event. Answered by decided.",
                {"request": {"$ref": "#/$defs/request"}},
            ),
            "settled": message(
                "settled",
                "Has everything come that earlier messages bring about? Asked of a target whose statement says settle, "
                "and answered by at_rest.",
                {},
            ),
            "described": _answer({"statement": {"$ref": "#/$defs/statement"}}),
            "done": _answer({"ok": {"const": True}}),
            "decided": _answer({"verdict": {"$ref": "#/$defs/verdict"}}, {"state": {"$ref": "#/$defs/shown_state"}}),
            "at_rest": _answer({"settled": {"type": "boolean"}}),
            "refused": _answer({"error": {"type": "string", "description": "Why the message was not understood."}}),
            "verdict": _verdict(system),
            "statement": _statement(system, profile),
            "state": closed({variable.name: _words([variable]) for variable in system.variables}),
            "shown_state": closed(
                {},
                {one.name: {"$ref": f"#/$defs/state/properties/{one.name}"} for one in system.variables},
                description="Optional: the state afterwards, or what the target shows of it. It is compared, too.",
            ),
            "request": one_of(*(kind.name for kind in system.requests)),
            **{kind.name: _request(kind, profile) for kind in system.requests},
        },
    }


def one_of(*names: str) -> Schema:
    """One of these definitions."""
    return {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in names]}


def closed(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, **more: Any) -> Schema:
    """An object with these keys and no others."""
    return {
        **more,
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


_ID: Schema = {"type": "integer", "description": "JSON lines only; the answer repeats it."}


def message(op: str, description: str, required: Schema, optional: Schema | None = None) -> Schema:
    """A message to a target."""
    return closed({"op": {"const": op}, **required}, {"id": _ID, **(optional or {})}, description=description)


def _answer(required: Schema, optional: Schema | None = None) -> Schema:
    return closed(required, {"id": _ID, **(optional or {})}) | {"additionalProperties": True}


def _words(terms: Iterable[Term]) -> Schema:
    return {"enum": list(dict.fromkeys(str(value.value) for term in terms for value in term.domain))}


def _request(kind: RequestType, profile: Profile) -> Schema:
    fields = {field.name: _words([field]) for field in kind.fields}
    return closed({"type": {"const": kind.name}, **fields}, description=profile.in_words(kind))


def _verdict(system: System) -> Schema:
    words = words_of(system)
    aspects = {aspect: {"type": "string", "examples": list(words[aspect])} for aspect in ASPECTS}
    aspects["response"]["type"] = ["string", "null"]
    return closed(
        {},
        aspects,
        description="What is shown of a verdict: an aspect that is left out is not compared; a response of null says "
        "that there was none. The examples are the suite's words; others need a line in the mapping file.",
    )


def _statement(system: System, profile: Profile) -> Schema:
    names = {name for kind in system.requests for name in (kind.name, profile.code_of(kind)) if name}
    terms: dict[str, list[Term]] = {}
    for term in (*(field for kind in system.requests for field in kind.fields), *system.variables):
        terms.setdefault(term.name, []).append(term)
    lifecycles = list(system.state_type.names)
    kinds = sorted(names)
    return closed(
        {},
        {
            "name": {"type": "string"},
            "version": {"type": "string"},
            "requests": list_of(kinds),
            "lifecycles": list_of(lifecycles),
            "only": closed({}, {name: list_of(_words(same)["enum"]) for name, same in terms.items()}),
            "observes": list_of(ASPECTS),
            "answers_events": {"type": "boolean"},
            "starts": {"enum": [start.value for start in Starts]},
            "parallel": {"type": "boolean"},
            "settle": {"anyOf": [{"enum": [how.value for how in Settles]}, {"type": "number", "exclusiveMinimum": 0}]},
            "not_supported": closed({}, {item: {"type": "string"} for item in (*kinds, *lifecycles)}),
        },
        description="What the target supports: everything, but for what this says.",
    )


def list_of(words: Iterable[str]) -> Schema:
    """A list of one or more of these words."""
    return {"type": "array", "minItems": 1, "items": {"enum": list(words)}}
