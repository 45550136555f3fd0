"""A user's own sequence in a JSON file: a start state and the requests to send."""

import json
from pathlib import Path
from typing import Any

from properties.conformance.suite.vectors import Vector
from properties.conformance.suite.wire_format import NotInWords, read_request, read_state, state_in_words
from properties.conformance.targets.misbehaviour import TargetError
from statemachines.files.content import FileError
from statemachines.files.json_file import read_json
from statemachines.language.system import System
from statemachines.semantics.trace import Scenario

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
    try:
        start = read_state(system, state_in_words(system.state()) | content.get("start", {}))
        sent = tuple(_numbered(system, at, request) for at, request in enumerate(requests, 1))
    except NotInWords as error:
        raise TargetError(f"{name}: {error}") from None
    return Vector(name, Scenario(start, sent), ())


def _requests(steps: Any) -> Any:
    if not isinstance(steps, list):
        return None
    return [step.get("request") if isinstance(step, dict) else step for step in steps]


def _numbered(system: System, number: int, words: object) -> Any:
    try:
        return read_request(system, words)
    except NotInWords as error:
        raise NotInWords(f"request {number}: {error}") from None
