"""The journal of a run: what passed, written as the run proceeds, so that a run that was cut short resumes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from properties.conformance.observation import in_state
from properties.conformance.suite.vectors import OWN
from properties.conformance.targets.misbehaviour import TargetError
from statemachines.files.content import FileError, exists, read_text
from statemachines.language.terms import ASPECTS

if TYPE_CHECKING:
    from properties.conformance.diagnosis.campaign import RunSection

Aspects = tuple[frozenset[str], ...]

MAX_BYTES = 256 * 1024 * 1024
"""The largest journal that is read."""


class Journal:
    """A file with a line for each part of a sequence that was as expected; what differed is run again.

    So is what was computed for a target that supports a part: under another statement another sequence has its name.

    Parameters
    ----------
    path: of the file; made if it is not there.
    run: what is run: of what, with which declarations. A file of another run is refused.

    Raises
    ------
    TargetError: if the file cannot be read or written, or is of another run.
    """

    def __init__(self, path: Path, run: Mapping[str, str]) -> None:
        self._path = path
        self._known: dict[tuple[str, tuple[int, ...]], Aspects] = {}
        try:
            lines = read_text(path, MAX_BYTES).splitlines() if exists(path) else []
            self._read(lines, dict(run))
            self._file = path.open("a", encoding="utf-8")
            if not lines:
                self._write(dict(run))
        except (OSError, FileError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise TargetError(f"--resume: {path} cannot be used: {why}") from None

    def __len__(self) -> int:
        return len(self._known)

    def shown(self, section: "RunSection") -> Aspects | None:
        """The aspects that the target showed at each step, if the section was as expected in an earlier run."""
        return self._known.get((section.vector.name, section.steps))

    def note(self, section: "RunSection", aspects: Aspects) -> None:
        """Keep that the section was as expected."""
        name = section.vector.name
        if not name.startswith(OWN):
            self._write({"vector": name, "steps": section.steps, "aspects": [sorted(one) for one in aspects]})

    def close(self, *, whole: bool) -> None:
        """End it; of a run that is whole there is nothing to resume, and no file is left."""
        self._file.close()
        if whole:
            self._path.unlink(missing_ok=True)

    def _write(self, line: Mapping[str, Any]) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()

    def _read(self, lines: list[str], run: Mapping[str, str]) -> None:
        for number, line in enumerate(lines, 1):
            try:
                entry = json.loads(line)
                if number > 1:
                    aspects = tuple(frozenset(one) for one in entry["aspects"])
                    words = [word for one in aspects for word in one]
                    if not all(word in ASPECTS or str(word).startswith(in_state("")) for word in words):
                        raise ValueError
                    self._known[entry["vector"], tuple(entry["steps"])] = aspects
            except (ValueError, KeyError, TypeError, RecursionError):
                if number == len(lines) > 1:
                    return  # the run was ended while it was being written
                raise TargetError(f"--resume: {self._path}, line {number}, is not what a run wrote there") from None
            if number == 1 and entry != run:
                raise TargetError(
                    f"--resume: {self._path} is of another run: of another target, statement, mapping or declaration"
                )
