"""Targets that answer first and act later: each step waits until the target is at rest."""

import time

import attrs

from properties.conformance.observation import Observation
from properties.conformance.statement import Settles, Statement
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour
from properties.conformance.targets.target import PATIENCE, Limits, Target
from properties.walks.runs import oracle
from statemachines.language.requests import Request
from statemachines.language.system import State, System

POLL_SECONDS = 0.02

PAUSES = (0.02, 0.1, 0.25)
"""Seconds after which it is tried whether one has settled that does not say how it does; it is then waited for twice as
long."""


@attrs.define(eq=False)
class SettlingTarget:
    """A target that is waited for after each request that changes something in the reference, and before a reset.

    Parameters
    ----------
    target: that is waited for.
    system: the reference.
    limits: how long it may take.
    pause: for how many seconds, where its statement does not say how it settles.
    """

    target: Target
    system: System
    limits: Limits
    pause: float = 0.0
    _state: State | None = attrs.field(init=False, default=None)
    _moving: bool = attrs.field(init=False, default=True)  # whatever was before may still come

    @property
    def statement(self) -> Statement:
        """What it supports."""
        return self.target.statement

    def reset(self, state: State) -> None:
        """Be in this state, once it is at rest."""
        if self._moving:
            self.rest()
        self.target.reset(state)
        self._state = state

    def send(self, request: Request) -> Observation:
        """Process the request, and come to rest."""
        seen = self.target.send(request)
        self._moving = True
        before, after = self._state, None
        if before is not None:
            after, _ = oracle(self.system).decide(before, request)
            self._state = after
        if after == before:
            return seen
        self.rest()
        return attrs.evolve(seen, after={})  # what it showed before it was at rest is not how it is now

    def rest(self) -> None:
        """Wait until it is at rest."""
        self._moving = False
        how = self.statement.settle
        if not isinstance(how, Settles):
            time.sleep(self.limits.within(how or self.pause))
            return
        seconds = self.limits.answer_seconds * PATIENCE
        deadline = time.monotonic() + self.limits.within(seconds)
        while not self.target.settled():
            if how is Settles.EVENT:
                raise Misbehaved(Misbehaviour.GARBAGE, "it answered that it is not settled, before it was")
            if time.monotonic() + POLL_SECONDS >= deadline:
                self.limits.expect_time()
                raise Misbehaved(Misbehaviour.HANGS, f"it had not settled after {seconds:g} s")
            time.sleep(POLL_SECONDS)

    def settled(self) -> bool:
        """Whether it is at rest."""
        return self.target.settled()

    def close(self) -> None:
        """End it."""
        self.target.close()


def settling(target: Target, system: System, limits: Limits, pause: float = 0.0) -> Target:
    """The target, waited for where it has to be."""
    needed = not isinstance(target, SettlingTarget) and (pause or target.statement.settle)
    return SettlingTarget(target, system, limits, pause) if needed else target
