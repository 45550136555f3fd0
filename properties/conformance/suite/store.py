"""The suite of a system: the shipped one, if its digest is that of the declarations, or else computed anew.

A suite is shipped where computing it takes minutes; `Profile.suites` lists the files.
``python -m properties.conformance.suite.store`` computes those of the usual profile and writes them.
"""

import gc
import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import groupby
from pathlib import Path
from typing import Any

from properties.conformance.suite.combinations import is_combined
from properties.conformance.suite.digest import digest
from properties.conformance.suite.goals import goals_of
from properties.conformance.suite.vectors import Suite, UnreachableGoal, Vector
from properties.conformance.suite.wire_format import read_request, read_state, state_in_words
from properties.domain import installed, named, profile_for
from statemachines.language.claims import Claims
from statemachines.language.requests import Request
from statemachines.semantics.trace import Scenario


@lru_cache(maxsize=4)
def suite_of(claims: Claims) -> Suite:
    """The sequences that the checker computes for a system and what is claimed of it; the same in every process."""
    known = shipped(claims)
    if known is not None:
        return known
    from properties.conformance.suite.generator import generated  # noqa: PLC0415  # only where it has to be computed

    return generated(claims)


def shipped(claims: Claims) -> Suite | None:
    """The shipped sequences, if they were computed of these declarations."""
    ours = digest(claims)
    for profile in installed().values():
        for file in map(_file, profile.suites.values()):
            if file.is_file():
                content = json.loads(file.read_text(encoding="utf-8"))
                if content["digest"] == ours:
                    return _read(claims, content)
    return None


def _file(name: str) -> Traversable:
    """The file that ``package:file`` names."""
    package, _, path = name.partition(":")
    return files(package).joinpath(*path.split("/"))


def as_file(claims: Claims, suite: Suite) -> bytes:
    """The sequences as a file: a line for each, so that a review sees which are new."""
    requests: dict[Request, int] = {}
    for vector in suite.vectors:
        for request in vector.scenario.requests:
            requests.setdefault(request, len(requests))
    usual = state_in_words(suite.system.state())
    vectors = [
        {
            "start": {
                name: word for name, word in state_in_words(vector.scenario.start).items() if word != usual[name]
            },
            "requests": [requests[request] for request in vector.scenario.requests],
            "reached": list(_grouped(vector.reached)),
        }
        for vector in suite.vectors
    ]
    parts = {
        "digest": json.dumps(digest(claims)),
        "usual": json.dumps(usual),
        "requests": _lines([request.as_dict() for request in requests]),
        "vectors": _lines(vectors),
        "unreachable": _lines([[entry.goal.key, entry.reason] for entry in suite.unreachable]),
    }
    body = ",\n".join(f'"{name}": {text}' for name, text in parts.items())
    return f"{{\n{body}\n}}\n".encode()


def _grouped(reached: Iterable[tuple[int, str]]) -> Iterator[list[int | str]]:
    """What is reached: the step and the goal's key; of combinations what their keys begin with, and how each ends."""
    for (at, begins), each in groupby(reached, lambda one: (one[0], one[1].rsplit("/", 2)[0])):
        keys = [key for _, key in each]
        if is_combined(begins):
            yield [at, begins, *(key[len(begins) + 1 :] for key in keys)]
        else:
            yield from ([at, key] for key in keys)


def _reached(groups: Any) -> Iterator[tuple[int, str]]:
    for at, begins, *ends in groups:
        yield from ((at, f"{begins}/{end}") for end in ends)
        if not ends:
            yield at, begins


def _lines(entries: list[Any]) -> str:
    return "[\n" + ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries) + "\n]"


def _read(claims: Claims, content: Any) -> Suite:
    system = claims.system
    requests = [read_request(system, request) for request in content["requests"]]
    vectors = tuple(_vectors(claims, content, requests))
    reached = {key for vector in vectors for _, key in vector.reached}
    known = goals_of(claims, reached)
    return Suite(
        system,
        {key: goal for key, goal in known.items() if key in reached},
        vectors,
        tuple(UnreachableGoal(known[key], reason) for key, reason in content["unreachable"]),
    )


def _vectors(claims: Claims, content: Any, requests: list[Request]) -> Iterator[Vector]:
    for number, entry in enumerate(content["vectors"], 1):
        yield Vector(
            f"V{number:04}",
            Scenario(
                read_state(claims.system, content["usual"] | entry["start"]),
                tuple(requests[at] for at in entry["requests"]),
            ),
            tuple(_reached(entry["reached"])),
        )


def main() -> None:
    """Compute the usual profile's sequences and write them where they are shipped."""
    from properties.conformance.suite.generator import generated  # noqa: PLC0415  # only where it has to be computed
    from properties.console.processors import processors  # noqa: PLC0415

    gc.disable()  # next to nothing that is made is garbage, and looking for it takes a seventh of the time
    for spec, name in profile_for().suites.items():
        claims, path = named(spec), Path(str(_file(name)))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(as_file(claims, generated(claims, processors())))


if __name__ == "__main__":
    main()
