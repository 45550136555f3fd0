"""Where the command `smets1` starts."""

from properties.cli.entry import run


def smets1() -> None:
    """Run the command `smets1`."""
    run("properties.smets1.command:main")
