"""Names and usual values of the suite's options."""

REFERENCE = "properties.smets1.installation:CLAIMS"
HANDED = "smets1_conformance"
"""Under which name processes of pytest-xdist hand things over."""

COMMANDS = {
    "pytest": ("pytest", "--pyargs", "properties.conformance"),
    "smets1": ("smets1", "conform"),
    "statemachines": ("statemachines", "conform"),
}
"""The commands that run the suite."""

ANSWER_SECONDS, START_SECONDS, RUN_SECONDS = 10.0, 30.0, 600.0
MOST_SECONDS = 1e6
"""More than this is no limit, and more than an alarm can wait for."""

NO_SECONDS = "expected a number of seconds, more than 0 and less than a million"
WALKS = 200
"""Walks of the random layer in all."""


def seconds(text: str) -> float:
    """How long something may take; `ValueError` for what is no time."""
    found = float(text)
    if not 0 < found < MOST_SECONDS:
        raise ValueError(text)
    return found
