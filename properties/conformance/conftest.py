"""The suite's system, its tests' parameters, and how its walks are made.

Each claim is tested by a walk of its own, which checks that claim alone and walks toward the claim's case half of the
time. One walk for all claims would stop at the first that fails and would say nothing of the others; and a claim
whose case is rare would depend on luck.
"""

import pytest
from hypothesis import settings

from properties import stateful
from properties.conformance.plugin import COVERAGE, REFERENCE
from properties.coverage import Coverage
from properties.runs import OracleTarget, Target
from properties.spec import load_claims
from statemachines.core.check import Finding, check
from statemachines.core.claims import Claims, Sometimes

WALKS, STEPS = 50, 20

_claims = pytest.StashKey[Claims]()


def pytest_configure(config: pytest.Config) -> None:
    """Find what is tested."""
    config.stash[_claims] = load_claims(config.getoption("--system", REFERENCE))
    if COVERAGE not in config.stash:
        config.stash[COVERAGE] = Coverage(config.stash[_claims].system)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give each claim a test of its own."""
    claims = metafunc.config.stash[_claims]
    if "always" in metafunc.fixturenames:
        names = [claim.name for claim in stateful.claims_to_check(claims)]
        metafunc.parametrize("always", names, ids=names)
    if "sometimes" in metafunc.fixturenames:
        names = [claim.name for claim in claims.claims if isinstance(claim, Sometimes)]
        metafunc.parametrize("sometimes", names, ids=names)


@pytest.fixture(scope="session")
def claims(pytestconfig: pytest.Config) -> Claims:
    """The system under test and what is claimed of it."""
    return pytestconfig.stash[_claims]


@pytest.fixture(scope="session")
def coverage(pytestconfig: pytest.Config) -> Coverage:
    """Where this process counts what its walks reach."""
    return pytestconfig.stash[COVERAGE]


@pytest.fixture(scope="session")
def target(claims: Claims) -> Target:
    """The system under test as a target."""
    return OracleTarget(claims.system)


@pytest.fixture(scope="session")
def witnesses(claims: Claims) -> dict[str, Finding]:
    """What the checker found of each claim that something happens, worked out once."""
    names = [claim.name for claim in claims.claims if isinstance(claim, Sometimes)]
    findings = check(claims, only=names).findings if names else ()
    return {finding.claim.name: finding for finding in findings}


@pytest.fixture(scope="session")
def walking(pytestconfig: pytest.Config) -> settings:
    """How walks are made: the same at every run, unless a profile or a seed of Hypothesis was asked for."""
    chosen = pytestconfig.getoption("--hypothesis-profile", None)
    seeded = pytestconfig.getoption("--hypothesis-seed", None) is not None
    base = settings() if chosen else settings(max_examples=WALKS, stateful_step_count=STEPS, derandomize=not seeded)
    return stateful.walking(settings(base, database=None))
