"""A comparison that sets of states shorten: its result is that of one without them."""

from collections import Counter

from properties.mutation.mutants import mutants_of
from properties.mutation.proving import compared
from statemachines.checker.equivalence import Proof, comparer


def test_what_sets_of_states_prove_is_said_as_pairs_one_by_one_say_it(house_system):
    proofs = Counter()
    for mutant in mutants_of(house_system).mutants:
        short = compared(mutant.original, mutant.system, mutant.kinds, exclusive=mutant.exclusive)
        long = comparer(mutant.original).compare(mutant.system, mutant.kinds, exclusive=mutant.exclusive)
        assert (short.proof, short.walk) == (long.proof, long.walk), str(mutant)
        proofs[short.proof, short.states] += 1
    assert proofs[Proof.NO_PAIR, 0]  # no state was looked at one by one
    assert any(walked is None for walked, _ in proofs)


def test_without_sets_of_states_pairs_decide_alone(house_system, monkeypatch):
    monkeypatch.setattr("properties.mutation.proving.bisimilar", lambda _: None)
    (mutant, *_) = mutants_of(house_system).mutants
    assert compared(mutant.original, mutant.system, mutant.kinds).states
