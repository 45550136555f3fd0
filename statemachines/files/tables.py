"""A user's own tables, one row for each thing: CSV, TOML, or Parquet where pyarrow is installed."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from statemachines.extras import optional_imports
from statemachines.files.content import FileError, read_bytes
from statemachines.files.shown import printable, shown
from statemachines.files.toml import TomlFileError, TomlTable, parse_toml

MAX_BYTES = 256 * 1024 * 1024
"""The largest table that is read: a few million rows."""


def read_tables(path: Path, key: str) -> Iterator[TomlTable]:
    """The rows of a table, one at a time; each cell is a string, and an empty cell is one that is not there.

    Parameters
    ----------
    path: a file whose name ends in ``.csv`` (in UTF-8, its first line names the columns), ``.toml`` (tables
        ``[[key]]``) or ``.parquet``.
    key: what a row is called in TOML, and in messages.

    Raises
    ------
    TomlFileError: naming the row, or what is wrong with the file; a table without rows is refused.
    MissingExtraError: for Parquet, if pyarrow is not installed.
    """
    suffix = path.suffix.lower()
    if suffix not in {".csv", ".toml", ".parquet"}:
        raise TomlFileError(f"{printable(str(path))}: expected a file whose name ends in .csv, .toml or .parquet")
    try:
        data = read_bytes(path, MAX_BYTES)
    except FileError as error:
        raise TomlFileError(f"{printable(str(path))}: {error}") from None
    if len(data) > MAX_BYTES:
        raise TomlFileError(f"{path.name}: too large, expected at most {MAX_BYTES} bytes")
    if suffix == ".toml":
        root = parse_toml(data, path.name)
        for other in root.names():
            if other != key:
                root.refuse(other, f"no such key, but tables [[{key}]] only")
        rows = iter(root.tables(key))
    else:
        rows = _csv(data, path.name, key) if suffix == ".csv" else _parquet(data, path.name, key)
    first = next(rows, None)
    if first is None:
        raise TomlFileError(f"{path.name}: there is no {key}, expected one at least")
    return chain([first], rows)


def _csv(data: bytes, name: str, key: str) -> Iterator[TomlTable]:
    try:
        lines = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        header = [column.strip() for column in next(lines, [])]
        _expect_columns(name, header)
        for cells in lines:
            if len(cells) != len(header):
                if not cells:
                    continue
                where = f"{name}: line {lines.line_num}"
                raise TomlFileError(f"{where}: {len(cells)} cells, expected {len(header)}: as many as columns")
            texts = {column: text for column, cell in zip(header, cells, strict=True) if (text := cell.strip())}
            yield TomlTable(name, f"line {lines.line_num}: {key}", texts)
    except UnicodeDecodeError:
        raise TomlFileError(f"{name}: not UTF-8, expected CSV in UTF-8") from None
    except csv.Error as error:
        raise TomlFileError(f"{name}: not CSV: {shown(str(error), 120)}") from None


def _parquet(data: bytes, name: str, key: str) -> Iterator[TomlTable]:
    with optional_imports():
        import pyarrow  # noqa: PLC0415  # slow to load
        import pyarrow.parquet  # noqa: PLC0415

    try:
        content = pyarrow.parquet.ParquetFile(pyarrow.BufferReader(data))
        _expect_columns(name, content.schema_arrow.names)
        rows = (row for batch in content.iter_batches() for row in batch.to_pylist())
        for number, row in enumerate(rows, 1):
            yield TomlTable(name, f"row {number}: {key}", _texts(row.items()))
    # Of a damaged file pyarrow raises whatever its readers of thrift, of pages and of text do.
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        if isinstance(error, TomlFileError):
            raise
        raise TomlFileError(f"{name}: not Parquet: {shown(str(error), 120)}") from None


def _texts(cells: Iterable[tuple[str, object]]) -> dict[str, str]:
    """The cells of a row of Parquet as CSV would have them."""
    return {
        column: str(value).lower() if isinstance(value, bool) else str(value)
        for column, value in cells
        if value not in (None, "")
    }


def _expect_columns(name: str, header: Iterable[str]) -> None:
    columns = list(header)
    for column in columns:
        if not column or columns.count(column) > 1:
            raise TomlFileError(f"{name}: the column '{shown(column)}', expected names, each of one column")
