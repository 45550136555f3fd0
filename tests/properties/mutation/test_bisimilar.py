"""Equivalence on sets of states: what is proved is so, as a naive search finds it."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples.parcel_locker import system as locker
from properties.mutation.behaviour_mutants import behaviours_of
from properties.mutation.bisimilar import Bisimilar
from properties.mutation.mutants import mutants_of
from properties.mutation.operators import Operator
from statemachines.checker.equivalence import Proof
from tests.support import naive, strategies
from tests.support.thorough import examples

MEMORY = (Operator.ONCE, Operator.LATE)

pytestmark = pytest.mark.slow


def decided(system, mutants):
    """How many are proved in which way, and how many are equivalent without a proof."""
    originals, found = {}, Counter()
    for mutant in mutants:
        if mutant.kept:
            continue
        original = originals.setdefault(id(mutant.original), Bisimilar(mutant.original))
        proof = original.proof(mutant.system, mutant.kinds)
        equivalent = naive.distinguished(mutant.original, mutant.system) is None
        assert equivalent or proof is None, str(mutant)
        found[proof if equivalent else "distinguished"] += 1
    return found


def decided_once_or_late(system, mutants):
    """Likewise of mutants in which a transition fires once or late, on sets of states of the system alone."""
    sets, found = Bisimilar(system), Counter()
    for mutant in mutants:
        if mutant.after:
            proves = sets.proof_once if mutant.operator is Operator.ONCE else sets.proof_late
            proof, equivalent = proves(mutant.after), naive.distinguished(mutant.original, mutant.system) is None
            assert equivalent or proof is None, str(mutant)
            found[mutant.operator, proof if equivalent else "distinguished"] += 1
    return found


def test_mutants_that_fire_once_or_late_are_proved_equivalent(house_system):
    found = decided_once_or_late(house_system, behaviours_of(house_system))
    assert {(operator, proof) for operator in MEMORY for proof in ("distinguished", Proof.NO_PAIR)} == set(found), found


def test_a_late_change_is_not_equivalent_where_the_next_request_changes_the_same():
    """A parcel that is overdue late is in the locker again, though somebody took it meanwhile."""
    assert {kind for _, kind in decided_once_or_late(locker, behaviours_of(locker))} == {"distinguished"}


@examples(10)
@given(st.data())
def test_no_mutant_of_a_random_system_that_fires_once_or_late_is_proved_equivalent_that_is_not(data):
    system = data.draw(strategies.systems())
    mutants = [mutant for mutant in behaviours_of(system) if mutant.after]
    at = data.draw(st.lists(st.integers(0, len(mutants) - 1), min_size=1, max_size=8, unique=True)) if mutants else []
    decided_once_or_late(system, [mutants[one] for one in at])


def test_mutants_of_the_house_are_proved_equivalent_exactly_if_they_are(house_system):
    found = decided(house_system, (*mutants_of(house_system).mutants, *behaviours_of(house_system)))
    assert {Proof.SAME, Proof.NO_PAIR, "distinguished"} == set(found)


@examples(10)
@given(st.data())
def test_no_mutant_of_a_random_system_is_proved_equivalent_that_is_not(data):
    system = data.draw(strategies.systems())
    mutants = (*mutants_of(system).mutants, *behaviours_of(system))
    at = data.draw(st.lists(st.integers(0, len(mutants) - 1), min_size=1, max_size=8, unique=True))
    decided(system, [mutants[one] for one in at])
