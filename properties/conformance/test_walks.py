"""The random layer: walks beside the reference."""

from collections.abc import Callable

import pytest

from properties.conformance.session import Session
from properties.conformance.targets.misbehaviour import OutOfTime, TargetError
from properties.conformance.walks import walk


def test_walks(chunk: int, conformance: Session, record: Callable[[str, str], None]) -> None:
    """On steered walks the target says what the reference says, at every step."""
    try:
        found = walk(conformance, chunk)
    except TargetError as error:  # it is gone, which is told where it was met first
        if conformance.handed.failed or conformance.walked.failures or conformance.said_untested:
            pytest.skip(f"not tested: {error}")
        conformance.said_untested = True
        pytest.fail(f"not tested: {error}", pytrace=False)
    except OutOfTime as error:
        pytest.skip(f"not tested: {error}")
    if found is not None:
        record("rule", found["rule"])
        if found["known"]:
            pytest.skip(f"blocked by {found['rule']}: the walk met what had failed before")
        pytest.fail(found["text"], pytrace=False)
