"""Files that commands write."""

import os
from contextlib import suppress
from pathlib import Path

from properties.terminal import Refused


def write(path: Path, content: bytes) -> Path:
    """Write the file whole or not at all: whoever reads it meanwhile sees the old one.

    Parameters
    ----------
    path: where; directories that are missing are made.
    content: all of it.

    Raises
    ------
    Refused: in one message, where it cannot be written.
    """
    if not path.name:
        raise Refused(f"cannot write {str(path)!r}: expected the name of a file")
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            half.write_bytes(content)
            half.replace(path)
        finally:
            with suppress(OSError):
                half.unlink(missing_ok=True)
    except (FileExistsError, NotADirectoryError) as error:
        raise Refused(f"cannot write {path}: {path.parent} is not a directory") from error
    except OSError as error:
        raise Refused(f"cannot write {path}: {error.strerror}") from error
    return path


def expect_empty(out: Path) -> None:
    """Refuse a directory with anything in it: runs of another day must not be taken for these."""
    try:
        if out.exists() and any(out.iterdir()):
            raise Refused(f"{out} is not empty, expected an empty directory or a new one")
    except OSError as error:
        raise Refused(f"cannot write to {out}: {error.strerror}") from None
