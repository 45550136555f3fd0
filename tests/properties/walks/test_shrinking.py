"""A scenario that is shortened starts in a state that keeps the constraints."""

from properties.walks.shrinking import shortened
from statemachines import Constraint
from statemachines.semantics.trace import Scenario
from tests.support import house


def test_no_start_that_breaks_a_constraint_takes_the_place_of_one_that_keeps_it():
    """With a fuse that is whole the start would be simpler; where Ben has the key it is blown."""
    is_ben = house.holder == house.Person.BEN
    dark = Constraint("Ben is left in the dark", when=is_ben, then=house.fuse == house.Fuse.BLOWN, rules="HOUSE-1")
    system = house.house(constraints=[dark])
    pushed = house.Push(by=house.Person.ANN)

    def fails(walk):
        return len(walk.requests) if walk.start.holder is house.Person.BEN and walk.requests else -1

    for fuse in house.Fuse:  # where the scenario breaks it itself, so may what it becomes
        start = system.state(holder=house.Person.BEN, fuse=fuse)
        short = shortened(system, Scenario(start, (pushed, pushed)), fails)
        assert short == Scenario(start, (pushed,))
