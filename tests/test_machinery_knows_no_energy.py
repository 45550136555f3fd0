"""The machinery knows no energy: neither by import, which the import contracts hold, nor by word."""

import tomllib

import pytest

from tests.support.energy import energy_words, machinery
from tests.support.paths import ROOT

CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


@pytest.mark.parametrize("path", list(machinery()))
def test_no_file_of_the_machinery_has_a_word_of_energy(path):
    assert energy_words((ROOT / path).read_text(encoding="utf-8")) == []


def test_a_contract_covers_every_module_of_the_machinery():
    (contract,) = [each for each in CONTRACTS if each["name"].endswith("knows energy")]
    modules = {".".join(path.removesuffix(".py").split("/")[:2]) for path in machinery() if path.endswith(".py")}
    assert set(contract["source_modules"]) == modules - {"statemachines.__init__", "properties.__init__"}
