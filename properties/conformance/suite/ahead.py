"""Mutants of behaviour told apart ahead of their turn, by other processes.

Which of them come to their turn is known at the end: those that no sequence kills. But most of the sequences are there
early, and what these do not kill, hardly any of the others does. So it is looked at meanwhile.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial

from properties.conformance.suite.behaviour_goals import told_apart
from properties.mutation.mutants import Mutant
from properties.mutation.processes import worked_ahead
from properties.mutation.proving import bisimilar
from properties.mutation.replaying import Layer
from properties.mutation.run_codes import Coded, RunCodes
from statemachines.checker.equivalence import Proof, comparer
from statemachines.errors import TooLargeError
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Scenario


@contextmanager
def told_apart_ahead(
    oracle: Oracle, known: Sequence[Scenario], mutants: Sequence[Mutant], jobs: int
) -> Iterator[Callable[[Mutant], Scenario | Proof]]:
    """What tells a mutant apart, for each that no known sequence kills.

    Parameters
    ----------
    oracle: of the reference.
    known: sequences of the suite that are there already.
    mutants: those that may come to their turn.
    jobs: how many processes there are, this one included, which takes what no other has taken yet.
    """
    codes = RunCodes(oracle.system)
    layer = lru_cache(maxsize=1)(partial(Layer, oracle, known))

    def work(number: int) -> Proof | Coded | TooLargeError | None:
        """What tells it apart, in a form that processes exchange; nothing, if a known sequence does."""
        if layer().kills(mutants[number]):
            return None
        try:
            one = told_apart(oracle.system, mutants[number])
        except TooLargeError as error:
            return error
        return one if isinstance(one, Proof) else codes.coded(one.start, one.requests)

    for made in (bisimilar, comparer):
        made.cache_clear()  # diagrams are made in each process: their threads are not forked
    numbers = {mutant: number for number, mutant in enumerate(mutants)}
    with worked_ahead(work, sorted(numbers.values(), key=lambda number: _parting(mutants[number])), jobs) as worked:

        def told(mutant: Mutant) -> Scenario | Proof:
            result = worked(numbers[mutant])
            if isinstance(result, TooLargeError):
                raise result
            assert result, "what a known sequence kills is not asked for"
            return result if isinstance(result, Proof) else Scenario(*codes.run(result))

        yield told


def _parting(mutant: Mutant) -> int:
    """What mutants share in which the same variables come apart: those next to each other have much in common."""
    owners = (
        at for at, one in enumerate(mutant.original.lifecycles) if any(move is mutant.after for move in one.transitions)
    )
    return next(owners, -1)
