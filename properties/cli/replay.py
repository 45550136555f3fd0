"""`replay`: logs of real systems judged by the rules, entry by entry; and traces of other tools replayed."""

import sys
from collections.abc import Mapping
from enum import Enum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from properties.cli.profiled import ProfiledCommand, only_option, profile_of, system_option
from properties.console.output import expect_writable, write
from properties.console.spec import load_claims
from properties.console.terminal import InputError, progress_bar
from properties.domain import Profile

if TYPE_CHECKING:
    from properties.replay.judging import Reader, Starts
    from properties.replay.mapping import LogMapping
    from statemachines.language.system import System

EXAMPLES = """\
  {command} replay log.jsonl --system parcel_locker:claims
  {command} replay 'logs/*.csv.gz' --system parcel_locker:claims --mapping map.toml --out findings
  {command} replay runs/a-wrong-code-opens-nothing/run.itf.json --system parcel_locker:claims
"""
NOTES = """\
LOG is a file, a folder, a pattern in quotes, or - for standard input: JSON Lines, CSV, Parquet or XES; .gz and .zst
are read. A file whose name ends in .json is a trace in ITF, the format of Apalache and Quint. --kind messages reads
the messages of the suite to a target and its answers, in JSON Lines. docs/replay.md explains the mapping.

Exit codes: 0 no deviation, 1 a deviation, 2 wrong options or no such log.
"""

TABLES = ("findings.csv", "findings.json", "findings.parquet", "report.html")
"""What is written under --out."""


FORMATS = ("jsonl", "csv", "parquet", "xes")
"""The formats of logs that are a table."""
MESSAGES = "messages"
"""The format of the suite's messages to a target and of its answers."""


def _formats(profile: Profile) -> list[click.Parameter]:
    kinds = click.Choice([*FORMATS, MESSAGES, *profile.logs])
    return [click.Option(["--kind"], type=kinds, help="The format, where the name does not say it.")]


@click.command("replay", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES, options=_formats)
@click.argument("logs", metavar="LOG...", nargs=-1, required=True)
@system_option("What the log is judged by")
@click.option(
    "--mapping", type=click.Path(path_type=Path), metavar="FILE.toml",
    help="What each column means; by default: case, request, the fields, outcome, at, reason, response.",
)  # fmt: skip
@click.option(
    "--inventory", type=click.Path(path_type=Path), metavar="FILE",
    help="A table of cases with the values of their variables before the first entry, in the log's formats; for "
    "another format of logs, what that takes.",
)  # fmt: skip
@only_option()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=f"Write {', '.join(TABLES)} there, and where there are deviations explorer.html.",
)
@click.option("--processes", type=click.IntRange(1), default=1, show_default=True, help="Processes for a large log.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with every finding.")
@click.pass_context
def replay_command(
    context: click.Context,
    logs: tuple[str, ...],
    spec: str,
    mapping: Path | None,
    kind: str | None,
    inventory: Path | None,
    only: str | None,
    out: Path | None,
    processes: int,
    as_json: bool,
) -> None:
    """Judge logs by the rules, and show where they deviate.

    For each case, the report names the first entry that no run of the system explains.
    """
    if len(logs) == 1 and logs[0].endswith(".json"):
        _replay_trace(Path(logs[0]), load_claims(spec).system)
    from properties.replay.judging import judge_log  # noqa: PLC0415  # --help needs none of it
    from properties.replay.mapping import default_mapping, read_mapping  # noqa: PLC0415
    from properties.replay.messages import read_messages  # noqa: PLC0415
    from properties.replay.records import UNKNOWN_WORD, has_suffix, log_files  # noqa: PLC0415
    from statemachines.files.toml import TomlFileError  # noqa: PLC0415

    claims, profile = load_claims(spec), profile_of(context)
    if out:
        for name in TABLES:
            expect_writable(out / name)
    try:
        columns = default_mapping(claims.system) if mapping is None else read_mapping(mapping, claims.system)
    except TomlFileError as error:
        raise InputError(str(error)) from None
    formats = {name: profile.log_format(name) for name in profile.logs}
    files = log_files(logs, [one.suffix for one in formats.values()])
    kind = kind or next((name for name, one in formats.items() if has_suffix(files[0], [one.suffix])), None)
    reader: Reader | None = None
    starts: dict[str, Mapping[str, tuple[Enum, ...]]] = {}
    if kind in formats:
        columns, reader = formats[kind].opened(columns, inventory, starts)
    elif inventory is not None:
        starts |= _starts(columns, inventory)
    if kind == MESSAGES:
        reader = partial(read_messages, starts=starts)
    with progress_bar("judging") as progress:
        judged, problems = judge_log(
            claims,
            columns,
            files,
            kind=kind,
            reader=reader,
            starts=starts,
            only_regulated=only == "regulated",
            processes=processes,
            progress=progress,
        )
    from properties.replay import report  # noqa: PLC0415

    whole = claims.system, judged, problems, columns.by
    if out:
        contents = (
            report.as_csv(judged.findings), report.as_json_text(*whole).encode("utf-8", "backslashreplace"),
            report.as_parquet(judged.findings), report.as_page(*whole),
        )  # fmt: skip
        for name, content in zip(TABLES, contents, strict=True):
            write(out / name, content)
        if judged.findings:
            from properties.explorer.page import page_of  # noqa: PLC0415  # a log without deviations needs none of it

            page = page_of(claims.system, profile, spec, opened=report.as_runs(judged))
            write(out / report.EXPLORER, page.encode())
    click.echo(report.as_json_text(*whole) if as_json else report.as_text(*whole), nl=False)
    if judged.undecided == judged.entries > 0 and problems.counts.get(UNKNOWN_WORD, 0) >= judged.entries:
        raise InputError(
            f"none of the {judged.entries:,} entries could be decided, expected a mapping that reads requests and "
            "verdicts, and an inventory of a log that begins in the middle"
        )
    sys.exit(1 if judged.findings else 0)


def _starts(mapping: "LogMapping", path: Path) -> "Starts":
    from properties.replay.records import Problems, read_records  # noqa: PLC0415

    names = [variable.name for variable in mapping.system.variables]
    problems = Problems()
    starts = {}
    for line, (case, *words) in read_records(path, [mapping.case, *names], problems):
        if case is None:
            raise InputError(f"{path.name}:{line} has no {mapping.case}, expected whose values the row has")
        values, unknown = mapping.start(dict(zip(names, words, strict=True)))
        if unknown:
            raise InputError(f"{path.name}:{line}: {'; '.join(unknown)}, expected values of these variables")
        starts[case] = values
    for kind, sample in problems.samples.items():
        raise InputError(f"{path.name}: {kind}: {sample[0]}")
    return starts


def _replay_trace(path: Path, system: "System") -> None:
    """Send the requests of a trace in ITF to the system, and compare states and verdicts."""
    from statemachines.exports.itf import read_itf  # noqa: PLC0415  # --help needs none of it

    replayed = read_itf(system, path)
    click.echo(replayed.trace.text())
    for difference in replayed.differences:
        click.echo(f"differs: {difference}")
    steps = len(replayed.trace.steps)
    click.echo(f"{steps} steps, {len(replayed.differences)} differences")
    sys.exit(1 if replayed.differences else 0)
