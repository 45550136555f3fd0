"""Replay as process mining does it: pm4py's token replay, and its alignments, on a net of the system."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.timing import Runner
from properties.replay.generator import Entry
from statemachines import Oracle, System

DEVIATION = 10_000
"""The cost of a move in an alignment that only the log or only the net has."""


def token_replay(system: System, log: Sequence[Entry]) -> Runner:
    """Which cases have a transition that the net cannot make."""
    from pm4py.algo.conformance.tokenreplay import algorithm  # noqa: PLC0415

    net, begin, _ = _net(system, ends=False)
    frame = _frame(log)

    def run() -> list[object]:
        replayed = algorithm.apply(frame, net, begin, begin, parameters={"show_progress_bar": False})
        return [one for one in replayed if one["transitions_with_problems"]]

    return run


def alignments(system: System, log: Sequence[Entry]) -> Runner:
    """Which cases have an optimal alignment that is not free."""
    from pm4py.algo.conformance.alignments.petri_net import algorithm  # noqa: PLC0415

    net, begin, end = _net(system, ends=True)
    frame = _frame(log)

    def run() -> list[object]:
        aligned = algorithm.apply(frame, net, begin, end, parameters={"show_progress_bar": False})
        return [one for one in aligned if one["cost"] >= DEVIATION]

    return run


def _net(system: System, *, ends: bool) -> tuple[Any, Any, Any]:
    """A place for each state, and a transition for each request in each state; a case may end in any."""
    from pm4py.objects.petri_net.obj import Marking, PetriNet  # noqa: PLC0415
    from pm4py.objects.petri_net.utils.petri_utils import add_arc_from_to  # noqa: PLC0415

    net, oracle, (lifecycle,) = PetriNet("net"), Oracle(system), system.lifecycles
    states = [system.state_type([value]) for value in lifecycle.variable.domain]
    places = {state: PetriNet.Place(str(state)) for state in states}
    end = PetriNet.Place("end")

    def add(label: str | None, source: Any, target: Any) -> None:
        transition = PetriNet.Transition(f"{len(net.transitions)}", label)
        net.transitions.add(transition)
        add_arc_from_to(source, transition, net)
        add_arc_from_to(transition, target, net)

    net.places.update([*places.values(), *([end] if ends else [])])
    for state in states:
        for request in system.all_requests():
            after, verdict = oracle.decide(state, request)
            add(_activity({**request.as_dict(), "outcome": str(verdict.outcome.value)}), places[state], places[after])
        if ends:
            add(None, places[state], end)
    begin = Marking({places[system.state_type([lifecycle.initial[0]])]: 1})
    return net, begin, Marking({end: 1})


def _frame(log: Sequence[Entry]) -> Any:
    import pandas as pd  # noqa: PLC0415  # pm4py brings it

    return pd.DataFrame(
        {
            "case:concept:name": [entry["case"] for entry in log],
            "concept:name": [_activity({"type": entry["request"], **entry}) for entry in log],
            "time:timestamp": pd.to_datetime([entry["time"] for entry in log]),
        }
    )


def _activity(entry: Mapping[str, Any]) -> str:
    return f"{entry['type']} {entry.get('code', '')} {entry['outcome']}"
