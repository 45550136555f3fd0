"""Each rule, on the target."""

from collections.abc import Callable

from properties.conformance.session import Session
from properties.conformance.transfer import Told


def test_rule(rule: str, conformance: Session, tell: Callable[[Told], None]) -> None:
    """Everything that the reference says under the rule is what the target says."""
    tell(conformance.handed.rules[rule])


def test_vector(vector: str, conformance: Session, tell: Callable[[Told], None]) -> None:
    """A sequence that was asked for by name."""
    tell(conformance.handed.vectors[vector])
