"""Where commands start: without the packages that they need there is one message, and no traceback."""

import sys

from properties.domain import named


def run(command: str) -> None:
    """Run the command that ``module:attribute`` names."""
    try:
        main = named(command)  # imports click
    except ModuleNotFoundError as error:
        from statemachines.extras import missing_extra  # noqa: PLC0415  # loads what --help does without

        missing = missing_extra(error)
        if missing is None:
            raise
        sys.exit(f"Error: {missing}")
    main()


def statemachines() -> None:
    """Run the command `statemachines`."""
    run("properties.cli.main:main")
