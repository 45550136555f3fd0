"""The suite's pytest plugin: its options, and what the main process does for all others, examine and report.

It is a plugin of its own because ``--pyargs`` finds a package's conftest too late for options, and because with
pytest-xdist the process that reports collects nothing. `properties.conformance.entry` registers it where the suite is
what is run; ``--help`` of the suite must stay quick, so it imports nothing heavy.
"""

import sys
from argparse import SUPPRESS, ArgumentTypeError
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from properties.conformance.options import (
    ANSWER_SECONDS,
    FAIL_UNDER,
    FULL,
    NO_SECONDS,
    RESULTS,
    RUN_SECONDS,
    SMOKE,
    START_SECONDS,
    WALKS,
    percent,
    seconds,
    usual_reference,
)
from properties.domain import installed

if TYPE_CHECKING:
    from properties.conformance.session import Session

SESSION: "pytest.StashKey[Session]" = pytest.StashKey()
"""What is tested in this process, and its results."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("conformance suite")
    group.addoption(
        "--sut",
        metavar="SPEC",
        help="the system under test: package.module:factory, a command that speaks JSON lines, or an HTTP address "
        "(default: the reference itself)",
    )
    group.addoption(
        "--system",
        metavar="SPEC",
        default=usual_reference(),
        help="the declared reference; without --sut it is itself tested: package.module:attribute, a Claims or a "
        "function that makes one (default: %(default)s)",
    )
    group.addoption("--statement", metavar="FILE", type=Path, help="TOML: what the target supports")
    group.addoption("--mapping", metavar="FILE", type=Path, help="TOML: what the target's own codes mean")
    group.addoption(
        "--connection",
        metavar="FILE",
        type=Path,
        help="TOML: headers, credentials, certificates and times with which an address is spoken to",
    )
    group.addoption("--rule", metavar="ID", action="append", default=[], help="test only this rule; may be repeated")
    group.addoption(
        "--class", metavar="NAME", action="append", default=[],
        help="test only the rules of this class of conformance; may be repeated",
    )  # fmt: skip
    group.addoption(
        "--suite-profile",
        choices=(FULL, SMOKE),
        default=FULL,
        help="smoke: as few sequences as show something of every rule, and no walks (default: %(default)s)",
    )
    group.addoption(
        "--vector", metavar="NAME", action="append", default=[], help="run only this sequence; may be repeated"
    )
    group.addoption(
        "--sequence",
        metavar="FILE",
        action="append",
        default=[],
        help="JSON, a file or the text itself: run this sequence of your own, a start and requests, instead of the "
        "suite's; or those of a recorded log (.jsonl); may be repeated",
    )
    group.addoption(
        "--rerun-failed",
        metavar="REPORT",
        type=Path,
        help="JSON: test only what failed in the run that this report is of, was blocked or not tested",
    )
    group.addoption(
        "--resume",
        metavar="FILE",
        type=Path,
        help="keep there what was as expected; if there is such a file of a run that was cut short, go on with that",
    )
    group.addoption(
        "--strict-xfails", action="store_true", help="a test that is expected to fail, and passes, is a failure"
    )
    group.addoption("--seed", metavar="N", type=int, default=0, help="of the random layer (default: %(default)s)")
    group.addoption(
        "--max-examples",
        metavar="N",
        type=_number,
        help="walks that the random layer makes at most, in all; 0 for none "
        f"(default: one for four goals of the suite, {WALKS} at most; or a Hypothesis profile's)",
    )
    group.addoption("--skips-file", metavar="FILE", type=Path, help="tests not to run: an id or name to a line")
    group.addoption("--xfails-file", metavar="FILE", type=Path, help="tests expected to fail: an id or name to a line")
    group.addoption(
        "--only",
        choices=("regulated",),
        help="rules only: what an assumption alone decides is compared with nothing (default: an assumption that is "
        "not kept is a warning)",
    )
    group.addoption(
        "--without",
        metavar="ID",
        action="append",
        default=[],
        help="the reference is the system without this assumption, for which sequences are computed; may be repeated",
    )
    group.addoption(
        "--assumption-exit-code",
        metavar="N",
        type=int,
        default=0,
        help="with which to end if every rule is kept and an assumption is not, 10 to 125 (default: 0)",
    )
    group.addoption(
        "--fail-under",
        metavar="PERCENT",
        type=_percent,
        default=FAIL_UNDER,
        help="of what there is to show of the rules, how much has to be shown for a success (default: %(default)g)",
    )
    group.addoption("--report-json", metavar="FILE", type=Path, help="write the report for machines")
    group.addoption("--report-html", metavar="FILE", type=Path, help="write the report as one page")
    group.addoption("--asked-by", choices=("pytest", *installed()), default="pytest", help=SUPPRESS)
    group.addoption(
        "--answer-limit",
        metavar="SECONDS",
        type=_seconds,
        default=ANSWER_SECONDS,
        help="within which the target has to answer (default: %(default)g)",
    )
    group.addoption(
        "--start-limit",
        metavar="SECONDS",
        type=_seconds,
        default=START_SECONDS,
        help="within which it has to give its first answer after a start, or to come back (default: %(default)g)",
    )
    group.addoption(
        "--time-limit",
        metavar="SECONDS",
        type=_seconds,
        default=RUN_SECONDS,
        help="for the deterministic layer, and again for the random (default: %(default)g)",
    )


def _percent(text: str) -> float:
    try:
        return percent(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not such a share, expected a number from 0 to 100") from None


def _number(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is not a number of walks, expected 0 or more")
    return int(text)


def _seconds(text: str) -> float:
    try:
        return seconds(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a time limit, {NO_SECONDS}") from None


def pytest_configure(config: pytest.Config) -> None:
    """Refuse options that cannot be used, before anything is collected."""
    from properties.conformance.report.files import expect_writable_reports  # noqa: PLC0415  # see above
    from properties.conformance.session import Session  # noqa: PLC0415
    from properties.conformance.targets.misbehaviour import TargetError  # noqa: PLC0415
    from properties.console.spec import SpecError  # noqa: PLC0415
    from properties.console.terminal import InputError  # noqa: PLC0415
    from statemachines.errors import UnknownNameError  # noqa: PLC0415

    try:
        config.stash[SESSION] = session = Session.of(config)
        if not hasattr(config, "workerinput"):
            sut = config.getoption("--sut")
            if sut is not None and not sut.strip():
                raise pytest.UsageError(
                    "--sut: no target given: expected package.module:factory, a command or an address"
                )
            if (code := config.getoption("--assumption-exit-code")) and not 10 <= code <= 125:
                raise pytest.UsageError(f"--assumption-exit-code: {code} means something else: expected 10 to 125")
            expect_writable_reports(config)
            with _interruptible(config):
                session.check()
            if slow := session.estimate:
                sys.stderr.write(f"{slow}\n")
            if session.one_at_a_time and getattr(config.option, "dist", "no") != "no":
                config.option.dist = "loadfile"  # all walks are in one file, and nothing else speaks to the target
    except (SpecError, TargetError, UnknownNameError) as error:
        raise pytest.UsageError(str(error)) from None
    except InputError as error:
        raise pytest.UsageError(error.message) from None


@contextmanager
def _interruptible(config: pytest.Config) -> Iterator[None]:
    """For a run that its user interrupts: say what of it is not complete, without a traceback into our code."""
    try:
        yield
    except KeyboardInterrupt:
        ours = config.stash.get(SESSION, None)
        if ours is None:
            raise
        ours.interrupted = True
        what = "the report is not complete" if ours.examined is not None else "there is no report"
        raise pytest.exit.Exception(f"interrupted: {what}", pytest.ExitCode.INTERRUPTED) from None


@pytest.hookimpl(tryfirst=True)
def pytest_keyboard_interrupt(excinfo: "pytest.ExceptionInfo[BaseException]") -> None:
    """Keep one frame that is shown: pytest parses the source of each, and nobody reads them, while somebody waits."""
    shown = [at for at, frame in enumerate(excinfo.traceback) if not frame.ishidden(excinfo)]
    if shown:
        excinfo.traceback = excinfo.traceback[shown[-1] : shown[-1] + 1]


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Collect."""
    with _interruptible(session.config):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Run the tests."""
    ours = session.config.stash.get(SESSION, None)
    with _interruptible(session.config):
        if ours is not None and ours.interrupted:
            raise KeyboardInterrupt
        return (yield)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Send the results of the deterministic layer to a worker of pytest-xdist."""
    session = node.config.stash.get(SESSION, None)
    if session is None or session.interrupted or node.config.option.collectonly:
        return
    try:
        node.workerinput[RESULTS] = session.results.as_dict()
    except KeyboardInterrupt:  # here pytest would end without a report: the loop is where it ends with one
        session.interrupted = True


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, object, object]:
    """In a worker of pytest-xdist, send what was counted; elsewhere write the reports."""
    ours = session.config.stash.get(SESSION, None)
    if ours is None:
        return (yield)
    ours.close()
    from properties.conformance.report.files import add_interruption, junit, write_reports  # noqa: PLC0415  # see above

    if ours.interrupted:
        add_interruption(session.config, ours)
    result = None
    try:
        result = yield
    except OSError as error:
        path = junit(session.config)
        if path is None:
            raise
        ours.unwritten.append(f"cannot write {path}: {error.strerror}")
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[RESULTS] = ours.walked.as_dict()
    elif ours.examined is not None:
        ours.unwritten += write_reports(session.config, ours)
        if (ours.tests_too_little or ours.examined.campaign.late) and session.exitstatus in (
            pytest.ExitCode.OK,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        ):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if session.exitstatus == pytest.ExitCode.OK and ours.broken_assumptions:
            session.exitstatus = session.config.getoption("--assumption-exit-code")
    if ours.unwritten:
        session.exitstatus = pytest.ExitCode.USAGE_ERROR
    return result


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say last of all which reports there are not."""
    ours = config.stash.get(SESSION, None)
    for message in ours.unwritten if ours is not None else ():
        sys.stderr.write(f"ERROR: {message}\n")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:  # noqa: ARG001  # the hook's parameters
    """Add what a worker of pytest-xdist counted."""
    counts = getattr(node, "workeroutput", {}).get(RESULTS)
    ours = node.config.stash.get(SESSION, None)
    if counts and ours is not None:
        ours.walked.merge(counts)


def pytest_terminal_summary(terminalreporter: "pytest.TerminalReporter", config: pytest.Config) -> None:
    """Print the results, rule by rule."""
    ours = config.stash.get(SESSION, None)
    if ours is not None and ours.examined is not None:
        from properties.conformance.report.terminal import summary  # noqa: PLC0415

        terminalreporter.section(f"conformance: {ours.title}")
        for line in summary(ours):
            terminalreporter.line(line)
