"""Declarations are themselves only: a copy is the same object, and so is what is unpickled where the object lives."""

from os import urandom
from threading import Lock
from typing import Any, Self
from weakref import WeakValueDictionary

import attrs


class Identified:
    """A declaration that is itself only, whatever else looks like it.

    Copies, shallow and deep, are the object itself, for it never changes. A pickle carries a token of the object:
    where the object is alive, unpickling gives that object; elsewhere it makes one, and later pickles give that one.
    So a request that comes back from another process is of a type that the system knows.
    """

    __slots__ = ("__weakref__", "_token")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), _token_of(self), self._pickled())

    def _pickled(self) -> dict[str, Any]:
        """The values to pickle, by field."""
        return {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}  # type: ignore[arg-type]

    def _restore(self, values: dict[str, Any]) -> None:
        """Set the fields of a bare object to what was pickled: it was checked when it was declared."""
        for name, value in values.items():
            object.__setattr__(self, name, value)


_living: WeakValueDictionary[str, Any] = WeakValueDictionary()
_lock = Lock()


def _token_of(one: Any) -> str:
    with _lock:
        try:
            token: str = one._token
        except AttributeError:
            token = urandom(16).hex()
            object.__setattr__(one, "_token", token)
            _living[token] = one
        return token


def _restored(kind: type[Identified], token: str, values: dict[str, Any]) -> Any:
    with _lock:
        known = _living.get(token)
        if known is None:
            known = kind.__new__(kind)
            known._restore(values)
            object.__setattr__(known, "_token", token)
            _living[token] = known
        return known
