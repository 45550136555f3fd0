"""A user's own sequences in a file: a start state and the requests to send, or a recorded log of them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from properties.conformance.suite.vectors import Vector
from properties.conformance.suite.wire_format import NotInWords, read_request, read_state, state_in_words
from properties.conformance.targets.misbehaviour import TargetError
from statemachines.files.content import FileError, read_bytes
from statemachines.files.json_file import read_json
from statemachines.files.shown import printable, shown
from statemachines.language.system import System
from statemachines.semantics.trace import Scenario

MOST_BYTES = 64 * 1024 * 1024
"""The largest log that is run again."""
GIVEN = "the sequence given"
"""What a sequence is called that is given as text."""


def sequence_text(system: System, scenario: Scenario) -> str:
    """The sequence as text that `read_sequence` reads.

    >>> from examples.parcel_locker import Put, system
    >>> sequence_text(system, Scenario(system.state(), (Put(),)))
    '{"requests": [{"type": "Put"}]}'
    """
    usual, start = state_in_words(system.state()), state_in_words(scenario.start)
    differs = {name: word for name, word in start.items() if word != usual[name]}
    requests = [request.as_dict() for request in scenario.requests]
    return json.dumps({**({"start": differs} if differs else {}), "requests": requests}, ensure_ascii=False)


def read_sequence(source: str | Path, system: System) -> Vector:
    """The sequence of a file, or of JSON text itself, as a vector that shows nothing and has the file's name.

    It is an object with ``start`` (the values that are not as the system always starts) and ``requests``; or with
    ``steps`` that have a ``request`` each, as in vectors and failures; or has such ``runs``, as in counterexamples.

    Raises
    ------
    TargetError: if it cannot be read, or has no such sequence.
    """
    try:
        if isinstance(source, str) and source.lstrip().startswith("{"):
            content, name = json.loads(source), GIVEN
        else:
            content, name = read_json(Path(source)), Path(source).name
    except FileError as error:
        raise TargetError(str(error)) from None
    except (ValueError, RecursionError) as error:
        raise TargetError(f"--sequence is not valid JSON: {error}") from None
    runs = content.get("runs") if isinstance(content, dict) else None
    if isinstance(runs, list) and runs:
        content = runs[0]
    if not isinstance(content, dict) or not isinstance(content.get("start", {}), dict):
        raise TargetError(f"{name}: expected an object with start and requests")
    requests = content.get("requests", _requests(content.get("steps")))
    if not isinstance(requests, list) or not requests:
        raise TargetError(f"{name}: expected a list of requests, with one at least")
    return _vector(system, name, content.get("start", {}), requests)


def read_sequences(source: str | Path, system: System) -> tuple[Vector, ...]:
    """The sequence of a source, as `read_sequence` reads it, or those of a recorded log in JSON Lines (``.jsonl``).

    Of the suite's messages to a target, those from each reset to the next are one, called by the file and its line; of
    entries with ``case``, ``request`` and the request's fields, those of each case, from where the system starts.

    Raises
    ------
    TargetError: if it cannot be read, or has no such sequence.
    """
    path = Path(source)
    if path.suffix not in (".jsonl", ".ndjson"):
        return (read_sequence(source, system),)
    starts: dict[str, object] = {}
    sent: dict[str, list[object]] = {}
    name = path.name
    for number, entry in _lines(path):
        if entry.get("op") == "reset":
            name = f"{path.name}:{number}"
            starts[name] = entry.get("state", {})
        elif entry.get("op") == "send":
            sent.setdefault(name, []).append(entry.get("request"))
        elif isinstance(kind := entry.get("request"), str):
            fields = {field.name for one in system.requests if one.name == kind for field in one.fields}
            given = {field: value for field, value in entry.items() if field in fields and value is not None}
            case = f"{path.name}, case {shown(str(entry.get('case', '')), 40)}"
            sent.setdefault(case, []).append({"type": kind, **given})
    if not sent:
        raise TargetError(f"{path.name}: expected messages to a target, or entries with a case and a request")
    return tuple(_vector(system, one, starts.get(one, {}), requests) for one, requests in sent.items())


def _lines(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects of a file of JSON Lines, each with the number of its line."""
    try:
        data = read_bytes(path, MOST_BYTES)
        if len(data) > MOST_BYTES:
            raise FileError(f"more than {MOST_BYTES} bytes")
    except FileError as error:
        raise TargetError(f"{path.name}: {error}") from None
    for number, line in enumerate(data.split(b"\n"), 1):
        try:
            entry = json.loads(line) if line.strip() else {}
        except (ValueError, RecursionError) as error:
            raise TargetError(f"{path.name}:{number} is not valid JSON: {printable(str(error))}") from None
        if not isinstance(entry, dict):
            raise TargetError(f"{path.name}:{number}: expected an object")
        yield number, entry


def _vector(system: System, name: str, start: object, requests: Iterable[object]) -> Vector:
    if not isinstance(start, dict):
        raise TargetError(f"{name}: expected a state with a value for each variable")
    try:
        state = read_state(system, state_in_words(system.state()) | start)
        sent = tuple(_numbered(system, at, request) for at, request in enumerate(requests, 1))
    except NotInWords as error:
        raise TargetError(f"{name}: {error}") from None
    return Vector(name, Scenario(state, sent), ())


def _requests(steps: Any) -> Any:
    if not isinstance(steps, list):
        return None
    return [step.get("request") if isinstance(step, dict) else step for step in steps]


def _numbered(system: System, number: int, words: object) -> Any:
    try:
        return read_request(system, words)
    except NotInWords as error:
        raise NotInWords(f"request {number}: {error}") from None
