"""Goals against faults of no single declaration: which of them a large system has, too."""

import pytest

from properties.conformance.suite import behaviour_goals
from properties.conformance.suite.behaviour_goals import ruled_out
from properties.mutation.operators import Operator


@pytest.mark.parametrize(("most", "as_large"), [(0, True), (10_000, False)])
def test_a_large_system_has_goals_for_what_fires_once_or_late(house_system, monkeypatch, most, as_large):
    monkeypatch.setattr(behaviour_goals, "MOST_STRAYS", most)
    made = {mutant.operator for _, mutant in ruled_out(house_system)}
    assert {Operator.ONCE, Operator.LATE} <= made
    assert (made == {Operator.ONCE, Operator.LATE}) is as_large
