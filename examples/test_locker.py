"""The conformance suite inside one's own test suite: `pytest examples/test_locker.py`."""

import pytest

from examples.locker import Locker, TrustingLocker
from examples.parcel_locker import claims
from properties import conformance_tests

TestLocker = conformance_tests(claims, Locker)

TestTrustingLocker = conformance_tests(
    claims,
    fixture="trusting_locker",
    walks=16,
    marks={"BOX-1": pytest.mark.xfail(strict=True, reason="it forgets to ask for the code")},
)


@pytest.fixture(scope="module")
def trusting_locker() -> type[TrustingLocker]:
    """What makes the system under test: a fixture may start what it needs first."""
    return TrustingLocker
