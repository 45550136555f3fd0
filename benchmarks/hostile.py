"""Hostile inputs by the thousand (``python -m benchmarks.hostile``): every reader, and command lines.

Whatever an input is, its reader reads it or refuses it in one message that a terminal can show, and soon. A command
ends with 0, 1 or 2, and never with a traceback. Each input is made of the seed, its kind and its number alone, so that
what fails is made again by ``--kind KIND --first NUMBER --most 1 --seed SEED``.
"""

import os
import resource
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Self
from unittest.mock import patch

import attrs
import click
import uvicorn
from click.testing import CliRunner

from benchmarks.hostile_changes import TOKENS, changed
from benchmarks.hostile_inputs import CSV, JSON_LINES, Kind, files
from benchmarks.hostile_messages import messages
from properties.cli.main import main as neutral
from properties.conformance.targets.misbehaviour import Misbehaved, TargetError
from properties.smets1.command import main as energy
from statemachines.errors import EnginesDisagreeError, StatemachinesError
from statemachines.extras import MissingExtraError
from statemachines.files.content import FileError
from statemachines.files.toml import TomlFileError
from statemachines.smets1.duis.errors import DuisError

REFUSALS = (StatemachinesError, FileError, TomlFileError, TargetError, Misbehaved, DuisError, MissingExtraError)
"""What a reader may raise."""

COMMAND_LINE = "command line"
COMMANDS = (
    "explore", "render", "export", "replay", "log", "diff", "explorer", "judge", "readiness", "regime", "check",
    "vectors", "assumptions", "trace", "conform", "serve",
)  # fmt: skip
"""All of them; `serve` ends once clients could connect."""

NOT_GIVEN = {"processes", "memory", "max_states", "time_limit", "start_limit", "max_examples"}
"""Options that may rightly make a command long."""

WRITTEN = ("out", "out/deeper", "input.json", "input.json/x", "/dev/full", "/proc/nowhere", "", "o" * 300)
TARGETS = ("examples.locker:Locker", "examples.locker:TrustingLocker", "examples.locker:no", "false", "cat", "true")
DEVICES = ("/dev/null", "/dev/full", "/dev/zero", "/proc/self/mem")
READ = (*DEVICES, ".", "..", "nowhere.json", "-", "*.json", "**", "[", "~")
WORDS = ("BOX-1", "box", "box == EMPTY", "EMPTY", "2020-10-15", "Take", "a box can always come free")

MOST_SECONDS = 10
"""The CPU time that one input may take."""

MOST_MEMORY = 6 << 30
"""The bytes that this process may come to: whoever reads a device that never ends would end the machine."""


class TooSlowError(BaseException):
    """An input takes too long; nobody catches this by accident."""


@attrs.define
class MemoryWatch:
    """A thread that names the input that takes too much memory and ends this process: nothing else ends a read."""

    kind: str
    number: int = 0
    _ended: Event = attrs.field(factory=Event)

    def __enter__(self) -> Self:
        Thread(target=self._look, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()

    def _look(self) -> None:
        while not self._ended.wait(0.2):
            if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > MOST_MEMORY:
                os.write(2, f"{self.kind} {self.number}: it takes more than {MOST_MEMORY >> 30} GiB\n".encode())
                os._exit(1)


@attrs.frozen
class Failure:
    """An input that is neither read nor refused as it should be."""

    kind: str
    number: int
    why: str


@attrs.define
class Tally:
    """What was tried of a kind."""

    read: int = 0
    refused: int = 0
    slowest: float = 0.0
    failures: list[Failure] = attrs.field(factory=list)
    codes: Counter[int] = attrs.field(factory=Counter)


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind but command lines."""
    return {**files(), **messages()}


def attack(kind: str, seed: int, seconds: float, first: int = 1, most: int | None = None) -> Tally:
    """Try inputs of a kind for so many seconds of CPU time, or as many as are asked for."""
    tally = Tally()
    all_kinds = kinds()
    started = time.process_time()
    here = Path.cwd()
    with TemporaryDirectory(prefix="hostile-") as folder, MemoryWatch(kind) as watch:
        os.chdir(folder)
        try:
            number = first
            while time.process_time() - started < seconds and (most is None or number < first + most):
                random = Random(f"{seed}:{kind}:{number}")
                watch.number = number
                before = time.process_time()
                try:
                    with _limited(), _kept_output() if kind == COMMAND_LINE else nullcontext():
                        if kind == COMMAND_LINE:
                            why = _run(random, all_kinds, tally)
                        else:
                            why = _read(random, all_kinds[kind], tally)
                except TooSlowError:
                    why = f"it takes more than {MOST_SECONDS} s"
                took = time.process_time() - before
                tally.slowest = max(tally.slowest, took)
                if why is None and took > MOST_SECONDS:  # a command may have caught it
                    why = f"it takes {took:.0f} s"
                if why is not None:
                    click.echo(f"{kind} {number}: {why}", err=True)
                    tally.failures.append(Failure(kind, number, why))
                number += 1
        finally:
            os.chdir(here)
    return tally


def _read(random: Random, kind: Kind, tally: Tally) -> str | None:
    path = Path(f"input{kind.suffix}")
    path.write_bytes(kind.made(random))
    try:
        kind.read(path)
    except EnginesDisagreeError as error:
        return f"EnginesDisagreeError: {error}"
    except REFUSALS as error:
        tally.refused += 1
        return _unfit(str(error))
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the finding
        return _named(error)
    tally.read += 1
    return None


def _run(random: Random, all_kinds: Mapping[str, Kind], tally: Tally) -> str | None:
    arguments = command_line(random, all_kinds)
    group = energy if arguments[0] in energy.known and random.random() < 0.3 else neutral
    with patch.object(uvicorn.Server, "run"):  # all is checked and made by then
        result = CliRunner().invoke(group, arguments, input=random.choice([b"", JSON_LINES, changed(random, [CSV])]))
    shown = f"{' '.join(map(repr, arguments))}"[:600]
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return f"{shown}: {_named(result.exception)}"
    tally.codes[result.exit_code] += 1
    if result.exit_code not in {0, 1, 2}:
        return f"{shown}: exit code {result.exit_code}: {result.stderr[-300:]!r}"
    if "Traceback" in result.stderr:
        return f"{shown}: a traceback: {result.stderr[-300:]!r}"
    if result.exit_code == 2:
        tally.refused += 1
        return None if result.stderr.strip() else f"{shown}: no message"
    tally.read += 1
    return None


def command_line(random: Random, all_kinds: Mapping[str, Kind]) -> list[str]:
    """A command with options that it has, most with values that they cannot have; files among them are written."""
    name = random.choice(COMMANDS)
    group = energy if name in {"judge", "readiness", "regime"} else neutral
    command = group.get_command(click.Context(group), name)
    assert command is not None
    arguments = [name, "--max-examples", "2"] if name == "conform" else [name]
    options = command.get_params(click.Context(command, parent=group.make_context("x", [name])))
    for option in options:
        if option.name in NOT_GIVEN or option.name in {"help", "open"}:
            continue
        if isinstance(option, click.Argument):
            arguments += [_value(random, option, all_kinds) for _ in range(random.choice([0, 1, 1, 1, 2]))]
        elif option.name in {"spec", "specs"}:
            locker = "examples.parcel_locker:claims"
            arguments += ["--system", locker if random.random() < 0.9 else _value(random, option, all_kinds)]
        elif (option.required and random.random() < 0.9) or random.random() < 0.2:
            arguments.append(random.choice(option.opts))
            if not getattr(option, "is_flag", False):
                arguments.append(_value(random, option, all_kinds))
    if random.random() < 0.05:
        arguments.insert(random.randint(1, len(arguments)), random.choice(TOKENS))
    return [argument.replace("\0", "") for argument in arguments]  # no system passes a NUL


def _value(random: Random, option: click.Parameter, all_kinds: Mapping[str, Kind]) -> str:
    if option.name in {"out", "truth", "dot", "html", "junit", "resume", "database"} or (
        option.name == "as_json" and not getattr(option, "is_flag", False)
    ):
        return random.choice(WRITTEN)
    if option.name == "sut":
        return random.choice(TARGETS)  # what starts a command starts that command
    if random.random() < 0.7:
        if isinstance(option.type, click.Choice):
            return str(random.choice(list(option.type.choices)))
        if isinstance(option.type, click.types.IntParamType | click.types.FloatParamType):
            return random.choice(["1", "2", "3", "0", "-1", "0.5"])
    if random.random() < 0.5:
        return random.choice([random.choice(TOKENS), random.choice(READ), random.choice(WORDS)])
    kind = all_kinds[random.choice(list(all_kinds))]
    path = Path(f"input{kind.suffix}")
    if path.is_dir():  # an earlier command wrote a directory there
        shutil.rmtree(path)
    path.write_bytes(random.choice([*kind.seeds, kind.made(random)]))
    return str(path)


def _unfit(message: str) -> str | None:
    """Why a message is none for a terminal."""
    if not message.strip():
        return "an empty message"
    odd = {letter for letter in message if letter != "\n" and not letter.isprintable()}
    return f"a message with {sorted(odd)}: {message[:300]!r}" if odd else None


def _named(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}: {str(error)[:200]!r}"


@contextmanager
def _limited() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _kept_output() -> Iterator[None]:
    """Keep standard output, which a command points elsewhere where it cannot be written."""
    kept = os.dup(1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--seconds", default=60.0, show_default=True, help="Of CPU time, shared among the kinds.")
@click.option("--seed", default=1, show_default=True, help="Of the random inputs.")
@click.option("--kind", "names", multiple=True, type=click.Choice([*kinds(), COMMAND_LINE]), help="Only these.")
@click.option("--first", default=1, show_default=True, help="The number of the first input of each kind.")
@click.option("--most", type=int, help="The most inputs of each kind.")
def main(seconds: float, seed: int, names: Sequence[str], first: int, most: int | None) -> None:
    """Try hostile inputs: no crash, no hang, no misleading exit code. Prints Markdown; exits with 1 for a failure."""
    chosen = names or [*kinds(), COMMAND_LINE]
    failures = []
    click.echo("| kind | tried | read | refused | slowest, ms | failures |\n|---|---:|---:|---:|---:|---:|")
    total = 0
    for name in chosen:
        tally = attack(name, seed, seconds / len(chosen), first, most)
        tried = tally.read + tally.refused
        total += tried
        failures += tally.failures
        slowest = f"{tally.slowest * 1000:.0f}"
        click.echo(f"| {name} | {tried:,} | {tally.read:,} | {tally.refused:,} | {slowest} | {len(tally.failures)} |")
    click.echo(f"\n{total:,} inputs, {len(failures)} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
