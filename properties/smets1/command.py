"""The command `smets1`."""

from properties.cli.main import Commands
from properties.smets1.profile import PROFILE

main = Commands(PROFILE)
