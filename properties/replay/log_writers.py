"""Writing a log: its entries in JSON Lines, CSV or Parquet, in parts that are never held together."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from properties.replay.generator import Entry
from properties.replay.records import batches
from statemachines.extras import optional_imports
from statemachines.language.system import System
from statemachines.language.terms import ASPECTS

with optional_imports():
    import pyarrow as pa
    import pyarrow.parquet as pq


def as_json_lines(entries: Iterable[Entry], _: System) -> Iterator[bytes]:
    """The entries as JSON Lines."""
    for entry in entries:
        yield f"{json.dumps(entry, ensure_ascii=False)}\n".encode("utf-8", "backslashreplace")


def as_csv(entries: Iterable[Entry], system: System) -> Iterator[bytes]:
    """The entries as CSV, in which a field that a request has not is empty."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, columns(system), lineterminator="\n")
    writer.writeheader()
    for entry in entries:
        writer.writerow(entry)
        yield buffer.getvalue().encode("utf-8", "backslashreplace")
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue().encode()


def as_parquet(entries: Iterable[Entry], system: System) -> Iterator[bytes]:
    """The entries as Parquet, in which a field that a request has not is null."""
    schema = pa.schema([(name, pa.string()) for name in columns(system)])
    written = _Written()
    with pq.ParquetWriter(pa.PythonFile(written, mode="w"), schema) as writer:
        for some in batches(entries):
            writer.write_table(pa.Table.from_pylist(some, schema))
            yield written.taken()
    yield written.taken()


def compressed(parts: Iterable[bytes], compression: str) -> Iterator[bytes]:
    """The same bytes compressed.

    Parameters
    ----------
    compression: ``"gzip"`` or ``"zstd"``.
    """
    written = _Written()
    with pa.CompressedOutputStream(pa.PythonFile(written, mode="w"), compression) as stream:
        for part in parts:
            stream.write(part)
            yield written.taken()
    yield written.taken()


WRITERS: Mapping[str, Callable[[Iterable[Entry], System], Iterator[bytes]]] = {
    "jsonl": as_json_lines,
    "csv": as_csv,
    "parquet": as_parquet,
}
"""What writes each format."""


def columns(system: System) -> list[str]:
    """The columns of a log of the system."""
    fields = [field.name for kind in system.requests for field in kind.fields]
    return list(dict.fromkeys(["case", "time", "id", "request", *fields, *ASPECTS]))


class _Written(io.RawIOBase):
    """A file of which what was written is taken away from time to time."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        self._parts.append(bytes(data))
        self._size += len(data)
        return len(data)

    def tell(self) -> int:
        return self._size

    def taken(self) -> bytes:
        """What was written since it was asked last."""
        part = b"".join(self._parts)
        self._parts.clear()
        return part
