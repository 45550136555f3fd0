"""`Automat`: its machines know no guards, so that the caller asks them, and sends the input that they come to.

Inputs of one event are told apart by their conditions, the arrow's and the gates'. A machine does not show its state
either: each arrow returns where it leads, and an input that a state ignores returns that state.
"""

from collections.abc import Callable, Sequence
from typing import Any

from automat import TypeMachineBuilder

from benchmarks.chart import Chart, Guard, Message, Seen, guard, source
from statemachines.language.expression import conjunction


class Core:
    """What a machine works on: nothing."""


def _input(name: str) -> Callable[..., Any]:
    def method(self: Any) -> Seen:
        raise NotImplementedError

    method.__name__ = method.__qualname__ = name
    return method


def _machine(described: Chart) -> tuple[dict[str, list[tuple[Guard, Callable[[], Seen]]]], Seen]:
    """For each event, the inputs that it may be, each with its condition; and where the machine starts."""
    labels: dict[tuple[str, str], str] = {}
    choices: dict[str, list[tuple[Guard, str]]] = {}
    leads: dict[tuple[str, str], str] = {}
    for arrow in described.arrows:
        condition = conjunction(arrow.passes, arrow.when)
        asked = (arrow.event, source(condition, "request"))
        if asked not in labels:
            labels[asked] = f"{arrow.event}_{len(labels)}"
            choices.setdefault(arrow.event, []).append((guard(condition, described.facts), labels[asked]))
        leads[arrow.source, labels[asked]] = arrow.target
    protocol: Any = type("Inputs", (), {label: _input(label) for label in labels.values()})
    builder: Any = TypeMachineBuilder(protocol, Core)
    states = {name: builder.state(name) for name in described.states}
    for name, state in states.items():
        for label in labels.values():
            target = leads.get((name, label))
            if target is None:
                state.upon(getattr(protocol, label)).loop().returns((name, False))
            else:
                state.upon(getattr(protocol, label)).to(states[target]).returns((target, True))
    machine = builder.build()(Core())
    sent = {event: [(holds, getattr(machine, label)) for holds, label in inputs] for event, inputs in choices.items()}
    return sent, (described.states[0], False)


def runner(charts: Sequence[Chart]) -> Callable[[Sequence[Message]], list[Seen]]:
    """Machines at their start, ready to be sent messages."""
    machines: dict[str, list[tuple[int, list[tuple[Guard, Callable[[], Seen]]]]]] = {}
    latest = []
    for place, described in enumerate(charts):
        choices, start = _machine(described)
        latest.append(start)
        for event, inputs in choices.items():
            machines.setdefault(event, []).append((place, inputs))

    def run(messages: Sequence[Message]) -> list[Seen]:
        seen = []
        for message in messages:
            for place, inputs in machines.get(message.event, ()):
                for holds, send in inputs:
                    if holds(message.request):
                        latest[place] = send()
                        break
                else:
                    latest[place] = (latest[place][0], False)
                seen.append(latest[place])
        return seen

    return run
