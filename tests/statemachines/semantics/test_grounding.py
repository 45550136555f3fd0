"""Grounding: what a request names is looked up, so that it does not grow with the square of what could be named."""

import pytest

from statemachines.semantics import grounding
from statemachines.semantics.overlaps import overlaps
from statemachines.semantics.preconditions import preconditions
from statemachines.smets1.fleet import fleet


@pytest.fixture
def folded(monkeypatch):
    calls = []
    fold = grounding._fold
    monkeypatch.setattr(grounding, "_fold", lambda *given: calls.append(given) or fold(*given))

    def times(sites):
        calls.clear()
        system = fleet(sites)
        preconditions(system)
        assert not any(True for lifecycle in system.lifecycles for _ in overlaps(lifecycle))
        return len(calls)

    return times


def test_each_request_of_a_fleet_is_asked_what_concerns_its_site(folded):
    assert folded(90) < 4 * folded(30)
