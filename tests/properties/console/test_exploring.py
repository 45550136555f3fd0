"""How far exploring is: a person at a terminal sees it after two seconds, and nobody else does."""

import pytest
from click.testing import CliRunner

from properties.cli.main import main
from properties.console import terminal
from statemachines.checker import symbolic

WORDS = ["explore", "--system", "examples.parcel_locker:claims", "--engine"]


def explored(*words):
    result = CliRunner().invoke(main, [*WORDS, *words])
    assert result.exit_code == 0
    return result.stderr


@pytest.fixture
def at_a_terminal(monkeypatch):
    monkeypatch.setattr(terminal, "is_terminal", lambda _: True)
    monkeypatch.setattr(symbolic, "BETWEEN_REPORTS", -1)
    monkeypatch.setenv("FORCE_COLOR", "1")


@pytest.mark.parametrize("engine", [["explicit"], ["symbolic"], ["symbolic", "--no-layers"]])
def test_a_person_sees_how_far_it_is(engine, at_a_terminal, monkeypatch):
    assert "exploring: " not in explored(*engine)  # it takes less than two seconds
    monkeypatch.setattr(terminal, "BEFORE_PROGRESS", 0)
    shown = explored(*engine)
    assert "3 states" in shown
    assert ("2 requests from the start so far" in shown) is ("--no-layers" not in engine)


def test_nobody_else_does(monkeypatch):
    monkeypatch.setattr(terminal, "BEFORE_PROGRESS", 0)
    assert "exploring: " not in explored("explicit")
