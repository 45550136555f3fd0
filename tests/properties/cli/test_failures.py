"""Exit codes: each kind of error has one, and one message."""

import pytest
from click.testing import CliRunner

import statemachines.errors
from properties.cli.failures import REPORT, refusal
from properties.cli.main import main
from properties.console.spec import SpecError
from properties.tracing.results import ReportError
from properties.tracing.traceability import TraceError
from statemachines.drawing.draw import NoPictureError
from statemachines.errors import EnginesDisagreeError, StatemachinesError, TooLargeError

LOCKER = ["--system", "examples.parcel_locker:claims"]
FAMILY = [
    result
    for result in vars(statemachines.errors).values()
    if isinstance(result, type) and issubclass(result, StatemachinesError)
]
OF_THE_TOOLS = [SpecError, NoPictureError, ReportError, TraceError, TooLargeError]


@pytest.mark.parametrize("kind", [*FAMILY, *OF_THE_TOOLS], ids=lambda kind: kind.__name__)
def test_every_error_of_the_family_is_one_message_with_its_exit_code(monkeypatch, kind):
    def fail(*_, **__):
        raise kind("what is wrong")

    monkeypatch.setattr("statemachines.checker.explicit.explore", fail)
    done = CliRunner().invoke(main, ["explore", *LOCKER, "--engine", "explicit"])
    ours = issubclass(kind, EnginesDisagreeError)
    assert done.exit_code == (3 if ours else 2)
    assert done.stderr.splitlines() == ["Error: what is wrong", *([REPORT] if ours else [])]
    assert done.stdout == ""


def test_an_error_that_nobody_expected_is_not_hidden(monkeypatch):
    def fail(*_, **__):
        raise KeyError("what")

    monkeypatch.setattr("statemachines.checker.explicit.explore", fail)
    done = CliRunner().invoke(main, ["explore", *LOCKER, "--engine", "explicit"])
    assert isinstance(done.exception, KeyError)
    assert refusal(KeyError("what")) is None


def test_a_graph_that_nobody_can_look_at_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("statemachines.drawing.state_graph.MOST_STATES", 2)
    done = CliRunner().invoke(main, ["explore", *LOCKER, "--dot", str(tmp_path / "states.dot")])
    assert (done.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert done.output.splitlines()[-1].startswith("Error: 'parcel locker' has 3 states, expected at most 2 to draw")
