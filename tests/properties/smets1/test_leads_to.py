"""What comes of something on the whole installation hangs on what people and systems keep doing."""

import attrs
import pytest

from properties.smets1.claims.request_course import USER_DECIDES
from properties.smets1.installation import ALL, CLAIMS
from statemachines import Claims, Engine, check
from statemachines.checker.regulated_check import check_regulated
from statemachines.language.claims import LeadsTo
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.migration import UNDER_WAY, Migration, migration
from statemachines.smets1.request_course import Course
from statemachines.smets1.vocabulary import FailMigration, ValidateData

pytestmark = pytest.mark.slow
LEAVES, ENDS, MIGRATES = (claim for claim in ALL if isinstance(claim, LeadsTo))


def decided(claim, **changes):
    changed = attrs.evolve(claim, name="as changed", **changes)
    (finding,) = check(Claims(INSTALLATION, [changed]), only=["as changed"], engine=Engine.AUTO).findings
    return finding


def test_they_hold():
    names = [claim.name for claim in (LEAVES, ENDS, MIGRATES)]
    findings = check(CLAIMS, only=names).findings
    assert [(one.holds, one.engine) for one in findings] == [(True, Engine.SYMBOLIC)] * 3


def test_by_the_rules_alone_a_quarantine_ends_and_what_comes_then_is_not_said():
    """The system without assumptions fails the others, and its lasso reads variables that the claims do not."""
    names = [claim.name for claim in (LEAVES, ENDS, MIGRATES)]
    report, apart = check_regulated(CLAIMS, only=names, engine=Engine.AUTO)
    assert [one.claim.name for one in report.findings] == [LEAVES.name]
    assert {one.claim.name for one in apart} == {ENDS.name, MIGRATES.name}


@pytest.mark.parametrize("claim", [LEAVES, ENDS])
def test_a_quarantined_request_stays_so_if_the_user_never_decides(claim):
    result = decided(claim, given=[one for one in claim.given if one is not USER_DECIDES])
    assert not result.holds
    assert result.counterexample.end.course is Course.HELD


def test_a_request_that_the_user_lets_go_on_need_not_end_if_nobody_sends_it_on():
    result = decided(ENDS, given=[USER_DECIDES])
    assert not result.holds
    assert result.counterexample.end.course is Course.PASSED


def test_a_migration_may_fail_and_be_taken_up_again_for_ever():
    result = decided(MIGRATES, then=migration == Migration.MIGRATED)
    assert not result.holds
    kinds = {step.request.type for step in result.counterexample.steps[-result.loop :]}
    assert FailMigration in kinds or ValidateData in kinds


@pytest.mark.parametrize("step", range(len(MIGRATES.given)))
def test_a_migration_needs_each_of_its_steps(step):
    kept = [one for at, one in enumerate(MIGRATES.given) if at != step]
    result = decided(MIGRATES, given=kept)
    assert not result.holds
    assert result.counterexample.end.migration in UNDER_WAY
