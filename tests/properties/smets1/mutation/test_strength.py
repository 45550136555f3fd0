"""Mutants of the installation: every operator makes some, and a sample is killed or proved equivalent."""

import pytest

from properties.conformance.layers import suite_layers
from properties.mutation.operators import Operator
from properties.mutation.strength import every_mutant_of, selecting, strength_of
from properties.smets1.installation import CLAIMS
from statemachines.checker.equivalence import Proof
from tests.support.mutation import requests_processed_otherwise

pytestmark = pytest.mark.slow


ELSEWHERE = (Operator.STRAY, Operator.ONCE, Operator.LATE)
"""Of the first there are too many for all to be killed (docs/strength.md); the others take long, and are tried on small
systems."""


@pytest.fixture(scope="module")
def mutants():
    return every_mutant_of(CLAIMS.system, pairs=1)


def test_a_sample_is_killed_or_proved_equivalent():
    """Without the random layer; what `smets1 strength` does with every mutant."""

    def selection(mutants):
        return selecting([], 25, seeded=1)([mutant for mutant in mutants if mutant.operator not in ELSEWHERE])

    strength = strength_of(CLAIMS, suite_layers(walks=0), selection=selection, pairs=2)
    assert len(strength.results) == 25
    assert not any(result.undecided for result in strength.results)
    assert [str(one.mutant) for one in strength.survivors] == []
    proofs = {result.proof for result in strength.results}
    assert proofs <= {None, *Proof}
    assert len(proofs) > 2  # killed, and proved in several ways


def test_only_the_types_that_a_mutant_names_are_processed_otherwise(mutants):
    for mutant in mutants.mutants[::15_000]:
        assert requests_processed_otherwise(mutant.original, mutant) <= set(mutant.kinds), str(mutant)


def test_every_operator_makes_mutants(mutants):
    assert {mutant.operator for mutant in mutants.mutants} == set(Operator)
    assert 40_000 < len(mutants.mutants) < 60_000
    assert all(
        "two transitions can fire at once" in one.why or one.operator in (Operator.BYPASSED, Operator.TYPE_LOST)
        for one in mutants.refused
    )
