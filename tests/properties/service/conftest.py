"""A service of the parcel locker, called in this process."""

import pytest
from litestar.testing import TestClient

from examples.parcel_locker import claims
from properties.conformance.suite.digest import digest
from properties.service.application import application
from properties.service.store import Store

MOST = 3


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "lockers.sqlite", digest(claims), MOST)
    yield made
    made.close()


@pytest.fixture
def client(store):
    with TestClient(application(claims.system, store, most=MOST)) as opened:
        yield opened
