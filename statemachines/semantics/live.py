"""Live machines: each lifecycle as a machine of the `transitions` library, reading the declarations as they stand.

Nothing is grounded or compiled here: conditions are asked of the plain interpreter. That makes it the slowest reading
and an independent one, against which the oracle and the checker are compared.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from statemachines.errors import DeclarationError, expected
from statemachines.extras import optional_imports
from statemachines.language.expression import Moment
from statemachines.language.gates import Verdict
from statemachines.language.lifecycle import Transition
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State, System
from statemachines.semantics.decision import interpret
from statemachines.semantics.trace import Step, Trace

with optional_imports():
    from transitions import Machine


@attrs.frozen(eq=False)
class FiredTransition:
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
    fired: list[tuple["LiveLifecycle", FiredTransition]] = attrs.field(factory=list)

    def expect_arrows(self, after: Mapping[str, Enum]) -> None:
        """Refuse a step in which a variable has changed otherwise than by one arrow from where it was."""
        allowed = dict(self.moment.before)
        for live, fired in self.fired:
            if fired.source is allowed[live.name]:
                allowed[live.name] = fired.target
        for name, value in after.items():
            if value is not allowed[name]:
                raise RuntimeError(
                    f"a callback has changed {name!r} while {self.moment.request!r} was processed: change it afterwards"
                )


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
        """The request in the facts as they are."""
        if self._latest is None or self._latest[0].request is not request or self._latest[0].before != self.values:
            before = dict(self.values)
            self._latest = Moment(before, request), interpret(self.system, before, request)
        return _Asked(*self._latest)

    def step(self, request: Request, machines: "Iterable[LiveLifecycle]") -> _Asked:
        """Let the request fire an arrow of each machine; whatever a callback raises, it is all or nothing."""
        if self.ongoing:
            raise RuntimeError(f"{self.ongoing.moment.request!r} is still being processed: send {request!r} after it")
        asked = self.ongoing = self.asked(request)
        try:
            for live in machines:
                live.machine.events[request.type.trigger].trigger(live, request)
            asked.expect_arrows(self.values)
        except BaseException:
            self.values = dict(asked.moment.before)
            raise
        finally:
            self.ongoing = None
        for live, fired in asked.fired:
            live.history.append(fired)
        return asked


class _Machine(Machine):
    """A machine whose `on_exception` cannot hide that a step was undone, and in which no state is a wildcard."""

    wildcard_all = wildcard_same = "\0"  # "*" and "=" may be members of a StrEnum

    def callbacks(self, funcs: Iterable[Any], event_data: Any) -> None:
        super().callbacks(funcs, event_data)
        if funcs is self.on_exception:
            raise event_data.error


class LiveLifecycle:
    """One lifecycle as a live object: the model of a `transitions.Machine`.

    For each request type of its arrows it has a trigger of that name in snake_case and a ``may_`` before it. Both
    take the request's fields by name, or a `Request` as such. A trigger is true if an arrow fired and false if none
    did; where no arrow leaves the state on such a request at all, it raises ``transitions.MachineError``. An arrow
    fires only where every gate lets the request pass, in the facts as they are.

    `send` and `may` do the same for a request of any type. A trigger does not take a name that a live lifecycle has
    itself (``state``, ``history``), and a name that two could have, as the ``may_press`` of the types ``Press`` and
    ``MayPress``, is refused when it is called.

    A request is processed to its end before the next: from a callback nothing can be triggered, and a callback that
    changes variables undoes the step. Whatever a callback raises is raised, after the machine's ``on_exception``,
    and then nothing has happened.

    Parameters
    ----------
    system: the system that the lifecycle is one of.
    name: the name of its variable.
    facts: the values of all variables around it; by default as the system starts.

    Attributes
    ----------
    machine: the machine, for callbacks; they are given the library's ``EventData``.
    history: every arrow that fired, as `FiredTransition` values.

    Raises
    ------
    DeclarationError: for a lifecycle that the system does not have.
    RuntimeError: from a trigger that a callback calls, and for a variable that a callback changes.

    >>> from examples.parcel_locker import Box, Code, system
    >>> live = LiveLifecycle(system, "box", system.state())
    >>> live.may_take(code=Code.RIGHT), live.put(), live.state
    (False, True, <Box.FULL: 'holds a parcel'>)
    >>> live.machine.on_enter_EMPTY(lambda event: print("the box is free"))
    >>> live.take(code=Code.WRONG), live.take(code=Code.RIGHT), live.state
    the box is free
    (False, True, <Box.EMPTY: 'empty'>)
    >>> print(live.history[0].transition)
    EMPTY --Put--> FULL
    """

    def __init__(self, system: System, name: str, facts: State | None = None, *, _world: _World | None = None) -> None:
        self.lifecycle = system.lifecycle(name)
        self.name = name
        self.history: list[FiredTransition] = []
        self._world = _world or _World(system, facts)
        self.machine = _Machine(
            model=None,  # the library's names would be `may_press` of both `Press` and `MayPress`: see `_bind`
            states=list(self.lifecycle.variable.domain),
            initial=self.state,
            model_attribute="_STATE",  # no trigger's name: these are in lower case
            auto_transitions=False,
            send_event=True,
        )
        for move in self.lifecycle.transitions:
            self.machine.add_transition(
                move.on.trigger,
                list(move.source),
                move.target,
                conditions=partial(self._lets, move),
                before=self._leaving,
                after=partial(self._fired, move),
            )
        self._kinds = {move.on.trigger: move.on for move in self.lifecycle.transitions}
        self._bind()
        self.machine.models.append(self)

    def _bind(self) -> None:
        """Give the methods that the library's models have the names that nothing else has."""
        named: list[tuple[str, Callable[..., bool]]] = [
            *((name, partial(self.trigger, name)) for name in self._kinds),
            *((f"may_{name}", partial(self._may, kind)) for name, kind in self._kinds.items()),
            *((f"is_{state.name}", partial(self._is, state)) for state in self.lifecycle.variable.domain),
        ]
        counted = Counter(name for name, _ in named)
        for name, function in named:
            if not hasattr(self, name):
                setattr(self, name, function if counted[name] == 1 else partial(self._ambiguous, name))

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Callable[..., bool]: ...

    @property
    def state(self) -> Enum:
        """Where the lifecycle is."""
        return self._world.values[self.name]

    @state.setter
    def state(self, value: Enum) -> None:
        self._world.values[self.name] = self.lifecycle.variable.checked(value)

    _STATE = state

    @property
    def facts(self) -> State:
        """The values of all variables, this lifecycle's own included; set it to a state of the system."""
        return self._world.state

    @facts.setter
    def facts(self, state: State) -> None:
        self._world.state = state

    def __repr__(self) -> str:
        return f"<LiveLifecycle {self.name}: {self.state.name}>"

    def send(self, request: Request) -> bool:
        """Whether the request fired an arrow of this lifecycle; it moves this one alone."""
        kind = expected(request, Request, "what the machine is asked").type
        if self._kinds.get(kind.trigger) is not kind:
            raise DeclarationError(f"lifecycle {self.name!r} has no transition on {kind.name}")
        return bool(self._world.step(request, [self]).fired)

    def may(self, request: Request) -> bool:
        """Whether the request would fire an arrow of this lifecycle."""
        asked = self._world.asked(expected(request, Request, "what the machine is asked"))
        return any(
            move.on is request.type
            and any(source is self.state for source in move.source)
            and asked.verdict.lets(move)
            and move.when.holds(asked.moment)
            for move in self.lifecycle.transitions
        )

    def trigger(self, name: str, /, *request: Request, **fields: Enum) -> bool:
        """Call the trigger of that name."""
        if name not in self._kinds:
            raise DeclarationError(f"lifecycle {self.name!r} has no trigger {name!r}; it has {', '.join(self._kinds)}")
        return self.send(_made(self._kinds[name], *request, **fields))

    def _may(self, kind: RequestType, /, *request: Request, **fields: Enum) -> bool:
        return self.may(_made(kind, *request, **fields))

    def _is(self, state: Enum) -> bool:
        return self.state is state

    def _ambiguous(self, name: str, /, *_: Request, **__: Enum) -> bool:
        raise DeclarationError(
            f"lifecycle {self.name!r}: {name!r} could be a trigger, whether one may fire, or whether it is in a state: "
            "call send(request), may(request), or compare `state`"
        )

    def _lets(self, move: Transition, event: Any) -> bool:
        asked = self._world.ongoing
        if asked is None or event.args != (asked.moment.request,):
            raise RuntimeError(f"lifecycle {self.name!r}: call `send` or a trigger of the model, not of the machine")
        return asked.verdict.lets(move) and move.when.holds(asked.moment)

    def _leaving(self, event: Any) -> None:
        event.left = self.state

    def _fired(self, move: Transition, event: Any) -> None:
        assert self._world.ongoing
        self._world.ongoing.fired.append((self, FiredTransition(event.args[0], event.left, move.target, move)))


def _made(kind: RequestType, /, *request: Request, **fields: Enum) -> Request:
    """The request that a trigger is called with: as such, or by its fields."""
    if not request:
        return kind(**fields)
    if fields or len(request) > 1 or not isinstance(request[0], Request) or request[0].type is not kind:
        raise DeclarationError(f"the trigger {kind.trigger!r} takes a {kind.name}, not {request[0]!r}")
    return request[0]


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

    >>> from examples.parcel_locker import Put, system
    >>> live = LiveSystem(system)
    >>> print(live.send(Put()))
    yes at the locker: done [BOX-1 BOX-2]
    >>> live.state, live["box"].state
    (State(box=FULL), <Box.FULL: 'holds a parcel'>)
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
        before = self._world.state
        trigger, concerned = self._triggers[request.type]
        asked = self._world.step(
            request, [live for live in concerned if live.state.name in live.machine.events[trigger].transitions]
        )
        verdict = asked.verdict
        if verdict.passed or asked.fired:
            verdict = verdict.firing(fired.transition for _, fired in asked.fired)
        state = self._world.state
        self.history.append(Step(before, request, verdict, state))
        return verdict
