"""Plans and steering on the installation, where chance alone does not go deep."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from properties.smets1.installation import CLAIMS
from properties.walks.coverage import Coverage, arrows, reachable
from properties.walks.stateful import state_machine
from tests.support.plans import checked
from tests.support.walks import BUDGET

pytestmark = pytest.mark.slow

PARTS = 20
"""So many tests share the goals: what the goals are takes too long to be worked out where no test of them runs."""


@pytest.fixture(scope="module")
def plans():
    return checked(CLAIMS)


@pytest.mark.parametrize("part", range(PARTS))
def test_plans_lead_to_their_goal_in_the_planned_distance(plans, part):
    goals = plans.goals(each_case=15)[part::PARTS]
    assert goals
    for goal in goals:
        plans.leads_to_its_goal(goal)


@pytest.mark.parametrize("at", range(0, 330, 110))
def test_no_way_is_shorter_than_a_plan(plans, at):
    plans.has_no_shorter_way(plans.goals()[at], seed=at)


def test_there_is_a_way_to_exactly_what_can_be_reached(plans):
    can = reachable(CLAIMS.system)
    assert {goal.arrow for goal in plans.plans.transitions() if plans.plans.endings(goal)} == set(can.arrows)
    assert {goal.kind for goal in plans.plans.verdicts() if plans.plans.endings(goal)} == set(can.kinds)


def test_keys_tell_transitions_apart():
    keys = [arrow.key for arrow in arrows(CLAIMS.system)]
    assert len(set(keys)) == len(keys)


def test_steering_reaches_what_chance_does_not():
    reached = {}
    for steered in (True, False):
        coverage = Coverage(CLAIMS.system)
        machine = state_machine(
            CLAIMS, steered=steered, coverage=coverage, only=["there is always an Electricity Supplier"]
        )
        run_state_machine_as_test(machine, settings=settings(BUDGET, max_examples=12, stateful_step_count=50))
        reached[steered] = coverage.reached
    assert reached[True][0] >= 2 * reached[False][0]
    assert reached[True][1] > reached[False][1]
