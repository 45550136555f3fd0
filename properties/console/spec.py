"""Naming claims on a command line: ``package.module:attribute``."""

import os
import sys
import traceback
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from statemachines.language.claims import Claims

T = TypeVar("T")

INSTALLATION = "properties.smets1.installation:CLAIMS"
"""The claims of the installation, by name."""

TRACED: Mapping[str, str] = {INSTALLATION: "diagrams", "properties.smets1.fleet:DATED": "diagrams/fleet"}
"""The claims that are traced together, by name, and the directory with the pictures of each."""


class SpecError(ValueError):
    """A name under which no claims can be found, with the reason."""


def load_claims(spec: str) -> Claims:
    """The claims that a name stands for: a `Claims`, or a function without parameters that makes one.

    Parameters
    ----------
    spec: ``package.module:attribute``, as in ``properties.smets1.faults:dco_is_skipped``.

    Raises
    ------
    SpecError: if there is no such module or attribute, or it is neither.
    """
    found = load(spec)
    claims = _trying(spec, found) if callable(found) else found
    if not isinstance(claims, Claims):
        raise SpecError(f"{spec!r} is {type(claims).__name__}, expected Claims or a function that makes them")
    return claims


def load(spec: str) -> Any:
    """What a name stands for: the attribute of a module, which may be in the directory where one stands.

    Raises
    ------
    SpecError: if there is no such module or attribute.
    """
    module_name, colon, attribute = spec.partition(":")
    if not (colon and attribute and all(part.isidentifier() for part in module_name.split("."))):
        raise SpecError(f"{spec!r} is not of the form package.module:attribute")
    here = os.getcwd() if os.path.isdir(".") else ""  # noqa: PTH109, PTH112  # Path.cwd fails where the folder is gone
    if here and "" not in sys.path and here not in sys.path:
        sys.path.insert(0, here)  # an installed command does not look where its user stands
    module = _trying(spec, lambda: import_module(module_name))
    if not hasattr(module, attribute):
        raise SpecError(f"{spec!r}: module {module_name!r} has no {attribute!r}")
    return getattr(module, attribute)


def _trying(spec: str, make: Callable[[], T]) -> T:
    """What the user's own code makes, or one message of what went wrong in it, and where."""
    try:
        return make()
    except ModuleNotFoundError as error:
        raise SpecError(f"{spec!r} cannot be imported: {error}; it has to be in this directory or installed") from None
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a stranger's module raises
        trace = traceback.extract_tb(error.__traceback__)
        last = trace[-1] if trace else None
        where = f" at {Path(last.filename).name}, line {last.lineno}" if last else ""
        raise SpecError(f"{spec!r}: {type(error).__name__}: {error}{where}") from None
