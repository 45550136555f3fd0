"""The random layer: walks beside the reference."""

from collections.abc import Callable

import pytest

from properties.conformance.session import Session
from properties.conformance.targets.misbehaviour import OutOfTime, TargetError
from properties.conformance.walks import walk


def test_walks(chunk: int, conformance: Session, record: Callable[[str, str], None]) -> None:
    """On steered walks the target gives the verdict of the reference at every step."""
    if chunk >= len(conformance.shares):
        pytest.skip("no walks are left for this test: the suite has few goals, and earlier ones make them all")
    try:
        failure = walk(conformance, chunk)
    except TargetError as error:  # it is gone, as an earlier test says
        if conformance.results.failed or conformance.walked.failures or conformance.untested_reported:
            pytest.skip(f"not tested: {error}")
        conformance.untested_reported = True
        pytest.fail(f"not tested: {error}", pytrace=False)
    except OutOfTime as error:
        pytest.skip(f"not tested: {error}")
    if failure is not None:
        record("rule", failure["rule"])
        if failure["known"]:
            pytest.skip(f"blocked by {failure['rule']}: the walk met what had failed before")
        pytest.fail(failure["text"], pytrace=False)
