"""Twins: that one request stands only for those that come to the same in both systems; and the states after it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from properties.mutation.mutants import mutants_of
from statemachines.checker.slices import slices
from statemachines.checker.twin import Twins, grounded_key
from statemachines.semantics.grounding import ground
from tests.support import strategies
from tests.support.thorough import examples


def assert_as_if_each_was_grounded(system, mutants):
    """Every request, and what its twin stands for, in both systems."""
    twins = Twins(slices(system))
    shared = changed = 0
    for mutant in mutants:
        for kind in mutant.kinds:
            of_type = twins.of(mutant.system, kind)
            assert list(of_type) == list(kind.requests())
            for request, twin in of_type.items():
                before, now = (grounded_key(ground(one, request)) for one in (system, mutant.system))
                assert grounded_key(twin.first.grounded) == before, str(mutant)
                assert grounded_key(twin.second.grounded) == now, str(mutant)
                assert (twin.first is twin.second) == (before == now)
                shared += twin.request is not request
                changed += before != now
    return shared, changed


def test_every_request_of_a_mutant_has_the_twin_that_it_would_have_alone(house_system):
    assert all(assert_as_if_each_was_grounded(house_system, mutants_of(house_system).mutants))


@pytest.mark.slow
@examples(15)
@given(st.data())
def test_so_have_those_of_random_systems(data):
    system = data.draw(strategies.systems())
    mutants = mutants_of(system).mutants
    at = data.draw(st.lists(st.integers(0, len(mutants) - 1), min_size=1, max_size=8, unique=True))
    assert_as_if_each_was_grounded(system, [mutants[one] for one in at])
