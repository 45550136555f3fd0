"""Steps that another engine makes of the questions it is asked, beside those of the oracle."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import pytest

from statemachines import Claims, Oracle, Request, State, System, export_machine
from statemachines.language.terms import ASPECTS

needs_node = pytest.mark.skipif(not shutil.which("node"), reason="node is not installed: apt-get install nodejs")
needs_java = pytest.mark.skipif(
    not shutil.which("javac"), reason="javac is not installed: apt-get install default-jdk-headless"
)
Question = tuple[State, Request]


def walk(system: System, steps: int, seed: int = 0) -> list[Question]:
    """The states and requests of a random walk, all types as often."""
    oracle, random = Oracle(system), Random(seed)
    by_kind = [list(kind.requests()) for kind in system.requests]
    starts = list(system.initial_states()) if len(system.lifecycles) < 10 else [system.state()]
    state, asked = random.choice(starts), []
    for _ in range(steps):
        request = random.choice(random.choice(by_kind))
        asked.append((state, request))
        state = oracle.decide(state, request)[0]
        if random.random() < 0.02:
            state = random.choice(starts)
    return asked


def words(value):
    """A value as every engine says it."""
    return None if value is None else str(value.value)


def asked(questions: Iterable[Question]) -> list[list[dict[str, str]]]:
    """The questions for machines."""
    return [[in_words(state), request.as_dict()] for state, request in questions]


def in_words(state: State) -> dict[str, str | None]:
    """The state for machines."""
    return {name: words(value) for name, value in state.as_dict().items()}


def expected(system: System, questions: Iterable[Question]) -> list[dict[str, object]]:
    """What the oracle says."""
    oracle, said = Oracle(system), []
    for state, request in questions:
        after, verdict = oracle.decide(state, request)
        aspects = {aspect: words(getattr(verdict, aspect)) for aspect in ASPECTS}
        rules = {"rules": list(verdict.rules), "unspecified": list(verdict.unspecified)}
        said.append({"after": in_words(after), "verdict": {**aspects, **rules}})
    return said


def java_replies(classes: Path, system: System, questions: Iterable[Question]) -> list[dict[str, object]]:
    """What the example's interpreter in Java says of a system's machine file."""
    file = classes / "machine.json"
    file.write_text(export_machine(Claims(system, [])), encoding="utf-8")
    given = "".join(json.dumps({"state": state, "request": request}) + "\n" for state, request in asked(questions))
    done = subprocess.run(
        ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-cp", str(classes), "Oracle", str(file)],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def agrees(system: System, questions: Sequence[Question], replies: Sequence[dict[str, object]]) -> None:
    """Every reply is the oracle's."""
    for question, reply, known in zip(questions, replies, expected(system, questions), strict=True):
        assert reply == known, question
