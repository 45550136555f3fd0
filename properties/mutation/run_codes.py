"""Runs as numbers, in which processes exchange starts and requests, which are compared by identity."""

from collections.abc import Sequence

from statemachines.language.requests import Request
from statemachines.language.system import State, System

Coded = tuple[tuple[int, ...], tuple[int, ...]]
"""A run: the position of each value of its start, and the index of each of its requests."""


class RunCodes:
    """The numbers of a system's values and requests; the same in every process that was forked from this one."""

    def __init__(self, system: System) -> None:
        self.system = system
        self._requests = tuple(system.all_requests())
        self._indices = {request: index for index, request in enumerate(self._requests)}

    def coded(self, start: State, requests: Sequence[Request]) -> Coded:
        """The numbers of a run."""
        values = zip(self.system.variables, start, strict=True)
        return (
            tuple(variable.position(value) for variable, value in values),
            tuple(self._indices[request] for request in requests),
        )

    def run(self, coded: Coded) -> tuple[State, tuple[Request, ...]]:
        """The start and the requests that have these numbers."""
        positions, indices = coded
        values = zip(self.system.variables, positions, strict=True)
        start = self.system.state(**{variable.name: variable.domain[position] for variable, position in values})
        return start, tuple(self._requests[index] for index in indices)
