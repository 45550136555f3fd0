"""Opening a target by its SPEC."""

from pathlib import Path

from properties.conformance.targets.target import Limits, Target
from statemachines.core.system import System


def open_target(
    spec: str,
    system: System,
    *,
    statement: Path | None = None,
    mapping: Path | None = None,
    limits: Limits | None = None,
) -> Target:
    """The target that a SPEC names, started and asked what it supports.

    Parameters
    ----------
    spec: ``package.module:factory``; or an address that begins with ``http://`` or ``https://``; or else a command.
    system: the reference, whose words the target speaks.
    statement: a TOML file that says what it supports, in place of its own statement.
    mapping: a TOML file that translates its words.
    limits: how long it may take; the usual ones if not given.

    Raises
    ------
    TargetError: if it cannot be started, or it or a file says something that cannot be understood.
    """
    raise NotImplementedError
