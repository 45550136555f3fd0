"""Targets in Python, in this process: an object that a factory makes."""

import time
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from properties.conformance.observation import Observation
from properties.conformance.statement import Statement
from properties.conformance.targets.answers import VerdictReader
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour
from properties.conformance.targets.target import PATIENCE, Limits
from properties.conformance.targets.time_limit import CallOverdue, alarm
from statemachines.files.shown import printable, shown
from statemachines.language.requests import Request
from statemachines.language.system import State

T = TypeVar("T")


class PythonTarget:
    """A target in this process.

    A call that takes too long is interrupted where the operating system allows it, and the target is made anew (see
    `properties.conformance.targets.time_limit`). Code that cannot be interrupted, or that ends the whole process, needs
    a process of its own: ``python -m properties.conformance.targets.json_lines_server package.module:factory``.

    Parameters
    ----------
    factory: makes the object, with `reset` and `send`, perhaps `look`, `statement`, `settled` and `close`.
    limits: how long it may take.
    reader_for: makes the reader of its verdicts from a statement.

    Raises
    ------
    Misbehaved: if the factory does.
    ValueError: if what it makes has no `reset` or no `send`.
    """

    def __init__(self, factory: Callable[[], Any], limits: Limits, reader_for: Callable[[Any], VerdictReader]) -> None:
        self._factory, self._limits = factory, limits
        self._hung = 0
        self._made: Any = self._within(limits.start_seconds, "to be made", factory)
        if lacking := [name for name in ("reset", "send") if not callable(getattr(self._made, name, None))]:
            raise ValueError(
                f"a {type(self._made).__name__} has no method {' and no method '.join(lacking)}; "
                "what is declared is given with --system"
            )
        state = getattr(self._made, "statement", None)
        self._reader = reader_for(self._within(limits.start_seconds, "to say what it supports", state) if state else {})

    @property
    def statement(self) -> Statement:
        """What it supports."""
        return self._reader.statement

    def reset(self, state: State) -> None:
        """Be in this state; a target that hung is made anew."""
        if self._made is None:
            self._make_anew()
        words = {name: str(value.value) for name, value in state.as_dict().items()}
        self._timed("reset", lambda: self._made.reset(words))

    def send(self, request: Request) -> Observation:
        """Process the request."""
        if self._made is None:
            raise Misbehaved(Misbehaviour.HANGS, "it hung before, and was not reset since")
        words = request.as_dict()
        verdict = self._timed("send", lambda: self._made.send(words))
        state = self._timed("look", self._made.look) if hasattr(self._made, "look") else None
        verdict, state = (dict(one) if isinstance(one, Mapping) else one for one in (verdict, state))
        return self._reader.observation(request, verdict, state=state)

    def settled(self) -> bool:
        """Whether it is at rest."""
        if self._made is None:
            raise Misbehaved(Misbehaviour.HANGS, "it hung before, and was not reset since")
        if not hasattr(self._made, "settled"):
            raise Misbehaved(Misbehaviour.REFUSES, "its statement says how it settles, and it has no method settled")
        return bool(self._timed("settled", self._made.settled))

    def close(self) -> None:
        """Let the target tidy up."""
        made, self._made = self._made, None
        if hasattr(made, "close"):
            with suppress(Misbehaved, CallOverdue), alarm(self._limits.grace(self._limits.answer_seconds)):
                _called(made.close)

    def _make_anew(self) -> None:
        if self._hung > self._limits.restarts:
            raise Misbehaved(Misbehaviour.GONE, f"it hung {self._hung} times, and is not made anew any more")
        try:
            self._made = self._within(self._limits.start_seconds, "to be made", self._factory)
        except Misbehaved as again:
            self._hung = self._limits.restarts + 1
            raise Misbehaved(Misbehaviour.GONE, f"it cannot be made anew: {again.detail}") from None

    def _timed(self, what: str, call: Callable[[], T]) -> T:
        limit = self._limits.answer_seconds
        started = time.monotonic()
        try:
            returned = self._within(limit * PATIENCE, f"to {what}", call)
        except Misbehaved as error:
            if error.kind is Misbehaviour.HANGS:
                self._made = None
                self._hung += 1
            raise
        taken = time.monotonic() - started
        if taken > limit:
            raise Misbehaved(Misbehaviour.LATE, f"it took {taken:.3g} s to {what}, expected at most {limit:g} s")
        return returned

    def _within(self, seconds: float, what: str, call: Callable[[], T]) -> T:
        """What the target's own code returns, or how it misbehaved."""
        try:
            with alarm(self._limits.within(seconds)):
                return _called(call)
        except CallOverdue:
            detail = f"it had not come {what} after {seconds:g} s, and was ended"
            self._made = None
            self._limits.expect_time()
            raise Misbehaved(Misbehaviour.HANGS, detail) from None


def _called(call: Callable[[], T]) -> T:
    """What the target's own code returns, or how it crashed."""
    try:
        return call()
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a stranger's code raises
        raise Misbehaved(Misbehaviour.CRASHED, _in_one_line(error)) from None


def _in_one_line(error: BaseException) -> str:
    """An exception in one line, and where it was raised."""
    trace = traceback.extract_tb(error.__traceback__)
    where = f" at {printable(Path(trace[-1].filename).name)}, line {trace[-1].lineno}" if trace else ""
    return f"{printable(type(error).__name__)}: {shown(str(error), 200)}{where}"
