"""The implementation conformance statement: what a target supports, said by itself or in a file."""

from collections.abc import Mapping
from enum import Enum

import attrs

from properties.runs import ASPECTS
from statemachines.core.requests import Request, RequestType
from statemachines.core.system import State, System
from statemachines.vocabulary import SRV_OF, Device

NOT_LISTED = "its statement does not list it"


class Starts(Enum):
    """In which states a target can be told to be."""

    ANY = "any"
    INITIAL = "initial"


@attrs.frozen(eq=False)
class Statement:
    """What a target supports; everything, if it does not say.

    Parameters
    ----------
    system: the reference.
    name, version: of the target, for reports.
    requests: the Service Requests and events that it can be sent and told.
    devices: the devices that requests may name.
    lifecycles: the names of the variables whose lifecycle it has. One that it does not have stands where it starts.
    only: for a variable or field by name, the values that it knows of, where those are not all.
    observes: the aspects of a verdict that it shows: ``outcome``, ``at``, ``reason``, ``response``.
    exactly: whether every verdict shows all of these, and not only as many as it likes.
    answers_events: whether it says anything of an event that it is told of.
    starts: whether `reset` can put it into any state, or only into one in which the system may start.
    parallel: whether several of it can run at once.
    reasons: for whatever it does not support, by name, why.
    """

    system: System
    name: str = ""
    version: str = ""
    requests: frozenset[RequestType] = attrs.field()
    devices: frozenset[Device] = frozenset(Device)
    lifecycles: frozenset[str] = attrs.field()
    only: Mapping[str, frozenset[Enum]] = attrs.field(factory=dict)
    observes: tuple[str, ...] = ASPECTS
    exactly: bool = False
    answers_events: bool = True
    starts: Starts = Starts.ANY
    parallel: bool = False
    reasons: Mapping[str, str] = attrs.field(factory=dict)

    @requests.default
    def _every_request(self) -> frozenset[RequestType]:
        return frozenset(self.system.requests)

    @lifecycles.default
    def _every_lifecycle(self) -> frozenset[str]:
        return frozenset(self.system.state_type.names)

    def why_not(self, request: Request) -> str | None:
        """Why the target cannot be sent this request or told of this event; ``None`` if it can."""
        if request.type not in self.requests:
            return self._lacking(said(request.type), request.type.name)
        for field, value in zip(request.type.fields, request.values, strict=True):
            if isinstance(value, Device) and value not in self.devices:
                return self._lacking(f"the device {value.value}", value.value)
            if value not in self.only.get(field.name, (value,)):
                return self._lacking(f"{field.label} {value.value}", str(value.value))
        return None

    def why_not_start(self, state: State) -> str | None:
        """Why the target cannot be put into this state; ``None`` if it can."""
        for name, value in state.as_dict().items():
            lifecycle = self.system.lifecycle(name)
            label = lifecycle.variable.label
            if value not in lifecycle.initial and self.starts is Starts.INITIAL:
                return f"it can only be put where an installation starts, and {label} does not start as {value.value}"
            why = self._why_not_value(name, value)
            if why:
                return why
        return None

    def why_not_changes(self, changed: Mapping[str, tuple[Enum, Enum]]) -> str | None:
        """Why the target cannot follow a step that changes these variables, each from what to what."""
        for name, (_, value) in changed.items():
            why = self._why_not_value(name, value)
            if why:
                return why
        return None

    def _why_not_value(self, name: str, value: Enum) -> str | None:
        lifecycle = self.system.lifecycle(name)
        label = lifecycle.variable.label
        if name not in self.lifecycles and value not in lifecycle.initial:
            return self._lacking(f"the lifecycle of {label}", name)
        if value not in self.only.get(name, (value,)):
            return self._lacking(f"{label} {value.value}", str(value.value))
        return None

    def _lacking(self, what: str, name: str) -> str:
        return f"the target does not support {what}: {self.reasons.get(name, NOT_LISTED)}"


def said(kind: RequestType) -> str:
    """A type of request in words, with its SRV."""
    srv = SRV_OF.get(kind, "")
    return f"{kind.label} (SRV {srv})" if srv and srv not in kind.label else kind.label
