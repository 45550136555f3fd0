"""The engines that execute exports, each asked the same questions as the oracle."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import attrs

from statemachines import Claims, Oracle, Request, State, System, export_machine
from statemachines.exports.javascript import export_javascript
from statemachines.exports.scxml import export_scxml
from statemachines.exports.xstate import export_xstate
from statemachines.language.terms import ASPECTS

HERE = Path(__file__).parent
NODE_MODULES = HERE.parent / "build" / "npm" / "node_modules"
"""Where `make npm` installs what is executed by Node."""

QT_PYTHON = os.environ.get("QT_PYTHON", sys.executable)
"""A Python that has PySide6."""

Question = tuple[State | None, Request]
"""A request, and the state that it is sent in: none for the one that the last request led to."""


@attrs.frozen
class Engine:
    """Who executes an export.

    Parameters
    ----------
    title: for people.
    suffix: the ending of the file that it is given.
    export: a system as that file.
    command: what is run; the files' names are added to it.
    names: whether its states are names, where others have words.
    package: of npm, where it takes one.
    restarts: whether it can be put into any state; otherwise it goes on from the usual initial one.
    """

    title: str
    suffix: str
    export: Callable[[Claims], str]
    command: tuple[str, ...]
    names: bool = False
    package: str = ""
    restarts: bool = True

    @property
    def missing(self) -> str:
        """Why it cannot be asked here; empty if it can."""
        if self.package and not (NODE_MODULES / self.package).exists():
            return f"{self.package} is not installed: make npm"
        if self.command[0] == sys.executable and not find_spec("PySide6"):
            return "PySide6 is not installed: pip install PySide6, and QT_PYTHON if it is another Python's"
        needed = "javac" if self.command[0] == "java" else self.command[0]
        return "" if shutil.which(needed) else f"{needed} is not installed"


CLASSES = HERE.parent / "build" / "java"
NODE = ("node", str(HERE / "engines.mjs"))
ENGINES: Mapping[str, Engine] = {
    "javascript": Engine(
        "JavaScript", ".mjs", lambda claims: export_javascript(claims)["index.js"], (*NODE, "javascript")
    ),
    "java": Engine("Java", ".json", export_machine, ("java", "-cp", str(CLASSES), "Engines")),
    "xstate": Engine("XState", ".mjs", export_xstate, (*NODE, "xstate"), package="xstate"),
    "scion": Engine("SCXML by SCION", ".scxml", export_scxml, (*NODE, "scion"), True, "@scion-scxml/scxml"),
    "qt": Engine(
        "SCXML by Qt", ".scxml", export_scxml, (QT_PYTHON, str(HERE / "qt_scxml.py")), names=True, restarts=False
    ),
}


class DiffersError(AssertionError):
    """An engine's reply is not the oracle's."""


def compare(name: str, systems: Sequence[System], walks: Sequence[Sequence[Question]], folder: Path) -> float:
    """Ask an engine all questions, each walk of one system; the seconds that it took for them.

    Raises
    ------
    DiffersError: for the first reply that is not the oracle's.
    """
    engine, files = ENGINES[name], []
    if name == "java":
        sources = (HERE.parent / "examples" / "java-oracle" / "Oracle.java", HERE / "Engines.java")
        compiled = CLASSES / "Engines.class"
        if not compiled.exists() or compiled.stat().st_mtime < max(source.stat().st_mtime for source in sources):
            subprocess.run(["javac", "-Xlint:all", "-Werror", "-d", CLASSES, *sources], check=True)
    if engine.package and not (folder / "node_modules").exists():
        (folder / "node_modules").symlink_to(NODE_MODULES, target_is_directory=True)
    for number, system in enumerate(systems):
        files.append(folder / f"{name}-{number}{engine.suffix}")
        files[-1].write_text(engine.export(Claims(system, [])), encoding="utf-8")
    asked = "".join(json.dumps(_asked(engine, questions)) + "\n" for questions in walks)
    done = subprocess.run(
        [*engine.command, *map(str, files)], input=asked, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise DiffersError(f"{engine.title}: {done.stderr[-2000:]}")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    for system, questions, answer in zip(systems, walks, answers, strict=True):
        known = expected(system, questions, engine)
        for (question, state, verdict), reply in zip(known, answer["replies"], strict=True):
            if reply != [state, verdict]:
                raise DiffersError(f"{engine.title}, {system.name}, {question!r}: {reply}, expected {[state, verdict]}")
    return sum(float(answer["seconds"]) for answer in answers)


def expected(
    system: System, questions: Iterable[Question], engine: Engine
) -> Iterator[tuple[Question, dict[str, Any], dict[str, Any]]]:
    """Each question, and the oracle's state and verdict, as the engine says them."""
    oracle, state = Oracle(system), system.state()
    for question in questions:
        asked_in, request = question
        state, verdict = oracle.decide(state if asked_in is None else asked_in, request)
        said: dict[str, Any] = {aspect: _words(getattr(verdict, aspect)) for aspect in ASPECTS}
        said |= {"rules": list(verdict.rules), "unspecified": list(verdict.unspecified), "passed": verdict.passed}
        yield (state, request), _state(engine, state), said


def walk(system: System, steps: int, seed: int = 0, *, restarts: bool = False) -> list[Question]:
    """A random walk from the usual initial state, all types as often; with restarts, from others now and then."""
    random = Random(seed)
    by_kind = [list(kind.requests()) for kind in system.requests]
    starts = list(system.initial_states()) if restarts and len(system.lifecycles) < 10 else [system.state()]
    asked: list[Question] = [(system.state(), random.choice(random.choice(by_kind)))]
    for _ in range(steps - 1):
        start = random.choice(starts) if restarts and random.random() < 0.02 else None
        asked.append((start, random.choice(random.choice(by_kind))))
    return asked


def _asked(engine: Engine, questions: Iterable[Question]) -> list[list[Any]]:
    return [[None if state is None else _state(engine, state), request.as_dict()] for state, request in questions]


def _state(engine: Engine, state: State) -> dict[str, Any]:
    return {name: value.name if engine.names else _words(value) for name, value in state.as_dict().items()}


def _words(value: Enum | None) -> str | None:
    return None if value is None else str(value.value)
