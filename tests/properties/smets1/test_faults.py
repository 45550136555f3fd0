"""Every planted fault is caught by a claim that names the rule it breaks, and every rule has a fault that breaks it."""

from functools import cache

import pytest

from properties.smets1.faults import FAULTS, faulty
from properties.smets1.installation import CLAIMS
from statemachines.checker.check import check
from statemachines.checker.findings import Finding
from statemachines.language.claims import Always
from statemachines.smets1.rulebook import RULEBOOK
from tests.support import circuit_checker
from tests.support.thorough import every

pytestmark = pytest.mark.slow
CLAIMED = {claim.name: claim for claim in CLAIMS.claims}

SHORTEST = {
    "gas_supplier_may_activate": 8,
    "old_supplier_may_activate": 9,
    "foc_reaches_the_s1sp": 7,
    "activation_without_keys": 8,
    "gsme_rule_leaks_to_ppmid": 7,
    "undelivered_image_is_activated": 7,
    "dco_is_skipped": 6,
}
"""How many requests the shortest way to some of the faults has."""

OF_FLEETS = {"DES-6", "MOD-11", "MOD-18"}
"""Whether re-designation waits, and days of releases: fleets declare them, and `test_fleet` has their faults."""


@cache
def result(fault: str) -> Finding:
    (finding,) = check(faulty(FAULTS[fault]), only=[FAULTS[fault].caught_by]).findings
    return finding


@pytest.mark.parametrize("fault", FAULTS)
def test_the_fault_is_caught_by_a_claim_of_the_rule_that_it_breaks(fault):
    finding = result(fault)
    assert not finding.holds
    assert not finding.vacuous
    assert finding.counterexample is not None
    assert FAULTS[fault].rule in finding.claim.rules


@pytest.mark.parametrize("fault", SHORTEST)
def test_the_counterexample_is_the_shortest(fault):
    assert len(result(fault).counterexample.steps) == SHORTEST[fault]


OF_ALWAYS = [name for name, fault in FAULTS.items() if isinstance(CLAIMED[fault.caught_by], Always)]


@pytest.mark.skipif(bool(circuit_checker.MISSING), reason=circuit_checker.MISSING)
@pytest.mark.parametrize("fault", every(30, OF_ALWAYS))
def test_abc_catches_it_after_as_many_requests(fault, tmp_path):
    assert circuit_checker.agree(faulty(FAULTS[fault]), tmp_path, [FAULTS[fault].caught_by]) == 1


def test_every_rule_has_a_fault():
    assert {fault.rule for fault in FAULTS.values()} == {
        rule.id for rule in RULEBOOK.values() if rule.id not in OF_FLEETS and not rule.not_modelled
    }


def test_an_answer_that_depends_on_who_the_gas_supplier_is_shows_to_the_electricity_supplier():
    """PPMID-6: the version read differs where the Gas Supplier is Supplier C."""
    finding = result("version_tells_the_gas_supplier")
    first, second = finding.counterexample, finding.other_run
    assert len(first.steps) == len(second.steps)
    assert first.start.gas_supplier is not second.start.gas_supplier
    assert first.steps[-1].verdict.response is not second.steps[-1].verdict.response
