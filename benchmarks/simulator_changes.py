"""Changes of the example simulator, by which faults are made that it has no switch for."""

from collections.abc import Callable

import attrs

from examples.simulator.answers import Answer
from examples.simulator.requests import ServiceRequest
from examples.simulator.simulator import Message, Simulator
from examples.simulator.target import LookingTarget, Target


@attrs.frozen
class StrangeFault:
    """A fault: the ids of the rules whose words it breaks, and what makes it in a simulator."""

    rules: tuple[str, ...]
    make: Callable[[Simulator], None]

    @property
    def sentence(self) -> str:
        """What the simulator then does."""
        return self.make.__doc__ or ""


Change = Callable[[Simulator], None]
"""What makes a fault in a simulator."""


def breaks(into: dict[str, StrangeFault], *rules: str) -> Callable[[Change], Change]:
    """Keeps a fault that breaks these rules among others, by its name."""

    def kept(make: Change) -> Change:
        into[make.__name__.replace("_", "-")] = StrangeFault(rules, make)
        return make

    return kept


class StrangeTarget(Target):
    """A simulator with one of these faults."""

    def __init__(self, fault: StrangeFault) -> None:
        super().__init__()
        self.strange = fault

    def reset(self, state: dict[str, str]) -> None:
        """Start again, in that state."""
        super().reset(state)
        self.strange.make(self.simulator)


class StrangeLookingTarget(StrangeTarget, LookingTarget):
    """One that shows its state."""


def let_in_as(simulator: Simulator, alike: Callable[[ServiceRequest], ServiceRequest]) -> None:
    """The DSP looks at another request than the one that it then passes on."""
    let_in = simulator.dsp.let_in
    simulator.dsp.let_in = lambda request: let_in(alike(request))  # type: ignore[method-assign]


def processed_as(simulator: Simulator, alike: Callable[[ServiceRequest], ServiceRequest]) -> None:
    """The S1SP looks at another request than the one that it then passes on."""
    process = simulator.s1sp.process
    simulator.s1sp.process = lambda request: process(alike(request))  # type: ignore[method-assign]


def happens(simulator: Simulator, event: str, otherwise: Callable[[Message], Answer | None]) -> None:
    """An event happens in another way."""
    simulator._events[event] = otherwise  # the fault is in there


def activates(simulator: Simulator, name: str, otherwise: Callable[[str, str], str | None]) -> None:
    """A device activates in another way, where that says what was done."""
    device = simulator.dcc.installation.devices[name]
    usual = device.activate
    device.activate = lambda image, timing, fault: otherwise(image, timing) or usual(image, timing, fault)  # type: ignore[method-assign]
