"""Memory: how much an exploration may take, within a container's limit, how much was taken, and sizes in words."""

import os
import sys
from pathlib import Path

UNKNOWN = 4 << 30
"""What is taken to be available where the system does not say: 4 GiB."""
SHARE = 0.75
"""How much of the memory that is available when an exploration starts it may take."""


def available(root: Path = Path("/")) -> int:
    """How many bytes a program may take without making the system swap, or the container that it runs in end it.

    Parameters
    ----------
    root: where the system's files are looked for.
    """
    free = _available(root / "proc/meminfo")
    return min([free, *(max(limit - used, 0) for limit, used in _containers(root))])


def peak() -> int | None:
    """The most bytes of memory that this process has taken so far; ``None`` where the system does not say."""
    try:
        import resource  # noqa: PLC0415  # Windows has none
    except ImportError:
        return None
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return taken if sys.platform == "darwin" else taken << 10


def _available(meminfo: Path) -> int:
    try:
        lines = meminfo.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return UNKNOWN


def _containers(root: Path) -> list[tuple[int, int]]:
    """The limit and the use of each control group that this process is in and that has a limit, in bytes.

    Version 2 of control groups has one hierarchy, with ``memory.max`` in each but the root; version 1 has one for
    memory. Within a container that has its own view, the group's files are at the top of it. A group's limit holds for
    those in it, so that all are looked at up to the top. Source: the kernel's ``admin-guide/cgroup-v2.rst``.
    """
    limits = []
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        lines = []
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers:
            top, limit, use, inactive = "sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"
        elif "memory" in controllers.split(","):
            top, limit, use = "sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"
            inactive = "total_inactive_file"
        else:
            continue
        group = Path(path.strip("/"))
        for name in (group, *group.parents):
            files = root / top / name
            most, used = _number(files / limit), _number(files / use)
            if most is not None and used is not None:
                limits.append((most, max(used - _reclaimable(files / "memory.stat", inactive), 0)))
    return limits


def _number(path: Path) -> int | None:
    """The number in a file; ``None`` where there is none: no file, or ``max``."""
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _reclaimable(stat: Path, name: str) -> int:
    """The bytes of files that the kernel keeps and gives back when memory is wanted."""
    try:
        lines = stat.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name} "))
    except (OSError, ValueError, StopIteration):
        return 0


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
