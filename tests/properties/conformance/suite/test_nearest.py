"""Nearest states: the runs that the slices give, by however many processes they are looked for."""

from itertools import product

import pytest

from properties.conformance.suite.nearest import nearest
from statemachines.checker.slices import Slices
from statemachines.language.expression import All


@pytest.mark.parametrize("jobs", [1, 3])
def test_each_condition_has_the_shortest_run_of_its_slice(house_system, jobs):
    values = [[variable == value for value in variable.domain] for variable in house_system.variables]
    pairs = [All(pair) for at, one in enumerate(values) for other in values[at + 1 :] for pair in product(one, other)]
    conditions = [condition for one in values for condition in one] + pairs
    slices = Slices(house_system)
    runs = [nearest(slices, conditions, jobs)(condition) for condition in conditions]
    firsts = [Slices(house_system).first(condition) for condition in conditions]
    assert None in runs
    assert [run and (run.start, run.requests) for run in runs] == [first and first.path() for first in firsts]


def test_conditions_that_say_the_same_have_one_run(house_system):
    variable = house_system.variables[0]
    one, other = variable == variable.domain[0], variable == variable.domain[0]
    run = nearest(Slices(house_system), [one, other], 1)
    assert run(one) is run(other)
