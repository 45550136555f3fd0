"""From errors to exit codes, in one place.

0: all is well. 1: a finding; commands exit so by themselves. 2: input or options that cannot be used. 3: a fault of
ours.
"""

import click

from properties.console.terminal import Refused

REPORT = "This is a fault of the tool and none of your declaration: please report it, with the command and the system."


class OurFault(click.ClickException):
    """A fault of ours, with a request to report it."""

    exit_code = 3

    def show(self, file: object = None) -> None:  # noqa: ARG002  # click's parameter
        """Say what happened, and that it should be reported."""
        click.echo(f"Error: {self.format_message()}\n{REPORT}", err=True)


def of_the_user() -> tuple[type[Exception], ...]:
    """The errors that are about what the user gave; loaded only once there is an error."""
    from properties.console.spec import SpecError  # noqa: PLC0415
    from properties.tracing.gallery import NoPictureError  # noqa: PLC0415
    from properties.tracing.results import ReportError  # noqa: PLC0415
    from properties.tracing.traceability import TraceError  # noqa: PLC0415
    from statemachines.errors import DeclarationError, DrawingError  # noqa: PLC0415

    return SpecError, NoPictureError, ReportError, TraceError, DeclarationError, DrawingError


def refusal(error: Exception) -> click.ClickException | None:
    """What the command line says of an error; ``None`` of one that it knows nothing of."""
    return Refused(str(error)) if isinstance(error, of_the_user()) else None
