"""Fixtures of targets, for the tests of SMETS1's own."""

from tests.properties.conformance.conftest import behaviours, misbehaviour, opened, serving

__all__ = ["behaviours", "misbehaviour", "opened", "serving"]
