"""Mutants of behaviour told apart ahead of their turn, by other processes.

Which of them come to their turn is known at the end: those that no sequence kills. But most of the sequences are there
early, and what these do not kill, hardly any of the others does. So it is looked at meanwhile.
"""

import multiprocessing
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from multiprocessing.sharedctypes import SynchronizedArray
from typing import Any

from properties.conformance.suite.behaviour_goals import told_apart
from properties.mutation.mutants import Mutant
from properties.mutation.processes import able, forked
from properties.mutation.proving import bisimilar
from properties.mutation.replaying import Layer
from properties.mutation.run_codes import Coded, RunCodes
from statemachines.checker.equivalence import Proof, comparer
from statemachines.errors import TooLargeError
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Scenario


class _Shared:
    """What every process works with, set before they are forked.

    `taken` has a flag for each group of mutants: whether a process has taken it.
    """

    oracle: Oracle
    known: Sequence[Scenario]
    mutants: Sequence[Mutant]
    groups: Sequence[Sequence[int]]
    taken: "SynchronizedArray[Any]"
    codes: RunCodes


_shared = _Shared()


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
    told = partial(told_apart, oracle.system)
    if able(jobs) == 1:
        yield told
        return
    groups = _groups(mutants)
    _shared.oracle, _shared.known, _shared.mutants, _shared.groups = oracle, known, mutants, groups
    _shared.taken = multiprocessing.get_context("fork").Array("b", len(groups))
    _shared.codes = RunCodes(oracle.system)
    for made in (_layer, bisimilar, comparer):
        made.cache_clear()  # diagrams are made in each process: their threads are not forked
    with forked(jobs - 1) as processes:
        results = [processes.apply_async(_group_told_apart, (index,)) for index in range(len(groups))]
        places = {mutants[number]: (index, number) for index, group in enumerate(groups) for number in group}
        own: set[int] = set()

        def of(mutant: Mutant) -> Scenario | Proof:
            index, number = places[mutant]
            if index in own or _takes(index):
                own.add(index)
                return told(mutant)
            result = results[index].get()[number]
            if isinstance(result, TooLargeError):
                raise result
            return result if isinstance(result, Proof) else Scenario(*_shared.codes.run(result))

        yield of


def _takes(index: int) -> bool:
    """Take a group, if no process has."""
    with _shared.taken.get_lock():
        free = not _shared.taken[index]
        _shared.taken[index] = True
    return free


def _groups(mutants: Sequence[Mutant]) -> list[list[int]]:
    """The numbers of those in which the same variables come apart, so that one process has what these share."""
    groups: dict[Hashable, list[int]] = {}
    for number, mutant in enumerate(mutants):
        owners = (
            one.name for one in mutant.original.lifecycles if any(move is mutant.after for move in one.transitions)
        )
        groups.setdefault(next(owners, None) if mutant.after else number, []).append(number)
    return list(groups.values())


@lru_cache(maxsize=1)
def _layer() -> Layer:
    return Layer(_shared.oracle, _shared.known)


def _group_told_apart(index: int) -> dict[int, Proof | Coded | TooLargeError]:
    """Of a group that no process has taken, what tells apart each mutant that no known sequence kills."""
    results: dict[int, Proof | Coded | TooLargeError] = {}
    for number in _shared.groups[index] if _takes(index) else ():
        mutant = _shared.mutants[number]
        if not _layer().kills(mutant):
            try:
                one = told_apart(_shared.oracle.system, mutant)
                results[number] = one if isinstance(one, Proof) else _shared.codes.coded(one.start, one.requests)
            except TooLargeError as error:
                results[number] = error
    return results
