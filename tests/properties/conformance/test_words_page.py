"""The page of words is what the declarations say."""

import re

import pytest

from properties.smets1.profile import EXAMPLES
from properties.smets1.words_page import PAGE
from statemachines.drawing.page import markdown
from statemachines.smets1.installation import INSTALLATION
from tests.support.paths import ROOT

PAGES = sorted((ROOT / "docs" / "conformance").glob("*.md"))
MADE_THERE = {"target.py", "target.mjs"}
"""Programs whose text is on the page that names them."""


def test_the_page_is_that_of_these_declarations():
    """If not: python -m properties.smets1.words_page > docs/conformance/words.md."""
    assert (ROOT / "docs" / "conformance" / "words.md").read_text(encoding="utf-8") == markdown(PAGE)


def test_it_has_each_variable_with_its_values_and_each_request():
    text = markdown(PAGE).replace("\\_", "_")
    for variable in INSTALLATION.variables:
        row = next(line for line in text.splitlines() if line.startswith(f"| {variable.name} | {variable.label} |"))
        assert all(str(value.value) in row for value in variable.domain)
    for kind in INSTALLATION.requests:
        assert f"| {kind.name} |" in text
    assert "| DeployRelease |  | a later release is known | release in force: Uplift 1.2 or " in text


@pytest.mark.parametrize(
    "text",
    [EXAMPLES["conform"], *(path.read_text(encoding="utf-8") for path in PAGES)],
    ids=["help", *(path.name for path in PAGES)],
)
def test_the_commands_that_are_named_as_targets_exist(text):
    for program in re.findall(r"(?:node|python) ([\w/.-]+\.(?:mjs|js|py))", text):
        assert program in MADE_THERE or (ROOT / program).is_file() or f"`{program}`" in text, program
