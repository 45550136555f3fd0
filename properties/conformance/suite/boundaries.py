"""Boundary values: the values of a large domain that represent all others.

What a sequence shows of a condition or an arrow, it shows of one value. Of a domain of 101 values, to show each of each
arrow is to show 20,000 things. There a value stands for its neighbours in the domain's order, as in boundary value
analysis: a condition that is wrong is wrong at the edge of its values, or at an end of the domain.
"""

from collections.abc import Collection
from enum import Enum

MOST_VALUES = 25
"""A domain of no more values than this is looked at in full."""


def boundary_values(domain: tuple[Enum, ...], *sets: Collection[Enum]) -> tuple[Enum, ...]:
    """The whole of a small domain; of a large one the ends, and both sides of each edge of these sets of its values.

    Parameters
    ----------
    domain: the values, in order.
    sets: sets of values that a declaration tells from the others.

    >>> from enum import Enum
    >>> Level = Enum("Level", {f"L{number}": number for number in range(101)})
    >>> [value.value for value in boundary_values(tuple(Level), [Level.L40, Level.L41])]
    [0, 39, 40, 41, 42, 100]
    """
    if len(domain) <= MOST_VALUES:
        return domain
    taken = {0, len(domain) - 1}
    for values in map(frozenset, sets):
        inside = [value in values for value in domain]
        edges = (at for at in range(1, len(domain)) if inside[at] is not inside[at - 1])
        taken.update(side for at in edges for side in (at - 1, at))
    return tuple(domain[at] for at in sorted(taken))
