"""Files that commands write."""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from properties.console.terminal import InputError


def write(path: Path, content: bytes) -> Path:
    """Write the file whole or not at all: whoever reads it meanwhile sees the old one.

    A symbolic link stays, and what it leads to is written. A device or a pipe stays too, and is written to directly.

    Parameters
    ----------
    path: where; directories that are missing are made.
    content: all of it.

    Raises
    ------
    InputError: in one message, where it cannot be written.
    """
    return write_parts(path, (content,))


def write_parts(path: Path, parts: Iterable[bytes]) -> Path:
    """The same of a file whose parts are made one by one, and never held together."""
    with _refusing(path):
        if _is_special(path):
            with path.open("wb") as stream:
                stream.writelines(parts)
            return path
        real, half = _replaced(path)
        real.parent.mkdir(parents=True, exist_ok=True)
        try:
            with half.open("wb") as stream:
                stream.writelines(parts)
            half.replace(real)
        finally:
            with suppress(OSError):
                half.unlink(missing_ok=True)
    return path


def expect_writable(path: Path) -> None:
    """Refuse a path that `write` would refuse, before there is anything to write; nothing is left there."""
    with _refusing(path):
        if _is_special(path):
            if not os.access(path, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return
        real, half = _replaced(path)
        there = next(folder for folder in half.parents if folder.exists())
        if there != real.parent:  # the directories below it are made, and the name will fit there as well as here
            half = there / half.name
        try:
            half.touch()
        finally:
            with suppress(OSError):
                half.unlink(missing_ok=True)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """One message for any error of the file system."""
    if not path.name or str(path) == "-":
        raise InputError(f"cannot write {str(path)!r}: expected the name of a file")
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise InputError(f"cannot write {path}: {path.parent} is not a directory") from error
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from error


def _is_special(path: Path) -> bool:
    """Whether it is there, and is neither a file nor a directory: a device, a pipe, a socket."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    return not stat.S_ISREG(mode)


def _replaced(path: Path) -> tuple[Path, Path]:
    """The file that is replaced, which is where links lead, and the one beside it that takes its place."""
    real = Path(os.path.realpath(path))
    return real, real.with_name(f".{real.name}.{os.getpid()}")


def expect_empty(out: Path) -> None:
    """Refuse a directory with anything in it: runs of another day must not be taken for these."""
    try:
        if out.exists() and any(out.iterdir()):
            raise InputError(f"{out} is not empty, expected an empty directory or a new one")
    except OSError as error:
        raise InputError(f"cannot write to {out}: {error.strerror}") from None
