"""The deterministic layer as a JSON file, for teams that run no Python, and read back.

Its JSON Schema is ``vectors.schema.json`` beside this module, which the distribution carries.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from properties.conformance.suite.digest import digest
from properties.conformance.suite.vectors import Goal, GoalKind, Suite, Unreachable, Vector
from properties.conformance.suite.wire_format import NotInWords, read_request, read_state, state_in_words
from statemachines.files.content import FileError
from statemachines.files.json_file import read_json
from statemachines.language.claims import Claims
from statemachines.language.system import System
from statemachines.semantics.regulated import regulated
from statemachines.semantics.trace import Scenario, verdict_as_dict

FORMAT = "statemachines-vectors"
VERSION = 1


class UnreadableSuite(ValueError):  # noqa: N818  # the file is at fault
    """A file that is no suite of the system, with what is wrong and where."""


def vectors_json(claims: Claims, suite: Suite) -> bytes:
    """The suite as a file; the same suite makes the same bytes.

    Parameters
    ----------
    claims: what the suite was computed of.
    """
    parts = {
        "format": json.dumps(FORMAT),
        "version": json.dumps(VERSION),
        "system": json.dumps(suite.system.name, ensure_ascii=False),
        "digest": json.dumps(digest(claims)),
        **({"only": json.dumps("regulated")} if suite.only_regulated else {}),
        "requests": json.dumps(suite.requests),
        "rules": _lines({rule.id: {"statement": rule.statement, "source": rule.source} for rule in _cited(suite)}),
        "goals": _lines({key: _goal_as_dict(goal) for key, goal in suite.goals.items()}),
        "unreachable": _lines(
            {entry.goal.key: _goal_as_dict(entry.goal) | {"reason": entry.reason} for entry in suite.unreachable}
        ),
        "vectors": "[\n" + ",\n".join(_json(_vector_as_dict(suite, vector)) for vector in suite.vectors) + "\n]",
    }
    return ("{\n" + ",\n".join(f'"{name}": {text}' for name, text in parts.items()) + "\n}\n").encode()


def _json(entry: object) -> str:
    return json.dumps(entry, ensure_ascii=False)


def _lines(entries: Mapping[str, object]) -> str:
    return "{\n" + ",\n".join(f"{_json(key)}: {_json(entry)}" for key, entry in entries.items()) + "\n}"


def _cited(suite: Suite) -> Iterator[Any]:
    cited = {rule for goal in suite.goals.values() for rule in goal.rules}
    return (suite.system.register[rule] for rule in suite.system.register if rule in cited)


def _goal_as_dict(goal: Goal) -> dict[str, object]:
    return {"kind": goal.kind.value, "label": goal.label, "rules": list(goal.rules)}


def _vector_as_dict(suite: Suite, vector: Vector) -> dict[str, object]:
    reached: dict[int, list[str]] = {}
    for at, key in vector.reached:
        reached.setdefault(at, []).append(key)
    return {
        "name": vector.name,
        "start": state_in_words(vector.scenario.start),
        "steps": [
            {
                "request": step.request.as_dict(),
                "expected": verdict_as_dict(step.verdict),
                "shows": reached.get(at, []),
            }
            for at, step in enumerate(suite.trace(vector).steps)
        ],
    }


def read_suite(path: Path, claims: Claims) -> Suite:
    """The suite of a file that `vectors_json` made.

    Parameters
    ----------
    claims: what it is to be a suite of.

    Raises
    ------
    UnreadableSuite: if the file cannot be read, is not of this form, or expects other verdicts than the declarations
        have.
    """
    try:
        content = read_json(path)
    except FileError as error:
        raise UnreadableSuite(str(error)) from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise UnreadableSuite(f'{path} is no file of vectors: expected an object with "format": "{FORMAT}"')
    if content.get("version") != VERSION:
        raise UnreadableSuite(f"{path} is of version {content.get('version')!r}, and {VERSION} can be read")
    goals = {key: _goal(path, key, entry) for key, entry in _object(path, content, "goals").items()}
    unreachable = tuple(
        Unreachable(_goal(path, key, entry), str(entry.get("reason", "")))
        for key, entry in _object(path, content, "unreachable").items()
    )
    only_regulated = content.get("only") == "regulated"
    vectors = tuple(
        _vector(path, at, entry, claims.system, goals, only_regulated)
        for at, entry in enumerate(_list(path, content, "vectors"))
    )
    names = [vector.name for vector in vectors]
    if len(set(names)) != len(names):
        raise UnreadableSuite(f"{path}: two vectors have one name")
    return Suite(claims.system, goals, vectors, unreachable, only_regulated)


def _goal(path: Path, key: str, entry: object) -> Goal:
    kinds = {kind.value: kind for kind in GoalKind}
    if not isinstance(entry, dict) or entry.get("kind") not in kinds or not isinstance(entry.get("label"), str):
        raise UnreadableSuite(f"{path}: the goal {key!r} is {entry!r}, expected a kind, a label and rules")
    rules = entry.get("rules")
    if not isinstance(rules, list) or not all(isinstance(rule, str) for rule in rules):
        raise UnreadableSuite(f"{path}: the rules of the goal {key!r} are {rules!r}, expected a list of ids")
    return Goal(key, kinds[entry["kind"]], entry["label"], tuple(rules))


def _vector(
    path: Path, at: int, entry: object, system: System, goals: Mapping[str, Goal], only_regulated: bool
) -> Vector:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise UnreadableSuite(f"{path}: the vector number {at + 1} has no name")
    where = f"{path}, vector {entry['name']}"
    steps = _list(where, entry, "steps")
    if not steps or not all(isinstance(step, dict) for step in steps):
        raise UnreadableSuite(f"{where}: its steps are not a list of objects, with one at least")
    try:
        start = read_state(system, entry.get("start"))
        requests = tuple(read_request(system, step.get("request")) for step in steps)
    except NotInWords as error:
        raise UnreadableSuite(f"{where}: {error}") from None
    reached = tuple((number, key) for number, step in enumerate(steps) for key in _list(where, step, "shows"))
    for _, key in reached:
        if key not in goals:
            raise UnreadableSuite(f"{where}: it shows {key!r}, which is none of the goals")
    vector = Vector(entry["name"], Scenario(start, requests), reached)
    trace = vector.scenario.replay(system)
    declared_steps = (regulated(trace) if only_regulated else trace).steps
    for number, (step, now) in enumerate(zip(steps, declared_steps, strict=True), 1):
        if step.get("expected") != (declared := verdict_as_dict(now.verdict)):
            raise UnreadableSuite(
                f"{where}, step {number}: it expects {step.get('expected')!r}, "
                f"and by the declarations it is {declared!r}: it was made from others"
            )
    return vector


def _object(where: object, content: Mapping[str, object], name: str) -> dict[str, Any]:
    part = content.get(name)
    if not isinstance(part, dict):
        raise UnreadableSuite(f"{where}: {name!r} is not an object")
    return part


def _list(where: object, content: Mapping[str, object], name: str) -> list[Any]:
    part = content.get(name)
    if not isinstance(part, list):
        raise UnreadableSuite(f"{where}: {name!r} is not a list")
    return part
