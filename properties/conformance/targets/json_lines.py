"""Targets that are a command: one JSON object per line on standard input and output."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from properties.conformance.targets.answers import VerdictReader, garbage, quoted, refusal
from properties.conformance.targets.messages import MessageTarget
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour
from properties.conformance.targets.process import (
    GRACE_SECONDS,
    MAX_LINE,
    LineTooLong,
    NoLineInTime,
    Process,
    ProcessEnded,
)
from properties.conformance.targets.target import PATIENCE, Limits
from statemachines.files.shown import shown
from statemachines.language.system import State

_END_SECONDS = 1.0
"""How long a command that closed its output has to end, so that its exit code is known."""


class JsonLinesTarget(MessageTarget):
    """A target in a process of its own.

    Parameters
    ----------
    command: that starts it.
    limits: how long it may take.
    reader_for: makes the reader of its verdicts from a statement.

    Raises
    ------
    Misbehaved: if it does not come as far as to say what it supports.
    OSError, ValueError: if it cannot be started.
    """

    def __init__(self, command: str, limits: Limits, reader_for: Callable[[Any], VerdictReader]) -> None:
        self._command, self._limits = command, limits
        self._process: Process | None = Process(command)
        self._fresh = True
        self._id = self._lost = 0
        self._given_up: set[int] = set()
        self._why = Misbehaved(Misbehaviour.CRASHED, "it was never started")
        super().__init__(reader_for)

    def reset(self, state: State) -> None:
        """Be in this state; a command that ended is started again."""
        if self._process is None:
            self._restart()
        super().reset(state)

    def close(self) -> None:
        """End it."""
        process, self._process = self._process, None
        if process:
            process.end(self._limits.grace(GRACE_SECONDS))

    def _restart(self) -> None:
        if self._lost > self._limits.restarts:
            raise Misbehaved(
                Misbehaviour.GONE, f"it crashed or hung {self._lost} times; last, it {self._why.kind.value}: "
                f"{self._why.detail}"
            )  # fmt: skip
        try:
            self._process, self._fresh = Process(self._command), True
        except (OSError, ValueError) as error:
            self._lost = self._limits.restarts + 1
            raise Misbehaved(Misbehaviour.GONE, f"it cannot be started again: {error}") from None
        self._given_up.clear()

    def _ask(self, message: Mapping[str, object]) -> Mapping[str, Any]:
        """The answer to a message."""
        if self._process is None:
            raise Misbehaved(self._why.kind, f"{self._why.detail}\n  it was not reset since")
        self._id += 1
        identity, started = self._id, time.monotonic()
        limit = self._limits.start_seconds if self._fresh else self._limits.answer_seconds
        patience = limit if self._fresh else limit * PATIENCE
        deadline = started + self._limits.within(patience)
        what = f"the {message['op']} (message {identity})"
        line = json.dumps({"id": identity, **message}, ensure_ascii=False).encode() + b"\n"
        try:
            self._expect_silence(self._process)
            self._process.write(line, deadline)
            answer = self._answer(self._process, deadline)
        except ProcessEnded:
            raise self._lose(Misbehaviour.CRASHED, f"instead of answering {what}", _END_SECONDS) from None
        except NoLineInTime:
            hangs = self._lose(Misbehaviour.HANGS, f"it had not answered {what} after {patience:g} s")
            self._limits.expect_time()
            raise hangs from None
        except LineTooLong:
            detail = f"instead of an answer to {what} came a line of more than {MAX_LINE} bytes"
            raise self._lose(Misbehaviour.GARBAGE, detail) from None
        except Misbehaved:
            self._given_up.add(identity)
            raise
        taken = time.monotonic() - started
        if not self._fresh and taken > limit:
            raise Misbehaved(Misbehaviour.LATE, f"it answered {what} after {taken:.3g} s, expected within {limit:g} s")
        self._fresh = False
        if "error" in answer:
            raise refusal(what, answer["error"])
        return answer

    def _answer(self, process: Process, deadline: float) -> Mapping[str, Any]:
        """The next answer that is not one to a message that was given up."""
        while True:
            line = process.read_line(deadline)
            if not line.strip():
                continue
            answer = _object(line)
            identity = _number(answer)
            if identity in self._given_up:
                self._given_up.discard(identity)
                continue
            self._expect_current(identity, answer)
            ahead = process.waiting_line()
            if ahead is not None and _identity(ahead) == identity:
                process.read_line(deadline)
                raise Misbehaved(Misbehaviour.ANSWERS_TWICE, f"two answers to message {identity}: {quoted(answer)}")
            return answer

    def _expect_silence(self, process: Process) -> None:
        """Refuse what answers this message before it is sent: a target that guesses is not tested by being asked."""
        while (line := process.unread_line()) is not None:
            identity = _identity(line)
            if identity in self._given_up:
                self._given_up.discard(identity)
            elif line.strip():
                if identity is not None:
                    self._expect_current(identity, _object(line))
                detail = f"before message {self._id} was sent came '{_beginning(line)}'"
                raise self._lose(Misbehaviour.GARBAGE, detail)

    def _expect_current(self, identity: int, answer: Mapping[str, Any]) -> None:
        if 0 < identity < self._id:
            raise Misbehaved(
                Misbehaviour.ANSWERS_TWICE, f"another answer to message {identity}, after that was answered"
            )
        if identity != self._id:
            raise garbage(f"an answer to message {identity}, expected one to message {self._id}: {quoted(answer)}")

    def _lose(self, kind: Misbehaviour, detail: str, grace: float = 0.0) -> Misbehaved:
        """End what is left of the process, which has a moment to end by itself; what to raise."""
        if self._process:
            ended = self._process.end(grace)
            self._why = Misbehaved(kind, f"{detail}; {ended}{self._process.last_errors()}")
        self._process = None
        self._lost += 1
        return self._why


def _object(line: bytes) -> Mapping[str, Any]:
    """The object that a line is."""
    try:
        content = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        why = "not UTF-8" if isinstance(error, UnicodeDecodeError) else "not JSON"
        raise garbage(
            f"a line that is {why}: '{_beginning(line)}'; standard output is for answers only, anything else goes to "
            "standard error"
        ) from None
    if not isinstance(content, dict):
        raise garbage(f"a line that is not a JSON object: {quoted(content)}")
    return content


def _number(answer: Mapping[str, Any]) -> int:
    """The id of an answer."""
    identity = answer.get("id")
    if type(identity) is not int:
        raise garbage(f'the answer has no "id" that is a whole number: {quoted(answer)}')
    return identity


def _beginning(line: bytes) -> str:
    return shown(line[:200].decode("utf-8", "backslashreplace"), 120)


def _identity(line: bytes) -> int | None:
    """The id of the answer that a line is, if it is one."""
    with suppress(Misbehaved):
        return _number(_object(line))
    return None
