"""A new export is a file and an entry of the table: the command offers it, explains it and writes it."""

from importlib.util import find_spec, module_from_spec
from types import MappingProxyType

import pytest
from click.testing import CliRunner

from statemachines import exports

THROW_AWAY = """
from statemachines.exports import Exported

def exported(claims, names, progress):
    return Exported(f"{len(claims.system.lifecycles)} lifecycles of {claims.system.name}\\n", "how many there are")
"""


@pytest.fixture
def command(tmp_path, monkeypatch):
    (tmp_path / "counting_export.py").write_text(THROW_AWAY)
    monkeypatch.syspath_prepend(str(tmp_path))
    new = exports.Export("counting_export:exported", "how many lifecycles there are", ".count", sliced=True)
    monkeypatch.setattr(exports, "EXPORTS", MappingProxyType({**exports.EXPORTS, "counting": new}))
    spec = find_spec("properties.cli.export")
    module = module_from_spec(spec)  # one more: the command reads the table once
    spec.loader.exec_module(module)
    return module.export_command


def test_it_is_explained(command):
    words = " ".join(CliRunner().invoke(command, ["--help"]).stdout.split())
    assert "counting: how many lifecycles there are." in words
    assert "--out locker.count" in words
    assert "aiger and promela and counting write only" in words


def test_it_is_written(command, tmp_path):
    asked = ["counting", "--system", "examples.parcel_locker:claims", "--out", str(tmp_path / "locker.count")]
    done = CliRunner().invoke(command, asked)
    assert done.stdout == f"{tmp_path / 'locker.count'}: how many there are\n"
    assert (tmp_path / "locker.count").read_text() == "1 lifecycles of parcel locker\n"
