"""Running SPIN: make a verifier of a Promela model, compile it, run it, and read its output."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs

INSTALL = "on Debian and Ubuntu: apt-get install spin gcc"


class SpinError(RuntimeError):
    """SPIN cannot answer: the message says why."""


class SpinMissing(SpinError):  # noqa: N818  # nobody made an error
    """SPIN, or a compiler for its verifiers, is not on this machine."""


class SpinTooLong(SpinError):  # noqa: N818
    """It took longer than it was given."""


def quickest_compiler() -> str:
    """The compiler that makes a verifier of a small model soonest: ``tcc`` where it is installed, or else ``gcc``."""
    return "tcc" if shutil.which("tcc") else "gcc"


@attrs.frozen
class SpinResult:
    """The result of a verifier.

    Parameters
    ----------
    states, matched: how many states it stored, and how often it came to one that it knew.
    transitions: the sum of the two.
    depth: the longest run that it looked at; of a search breadth first, the length of the longest shortest run.
    violated: the numbers of the properties whose assertion is violated, or that were reported as broken.
    cases: the numbers of the properties whose case was reported.
    complete: whether it looked at all there is; it does not where an assertion is violated.
    memory: megabytes, as it says itself.
    seconds_generate, seconds_compile, seconds_run: how long each stage took, by the clock.
    processor_run: the processor's seconds of the search; 0 where the operating system does not tell (Windows).
    """

    states: int
    matched: int
    transitions: int
    depth: int
    violated: tuple[int, ...]
    cases: tuple[int, ...]
    complete: bool
    memory: float
    seconds_generate: float
    seconds_compile: float
    seconds_run: float
    processor_run: float

    @property
    def seconds(self) -> float:
        """All stages together."""
        return self.seconds_generate + self.seconds_compile + self.seconds_run


def missing(compiler: str = "gcc") -> str:
    """What is missing to run SPIN, in words; empty if nothing is."""
    absent = [tool for tool in ("spin", compiler) if shutil.which(tool) is None]
    return f"{' and '.join(absent)} cannot be found ({INSTALL})" if absent else ""


def run_spin(
    model: str,
    *,
    defines: Sequence[str] = (),
    compiler: str = "gcc",
    optimisation: str = "-O2",
    reduction: bool = False,
    breadth_first: bool = False,
    hash_bits: int = 24,
    most_depth: int = 1_000_000,
    megabytes: int = 8192,
    seconds: float = 600,
) -> SpinResult:
    """Verify a Promela model, for safety only.

    Parameters
    ----------
    model: its text.
    defines: what is defined in it, as ``NOCHECK`` or ``PROPERTY=3``.
    compiler: of C, by its command; ``tcc`` compiles at once, what it makes runs slower.
    optimisation: the compiler's option.
    reduction: whether SPIN reduces by partial order.
    breadth_first: whether it searches so; it does not where all are reported.
    hash_bits: the logarithm of the number of slots in its hash table.
    most_depth: the longest run that it may look at.
    megabytes: how much memory it may use.
    seconds: how long all of it may take.

    Raises
    ------
    SpinMissing: where a tool is not on this machine.
    SpinTooLong: where it takes longer.
    SpinError: where SPIN or the compiler refuses the model, or depth or memory does not suffice.
    """
    absent = missing(compiler)
    if absent:
        raise SpinMissing(absent)
    clock = _Clock(seconds)
    options = ["-DSAFETY", f"-DMEMLIM={megabytes}", "-w", optimisation]
    options += ["-DPRINTF"] if "REPORT_ALL" in defines else []
    options += [] if reduction else ["-DNOREDUCE"]
    options += ["-DBFS"] if breadth_first else []
    with TemporaryDirectory(prefix="spin-") as name:
        directory = Path(name)
        (directory / "model.pml").write_text(model, encoding="utf-8")
        # Without -o2 SPIN leaves out of its states what no condition reads, and counts fewer.
        generate = clock.run("spin", ["spin", "-a", "-o2", *(f"-D{each}" for each in defines), "model.pml"], directory)
        if not (directory / "pan.c").exists():
            raise SpinError(f"SPIN refuses the model: {_start(generate.output)}")
        compiled = clock.run(compiler, [compiler, *options, "-o", "pan", "pan.c"], directory)
        if not (directory / "pan").exists():
            raise SpinError(f"{compiler} refuses SPIN's verifier: {_start(compiled.output)}")
        ran = clock.run("the verifier", ["./pan", "-n", f"-w{hash_bits}", f"-m{most_depth}"], directory)
    return _read(ran.output, generate.seconds, compiled.seconds, ran)


@attrs.frozen
class _Ran:
    output: str
    seconds: float
    processor: float


class _Clock:
    """Runs commands, one after the other, within a time."""

    def __init__(self, seconds: float) -> None:
        self.allowed = seconds
        self.end = time.monotonic() + seconds

    def run(self, what: str, command: Sequence[str], directory: Path) -> _Ran:
        started, before = time.monotonic(), _of_children()
        process = subprocess.Popen(
            command,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # SPIN runs the C preprocessor, which has to end with it
        )
        try:
            output, _ = process.communicate(timeout=max(0.0, self.end - started))
        except subprocess.TimeoutExpired:
            raise SpinTooLong(f"{what} was not done within the {self.allowed:g} s for the model") from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
        return _Ran(output.decode(errors="replace"), time.monotonic() - started, _of_children() - before)


def _of_children() -> float:
    """The processor's seconds of the processes that this one has started and that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def _read(output: str, generate: float, compiled: float, ran: _Ran) -> SpinResult:
    if "max search depth too small" in output:
        raise SpinError("SPIN's verifier came to runs longer than it may look at: give it more depth")
    states, matched, depth = (
        _number(pattern, output)
        for pattern in (r"([\d.e+]+) states, stored", r"([\d.e+]+) states, matched", r"depth reached (\d+)")
    )
    if states is None or matched is None or depth is None:
        raise SpinError(f"SPIN's verifier came to no result: {_start(output)}")
    violated = _numbers(r"assertion violated \((\d+)==0\)|^broken (\d+)", output)
    complete = "Search not completed" not in output
    if not (complete or violated):
        raise SpinError(f"SPIN's verifier did not search the whole state space: {_start(output)}")
    memory = re.search(r"([\d.]+)\s+total actual memory usage", output)
    return SpinResult(
        int(states),
        int(matched),
        int(states + matched),
        int(depth),
        violated,
        _numbers(r"^case (\d+)", output),
        complete,
        float(memory.group(1)) if memory else 0.0,
        generate,
        compiled,
        ran.seconds,
        ran.processor,
    )


def _number(pattern: str, output: str) -> float | None:
    match = re.search(pattern, output)
    return float(match.group(1)) if match else None


def _numbers(pattern: str, output: str) -> tuple[int, ...]:
    matches = re.finditer(pattern, output, re.MULTILINE)
    return tuple(sorted({int(one.group(one.lastindex or 0)) for one in matches}))


def _start(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return " / ".join(lines[:3]) or "it says nothing"
