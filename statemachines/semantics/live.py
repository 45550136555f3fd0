"""Live machines: each lifecycle as a machine of the `transitions` library, reading the declarations as they stand.

Nothing is grounded or compiled here: conditions are asked of the plain interpreter. That makes it the slowest reading
and an independent one, against which the oracle and the checker are compared.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

import attrs

from statemachines.errors import DeclarationError, expected
from statemachines.extras import optional_imports
from statemachines.language.expression import Moment
from statemachines.language.gates import Verdict
from statemachines.language.lifecycle import Transition
from statemachines.language.requests import Request
from statemachines.language.system import State, System
from statemachines.semantics.decision import interpret
from statemachines.semantics.trace import Step, Trace

with optional_imports():
    from transitions import Machine


@attrs.frozen(eq=False)
class Fired:
    """One arrow that fired: the request, the state it left, the state it entered, and its declaration."""

    request: Request
    source: Enum
    target: Enum
    transition: Transition


@attrs.frozen(eq=False)
class _Asked:
    """A request as it came, and what was so at that moment; every machine of the step reads this."""

    moment: Moment
    verdict: Verdict
    fired: list[Fired] = attrs.field(factory=list)


class _World:
    """The values of all variables; the machines of one live system share it."""

    def __init__(self, system: System, state: State | None) -> None:
        self.system = system
        self.values: dict[str, Enum] = {}
        self.ongoing: _Asked | None = None
        self._latest: tuple[Moment, Verdict] | None = None
        self.state = system.state() if state is None else state

    @property
    def state(self) -> State:
        return self.system.state_type(self.values.values())

    @state.setter
    def state(self, state: State) -> None:
        if type(state) is not self.system.state_type:
            raise DeclarationError(f"system {self.system.name!r}: {state!r} is not a state that its `state` made")
        self.values = state.as_dict()

    def asked(self, request: Request) -> _Asked:
        """The request in the facts as they are, or as they were when the ongoing step began."""
        if self.ongoing and self.ongoing.moment.request is request:
            return self.ongoing
        if self._latest is None or self._latest[0].request is not request or self._latest[0].before != self.values:
            before = dict(self.values)
            self._latest = Moment(before, request), interpret(self.system, before, request)
        return _Asked(*self._latest)


class LiveLifecycle:
    """One lifecycle as a live object: the model of a `transitions.Machine`.

    For each request type of its arrows it has a trigger of that name in snake_case and a ``may_`` before it. Both
    take the request's fields by name, or a `Request` as such. A trigger is true if an arrow fired and false if none
    did; where no arrow leaves the state on such a request at all, it raises ``transitions.MachineError``. An arrow
    fires only where every gate lets the request pass, in the facts as they are.

    Parameters
    ----------
    system: the system that the lifecycle is one of.
    name: the name of its variable.
    facts: the values of all variables around it; by default as the system starts.

    Attributes
    ----------
    machine: the machine, for callbacks; they are given the library's ``EventData``.
    history: every arrow that fired, as `Fired` values.

    Raises
    ------
    DeclarationError: for a lifecycle that the system does not have, and for a trigger whose name is taken.

    >>> from statemachines import Answer, Check, Gate, Lifecycle, Register, RequestType, Rule, System, Variable
    >>> class Lamp(Enum):
    ...     OFF = "off"
    ...     ON = "on"
    >>> class Fuse(Enum):
    ...     WHOLE = "whole"
    ...     BLOWN = "blown"
    >>> class Say(Enum):
    ...     CLICK = "it clicks"
    ...     NOTHING = "nothing happens"
    ...     SWITCH = "switch"
    >>> lamp, fuse = Variable("lamp", Lamp), Variable("fuse", Fuse)
    >>> Press = RequestType("PressSwitch")
    >>> system = System(
    ...     "a lamp",
    ...     Register([Rule("LAMP-1", "Pressing lights.", "the manual"), Rule("LAMP-2", "No fuse, no light.", "it")]),
    ...     lifecycles=[
    ...         Lifecycle(lamp, Lamp.OFF, [Transition(Lamp.OFF, Press, Lamp.ON, rules="LAMP-1")]),
    ...         Lifecycle(fuse, Fuse),
    ...     ],
    ...     requests=[Press],
    ...     gates=[Gate(Say.SWITCH, [Check("the fuse is whole", fails_when=fuse == Fuse.BLOWN, outcome=Say.NOTHING,
    ...                                    reason=Say.NOTHING, rules="LAMP-2")], on=[Press])],
    ...     answers=[Answer([Press], outcome=Say.CLICK, reason=Say.CLICK, rules="LAMP-1")],
    ... )
    >>> live = LiveLifecycle(system, "lamp", system.state(fuse=Fuse.BLOWN))
    >>> live.may_press_switch(), live.press_switch(), live.state
    (False, False, <Lamp.OFF: 'off'>)
    >>> live.facts = system.replace(live.facts, fuse=Fuse.WHOLE)
    >>> live.machine.on_enter_ON(lambda event: print("it is bright"))
    >>> live.press_switch(), live.state
    it is bright
    (True, <Lamp.ON: 'on'>)
    >>> print(live.history[0].transition)
    OFF --PressSwitch--> ON
    """

    def __init__(self, system: System, name: str, facts: State | None = None, *, _world: _World | None = None) -> None:
        self.lifecycle = system.lifecycle(name)
        self.name = name
        self.history: list[Fired] = []
        self._world = _world or _World(system, facts)
        self._kinds = {move.on.trigger: move.on for move in self.lifecycle.transitions}
        for trigger in self._kinds:
            if hasattr(self, trigger) or trigger in {"machine", "trigger"}:
                raise DeclarationError(f"lifecycle {name!r}: the trigger {trigger!r} is taken; rename the request type")
        self.machine = Machine(
            model=self,
            states=list(self.lifecycle.variable.domain),
            initial=self.state,
            auto_transitions=False,
            send_event=True,
            prepare_event=self._prepare,
        )
        for move in self.lifecycle.transitions:
            self.machine.add_transition(
                move.on.trigger,
                list(move.source),
                move.target,
                conditions=[_holds(move)] if move.even_if_refused else [self._passes, _holds(move)],
                before=self._leaving,
                after=self._fired(move),
            )

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Callable[..., bool]: ...

    @property
    def state(self) -> Enum:
        """Where the lifecycle is."""
        return self._world.values[self.name]

    @state.setter
    def state(self, value: Enum) -> None:
        self._world.values[self.name] = self.lifecycle.variable.checked(value)

    @property
    def facts(self) -> State:
        """The values of all variables, this lifecycle's own included; set it to a state of the system."""
        return self._world.state

    @facts.setter
    def facts(self, state: State) -> None:
        self._world.state = state

    def __repr__(self) -> str:
        return f"<LiveLifecycle {self.name}: {self.state.name}>"

    def _prepare(self, event: Any) -> None:
        kind = self._kinds[event.event.name]
        request = event.args[0] if event.args else kind(**event.kwargs)
        if not isinstance(request, Request) or request.type is not kind:
            raise DeclarationError(f"the trigger {kind.trigger!r} takes a {kind.name}, not {request!r}")
        event.asked = self._world.asked(request)

    def _passes(self, event: Any) -> bool:
        asked: _Asked = event.asked
        return asked.verdict.passed

    def _leaving(self, event: Any) -> None:
        event.left = self.state

    def _fired(self, move: Transition) -> Callable[[Any], None]:
        def record(event: Any) -> None:
            fired = Fired(event.asked.moment.request, event.left, self.state, move)
            self.history.append(fired)
            event.asked.fired.append(fired)

        return record


def _holds(move: Transition) -> Callable[[Any], bool]:
    """The arrow's own condition, for the library to ask."""

    def holds(event: Any) -> bool:
        return move.when.holds(event.asked.moment)

    return holds


class LiveSystem:
    """All lifecycles of a system as live machines, in step.

    Parameters
    ----------
    system: the declarations.
    state: where it starts; by default its first initial state.

    Attributes
    ----------
    lifecycles: the live machines, by name; ``live["key_package"]`` is short for ``live.lifecycles["key_package"]``. A
        trigger called on one of them moves that one alone.
    history: every request sent, with its verdict and what it changed.

    >>> from statemachines import Answer, Lifecycle, Register, RequestType, Rule, System, Variable
    >>> class Lamp(Enum):
    ...     OFF = "off"
    ...     ON = "on"
    >>> class Say(Enum):
    ...     CLICK = "it clicks"
    ...     LAMP = "lamp"
    >>> lamp, Press = Variable("lamp", Lamp), RequestType("Press")
    >>> there_and_back = [
    ...     Transition(Lamp.OFF, Press, Lamp.ON, rules="LAMP-1"),
    ...     Transition(Lamp.ON, Press, Lamp.OFF, rules="LAMP-1"),
    ... ]
    >>> live = LiveSystem(System(
    ...     "a lamp",
    ...     Register([Rule("LAMP-1", "Pressing switches.", "the manual")]),
    ...     lifecycles=[Lifecycle(lamp, Lamp.OFF, there_and_back)],
    ...     requests=[Press],
    ...     answers=[Answer([Press], outcome=Say.CLICK, at=Say.LAMP, reason=Say.CLICK, rules="LAMP-1")],
    ... ))
    >>> print(live.send(Press()))
    it clicks at the lamp: it clicks [LAMP-1]
    >>> live.state, live["lamp"].state
    (State(lamp=ON), <Lamp.ON: 'on'>)
    """

    def __init__(self, system: System, state: State | None = None) -> None:
        self.system = system
        self._world = _World(system, state)
        self._start = self._world.state
        self.lifecycles: Mapping[str, LiveLifecycle] = {
            lifecycle.name: LiveLifecycle(system, lifecycle.name, _world=self._world) for lifecycle in system.lifecycles
        }
        self.history: list[Step] = []
        self._triggers = {
            kind: (
                kind.trigger,
                tuple(live for live in self.lifecycles.values() if kind.trigger in live.machine.events),
            )
            for kind in system.requests
        }

    def __getitem__(self, name: str) -> LiveLifecycle:
        self.system.lifecycle(name)
        return self.lifecycles[name]

    @property
    def state(self) -> State:
        """The values of all variables; set it to a state of the system to go there."""
        return self._world.state

    @state.setter
    def state(self, state: State) -> None:
        self._world.state = state

    @property
    def trace(self) -> Trace:
        """The run so far, from where it started; meant for a run whose state was never set."""
        return Trace(self.system, self._start, tuple(self.history))

    def send(self, request: Request) -> Verdict:
        """Ask every machine whether the request fires one of its arrows, and say what `Oracle.decide` would.

        All of them see the facts as they were before the request. If a callback raises, nothing has happened.

        Parameters
        ----------
        request: of one of the system's request types.

        Raises
        ------
        DeclarationError: for what is no request, and for one that the system does not know.
        RuntimeError: from a callback, while another request is being processed.
        """
        expected(request, Request, "what the machines are asked")
        if request.type not in self._triggers:
            known = ", ".join(kind.name for kind in self.system.requests)
            raise DeclarationError(f"system {self.system.name!r} knows no request {request.type.name}; it has {known}")
        if self._world.ongoing:
            raise RuntimeError(
                f"{self._world.ongoing.moment.request!r} is still being processed: send {request!r} after it"
            )
        before = self._world.state
        asked = self._world.ongoing = self._world.asked(request)
        trigger, concerned = self._triggers[request.type]
        try:
            for live in concerned:
                if live.state.name in live.machine.events[trigger].transitions:
                    getattr(live, trigger)(request)
        except BaseException:
            self._world.state = before
            for live in self.lifecycles.values():
                live.history[:] = [fired for fired in live.history if fired not in asked.fired]
            raise
        finally:
            self._world.ongoing = None
        verdict = asked.verdict
        if verdict.passed or asked.fired:
            verdict = verdict.firing(fired.transition for fired in asked.fired)
        state = self._world.state
        self.history.append(Step(before, request, verdict, state))
        return verdict
