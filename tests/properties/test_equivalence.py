"""Whether a mutant can be told from the original: decided as a naive search of all pairs of states decides it."""

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from properties.coverage import slices
from properties.equivalence import Comparer, distinguish
from properties.mutants import mutants_of


def test_every_mutant_of_the_house_is_decided_as_a_naive_search_decides_it(house_system, naive):
    made = mutants_of(house_system)
    comparer = Comparer(slices(house_system))
    lengths, proofs = [], set()
    for mutant in made.mutants:
        found = comparer.compare(mutant.system, mutant.kinds)
        lengths.append(len(found.walk.requests) if found.walk else None)
        proofs.add(found.proof)
        assert lengths[-1] == naive.distinguished(house_system, mutant.system), str(mutant)
        assert (found.walk is None) is (found.proof is not None)
    assert None in lengths
    assert {1, 2, 3, 4} <= set(lengths)


@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_mutants_of_random_systems_are_decided_as_a_naive_search_decides_them(strategies, naive, data):
    system = data.draw(strategies.systems())
    mutants = mutants_of(system).mutants
    comparer = Comparer(slices(system))
    for at in data.draw(st.lists(st.integers(0, len(mutants) - 1), min_size=1, max_size=8, unique=True)):
        mutant = mutants[at]
        found = comparer.compare(mutant.system, mutant.kinds)
        length = len(found.walk.requests) if found.walk else None
        event(found.proof.name if found.proof else f"told apart by {length}")
        assert length == naive.distinguished(system, mutant.system), str(mutant)
        whole = distinguish(system, mutant.system)  # without being told which requests may differ
        assert (len(whole.requests) if whole else None) == length
