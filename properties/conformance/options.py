"""Names and usual values of the suite's options."""

REFERENCE = "properties.installation:CLAIMS"
HANDED = "smets1_conformance"
"""Under which name processes of pytest-xdist hand things over."""

COMMANDS = {"pytest": ("pytest", "--pyargs", "properties.conformance"), "smets1": ("smets1", "conform")}
"""The commands that run the suite."""

PACKAGE = "properties.conformance"
ANSWER_SECONDS, START_SECONDS, RUN_SECONDS = 10.0, 30.0, 600.0
WALKS = 200
"""Walks of the random layer in all."""
