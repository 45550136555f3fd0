"""Every planted fault is caught by a claim whose rules name it, with a shortest sequence of a known length."""

import attrs
import pytest

from properties.faults import FAULTS
from properties.installation import claims_of
from properties.supply import CLAIMS as SUPPLY
from statemachines.core.check import check
from statemachines.core.gates import Answer
from statemachines.core.system import System
from statemachines.installation import INSTALLATION
from statemachines.supply import gas_supplier
from statemachines.vocabulary import Outcome, ReadFirmwareVersion, Reason, Response, User

CAUGHT_BY = {
    "gas_supplier_may_activate": ("only the Electricity Supplier upgrades PPMID firmware", 5),
    "old_supplier_may_activate": ("only the Electricity Supplier upgrades PPMID firmware", 6),
    "foc_reaches_the_s1sp": ("an FOC PPMID upgrade that comes to the S1SP is not processed there", 4),
    "activation_without_keys": ("no activation on a PPMID without its keys", 5),
    "gsme_rule_leaks_to_ppmid": ("only the Electricity Supplier upgrades PPMID firmware", 4),
    "undelivered_image_is_activated": ("PPMID firmware is upgraded only by activating the image that was delivered", 4),
    "dco_is_skipped": ("no Critical Command has an effect without the DCO's part in it", 4),
}


def test_every_fault_is_listed_here():
    assert set(CAUGHT_BY) == set(FAULTS)


@pytest.mark.parametrize("fault", FAULTS)
def test_the_fault_is_caught(fault):
    name, length = CAUGHT_BY[fault]
    (finding,) = check(FAULTS[fault](), only=[name]).findings
    assert not finding.holds
    assert len(finding.counterexample.steps) == length


def test_an_answer_that_depends_on_who_the_gas_supplier_is_shows_to_the_electricity_supplier():
    """PPMID-6: the version read differs where the Gas Supplier is Supplier C."""
    leak = Answer(
        [ReadFirmwareVersion],
        outcome=Outcome.ACCEPTED,
        reason=Reason.VERSION_READ,
        response=Response.DELIVERED_VERSION,
        when=gas_supplier == User.SUPPLIER_C,
        rules="READ-3",
    )
    leaky: System = attrs.evolve(INSTALLATION, answers=[leak, *INSTALLATION.answers])
    claim = next(claim for claim in SUPPLY if claim.kind == "indistinguishable")
    (finding,) = check(claims_of(leaky), only=[claim.name]).findings
    assert not finding.holds
    first, second = finding.counterexample, finding.other_run
    assert len(first.steps) == len(second.steps) == 3
    assert first.start.gas_supplier is not second.start.gas_supplier
    assert first.steps[-1].verdict.response is not second.steps[-1].verdict.response
