"""Complete suites (W-method): no wrong implementation with at most so many states passes them.

This is the W-method (T. S. Chow, "Testing software design modeled by finite-state machines", IEEE Transactions on
Software Engineering 4, 1978). A sequence leads to each state, goes on with every few requests, and ends with each of
those that distinguish any two states. It grows with the number of requests to the power of the states that an
implementation may have besides: it is for small systems.
"""

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from itertools import combinations, product

import attrs

from statemachines.errors import DeclarationError, TooLargeError
from statemachines.language.requests import Request, RequestType
from statemachines.language.system import State, System
from statemachines.language.terms import ASPECTS
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Scenario

MOST_STATES, MOST_SEQUENCES = 500, 200_000
"""How many states a system may have, and how many sequences are made."""

Requests = tuple[Request, ...]


@attrs.frozen(eq=False)
class FiniteMachine:
    """A system as a Mealy machine: its reachable states by number, from one that it starts in.

    Parameters
    ----------
    start: the state with the number 0.
    requests: the inputs.
    after, shown: for each state and each request, the next state, and what is shown of the verdict.
    ways: for each state, the fewest requests that lead to it.
    """

    start: State
    requests: Requests
    after: Sequence[Sequence[int]]
    shown: Sequence[Sequence[Hashable]]
    ways: Sequence[tuple[int, ...]]

    def run(self, state: int, inputs: Sequence[int]) -> tuple[Hashable, ...]:
        """What is shown from a state on."""
        result = []
        for at in inputs:
            result.append(self.shown[state][at])
            state = self.after[state][at]
        return tuple(result)


def machine(
    system: System,
    start: State | None = None,
    kinds: Collection[RequestType] = (),
    sends: Callable[[Request], bool] = lambda _: True,
) -> FiniteMachine:
    """The machine of a system.

    Parameters
    ----------
    start: the state that it starts in; by default the first initial one.
    kinds: the types of its requests, a slice of the system; by default all of them.
    sends: whether such a request is among them, for a smaller slice.

    Raises
    ------
    TooLargeError: for more than `MOST_STATES` states.
    DeclarationError: where an aspect of a verdict is left open: what is not compared distinguishes nothing.
    """
    oracle = Oracle(system)
    requests = tuple(one for one in system.all_requests() if (not kinds or one.type in kinds) and sends(one))
    first = system.state() if start is None else start
    numbers, states = {first: 0}, [first]
    after: list[list[int]] = []
    shown: list[list[Hashable]] = []
    ways: list[tuple[int, ...]] = [()]
    while len(after) < len(states):
        number = len(after)
        after.append([])
        shown.append([])
        for at, request in enumerate(requests):
            state, verdict = oracle.decide(states[number], request)
            if verdict.unspecified:
                raise DeclarationError(
                    f"system {system.name!r}: the {verdict.unspecified[0]} of {request} is left open, expected one "
                    "that is specified: no suite is complete where something is not compared"
                )
            if state not in numbers:
                if len(states) == MOST_STATES:
                    raise TooLargeError(f"system {system.name!r} has more than {MOST_STATES} states: no complete suite")
                numbers[state] = len(states)
                states.append(state)
                ways.append((*ways[number], at))
            after[number].append(numbers[state])
            shown[number].append(tuple(getattr(verdict, aspect) for aspect in ASPECTS))
    return FiniteMachine(first, requests, after, shown, ways)


def distinguishing(of: FiniteMachine) -> tuple[tuple[int, ...], dict[int, list[int]]]:
    """Of equivalent states the first, and for each two of these a shortest sequence of inputs that tells them apart.

    Returns the first states, and a table for `separating`: for each state the number of its class after so many inputs.
    """
    states, inputs = range(len(of.after)), range(len(of.requests))
    classes = {state: [0] for state in states}
    while True:
        keys = {
            state: (classes[state][-1], *((of.shown[state][at], classes[of.after[state][at]][-1]) for at in inputs))
            for state in states
        }
        numbers: dict[Hashable, int] = {}
        new = {state: numbers.setdefault(keys[state], len(numbers)) for state in states}
        if len(numbers) == len({classes[state][-1] for state in states}) and len(classes[0]) > 1:
            break
        for state in states:
            classes[state].append(new[state])
    first: dict[int, int] = {}
    for state in states:
        first.setdefault(classes[state][-1], state)
    return tuple(first.values()), classes


def _separating(of: FiniteMachine, classes: dict[int, list[int]], one: int, other: int) -> tuple[int, ...]:
    """A shortest sequence of inputs to which two states show something else."""
    depth = next(at for at, (left, right) in enumerate(zip(classes[one], classes[other], strict=True)) if left != right)
    for at in range(len(of.requests)):
        if of.shown[one][at] != of.shown[other][at]:
            return (at,)
    for at in range(len(of.requests)):
        left, right = of.after[one][at], of.after[other][at]
        if classes[left][depth - 1] != classes[right][depth - 1]:
            return (at, *_separating(of, classes, left, right))
    raise AssertionError("classes differ by what is shown, now or later")


def complete_suite(
    system: System,
    more: int = 0,
    start: State | None = None,
    kinds: Collection[RequestType] = (),
    sends: Callable[[Request], bool] = lambda _: True,
) -> tuple[Scenario, ...]:
    """Sequences that every implementation fails that differs, if it has no more states than the system and so many.

    With `kinds` or `sends`, it may differ in what these requests show, and the states are those that they lead to.

    Parameters
    ----------
    system: small; equivalent states count once.
    more: how many states an implementation may have besides.
    start: the state that the sequences start in; by default the first initial one.
    kinds: the types of the requests that are sent, a slice of the system; by default all of them.
    sends: whether such a request is sent, for a smaller slice: those about one device, say.

    Raises
    ------
    TooLargeError: for too many states or sequences.
    DeclarationError: where an aspect of a verdict is left open.

    Examples
    --------
    >>> from examples.parcel_locker import system
    >>> [len(complete_suite(system, more)) for more in (0, 1)]
    [20, 80]
    """
    of = machine(system, start, kinds, sends)
    inputs = list(_sequences(of, more))
    begun = {one[:length] for one in inputs for length in range(len(one))}
    return tuple(
        Scenario(of.start, tuple(of.requests[at] for at in one)) for one in dict.fromkeys(inputs) if one not in begun
    )


def _sequences(of: FiniteMachine, more: int) -> Iterator[tuple[int, ...]]:
    states, classes = distinguishing(of)
    ends: list[tuple[int, ...]] = []
    for one, other in combinations(states, 2):
        if all(of.run(one, end) == of.run(other, end) for end in ends):
            ends.append(_separating(of, classes, one, other))
    many = len(states) * len(of.requests) ** (more + 1) * max(len(ends), 1)
    if many > MOST_SEQUENCES:
        raise TooLargeError(f"a suite complete for {more} more states has about {many:,} sequences, more than expected")
    for length in range(more + 2):
        for state, middle in product(states, product(range(len(of.requests)), repeat=length)):
            for end in ends or [()]:
                yield (*of.ways[state], *middle, *end)
