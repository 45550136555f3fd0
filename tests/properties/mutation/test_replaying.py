"""Replaying: that the short way finds what running every sequence from its start finds."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from properties.mutation import replaying
from properties.mutation.behaviour_mutants import behaviours
from properties.mutation.mutants import mutants_of
from properties.mutation.operators import Operator
from properties.mutation.replaying import Kill, Layer
from statemachines.semantics.comparison import differences
from statemachines.semantics.oracle import Oracle, decided
from statemachines.semantics.trace import Scenario
from tests.support import strategies
from tests.support.thorough import examples

pytestmark = pytest.mark.slow


def random_walks(system, count, length, seed):
    """Sequences of any requests."""
    draw = Random(seed)
    starts, requests = list(system.initial_states()), list(system.all_requests())
    return [
        Scenario(draw.choice(starts), tuple(draw.choices(requests, k=draw.randint(1, length)))) for _ in range(count)
    ]


def run_whole(system, mutant, walks):
    """The first difference, with every step asked of both."""
    for place, walk in enumerate(walks):
        reference, other = Oracle(system), Oracle(mutant.system)
        state, of_mutant = walk.start, mutant.original.state(**walk.start.as_dict())
        for at, request in enumerate(walk.requests):
            state, expected = reference.decide(state, request)
            of_mutant, message = decided(other, of_mutant, request)
            aspects = differences(expected, message)
            if aspects:
                return Kill(place, at, aspects)
    return None


def test_the_mutants_of_the_house_are_killed_where_running_everything_kills_them(house_system):
    walks = random_walks(house_system, 40, 8, seed=1)
    layer = Layer(Oracle(house_system), walks)
    assert layer.requests == sum(len(walk.requests) for walk in walks)
    kills = []
    for mutant in mutants_of(house_system).mutants:
        kills.append(layer.kills(mutant))
        assert kills[-1] == run_whole(house_system, mutant, walks), str(mutant)
    assert None in kills
    assert any(kill and kill.sequence > 5 for kill in kills)
    assert any(kill and kill.step > 3 for kill in kills)


@examples(20)
@given(st.data())
def test_so_are_mutants_of_random_systems(data):
    system = data.draw(strategies.systems())
    walks = random_walks(system, 6, 8, seed=data.draw(st.integers(0, 99)))
    layer = Layer(Oracle(system), walks)
    mutants = mutants_of(system).mutants
    for at in data.draw(st.lists(st.integers(0, len(mutants) - 1), min_size=1, max_size=8, unique=True)):
        assert layer.kills(mutants[at]) == run_whole(system, mutants[at], walks), str(mutants[at])


@pytest.mark.parametrize("operator", [Operator.ONCE, Operator.LATE])
def test_so_are_mutants_that_remember_what_has_happened(house_system, operator):
    walks = random_walks(house_system, 30, 8, seed=2)
    layer = Layer(Oracle(house_system), walks)
    kills = [layer.kills(mutant) for mutant in behaviours(house_system, operator)]
    assert kills == [run_whole(house_system, mutant, walks) for mutant in behaviours(house_system, operator)]
    assert len(set(kills)) > 2


def test_what_fires_once_only_is_asked_where_it_would_fire_again(house_system, monkeypatch):
    walks = random_walks(house_system, 30, 8, seed=2)
    layer, fired = Layer(Oracle(house_system), walks), 0
    asked = []
    monkeypatch.setattr(replaying, "decided", lambda *step: asked.append(step) or decided(*step))
    for mutant in behaviours(house_system, Operator.ONCE):
        before = len(asked)
        kill = layer.kills(mutant)
        firing = [sum(mutant.after in step.verdict.fired for step in walk.replay(house_system).steps) for walk in walks]
        if not any(times > 1 for times in firing):
            assert (kill, len(asked)) == (None, before)
            fired += any(firing)
    assert fired
