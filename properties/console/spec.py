"""Naming what a user declared on a command line: ``package.module:attribute``."""

import os
import site
import sys
import sysconfig
import traceback
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from statemachines.errors import StatemachinesError
from statemachines.language.claims import Claims
from statemachines.language.system import System

T = TypeVar("T")

LIBRARIES = tuple(
    {
        *(os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")),
        *(os.path.realpath(path) for path in (*site.getsitepackages(), site.getusersitepackages())),
    }
)
"""Directories with code that the user did not write, besides ours."""

OURS = tuple(str(Path(__file__).parents[2] / package) for package in ("statemachines", "properties"))


class SpecError(StatemachinesError, ValueError):
    """A SPEC that names nothing usable, with the reason."""


def load_claims(spec: str) -> Claims:
    """The claims that a SPEC names: a `Claims`, a `System` of which nothing is claimed, or a function that makes one.

    A function is called once, however often it is named: what it makes has request types of its own.

    Parameters
    ----------
    spec: ``package.module:attribute``, as in ``parcel_locker:claims``.

    Raises
    ------
    SpecError: if there is no such module or attribute, or it is none of these.
    """
    declared = load(spec)
    if callable(declared) and not isinstance(declared, Claims | System):
        declared = _trying(spec, lambda: _made(declared))
    if isinstance(declared, System):
        return _claimless(declared)
    if not isinstance(declared, Claims):
        raise SpecError(
            f"{spec!r} is {type(declared).__name__}, expected Claims, a System or a function that makes one"
        )
    return declared


@lru_cache
def _made(function: Callable[[], object]) -> object:
    return function()


@lru_cache
def _claimless(system: System) -> Claims:
    return Claims(system, ())


def load(spec: str) -> Any:
    """The attribute of a module that a SPEC names; the module may be in the current directory.

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
        raise SpecError(f"{spec!r}: {type(error).__name__}: {error}{_where(error)}") from None


def _where(error: BaseException) -> str:
    """The user's line that the error comes from: the last that is neither ours nor another library's."""
    if isinstance(error, SyntaxError) and error.filename:
        return ""  # its message names the file and the line
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith("<")]
    theirs = [frame for frame in frames if not _is_in(frame.filename, (*OURS, *LIBRARIES))]
    outside = theirs or [frame for frame in frames if not _is_in(frame.filename, OURS)]
    last = (outside or frames)[-1:]
    return "".join(f" at {_shown(frame.filename)}, line {frame.lineno}" for frame in last)


def _is_in(filename: str, folders: tuple[str, ...]) -> bool:
    return os.path.realpath(filename).startswith(tuple(folder + os.sep for folder in folders))


def _shown(filename: str) -> str:
    """The file's path as the user would type it where that is shorter."""
    try:
        return str(Path(filename).relative_to(Path.cwd()))
    except (ValueError, OSError):
        return filename
