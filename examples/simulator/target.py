"""The simulator as a target of the conformance suite: what all three protocols need of it."""

from .answers import MessageError
from .faults import Fault
from .simulator import Message, Simulator
from .state import shown, simulator_in

STATEMENT: dict[str, object] = {
    "name": "S1SP and DSP simulator",
    "version": "1",
    "starts": "any",
    "parallel": True,
}
"""It supports every request and event, and shows all of every verdict: there is no more to be said of it."""


class Target:
    """A simulator that takes resets, requests and events in words."""

    def __init__(self, fault: Fault | None = None) -> None:
        self.fault = fault
        self.simulator = Simulator(fault)

    def statement(self) -> dict[str, object]:
        """What it supports."""
        about = f"S1SP and DSP simulator with the fault {self.fault.title}" if self.fault else STATEMENT["name"]
        return {**STATEMENT, "name": about}

    def reset(self, state: dict[str, str]) -> None:
        """Start again, in that state."""
        self.simulator = simulator_in(state, self.fault)

    def send(self, request: Message) -> dict[str, str | None]:
        """The verdict on a request or event."""
        return self.simulator.send(request).as_dict()

    def close(self) -> None:
        """Nothing is left open."""


class LookingTarget(Target):
    """One that shows its state beside each verdict."""

    def look(self) -> dict[str, str]:
        """The state, in the words of a reset."""
        return shown(self.simulator)


def fault_called(name: str) -> Fault:
    """The fault of that name, as the command line spells it, or `MessageError`."""
    for fault in Fault:
        if name.replace("_", "-").lower() == fault.title:
            return fault
    raise MessageError(f"no fault is called {name!r}; --list-faults lists them")
