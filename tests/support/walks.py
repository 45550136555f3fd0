"""How tests of walks run a machine: few short runs that are the same each time."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from properties.walks.runs import Broken
from properties.walks.stateful import state_machine
from statemachines.language.claims import Claims

BUDGET = settings(
    max_examples=60,
    stateful_step_count=20,
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=False,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def failure(claims: Claims, budget: settings = BUDGET, **options: object) -> Broken:
    """The failure that the walks of a machine come to; they have to."""
    with pytest.raises(Broken) as caught:
        run_state_machine_as_test(state_machine(claims, **options), settings=budget)  # type: ignore[arg-type]
    return caught.value
