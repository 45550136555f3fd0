"""Strength: what comes of every mutant of the house, with vectors that are known."""

from collections import Counter
from functools import cache

import pytest

from properties.conformance.layers import random_walks
from properties.conformance.suite.behaviour_goals import killing
from properties.mutation import strength as measuring
from properties.mutation.mutants import mutants_of
from properties.mutation.operators import Operator
from properties.mutation.strength import LayerKind, Layers, every_mutant_of, selecting, strength_of
from statemachines import DeclarationError
from statemachines.checker.equivalence import Proof, comparer
from statemachines.language.claims import Claims
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import Scenario

pytestmark = pytest.mark.slow

WALKS = 8


@pytest.fixture(scope="module")
def claims(house_system):
    return Claims(house_system, [])


def no_vectors(_):
    return ()


def layers(vectors):
    return Layers(vectors, lambda claims, steered: random_walks(claims, steered=steered, walks=WALKS, steps=8))


@cache
def shortest(claims):
    """A sequence for each mutant that something kills."""
    walks = killing(Oracle(claims.system), (), every_mutant_of(claims.system).mutants)
    return list(dict.fromkeys(walk for walk, _ in walks if isinstance(walk, Scenario)))


def as_told(strength):
    """Everything that is found, to be compared."""
    return [
        (str(result.mutant), sorted((way.name, kill) for way, kill in result.kills.items()), result.proof, result.walk)
        for result in strength.results
    ]


def test_with_a_sequence_for_each_mutant_none_survives(claims):
    strength = strength_of(claims, layers(shortest))
    assert not strength.survivors
    assert strength.equivalent
    assert strength.killed_by(LayerKind.DETERMINISTIC) + strength.equivalent == len(strength.results)


def test_with_none_each_survivor_is_shown_with_a_shortest_sequence_that_kills_it(claims):
    strength = strength_of(claims, layers(no_vectors))
    assert strength.killed_by(LayerKind.DETERMINISTIC) == 0
    assert len(strength.survivors) + strength.equivalent == len(strength.results)
    assert {one.mutant.operator for one in strength.survivors if not one.walk} == {Operator.KEPT}
    for result in (one for one in strength.survivors if one.walk):
        mutant = result.mutant
        known = comparer(mutant.original).compare(mutant.system, mutant.kinds, exclusive=mutant.exclusive).walk
        assert known is not None
        assert len(result.walk.requests) == len(known.requests) == len(strength.trace(result).steps)
    by_walks = sum(LayerKind.STEERED in result.kills for result in strength.survivors)
    assert by_walks == strength.killed_by(LayerKind.STEERED) > 0


def test_what_is_found_does_not_depend_on_how_many_processes_look(claims, monkeypatch):
    sample = selecting([], 60, 1)
    monkeypatch.setattr(measuring, "ONE_BY_ONE", 20)
    alone, together = (strength_of(claims, layers(shortest), selection=sample, jobs=jobs) for jobs in (1, 3))
    assert as_told(alone) == as_told(together)
    assert {way: layer.scenarios for way, layer in alone.layers.items()} == {
        way: layer.scenarios for way, layer in together.layers.items()
    }


def test_walks_are_drawn_alike_every_time(claims):
    for steered in (True, False):
        walks = random_walks(claims, steered=steered, walks=40, steps=5)
        assert walks == random_walks(claims, steered=steered, walks=40, steps=5)
        assert len(walks) >= 40
        assert max(len(walk.requests) for walk in walks) <= 5
    assert walks != random_walks(claims, steered=True, walks=40, steps=5)


def test_a_mutant_that_is_proved_equivalent_and_killed_all_the_same_is_an_error(claims, monkeypatch):
    """Broken on purpose: a comparison that finds nothing."""
    from statemachines.checker import equivalence
    from statemachines.checker.equivalence import Comparison

    monkeypatch.setattr(equivalence.Comparer, "compare", lambda *_, **__: Comparison(None, Proof.NO_STATE, 0, 0))
    with pytest.raises(AssertionError, match="was proved equivalent, and is killed by"):
        strength_of(claims, layers(no_vectors), selection=selecting(["NEGATED"], None, 1))


def test_of_changes_more_some_are_drawn(house_system):
    mutants = every_mutant_of(house_system).mutants
    every, some, others = (selecting([], None, seed, strays)(mutants) for seed, strays in ((0, None), (0, 5), (1, 5)))
    assert every == list(mutants)
    assert Counter(one.operator for one in some) == {**Counter(one.operator for one in every), Operator.STRAY: 5}
    assert some != others
    assert some == [one for one in mutants if one in some]


def test_some_mutants_are_chosen(house_system):
    mutants = mutants_of(house_system).mutants
    assert selecting([], None, 0)(mutants) == list(mutants)
    some = selecting(["checks_swapped", "lifecycle lamp"], None, 0)(mutants)
    assert {mutant.where.split(",")[0] for mutant in some} == {
        "lifecycle lamp",
        "check 'whoever turns it has the key' at the lock",
    }
    assert selecting(["M0003"], None, 0)(mutants) == [mutants[2]]
    sample = selecting([], 9, 4)(mutants)
    assert sample == selecting([], 9, 4)(mutants) != selecting([], 9, 5)(mutants)
    assert len(sample) == 9
    assert [mutant.name for mutant in sample] == sorted(mutant.name for mutant in sample)
    assert selecting([], 10**6, 0)(mutants) == list(mutants)
    with pytest.raises(DeclarationError, match="no mutant matches 'no such thing'; operators are DROPPED, NEGATED"):
        selecting(["no such thing"], None, 0)(mutants)
