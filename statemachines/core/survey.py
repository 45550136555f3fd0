"""A survey of a whole system: is it total and deterministic, and is everything in it alive?"""

from collections.abc import Iterator
from enum import Enum

import attrs
import numpy as np
import numpy.typing as npt

from statemachines.core.errors import DeclarationError
from statemachines.core.explore import Outcome, Space, explore, outcome
from statemachines.core.lifecycle import Transition
from statemachines.core.system import System


@attrs.frozen(eq=False)
class Survey:
    """What was found in every reachable state on every request.

    Parameters
    ----------
    space: the reachable states.
    pairs: how many (state, request) pairs were looked at.
    transitions: how many of them change the state.
    not_total: for each request without a verdict somewhere: which, and where.
    not_deterministic: for each two transitions that can fire at once: which, where, and on what.
    dead: states that nothing reaches, transitions that never fire, checks that never decide.
    """

    space: Space
    pairs: int
    transitions: int
    not_total: tuple[str, ...]
    not_deterministic: tuple[str, ...]
    dead: tuple[str, ...]

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that is wrong."""
        return (*self.not_total, *self.not_deterministic, *self.dead)

    def raise_first(self) -> None:
        """Raise `DeclarationError` for the first problem, if there is one."""
        for problem in self.problems:
            raise DeclarationError(f"system {self.space.system.name!r}: {problem}")


def survey(system: System) -> Survey:
    """Look at every request in every reachable state."""
    counts = Counts(explore(system))
    for grounded in counts.space.grounded:
        counts.add(outcome(grounded, counts.space.columns))
    return counts.survey()


class Counts:
    """A survey in the making: add the outcome of every request, then ask for it."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self.transitions = 0
        self.not_total: list[str] = []
        self.not_deterministic: list[str] = []
        self.fired: set[Transition] = set()
        self.decided: set[tuple[Enum, str]] = set()

    def survey(self) -> Survey:
        """What was found."""
        return Survey(
            self.space,
            len(self.space) * len(self.space.grounded),
            self.transitions,
            tuple(self.not_total),
            tuple(self.not_deterministic),
            tuple(self._dead()),
        )

    def add(self, result: Outcome) -> None:
        """Look at one request's outcome."""
        request = result.grounded.request
        silent = result.ruling < 0
        if silent.any():
            self.not_total.append(f"{request!r} has no verdict in {self.space.state(int(silent.argmax()))!r}")
        deciding = np.bincount(result.ruling + 1, minlength=len(result.grounded.rulings) + 1)
        for ruling, times in zip(result.grounded.rulings, deciding[1:], strict=True):
            if times and ruling.verdict.label:
                self.decided.add((ruling.verdict.at, ruling.verdict.label))
        changed: npt.NDArray[np.bool_] = np.zeros(len(self.space), dtype=bool)
        for at, (move, fires) in enumerate(zip(result.grounded.moves, result.fired, strict=True)):
            if fires.any():
                self.fired.add(move.transition)
            variable = move.lifecycle.variable
            if variable.name in self.space.columns.names:
                changed |= fires & (self.space.columns.of(variable) != variable.position(move.transition.target))
            for other, also in list(zip(result.grounded.moves, result.fired, strict=True))[at + 1 :]:
                if other.lifecycle is move.lifecycle and (fires & also).any():
                    state = self.space.state(int((fires & also).argmax()))
                    self.not_deterministic.append(
                        f"lifecycle {move.lifecycle.name!r}: two transitions can fire at once, {move.transition} and "
                        f"{other.transition}: in {state!r}, on {request!r}"
                    )
        self.transitions += int(changed.sum())

    def _dead(self) -> Iterator[str]:
        for variable, column in zip(self.space.variables, self.space.columns.arrays, strict=True):
            seen = set(np.unique(column).tolist())
            for at, value in enumerate(variable.domain):
                if at not in seen:
                    yield f"lifecycle {variable.name!r}: nothing reaches the state {value.name}"
        for lifecycle in self.space.system.lifecycles:
            for transition in lifecycle.transitions:
                if transition not in self.fired:
                    yield f"lifecycle {lifecycle.name!r}: the transition {transition} can never fire"
        for gate in self.space.system.gates:
            for check in gate.checks:
                if (gate.party, check.label) not in self.decided:
                    yield f"the check {check.label!r} at {gate.party.name} never decides anything"
