"""The notebook of the examples runs, and its committed outputs are what it gives."""

import json
import re

import pytest

from tests.support.paths import ROOT

nbformat = pytest.importorskip("nbformat", reason="notebooks are executed with the packages of the dev extra")
pytest.importorskip("nbclient", reason="notebooks are executed with the packages of the dev extra")
pytest.importorskip("ipykernel", reason="notebooks are executed with the packages of the dev extra")

REMEDY = "run `python -m tests.support.notebook` and look at what changed"


@pytest.mark.slow
def test_the_committed_outputs_are_those_of_a_new_kernel():
    from tests.support.notebook import EXAMPLE, executed

    committed = json.loads(EXAMPLE.read_text())
    notebook = nbformat.read(EXAMPLE, 4)
    for cell in notebook.cells:
        cell.pop("outputs", None)
        if cell.cell_type == "code":
            cell.outputs = []
    assert json.loads(nbformat.writes(executed(notebook))) == committed, REMEDY


@pytest.mark.slow
def test_what_a_slow_cell_prints_bit_by_bit_is_one_output():
    from tests.support.notebook import executed

    cell = nbformat.v4.new_code_cell("import time\nprint(1, flush=True)\ntime.sleep(0.5)\nprint(2)")
    (cell,) = executed(nbformat.v4.new_notebook(cells=[cell])).cells
    assert [one.text for one in cell.outputs] == ["1\n2\n"]


def test_the_notebook_shows_pictures_reports_and_a_counterexample():
    from tests.support.notebook import EXAMPLE

    outputs = [one for cell in nbformat.read(EXAMPLE, 4).cells for one in cell.get("outputs", [])]
    kinds = [kind for one in outputs for kind in one.get("data", {}) if kind != "text/plain"]
    assert kinds == ["image/svg+xml", "text/html", "image/svg+xml", "text/html", "text/html"]
    assert "Shortest counterexample: a wrong code opens nothing" in EXAMPLE.read_text()


def test_nothing_of_a_machine_is_in_notebooks():
    for path in (ROOT / "examples").glob("*.ipynb"):
        assert not re.search(r"/(home|root|tmp|work|usr|opt)/|\.venv|site-packages", path.read_text())
