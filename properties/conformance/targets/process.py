"""A child process that reads and writes lines, within time and memory limits, and always ended.

One thread does it all. What the command writes to its standard error is read whenever its answer is waited for, so that
it never has to wait itself, and the last of it is kept. It runs in a process group of its own, and the whole group is
ended with it, as is whatever else it started: a variable in the environment marks its processes. This needs POSIX.
"""

import os
import selectors
import shlex
import signal
import subprocess
import time
import uuid
from contextlib import suppress

from statemachines.extras import optional_imports
from statemachines.files.shown import shown

with optional_imports():
    import psutil

MAX_LINE = 1024 * 1024
"""The longest line that is read, in bytes."""

_MARK = "CONFORMANCE_TARGET"
"""The variable in the environment of a command, and of whatever it starts."""

_END_SECONDS, _PAUSE_SECONDS = 1.0, 0.01
_CHUNK = 64 * 1024
GRACE_SECONDS = 2.0
"""How long a command has to end by itself, once its input has ended."""

_STDERR_KEPT, _STDERR_LINES, _STDERR_WIDTH = 16 * 1024, 20, 200


class ProcessEnded(Exception):  # noqa: N818
    """The command ended, or closed its standard output."""


class NoLineInTime(Exception):  # noqa: N818
    """Nothing came before the deadline."""


class LineTooLong(Exception):  # noqa: N818
    """A line came that is longer than MAX_LINE."""


class Process:
    """A command, running.

    Parameters
    ----------
    command: as one would type it; no shell is between.

    Raises
    ------
    OSError, ValueError: if it cannot be started.
    """

    def __init__(self, command: str) -> None:
        self._mark = uuid.uuid4().hex
        self._process = subprocess.Popen(
            shlex.split(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            env={**os.environ, _MARK: self._mark},
        )
        streams = (self._process.stdin, self._process.stdout, self._process.stderr)
        self._in, self._out, self._err = (stream.fileno() for stream in streams if stream)
        self._buffer, self._errors = bytearray(), bytearray()
        self._selector = selectors.DefaultSelector()
        for stream in (self._in, self._out, self._err):
            os.set_blocking(stream, False)
        self._selector.register(self._out, selectors.EVENT_READ)
        self._selector.register(self._err, selectors.EVENT_READ)
        self._ended = ""

    def write(self, line: bytes, deadline: float) -> None:
        """Write the line, by the deadline (of `time.monotonic`).

        Raises
        ------
        ProcessEnded, NoLineInTime: where the command does not read it any more.
        """
        rest = memoryview(line)
        while rest:
            try:
                rest = rest[os.write(self._in, rest) :]
            except BlockingIOError:
                self._wait_to_write(deadline)
            except OSError:
                raise ProcessEnded from None

    def _wait_to_write(self, deadline: float) -> None:
        """Wait until it reads; what it writes to standard error meanwhile is read, for it may be waiting for that."""
        self._selector.unregister(self._out)
        self._selector.register(self._in, selectors.EVENT_WRITE)
        try:
            while not any(key.fd == self._in for key, _ in self._select(deadline)):
                pass
        finally:
            self._selector.unregister(self._in)
            self._selector.register(self._out, selectors.EVENT_READ)

    def read_line(self, deadline: float) -> bytes:
        """The next line, by the deadline.

        Raises
        ------
        ProcessEnded, NoLineInTime, LineTooLong: where there is none.
        """
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > MAX_LINE:
                raise LineTooLong
            self._fill(deadline)
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        if len(line) > MAX_LINE:
            raise LineTooLong
        return line

    def waiting_line(self) -> bytes | None:
        """A whole line that has come already, if there is one; it stays where it is."""
        end = self._buffer.find(b"\n")
        return bytes(self._buffer[:end]) if end >= 0 else None

    def unread_line(self) -> bytes | None:
        """The next line of those that have come already, if there is one.

        Raises
        ------
        ProcessEnded: if it ended, or closed its standard output.
        """
        if b"\n" not in self._buffer and len(self._buffer) <= MAX_LINE:
            with suppress(BlockingIOError):
                read = os.read(self._out, _CHUNK)
                if not read:
                    raise ProcessEnded
                self._buffer += read
        end = self._buffer.find(b"\n")
        if end < 0:
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line

    def _fill(self, deadline: float) -> None:
        """Read what has come, waiting for it if need be."""
        while not any(key.fd == self._out for key, _ in self._select(deadline)):
            pass
        read = os.read(self._out, _CHUNK)
        if not read:
            raise ProcessEnded
        self._buffer += read

    def _select(self, deadline: float) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready by the deadline; standard error is read at once."""
        left = deadline - time.monotonic()
        ready = self._selector.select(left) if left > 0 else []
        if not ready:
            raise NoLineInTime
        if any(key.fd == self._err for key, _ in ready):
            self._keep_errors()
        return ready

    def _keep_errors(self) -> bool:
        """Read from standard error, and keep the last of it; whether there can be more."""
        with suppress(BlockingIOError):
            read = os.read(self._err, _CHUNK)
            if not read:
                self._selector.unregister(self._err)
                return False
            self._errors += read
            del self._errors[:-_STDERR_KEPT]
            return True
        return False

    def end(self, grace: float = 0.0) -> str:
        """End the command and its whole process group; in words, how it ended.

        Parameters
        ----------
        grace: how many seconds it has to end by itself once its input has ended.
        """
        if self._ended:
            return self._ended
        stdin = self._process.stdin
        if stdin:
            with suppress(OSError):
                stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(grace)
        by_itself = self._process.returncode is not None
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        code = self._process.wait()
        self._end_the_rest()
        self._drain_errors()
        self._selector.close()
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()
        self._ended = _in_words(code) if by_itself else "it went on running, and was ended"
        return self._ended

    def _end_the_rest(self) -> None:
        """End what it started outside its group, and what that starts meanwhile."""
        deadline = time.monotonic() + _END_SECONDS
        while time.monotonic() < deadline:
            left = [one for one in psutil.process_iter(["environ", "status"]) if _mark_of(one) == self._mark]
            if not left:
                return
            for one in left:
                with suppress(psutil.Error):
                    one.kill()
            time.sleep(_PAUSE_SECONDS)

    def _drain_errors(self) -> None:
        """What is still in the pipe: no more than a pipe holds, whoever else may hold its other end."""
        for _ in range(16):
            if self._err not in self._selector.get_map() or not self._keep_errors():
                return

    def last_errors(self) -> str:
        """The last lines that it wrote to standard error, on a line of their own each; empty if none.

        The first line of them that names an error is there too: a traceback may follow below it.
        """
        text = self._errors.decode("utf-8", "replace").split("\n")
        lines = [line.rstrip() for line in text if line.strip()]
        kept = lines[-_STDERR_LINES:]
        cause = next((line for line in lines if "error" in line.lower()), None)
        if cause is not None and cause not in kept:
            kept = [cause, "...", *kept[2:]]
        return "".join(f"\n  stderr: {shown(line, _STDERR_WIDTH)}" for line in kept)


def _mark_of(process: psutil.Process) -> str | None:
    environment = process.info["environ"]  # None, where that may not be read
    return environment.get(_MARK) if environment and process.info["status"] != psutil.STATUS_ZOMBIE else None


def _in_words(code: int) -> str:
    if code >= 0:
        return f"it ended with exit code {code}"
    try:
        return f"it was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"it was ended by signal {-code}"
