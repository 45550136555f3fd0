"""The installation's declarations in copies, in pickles and in another process."""

import pickle
from copy import copy, deepcopy
from multiprocessing import get_context

import attrs
import pytest

from properties.smets1.installation import CLAIMS
from statemachines import Oracle, replay
from statemachines.smets1.installation import INSTALLATION


def _pickled(value):
    return pickle.loads(pickle.dumps(value))


COPIES = pytest.mark.parametrize("again", [copy, deepcopy, _pickled])


@COPIES
def test_the_installation_its_claims_and_its_requests_are_themselves(again):
    assert again(CLAIMS) is CLAIMS
    assert again(INSTALLATION) is INSTALLATION
    requests = list(INSTALLATION.all_requests())
    assert len(requests) > 1000
    assert all(again(request) is request for request in requests)


@COPIES
def test_values_of_a_state_are_the_members_of_their_enums(again):
    for state in INSTALLATION.initial_states():
        same = again(state)
        assert type(same) is INSTALLATION.state_type
        assert all(one is other for one, other in zip(same, state, strict=True))


def test_claims_that_are_evolved_are_the_same_claims():
    assert [claim.name for claim in attrs.evolve(CLAIMS).claims] == [claim.name for claim in CLAIMS.claims]
    assert attrs.evolve(INSTALLATION, name="another").variables == INSTALLATION.variables


def _replayed(oracle, start, requests):
    """In another process."""
    return replay(oracle.system, start, requests, oracle)


@pytest.mark.slow
def test_a_run_in_another_process_is_the_run_here():
    oracle = Oracle(INSTALLATION)
    here = replay(INSTALLATION, oracle.initial, INSTALLATION.all_requests(), oracle)
    assert any(step.changes for step in here.steps)
    with get_context("spawn").Pool(1) as pool:
        there = pool.apply(_replayed, (oracle, here.start, here.scenario.requests))
    assert there.system is INSTALLATION
    assert [step.verdict for step in there.steps] == [step.verdict for step in here.steps]
    assert there.end == here.end
