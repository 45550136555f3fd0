"""Systems with one fault planted, and what catches it. Needs NumPy, which the extra `check` brings."""

from statemachines.extras import optional_imports

with optional_imports():
    import numpy  # noqa: F401
