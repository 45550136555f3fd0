"""`statemachines render` and `explore` of a `System` of somebody else's."""

import pytest
from click.testing import CliRunner

from properties.cli.main import main
from tests.support.paths import EXAMPLES

CONDITIONAL = """\
from parcel_locker import *

late = sm.Answer(everything, when=box == Box.OVERDUE, outcome=Say.YES, reason=Say.BOX, rules="BOX-2")
system = sm.System("late", rules, lifecycles=[lifecycle], requests=everything, gates=[locker], answers=[late, done])
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    (tmp_path / "parcel_locker.py").write_text((EXAMPLES / "parcel_locker.py").read_text())
    (tmp_path / "conditional_locker.py").write_text(CONDITIONAL)
    monkeypatch.syspath_prepend(tmp_path)

    def command(*words):
        done = CliRunner().invoke(main, [*words])
        assert done.exit_code == 0, done.output
        return done.output

    return command


def test_a_system_is_explored(run):
    assert "parcel locker: 3 states of 1 variable in " in run("explore", "--system", "parcel_locker:system")


def test_a_system_is_drawn_and_its_page_names_no_folder_of_the_framework(run, tmp_path):
    run("render", "--system", "parcel_locker:system", "--out", str(tmp_path / "pictures"))
    page = (tmp_path / "pictures" / "README.md").read_text()
    assert "`statemachines render --system parcel_locker:system --format svg`" in page
    assert "statemachines/" not in page


def test_the_condition_of_an_answer_is_drawn(run, tmp_path):
    run("render", "--system", "conditional_locker:system", "--out", str(tmp_path / "pictures"), "--format", "mermaid")
    path = (tmp_path / "pictures" / "request-path.mmd").read_text()
    assert "if box is holds a parcel too long / yes#58; wrong box [BOX-2]" in path
