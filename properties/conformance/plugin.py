"""The suite's option, which names what is tested, and its summary.

It is a plugin of its own because ``--pyargs`` finds a package's conftest too late for options, and because
with pytest-xdist the process that prints the summary collects nothing. The distribution registers it with pytest, so
that it is loaded in every run: it must import nothing heavy.
"""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from properties.coverage import Coverage

REFERENCE = "properties.installation:CLAIMS"
HANDED_OVER = "smets1_coverage"

COVERAGE = pytest.StashKey["Coverage"]()
"""What the walks of this process reached, and those of its workers."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names what is tested."""
    parser.getgroup("SMETS1 conformance").addoption(
        "--system",
        metavar="SPEC",
        default=REFERENCE,
        help="what the conformance suite tests: package.module:attribute, a Claims or a function that makes one "
        "(default: %(default)s)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a name under which nothing can be found, before anything is collected."""
    spec = config.getoption("--system")
    if spec != REFERENCE:
        from properties.spec import SpecError, load_claims  # noqa: PLC0415  # see above

        try:
            load_claims(spec)
        except SpecError as error:
            raise pytest.UsageError(f"--system: {error}") from None


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """In a worker of pytest-xdist, hand over what was counted."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    counted = session.config.stash.get(COVERAGE, None)
    if output is not None and counted is not None:
        output[HANDED_OVER] = (dict(counted.hits), counted.steps)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:  # noqa: ARG001  # the hook's parameters
    """Add what a worker of pytest-xdist counted."""
    handed = getattr(node, "workeroutput", {}).get(HANDED_OVER)
    if handed:
        coverage_of(node.config).merge(*handed)


def coverage_of(config: pytest.Config) -> "Coverage":
    """Where this process counts."""
    if COVERAGE not in config.stash:
        from properties.coverage import Coverage  # noqa: PLC0415  # see above
        from properties.spec import load_claims  # noqa: PLC0415

        config.stash[COVERAGE] = Coverage(load_claims(config.getoption("--system", REFERENCE)).system)
    return config.stash[COVERAGE]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was reached."""
    counted = config.stash.get(COVERAGE, None)
    if counted is not None and counted.steps:
        terminalreporter.section(f"coverage: {counted.system.name}")
        terminalreporter.line(counted.text())
        terminalreporter.line("claims on many runs at once are not tested here; `smets1 check` proves them")
