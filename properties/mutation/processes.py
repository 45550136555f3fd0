"""Processes that are forked from this one, and work beside it."""

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing.sharedctypes import SynchronizedArray
from threading import Thread
from typing import Any, TypeVar

from statemachines.errors import StatemachinesError

R = TypeVar("R")


class ProcessEndedError(StatemachinesError, RuntimeError):
    """A forked process that was ended from outside; what it worked on is not known."""


def able(jobs: int) -> int:
    """How many of so many processes there can be: one, where they cannot be forked."""
    return jobs if "fork" in multiprocessing.get_all_start_methods() else min(jobs, 1)


@contextmanager
def forked(processes: int, begin: Callable[..., None] | None = None, *given: object) -> Iterator[ProcessPoolExecutor]:
    """Processes that end with this block, whatever they are at then, and with this process.

    Ctrl-C does not end them: it reaches all of a terminal's, and the first one ends the others. Diagrams that were made
    before are not theirs: the threads of these are not forked.

    Parameters
    ----------
    processes: how many.
    begin: what each begins with, and what it is given; both come with the fork.

    Raises
    ------
    ProcessEndedError: when one of them is ended from outside.
    """
    before = multiprocessing.active_children()
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("fork"), partial(_begin, begin, *given))
    try:
        yield pool
    except BrokenProcessPool:
        raise ProcessEndedError(
            "a process that worked on this was ended from outside, perhaps for want of memory: try fewer processes"
        ) from None
    finally:
        for child in multiprocessing.active_children():
            if child not in before:
                child.terminate()
        pool.shutdown(cancel_futures=True)


def _begin(begin: Callable[..., None] | None, *given: object) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()  # what came with the fork is not searched for cycles, nor copied by that
    if begin:
        begin(*given)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os._exit(1)


class _Tasks:
    """In a forked process: what it works on, and for each task a flag whether a process has taken it."""

    work: Callable[[int], Any]
    taken: "SynchronizedArray[Any]"


@contextmanager
def worked_ahead(work: Callable[[int], R], order: Sequence[int], jobs: int) -> Iterator[Callable[[int], R]]:
    """Numbered tasks, on which forked processes work ahead of this one.

    Parameters
    ----------
    work: what a task is; its result has to be one that can be pickled.
    order: the numbers of the tasks, from 0 on, in the order in which the others take them.
    jobs: how many processes there are, this one included.

    Returns
    -------
    callable
        The result of a task. The task is done here if no other process has taken it, and each at most once.
    """
    if able(jobs) == 1:
        yield work
        return
    taken = multiprocessing.get_context("fork").Array("b", len(order))
    own: dict[int, R] = {}
    with forked(jobs - 1, _begin_tasks, work, taken) as processes:
        others = {number: processes.submit(_worked, number) for number in order}

        def result(number: int) -> R:
            if number not in own:
                own[number] = work(number) if _takes(taken, number) else others[number].result()
            return own[number]

        yield result


def _begin_tasks(work: Callable[[int], Any], taken: "SynchronizedArray[Any]") -> None:
    _Tasks.work, _Tasks.taken = staticmethod(work), taken


def _worked(number: int) -> Any:
    return _Tasks.work(number) if _takes(_Tasks.taken, number) else None


def _takes(taken: "SynchronizedArray[Any]", number: int) -> bool:
    """Take a task, if no process has."""
    with taken.get_lock():
        free = not taken[number]
        taken[number] = True
    return free
