"""Naming claims on a command line: ``package.module:attribute``."""

import sys
from importlib import import_module
from pathlib import Path

from statemachines.core.claims import Claims
from statemachines.core.errors import DeclarationError

INSTALLATION = "properties.installation:CLAIMS"
"""The claims of the installation, by name."""


class SpecError(ValueError):
    """A name under which no claims can be found, with the reason."""


def load_claims(spec: str) -> Claims:
    """The claims that a name stands for: a `Claims`, or a function without parameters that makes one.

    Parameters
    ----------
    spec: ``package.module:attribute``, as in ``properties.faults:dco_is_skipped``.

    Raises
    ------
    SpecError: if there is no such module or attribute, or it is neither.
    """
    module_name, colon, attribute = spec.partition(":")
    if not (colon and module_name and attribute):
        raise SpecError(f"{spec!r} is not of the form package.module:attribute")
    if "" not in sys.path and str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))  # an installed command does not look where its user stands
    try:
        module = import_module(module_name)
    except (ImportError, ValueError) as error:
        raise SpecError(f"{spec!r}: module {module_name!r} cannot be imported: {error}") from None
    except DeclarationError as error:
        raise SpecError(f"{spec!r}: {error}") from None
    found = getattr(module, attribute, None)
    try:
        claims = found() if callable(found) else found
    except (DeclarationError, TypeError) as error:
        raise SpecError(f"{spec!r}: {error}") from None
    if not isinstance(claims, Claims):
        raise SpecError(f"{spec!r} is {type(claims).__name__}, expected Claims or a function that makes them")
    return claims
