"""Comparing a system with a mutant of it: sets of states prove most equivalences, and else a run is looked for."""

from collections.abc import Collection
from functools import lru_cache
from typing import TYPE_CHECKING

from properties.mutation.operators import Operator
from statemachines.checker.equivalence import Comparison, Proof, comparer
from statemachines.errors import TooLargeError
from statemachines.extras import MissingExtraError
from statemachines.language.lifecycle import Transition
from statemachines.language.requests import RequestType
from statemachines.language.system import System

if TYPE_CHECKING:
    from properties.mutation.bisimilar import Bisimilar


def compared(
    original: System, mutant: System, kinds: Collection[RequestType], *, exclusive: bool = False
) -> Comparison:
    """Whether a mutant can be told from the original; the parameters are those of `Comparer.compare`.

    The result is that of a comparison without sets of states: that no step differs anywhere is said as it says it.
    """
    proof = proved(original, mutant, kinds)
    if proof is None or proof is Proof.SAME:
        return comparer(original).compare(mutant, kinds, exclusive=exclusive, likely=proof is None)
    return Comparison(None, proof, 0, 0)


def proved(original: System, mutant: System, kinds: Collection[RequestType]) -> Proof | None:
    """Why a mutant is equivalent, if sets of states say so.

    Parameters
    ----------
    kinds: the types of request that may be declared otherwise.
    """
    sets = bisimilar(original)
    try:
        return sets.proof(mutant, kinds) if sets else None
    except TooLargeError:
        return None


def proved_once_or_late(original: System, operator: Operator, move: Transition) -> Proof | None:
    """Why a mutant is equivalent in which a transition fires once or late, if sets of states say so.

    Parameters
    ----------
    original: the system as it is declared, without what the mutant remembers besides.
    """
    sets = bisimilar(original)
    try:
        if sets is None:
            return None
        return sets.proof_once(move) if operator is Operator.ONCE else sets.proof_late(move)
    except TooLargeError:
        return None


@lru_cache(maxsize=4)
def bisimilar(system: System) -> "Bisimilar | None":
    """What is alike in a system, for everything in one process; ``None`` where there are no sets of states."""
    try:
        from properties.mutation.bisimilar import Bisimilar  # noqa: PLC0415  # a package more

        return Bisimilar(system)
    except (TooLargeError, MissingExtraError):
        return None
