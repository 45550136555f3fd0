"""Writing a system in any of the formats, in one call."""

from collections.abc import Collection
from importlib import import_module

from statemachines import exports
from statemachines.errors import UnknownNameError
from statemachines.exports import Exported, Progress
from statemachines.language.claims import Claims
from statemachines.language.system import System


def export(
    what: Claims | System, format: str, *, properties: Collection[str] = (), progress: Progress | None = None
) -> Exported:
    """A system, and what is claimed of it, in another engine's language; its ``text`` is the file.

    >>> from examples.parcel_locker import claims
    >>> export(claims, "scxml").text.splitlines()[0]
    '<?xml version="1.0" encoding="UTF-8"?>'

    Parameters
    ----------
    what: claims, or a system alone.
    format: ``aiger``, ``javascript``, ``machine``, ``promela``, ``scxml`` or ``xstate``.
    properties: the names of the claims that are wanted; all of them by default.
    progress: is called with how much is done, and of how much.

    Raises
    ------
    UnknownNameError: for a format or a claim that there is not.
    """
    if format not in exports.EXPORTS:
        raise UnknownNameError(f"there is no export {format!r}; expected one of: {', '.join(exports.EXPORTS)}")
    module, _, function = exports.EXPORTS[format].function.partition(":")
    claims = Claims(what, ()) if isinstance(what, System) else what
    made: Exported = getattr(import_module(module), function)(claims, properties, progress)
    return made
