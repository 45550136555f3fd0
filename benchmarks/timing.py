"""Timing side by side: everybody once in each round, in an order that turns, so that a slow moment hits all alike.

What runs in this process is timed by the processor time that it takes, so that other processes matter less.
"""

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

import attrs

Runner = Callable[[], Any]


@attrs.frozen(eq=False)
class Timed:
    """What everybody took.

    Parameters
    ----------
    seconds: by name, one for each round.
    results: by name, what the last run gave.
    """

    seconds: Mapping[str, list[float]]
    results: Mapping[str, Any]

    def median(self, name: str) -> float:
        """The median of somebody's seconds."""
        return median(self.seconds[name])

    def times(self, slower: str, quicker: str) -> float:
        """How many times as long the one took as the other: the median of the rounds."""
        pairs = zip(self.seconds[slower], self.seconds[quicker], strict=True)
        return median(one / other for one, other in pairs)


def side_by_side(
    makers: Mapping[str, Callable[[], Runner]], rounds: int, clock: Callable[[], float] = time.process_time
) -> Timed:
    """Time everybody.

    Parameters
    ----------
    makers: by name, what makes a run; the making is not timed.
    rounds: how many.
    clock: what tells the seconds.
    """
    seconds: dict[str, list[float]] = {name: [] for name in makers}
    results: dict[str, Any] = {}
    names = list(makers)
    gc.collect()
    gc.freeze()  # or each collection below looks through all that was there before
    try:
        for turn in range(rounds):
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                run = makers[name]()
                gc.collect()
                gc.disable()
                started = clock()
                results[name] = run()
                seconds[name].append(clock() - started)
                gc.enable()
    finally:
        gc.unfreeze()
    return Timed(seconds, results)
