"""The family that grows: its states are those that the oracle leads to, and more of anything makes more of them."""

import pytest

from benchmarks.families import installations
from statemachines import DeclarationError, Oracle, wellformed
from statemachines.checker.explicit import explore
from tests.support.replaying import closed


def reached(system):
    """Every state, by asking the oracle."""
    return closed(Oracle(system), system.initial_states(), list(system.all_requests()))


@pytest.mark.parametrize(("count", "suppliers", "devices"), [(1, 2, 1), (2, 3, 1), (1, 3, 2)])
def test_its_states_are_those_that_the_oracle_leads_to(count, suppliers, devices):
    system = installations(count, suppliers=suppliers, devices=devices)
    space = explore(system)
    assert {space.state(index) for index in range(len(space))} == reached(system)


def test_more_of_anything_is_more_states():
    smallest = len(explore(installations(1, suppliers=2, devices=1)))
    for larger in ((2, 2, 1), (1, 3, 1), (1, 2, 2)):
        count, suppliers, devices = larger
        assert len(explore(installations(count, suppliers=suppliers, devices=devices))) > smallest


def test_nothing_in_it_is_dead():
    assert wellformed(installations(2, suppliers=2, devices=1)).problems == ()


@pytest.mark.parametrize("few", [(0, 2, 1), (1, 1, 1), (1, 2, 0)])
def test_too_few_of_something_are_refused(few):
    count, suppliers, devices = few
    with pytest.raises(DeclarationError, match="expected 1, 2, 1"):
        installations(count, suppliers=suppliers, devices=devices)
