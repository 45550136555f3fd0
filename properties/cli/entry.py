"""Where commands start: without the packages that they need there is one message, and no traceback."""

import sys

from properties.profile import named
from statemachines.extras import MissingExtraError, optional_imports


def run(command: str) -> None:
    """Run the command that ``module:attribute`` names."""
    try:
        with optional_imports():
            main = named(command)  # imports click
    except MissingExtraError as error:
        sys.exit(f"Error: {error}")
    main()


def statemachines() -> None:
    """Run the command `statemachines`."""
    run("properties.cli.main:main")
