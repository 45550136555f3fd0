"""Runs as numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from properties.mutation.run_codes import RunCodes
from statemachines.smets1.installation import INSTALLATION

CODES = RunCodes(INSTALLATION)
REQUESTS = tuple(INSTALLATION.all_requests())


@pytest.mark.slow
@given(st.data())
def test_a_run_is_the_same_after_it_was_told(data):
    values = [data.draw(st.sampled_from(variable.domain)) for variable in INSTALLATION.variables]
    start = INSTALLATION.state(**dict(zip(INSTALLATION.state_type.names, values, strict=True)))
    requests = tuple(data.draw(st.lists(st.sampled_from(REQUESTS), max_size=5)))
    assert CODES.run(CODES.coded(start, requests)) == (start, requests)
