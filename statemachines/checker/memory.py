"""Memory: how much there is for an exploration, and how many bytes are said."""

import os
from pathlib import Path

UNKNOWN = 4 << 30
"""What is taken to be available where the system does not say: 4 GiB."""


def available() -> int:
    """How many bytes a program may take without making the system swap, as far as the system says."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return UNKNOWN


def in_words(size: int) -> str:
    """So many bytes, as people say it.

    >>> in_words(700), in_words(3 << 20), in_words(5 << 29)
    ('700 B', '3.0 MiB', '2.5 GiB')
    """
    if size < 1 << 10:
        return f"{size} B"
    for bits, unit in ((20, "KiB"), (30, "MiB")):
        if size < 1 << bits:
            return f"{size / (1 << (bits - 10)):.1f} {unit}"
    return f"{size / (1 << 30):.1f} GiB"
