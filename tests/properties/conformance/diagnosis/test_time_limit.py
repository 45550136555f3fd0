"""The limit of time bounds the computing of the sequences, too; then the target is not blamed."""

import time

import pytest

from examples.parcel_locker import claims
from properties.conformance.diagnosis import examination
from properties.conformance.diagnosis.examination import examine
from properties.conformance.targets.declared import DeclaredTarget
from properties.conformance.targets.target import Limits

SAYS = "the sequences of parcel locker are not computed after 0.1 s, the limit of time: give it more"


@pytest.fixture(autouse=True)
def slow(monkeypatch):
    monkeypatch.setattr(examination, "suite_of", lambda _: time.sleep(20))
    monkeypatch.setattr(Limits, "grace", lambda _, seconds: seconds)


def test_sequences_that_take_too_long_are_given_up():
    began = time.monotonic()
    examined = examine(claims, lambda: DeclaredTarget(claims.system, claims.system), limits=Limits(run_seconds=0.1))
    assert examined.campaign.untested == SAYS
    assert time.monotonic() - began < 10
