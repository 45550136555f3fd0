"""Each property, on the target."""

from collections.abc import Callable

import pytest

from properties.conformance.own_claims import property_of_itself
from properties.conformance.session import Session
from properties.conformance.transfer import Told


def test_property(claim_name: str, conformance: Session, tell: Callable[[Told], None]) -> None:
    """Where the property's case happens, the target does what the property says."""
    if conformance.of_itself:
        found = property_of_itself(conformance, claim_name)
        if found:
            pytest.fail(found, pytrace=False)
    else:
        tell(conformance.handed.properties[claim_name])
