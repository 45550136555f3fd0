"""What every target is, whatever protocol it speaks, and the time that it has."""

from typing import Protocol

import attrs

from properties.conformance.observation import Observation
from properties.conformance.statement import Statement
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
    run_seconds: within which a campaign has to end; it looks at this between requests.
    restarts: how often it is started again after it crashed or hung; after that it is GONE.
    """

    answer_seconds: float = 10.0
    start_seconds: float = 30.0
    run_seconds: float | None = None
    restarts: int = 10


class Target(Protocol):
    """A system under test. Every call may raise `Misbehaved`, and ends within the limits."""

    @property
    def statement(self) -> Statement:
        """What it supports."""

    def reset(self, state: State) -> None:
        """Be in this state, whatever was before."""

    def send(self, request: Request) -> Observation:
        """Process the request, or be told of the event, and show what becomes of it."""

    def close(self) -> None:
        """End it, and whatever was started for it; never raises, and may be called twice."""
