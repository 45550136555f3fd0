"""The deterministic layer, computed from the declarations."""

from functools import lru_cache

from properties.conformance.suite import Suite
from statemachines.core.claims import Claims


@lru_cache(maxsize=4)
def suite_of(claims: Claims) -> Suite:
    """The sequences that the checker computes for a system and what is claimed of it; the same in every process."""
    raise NotImplementedError(claims)
