"""Fixtures of the tests of walks, mutation and conformance."""

import pytest

from tests.support import browser as chromium
from tests.support.pin_safe import Safe, make_safe


@pytest.fixture(scope="session")
def safe() -> Safe:
    return make_safe()


@pytest.fixture(scope="session")
def forgetful_safe() -> Safe:
    return make_safe(forgets=True)


@pytest.fixture(scope="session")
def browser():
    yield from chromium.started()


def pytest_collection_modifyitems(items):
    """Whatever asks Chromium is slow: the browser alone takes seconds to start."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
