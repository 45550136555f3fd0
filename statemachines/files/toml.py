"""Reading TOML with errors that name the key, the value and what was expected."""

import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from statemachines.files.content import FileError, read_bytes
from statemachines.files.nearest import expected_words
from statemachines.files.shown import printable, shown

T = TypeVar("T")

MAX_BYTES = 1024 * 1024
"""The largest file that is read."""


class TomlFileError(ValueError):
    """A TOML file that is not what it should be: one line that names the file, the key, the value and what it wants.

    Whatever of the file is in the message, a terminal shows it: what does not print is escaped.
    """

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class TomlTable:
    """One table of a TOML file; every key is asked for once, and `finish` refuses what nobody asked for."""

    def __init__(self, file: str, name: str, content: Mapping[str, Any]) -> None:
        self._file, self._name, self._content = file, name, content
        self._asked: set[str] = set()
        self._known: set[str] = set()
        self._inner: list[TomlTable] = []

    def __contains__(self, key: str) -> bool:
        self._known.add(key)
        return key in self._content

    def is_text(self, key: str) -> bool:
        """Whether there is a string under a key."""
        return isinstance(self._content.get(key), str)

    def names(self) -> tuple[str, ...]:
        """Every key that is there, in order: for a table whose keys are its file's own."""
        return tuple(self._content)

    def error(self, key: str, value: object, expected: str) -> TomlFileError:
        """The error that a key's value is."""
        return TomlFileError(f"{self._file}: {self._path(key)} is '{_as_written(value)}', expected {expected}")

    def missing(self, key: str, expected: str) -> TomlFileError:
        """The error that a key's absence is, where not every file needs it."""
        return TomlFileError(f"{self._file}: {self._path(key)} is missing, expected {expected}")

    def refuse(self, key: str, expected: str) -> None:
        """Refuse a key that is not asked for here, and say what is expected in its place."""
        if key in self._content:
            raise self.error(key, self._content[key], expected)

    def table(self, key: str) -> "TomlTable":
        """The table under a key."""
        return self._table(self._path(key), self._asked_for(key), f"a table [{self._path(key)}]", key)

    def optional_table(self, key: str) -> "TomlTable | None":
        """The table under a key, if it is there."""
        return self.table(key) if key in self else None

    def tables(self, key: str) -> "list[TomlTable]":
        """The array of tables under a key; none if it is not there."""
        if key not in self:
            return []
        content = self._asked_for(key)
        if not isinstance(content, list):
            raise self.error(key, content, f"an array of tables, [[{self._path(key)}]]")
        return [
            self._table(f"{self._path(key)}[{number}]", one, f"a table, [[{self._path(key)}]]", key)
            for number, one in enumerate(content, 1)
        ]

    def value(self, key: str, parse: Callable[[str], T]) -> T:
        """The string under a key, parsed; what `parse` refuses with a ValueError is refused here."""
        text = self._asked_for(key)
        if not isinstance(text, str):
            raise self.error(key, text, "a string")
        return self._parsed(key, text, parse)

    def optional_value(self, key: str, parse: Callable[[str], T]) -> T | None:
        """The same, or ``None`` if it is not there."""
        return self.value(key, parse) if key in self else None

    def choice(self, key: str, options: Mapping[str, T], *, default: str | None = None) -> T:
        """The option that the string under a key names."""
        if key not in self and default is not None:
            return options[default]
        return self._option(key, self._asked_for(key), options)

    def several(self, key: str, options: Mapping[str, T]) -> tuple[T, ...]:
        """The options that the strings under a key name; at least one."""
        names = self._asked_for(key)
        if not isinstance(names, list) or not names:
            raise self.error(key, names, f"a list with any of: {expected_words('', options)}")
        return tuple(self._option(key, name, options) for name in names)

    def one_or_several(self, key: str, options: Mapping[str, T]) -> tuple[T, ...]:
        """The option that the string under a key names, or the options that a list of strings does."""
        value = self._asked_for(key)
        return self.several(key, options) if isinstance(value, list) else (self._option(key, value, options),)

    def strings(self, key: str, parse: Callable[[str], str] = str) -> tuple[str, ...]:
        """The strings under a key, each parsed; none if it is not there."""
        value = self._asked_for(key) if key in self else []
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.error(key, value, "a list of strings")
        return tuple(self._parsed(key, one, parse) for one in value)

    def boolean(self, key: str) -> bool:
        """The true or false under a key."""
        value = self._asked_for(key)
        if not isinstance(value, bool):
            raise self.error(key, value, "true or false")
        return value

    def optional_count(self, key: str) -> int | None:
        """The whole number under a key, 0 or more, or ``None`` if it is not there."""
        if key not in self:
            return None
        value = self._asked_for(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.error(key, value, "a whole number, 0 or more")
        return value

    def optional_seconds(self, key: str) -> float | None:
        """The seconds under a key, more than 0 and less than a million, or ``None`` if it is not there."""
        if key not in self:
            return None
        seconds = self._asked_for(key)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < 1e6:
            raise self.error(key, seconds, "a number of seconds, more than 0 and less than a million")
        return float(seconds)

    def optional_date(self, key: str) -> date | None:
        """The day under a key, or ``None`` if it is not there."""
        if key not in self:
            return None
        value = self._asked_for(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.error(key, value, "a day, such as 2020-10-15 without quotes")
        return value

    def finish(self) -> None:
        """Refuse keys that nobody asked for, here and in the tables inside."""
        for key in self._content:
            if key not in self._asked:
                known = sorted(self._asked | self._known)
                wanted = f"expected one of: {expected_words(key, known, mark='')}" if known else "none is expected here"
                raise TomlFileError(f"{self._file}: {shown(self._path(key))} is not a key; {wanted}")
        for table in self._inner:
            table.finish()

    def _parsed(self, key: str, text: str, parse: Callable[[str], T]) -> T:
        try:
            return parse(text)
        except ValueError as error:
            raise TomlFileError(f"{self._file}: {self._path(key)}: {error}") from None

    def _path(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key

    def _asked_for(self, key: str) -> Any:
        self._asked.add(key)
        if key not in self._content:
            raise TomlFileError(f"{self._file}: {self._path(key)} is missing")
        return self._content[key]

    def _table(self, name: str, content: object, expected: str, key: str) -> "TomlTable":
        if not isinstance(content, dict):
            raise self.error(key, content, expected)
        table = TomlTable(self._file, name, content)
        self._inner.append(table)
        return table

    def _option(self, key: str, name: object, options: Mapping[str, T]) -> T:
        if not isinstance(name, str) or name not in options:
            raise self.error(key, name, f"one of: {expected_words(name, options)}")
        return options[name]


def read_toml(path: Path) -> TomlTable:
    """The root table of a TOML file.

    Raises
    ------
    TomlFileError: if the file cannot be read or is not TOML in UTF-8.
    """
    try:
        data = read_bytes(path, MAX_BYTES)
    except FileError as error:
        raise TomlFileError(f"{path}: {error}") from None
    return parse_toml(data, path.name)


def parse_toml(data: bytes, name: str) -> TomlTable:
    """The root table of a TOML document.

    Parameters
    ----------
    data: the document.
    name: what errors call it.

    Raises
    ------
    TomlFileError: if it is not TOML in UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise TomlFileError(f"{name}: too large, expected at most {MAX_BYTES} bytes")
    try:
        return TomlTable(name, "", tomllib.loads(data.decode("utf-8")))
    except UnicodeDecodeError:
        raise TomlFileError(f"{name}: not UTF-8, expected a TOML file") from None
    except (ValueError, RecursionError) as error:  # ValueError: an integer of more digits than Python reads, too
        raise TomlFileError(f"{name}: not TOML: {shown(str(error), 120)}") from None


def _as_written(value: object) -> str:
    """A value as TOML writes it, or near enough for a message."""
    if isinstance(value, str):
        return shown(value)
    return str(value).lower() if isinstance(value, bool) else shown(repr(value))
