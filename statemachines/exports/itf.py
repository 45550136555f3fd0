"""ITF, the JSON format of traces of Apalache and Quint, in and out: runs in their viewers, and their runs replayed.

Values are strings of words. The request of a step is in the state after it, where Quint's `--mbt` has it:
``mbt::actionTaken`` is its type and ``mbt::nondetPicks`` its fields. The verdict is in ``verdict::`` variables.
Source: Apalache's ADR-015, https://apalache-mc.org/docs/adr/015adr-trace.html.
"""

import json
from enum import Enum
from pathlib import Path
from typing import Any

import attrs

from statemachines.errors import StatemachinesError
from statemachines.files.content import FileError
from statemachines.files.json_file import read_json
from statemachines.files.json_part import JsonPart, JsonPartError
from statemachines.files.shown import printable
from statemachines.language.expression import ranges
from statemachines.language.gates import Verdict
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State, System
from statemachines.language.terms import ASPECTS, Term
from statemachines.semantics.trace import Trace, replay

ACTION, PICKS = "mbt::actionTaken", "mbt::nondetPicks"
START = "init"
"""The action that leads to the first state."""


class TraceFileError(StatemachinesError, ValueError):
    """A file that is no trace of the system: one line that names the file, the key, and what was expected."""


def export_itf(trace: Trace, *, loop: int = 0, of: str = "") -> str:
    """A run as an ITF document.

    Parameters
    ----------
    trace: the run.
    loop: how many of the last requests go on for ever.
    of: what it is a run of, in words; by default the system's name.

    Examples
    --------
    >>> from examples.parcel_locker import Put, system
    >>> document = json.loads(export_itf(replay(system, system.state(), [Put()])))
    >>> [(state["mbt::actionTaken"], state["box"]) for state in document["states"]]
    [('init', 'empty'), ('Put', 'holds a parcel')]
    """
    states = [_state(trace.start, None, None)]
    states += [_state(step.after, step.request, step.verdict) for step in trace.steps]
    document = {
        "#meta": {"format": "ITF", "description": f"a run of {of or trace.system.name}"},
        "vars": [*trace.system.state_type.names, ACTION, PICKS, *(f"verdict::{aspect}" for aspect in ASPECTS)],
        "states": [{"#meta": {"index": index}, **state} for index, state in enumerate(states)],
        **({} if not loop else {"loop": len(states) - loop}),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _state(state: State, request: Request | None, verdict: Verdict | None) -> dict[str, object]:
    fields = request.as_dict() if request else {"type": START}
    shown = {aspect: getattr(verdict, aspect, None) for aspect in ASPECTS}
    return {
        **{name: str(value.value) for name, value in state.as_dict().items()},
        ACTION: fields.pop("type"),
        PICKS: {name: {"tag": "Some", "value": word} for name, word in fields.items()},
        **{f"verdict::{aspect}": "" if value is None else str(value.value) for aspect, value in shown.items()},
    }


@attrs.frozen(eq=False)
class ReplayedTrace:
    """A trace from elsewhere, and what the system does.

    Parameters
    ----------
    trace: the run that the system makes of the trace's requests, from its first state.
    differences: where a state of the trace is another one, in words, in order.
    """

    trace: Trace
    differences: tuple[str, ...]


def replay_itf(system: System, document: object, name: str = "the trace") -> ReplayedTrace:
    """A trace's requests sent to the system, and its states compared with the system's.

    A variable that the trace lacks has its usual value at the start, and is not compared. A value is a string (its
    words, or its name), an integer, or a tagged value whose tag is its name. ``verdict::`` variables are compared, too.

    Parameters
    ----------
    document: what the JSON says, as `json.loads` gives it.
    name: what errors call the file.

    Raises
    ------
    TraceFileError: if it is not ITF, or has a value or a request that the system does not know.
    """
    try:
        states = JsonPart(document, name).key("states").parts()
        if not states:
            raise JsonPart(document, name).key("states").error("a list of states, with one at least")
        values = [_values(system, part) for part in states]
        requests = [_request(system, part) for part in states[1:]]
        with_verdicts = [_verdict(part) for part in states[1:]]
    except JsonPartError as error:
        raise TraceFileError(str(error)) from None
    trace = replay(system, system.state(**values[0]), requests)
    differences: list[str] = []
    for index, (step, given, shown) in enumerate(zip(trace.steps, values[1:], with_verdicts, strict=True), 1):
        there = step.after.as_dict()
        differences += [
            f"states[{index}]: {variable} is {str(value.value)!r}, and {there[variable].value!r} after {step.request}"
            for variable, value in given.items()
            if there[variable] is not value
        ]
        differences += [
            f"states[{index}]: the {aspect} is {word!r}, and {_said(step.verdict, aspect)!r} to {step.request}"
            for aspect, word in shown.items()
            if word != _said(step.verdict, aspect) and aspect not in step.verdict.unspecified
        ]
    return ReplayedTrace(trace, tuple(differences))


def read_itf(system: System, path: Path) -> ReplayedTrace:
    """The same of a file; see `replay_itf`. Raises `TraceFileError` if it cannot be read, too."""
    try:
        document = read_json(path)
    except FileError as error:
        raise TraceFileError(str(error)) from None
    return replay_itf(system, document, printable(str(path)))


def _said(verdict: Verdict, aspect: str) -> str:
    value = getattr(verdict, aspect)
    return "" if value is None else str(value.value)


def _values(system: System, part: JsonPart) -> dict[str, Enum]:
    there = part.keys_there()
    return {one.name: _value(one, there[one.name]) for one in system.variables if one.name in there}


def _verdict(part: JsonPart) -> dict[str, str]:
    there = part.keys_there()
    return {aspect: there[f"verdict::{aspect}"].text() for aspect in ASPECTS if f"verdict::{aspect}" in there}


def _request(system: System, part: JsonPart) -> Request:
    kinds: dict[str, RequestType] = {kind.name: kind for kind in system.requests}
    kind = part.key(ACTION).one_of(kinds)
    picks = part.key(PICKS).keys_there() if kind.fields else {}
    values = {}
    for field in kind.fields:
        if field.name not in picks:
            raise part.key(PICKS).error(f"the field {field.name!r} of {kind.name}")
        values[field.name] = _value(field, picks[field.name])
    return kind(**values)


def _value(term: Term[Enum], part: JsonPart) -> Enum:
    content: Any = part.content
    if isinstance(content, dict) and content.get("tag") == "Some":
        return _value(term, part.key("value"))
    if isinstance(content, dict):
        content = content.get("#bigint", content.get("tag"))
    for value in term.domain:
        if type(content) in {int, str} and str(content) in {str(value.value), value.name}:
            return value
    known = ranges(term.domain) if term.counts else ", ".join(repr(str(value.value)) for value in term.domain)
    raise part.error(f"one of: {known}")
