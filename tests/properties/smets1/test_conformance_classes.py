"""The classes of conformance of SMETS1: every part of them is a family of rules or a rule."""

import pytest

from properties.smets1.profile import PROFILE
from statemachines.smets1.installation import INSTALLATION

REGISTER = INSTALLATION.register


@pytest.mark.parametrize("name", PROFILE.conformance)
def test_a_class_names_families_and_rules_that_there_are(name):
    parts = PROFILE.conformance[name]
    assert [part for part in parts if part not in REGISTER.families and part not in REGISTER] == []
    rules = PROFILE.rules_of(name, REGISTER)
    assert {rule.partition("-")[0] for rule in rules} == {part.partition("-")[0] for part in parts}
    assert 10 < len(rules) < len(list(REGISTER)) / 2
