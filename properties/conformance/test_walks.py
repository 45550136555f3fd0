"""The random layer: walks beside the reference."""

import pytest

from properties.conformance.walks import walk


def test_walks(chunk, conformance, record_property):
    """On steered walks the target says what the reference says, at every step."""
    found = walk(conformance, chunk)
    if found is not None:
        record_property("rule", found["rule"])
        pytest.fail(found["text"], pytrace=False)
