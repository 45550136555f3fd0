"""What is worked out of a system is remembered no longer than the system lives."""

import gc
import weakref

import attrs

from examples.parcel_locker import claims
from statemachines.semantics.grounding import ground
from statemachines.semantics.remembered import remembered


def test_a_result_is_worked_out_once_for_each_system_and_what_else_it_takes():
    asked = []
    recalled = remembered(lambda system, *more: asked.append((system.name, *more)) or len(asked))
    system = claims.system
    other = attrs.evolve(system, name="another")
    assert [recalled(system, 1), recalled(system, 2), recalled(other, 1), recalled(system, 1)] == [1, 2, 3, 1]
    assert asked == [(system.name, 1), (system.name, 2), ("another", 1)]


def test_a_system_that_was_grounded_is_let_go():
    system = attrs.evolve(claims.system)
    for request in system.all_requests():
        ground(system, request)
    left = weakref.ref(system)
    del system
    gc.collect()
    assert left() is None
