"""Names and defaults of the suite's options."""

from functools import lru_cache

from properties.domain import profile_for

RESULTS = "conformance_suite"
"""Under which name processes of pytest-xdist send things to each other."""


@lru_cache(maxsize=1)
def usual_reference() -> str:
    """The reference where none is named: the SPEC of the one installed profile that has claims, or ``""``."""
    try:
        return profile_for().claims
    except LookupError:
        return ""


def command_of(asked_by: str) -> tuple[str, ...]:
    """The command that runs the suite again, of ``pytest`` or of a profile's command."""
    return ("pytest", "--pyargs", "properties.conformance") if asked_by == "pytest" else (asked_by, "conform")


ANSWER_SECONDS, START_SECONDS, RUN_SECONDS = 10.0, 30.0, 600.0
MOST_SECONDS = 1e6
"""More than this is no limit, and more than an alarm can wait for."""

CHUNKS = 25
"""The largest number of tests into which the random layer is divided: no more processes are of use."""

FAIL_UNDER = 5.0
"""Of what there is to show of the rules, the share in percent that has to be shown, or the run is no success."""

FULL, SMOKE = "full", "smoke"
SMOKE_WALKS = 0
"""Walks of a smoke run: to work out where they go takes longer than all the rest of it."""

NO_SECONDS = "expected a number of seconds, more than 0 and less than a million"
WALKS, FEWEST_WALKS, GOALS_OF_A_WALK = 200, 8, 4
"""Walks of the random layer in all: of a suite with few goals fewer, one for each four of them."""


def percent(text: str) -> float:
    """A share in percent; `ValueError` for what is none."""
    value = float(text)
    if not 0 <= value <= 100:
        raise ValueError(text)
    return value


def seconds(text: str) -> float:
    """How long something may take; `ValueError` for what is no time."""
    value = float(text)
    if not 0 < value < MOST_SECONDS:
        raise ValueError(text)
    return value
