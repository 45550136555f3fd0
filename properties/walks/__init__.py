"""Walks that Hypothesis draws. Needs the extras `check` and `test`."""

from statemachines.extras import optional_imports

with optional_imports():
    import numpy  # noqa: F401
