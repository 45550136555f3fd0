"""Where the commands start: without the packages that they need there is one message, and no traceback."""

import sys

from statemachines.extras import MissingExtraError, optional_imports


def smets1() -> None:
    """Run the command `smets1`."""
    try:
        with optional_imports():
            from properties.cli.main import main  # noqa: PLC0415  # imports click
    except MissingExtraError as error:
        sys.exit(f"Error: {error}")
    main()
