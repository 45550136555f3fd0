"""Sets of values: whatever is so of a state that a column admits is so of the column, condition by condition, step by
step."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from properties.replay.events import SeenRequest, Stepping
from properties.replay.value_sets import ValueSets, bits
from statemachines import Oracle
from statemachines.language.expression import Moment
from statemachines.language.terms import ASPECTS
from tests.support.strategies import state_conditions, subsets, systems
from tests.support.thorough import examples


@st.composite
def systems_and_sets(draw):
    """A random system, and for each variable some of its values."""
    system = draw(systems())
    return system, [draw(subsets(variable.domain)) for variable in system.variables]


def column_of(system, sets):
    return np.array(
        [
            bits([variable.domain.index(value) for value in own])
            for variable, own in zip(system.variables, sets, strict=True)
        ],
        dtype=np.uint64,
    )[:, None]


def admits(system, column, state):
    """Whether a column admits a state."""
    return all(
        int(column[row, 0]) >> variable.domain.index(value) & 1
        for row, (variable, value) in enumerate(zip(system.variables, state, strict=True))
    )


@pytest.mark.slow
@examples(25)
@given(data=st.data())
def test_a_condition_of_sets_is_as_of_the_states_that_they_admit(data):
    system, sets = data.draw(systems_and_sets())
    condition = data.draw(state_conditions(system))
    values, column = ValueSets(system), column_of(system, sets)
    states = [system.state_type(state) for state in product(*sets)]
    holding = [state for state in states if condition.holds(Moment(state.as_dict()))]
    can, must = values.can_and_must(condition, column)
    assert can[0] or not holding
    assert not must[0] or len(holding) == len(states)
    narrowed = values.narrowed(condition, column)
    assert all(admits(system, narrowed, state) for state in holding)
    assert not (narrowed & ~column).any()


@pytest.mark.slow
@examples(20)
@given(case=systems_and_sets())
def test_a_step_of_sets_leads_wherever_a_state_that_they_admit_may_come(case):
    system, sets = case
    oracle, stepping, column = Oracle(system), Stepping(system), column_of(system, sets)
    for request in system.all_requests():
        steps = [oracle.decide(system.state_type(state), request) for state in product(*sets)]
        for shown in {tuple((aspect, getattr(verdict, aspect)) for aspect in ASPECTS) for _, verdict in steps}:
            step = stepping.step((SeenRequest((request,), shown),), column)
            assert not step.impossible[0]
            for after, verdict in steps:
                if all(getattr(verdict, aspect) is value for aspect, value in shown):
                    assert admits(system, step.after, after)
