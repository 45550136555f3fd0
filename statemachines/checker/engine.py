"""The engines that decide claims: sets of states as decision diagrams, or explicit states."""

from enum import Enum


class Engine(Enum):
    """How `check` explores the reachable states."""

    AUTO = "auto"
    """Sets of states, and states one by one where the diagrams of the sets grow too large."""
    SYMBOLIC = "symbolic"
    """Sets of states of the whole system, as decision diagrams."""
    EXPLICIT = "explicit"
    """States one by one, on slices of the system."""
