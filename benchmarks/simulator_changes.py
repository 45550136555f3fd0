"""Changes of the example simulator, by which faults are made that it has no switch for."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from unittest.mock import patch

import attrs

from examples.simulator.answers import Answer, CannotHappen, Refusal
from examples.simulator.requests import ServiceRequest
from examples.simulator.simulator import Message, Simulator
from examples.simulator.target import LookingTarget, Target
from examples.simulator.words import GSME, SUPPLIERS, Status


@attrs.frozen
class StrangeFault:
    """A fault.

    Parameters
    ----------
    rules: the ids of the rules whose words it breaks.
    wrong: the labels of the declarations that a system with this fault has wrong; `*` stands for anything in one.
    make: makes it in a simulator.
    """

    rules: tuple[str, ...]
    wrong: tuple[str, ...]
    make: Callable[[Simulator], None]

    @property
    def sentence(self) -> str:
        """What the simulator then does."""
        return self.make.__doc__ or ""


Change = Callable[[Simulator], None]
"""What makes a fault in a simulator."""


def breaks(into: dict[str, StrangeFault], *rules: str, wrong: tuple[str, ...]) -> Callable[[Change], Change]:
    """Keeps a fault that breaks these rules, in these declarations, among others, by its name."""

    def kept(make: Change) -> Change:
        into[make.__name__.replace("_", "-")] = StrangeFault(rules, wrong, make)
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


Step = Callable[[ServiceRequest], None]
"""What a party does with a request; it raises a refusal."""


def lets_in(simulator: Simulator, otherwise: Callable[[ServiceRequest, Step], None]) -> None:
    """The DSP lets a request in otherwise, which may do what is usual."""
    usual = simulator.dsp.let_in
    simulator.dsp.let_in = lambda request: otherwise(request, usual)  # type: ignore[method-assign]


def processes(simulator: Simulator, otherwise: Callable[[ServiceRequest, Step], None]) -> None:
    """The S1SP processes a request otherwise, which may do what is usual."""
    usual = simulator.s1sp.process
    simulator.s1sp.process = lambda request: otherwise(request, usual)  # type: ignore[method-assign]


def countersigns(simulator: Simulator, otherwise: Callable[[ServiceRequest, Step], None]) -> None:
    """The DCO countersigns a request otherwise, which may do what is usual."""
    usual = simulator.dco.countersign
    simulator.dco.countersign = lambda request: otherwise(request, usual)  # type: ignore[method-assign]


def overlooks(simulator: Simulator, where: Callable[[ServiceRequest, Answer], bool]) -> None:
    """The DSP lets in a request that it refuses, where this is so of the request and the refusal."""

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        try:
            let_in(request)
        except Refusal as refusal:
            if not where(request, refusal.answer):
                raise

    lets_in(simulator, looked_at)


def asks_first(simulator: Simulator, instead_of: str, ask: Step) -> None:
    """The DSP asks something before what refuses for this reason."""

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        try:
            let_in(request)
        except Refusal as refusal:
            if refusal.answer.reason == instead_of:
                ask(request)
            raise

    lets_in(simulator, looked_at)


def refuses_as(simulator: Simulator, where: Callable[[ServiceRequest, Answer], bool], instead: Refusal) -> None:
    """The S1SP refuses a request in another way, where this is so of the request and the usual refusal."""

    def processed(request: ServiceRequest, process: Step) -> None:
        try:
            process(request)
        except Refusal as refusal:
            if where(request, refusal.answer):
                raise instead.with_traceback(None) from None
            raise

    processes(simulator, processed)


def lets_in_with_status(simulator: Simulator, srv: str, status: Status, other: Status) -> None:
    """The DSP lets in requests of the SRV to a device of one status as if it were of another."""

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        device = simulator.dcc.installation.device(request.device) if request.srv == srv else None
        seen = patch.object(device, "status", other) if device and device.status is status else nullcontext()
        with seen:
            let_in(request)

    lets_in(simulator, looked_at)


def let_in_as(simulator: Simulator, alike: Callable[[ServiceRequest], ServiceRequest]) -> None:
    """The DSP looks at another request than the one that it then passes on."""
    lets_in(simulator, lambda request, let_in: let_in(alike(request)))


def as_if_sent_by_its_own(simulator: Simulator, where: Callable[[ServiceRequest], bool]) -> None:
    """Where this is so, the DSP takes the request for one of the Supplier whose device it is."""
    home = simulator.dcc.installation

    def alike(one: ServiceRequest) -> ServiceRequest:
        own = home.gas_supplier if one.device == GSME else home.electricity_supplier
        return replace(one, sender=own) if own in SUPPLIERS and where(one) else one

    let_in_as(simulator, alike)


def processed_as(simulator: Simulator, alike: Callable[[ServiceRequest], ServiceRequest]) -> None:
    """The S1SP looks at another request than the one that it then passes on."""
    processes(simulator, lambda request, process: process(alike(request)))


def happens(simulator: Simulator, event: str, otherwise: Callable[[Message], Answer | None]) -> None:
    """An event happens in another way."""
    simulator._events[event] = otherwise  # the fault is in there


def then(simulator: Simulator, event: str, also: Callable[[Message], None]) -> None:
    """Where the event happens, this happens as well."""
    usual = simulator._events[event]

    def happened(message: Message) -> Answer | None:
        answer = usual(message)
        also(message)
        return answer

    happens(simulator, event, happened)


def only_if(simulator: Simulator, event: str, can: Callable[[Message], bool], reason: str) -> None:
    """The event cannot happen but where this is so."""
    usual = simulator._events[event]

    def happened(message: Message) -> Answer | None:
        if not can(message):
            raise CannotHappen(reason)
        return usual(message)

    happens(simulator, event, happened)


def compared_as(simulator: Simulator, alike: Callable[[str], str]) -> None:
    """The validation of data takes an MPRN for another one."""
    validate = simulator.migration.validate
    happens(simulator, "ValidateData", lambda event: validate(alike(event["mprn"])))


def at_device(
    simulator: Simulator,
    after: Callable[[ServiceRequest, Answer], Answer],
    before: Callable[[ServiceRequest], None] = lambda _: None,
) -> None:
    """What comes to a device is answered otherwise, once it was carried out as usual."""
    usual = simulator._at_device

    def done(request: ServiceRequest) -> Answer:
        before(request)
        return after(request, usual(request))

    simulator._at_device = done  # type: ignore[method-assign]


def steps_as(simulator: Simulator, which: str, otherwise: Callable[[Callable[[str], None]], None]) -> None:
    """A step of a request's course goes otherwise."""
    take = simulator.course.take
    simulator.course.take = lambda step: otherwise(take) if step == which else take(step)  # type: ignore[method-assign]


def carried_out_as(simulator: Simulator, after: Callable[[ServiceRequest, Answer], Answer]) -> None:
    """What the DSP carries out itself is answered otherwise, once it was carried out as usual."""
    usual = simulator.dsp.carry_out
    simulator.dsp.carry_out = lambda request: after(request, usual(request))  # type: ignore[method-assign]


def activates(simulator: Simulator, name: str, otherwise: Callable[[str, str], str | None]) -> None:
    """A device activates in another way, where that says what was done."""
    device = simulator.dcc.installation.devices[name]
    usual = device.activate
    device.activate = lambda image, timing, fault: otherwise(image, timing) or usual(image, timing, fault)  # type: ignore[method-assign]
