"""A service of the parcel locker, called in this process, and databases of both kinds."""

import pytest
from litestar.testing import TestClient

from examples.parcel_locker import claims
from properties.conformance.suite.digest import digest
from properties.service.application import application
from properties.service.store import Store
from tests.support import postgresql as own

MOST = 3


@pytest.fixture(scope="session")
def postgresql():
    """Makes new databases of PostgreSQL."""
    if own.MISSING:
        pytest.skip(own.MISSING)
    with own.server() as new:
        yield new


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """A new database of either kind, as `--database` names it."""
    return str(tmp_path / "kept.sqlite") if request.param == "sqlite" else request.getfixturevalue("postgresql")()


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "lockers.sqlite", digest(claims), MOST)
    yield made
    made.close()


@pytest.fixture
def client(store):
    with TestClient(application(claims.system, store, most=MOST)) as opened:
        yield opened
