"""Misbehaviour: anything that a target does that is no verdict."""

from enum import Enum


class Misbehaviour(Enum):
    """What a target did instead of giving one verdict in time; the last two show over several runs only."""

    CRASHED = "crashed"
    HANGS = "hangs"
    LATE = "answered late"
    GARBAGE = "answered garbage"
    ANSWERS_TWICE = "answered twice"
    REFUSES = "refused"
    GONE = "is gone"
    FORGETS_RESET = "forgets to reset"
    NONDETERMINISTIC = "is not deterministic"


class Misbehaved(Exception):  # noqa: N818  # a finding, and no error of anyone who runs this
    """A target misbehaved.

    Parameters
    ----------
    kind: how. After GONE every further call ends in GONE; after anything else, `reset` begins anew.
    detail: one or more lines: what it did, what was expected, and what it last wrote to its standard error.
    unknown: the words that nobody knows, each with its aspect, where these are what is wrong.
    """

    def __init__(self, kind: Misbehaviour, detail: str, unknown: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(f"the target {kind.value}: {detail}")
        self.kind = kind
        self.detail = detail
        self.unknown = unknown


class OutOfTime(Exception):  # noqa: N818  # nobody's fault
    """The time for the whole is over, whatever the target was doing."""


class TargetError(ValueError):
    """A target that cannot be opened, or a file about it that cannot be read: one message, before anything runs."""
