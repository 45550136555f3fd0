"""Counterexamples and witnesses as files: in words, for machines, as sequence diagrams, and as DUIS XML requests."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from pathlib import PurePosixPath

from properties.smets1.duis_run import duis_files, has_duis
from statemachines.checker.check import Finding
from statemachines.drawing.sequence_diagram import sequence
from statemachines.drawing.sequence_mermaid import sequence_mermaid
from statemachines.drawing.sequence_svg import ladder
from statemachines.language.claims import AlwaysPossible, Indistinguishable
from statemachines.semantics.trace import Trace

LONGEST = 80
"""Characters of a directory's name, which is a property's."""


class Format(Enum):
    """What a run is written as."""

    TEXT = "text"
    JSON = "json"
    MERMAID = "mermaid"
    SVG = "svg"
    DUIS = "duis"


def files_of(
    findings: Iterable[Finding], formats: Sequence[Format] = tuple(Format), *, witnesses: bool = False
) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The files for each property that fails and has a counterexample, in a directory named after it.

    Parameters
    ----------
    findings: what was found of the properties.
    formats: what to write.
    witnesses: whether a property that holds is told of too, by its witness.
    """
    taken: set[str] = set()
    for finding in findings:
        runs = runs_of(finding, witnesses=witnesses)
        if runs:
            place = _free(finding.claim.name, taken)
            for name, content in _files(finding, runs, formats):
                yield PurePosixPath(place, name), content


def runs_of(finding: Finding, *, witnesses: bool = False) -> dict[str, Trace]:
    """The runs that show what was found, by what they are called: a counterexample, two, a witness, or none."""
    if finding.counterexample and finding.other_run:
        return {"first run": finding.counterexample, "second run": finding.other_run}
    shown = finding.counterexample or (finding.witness if witnesses else None)
    return {"run": shown} if shown else {}


def _files(finding: Finding, runs: dict[str, Trace], formats: Sequence[Format]) -> Iterator[tuple[str, bytes]]:
    if Format.TEXT in formats:
        yield "trace.txt", _text(finding, runs).encode()
    if Format.JSON in formats:
        yield "trace.json", (json.dumps(_as_dict(finding, runs), indent=2) + "\n").encode()
    if Format.MERMAID in formats or Format.SVG in formats:
        system = next(iter(runs.values())).system
        drawn = sequence(finding.claim.name, runs, subtitle=f"{_what(finding)}: {system.name}", breach=_breach(finding))
        if Format.MERMAID in formats:
            yield "sequence.mmd", sequence_mermaid(drawn).encode()
        if Format.SVG in formats:
            yield "sequence.svg", ladder(drawn)
    if Format.DUIS in formats:
        for name, trace in runs.items():
            if has_duis(trace.system):
                folder = "requests" if len(runs) == 1 else f"requests-{_slug(name)}"
                for file, content in duis_files(trace):
                    yield f"{folder}/{file}", content


def _text(finding: Finding, runs: dict[str, Trace]) -> str:
    """The property, and each run in words."""
    lines = [f"{finding.claim.name} [{' '.join(finding.claim.rules)}]", _what(finding), ""]
    for name, trace in runs.items():
        lines += [*([f"{name}:"] if len(runs) > 1 else []), trace.text(), ""]
    breach = _breach(finding)
    return "\n".join([*lines, breach, ""] if breach else lines)


def _as_dict(finding: Finding, runs: dict[str, Trace]) -> dict[str, object]:
    return {
        "property": finding.claim.name,
        "kind": finding.claim.kind,
        "rules": list(finding.claim.rules),
        "holds": finding.holds,
        "runs": [trace.as_dict() for trace in runs.values()],
    }


def _what(finding: Finding) -> str:
    return "shortest counterexample" if finding.counterexample else "shortest witness"


def _breach(finding: Finding) -> str:
    """What is wrong with the end of the run, if it is a counterexample."""
    if not finding.counterexample:
        return ""
    match finding.claim:
        case AlwaysPossible():
            said = "From here on this is not possible"
        case Indistinguishable():
            said = "The last step shows a difference, and this does not hold"
        case _:
            said = "Here this does not hold"
    return f"{said}: {finding.claim.name}"


def _free(name: str, taken: set[str]) -> str:
    """A directory's name that no property before has."""
    wanted = place = _slug(name)[:LONGEST].strip("-") or "property"
    number = 1
    while place in taken:
        number += 1
        place = f"{wanted}-{number}"
    taken.add(place)
    return place


def _slug(words: str) -> str:
    return re.sub("[^a-z0-9]+", "-", words.lower()).strip("-")
