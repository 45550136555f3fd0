"""What comes of something on the whole installation, if people and systems keep doing their part."""

import pytest

from statemachines import Claims, Engine, any_of, check, is_a, leads_to
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.migration import UNDER_WAY, Migration, migration
from statemachines.smets1.request_course import (
    CarryOut,
    Course,
    DropRequest,
    ReleaseRequest,
    SendThroughDco,
    SendToDevice,
    course,
)
from statemachines.smets1.vocabulary import (
    CompleteMigration,
    FailMigration,
    StartCommissioning,
    ValidateData,
)
from statemachines.smets1.vocabulary import (
    TestDevices as DevicesTested,
)

ENDED = course.is_in(Course.DROPPED, Course.RESPONDED, Course.REFUSED)
ON_ITS_WAY = [is_a(SendThroughDco), is_a(SendToDevice), is_a(CarryOut)]
USER_ACTS = any_of(is_a(ReleaseRequest), is_a(DropRequest))
STEPS = [is_a(kind) for kind in (ValidateData, DevicesTested, StartCommissioning, CompleteMigration)]
OVER = migration.is_in(Migration.MIGRATED, Migration.WITH_SMSO)


def decided(*, when, then, given):
    claim = leads_to("it comes", when=when, then=then, given=given, rules="SRP-1 MIG-4")
    (finding,) = check(Claims(INSTALLATION, [claim]), only=["it comes"], engine=Engine.AUTO).findings
    return finding


@pytest.mark.slow
def test_a_quarantined_request_is_ended_once_the_user_acts():
    held = course == Course.HELD
    assert decided(when=held, then=ENDED, given=[USER_ACTS, *ON_ITS_WAY]).holds
    result = decided(when=held, then=ENDED, given=ON_ITS_WAY)
    assert not result.holds
    assert result.counterexample.end.course is Course.HELD


@pytest.mark.slow
def test_a_migration_that_goes_on_ends_with_the_dcc_or_with_the_smso():
    under_way = migration.is_in(*UNDER_WAY)
    assert decided(when=under_way, then=OVER, given=STEPS).holds
    result = decided(when=under_way, then=migration == Migration.MIGRATED, given=STEPS)
    assert not result.holds  # it may fail, and be taken up again, for ever
    kinds = {step.request.type for step in result.counterexample.steps[-result.loop :]}
    assert FailMigration in kinds or ValidateData in kinds
    assert not decided(when=under_way, then=OVER, given=STEPS[:-1]).holds
