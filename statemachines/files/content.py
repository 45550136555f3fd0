"""Reading a file that a user names, in bounded time and memory."""

import os
import stat
from pathlib import Path


class FileError(ValueError):
    """A file that cannot be read: the message says why."""


def read_bytes(path: Path, limit: int) -> bytes:
    """The content of a regular file, of which no more than one byte beyond the limit is read.

    Parameters
    ----------
    limit: in bytes; whoever gets more than that refuses the file.

    Raises
    ------
    FileError: if the path is no regular file, or it cannot be read.
    """
    if path == Path():
        raise FileError("no file is named")
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            data = file.read(limit + 1) if regular else b""
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror or type(error).__name__}") from None
    except ValueError:
        raise FileError("cannot be read: this cannot be the name of a file") from None
    if not regular:
        raise FileError("not a regular file")
    return data


def read_text(path: Path, limit: int) -> str:
    """The content of a regular file in UTF-8.

    Parameters
    ----------
    limit: in bytes.

    Raises
    ------
    FileError: if the path is no regular file, or it cannot be read, is larger, or is not UTF-8.
    """
    data = read_bytes(path, limit)
    if len(data) > limit:
        raise FileError(f"too large, expected at most {limit} bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise FileError("it is not UTF-8") from None


def _open_without_waiting(path: str, flags: int) -> int:
    # A FIFO nobody writes to would otherwise hold up the open itself, before anything can be asked of it.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def exists(path: Path) -> bool:
    """Whether there is a file or a folder of this name; `Path.exists` raises where the name is too long for one."""
    return os.path.exists(path)  # noqa: PTH110


def is_folder(path: Path) -> bool:
    """Whether it is a folder; not raising, in the same way."""
    return os.path.isdir(path)  # noqa: PTH112
