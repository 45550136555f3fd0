"""Plans lead to their goals, by shortest ways, from wherever there is one."""

import pytest

from properties.walks import steering
from properties.walks.coverage import reachable
from properties.walks.steering import MeetCase, Planner, planner
from statemachines import always
from statemachines.checker.slices import Slices
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Step
from tests.support.pin_safe import make_safe
from tests.support.plans import checked

SAFE = make_safe()
PLANS = checked(SAFE.claims)


@pytest.mark.parametrize("goal", PLANS.goals(), ids=str)
def test_plans_lead_to_their_goal_in_the_planned_distance(goal):
    PLANS.leads_to_its_goal(goal)


@pytest.mark.parametrize("goal", [goal for goal in PLANS.goals() if PLANS.plans.endings(goal)], ids=str)
def test_no_way_is_shorter_than_a_plan(goal):
    PLANS.has_no_shorter_way(goal, seed=1)


def test_there_is_a_way_to_exactly_what_can_be_reached(safe, forgetful_safe):
    for system in (safe.claims.system, forgetful_safe.claims.system):
        plans, can = planner(system), reachable(system)
        assert {goal.arrow for goal in plans.transitions() if plans.endings(goal)} == set(can.arrows)
        assert {goal.kind for goal in plans.verdicts() if plans.endings(goal)} == set(can.kinds)


def test_a_case_that_never_happens_has_no_way(safe):
    claim = safe.claims.claims[0]
    never = MeetCase(claim, claim.when & ~claim.when)
    assert planner(safe.claims.system).endings(never) == ()


def test_there_is_no_way_back_from_a_locked_safe(safe):
    system = safe.claims.system
    plans = planner(system)
    opens = plans.transitions()[0]
    way = plans.endings(opens)[0][0]
    locked = system.state(wrong=list(safe.wrong.kind)[2])
    assert plans.plan(opens, way).distance(system.state()) == 1
    assert plans.plan(opens, way).distance(locked) == 0
    assert plans.plan(opens, way).next(locked) == ()


def test_ties_are_in_order_of_declaration(safe):
    system = safe.claims.system
    plans = planner(system)
    lock = next(goal for goal in plans.transitions() if ": ONE --" in str(goal))
    plan = plans.plan(lock, plans.endings(lock)[0][-1])
    order = list(system.all_requests())
    following = plan.next(system.state())
    assert len(following) > 1
    assert list(following) == sorted(following, key=order.index)


def test_what_needs_too_large_a_slice_is_left_to_noise(monkeypatch, safe):
    monkeypatch.setattr(steering, "LARGEST_PLAN", 8)
    plans = Planner(Slices(safe.claims.system))
    assert [plans.endings(goal) for goal in plans.transitions()] == [()] * 4


def test_plans_are_forgotten_and_made_again(monkeypatch, safe):
    monkeypatch.setattr(steering, "MOST_PLANS", 1)
    plans = Planner(Slices(safe.claims.system))
    made = [plans.plan(goal, plans.endings(goal)[0][0]) for goal in plans.transitions() * 2]
    assert len(plans._distances) == 1
    for one, again in zip(made[:4], made[4:], strict=True):
        assert one.distances.tolist() == again.distances.tolist()


def test_a_state_of_which_a_claim_speaks_is_met_by_what_changes_it(safe):
    """A claim about Ann's safe says nothing new where nothing of it changes."""
    system = safe.claims.system
    owner = system.lifecycle("owner").variable
    ann, ben = owner.domain
    claim = always(
        "a wrong code locks Ann's safe", when=owner == ann, then=safe.wrong == safe.wrong.domain[0], rules="S-1"
    )
    (goal,) = planner(system).cases([claim])
    before, after = system.state(owner=ann), system.state(owner=ann, wrong=safe.wrong.domain[1])
    _, verdict = Oracle(system).decide(before, safe.Shut())
    for reached, state in ((True, after), (False, before)):
        step = Step(before, safe.Shut(), verdict, state)
        assert goal.reached(step) == reached
    lasts = {way.last.type for kind in planner(system).endings(goal) for way in kind}
    assert lasts == {safe.Enter}
    assert all(
        planner(system).plan(goal, way).distance(system.state(owner=ben)) == 0
        for kind in planner(system).endings(goal)
        for way in kind
    )
