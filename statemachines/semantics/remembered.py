"""What is worked out of a system once, and forgotten with the system: of mutants there are thousands."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple
from weakref import WeakKeyDictionary

from statemachines.language.system import System

T = TypeVar("T")
More = TypeVarTuple("More")


def remembered(function: Callable[[System, *More], T]) -> Callable[[System, *More], T]:
    """Remember what a function of a system, and of what else it takes, came to, as long as there is the system.

    The result must not refer to the system, or neither is ever forgotten.
    """
    known: WeakKeyDictionary[System, dict[tuple[*More], T]] = WeakKeyDictionary()

    @wraps(function)
    def recalled(system: System, *more: *More) -> T:
        of_system = known.setdefault(system, {})
        if more not in of_system:
            of_system[more] = function(system, *more)
        return of_system[more]

    return recalled
