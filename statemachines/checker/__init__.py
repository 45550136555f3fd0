"""Proofs over every reachable state. Needs NumPy and OxiDD, which the extra `check` brings."""

from statemachines.extras import optional_imports

with optional_imports():
    import numpy  # noqa: F401
