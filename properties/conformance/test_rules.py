"""Each rule, on the target."""


def test_rule(rule, conformance, tell):
    """Everything that the reference says under the rule is what the target says."""
    tell(conformance.handed.rules[rule])


def test_vector(vector, conformance, tell):
    """A sequence that was asked for by name."""
    tell(conformance.handed.vectors[vector])
