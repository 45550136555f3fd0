"""A time limit that interrupts a call in this process."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN_SECONDS = 0.5
"""After which the alarm rings again, should the call have caught the first."""


class CallOverdue(BaseException):
    """The time of a call is up. It is no `Exception`, so that the target's own handlers let it through."""


def can_interrupt() -> bool:
    """Whether a call can be interrupted here: in the main thread, where the operating system has such alarms."""
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


@contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise `CallOverdue` in whatever runs inside after so many seconds; nothing, where calls cannot be interrupted."""
    if not can_interrupt():
        yield
        return

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise CallOverdue

    handler = signal.signal(signal.SIGALRM, ring)
    before = signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *before)
        signal.signal(signal.SIGALRM, handler)
