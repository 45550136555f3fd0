"""Planted faults of the installation are reported by walks about as shortly as by the checker."""

import pytest
from hypothesis.stateful import run_state_machine_as_test

from properties.smets1 import faults
from properties.walks.runs import Broken
from properties.walks.stateful import state_machine
from statemachines import Engine, check
from tests.support.thorough import every
from tests.support.walks import BUDGET

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "fault", every(3, [faults.gas_supplier_may_activate, faults.foc_reaches_the_s1sp, faults.activation_without_keys])
)
def test_a_fault_is_reported_as_shortly_as_the_checker_reports_it(fault):
    claims = fault()
    names = [claim.name for claim in claims.claims if claim.kind.startswith("always, ")]
    broken = [one for one in check(claims, only=names, engine=Engine.AUTO).findings if one.counterexample][-2:]
    best = {one.claim.name: len(one.counterexample.steps) for one in broken}
    lengths = {}
    for name in best:
        try:
            run_state_machine_as_test(state_machine(claims, only=[name]), settings=BUDGET)
        except Broken as caught:
            lengths[name] = len(caught.shortest.requests)
    assert len(lengths) >= len(best) / 2
    assert all(best[name] <= lengths[name] <= best[name] + 1 for name in lengths)
