"""The deterministic layer as a JSON file, for teams that run no Python.

Its JSON Schema is ``vectors.schema.json`` beside this module, which the distribution carries.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from properties.conformance.suite.digest import digest
from properties.conformance.suite.store import suite_of
from properties.conformance.suite.vectors import Goal, Suite, Vector
from properties.conformance.suite.wire_format import state_in_words
from statemachines.language.claims import Claims
from statemachines.language.system import System
from statemachines.semantics.trace import verdict_as_dict

FORMAT = "statemachines-vectors"
VERSION = 1


def vectors(what: Claims | System) -> bytes:
    """The test sequences of a system and of what is claimed of it, as the command ``vectors`` writes them.

    They are the same at every run; where none are shipped for the system they are computed.

    Parameters
    ----------
    what: claims, or a system alone.
    """
    claims = Claims(what, ()) if isinstance(what, System) else what
    return vectors_json(claims, suite_of(claims))


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
        **({"without": json.dumps(suite.without)} if suite.without else {}),
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
