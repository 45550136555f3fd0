"""Where pytest and the commands enter the distribution, under a name that nobody's project has.

A folder called `properties` or `statemachines` of the user's own may come before ours: under ``python -m pytest`` the
current directory does. Then pytest runs as if the distribution were not installed, and whatever asks for ours says why.
"""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PACKAGES = ("statemachines", "properties")


def hidden() -> str:
    """The message on a package that hides one of ours; ``""`` if none does."""
    for name in PACKAGES:
        spec = find_spec(name)
        places = [Path(place).resolve() for place in (spec and spec.submodule_search_locations) or ()]
        if Path(__file__).resolve().parent / name not in places:
            where = places[0] if places else spec and spec.origin
            return f"{where} hides the package {name!r} of smets1-lifecycles: rename it, or start elsewhere"
    return ""


def smets1() -> None:
    """Run the command `smets1`."""
    _expect_ours()
    from properties.smets1.entry import smets1 as run  # noqa: PLC0415  # it may be hidden

    run()


def statemachines() -> None:
    """Run the command `statemachines`."""
    _expect_ours()
    from properties.cli.entry import statemachines as run  # noqa: PLC0415  # it may be hidden

    run()


def _expect_ours() -> None:
    if problem := hidden():
        sys.stderr.write(f"Error: {problem}\n")
        sys.exit(2)


def pytest_addoption(pluginmanager: Any) -> None:
    """Let the suite look whether it is run; where it is hidden and yet named, say so, and else leave pytest alone."""
    problem = hidden()
    if not problem:
        from properties.conformance import entry  # noqa: PLC0415  # it may be hidden

        pluginmanager.register(entry, "smets1-conformance-entry")
        return
    import pytest  # noqa: PLC0415  # the commands need none of it

    config = pluginmanager.get_plugin("pytestconfig")
    args = config.invocation_params.args if isinstance(config, pytest.Config) else ()
    if any(str(arg).startswith("properties.conformance") for arg in args):
        raise pytest.UsageError(problem)
