"""Naming claims on a command line: ``package.module:attribute``."""

from importlib import import_module

from statemachines.core.claims import Claims
from statemachines.core.errors import DeclarationError


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
