"""An assumption that is not kept is a warning, and blocks no rule."""

import attrs
import pytest

from properties.conformance.diagnosis.examination import examine
from properties.conformance.diagnosis.standing import Standing
from properties.conformance.suite.regulated_suite import ALONE
from properties.conformance.targets.declared import DeclaredTarget
from statemachines import Claims, Register, Rule
from statemachines.semantics.regulated import without
from tests.support.pin_safe import Say, make_safe

LOCKED, OPENS = "a locked safe stays shut", "only a code opens it"


@pytest.fixture(scope="module")
def claims():
    """The safe, where it is an assumption that two wrong codes lock it."""
    safe = make_safe().claims
    register = Register([Rule("S-1", "Two wrong codes lock it.", "none", "all"), safe.system.register["S-2"]])
    return Claims(attrs.evolve(safe.system, register=register), safe.claims)


def standings(claims, tested, **how):
    examined = examine(claims, lambda: DeclaredTarget(tested, claims.system), **how)
    result = examined.findings
    rules = {rule: result.rule(rule) for rule in claims.system.register}
    return examined, rules, {claim.name: result.property(claim) for claim in claims.claims}


@pytest.fixture(scope="module")
def never_locks(claims):
    return without(claims.system)


@pytest.fixture(scope="module")
def says_another_reason(claims):
    """A safe that never locks, and gives another reason for a wrong code: that breaks a rule (S-2)."""
    bare = without(claims.system)
    first, *others = bare.answers
    return attrs.evolve(bare, answers=[attrs.evolve(first, reason=Say.IS_OPEN), *others])


def test_who_keeps_everything_passes(claims):
    examined, rules, properties = standings(claims, claims.system)
    assert {one.standing for one in (*rules.values(), *properties.values())} == {Standing.PASSED}
    assert examined.warnings == ()


def test_an_assumption_that_is_not_kept_is_a_warning_and_blocks_no_rule(claims, never_locks):
    examined, rules, properties = standings(claims, never_locks)
    assert examined.causes == ()
    assert [cause.rule for cause in examined.warnings] == ["S-1"]
    assert (rules["S-1"].standing, rules["S-2"].standing) == (Standing.WARNED, Standing.PASSED)
    assert rules["S-1"].cause is examined.warnings[0]
    assert rules["S-2"].shown == rules["S-2"].goals > 10
    assert examined.shortest["S-1"].seen.as_dict()["reason"] != "it is locked for good"
    assert properties[OPENS].standing is Standing.PASSED
    assert (properties[LOCKED].standing, properties[LOCKED].reason) == (Standing.BLOCKED, "S-1")


def test_where_it_is_a_rule_the_same_target_fails(claims, never_locks):
    register = Register([Rule("S-1", "Two wrong codes lock it.", "manual, 1"), claims.system.register["S-2"]])
    ruled = attrs.evolve(claims, system=attrs.evolve(claims.system, register=register))
    _, rules, _ = standings(ruled, never_locks)
    assert rules["S-1"].standing is Standing.FAILED


def test_a_broken_rule_fails_beside_assumptions(claims, says_another_reason):
    examined, rules, _ = standings(claims, says_another_reason)
    assert [cause.rule for cause in examined.causes] == ["S-2"]
    assert rules["S-2"].standing is Standing.FAILED
    assert rules["S-1"].standing is Standing.WARNED  # for the sequences go on after a difference
    runs = [run for cause in examined.causes for run in cause.explains]
    assert [run.wrong for run in runs] == [len(run.run) - 1 for run in runs]  # those that were run again, too


def test_on_the_rules_alone_an_assumption_is_compared_with_nothing(claims, never_locks):
    for tested in (claims.system, never_locks):
        examined, rules, properties = standings(claims, tested, only_regulated=True)
        assert (examined.causes, examined.warnings) == ((), ())
        assert (rules["S-1"].standing, rules["S-1"].reason) == (Standing.UNSPECIFIED, ALONE)
        assert (rules["S-2"].standing, rules["S-2"].reason) == (Standing.PARTLY, ALONE)
        # Only the lock shows that a refusal counts no wrong code, and that nothing else does where it is refused.
        assert rules["S-2"].shown == rules["S-2"].goals - 2
        assert properties[LOCKED].standing is Standing.UNSPECIFIED
        assert properties[OPENS].standing is Standing.PASSED


def test_on_the_rules_alone_a_broken_rule_fails(claims, says_another_reason):
    _, rules, _ = standings(claims, says_another_reason, only_regulated=True)
    assert rules["S-2"].standing is Standing.FAILED
