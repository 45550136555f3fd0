"""Fixtures of targets, for the tests of SMETS1's own."""

from tests.properties.conformance.conftest import misbehaviour, opened, serving

__all__ = ["misbehaviour", "opened", "serving"]
