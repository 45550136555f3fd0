"""How far exploring is: a person at a terminal sees it after two seconds, and nobody else does."""

import pytest

from properties.cli.main import main
from properties.console import terminal
from statemachines.checker import symbolic

WORDS = ["explore", "--system", "examples.parcel_locker:claims", "--engine"]


@pytest.fixture
def explored(capsys):
    """What the command says on standard error: click's runner keeps that apart in its later versions only."""

    def run(*words):
        main([*WORDS, *words], standalone_mode=False)
        shown = capsys.readouterr()
        assert "3 states of" in shown.out
        return shown.err

    return run


@pytest.fixture
def at_a_terminal(monkeypatch):
    monkeypatch.setattr(terminal, "is_terminal", lambda _: True)
    monkeypatch.setattr(symbolic, "BETWEEN_REPORTS", -1)
    monkeypatch.setenv("FORCE_COLOR", "1")


@pytest.mark.parametrize("engine", [["explicit"], ["symbolic"], ["symbolic", "--no-layers"]])
def test_a_person_sees_how_far_it_is(engine, at_a_terminal, explored, monkeypatch):
    assert "exploring: " not in explored(*engine)  # it takes less than two seconds
    monkeypatch.setattr(terminal, "BEFORE_PROGRESS", 0)
    shown = explored(*engine)
    assert "3 states" in shown
    assert ("2 requests from the start so far" in shown) is ("--no-layers" not in engine)


def test_nobody_else_does(explored, monkeypatch):
    monkeypatch.setattr(terminal, "BEFORE_PROGRESS", 0)
    assert "exploring: " not in explored("explicit")
