"""Naming what a user declared on a command line: ``package.module:attribute``, or a machine file."""

import os
import signal
import site
import sys
import sysconfig
import threading
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from enum import Enum, EnumType
from functools import lru_cache
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

import attrs

from statemachines.drawing.characters import expect_visible
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


LONGEST = 60.0
"""How many seconds a module may take to be imported, or a function to make what it declares."""


class SpecError(StatemachinesError, ValueError):
    """A SPEC that names nothing usable, with the reason."""


def load_claims(spec: str, off: tuple[str, ...] = ()) -> Claims:
    """The claims that a SPEC names: a `Claims`, a `System` of which nothing is claimed, or a function that makes one.

    A function is called once, however often it is named: what it makes has request types of its own.

    Parameters
    ----------
    spec: ``package.module:attribute``, as in ``parcel_locker:claims``; or the path of a machine file, ``locker.json``.
    off: the ids of assumptions that do not apply; the same claims are made once for the same ids.

    Raises
    ------
    SpecError: if there is no such module or attribute, or it is none of these.
    UnknownNameError: for an id that is of no assumption which decides a check or a transition alone.
    MachineFileError: if it names a file that is no machine file.
    DeclarationError: for words with a control character or half of a surrogate pair, which no report can show.
    """
    declared = named = load(spec)
    if callable(named) and not isinstance(named, Claims | System | type):
        declared = _trying(spec, lambda: _made(named), _defined(named))
    if isinstance(declared, System):
        declared = _claimless(declared)
    if not isinstance(declared, Claims):
        raise SpecError(
            f"{spec!r} is {type(declared).__name__}, expected Claims, a System or a function that makes one"
            f"{_defined(named)}"
        )
    _expect_all_visible(declared, spec)
    return _without(declared, off) if off else declared


@lru_cache
def _without(claims: Claims, off: tuple[str, ...]) -> Claims:
    from statemachines.semantics.regulated import switched_off  # noqa: PLC0415  # most commands need none of it

    return attrs.evolve(claims, system=switched_off(claims.system, off))


@lru_cache
def _expect_all_visible(claims: Claims, spec: str) -> None:
    for words in sorted(_words(claims)):
        expect_visible(words, f"{spec!r}")


def _words(claims: Claims) -> frozenset[str]:
    """Every text that is declared: names, labels, rules, and the values of enums."""
    words: set[str] = set()
    seen: set[int] = set()
    left: list[Any] = [claims]
    while left:
        part = left.pop()
        if isinstance(part, str):
            words.add(part)
        elif id(part) not in seen:
            seen.add(id(part))
            if isinstance(part, Enum):
                words |= {part.name, str(part.value)}
            else:
                left += _reader(part.__class__)(part)
    return frozenset(words)


@lru_cache(maxsize=256)
def _reader(kind: type) -> Callable[[Any], Iterable[Any]]:
    """What gives the parts of a value of a class: members, or the attributes that it declares."""
    if issubclass(kind, Mapping):
        return lambda part: chain(part, part.values())
    if issubclass(kind, Collection | EnumType):
        return iter
    names = [field.name for field in attrs.fields(kind)] if attrs.has(kind) else []
    return lambda part: [getattr(part, name) for name in names]


@lru_cache
def _made(function: Callable[[], object]) -> object:
    return function()


@lru_cache
def _claimless(system: System) -> Claims:
    return Claims(system, ())


@lru_cache
def _read(path: str) -> Claims:
    """The claims of a machine file: the same, however often it is named."""
    from statemachines.exports.machine_reader import read_machine  # noqa: PLC0415  # modules are named more often

    return read_machine(Path(path))


def load(spec: str) -> Any:
    """The attribute of a module that a SPEC names; the module may be in the current directory. Of a file, its claims.

    Raises
    ------
    SpecError: if there is no such module or attribute.
    MachineFileError: if it names a file that is no machine file.
    """
    if spec.endswith(".json"):
        return _read(spec)
    module_name, colon, attribute = spec.partition(":")
    if not (colon and attribute and all(part.isidentifier() for part in module_name.split("."))):
        raise SpecError(f"{spec!r} is not of the form package.module:attribute, and no file.json")
    here = os.getcwd() if os.path.isdir(".") else ""  # noqa: PTH109, PTH112  # Path.cwd fails where the folder is gone
    if here and "" not in sys.path and here not in sys.path:
        sys.path.insert(0, here)  # an installed command does not look where its user stands
    try:
        module = _trying(spec, lambda: import_module(module_name))
    except SpecError as error:
        raise SpecError(f"{error}{_hidden(module_name, here)}") from None
    if not hasattr(module, attribute):
        file = getattr(module, "__file__", None)
        where = f" ({_shown(file)})" if file else ""
        raise SpecError(f"{spec!r}: module {module_name!r}{where} has no {attribute!r}{_hidden(module_name, here)}")
    return getattr(module, attribute)


def _hidden(module_name: str, here: str) -> str:
    """A word on a user's own file or folder that has the name of a module which is loaded already."""
    top = module_name.partition(".")[0]
    loaded = getattr(sys.modules.get(top), "__file__", None) or ""
    if not here or not loaded or _is_in(loaded, (os.path.realpath(here),)):
        return ""
    own = [path for path in (Path(here, top), Path(here, f"{top}.py")) if path.exists()]  # short: a module has its name
    if not own:
        return ""
    return f"; {_shown(str(own[0]))} has the name of a package that is loaded already: rename it"


def _trying(spec: str, make: Callable[[], T], defined: str = "") -> T:
    """What the user's own code makes, or one message of what went wrong in it, and where."""
    try:
        with _limited(), redirect_stdout(sys.stderr):  # what it prints is no result
            return make()
    except KeyboardInterrupt:
        raise
    except _TooLong as error:
        first: BaseException = error
        while isinstance(first.__context__, _TooLong):  # the alarm rings again while the first is on its way here
            first = first.__context__
        raise SpecError(f"{spec!r} was not made within {LONGEST:g} s{_where(first)}") from None
    except ModuleNotFoundError as error:
        asked = spec.partition(":")[0]
        where = "" if error.name and f"{asked}.".startswith(f"{error.name}.") else _where(error)
        lacking = where or "; it has to be in this directory or installed"
        raise SpecError(f"{spec!r} cannot be imported: {error}{lacking}") from None
    except BaseException as error:  # noqa: BLE001  # whatever a stranger's module raises
        what = ": ".join(filter(None, [type(error).__name__, " ".join(_message(error).split())]))
        raise SpecError(f"{spec!r}: {what}{_where(error) or defined}") from None


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as worse:  # noqa: BLE001  # a stranger's exception may not even show itself
        return f"(its message raises {type(worse).__name__})"


class _TooLong(BaseException):
    """The user's code does not end; no ``except Exception`` of theirs stops it."""


@contextmanager
def _limited() -> Iterator[None]:
    """Stop the user's code after `LONGEST` seconds, where it is: by a signal, which only the main thread has."""
    if threading.current_thread() is not threading.main_thread() or signal.getitimer(signal.ITIMER_REAL)[0]:
        yield
        return

    def stop(*_: object) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, LONGEST, 0.1)  # again and again: a bare ``except`` stops the first
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _defined(function: object) -> str:
    """Where a function stands; nothing of what is none."""
    code = getattr(function, "__code__", None)
    return f" at {_shown(code.co_filename)}, line {code.co_firstlineno}" if code else ""


def _where(error: BaseException) -> str:
    """The user's line that the error comes from: the last that is neither ours nor another library's.

    Where there is none, a declaration of ours is being changed: the line of the module that is imported.
    """
    if isinstance(error, SyntaxError) and error.filename:
        return ""  # its message names the file and the line
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith("<")]
    theirs = [frame for frame in frames if not _is_in(frame.filename, (*OURS, *LIBRARIES))]
    imported = [frame for frame in frames if frame.name == "<module>" and _is_in(frame.filename, OURS)]
    outside = theirs or imported or [frame for frame in frames if not _is_in(frame.filename, OURS)]
    return "".join(f" at {_shown(frame.filename)}, line {frame.lineno}" for frame in outside[-1:])


def _is_in(filename: str, folders: tuple[str, ...]) -> bool:
    return os.path.realpath(filename).startswith(tuple(folder + os.sep for folder in folders))


def _shown(filename: str) -> str:
    """The file's path as the user would type it where that is shorter."""
    try:
        return str(Path(filename).relative_to(Path.cwd()))
    except (ValueError, OSError):
        return filename
