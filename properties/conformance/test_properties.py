"""Each property, on the target."""

from collections.abc import Callable

import pytest

from properties.conformance.own_claims import property_of_itself
from properties.conformance.session import Session
from properties.conformance.transfer import Message


def test_property(claim_name: str, conformance: Session, conclude: Callable[[Message], None]) -> None:
    """Where the property's case happens, the target does what the property says."""
    if conformance.of_itself:
        broken = property_of_itself(conformance, claim_name)
        if broken:
            pytest.fail(broken, pytrace=False)
    else:
        conclude(conformance.results.properties[claim_name])
