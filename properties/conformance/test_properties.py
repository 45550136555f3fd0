"""Each property, on the target."""

import pytest

from properties.conformance.own import property_of_itself


def test_property(claim_name, conformance, tell):
    """Where the property's case happens, the target does what the property says."""
    if conformance.of_itself:
        found = property_of_itself(conformance, claim_name)
        if found:
            pytest.fail(found, pytrace=False)
    else:
        tell(conformance.handed.properties[claim_name])
