"""What becomes of a request once it is sent, where the domain tells it by a lifecycle that only events move."""

import json
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any

from statemachines.language.gates import Verdict
from statemachines.language.requests import Request
from statemachines.language.system import System
from statemachines.semantics.decision import decision_order, gates_of

Course = tuple[Mapping[str, Enum], Sequence[Request]]
"""The values of the variables that a request's course begins with, and the events that then happen."""


def courses(system: System, course_of: Callable[[System, Verdict], Course | None]) -> list[dict[str, Any]]:
    """Each course that a verdict of the system can come to, with all those verdicts.

    Parameters
    ----------
    course_of: the course that a verdict comes to; `None` for a verdict on what has no course.
    """
    known: dict[str, dict[str, Any]] = {}
    met = set()
    for request in system.all_requests():
        way = (request.type.name, *(gate.party for gate in gates_of(system, request)))
        if way in met:
            continue
        met.add(way)
        for decider in decision_order(system, request):
            verdict = decider.verdict
            course = course_of(system, verdict)
            if course is None:
                continue
            start, requests = course
            run = {
                "start": {name: str(value.value) for name, value in start.items()},
                "requests": [one.as_dict() for one in requests],
            }
            there = known.setdefault(json.dumps(run), {**run, "verdicts": []})
            if deciding(verdict) not in there["verdicts"]:
                there["verdicts"].append(deciding(verdict))
    return list(known.values())


def deciding(verdict: Verdict) -> list[Any]:
    """What of a verdict decides its course, in words."""
    aspects = [str(one.value) if one else None for one in (verdict.outcome, verdict.at, verdict.reason)]
    via = [str(party.value) for party in verdict.via]
    return [*aspects, verdict.passed, list(verdict.unspecified), via]
