"""Walks show aims where they say so, by shortest ways, and the same ones for the same draws."""

from itertools import product
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from properties.conformance.diagnosis.altered import altered_system
from properties.conformance.layers import random_walks
from properties.conformance.suite.every_aim import aims
from properties.conformance.suite.store import suite_of
from properties.conformance.suite.vectors import GoalKind
from properties.conformance.walk_chart import Chart, chart
from properties.conformance.walk_strategy import Showing, showing
from properties.mutation.mutants import mutants_of
from properties.mutation.replaying import Layer
from properties.smets1.installation import CLAIMS
from properties.walks.runs import oracle
from properties.walks.stateful import MOST_EVEN, one_of
from properties.walks.steering import Restriction
from statemachines.language.expression import Moment
from statemachines.semantics.comparison import differences
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Step

QUICK = settings(
    max_examples=12,
    database=None,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def walked(claims, draw, steps, allows=bool):
    """A walk without noise: what was sent, and what steered it."""
    system = claims.system
    steering = Showing(chart(claims), allows)
    start = state = one_of(draw, list(system.initial_states()))
    requests = []
    for _ in range(steps):
        request = steering.propose(draw, state)
        if request is None:
            break
        after, verdict = oracle(system).decide(state, request)
        steering.observe(Step(state, request, verdict, after))
        requests.append(request)
        state = after
    return start, requests, steering


def simplest(strategy):  # a draw's parameter
    """What Hypothesis draws first."""
    return 0


def tells(reference, other, start, requests):
    """Whether a system is told from the reference by some requests."""
    one = two = start
    for request in requests:
        (one, expected), (two, message) = reference.decide(one, request), other.decide(two, request)
        if differences(expected, message):
            return True
    return False


def aims_that_alter(claims):
    """For each aim of the chart the system that it is told from, where it is told from one."""
    can = {key for key, goal in suite_of(claims).goals.items() if goal.kind is not GoalKind.VALUE}
    some = [aim for aim in aims(claims.system) if aim.goal.key in can]
    assert len(some) == len(chart(claims).chances)
    return {at: altered_system(claims.system, aim.altered) for at, aim in enumerate(some) if aim.altered}


@pytest.mark.slow
def test_what_a_walk_has_shown_tells_the_altered_system_from_the_reference(safe):
    """Nearly always: states beside a walk are followed by the rules of the reference, and not by the altered ones."""
    claims = safe.claims
    reference, others = Oracle(claims.system), aims_that_alter(claims)
    shown, reported, taken = set(), 0, 0

    @QUICK
    @given(st.data())
    def walks(data):
        nonlocal reported, taken
        start, requests, steering = walked(claims, data.draw, 30)
        some = steering.shown & others.keys()
        taken += len(some)
        reported += sum(tells(reference, Oracle(others[aim]), start, requests) for aim in some)
        shown.update(steering.shown)

    walks()
    assert reported > 0.9 * taken
    assert len(shown) >= 0.9 * len(chart(claims).chances)


def test_a_leg_leads_to_its_chance_in_as_many_requests_as_it_says(safe):
    claims, random = safe.claims, Random(2)
    on, state = oracle(claims.system), claims.system.state()
    followed = 0
    for chance in (chance for each in chart(claims).chances for chance in each):
        leg = chart(claims).leg(chance, state)
        here = state
        while leg:
            distance = int(leg.distances[leg.graph.space.index(here)])
            request = random.choice(leg.next(here))
            assert (distance == 1) == chance.when.holds(Moment(here.as_dict()))
            if distance == 1:
                assert request in chance.requests
                followed += 1
                break
            here, _ = on.decide(here, request)
            assert leg.distances[leg.graph.space.index(here)] == distance - 1
    assert followed > 20


def test_there_is_no_leg_to_what_can_no_more_be(safe):
    """From a safe that is locked for good nothing leads to an open door."""
    claims = safe.claims
    locked = claims.system.state(wrong=list(safe.wrong.kind)[2])
    legs = [chart(claims).leg(chance, locked) for each in chart(claims).chances for chance in each]
    assert any(legs)
    assert not all(legs)
    for leg in filter(None, legs):
        assert leg.next(locked)


def test_nothing_is_sent_that_is_not_allowed(safe):
    @QUICK
    @given(st.data())
    def walks(data):
        _, requests, _ = walked(safe.claims, data.draw, 30, lambda request: request.type is not safe.Enter)
        assert all(request.type is not safe.Enter for request in requests)

    walks()


def test_the_simplest_draws_show_something_new_all_the_time(safe):
    _, requests, steering = walked(safe.claims, simplest, 60)
    assert len(steering.shown) >= len(requests) / 3


@pytest.mark.parametrize("count", [MOST_EVEN, 1000, 4336])
def test_early_things_are_drawn_no_more_often_than_late_ones(count):
    counted = [0, 0, 0, 0]

    @settings(QUICK, max_examples=100)
    @given(st.data())
    def draws(data):
        for _ in range(20):
            counted[one_of(data.draw, range(count)) * 4 // count] += 1

    draws()
    assert max(counted) < 2 * min(counted)


@pytest.mark.slow
def test_steered_walks_kill_many_more_mutants_than_walks_that_are_not():
    some = mutants_of(CLAIMS.system).mutants[::150]
    kills = {}
    for steered in (True, False):
        layer = Layer(oracle(CLAIMS.system), random_walks(CLAIMS, steered=steered, walks=2, steps=60))
        kills[steered] = sum(layer.kills(mutant) is not None for mutant in some)
    assert kills[True] > 2 * kills[False] > 0


def test_what_may_not_be_used_is_no_part_of_a_way(safe):
    """A safe that cannot be shut, and may never count two wrong codes."""
    claims = safe.claims
    system = claims.system
    requests = frozenset(request for request in system.all_requests() if request.type is not safe.Shut)
    values = {variable.name: frozenset(variable.domain) for variable in system.variables}
    locked = list(safe.wrong.kind)[2]
    values[safe.wrong.name] -= {locked}
    going_by = Chart(claims, Restriction(requests, tuple(values.items())))
    assert 0 < len(going_by.mixed) < len(chart(claims).mixed)
    legs = 0
    chances = [chance for each in going_by.chances for chance in each]
    assert all(request in requests for chance in chances for request in chance.requests)
    for chance, door in product(chances, safe.door.kind):
        here = system.state(wrong=list(safe.wrong.kind)[1], door=door)
        leg = going_by.leg(chance, here)
        while leg and leg.distances[leg.graph.space.index(here)] > 1:
            request = leg.next(here)[0]
            assert request in requests
            here, _ = oracle(system).decide(here, request)
            assert here.wrong is not locked
        legs += leg is not None
    assert legs
    assert all(request in requests for name in values for request in going_by.readers([name]))


def test_every_walk_of_a_system_goes_by_one_chart(safe):
    assert chart(safe.claims) is chart(safe.claims)
    assert callable(showing(safe.claims))
