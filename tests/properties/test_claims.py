"""The claims of the installation: they hold, and none is vacuous."""

import pytest

from properties.installation import CLAIMS
from statemachines import DeclarationError, indistinguishable
from statemachines.core.check import Report, check
from statemachines.core.claims import Claims
from statemachines.installation import INSTALLATION
from statemachines.supply import electricity_supplier, gas_supplier
from statemachines.vocabulary import User, outcome, sender


@pytest.fixture(scope="module")
def report() -> Report:
    return check(CLAIMS)


def test_every_claim_holds(report):
    assert [finding.claim.name for finding in report.findings if not finding.holds] == []
    assert report.holds


def test_every_always_claim_has_a_witness_of_its_case(report):
    for finding in report.findings:
        if finding.claim.kind != "indistinguishable":
            assert finding.witness is not None, finding.claim.name


def test_values_that_cannot_stand_for_each_other_in_a_request_cannot_be_claimed_indistinguishable():
    """Nobody sends no requests, so "no Gas Supplier" cannot be exchanged with one."""
    claim = indistinguishable(
        "it",
        secret=gas_supplier,
        between=(User.SUPPLIER_A, User.NOBODY),
        sees=sender == electricity_supplier,
        observes=(outcome,),
        rules="PPMID-6",
    )
    with pytest.raises(DeclarationError, match="the field 'sender' of UpdateFirmware can be SUPPLIER_A and not"):
        Claims(INSTALLATION, [claim])
