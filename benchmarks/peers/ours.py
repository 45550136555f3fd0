"""Our own readings of the same declaration: the compiled oracle, and the live machines."""

from collections.abc import Callable, Iterable, Sequence

from benchmarks.chart import Seen
from statemachines import LiveSystem, Oracle, Request, State, Verdict
from statemachines.language.system import System

Answered = tuple[State, Verdict]


def oracle(system: System, start: State, asked: Iterable[Request]) -> Callable[[Sequence[Request]], list[Answered]]:
    """The oracle, with the requests that it will be asked compiled; each is decided in the state the last one left."""
    decide = Oracle(system).decide
    for request in asked:
        decide(start, request)

    def run(requests: Sequence[Request]) -> list[Answered]:
        seen = []
        state = start
        for request in requests:
            state, verdict = decide(state, request)
            seen.append((state, verdict))
        return seen

    return run


def live_machines(system: System, start: State) -> Callable[[Sequence[Request]], list[Answered]]:
    """The live machines, at their start."""
    live = LiveSystem(system, start)

    def run(requests: Sequence[Request]) -> list[Answered]:
        seen = []
        for request in requests:
            verdict = live.send(request)
            seen.append((live.state, verdict))
        return seen

    return run


def as_seen(system: System, requests: Sequence[Request], answers: Sequence[Answered]) -> list[Seen]:
    """What the answers come to for each lifecycle with an arrow on such a request, as the peers tell it."""
    concerned = {
        kind: [lifecycle for lifecycle in system.lifecycles if any(move.on is kind for move in lifecycle.transitions)]
        for kind in system.requests
    }
    home = {move: lifecycle for lifecycle in system.lifecycles for move in lifecycle.transitions}
    seen = []
    for request, (state, verdict) in zip(requests, answers, strict=True):
        fired = {home[move] for move in verdict.fired}
        for lifecycle in concerned[request.type]:
            seen.append((getattr(state, lifecycle.name).name, lifecycle in fired))
    return seen
