"""Exploration on sets of states: every number is that of the exploration one by one, and of a naive search."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statemachines import Count, Variable
from statemachines.checker import symbolic_encoding
from statemachines.checker.explicit import explore
from statemachines.checker.reachability import Reachability
from statemachines.checker.slices import Slices
from statemachines.checker.symbolic import SymbolicSpace
from statemachines.checker.symbolic_claims import SymbolicClaims
from statemachines.checker.symbolic_encoding import (
    OF_CLAIMS,
    OF_FEW,
    OF_LAYERS,
    OF_STATES,
    BCDDManager,
    Encoding,
)
from statemachines.errors import TooLargeError
from statemachines.language.expression import TRUE, Compared, Moment, Relation
from statemachines.semantics.preconditions import preconditions
from statemachines.smets1.fleet import fleet
from tests.support.thorough import examples

NODES = 1 << 16


def numbers(system):
    space = SymbolicSpace(system, preconditions(system))
    return space.count(), [space.encoding.count(layer) for layer in space.layers], space.changing()


def same_as_one_by_one(system):
    space = explore(system)
    layers = Counter(space.depth.tolist())
    assert numbers(system) == (len(space), [layers[depth] for depth in sorted(layers)], space.changing())
    return len(space)


@pytest.mark.parametrize("sites", [1, 2, 3, 5])
def test_fleets(sites):
    same_as_one_by_one(fleet(sites))


def test_the_parcel_locker(parcel_locker):
    same_as_one_by_one(parcel_locker.system)


def test_what_no_other_engine_counts():
    system = fleet(40)
    assert SymbolicSpace(system, preconditions(system)).count() > 10**36


@pytest.mark.slow
def test_random_systems(strategies, naive, record_property):
    compared = []

    @examples(15)
    @given(st.data())
    def compare(data):
        system = data.draw(strategies.systems())
        condition = data.draw(strategies.state_conditions(system))
        compared.append(same_as_one_by_one(system))
        depths = naive.depths(system)
        layers = Counter(depths.values())
        space = SymbolicSpace(system, preconditions(system))
        assert [space.encoding.count(layer) for layer in space.layers] == [layers[depth] for depth in sorted(layers)]
        satisfying = sum(condition.holds(Moment(state.as_dict())) for state in depths)
        assert space.count(condition) == satisfying

    compare()
    record_property("random systems explored on sets of states", len(compared))
    record_property("random systems: states explored on sets", sum(compared))


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize(("left", "right"), [((0, 5), (0, 5)), ((-3, 9), (2, 4)), ((0, 0), (-1, 1)), ((4, 7), (0, 1))])
def test_numbers_are_compared_bit_by_bit(relation, left, right):
    one, other = Variable("one", Count(*left)), Variable("other", Count(*right))
    encoding = Encoding((one, other), NODES)
    for by in range(-4, 5):
        states = encoding.where(Compared(one, relation, other, by))
        for first, second in product(range(len(one.domain)), range(len(other.domain))):
            here = encoding.among(one, (first,)) & encoding.among(other, (second,))
            wanted = Compared(one, relation, other, by).related(one.domain[first], other.domain[second])
            assert (here & states).satisfiable() == wanted, (by, first, second)


def test_too_many_nodes_are_one_message():
    system = fleet(3)
    with pytest.raises(
        TooLargeError, match=r"'a fleet of 3 sites' has decision diagrams of more than 320 nodes, which"
    ):
        SymbolicSpace(system, preconditions(system), memory=320 * 32).count()


def test_room_for_results_is_made_for_what_is_asked(parcel_locker, monkeypatch):
    made = []

    def manager(nodes, remembered, threads):
        made.append(remembered)
        return BCDDManager(nodes, remembered, threads)

    monkeypatch.setattr(symbolic_encoding, "BCDDManager", manager)
    system = fleet(4)
    SymbolicSpace(system, preconditions(system))
    SymbolicClaims(Slices(system))
    Reachability(system).shortest(system.state(), TRUE)
    SymbolicSpace(parcel_locker.system, preconditions(parcel_locker.system))
    assert made == [OF_STATES, OF_CLAIMS, OF_LAYERS, OF_FEW]
