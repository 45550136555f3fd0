"""How much the tests compare: what a change is judged by in minutes, or all there is, for a night.

    pytest -n 2 --hypothesis-profile=thorough

Without that profile, random examples are few and the same each time: a change is judged by what it changed. With it,
they are new and many times as many, and what is sampled of the installation is compared whole.
"""

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import HealthCheck, settings

T = TypeVar("T")

TIMES = 20
"""So many times the examples are drawn for a night."""

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("thorough", print_blob=True, deadline=None)


def thorough() -> bool:
    """Whether all there is is to be compared."""
    return settings.get_current_profile_name() == "thorough"


def every(step: int, cases: Sequence[T]) -> Sequence[T]:
    """Every n-th case; for a night, all of them."""
    return cases if thorough() else cases[::step]


def examples(few: int) -> settings:
    """So many random examples, or many times as many; how long one takes says nothing."""
    return settings(
        max_examples=few * TIMES if thorough() else few, deadline=None, suppress_health_check=list(HealthCheck)
    )
