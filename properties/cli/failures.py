"""From errors to exit codes.

0: all is well. 1: a finding; commands exit so by themselves. 2: input or options that cannot be used. 3: a fault of
the tool.
"""

import click

from properties.console.terminal import InputError
from statemachines.errors import EnginesDisagreeError, StatemachinesError

REPORT = "This is a fault of the tool, not of your declarations. Please report it, with the command and the system."


class OurFault(click.ClickException):
    """A fault of the tool, with a request to report it."""

    exit_code = 3


def refusal(error: Exception) -> click.ClickException | None:
    """What the command line says of an error; ``None`` of one that is none of the framework's."""
    if isinstance(error, EnginesDisagreeError):
        return OurFault(f"{error}\n{REPORT}")
    return InputError(str(error)) if isinstance(error, StatemachinesError) else None
