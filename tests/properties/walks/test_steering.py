"""Plans lead to their goals, by shortest ways, from wherever there is one."""

from random import Random

import pytest

from properties.smets1.installation import CLAIMS
from properties.walks import steering
from properties.walks.coverage import heard, reachable
from properties.walks.steering import Fire, Meet, Planner, planner
from statemachines import always
from statemachines.checker.explicit import TooLarge
from statemachines.checker.slices import Slices
from statemachines.language.claims import Always
from statemachines.language.expression import conjunction
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Step

SYSTEM = CLAIMS.system


@pytest.fixture(scope="module")
def states():
    """Some reachable states, as walks come by them."""
    oracle, random = Oracle(SYSTEM), Random(3)
    requests = [asked.request for asked in planner(SYSTEM).slices.requests if asked.changes]
    state, found = oracle.initial, []
    for step in range(4000):
        if step % 200 == 0:
            state = random.choice(starts())
        state, _ = oracle.decide(state, random.choice(requests))
        found.append(state)
    return found


def starts():
    """Some of the initial states."""
    random = Random(5)
    return [SYSTEM.state(**{each.name: random.choice(each.initial) for each in SYSTEM.lifecycles}) for _ in range(50)]


def follow(plan, state, oracle, random):
    """Walk as planned, taking any of the shortest ways; the number of steps after which the goal was reached."""
    for steps in range(1, 40):
        request = random.choice(plan.next(state))
        after, verdict = oracle.decide(state, request)
        step = Step(state, request, verdict, after)
        if plan.goal.reached(step):
            return steps, request
        state = after
    return None


def goals():
    plans = planner(SYSTEM)
    cases = plans.cases(claim for claim in CLAIMS.claims if isinstance(claim, Always))
    return [*plans.transitions(), *plans.verdicts(), *cases[::5]]


@pytest.mark.parametrize("goal", goals(), ids=str)
def test_plans_lead_to_their_goal_in_the_planned_distance(goal, states):
    plans, oracle, random = planner(SYSTEM), Oracle(SYSTEM), Random(1)
    ways = [way for kind in plans.ways(goal) for way in kind]
    if not ways:  # of states: it may be that they all start like that
        assert isinstance(goal, Meet)
        assert not goal.claim.of_steps
        return
    followed = 0
    for _ in range(12):
        plan = plans.plan(goal, random.choice(ways))
        state = random.choice(states)
        distance = plan.distance(state)
        if distance:
            followed += 1
            steps, _ = follow(plan, state, oracle, random)
            # a goal may be met on the way by another request than the one that was chosen to meet it
            assert steps <= distance
            if isinstance(goal, Fire) and len(ways) == 1:
                assert steps == distance
        else:
            assert plan.next(state) == ()
    if not followed:
        assert any(plans.plan(goal, way).distance(start) for start in starts() for way in ways)


@pytest.mark.parametrize("at", range(0, 330, 30))
def test_no_way_is_shorter_than_a_plan(at):
    """Against a backward search on a larger slice: what else there is makes no way shorter."""
    plans = planner(SYSTEM)
    goal = [*plans.transitions(), *plans.verdicts()][at]
    way = plans.ways(goal)[0][-1]
    plan = plans.plan(goal, way)
    asked = plans.slices.asked(way.last)
    space = larger(plans.slices, plan.part.space)
    distance = space.columns.where(conjunction(goal.before(asked), heard(asked, way.kind))).astype(int)
    moves = [space.successors(effect) for effect in space.effects]
    level, growing = 1, True
    while growing:
        growing = False
        for successors in moves:
            fresh = (distance[successors] == level) & (distance == 0)
            if fresh.any():
                distance[fresh] = level + 1
                growing = True
        level += 1
    assert distance.any()
    for place in Random(at).choices(range(len(space)), k=200):
        assert plan.distance(space.state(place)) == distance[place]


def larger(slices, space):
    """A slice that has some variable besides."""
    for name in SYSTEM.state_type.names:
        if name not in space.radices.names:
            try:
                return slices.space({*space.radices.names, name}, most=100_000)
            except TooLarge:
                continue
    return space


def test_there_is_a_way_to_exactly_what_can_be_reached(safe, forgetful_safe):
    for system in (SYSTEM, safe.claims.system, forgetful_safe.claims.system):
        plans, can = planner(system), reachable(system)
        assert {goal.arrow for goal in plans.transitions() if plans.ways(goal)} == set(can.arrows)
        assert {goal.kind for goal in plans.verdicts() if plans.ways(goal)} == set(can.kinds)


def test_a_case_that_never_happens_has_no_way(safe):
    claim = safe.claims.claims[0]
    never = Meet(claim, claim.when & ~claim.when)
    assert planner(safe.claims.system).ways(never) == ()


def test_there_is_no_way_back_from_a_locked_safe(safe):
    system = safe.claims.system
    plans = planner(system)
    opens = plans.transitions()[0]
    way = plans.ways(opens)[0][0]
    locked = system.state(wrong=list(safe.wrong.kind)[2])
    assert plans.plan(opens, way).distance(system.state()) == 1
    assert plans.plan(opens, way).distance(locked) == 0
    assert plans.plan(opens, way).next(locked) == ()


def test_ties_are_in_order_of_declaration(safe):
    system = safe.claims.system
    plans = planner(system)
    lock = next(goal for goal in plans.transitions() if ": ONE --" in str(goal))
    plan = plans.plan(lock, plans.ways(lock)[0][-1])
    order = list(system.all_requests())
    following = plan.next(system.state())
    assert len(following) > 1
    assert list(following) == sorted(following, key=order.index)


def test_what_needs_too_large_a_slice_is_left_to_noise(monkeypatch, safe):
    monkeypatch.setattr(steering, "LARGEST_PLAN", 8)
    plans = Planner(Slices(safe.claims.system))
    assert [plans.ways(goal) for goal in plans.transitions()] == [()] * 4


def test_plans_are_forgotten_and_made_again(monkeypatch, safe):
    monkeypatch.setattr(steering, "MOST_PLANS", 1)
    plans = Planner(Slices(safe.claims.system))
    made = [plans.plan(goal, plans.ways(goal)[0][0]) for goal in plans.transitions() * 2]
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
    lasts = {way.last.type for kind in planner(system).ways(goal) for way in kind}
    assert lasts == {safe.Enter}
    assert all(
        planner(system).plan(goal, way).distance(system.state(owner=ben)) == 0
        for kind in planner(system).ways(goal)
        for way in kind
    )
