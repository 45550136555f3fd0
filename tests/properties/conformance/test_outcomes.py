"""The message with which a test of the suite ends."""

from types import SimpleNamespace

import pytest

from properties.conformance.diagnosis.standing import Account, Standing
from properties.conformance.outcomes import results_of
from tests.support.assumed_lock import CLAIMS


@pytest.mark.parametrize(("blocked_by", "standing"), [("S-1", Standing.WARNED), ("S-2", Standing.BLOCKED)])
def test_what_only_an_assumption_blocks_is_a_warning(blocked_by, standing):
    account = Account("S-3", ("S-3",), Standing.BLOCKED, blocked_by)
    scope = SimpleNamespace(claims=CLAIMS, rules=("S-3",), properties=(), vectors=())
    suite = SimpleNamespace(system=CLAIMS.system, goals={})
    campaign = SimpleNamespace(suite=suite, late=None, left=(), untested="", results=())
    findings = SimpleNamespace(rule={"S-3": account}.get)
    examined = SimpleNamespace(findings=findings, campaign=campaign, causes=(), warnings=(), right={})
    message = results_of(scope, examined).rules["S-3"]
    assert message.standing is standing
    assert f"blocked by {blocked_by}" in message.text
