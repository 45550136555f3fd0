"""Reading JSON files that a user names."""

import json
from pathlib import Path
from typing import Any

from statemachines.files.content import FileError, read_bytes
from statemachines.files.shown import printable

MAX_BYTES = 256 * 1024 * 1024
"""The largest file that is read."""


def read_json(path: Path) -> Any:
    """The content of a JSON file in UTF-8.

    Raises
    ------
    FileError: naming the file, if it cannot be read, is larger than `MAX_BYTES`, or is not JSON.
    """
    name = printable(str(path))
    try:
        data = read_bytes(path, MAX_BYTES)
    except FileError as error:
        raise FileError(f"{name}: {error}") from None
    if len(data) > MAX_BYTES:
        raise FileError(f"{name}: too large, expected at most {MAX_BYTES} bytes")
    try:
        return json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise FileError(f"{name} is not valid JSON: {error}") from None
