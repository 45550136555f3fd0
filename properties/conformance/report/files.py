"""Report files: checked to be writable before a run, written after it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from properties.conformance.report.as_json import as_json
from properties.conformance.report.caveats import interruption
from properties.conformance.report.page import page
from properties.conformance.session import Session
from properties.console.output import expect_writable, write
from properties.console.terminal import InputError


def junit(config: pytest.Config) -> Path | None:
    """Where pytest writes its own report, if it does."""
    path = config.getoption("xmlpath", None)
    return Path(path) if path else None


def expect_writable_reports(config: pytest.Config) -> None:
    """Refuse a report that could not be written, before anything is tested."""
    paths = [config.getoption("--report-json"), config.getoption("--report-html"), junit(config)]
    files: list[Path] = []
    for path in filter(None, paths):
        expect_writable(path)
        if path.exists() and not path.is_file():
            continue  # a device or a pipe takes several
        if path.resolve() in files:
            raise pytest.UsageError(f"two reports are to be written to {path}, expected a file for each")
        files.append(path.resolve())


NOT_ASKED = ("terminalreporter", "lfplugin", "nfplugin", "stepwiseplugin")
"""Plugins of pytest that hear of no interruption: the terminal says it in words, and the next run has no such test."""


def add_interruption(config: pytest.Config, session: Session) -> None:
    """Have pytest's own report say that the run was interrupted, in a form that its readers show: a failed test."""
    if junit(config) is None or hasattr(config, "workerinput"):
        return
    plugins = config.pluginmanager
    report = plugins.subset_hook_caller(
        "pytest_runtest_logreport", [plugin for name in NOT_ASKED if (plugin := plugins.get_plugin(name)) is not None]
    )
    where = ("properties.conformance", None, "interrupted")
    said = interruption(session)
    report(report=pytest.TestReport("properties.conformance::interrupted", where, {}, "failed", said, "call"))


def write_reports(config: pytest.Config, session: Session) -> Iterator[str]:
    """Write them; a message for each that cannot be."""
    for option, made in (("--report-json", as_json), ("--report-html", page)):
        path = config.getoption(option)
        if path is not None:
            try:
                write(path, made(session))
            except InputError as error:
                yield error.message
