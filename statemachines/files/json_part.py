"""Typed access to a JSON document: a value of another type is one message that says where."""

from collections.abc import Mapping
from typing import Any, TypeVar

import attrs

from statemachines.files.nearest import expected_words
from statemachines.files.shown import shown

T = TypeVar("T")


class JsonPartError(ValueError):
    """A part that is not what it should be: one line with the file, the path, what is there and what should be."""


@attrs.frozen
class JsonPart:
    """A part of a document.

    Parameters
    ----------
    content: what is there, as `json.loads` gives it.
    file: what errors call the document.
    path: where in it, such as ``gates[0].party``; ``""`` for the whole.

    Examples
    --------
    >>> JsonPart({"door": "ajar"}, "house.json").key("door").one_of({"open": 1, "shut": 2})
    Traceback (most recent call last):
        ...
    statemachines.files.json_part.JsonPartError: house.json: door is "ajar", expected one of: "open", "shut"
    """

    content: Any
    file: str
    path: str = ""

    def error(self, expected: str) -> JsonPartError:
        """The error that this part is."""
        match self.content:
            case str():
                there = f'"{shown(self.content)}"'
            case list():
                there = "a list"
            case dict():
                there = "an object"
            case None | bool():
                there = "null" if self.content is None else str(self.content).lower()
            case _:
                there = shown(str(self.content))
        return JsonPartError(f"{self.file}: {self.path or 'the document'} is {there}, expected {expected}")

    def text(self) -> str:
        """The string that it is."""
        if not isinstance(self.content, str):
            raise self.error("a string")
        return self.content

    def integer(self) -> int:
        """The integer that it is."""
        if type(self.content) is not int:
            raise self.error("an integer")
        return self.content

    def flag(self) -> bool:
        """The true or false that it is."""
        if not isinstance(self.content, bool):
            raise self.error("true or false")
        return self.content

    def parts(self) -> "list[JsonPart]":
        """The parts of the list that it is."""
        if not isinstance(self.content, list):
            raise self.error("a list")
        return [JsonPart(one, self.file, f"{self.path}[{at}]") for at, one in enumerate(self.content)]

    def texts(self) -> tuple[str, ...]:
        """The strings of the list that it is."""
        return tuple(part.text() for part in self.parts())

    def words(self) -> dict[str, str]:
        """The strings of the object that it is, whatever their keys."""
        return {key: part.text() for key, part in self.keys_there().items()}

    def key(self, key: str) -> "JsonPart":
        """The part under a key of the object that it is."""
        known = self.keys_there()
        if key not in known:
            raise JsonPartError(f"{self.file}: {self._below(key)} is missing")
        return known[key]

    def keys(self, needed: str, optional: str = "") -> "dict[str, JsonPart]":
        """The parts under the keys that are there; an object with any other key, or without one, is refused."""
        for name in needed.split():
            self.key(name)
        known = [*needed.split(), *optional.split()]
        for name in (there := self.keys_there()):
            if name not in known:
                where = shown(self._below(name), 120)
                raise JsonPartError(
                    f"{self.file}: {where} is not a key; expected one of: {expected_words(name, known)}"
                )
        return there

    def one_of(self, known: Mapping[str, T]) -> T:
        """What the string names."""
        if not isinstance(self.content, str) or self.content not in known:
            raise self.error(
                f"one of: {expected_words(self.content, known)}" if known else "nothing, for there is none"
            )
        return known[self.content]

    def some_of(self, known: Mapping[str, T]) -> tuple[T, ...]:
        """What the strings of the list name."""
        return tuple(part.one_of(known) for part in self.parts())

    def keys_there(self) -> "dict[str, JsonPart]":
        """The parts of the object that it is, whatever their keys."""
        if not isinstance(self.content, dict):
            raise self.error("an object")
        return {key: JsonPart(one, self.file, self._below(key)) for key, one in self.content.items()}

    def _below(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
