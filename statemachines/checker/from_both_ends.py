"""Work for two processes: they take from both ends of a list, until nothing is left between them."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from typing import Generic, TypeVar

T = TypeVar("T")

ABLE = "fork" in multiprocessing.get_all_start_methods()
"""Whether a process can be forked here."""


class _Ends:
    """What is left of a list, as both processes see it."""

    def __init__(self, count: int) -> None:
        context = multiprocessing.get_context("fork")
        self.left: Synchronized[int] = context.Value("l", count)
        self.count = count
        self.taken = 0

    def next(self, *, last: bool) -> int | None:
        """The index of what this process takes next, from the end if it is the last; ``None`` if nothing is left."""
        with self.left.get_lock():
            if not self.left.value:
                return None
            self.left.value -= 1
        self.taken += 1
        return self.count - self.taken if last else self.taken - 1


class Beside(Generic[T]):
    """A process that takes from the end of a list, as seen by the one that takes from its beginning.

    Parameters
    ----------
    ends: what is left.
    results: where it sends its results.
    """

    def __init__(self, ends: _Ends, results: Connection) -> None:
        self._ends = ends
        self._results = results

    def indices(self) -> Iterator[int]:
        """The indices that are left for this process, one after another."""
        while (index := self._ends.next(last=False)) is not None:
            yield index

    def received(self, *, wait: bool) -> Iterator[tuple[int, T]]:
        """The results that have come since this was asked last, each with its index; waiting, all of them."""
        try:
            while wait or self._results.poll():
                yield self._results.recv()
        except EOFError:
            return


@contextmanager
def beside(count: int, work: Callable[[int], T], stops: Sequence[type[Exception]]) -> Iterator[Beside[T]]:
    """Fork a process that takes indices of a list from its end, and sends the results of its work on them.

    Parameters
    ----------
    count: how many indices there are.
    work: on one index; what it returns can be pickled.
    stops: the exceptions at which it stops without a word, for the other process to work on that index itself.
    """
    ends = _Ends(count)
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(ends, work, tuple(stops), receiving, sending), daemon=True)
    process.start()
    sending.close()
    try:
        yield Beside(ends, receiving)
    finally:
        process.terminate()
        process.join()
        receiving.close()


def _work(
    ends: _Ends,
    work: Callable[[int], object],
    stops: tuple[type[Exception], ...],
    receiving: Connection,
    sending: Connection,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that was asked to stop stops this one
    receiving.close()
    while (index := ends.next(last=True)) is not None:
        try:
            sending.send((index, work(index)))
        except stops:
            return
    sending.close()
