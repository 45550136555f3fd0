"""Runs as files: text, JSON, ITF, sequence diagrams, and the wire formats of a profile."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import PurePosixPath

import attrs

from properties.cli.check import FORMATS
from properties.conformance.suite.vectors import Suite, Vector
from properties.domain import NEUTRAL, Exporter, Profile, named
from statemachines.checker.findings import Finding, last_requests
from statemachines.drawing.sequence_diagram import SequenceDiagram, sequence_diagram
from statemachines.drawing.sequence_mermaid import sequence_mermaid
from statemachines.drawing.sequence_svg import sequence_svg
from statemachines.exports.itf import export_itf
from statemachines.language.claims import AlwaysPossible, Indistinguishable, LeadsTo
from statemachines.semantics.trace import Trace, verdict_as_dict

LONGEST = 80
"""Characters of a directory's name, which is a property's."""


@attrs.frozen
class Shown:
    """What the files of a run say besides.

    Parameters
    ----------
    sender: the name of the field that says who sends a request.
    off: the assumptions that do not apply.
    """

    sender: str
    off: tuple[str, ...] = ()

    @property
    def without(self) -> str:
        """In words that follow others; empty if all apply."""
        return f" without {' '.join(self.off)}" if self.off else ""


def files_of(
    findings: Iterable[Finding],
    formats: Sequence[str] = (),
    *,
    witnesses: bool = False,
    profile: Profile = NEUTRAL,
    off: Sequence[str] = (),
) -> Iterator[tuple[PurePosixPath, bytes]]:
    """The files for each property that fails and has a counterexample, in a directory named after it.

    Parameters
    ----------
    findings: the results of a check.
    formats: what to write: any of `FORMATS` and of the names of the profile's exporters; by default all of them.
    witnesses: whether a property that holds has files too, of its witness.
    off: the assumptions that do not apply; a README.txt says so beside the directories, and each file of a run.
    """
    shown = Shown(profile.sender, tuple(off))
    wanted = tuple(formats) or (*FORMATS, *profile.exporters)
    makers = [named(function) for name, function in FORMATS.items() if name in wanted]
    exporters = [profile.exporter(name) for name in wanted if name in profile.exporters]
    taken: set[str] = set()
    for finding in findings:
        runs = runs_of(finding, witnesses=witnesses)
        if runs:
            directory = _free(finding.claim.name, taken)
            made = (files(finding, runs, shown) for files in makers)
            for name, content in chain(*made, *(_requests(runs, exporter) for exporter in exporters)):
                yield PurePosixPath(directory, name), content
    if taken and off:
        yield PurePosixPath("README.txt"), f"{_not_applied(off)}\n".encode()


def _not_applied(off: Iterable[str]) -> str:
    return f"What is expected is what is so where these assumptions do not apply: {' '.join(off)}."


def runs_of(finding: Finding, *, witnesses: bool = False) -> dict[str, Trace]:
    """The runs that show a result, by name: a counterexample, two, a witness, or none."""
    if finding.counterexample and finding.other_run:
        return {"first run": finding.counterexample, "second run": finding.other_run}
    shown = finding.counterexample or (finding.witness if witnesses else None)
    return {"run": shown} if shown else {}


def text_file(finding: Finding, runs: dict[str, Trace], shown: Shown) -> Iterator[tuple[str, bytes]]:
    """The property, and each run in words."""
    lines = [f"{finding.claim.name} [{' '.join(finding.claim.rules)}]", f"{_what(finding)}{shown.without}", ""]
    for name, trace in runs.items():
        lines += [*([f"{name}:"] if len(runs) > 1 else []), trace.text(), ""]
    breach = _breach(finding)
    yield "trace.txt", "\n".join([*lines, breach, ""] if breach else lines).encode()


def json_file(finding: Finding, runs: dict[str, Trace], shown: Shown) -> Iterator[tuple[str, bytes]]:
    """The property and its runs, for programs."""
    content = {
        "property": finding.claim.name,
        "kind": finding.claim.kind,
        "rules": list(finding.claim.rules),
        "holds": finding.holds,
        **({"without": list(shown.off)} if shown.off else {}),
        "runs": [trace.as_dict() for trace in runs.values()],
    }
    yield "trace.json", (json.dumps(content, indent=2) + "\n").encode()


def itf_files(finding: Finding, runs: dict[str, Trace], shown: Shown) -> Iterator[tuple[str, bytes]]:
    """A trace of the viewers of Apalache and Quint for each run."""
    for name, trace in runs.items():
        yield (
            f"{_slug(name)}.itf.json",
            export_itf(trace, loop=finding.loop, of=f"{trace.system.name}{shown.without}").encode(),
        )


def mermaid_file(finding: Finding, runs: dict[str, Trace], shown: Shown) -> Iterator[tuple[str, bytes]]:
    """The sequence diagram, in Mermaid."""
    yield "sequence.mmd", sequence_mermaid(_diagram(finding, runs, shown)).encode()


def svg_file(finding: Finding, runs: dict[str, Trace], shown: Shown) -> Iterator[tuple[str, bytes]]:
    """The sequence diagram, drawn."""
    yield "sequence.svg", sequence_svg(_diagram(finding, runs, shown))


def _diagram(finding: Finding, runs: dict[str, Trace], shown: Shown) -> SequenceDiagram:
    subtitle = f"{_what(finding)}: {next(iter(runs.values())).system.name}{shown.without}"
    return sequence_diagram(finding.claim.name, runs, subtitle=subtitle, breach=_breach(finding), sender=shown.sender)


def _requests(runs: dict[str, Trace], exporter: Exporter) -> Iterator[tuple[str, bytes]]:
    for name, trace in runs.items():
        if exporter.fits(trace.system):
            folder = "requests" if len(runs) == 1 else f"requests-{_slug(name)}"
            for file, content in exporter.files(trace):
                yield f"{folder}/{file}", content


def vector_files(
    suite: Suite, vectors: Sequence[Vector], exporter: Exporter
) -> Iterator[tuple[int, PurePosixPath, bytes]]:
    """The files of sequences in a wire format, each sequence's in a directory of its name, an index, and what they are.

    Yields
    ------
    How many sequences are done, a path, and what is in the file.
    """
    index = {}
    for done, vector in enumerate(vectors, 1):
        trace = suite.trace(vector)
        files = dict(exporter.files(trace))
        for name, content in files.items():
            yield done, PurePosixPath(vector.name, name), content
        index[vector.name] = list(_steps(vector, trace, files))
    yield len(vectors), PurePosixPath("README.txt"), _about(suite).encode()
    yield len(vectors), PurePosixPath("index.json"), (json.dumps(index, indent=1, ensure_ascii=False) + "\n").encode()


def _about(suite: Suite) -> str:
    """What the folder has, and what of the declarations is off."""
    lines = [f"Test sequences of: {suite.reference}", "", "index.json has what is expected of each step."]
    if suite.without:
        lines.append(_not_applied(suite.without))
    if suite.only_regulated:
        lines.append("What an assumption alone decides is left open: index.json names it as unspecified.")
    return "\n".join([*lines, ""])


def _steps(vector: Vector, trace: Trace, files: Iterable[str]) -> Iterator[dict[str, object]]:
    """For the index: the files of each step, its request, the verdict that is expected, and the goals it reaches."""
    for number, step in enumerate(trace.steps, 1):
        yield {
            "files": sorted(name for name in files if name.startswith(f"{number:02}-")),
            "request": step.request.as_dict(),
            "expected": verdict_as_dict(step.verdict),
            "shows": [key for at, key in vector.reached if at == number - 1],
        }


def _what(finding: Finding) -> str:
    return "shortest counterexample" if finding.counterexample else "shortest witness"


def _breach(finding: Finding) -> str:
    """What is wrong with the end of the run, if it is a counterexample."""
    if not finding.counterexample:
        return ""
    match finding.claim:
        case AlwaysPossible():
            message = "From here on this is not possible"
        case LeadsTo():
            message = f"{last_requests(finding.loop).capitalize()} can repeat for ever, and then this does not hold"
        case Indistinguishable():
            message = "The last step shows a difference, and this does not hold"
        case _:
            message = "Here this does not hold"
    return f"{message}: {finding.claim.name}"


def _free(name: str, taken: set[str]) -> str:
    """The name of a directory that no property before has."""
    wanted = directory = _slug(name)[:LONGEST].strip("-") or "property"
    number = 1
    while directory in taken:
        number += 1
        directory = f"{wanted}-{number}"
    taken.add(directory)
    return directory


def _slug(words: str) -> str:
    return re.sub("[^a-z0-9]+", "-", words.lower()).strip("-")
