"""What the tests of the core share; test modules cannot import one another, so they get it from fixtures."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest


def _load(name):
    loaded = sys.modules.get(f"core_{name}")
    if loaded is None:
        spec = spec_from_file_location(f"core_{name}", Path(__file__).with_name(f"{name}.py"))
        loaded = sys.modules[spec.name] = module_from_spec(spec)
        spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture(scope="session")
def house():
    """The module of the small example, with its names and `house()`, the system."""
    return _load("examples")


@pytest.fixture(scope="session")
def house_system(house):
    return house.house()


@pytest.fixture(scope="session")
def parcel_locker():
    """The module of the tutorial's example."""
    path = Path(__file__).parents[2] / "examples" / "parcel_locker.py"
    spec = spec_from_file_location("parcel_locker", path)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def naive():
    return _load("naive")


@pytest.fixture(scope="session")
def strategies():
    return _load("strategies")


@pytest.fixture(scope="session")
def compare_readings():
    return _load("compare_readings")


def pytest_terminal_summary(terminalreporter):
    """Say how much the readings were compared."""
    totals = {}
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name.startswith(("pairs of state and request", "random systems", "SPIN")):
                totals[name] = totals.get(name, 0) + value
    for name, value in sorted(totals.items()):
        terminalreporter.write_line(f"{name}: {value:,}")
