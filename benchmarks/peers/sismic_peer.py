"""`sismic`: a statechart for each lifecycle, its guards as code that the library evaluates, contracts left out."""

from collections.abc import Callable, Sequence
from typing import Any

from sismic.interpreter import Event, Interpreter
from sismic.model import BasicState, CompoundState, Statechart, Transition

from benchmarks.chart import Chart, Message, Seen, names, source
from statemachines.language.expression import TRUE, conjunction


def _interpreter(described: Chart) -> Any:
    statechart = Statechart(described.name)
    statechart.add_state(CompoundState("machine", initial=described.states[0]), None)
    for name in described.states:
        statechart.add_state(BasicState(name), "machine")
    context: dict[str, Any] = {"facts": described.facts}
    for arrow in described.arrows:
        condition = conjunction(arrow.passes, arrow.when)
        context |= names(condition)
        guard = None if condition is TRUE else source(condition, "event")
        statechart.add_transition(Transition(arrow.source, arrow.target, event=arrow.event, guard=guard))
    interpreter = Interpreter(statechart, initial_context=context, ignore_contract=True)
    interpreter.execute_once()  # it enters its initial state
    return interpreter


def runner(charts: Sequence[Chart]) -> Callable[[Sequence[Message]], list[Seen]]:
    """Interpreters at their start, ready to be sent messages."""
    interpreters: dict[str, list[tuple[int, Any]]] = {}
    states = []
    for place, described in enumerate(charts):
        interpreter = _interpreter(described)
        states.append(described.states[0])
        for event in described.events:
            interpreters.setdefault(event, []).append((place, interpreter))

    def run(messages: Sequence[Message]) -> list[Seen]:
        seen = []
        for message in messages:
            for place, interpreter in interpreters.get(message.event, ()):
                interpreter.queue(Event(message.event, **vars(message.request)))
                step = interpreter.execute_once()
                moved = bool(step.transitions)
                if moved:
                    states[place] = step.entered_states[-1]
                seen.append((states[place], moved))
        return seen

    return run
