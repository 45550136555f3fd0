"""`python-statemachine`: a class for each lifecycle, its guards as ``cond``, what no arrow takes allowed."""

from collections.abc import Callable, Sequence
from typing import Any

from statemachine import State, StateMachine

from benchmarks.chart import Chart, Message, Seen, guards


def _fired() -> bool:
    return True


def _machine(described: Chart) -> Any:
    states = {name: State(name, initial=name == described.states[0], value=name) for name in described.states}
    known = guards(described)
    events: dict[str, Any] = {}
    for arrow in described.arrows:
        conditions = [known[part] for part in (arrow.passes, arrow.when) if part in known]
        moves = states[arrow.source].to(states[arrow.target], cond=conditions, on=_fired)
        events[arrow.event] = events[arrow.event] | moves if arrow.event in events else moves
    named = {f"in_{name.lower()}": state for name, state in states.items()}
    return type("Machine", (StateMachine,), {**named, **events, "allow_event_without_transition": True})()


def runner(charts: Sequence[Chart]) -> Callable[[Sequence[Message]], list[Seen]]:
    """Machines at their start, ready to be sent messages."""
    machines: dict[str, list[Any]] = {}
    for described in charts:
        machine = _machine(described)
        for event in described.events:
            machines.setdefault(event, []).append(machine)

    def run(messages: Sequence[Message]) -> list[Seen]:
        seen = []
        for message in messages:
            for machine in machines.get(message.event, ()):
                moved = machine.send(message.event, request=message.request) is True
                seen.append((machine.current_state_value, moved))
        return seen

    return run
