"""The suite's tests and their parameters."""

from collections.abc import Callable
from pathlib import Path

import pytest

from properties.conformance import plugin
from properties.conformance.plugin import SESSION
from properties.conformance.session import Session, conclude
from properties.conformance.transfer import Message

HERE, ORDER = Path(__file__).parent, ("test_rules.py", "test_properties.py", "test_walks.py")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the suite's tests where the suite is not what is run, as where this project's doctests are."""
    ours = collection_path.parent == HERE and collection_path.name in ORDER
    return True if ours and not config.pluginmanager.is_registered(plugin) else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each rule, property and share of the random layer a test of its own."""
    session = _session(metafunc.config)
    parameters = {
        "rule": session.scope.rules,
        "claim_name": session.scope.properties,
        "vector": session.scope.vectors,
        "chunk": range(session.scope.chunks),
    }
    for name, values in parameters.items():
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, values, ids=[str(value) for value in values])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what the user's files name, and leave out tests that have nothing to test."""
    if not config.pluginmanager.is_registered(plugin):
        return
    session = _session(config)
    for item in items:
        if skipping := session.selection.lists.skipping(item.nodeid):
            item.add_marker(pytest.mark.skip(reason=skipping.where))
        if expecting := session.selection.lists.expecting(item.nodeid):
            item.add_marker(pytest.mark.xfail(reason=expecting.where, strict=session.selection.strict))
    # Rules are read first; whatever is not the suite's keeps its position.
    ours = [at for at, item in enumerate(items) if item.path.parent == HERE and item.path.name in ORDER]
    ordered = sorted((items[at] for at in ours), key=lambda item: ORDER.index(item.path.name))
    for at, item in zip(ours, ordered, strict=True):
        items[at] = item
    empty = [item for item in items if "NOTSET" in item.nodeid]
    if empty:
        items[:] = [item for item in items if item not in empty]


def _session(config: pytest.Config) -> Session:
    """What is tested; where more is run than the suite, the plugin has not asked yet."""
    if SESSION not in config.stash:
        config.stash[SESSION] = Session.of(config)
    return config.stash[SESSION]


@pytest.fixture(scope="session")
def conformance(pytestconfig: pytest.Config) -> Session:
    """What is tested, and the results of the deterministic layer."""
    return _session(pytestconfig)


@pytest.fixture(scope="session", autouse=True)
def _described(pytestconfig: pytest.Config, record_testsuite_property: Callable[[str, object], None]) -> None:
    """The facts of the run, in the JUnit file too; no other run has any."""
    if pytestconfig.pluginmanager.is_registered(plugin):
        for name, value in _session(pytestconfig).about.items():
            record_testsuite_property(name, str(value))


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Record a property of a test; pytest's own way warns, each time, of the family of the JUnit file."""
    return lambda name, value: request.node.user_properties.append((name, value))


@pytest.fixture(name="conclude")
def _conclude(conformance: Session, record: Callable[[str, str], None]) -> Callable[[Message], None]:
    """End a test with its message."""

    def end(message: Message) -> None:
        for name, value in message.properties:
            record(name, value)
        conclude(conformance, message)

    return end
