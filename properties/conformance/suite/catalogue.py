"""The deterministic layer for manual testing: as a table, and as Gherkin scenarios.

Both have what a tester does and looks at: how things stand, what to send or bring about, what is expected and what has
changed after it, and the rules. A sequence belongs to the request that it ends with, and to the class of systems that
its initial state is of, where a profile names such classes; the table has the request of each step besides.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from itertools import chain, count
from pathlib import PurePosixPath

from properties.conformance.suite.vectors import Suite, Vector
from properties.domain import Profile
from statemachines.files.shown import printable
from statemachines.language.terms import ASPECTS
from statemachines.semantics.trace import Step, Trace

COLUMNS = (
    *("sequence", "class", "start", "step", "kind", "code", "request", "fields"),
    *(*ASPECTS, "changes", "left open", "rules", "assumptions", "shows", "reference"),
)
_NOTHING = "nothing"


def catalogue_csv(suite: Suite, profile: Profile, progress: Callable[[int, int], None] | None = None) -> bytes:
    """A row for each step of each sequence, in the order of running; the same suite makes the same bytes.

    Parameters
    ----------
    profile: whose words requests are named in.
    progress: is called with how many sequences are done, of how many.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for done, vector in enumerate(suite.vectors, 1):
        trace = suite.trace(vector)
        group, shows = profile.class_of(trace.start), _shown_at(suite, vector)
        for number, step in enumerate(trace.steps, 1):
            cells = (
                vector.name,
                group,
                trace.start_in_words if number == 1 else "",
                str(number),
                "event" if profile.is_event(step.request.type) else "request",
                profile.code_of(step.request.type),
                step.request.type.label,
                ", ".join(f"{label}: {value}" for label, value in _fields(step)),
                *(_aspect(step, aspect) or "" for aspect in ASPECTS),
                "; ".join(trace.changes_in_words(step)),
                ", ".join(step.verdict.unspecified),
                " ".join(step.verdict.rules),
                " ".join(step.verdict.assumptions),
                "; ".join(shows.get(number - 1, ())),
                suite.reference if number == 1 else "",
            )
            rows.writerow([_cell(text) for text in cells])
        if progress:
            progress(done, len(suite.vectors))
    return text.getvalue().encode("utf-8-sig")  # which is how a spreadsheet knows UTF-8


def features(suite: Suite, profile: Profile) -> Iterator[tuple[int, PurePosixPath, bytes]]:
    """A feature for each request and class of systems that sequences end with.

    Yields
    ------
    How many sequences are done, a path, and what is in the file.
    """
    parts: dict[tuple[str, str], list[Trace]] = {}
    vectors: dict[tuple[str, str], list[Vector]] = {}
    for vector in suite.vectors:
        trace = suite.trace(vector)
        sent = [step.request.type for step in trace.steps if not profile.is_event(step.request.type)]
        kind = (sent or [trace.steps[-1].request.type])[-1]
        key = (profile.in_words(kind), profile.class_of(trace.start))
        parts.setdefault(key, []).append(trace)
        vectors.setdefault(key, []).append(vector)
    done, taken = 0, set[PurePosixPath]()
    for (request, group), traces in parts.items():
        title = f"{request}, {group}" if group else request
        lines = [f"Feature: {_line(title)}", f"  {_line(suite.reference)}: what must happen, step by step."]
        for vector, trace in zip(vectors[request, group], traces, strict=True):
            lines += ["", *_scenario(suite, vector, trace, profile)]
        directory, name = _slug(request) or "request", _slug(group) or "all"
        # Words in other letters than Latin leave the same name, or none.
        paths = (PurePosixPath(directory, f"{name}{number}.feature") for number in chain([""], count(2)))
        path = next(path for path in paths if path not in taken)
        taken.add(path)
        done += len(traces)
        yield done, path, ("\n".join(lines) + "\n").encode()


def _scenario(suite: Suite, vector: Vector, trace: Trace, profile: Profile) -> Iterator[str]:
    rules = dict.fromkeys(rule for step in trace.steps for rule in step.verdict.rules)
    shows = _shown_at(suite, vector)
    yield "  " + " ".join(f"@{re.sub(r'[^0-9A-Za-z_.-]', '-', rule)}" for rule in rules)
    yield f"  Scenario: {_line(vector.name)}"
    yield "    Given this state"
    start = [
        (suite.system.lifecycle(name).variable.label, str(value.value)) for name, value in trace.start.as_dict().items()
    ]
    yield from _table([("what", "is"), *start])
    for number, step in enumerate(trace.steps):
        for shown in shows.get(number, ()):
            yield f"    # {_line(shown)}"
        happens = "happens" if profile.is_event(step.request.type) else "is sent"
        yield f"    When {_line(profile.in_words(step.request.type))} {happens}"
        if fields := list(_fields(step)):
            yield from _table([("field", "value"), *fields])
        keyword = "Then"
        for aspect in ASPECTS:
            value = _aspect(step, aspect)
            expected = "is left open" if value is None else f'is "{_line(value)}"'
            yield f"    {keyword} the {'party' if aspect == 'at' else aspect} {expected}"
            keyword = "And"
        for change in trace.changes_in_words(step):
            yield f"    And it changes {_line(change)}"
        if not step.changes:
            yield "    And nothing changes"


def _fields(step: Step) -> Iterator[tuple[str, str]]:
    for field in step.request.type.fields:
        yield field.label, str(step.request[field.name].value)


def _aspect(step: Step, aspect: str) -> str | None:
    """An aspect of the verdict in words; ``None`` where it is left open."""
    if aspect in step.verdict.unspecified:
        return None
    value = getattr(step.verdict, aspect)
    return _NOTHING if value is None else str(value.value)


def _shown_at(suite: Suite, vector: Vector) -> dict[int, list[str]]:
    shows: dict[int, list[str]] = {}
    for at, key in vector.reached:
        shows.setdefault(at, []).append(suite.goals[key].label)
    return shows


def _table(rows: list[tuple[str, str]]) -> Iterator[str]:
    """A data table of Gherkin, in which a backslash and a bar are escaped."""
    for row in rows:
        cells = (_line(cell).replace("\\", "\\\\").replace("|", "\\|") for cell in row)
        yield f"      | {' | '.join(cells)} |"


def _line(text: str) -> str:
    """Words as part of one line."""
    return printable(text)


def _cell(text: str) -> str:
    """Words as a cell that no spreadsheet takes for a formula."""
    words = printable(text)
    return f"'{words}" if words.startswith(("=", "+", "-", "@")) else words


def _slug(words: str) -> str:
    return re.sub("[^a-z0-9.]+", "-", words.lower()).strip("-.")
