"""Naming claims on a command line."""

import pytest

from properties.console.spec import SpecError, load_claims
from properties.smets1.installation import CLAIMS


def test_claims_and_functions_that_make_them():
    assert load_claims("properties.smets1.installation:CLAIMS") is CLAIMS
    assert (
        load_claims("properties.smets1.faults:dco_is_skipped").system.name
        == f"{CLAIMS.system.name} with a planted fault"
    )


def test_a_module_beside_the_user_is_found_and_a_wrong_declaration_is_told(tmp_path, monkeypatch):
    (tmp_path / "wrong_declaration.py").write_text("import statemachines as sm\nsm.Register([sm.Rule('', 'x', 'y')])\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SpecError, match="a rule's id is one word"):
        load_claims("wrong_declaration:claims")
