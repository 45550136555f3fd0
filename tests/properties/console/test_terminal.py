"""Progress in a log: a line now and then."""

from types import SimpleNamespace

import pytest

from properties.console import terminal


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(terminal, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def test_progress_is_a_line_every_half_minute_where_nobody_looks(clock, capsys):
    with terminal.progress_bar("running mutants") as report:
        for clock[0], done in ((1.0, 10), (29.0, 20), (31.0, 1300), (59.0, 1400), (62.0, 1500)):
            report(done, 2000)
    assert capsys.readouterr().err.splitlines() == [
        "running mutants: 1,300 of 2,000 after 31 s",
        "running mutants: 1,500 of 2,000 after 62 s",
    ]
