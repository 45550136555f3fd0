"""Shrinking: from a failing scenario to a short one that fails for the same reason.

Hypothesis shrinks the choices that a run was drawn from. In a steered run a choice means something else once an earlier
one has changed, so that this is slow and ends early. A scenario is shrunk as what it is: requests are left out, the
initial state is replaced, and values are exchanged throughout.
"""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum

import attrs

from statemachines.language.system import System
from statemachines.language.terms import exchanged
from statemachines.semantics.trace import Scenario

MOST_REPLAYS = 4000
"""How many candidates are replayed at the most, by default."""


def size(scenario: Scenario) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    """What shrinking makes less: the length; then the indices of the values named, each in its enum."""
    named = (value for request in scenario.requests for value in request.values)
    return len(scenario.requests), tuple(map(_index, named)), tuple(map(_index, scenario.start))


def _index(value: Enum) -> int:
    return list(type(value)).index(value)


Fails = Callable[[Scenario], int]
"""After how many requests a scenario fails for the reason in question; -1 if it does not."""


def shortened(system: System, scenario: Scenario, fails: Fails, most: int = MOST_REPLAYS) -> Scenario:
    """A shorter or simpler scenario that still fails; the same one, if there is none among the candidates.

    Parameters
    ----------
    scenario: fails at its last request. Where it starts in a state that keeps the constraints, so does what it becomes.
    fails: replays a scenario.
    most: how many candidates are replayed at the most.
    """
    replays = 0
    best = scenario
    kept = not system.broken_constraints(scenario.start)
    improving = True
    while improving and replays < most:
        improving = False
        for candidate in _candidates(system, best):
            if size(candidate) >= size(best) or (kept and system.broken_constraints(candidate.start)):
                continue
            replays += 1
            failed = fails(candidate)
            if failed >= 0:
                best = attrs.evolve(candidate, requests=candidate.requests[:failed])
                improving = True
                break
            if replays >= most:
                break
    return best


def _candidates(system: System, run: Scenario) -> Iterator[Scenario]:
    yield from _without_requests(run)
    yield from _values_exchanged(system, run)
    yield from _other_start(system, run)
    for shorter in _without_one(run):
        yield from _other_start(system, shorter)
        yield from _values_exchanged(system, shorter)
    yield from _simpler_fields(run)


def _without_requests(run: Scenario) -> Iterator[Scenario]:
    """Without a stretch of requests, the longest stretches first."""
    count = len(run.requests)
    size = count
    while size:
        for at in range(0, count - size + 1, max(1, size // 2)):
            yield attrs.evolve(run, requests=run.requests[:at] + run.requests[at + size :])
        size //= 2
    for first, shorter in enumerate(_without_one(run)):
        for at in range(first, count - 1):
            yield attrs.evolve(run, requests=shorter.requests[:at] + shorter.requests[at + 1 :])


def _without_one(run: Scenario) -> Iterator[Scenario]:
    for at in range(len(run.requests)):
        yield attrs.evolve(run, requests=run.requests[:at] + run.requests[at + 1 :])


def _other_start(system: System, run: Scenario) -> Iterator[Scenario]:
    """With another initial value of one variable."""
    for lifecycle in system.lifecycles:
        for value in lifecycle.initial:
            if value is not getattr(run.start, lifecycle.name):
                yield attrs.evolve(run, start=system.replace(run.start, **{lifecycle.name: value}))


def _values_exchanged(system: System, run: Scenario) -> Iterator[Scenario]:
    """With two values of an enum exchanged throughout, at the start and in every request."""
    named = {id(value): value for request in run.requests for value in request.values}
    for late in named.values():
        for early in type(late):
            if early is late:
                break
            yield _exchanged(system, run, late, early)


def _exchanged(system: System, run: Scenario, late: Enum, early: Enum) -> Scenario:
    def where_it_may(value: Enum, able: Iterable[Enum]) -> Enum:
        new = exchanged(value, late, early)
        return new if any(new is one for one in able) else value

    start = {
        lifecycle.name: where_it_may(value, lifecycle.initial)
        for lifecycle, value in zip(system.lifecycles, run.start, strict=True)
    }
    requests = (
        request.replace(
            **{field.name: where_it_may(request[field.name], field.domain) for field in request.type.fields}
        )
        for request in run.requests
    )
    return Scenario(system.state(**start), tuple(requests))


def _simpler_fields(run: Scenario) -> Iterator[Scenario]:
    """With an earlier value in one field of one request."""
    for at, request in enumerate(run.requests):
        for field in request.type.fields:
            for value in field.domain[: field.position(request[field.name])]:
                simpler = request.replace(**{field.name: value})
                yield attrs.evolve(run, requests=(*run.requests[:at], simpler, *run.requests[at + 1 :]))
