"""The comparison at any size: what it says where it ends early."""

import pytest
from click.testing import CliRunner

from benchmarks import differential
from benchmarks.engines import DiffersError

STEPS = 3 * differential.AT_ONCE


def ending(monkeypatch, error):
    """The command's result where the third comparison does not end well."""
    compared = []

    def compare(*arguments):
        compared.append(arguments)
        if len(compared) == 3 and error:
            raise error
        return 1.0

    monkeypatch.setattr(differential, "walk", lambda _system, steps, _seed: [None] * steps)
    monkeypatch.setattr(differential, "compare", compare)
    return CliRunner().invoke(differential.main, ["javascript", "--steps", str(STEPS)])


def test_progress_and_result(monkeypatch):
    done = ending(monkeypatch, None)
    assert (done.exit_code, done.stderr.count("so far")) == (0, 3)
    assert done.stdout.startswith("JavaScript: 30,000 questions, none differs; 3.0 s of ")


@pytest.mark.parametrize(
    ("error", "last"), [(KeyboardInterrupt(), "Aborted!"), (DiffersError("one differs"), "Error: one differs")]
)
def test_what_had_been_compared_is_said_where_it_ends_early(monkeypatch, error, last):
    done = ending(monkeypatch, error)
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (1, last)
    assert done.stdout.startswith("JavaScript: 20,000 questions before this ended, none differs; 2.0 s of ")
