"""Fixtures of all tests."""

import gc
import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from examples import parcel_locker as locker
from tests.support import compare_readings as comparing
from tests.support import house as small_example
from tests.support import naive as naive_search
from tests.support import strategies as random_systems
from tests.support import thorough  # noqa: F401 (registers the profiles)
from tests.support.paths import ROOT

# Programs that tests start, and that run pytest, do without two plugins of Litestar, too: they take half a second.
os.environ.setdefault("PYTEST_ADDOPTS", "-p no:faker -p no:anyio")

# Tests start hundreds of programs, each of which would compile all of the project again, as every worker would.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# Before any module draws examples; `--hypothesis-profile=thorough` replaces it, for a night.
settings.load_profile("repeatable")


@pytest.fixture
def requests_dir() -> Path:
    """The project's own sample requests."""
    return ROOT / "examples" / "requests"


@pytest.fixture
def installation_file() -> Path:
    """The commented example of an installation file."""
    return ROOT / "examples" / "installation.toml"


@pytest.fixture
def edited(installation_file, tmp_path):
    """A copy of the example with some text replaced; each text has to be there."""

    def edit(*replacements: tuple[str, str]) -> Path:
        text = installation_file.read_text()
        for old, new in replacements:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "installation.toml"
        path.write_text(text)
        return path

    return edit


@pytest.fixture(scope="session")
def house():
    """The module of the small example, with its names and `house()`, the system."""
    return small_example


@pytest.fixture(scope="session")
def house_system(house):
    return house.house()


@pytest.fixture(scope="session")
def parcel_locker():
    """The module of the tutorial's example."""
    return locker


@pytest.fixture(scope="session")
def naive():
    return naive_search


@pytest.fixture(scope="session")
def strategies():
    return random_systems


@pytest.fixture(scope="session")
def compare_readings():
    return comparing


def pytest_collection_finish():
    """What collecting made stays to the end: the collector need not look through all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_terminal_summary(terminalreporter):
    """Say how much the readings were compared."""
    totals = {}
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name.startswith(("pairs of state and request", "random systems", "SPIN")):
                totals[name] = totals.get(name, 0) + value
    for name, value in sorted(totals.items()):
        terminalreporter.write_line(f"{name}: {value:,}")
