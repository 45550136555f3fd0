"""`log`: random logs of a system, with faults, hidden events and wrong clocks, for demonstrations and tests."""

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from properties.cli.profiled import ProfiledCommand, profile_of, system_option
from properties.console.output import expect_writable, write, write_parts
from properties.console.spec import load_claims
from properties.console.terminal import InputError, progress_bar

if TYPE_CHECKING:
    from properties.replay.generator import Entry, LogGenerator
    from statemachines.language.claims import Claims
    from statemachines.language.requests import RequestType
    from statemachines.language.system import System
    from statemachines.semantics.trace import Scenario

EXAMPLES = """\
  {command} log --system parcel_locker:claims --cases 1000 --seed 1 --faults 0.01 --out log.jsonl --truth faults.csv
  {command} log --system parcel_locker:claims --cases 10 | {command} replay - --system parcel_locker:claims
"""
NOTES = """\
The columns are case, time, id, request, the request's fields, and outcome, at, reason and response of the verdict.
The same options make the same log.

Exit codes: 0 the log is written, 2 wrong options.
"""


@click.command("log", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES)
@system_option("Whose log it is")
@click.option("--cases", type=click.IntRange(1), required=True, metavar="N", help="Number of cases.")
@click.option(
    "--length", type=click.IntRange(1), default=20, show_default=True, help="Mean entries in a case of random requests."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the random numbers.")
@click.option("--faults", type=click.FloatRange(0, 1), default=0.0, help="Share of cases with a planted fault.")
@click.option("--hide", multiple=True, metavar="REQUEST", help="A type of request to leave out of the log.")
@click.option("--skew", type=click.FloatRange(0), default=0.0, metavar="SECONDS", help="Largest error of clocks.")
@click.option("--repeated", type=click.FloatRange(0, 1), default=0.0, help="Share of entries written twice.")
@click.option(
    "--before", type=click.IntRange(0), default=0, metavar="N", help="Number of requests before the log begins."
)
@click.option(
    "--accepted",
    type=click.FloatRange(0, 1),
    default=0.75,
    show_default=True,
    help="Share of requests that the rules accept where they are sent; the others are drawn near these, or at random.",
)
@click.option(
    "--toward-goals",
    type=click.FloatRange(0, 1),
    default=0.75,
    show_default=True,
    metavar="SHARE",
    help="Share of cases that go through a sequence of `conform`, which leads to a transition, a refusal or an answer.",
)
@click.option("--sut", metavar="SPEC", help="System whose answers to log, as of `conform`; by default the rules.")
@click.option(
    "--kind",
    type=click.Choice(["jsonl", "csv", "parquet"]),
    help="The format, where the name of the file does not say it; by default JSON Lines.",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="File; by default standard output.")
@click.option(
    "--truth", type=click.Path(path_type=Path), metavar="FILE.csv", help="Write the list of faulty cases here."
)
@click.option(
    "--inventory",
    type=click.Path(path_type=Path),
    metavar="FILE.csv",
    help="Write the state in which each case begins here.",
)
@click.pass_context
def log_command(
    context: click.Context,
    spec: str,
    cases: int,
    length: int,
    seed: int,
    faults: float,
    hide: tuple[str, ...],
    skew: float,
    repeated: float,
    before: int,
    accepted: float,
    toward_goals: float,
    sut: str | None,
    kind: str | None,
    out: Path | None,
    truth: Path | None,
    inventory: Path | None,
) -> None:
    """Write a log of random requests, with the verdicts of the rules, of a faulty system or of one of your own."""
    from properties.conformance.targets.misbehaviour import Misbehaved, TargetError  # noqa: PLC0415  # --help needs none
    from properties.conformance.targets.opening import open_target  # noqa: PLC0415
    from properties.replay.generator import LogGenerator, LogOptions  # noqa: PLC0415
    from properties.replay.log_writers import WRITERS, compressed  # noqa: PLC0415
    from properties.replay.records import compression_of, kind_of  # noqa: PLC0415

    claims = load_claims(spec)
    system = claims.system
    kind = kind or (out and kind_of(out)) or "jsonl"
    compression = out and compression_of(out)
    if kind not in WRITERS or (compression and kind == "parquet"):
        raise click.BadParameter(f"{out}: expected a name that ends in .jsonl, .csv (.gz, .zst) or .parquet")
    hidden = tuple(_request_type(system, name) for name in hide)
    if sut and faults:
        raise click.BadParameter("the faults are those of --sut, expected it without --faults")
    for table in filter(None, (truth, inventory)):
        expect_writable(table)
    options = LogOptions(cases, length, seed, faults, hidden, skew, repeated, before, accepted, toward_goals)
    with ExitStack() as stack:
        target = None
        if sut:
            try:
                target = open_target(sut, system, profile=profile_of(context))
            except TargetError as error:
                raise InputError(str(error)) from None
            stack.callback(target.close)
        generator = LogGenerator(system, options, target, _runs(claims) if toward_goals else ())
        parts = WRITERS[kind](_entries(generator), system)
        if compression:
            parts = compressed(parts, compression)
        try:
            if out is None:
                for part in parts:
                    click.echo(part, nl=False)
            else:
                write_parts(out, parts)
        except Misbehaved as error:
            raise InputError(f"{sut}: {error}") from None
    if truth is not None:
        write(truth, _truth(generator))
    if inventory is not None:
        write_parts(inventory, _beginnings(generator))


def _request_type(system: "System", name: str) -> "RequestType":
    for kind in system.requests:
        if kind.name == name:
            return kind
    known = ", ".join(kind.name for kind in system.requests)
    raise click.BadParameter(f"{name!r} is not a request type; expected one of {known}")


def _runs(claims: "Claims") -> "Sequence[Scenario]":
    """The runs to goals."""
    from properties.conformance.suite.store import suite_of  # noqa: PLC0415  # --help needs none

    return [vector.scenario for vector in suite_of(claims).vectors]


def _entries(generator: "LogGenerator") -> "Iterator[Entry]":
    """The entries, with progress for a person."""
    with progress_bar("cases") as progress:
        for number in range(generator.options.cases):
            yield from generator.case(number)
            progress(number + 1, generator.options.cases)


def _beginnings(generator: "LogGenerator") -> Iterator[bytes]:
    names = [variable.name for variable in generator.system.variables]
    yield ",".join(["case", *names]).encode() + b"\n"
    for number in range(generator.options.cases):
        values = generator.start(number).as_dict()
        yield ",".join([f"{number:08}", *(values[name].name for name in names)]).encode() + b"\n"


def _truth(generator: "LogGenerator") -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["case", "fault", "rules"])
    for number in range(generator.options.cases):
        if (fault := generator.faulty(number)) is not None:
            writer.writerow([f"{number:08}", str(fault), " ".join(fault.mutant.rules) if fault.mutant else ""])
    return buffer.getvalue().encode("utf-8", "backslashreplace")
