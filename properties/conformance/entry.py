"""What the distribution registers with every run of pytest on a machine: it loads the plugin if the suite runs.

Where the suite is named (``pytest --pyargs properties.conformance``), its plugin with its options is registered; in any
other run there is no option, no hook and no import of ours.
"""

import os
import shlex
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest

PACKAGE = "properties.conformance"


def names_the_suite(args: Iterable[object]) -> bool:
    """Whether arguments of pytest name the suite: its package, one of its modules, or its directory.

    >>> names_the_suite(["--pyargs", "properties.conformance", "-q"]), names_the_suite(["tests"])
    (True, False)
    """
    here = os.path.realpath(Path(__file__).parent)
    names = [str(arg).partition("::")[0] for arg in args]
    return any(
        name == PACKAGE or name.startswith(f"{PACKAGE}.") or (name and os.path.realpath(name) == here) for name in names
    )


def pytest_addoption(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the suite's plugin, if the command line or the environment names the suite."""
    config = pluginmanager.get_plugin("pytestconfig")
    args: list[object] = list(config.invocation_params.args) if isinstance(config, pytest.Config) else []
    with suppress(ValueError):  # pytest itself complains of quotes that do not match
        args += shlex.split(os.environ.get("PYTEST_ADDOPTS", ""))
    if names_the_suite(args):
        _register(pluginmanager)


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Register the suite's plugin, if a configuration file names the suite."""
    if names_the_suite(args):
        _register(early_config.pluginmanager)


def _register(pluginmanager: pytest.PytestPluginManager) -> None:
    from properties.conformance import plugin  # noqa: PLC0415  # no other run needs it

    if not pluginmanager.is_registered(plugin):
        pluginmanager.register(plugin)
