"""Lifecycles made to grow: rings of states that a request goes around, one way with the right key and back without."""

from collections.abc import Callable
from enum import Enum
from random import Random

from benchmarks.race import Race
from statemachines import (
    Answer,
    Check,
    Field,
    Gate,
    Lifecycle,
    Register,
    RequestType,
    Rule,
    Transition,
    Variable,
    fixed,
)
from statemachines.language.system import System


class Key(Enum):
    """What a request brings."""

    RIGHT = "the right key"
    WRONG = "a wrong key"
    NONE = "no key"


class Gatehouse(Enum):
    """The fact that is read."""

    OPEN = "open"
    SHUT = "shut"


class Say(Enum):
    """Aspects of verdicts."""

    DONE = "done"
    REFUSED = "refused"
    GATEHOUSE = "gatehouse"
    NO_KEY = "there is no key"
    SHUT_NOW = "the gatehouse is shut"


_RULES = Register([Rule("RING-1", "A ring is gone around.", "made for a benchmark")])
_gatehouse = Variable("gatehouse", Gatehouse)
_key = Field("key", Key)


def rings(lifecycles: int, states: int, *, together: bool) -> System:
    """So many rings.

    Parameters
    ----------
    lifecycles: how many rings.
    states: how many states each has, and half as many arrows again.
    together: whether all of them hear every request; otherwise each has a request of its own.
    """
    kind = Enum("Place", {f"AT_{at}": f"at {at}" for at in range(states)})  # type: ignore[misc]
    places: list[Enum] = list(kind)
    kinds = [RequestType(f"Step{number}", [_key]) for number in range(1 if together else lifecycles)]
    parts = [_ring(number, places, kinds[0 if together else number]) for number in range(lifecycles)]
    checks = [
        Check("there is a key", fails_when=_key == Key.NONE, outcome=Say.REFUSED, reason=Say.NO_KEY, rules="RING-1"),
        Check(
            "the gatehouse is open",
            fails_when=_gatehouse == Gatehouse.SHUT,
            outcome=Say.REFUSED,
            reason=Say.SHUT_NOW,
            rules="RING-1",
        ),
    ]
    return System(
        f"{lifecycles} rings of {states} states",
        _RULES,
        lifecycles=[*parts, fixed(_gatehouse)],
        requests=kinds,
        gates=[Gate(Say.GATEHOUSE, checks, on=kinds)],
        answers=[Answer(kinds, outcome=Say.DONE, reason=Say.DONE, rules="RING-1")],
    )


def _ring(number: int, places: list[Enum], step: RequestType) -> Lifecycle:
    onward = zip(places, [*places[1:], places[0]], strict=True)
    back = zip(places[1::2], places[0::2], strict=False)
    return Lifecycle(
        Variable(f"ring_{number}", type(places[0])),
        places[0],
        [
            *(Transition(one, step, other, when=_key == Key.RIGHT, rules="RING-1") for one, other in onward),
            *(Transition(one, step, other, when=_key == Key.WRONG, rules="RING-1") for one, other in back),
        ],
    )


def race(lifecycles: int, states: int, steps: int, seed: int, *, together: bool) -> Race:
    """Requests at random, the right key three times in five."""
    system, random = rings(lifecycles, states, together=together), Random(seed)
    keys = random.choices(list(Key), [3, 1, 1], k=steps)
    return Race(system, system.state(), [random.choice(system.requests)(key=key) for key in keys])


GROWTH: tuple[tuple[str, Callable[[int], tuple[int, int, bool]]], ...] = (
    ("states of one lifecycle", lambda size: (1, 4 * size, False)),
    ("lifecycles, each with requests of its own", lambda size: (size, 4, False)),
    ("lifecycles that all hear every request", lambda size: (size, 4, True)),
)
"""What grows, and the rings that it comes to: lifecycles, states, together."""
SIZES = (1, 4, 16, 64)
