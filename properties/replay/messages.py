"""Messages of the conformance suite to a target, and its answers, as a log: what a target was sent, and what it said.

Each reset begins a case, whose state it names. A message and its answer have the same ``id``; without one, an answer is
to the oldest message that has none yet.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

import attrs

from properties.replay.mapping import LogMapping
from properties.replay.records import UNKNOWN_WORD, Problems, Record, batches, json_objects
from statemachines.files.shown import printable, shown

OPERATIONS = frozenset({"describe", "reset", "send", "settled"})
"""What a message may be."""


@attrs.define
class _Message:
    """A message whose answer is awaited, or has come."""

    line: int
    content: Mapping[str, Any]
    answer: Mapping[str, Any] | None = None


def read_messages(
    files: Sequence[Path],
    mapping: LogMapping,
    problems: Problems,
    starts: MutableMapping[str, Mapping[str, tuple[Enum, ...]]],
) -> Iterator[tuple[int, Iterable[list[Record]]]]:
    """The records of files of messages, for each file its index and its records in batches.

    Parameters
    ----------
    files: JSON Lines, in the order of what was sent.
    mapping: what the records' columns are.
    problems: where what cannot be read is counted; after a message that was refused, nothing is known until a reset.
    starts: where the state of each case at its reset is entered.
    """
    for index, path in enumerate(files):
        yield index, batches(_records(path, mapping, problems, starts))


def _records(
    path: Path,
    mapping: LogMapping,
    problems: Problems,
    starts: MutableMapping[str, Mapping[str, tuple[Enum, ...]]],
) -> Iterator[Record]:
    name = printable(path.name)
    case: str | None = f"{path.name}:{0:08}"
    starts[f"{path.name}:{0:08}"] = {}
    for message in _answered(path, problems):
        content, answer, where = message.content, message.answer or {}, f"{name}:{message.line}"
        refused = "error" in answer
        if refused:
            problems.add("message that was refused, and what follows it", where, shown(str(answer["error"]), 60))
            case = None
        if content["op"] == "reset" and not refused:
            case = f"{path.name}:{message.line:08}"
            starts[case], unknown = mapping.start(_words(content.get("state")))
            for one in unknown:
                problems.add(UNKNOWN_WORD, where, shown(one))
        elif content["op"] == "send" and case is not None:
            request = _words(content.get("request"))
            fields = {field: word for field, word in request.items() if word is not None}
            yield message.line, mapping.record(case, fields, _words(answer.get("verdict")))


def _answered(path: Path, problems: Problems) -> Iterator[_Message]:
    """The messages in their order, each with its answer if there is one."""
    waiting: deque[_Message] = deque()
    for line, record in json_objects(path, problems):
        if isinstance(record.get("op"), str) and record["op"] in OPERATIONS:
            waiting.append(_Message(line, record))
            continue
        own = next((one for one in waiting if one.content.get("id") == record.get("id")), None)
        if "op" in record or own is None:
            what = f"the op is {record['op']!r}" if "op" in record else "an answer to no message"
            problems.add("broken line", f"{printable(path.name)}:{line}", shown(what, 60))
            continue
        own.answer = record
        while waiting[0] is not own:  # an answer comes before the next message: what is older gets none
            yield waiting.popleft()
        yield waiting.popleft()
    yield from waiting


def _words(content: object) -> dict[str, str | None]:
    """Names and words of an object in JSON; of anything else, none."""
    if not isinstance(content, dict):
        return {}
    return {name: word if word is None else str(word) for name, word in content.items()}
