"""Each rule, on the target."""

from collections.abc import Callable

from properties.conformance.session import Session
from properties.conformance.transfer import Message


def test_rule(rule: str, conformance: Session, conclude: Callable[[Message], None]) -> None:
    """Whatever the reference decides under the rule, the target decides alike."""
    conclude(conformance.results.rules[rule])


def test_vector(vector: str, conformance: Session, conclude: Callable[[Message], None]) -> None:
    """A sequence that was asked for by name."""
    conclude(conformance.results.vectors[vector])
