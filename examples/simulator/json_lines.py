"""JSON lines: one message a line on the standard input, one answer a line on the standard output."""

import json
from collections.abc import Iterable
from typing import TextIO

from .answers import MessageError
from .target import Target


def serve(target: Target, incoming: Iterable[str], outgoing: TextIO) -> None:
    """Answer each line until there are no more."""
    for line in incoming:
        if line.strip():
            print(json.dumps(answer(target, line), ensure_ascii=False), file=outgoing, flush=True)


def answer(target: Target, line: str) -> dict[str, object]:
    """The answer to one line; one that makes no sense is answered with an error."""
    number: object = None
    try:
        message = json.loads(line)
        if not isinstance(message, dict):
            raise MessageError("expected an object")
        number = message.get("id")
        return {"id": number, **_done(target, message)}
    except (MessageError, json.JSONDecodeError) as error:
        return {"id": number, "error": str(error)}


def _done(target: Target, message: dict[str, object]) -> dict[str, object]:
    operation = message.get("op")
    if operation == "describe":
        return {"statement": target.statement()}
    if operation == "reset":
        target.reset(_texts(message, "state"))
        return {"ok": True}
    if operation == "send":
        return {"verdict": target.send(_texts(message, "request"))}
    raise MessageError(f"op is {operation!r}, expected describe, reset or send")


def _texts(message: dict[str, object], key: str) -> dict[str, str]:
    found = message.get(key)
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise MessageError(f"{key} has to be an object of texts")
    return found
