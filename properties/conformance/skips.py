"""Files that list tests to skip, and tests that are expected to fail."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

from properties.conformance.targets.misbehaviour import TargetError
from statemachines.files.content import FileError, read_text

RULE_TEST, PROPERTY_TEST = "test_rules.py::test_rule[{}]", "test_properties.py::test_property[{}]"
"""The ids of tests."""

MAX_BYTES = 16 * 1024 * 1024
"""The largest file that is read."""


@attrs.frozen
class Line:
    """A line of such a file: an id of a test, or a name of what it tests."""

    file: Path
    number: int
    text: str

    @property
    def where(self) -> str:
        """The file and the line."""
        return f"{self.file.name}, line {self.number}"


def _read(path: Path | None) -> Iterator[Line]:
    if path is None:
        return
    try:
        lines = read_text(path, MAX_BYTES).splitlines()
    except FileError as error:
        raise TargetError(f"{path}: {error}") from None
    for number, line in enumerate(lines, 1):
        text = re.sub(r"(^|\s)#.*", "", line).strip()
        if text:
            yield Line(path, number, text)


@attrs.frozen
class Lists:
    """The tests not to run, and those expected to fail."""

    skips: tuple[Line, ...] = ()
    xfails: tuple[Line, ...] = ()

    @classmethod
    def read(cls, skips: Path | None, xfails: Path | None) -> "Lists":
        """What the files name; `TargetError` for one that cannot be read."""
        return cls(tuple(_read(skips)), tuple(_read(xfails)))

    def skipping(self, test: str) -> Line | None:
        """The line that says that a test is not to be run, if one does."""
        return next((line for line in self.skips if names(line.text, test)), None)

    def expecting(self, test: str) -> Line | None:
        """The line that says that a test is expected to fail, if one does."""
        return next((line for line in self.xfails if names(line.text, test)), None)

    def check(self, rules: Iterable[str], properties: Iterable[str], chunks: int) -> None:
        """Refuse a line that names no test: `ValueError` with the line."""
        known = {RULE_TEST.format(rule) for rule in rules}
        known |= {PROPERTY_TEST.format(name) for name in properties}
        known |= {f"test_walks.py::test_walks[{at}]" for at in range(chunks)}
        for line in (*self.skips, *self.xfails):
            if not any(names(line.text, test) for test in known):
                raise ValueError(
                    f"{line.file}, line {line.number}: no test is called {line.text!r}; expected the id of a rule, "
                    "the name of a property, or a test's id as pytest shows it"
                )


def names(text: str, test: str) -> bool:
    """Whether a line names a test.

    >>> names("KEY-5", "test_rules.py::test_rule[KEY-5]")
    True
    >>> names("test_rule[KEY-5]", "properties/conformance/test_rules.py::test_rule[KEY-5]")
    True
    >>> names("test_rules.py::test_rule", "test_rules.py::test_rule[KEY-5]")
    True
    >>> names("KEY", "test_rules.py::test_rule[KEY-5]")
    False
    """
    path, _, test_name = test.rpartition("::")
    function, _, parameter = test_name.partition("[")
    if text in (test_name, function, parameter.removesuffix("]")):
        return True
    given = text.replace("\\", "/")
    whole = f"{Path(path).name}::{test_name}"
    return any(given == name or given.endswith(f"/{name}") for name in (whole, whole.partition("[")[0]))
