"""`transitions`: a machine for each lifecycle, its guards as conditions, what no arrow takes ignored."""

from collections.abc import Callable, Sequence
from typing import Any

from transitions import Machine

from benchmarks.chart import Chart, Message, Seen, guards


class Model:
    """What a machine moves; the library gives it its state and its triggers."""

    state: str


def runner(charts: Sequence[Chart]) -> Callable[[Sequence[Message]], list[Seen]]:
    """Machines at their start, ready to be sent messages."""
    models: dict[str, list[Any]] = {}
    for described in charts:
        model = Model()
        machine = Machine(
            model,
            states=list(described.states),
            initial=described.states[0],
            auto_transitions=False,
            ignore_invalid_triggers=True,
        )
        known = guards(described)
        for arrow in described.arrows:
            machine.add_transition(
                arrow.event,
                arrow.source,
                arrow.target,
                conditions=[known[part] for part in (arrow.passes, arrow.when) if part in known],
            )
        for event in described.events:
            models.setdefault(event, []).append(model)

    def run(messages: Sequence[Message]) -> list[Seen]:
        seen = []
        for message in messages:
            for model in models.get(message.event, ()):
                moved = getattr(model, message.event)(message.request)
                seen.append((model.state, moved))
        return seen

    return run
