"""A parcel locker with its faults, and the suite run on it as users do: in another process and directory."""

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.suite_runs import REFERENCE

LOCKER = '''
import os, time

class Locker:
    """A parcel locker; its faults are given as class attributes."""
    wait_does_nothing = any_code_opens = crashes = hangs = forgets = False
    shows = ("outcome", "at", "reason")
    says = {}

    def __init__(self):
        self.box = "empty"

    def statement(self):
        return self.says

    def reset(self, state):
        if not self.forgets:
            self.box = state["box"]

    def send(self, request):
        outcome, reason = self.answer(request)
        verdict = {"outcome": outcome, "at": "locker", "reason": reason, "response": None}
        return {aspect: verdict[aspect] for aspect in self.shows}

    def answer(self, request):
        kind = request["type"]
        if kind == "Wait" and self.crashes:
            raise RuntimeError("the clock is broken")
        if kind == "Wait" and self.hangs:
            time.sleep(60)
        if kind == "Take" and request["code"] == "wrong" and not self.any_code_opens:
            return "no", "wrong code"
        if (kind == "Take") == (self.box == "empty") and kind != "Wait":
            return "no", "wrong box"
        if kind == "Put":
            self.box = "holds a parcel"
        elif kind == "Take":
            self.box = "empty"
        elif not self.wait_does_nothing:
            after = {"empty": "empty", "holds a parcel": "holds a parcel too long", "holds a parcel too long": "empty"}
            self.box = after[self.box]
        return "yes", "done"

class WaitDoesNothing(Locker):
    wait_does_nothing = True

class AnyCodeOpens(Locker):
    any_code_opens = True

class Crashes(Locker):
    crashes = True

class Hangs(Locker):
    hangs = True

class Goes(Locker):
    """It is gone for good the first time that it is told to wait."""
    def __init__(self):
        if os.path.exists("gone"):
            raise RuntimeError("the building is sold")
        super().__init__()

    def answer(self, request):
        if request["type"] == "Wait":
            open("gone", "w").close()
            raise RuntimeError("the building is sold")
        return super().answer(request)

class GoesAtReset(Goes):
    """It is gone when it is reset for the tenth time."""
    resets = 0

    def reset(self, state):
        GoesAtReset.resets += 1
        if GoesAtReset.resets == 10:
            open("gone", "w").close()
            raise RuntimeError("the building is sold")
        super().reset(state)

    def answer(self, request):
        return Locker.answer(self, request)

class GoesLater(Goes):
    """It is gone in the middle of the random layer."""
    sent = 0

    def answer(self, request):
        GoesLater.sent += 1
        return super().answer(request) if GoesLater.sent > 1_000 else Locker.answer(self, request)

class Slang(Locker):
    """In the random layer it has a word of its own."""
    sent = 0

    def answer(self, request):
        Slang.sent += 1
        outcome, reason = super().answer(request)
        return ("sure" if Slang.sent > 1_000 and request["type"] == "Wait" else outcome), reason

class OnlyOutcomes(Locker):
    shows = ("outcome",)

class Once(Locker):
    """It starts for a first look, and not again."""
    def __init__(self):
        if os.path.exists("once"):
            raise RuntimeError("closed for today")
        open("once", "w").close()
        super().__init__()

class OwnWords(Locker):
    def send(self, request):
        return {**super().send(request), "outcome": "OK", "at": 'front "office"'}

class Waits(Locker):
    def send(self, request):
        open("begun", "w").close()
        time.sleep(15)

class TakesNothing(Locker):
    says = {"not_supported": dict.fromkeys(["Wait", "Put", "Take"], "out of order")}

class NotTold(Locker):
    says = {"starts": "initial", "not_supported": {"Wait": "nobody tells us the time"}}
'''


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("elsewhere")
    (path / "locker.py").write_text(LOCKER)
    return path


@pytest.fixture(scope="session")
def run(place: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The suite in another process; what was run with the same options before is not run again."""

    @cache
    def suite(*arguments, command=("-m", "pytest", "-p", "no:cacheprovider", "--pyargs", "properties.conformance")):
        return subprocess.run(
            [sys.executable, *command, *REFERENCE, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=place,
            env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "200"},
            timeout=120,
        )

    return suite


@pytest.fixture
def until_it_is_gone(run, place):
    def suite(target, *arguments):
        try:
            return run("-q", "-rs", "--sut", f"locker:{target}", *arguments)
        finally:
            (place / "gone").unlink()

    return suite
