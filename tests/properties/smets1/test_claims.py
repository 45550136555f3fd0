"""The claims of the installation: they hold, and none is vacuous."""

import pytest

from properties.smets1.installation import CLAIMS
from statemachines import DeclarationError, indistinguishable
from statemachines.checker.check import check
from statemachines.checker.engine import Engine
from statemachines.checker.findings import Report
from statemachines.checker.slices import Slices
from statemachines.checker.symbolic import SymbolicSpace
from statemachines.language.claims import Claims
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.supply import electricity_supplier, gas_supplier
from statemachines.smets1.vocabulary import User, outcome, sender
from tests.support.paths import ROOT
from tests.support.thorough import every, thorough

README = ROOT / "README.md"


@pytest.fixture(scope="module")
def report() -> Report:
    """On sets of states; for a night also state by state, as SPIN's slices are (test_promela_installation)."""
    return check(CLAIMS, engine=Engine.EXPLICIT if thorough() else Engine.AUTO)


@pytest.mark.slow
def test_every_claim_holds(report):
    assert [finding.claim.name for finding in report.findings if not finding.holds] == []
    assert report.holds


@pytest.mark.slow
def test_every_always_claim_has_a_witness_of_its_case(report):
    of_states = [finding for finding in report.findings if finding.claim.kind != "indistinguishable"]
    assert [finding.claim.name for finding in of_states if finding.vacuous] == []
    for finding in every(20, of_states):  # on sets a run is looked for when it is asked for
        assert finding.witness is not None, finding.claim.name


@pytest.mark.slow
def test_the_readme_gives_the_figures_that_are_so(report):
    text = " ".join(README.read_text().split())
    assert f"all {len(report.findings)} properties hold" in text
    space = SymbolicSpace(INSTALLATION, Slices(INSTALLATION).requests)
    assert f"in every reachable state of {len(INSTALLATION.variables)} variables: {space.count():,} states" in text
    if thorough():
        assert f"{len(report.slices)} slices of up to {max(part.states for part in report.slices):,} states" in text


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
