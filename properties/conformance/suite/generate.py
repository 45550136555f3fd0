"""The deterministic layer of a system: what is shipped, if it was computed of these declarations, or computed anew."""

from functools import lru_cache

from properties.conformance.suite.store import shipped
from properties.conformance.suite.vectors import Suite
from statemachines.language.claims import Claims


@lru_cache(maxsize=4)
def suite_of(claims: Claims) -> Suite:
    """The sequences that the checker computes for a system and what is claimed of it; the same in every process."""
    known = shipped(claims)
    if known is not None:
        return known
    from properties.conformance.suite.generator import generated  # noqa: PLC0415  # only where it has to be computed

    return generated(claims)
