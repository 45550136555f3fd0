"""`conform`: the conformance suite as a command, for users who do not run pytest themselves."""

import json
import os
import sys
from pathlib import Path

import click

from properties.cli.profiled import ProfiledCommand, only_option, profile_of, system_option, without_option
from properties.conformance.options import CHUNKS, FULL, NO_SECONDS, SMOKE, seconds
from properties.console.spec import load_claims

EXAMPLES = """\
  {command} conform --system parcel_locker:claims --sut my_locker:Locker            a Python factory
  {command} conform --system parcel_locker:claims --sut "node locker.mjs"           a command that speaks JSON lines
  {command} conform --system parcel_locker:claims --sut my_locker:Locker --rule BOX-1   one rule only
  {command} conform --system parcel_locker:claims --sut http://127.0.0.1:8080/      an address
  {command} conform --system parcel_locker:claims --schema                          what such a target is sent
"""
NOTES = """\
A broken assumption is a warning; it breaks and blocks no rule.

Exit codes: 0 the target conforms, 1 it does not, 2 it or the options cannot be used; the code of
--assumption-exit-code if it keeps every rule and not every assumption.
"""

FILE = click.Path(dir_okay=False, path_type=Path)
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
ALL_PASSED, SOME_FAILED = 0, 1


def _seconds(text: str) -> float:
    try:
        return seconds(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is not a time limit, {NO_SECONDS}.") from None


@click.command("conform", cls=ProfiledCommand, examples=EXAMPLES, notes=NOTES)
@click.option("--sut", metavar="SPEC", help="What is tested: package.module:factory, a command, a URL.")
@system_option("The declared reference, which is itself tested without --sut")
@click.option("--statement", type=EXISTING, help="TOML: what the target supports.")
@click.option("--mapping", type=EXISTING, help="TOML: what the target's own codes mean.")
@click.option("--connection", type=EXISTING, help="TOML: how to connect: headers, credentials, certificates.")
@click.option("--rule", "rules", metavar="ID", multiple=True, help="Only this rule; may be repeated.")
@click.option("--class", "classes", metavar="NAME", multiple=True, help="Only the rules of this class of conformance.")
@click.option(
    "--profile", type=click.Choice((FULL, SMOKE)),
    help="smoke: a few sequences that show something of every rule, and no walks.",
)  # fmt: skip
@click.option("--vector", "vectors", metavar="NAME", multiple=True, help="Only this sequence; may be repeated.")
@click.option(
    "--sequence", "sequences", metavar="FILE", multiple=True,
    help="JSON, a file or the text itself, or a log (.jsonl): run these sequences instead; may be repeated.",
)  # fmt: skip
@click.option("--rerun-failed", type=EXISTING, help="JSON report: only what failed then, was blocked or not tested.")
@click.option("--resume", type=FILE, help="Record what passed in this file; a run that was cut short resumes from it.")
@click.option("--strict-xfails", is_flag=True, help="Fail a test that is expected to fail and passes.")
@click.option("--skips-file", type=EXISTING, help="Tests not to run: a rule's id or a property's name to a line.")
@click.option("--xfails-file", type=EXISTING, help="Tests that are expected to fail, likewise.")
@click.option("--seed", type=int, help="Seed of the random layer.")
@click.option(
    "--max-examples",
    type=click.IntRange(min=0),
    help="Largest number of random walks, 0 for none; by default one for four goals of the suite, 200 at most.",
)
@click.option("--answer-limit", metavar="SECONDS", type=_seconds, help="Limit for each answer.")
@click.option("--start-limit", metavar="SECONDS", type=_seconds, help="Limit for the first answer after a start.")
@click.option("--time-limit", metavar="SECONDS", type=_seconds, help="Limit for each of the two layers.")
@only_option()
@without_option(" The sequences are then computed, and properties that cite it are not tested.")
@click.option(
    "--assumption-exit-code", type=click.IntRange(10, 125), metavar="N",
    help="Exit code if every rule is kept and an assumption is not; by default 0.",
)  # fmt: skip
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Least share of the selected rules' goals that a successful run shows.  [default: 5]",
)
@click.option("--html", type=FILE, help="Write the report as one page.")
@click.option("--json", "as_json", type=FILE, help="Write the report for machines.")
@click.option("--junit", type=FILE, help="Write the report as JUnit XML.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the messages to and from targets.")
@click.option("-n", "processes", type=click.IntRange(0, CHUNKS), default=0, help="Processes for the random layer.")
@click.pass_context
def conform_command(
    context: click.Context,
    sut: str | None,
    spec: str,
    statement: Path | None,
    mapping: Path | None,
    connection: Path | None,
    rules: tuple[str, ...],
    classes: tuple[str, ...],
    profile: str | None,
    vectors: tuple[str, ...],
    sequences: tuple[str, ...],
    rerun_failed: Path | None,
    resume: Path | None,
    strict_xfails: bool,
    skips_file: Path | None,
    xfails_file: Path | None,
    seed: int | None,
    max_examples: int | None,
    answer_limit: float | None,
    start_limit: float | None,
    time_limit: float | None,
    only: str | None,
    off: tuple[str, ...],
    assumption_exit_code: int | None,
    fail_under: float | None,
    html: Path | None,
    as_json: Path | None,
    junit: Path | None,
    schema: bool,
    processes: int,
) -> None:
    """Test an implementation against the rules.

    The suite sends sequences of requests that together show every rule, then random ones, and compares the verdicts
    with those of the reference. Each rule passes, fails, is blocked by another that fails, or is not applicable.
    """
    domain = profile_of(context)
    if schema:
        from properties.conformance.schema import message_schema  # noqa: PLC0415  # --help needs none of it

        described = message_schema(load_claims(spec).system, domain)
        click.echo(json.dumps(described, indent=1, ensure_ascii=False))
        return
    import hypothesis  # noqa: F401, PLC0415
    import pytest  # noqa: PLC0415

    options: list[str] = []
    for name, value in (
        ("--sut", sut),
        ("--system", spec if spec != domain.claims else None),
        ("--statement", statement),
        ("--mapping", mapping),
        ("--connection", connection),
        ("--rerun-failed", rerun_failed),
        ("--suite-profile", profile),
        ("--resume", resume),
        ("--skips-file", skips_file),
        ("--xfails-file", xfails_file),
        ("--seed", seed),
        ("--max-examples", max_examples),
        ("--answer-limit", answer_limit),
        ("--start-limit", start_limit),
        ("--time-limit", time_limit),
        ("--only", only),
        ("--assumption-exit-code", assumption_exit_code),
        ("--fail-under", fail_under),
        ("--report-html", html),
        ("--report-json", as_json),
        ("--junitxml", junit),
        ("-n", processes or None),
    ):
        if value is not None:
            options += [name, str(value)]
    for name, values in (
        ("--rule", rules),
        ("--class", classes),
        ("--vector", vectors),
        ("--sequence", sequences),
        ("--without", off),
    ):
        for each in values:
            options += [name, each]
    if strict_xfails:
        options.append("--strict-xfails")
    # Whatever configuration of pytest lies about where the user stands is not meant for this.
    quiet = [
        "-q",
        "--no-header",
        "--tb=short",
        "-p",
        "no:cacheprovider",
        *("-p", "no:faker", "-p", "no:anyio"),  # plugins of other packages, which take half a second to load
        *("-p", "no:unraisableexception"),  # searches all objects five times at the end, for warnings of our own code
        "-c",
        os.devnull,
        "--rootdir",
        str(Path.cwd()),
    ]
    # That family of JUnit files has properties of each test.
    quiet += ["-o", "junit_family=xunit1", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
    ended = int(pytest.main([*quiet, "--asked-by", domain.command, "--pyargs", "properties.conformance", *options]))
    sys.exit(ended if ended in (ALL_PASSED, SOME_FAILED, assumption_exit_code) else 2)
