"""Processes that are forked from this one, and work beside it."""

import gc
import multiprocessing
import signal
from multiprocessing.pool import Pool


def able(jobs: int) -> int:
    """How many of so many processes there can be: one, where they cannot be forked."""
    return jobs if "fork" in multiprocessing.get_all_start_methods() else min(jobs, 1)


def forked(processes: int) -> Pool:
    """Processes that Ctrl-C does not end: it reaches all of a terminal's, and the first one ends the others.

    Diagrams that were made before are not theirs: the threads of these are not forked.
    """
    return multiprocessing.get_context("fork").Pool(processes, _begin)


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()  # what came with the fork is not searched for cycles, nor copied by that
