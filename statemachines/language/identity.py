"""Identity of declarations: a copy, or a pickle where the original lives, is the original."""

import sys
from collections import deque
from collections.abc import Callable, Iterator
from importlib import import_module
from os import urandom
from threading import Lock
from typing import Any, Self
from weakref import WeakValueDictionary

import attrs

Path = tuple[str | int, ...]
"""A module's name, a global's name, then attributes and indices: where in a module a declaration is."""


class Identified:
    """A declaration that is itself only, whatever else looks like it.

    Copies, shallow and deep, are the object itself, for it never changes. A pickle has a token of the object, its path
    from a module's global if there is one, and its values. Unpickling gives the object of that token where one is
    alive, else the object at that path, as functions and classes are pickled, else one with these values, which has the
    token from then on. So a request is of a type that the system knows in every process that has the system, whether
    it imports the module that declares it or was sent it.
    """

    __slots__ = ("__weakref__", "_token")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), *identity(self), self._pickled())

    def _pickled(self) -> dict[str, Any]:
        """The values to pickle, by field."""
        return {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}  # type: ignore[arg-type]

    def _restore(self, values: dict[str, Any]) -> None:
        """Set the fields of a bare object to what was pickled: it was checked when it was declared."""
        for name, value in values.items():
            object.__setattr__(self, name, value)


_living: WeakValueDictionary[str, Any] = WeakValueDictionary()
_paths: dict[int, Path] = {}
_modules = 0  # the number of modules when the paths were looked up
_lock = Lock()


def identity(one: Any) -> tuple[str, Path]:
    """The object's token and its path, which is empty if no module has it."""
    global _modules  # noqa: PLW0603  # a cache
    with _lock:
        token: str | None = getattr(one, "_token", None)
        if token is None:
            token = urandom(16).hex()
            (type if isinstance(one, type) else object).__setattr__(one, "_token", token)
            _living[token] = one
        if id(one) not in _paths and len(sys.modules) != _modules:
            _modules = len(sys.modules)
            _look_up_paths()
    path = _paths.get(id(one), ())
    return token, path if path and _at(path) is one else ()


def resolved(token: str, path: Path, fits: Callable[[Any], bool], make: Callable[[], Any]) -> Any:
    """The object of the token: the one that is alive, else what is at the path if it fits, else a new one."""
    known = _living.get(token)
    if known is None:
        declared = _at(path) if path else None
        if not fits(declared):
            declared = make()
            (type if isinstance(declared, type) else object).__setattr__(declared, "_token", token)
        with _lock:
            known = _living.setdefault(token, declared)
    return known


def _restored(kind: type[Identified], token: str, path: Path, values: dict[str, Any]) -> Any:
    def make() -> Identified:
        made = kind.__new__(kind)
        made._restore(values)
        return made

    return resolved(token, path, lambda declared: type(declared) is kind, make)


def _at(path: Path) -> Any:
    """What is at the path; ``None`` if nothing is."""
    module, *steps = path
    try:
        one: Any = import_module(str(module))
        for step in steps:
            one = one[step] if isinstance(step, int) else getattr(one, step)
    except (ImportError, LookupError, AttributeError):
        return None
    return one


def _look_up_paths() -> None:
    """Look up the shortest path of every declaration in a module; of several, one that does not begin in a script."""
    _paths.clear()
    modules = sorted(sys.modules.items(), key=lambda item: item[0] == "__main__")
    queue = deque(
        ((name, attribute), value)
        for name, module in modules
        for attribute, value in list(getattr(module, "__dict__", {}).items())
        if issubclass(type(value), Identified)
    )
    while queue:
        path, one = queue.popleft()
        if id(one) not in _paths:
            _paths[id(one)] = path
            queue.extend(((*path, *steps), part) for steps, part in _parts(one))


def _parts(one: Any) -> Iterator[tuple[Path, Any]]:
    for field in attrs.fields(type(one)) if attrs.has(type(one)) else ():
        value = getattr(one, field.name)
        if isinstance(value, Identified | type):
            yield (field.name,), value
        elif isinstance(value, tuple):
            yield from (((field.name, at), part) for at, part in enumerate(value) if isinstance(part, Identified))
