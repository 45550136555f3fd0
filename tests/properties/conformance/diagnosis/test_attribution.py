"""Which rule is named for which fault, on a small system and on the installation's simulator."""

from functools import cache, partial

import pytest

from examples.simulator.faults import Fault
from examples.simulator.target import LookingTarget
from properties.conformance.diagnosis.examination import examine
from properties.conformance.diagnosis.standing import Standing
from properties.conformance.observation import deviates
from properties.conformance.suite.store import suite_of
from properties.conformance.targets.declared import DeclaredTarget
from properties.conformance.targets.opening import open_target
from properties.mutation.planting import without_check, without_transitions
from properties.smets1.faults import FAULTS, faulty
from properties.smets1.installation import CLAIMS
from statemachines.language.rules import Basis
from statemachines.semantics.oracle import Oracle
from tests.support.thorough import every

pytestmark = pytest.mark.slow

SOME = every(24, tuple(Fault))
"""Some faults of the simulator; ``python -m benchmarks.attribution`` examines all."""

BROKEN_ASSUMPTIONS = [
    ("requests-during-commissioning", "MIG-6"),
    ("suspended-device-accepts", "COM-2"),
    ("upgrade-survives-suspension", "MOD-30"),
    ("pending-survives-gas-supplier-change", "MOD-2"),
]
"""Faults of the simulator that break no rule, and the assumption that is not kept."""


def examined(claims, tested):
    return examine(claims, lambda: DeclaredTarget(tested, claims.system))


def standings(result, register):
    return {rule: result.findings.rule(rule).standing for rule in register}


def test_a_reference_passes_every_rule(safe):
    result = examined(safe.claims, safe.claims.system)
    assert set(standings(result, safe.claims.system.register).values()) == {Standing.PASSED}
    assert not result.causes
    assert not result.broken


def test_a_check_that_is_left_out_is_what_is_blamed(safe):
    result = examined(safe.claims, without_check(safe.claims.system, "not locked"))
    (cause,) = result.causes
    assert cause.declaration.label == "the check at the safe: not locked"
    assert cause.rule == "S-1"
    assert all(cause.here)
    assert result.findings.rule("S-1").standing is Standing.FAILED
    assert "a locked safe stays shut" in result.broken


def test_a_transition_that_does_not_fire_is_blamed_and_not_the_check_that_shows_it(safe):
    """Shutting does not shut; it shows only when the next code is entered."""
    result = examined(safe.claims, without_transitions(safe.claims.system, "door", safe.Shut))
    (cause,) = result.causes
    assert cause.declaration.label == "door: open -> shut, on Shut"
    assert not any(cause.here)
    assert [step.request.type.name for step in result.shortest["S-2"].run] == ["Enter", "Shut", "Enter"]


def test_what_needs_a_broken_step_is_blocked_by_its_rule_and_not_failed(safe):
    """Shutting does not shut: what is to be seen of a safe that was shut again is blocked."""
    result = examined(safe.claims, without_transitions(safe.claims.system, "door", safe.Shut))
    accounts = [result.findings.rule(rule) for rule in safe.claims.system.register]
    assert [one.subject for one in accounts if one.standing is Standing.FAILED] == ["S-2"]
    assert {one.reason for one in accounts if one.standing is Standing.BLOCKED} <= {"S-2"}


def test_the_shortest_run_is_found(safe):
    """A code where the safe is locked: it can be put there, so no wrong codes come before."""
    result = examined(safe.claims, without_check(safe.claims.system, "not locked"))
    (run,) = result.shortest.values()
    assert len(run.run) == 1


@pytest.mark.parametrize(
    "fault",
    [
        "eb_is_forgotten",
        "re_designated_too_early",
        "gas_supplier_may_upgrade_the_hub",
    ],
)
def test_a_planted_fault_fails_few_rules_and_names_its_own(fault):
    result = examined(CLAIMS, faulty(FAULTS[fault]).system)
    assert FAULTS[fault].rule in {rule for cause in result.causes for rule in cause.rules[:3]}
    reported = standings(result, CLAIMS.system.register).values()
    assert sum(one is Standing.FAILED for one in reported) <= 2


@cache
def simulator(fault=""):
    spec = f"examples.simulator.faulty:{fault.replace('-', '_')}" if fault else "examples.simulator:factory"
    return examine(CLAIMS, partial(open_target, spec, CLAIMS.system))


def test_the_simulator_passes_everything_that_can_be_shown():
    result = simulator()
    assert not result.campaign.different
    assert not result.campaign.left
    reported = standings(result, CLAIMS.system.register)
    shown = {rule for goal in suite_of(CLAIMS).goals.values() for rule in goal.rules}
    assert {
        rule for rule, one in reported.items() if one in (Standing.PASSED, Standing.PARTLY, Standing.UNSEEN)
    } == shown
    # No verdict depends on the load switch, on the documents, or on who operates an installation.
    unseen = {"SYS-4", "AUX-1", "AUX-2", "MOD-55", "DES-4", "DES-7", "DES-8", "MOD-59", "MOD-57"}
    assert {rule for rule, one in reported.items() if one is Standing.UNSEEN} == unseen
    assert {one for rule, one in reported.items() if rule not in shown} <= {Standing.NOT_APPLICABLE}
    of_claims = {result.findings.property(claim).standing for claim in CLAIMS.claims}
    assert of_claims <= {Standing.PASSED, Standing.UNSEEN, Standing.NOT_APPLICABLE}


def test_the_simulator_is_in_the_references_state_after_every_request():
    target, oracle = open_target(LookingTarget, CLAIMS.system), Oracle(CLAIMS.system)
    suite = suite_of(CLAIMS)
    for vector in suite.vectors[::8]:
        trace = suite.trace(vector, oracle)
        target.reset(trace.start)
        for step in trace.steps:
            assert not deviates(step, target.send(step.request)), (vector.name, str(step.request))


def test_faults_of_the_simulator_are_attributed_in_four_of_five():
    """A fault fails the rule that it breaks, in four of five cases; in seven of ten it fails no other."""
    result = {fault: simulator(fault.title) for fault in SOME}
    blamed = {fault: (*one.causes, *one.warnings) for fault, one in result.items()}
    wrong = [(fault.title, causes[0].rules) for fault, causes in blamed.items() if causes[0].rule not in fault.rules]
    assert len(wrong) <= len(SOME) / 5, wrong
    more = [(fault.title, [cause.rule for cause in one.causes]) for fault, one in result.items() if len(one.causes) > 1]
    assert len(more) <= len(SOME) * 0.3, more


@pytest.mark.parametrize(("fault", "assumption"), every(2, BROKEN_ASSUMPTIONS))
def test_a_fault_against_an_assumption_alone_is_a_warning(fault, assumption):
    result = simulator(fault)
    assert [cause.rule for cause in result.warnings] == [assumption]
    assert not result.causes
    reported = standings(result, CLAIMS.system.register)
    assert reported.pop(assumption) is Standing.WARNED
    untouched = (Standing.PASSED, Standing.PARTLY, Standing.UNSEEN, Standing.NOT_APPLICABLE)
    blocked = {rule for rule, one in reported.items() if one not in untouched}
    assert all(CLAIMS.system.register[rule].basis is Basis.ASSUMED for rule in blocked)


def test_checks_in_another_order_break_the_rule_that_says_the_order():
    """The role is asked for before the device: where both are wrong, it shows."""
    result = simulator("device-checked-before-sender")
    assert not result.causes  # the order is an assumption
    (cause,) = result.warnings
    assert cause.declaration.key.startswith("order:DSP/")
    assert cause.rule == "MOD-8"


def test_a_check_that_is_asked_of_what_it_should_not_be_is_blamed():
    """Who is on the older DUIS version is asked of those that read, too."""
    result = simulator("older-duis-cannot-read")
    assert result.causes[0].declaration.label.endswith("PPMID firmware functionality is released")
    assert result.causes[0].rule == "SRP-4"


def test_a_refusal_that_moves_something_is_blamed():
    """The image in hand is lost where an activation is refused for want of keys."""
    result = simulator("image-lost-without-keys")
    assert result.causes[0].declaration.label == "the check at the DCO: the DCO holds the device's keys"
    assert result.causes[0].rule == "KEY-5"


def test_of_two_rules_of_one_check_the_one_is_named_whose_own_claims_are_broken():
    """The alert comes from elsewhere, or it does not come: the same check, and two rules."""
    warnings = {cause.declaration.label: cause.rule for cause in simulator("alert-from-the-device").warnings}
    assert warnings["the check at the S1SP: the S1SP can read a PPMID's firmware"] == "MOD-1"
    assert simulator("read-defect-fixed-at-uplift").causes[0].rule == "READ-2"
