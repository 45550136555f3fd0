"""Targets in this process."""

import shlex
import signal
import sys
import textwrap
import threading
import time

import pytest

from properties.conformance.targets.misbehaviour import Misbehaviour, TargetError
from properties.conformance.targets.opening import open_target
from properties.conformance.targets.target import Limits
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import Outcome, Response

STATE = INSTALLATION.state()
QUICK = Limits(answer_seconds=0.2, restarts=1)


@pytest.fixture
def factory(tmp_path, monkeypatch):
    """Makes a factory whose targets do something with each request; its SPEC."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])

    def make(does: str = 'return {"outcome": "accepted"}', more: str = "") -> str:
        name = f"ours_{tmp_path.name}_{len(list(tmp_path.glob('ours_*')))}".replace("-", "_")
        lines = ["import sys, time", "class Ours:", "    def reset(self, state): self.state = state"]
        lines += [textwrap.indent(more, "    "), "    def send(self, request):", textwrap.indent(does, " " * 8)]
        (tmp_path / f"{name}.py").write_text("\n".join(lines))
        return f"{name}:Ours"

    return make


def test_it_is_given_words_and_shows_words(factory, opened, some_request):
    does = """
assert self.state["group"] == "CA (IOC, Elster gas meters)"
assert request["type"] == "ReadFirmwareVersion"
return {"outcome": "accepted", "response": "the version that has been running"}
"""
    target = opened(factory(does))
    target.reset(STATE)
    shown = target.send(some_request).shown
    assert dict(shown) == {"outcome": Outcome.ACCEPTED, "response": Response.PRESENT_VERSION}


def test_no_response_is_not_the_same_as_a_response_that_is_not_shown(factory, opened, some_request):
    target = opened(factory('return {"outcome": "accepted", "response": None}'))
    target.reset(STATE)
    assert target.send(some_request).shown["response"] is None


@pytest.mark.parametrize(
    ("does", "kind", "words"),
    [
        ("raise KeyError('group')", Misbehaviour.CRASHED, "KeyError: 'group' at ours_"),
        ("sys.exit(3)", Misbehaviour.CRASHED, "SystemExit: 3"),
        ("return self.send(request)", Misbehaviour.CRASHED, "RecursionError"),
        ("time.sleep(600)", Misbehaviour.HANGS, "it had not come to send after 0.4 s, and was ended"),
        ("while True: pass", Misbehaviour.HANGS, "it had not come to send"),
        ("time.sleep(0.3)\nreturn {}", Misbehaviour.LATE, "expected at most 0.2 s"),
        ("return None", Misbehaviour.GARBAGE, "the verdict is null, expected an object"),
        (
            "return {'outcome': 'ok'}",
            Misbehaviour.GARBAGE,
            "answered outcome 'ok'; expected one of: 'accepted'",
        ),
        ("return {'outcome': None}", Misbehaviour.GARBAGE, "the verdict's outcome is null, expected a text"),
    ],
)
def test_misbehaviour(factory, opened, misbehaviour, some_request, does, kind, words):
    target = opened(factory(does), QUICK if kind in {Misbehaviour.HANGS, Misbehaviour.LATE} else Limits())
    target.reset(STATE)
    result = misbehaviour(lambda: target.send(some_request))
    assert (result.kind, words in result.detail) == (kind, True), result.detail
    target.reset(STATE)


@pytest.mark.slow
@pytest.mark.parametrize("caught", ["Exception", "BaseException"])
def test_a_handler_of_its_own_does_not_keep_it_hanging(factory, opened, misbehaviour, some_request, caught):
    does = f"try:\n    time.sleep(600)\nexcept {caught}:\n    time.sleep(600)"
    target = opened(factory(does), QUICK)
    target.reset(STATE)
    assert misbehaviour(lambda: target.send(some_request)).kind is Misbehaviour.HANGS


@pytest.mark.slow
def test_one_that_hung_is_made_anew_and_at_last_gone(factory, opened, misbehaviour, some_request):
    target = opened(factory("time.sleep(600)"), QUICK)
    for _ in range(2):
        target.reset(STATE)
        assert misbehaviour(lambda: target.send(some_request)).kind is Misbehaviour.HANGS
        assert misbehaviour(lambda: target.send(some_request)).detail == "it hung before, and was not reset since"
    result = misbehaviour(lambda: target.reset(STATE))
    assert (result.kind, result.detail) == (Misbehaviour.GONE, "it hung 2 times, and is not made anew any more")


def test_the_alarm_of_others_goes_off_as_it_would(factory, opened, some_request):
    rung = threading.Event()
    before = signal.signal(signal.SIGALRM, lambda *_: rung.set())
    try:
        target = opened(factory())
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        target.reset(STATE)
        target.send(some_request)
        assert rung.wait(10)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_its_statement_is_asked_for(factory, opened):
    target = opened(factory(more='def statement(self): return {"name": "Ours", "observes": ["outcome"]}'))
    assert (target.statement.name, target.statement.observes) == ("Ours", ("outcome",))


def test_it_is_closed(factory, opened, tmp_path):
    target = opened(factory(more=f"def close(self): open({str(tmp_path / 'closed')!r}, 'w')"))
    target.close()
    target.close()
    assert (tmp_path / "closed").exists()


def test_closing_it_ends(factory, opened):
    target = opened(factory(more="def close(self): time.sleep(600)"), QUICK)
    started = time.monotonic()
    target.close()
    assert time.monotonic() - started < 10


def test_a_factory_that_fails_is_reported_in_one_message(factory, opened):
    with pytest.raises(TargetError) as caught:
        opened(factory(more="def __init__(self): raise OSError('no database')"))
    assert "the target crashed: OSError: no database at ours_" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_no_target_is_refused_by_what_it_lacks():
    with pytest.raises(TargetError, match="a System has no method reset and no method send; what is declared is given"):
        open_target(lambda: INSTALLATION, INSTALLATION)


def test_served_as_a_command_it_is_the_same_target(factory, opened, some_request):
    spec = factory('print("debug"); return {"outcome": "accepted"}')
    command = f"{shlex.quote(sys.executable)} -m properties.conformance.targets.json_lines_server {spec}"
    target = opened(command)
    target.reset(STATE)
    assert dict(target.send(some_request).shown) == {"outcome": Outcome.ACCEPTED}


def test_served_as_a_command_it_may_end_its_process(factory, opened, misbehaviour, some_request):
    spec = factory("import os; os.abort()")
    command = f"{shlex.quote(sys.executable)} -m properties.conformance.targets.json_lines_server {spec}"
    target = opened(command)
    target.reset(STATE)
    result = misbehaviour(lambda: target.send(some_request))
    assert result.kind is Misbehaviour.CRASHED
    assert "SIGABRT" in result.detail
