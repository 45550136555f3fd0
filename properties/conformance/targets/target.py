"""The interface of every target, whatever its protocol, and its time limits."""

import math
import time
from typing import Protocol

import attrs

from properties.conformance.observation import Observation
from properties.conformance.statement import Statement
from properties.conformance.targets.misbehaviour import OutOfTime
from statemachines.language.requests import Request
from statemachines.language.system import State

PATIENCE = 2
"""An answer is late after the time for an answer; after this many times as long the target hangs."""


@attrs.frozen
class Limits:
    """How long a target may take, and how often it may fall over.

    Parameters
    ----------
    answer_seconds: within which it has to answer. What comes later is LATE; when nothing has come after twice the
        time, the target HANGS, and is ended.
    start_seconds: within which it has to give its first answer after it was started.
    run_seconds: within which a whole layer has to end, whatever a target does.
    restarts: how often it is started again after it crashed or hung; after that it is GONE.
    ends: when the layer has to end, by `time.monotonic`.
    """

    answer_seconds: float = 10.0
    start_seconds: float = 30.0
    run_seconds: float | None = None
    restarts: int = 10
    ends: float = math.inf

    def begun(self) -> "Limits":
        """The same, where the time for the layer begins now."""
        return self if self.run_seconds is None else attrs.evolve(self, ends=time.monotonic() + self.run_seconds)

    @property
    def over(self) -> bool:
        """Whether the time for the layer is over."""
        return time.monotonic() >= self.ends

    def expect_time(self) -> None:
        """Raise `OutOfTime` once the time for the layer is over."""
        if self.over:
            raise OutOfTime(f"the time limit of {self.run_seconds:g} s was over")

    def within(self, seconds: float) -> float:
        """So many seconds, or as many as are left of the time for the layer.

        Raises
        ------
        OutOfTime: if none are.
        """
        self.expect_time()
        return min(seconds, self.ends - time.monotonic())

    def grace(self, seconds: float) -> float:
        """So many seconds, or half a one where the time for the layer is over: how long a target has to end."""
        return max(min(seconds, self.ends - time.monotonic()), 0.5)


class Target(Protocol):
    """A system under test. Every call may raise `Misbehaved` or `OutOfTime`, and ends within the limits."""

    @property
    def statement(self) -> Statement:
        """What it supports."""

    def reset(self, state: State) -> None:
        """Be in this state, whatever was before."""

    def send(self, request: Request) -> Observation:
        """Process the request, or take notice of the event; what the target shows of its verdict."""

    def settled(self) -> bool:
        """Whether it is at rest; asked of a target alone whose statement says that it has to be."""

    def close(self) -> None:
        """End it, and whatever was started for it; never raises, and may be called twice."""
