"""The sequences of AALpy's conformance tests: what its equivalence oracles send to a system that never differs."""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from aalpy.automata import MealyMachine, MealyState
from aalpy.base import SUL
from aalpy.oracles import RandomWMethodEqOracle, WMethodEqOracle

from properties.conformance.suite.w_method import FiniteMachine, distinguishing

WALKS = 10_000
"""Random walks from each state: more than any budget has requests for."""


class UsedUpError(Exception):
    """The budget is used up."""


class Recorder(SUL):  # type: ignore[misc]  # AALpy has no types
    """A system under test that keeps what it is sent."""

    def __init__(self, of: FiniteMachine, budget: int) -> None:
        super().__init__()
        self.of, self.left = of, budget
        self.state = 0
        self.sent: list[list[int]] = []

    def pre(self) -> None:
        """Start anew."""
        self.state = 0
        self.sent.append([])

    def post(self) -> None:
        """There is nothing to end."""

    def step(self, letter: int) -> object:
        """What is shown of the verdict."""
        if not self.left:
            raise UsedUpError
        self.left -= 1
        self.sent[-1].append(letter)
        shown = self.of.shown[self.state][letter]
        self.state = self.of.after[self.state][letter]
        return shown


def w_method(of: FiniteMachine, budget: int, _: int) -> list[list[int]]:
    """For one state more."""
    return _sent(of, budget, lambda inputs, sul: WMethodEqOracle(inputs, sul, len(distinguishing(of)[0]) + 1))


def random_w_method(of: FiniteMachine, budget: int, seed: int) -> list[list[int]]:
    """Random walks from each state, each with an end that distinguishes states."""
    random.seed(seed)
    return _sent(of, budget, lambda inputs, sul: RandomWMethodEqOracle(inputs, sul, walks_per_state=WALKS))


def _sent(of: FiniteMachine, budget: int, make: Callable[[list[int], Recorder], Any]) -> list[list[int]]:
    first, classes = distinguishing(of)  # of equivalent states, which AALpy cannot tell apart, it is given one
    number = {classes[state][-1]: at for at, state in enumerate(first)}
    states = [MealyState(f"s{at}") for at in range(len(first))]
    for one, made in zip(first, states, strict=True):
        made.prefix = tuple(of.ways[one])
        for at in range(len(of.requests)):
            made.transitions[at] = states[number[classes[of.after[one][at]][-1]]]
            made.output_fun[at] = of.shown[one][at]
    recorder = Recorder(of, budget)
    with suppress(UsedUpError):
        make(list(range(len(of.requests))), recorder).find_cex(MealyMachine(states[0], states))
    return recorder.sent
