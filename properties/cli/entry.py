"""Entry points of the commands: where a package is missing, one message and no traceback."""

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable
from io import TextIOWrapper
from types import FrameType

from properties.domain import named

OBJECTS_BETWEEN_COLLECTIONS = 200_000
"""How many objects are made between two searches for cycles, of which declarations and states have few."""


AGAIN_SECONDS = 0.05
"""After which an interrupt is sent again that was lost."""


def run(command: str) -> None:
    """Run the command that ``module:attribute`` names.

    Ended by a signal it exits with 128 and the signal's number, after everything that it started has been ended.
    """
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    _open_streams()
    received: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _interrupting(received))
    sys.unraisablehook = _interrupted_again
    try:
        _start(command)
    except (KeyboardInterrupt, SystemExit):
        if received:
            sys.exit(128 + received[0])
        raise
    finally:
        gc.freeze()  # else the interpreter searches all of them for cycles, several times, before it ends


def _interrupting(received: list[int]) -> Callable[[int, FrameType | None], None]:
    own = os.getpid()

    def interrupt(number: int, _: FrameType | None) -> None:
        if os.getpid() != own:  # a process of ours, which its parent ends in this way
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        received.append(number)
        raise KeyboardInterrupt

    return interrupt


def _interrupted_again(unraisable: "sys.UnraisableHookArgs") -> None:
    """Send an interrupt again that was lost: in a callback of the garbage collector, such as Hypothesis has, or in a
    finalizer, from which nothing is raised."""
    if unraisable.exc_type is KeyboardInterrupt:
        threading.Timer(AGAIN_SECONDS, os.kill, (os.getpid(), signal.SIGINT)).start()
    else:
        sys.__unraisablehook__(unraisable)


def _open_streams() -> None:
    """Open standard streams that are closed, lest a file takes their number; output that goes nowhere is refused.

    A character that the user's terminal has no code for is escaped.
    """
    closed = []
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            closed.append(os.open(os.devnull, os.O_RDWR))  # the lowest that is free, which is this one
    if 2 in closed:
        sys.stderr = os.fdopen(2, "w")
    if 1 in closed:
        sys.stderr.write("Error: the output cannot be written: standard output is closed\n")
        sys.exit(2)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _start(command: str) -> None:
    try:
        main = named(command)  # imports click
    except ModuleNotFoundError as error:
        from statemachines.extras import missing_extra  # noqa: PLC0415  # loads what --help does without

        missing = missing_extra(error)
        if missing is None:
            raise
        sys.exit(f"Error: {missing}")
    main()


def statemachines() -> None:
    """Run the command `statemachines`."""
    run("properties.cli.main:main")
