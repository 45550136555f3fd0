"""Records: the entries of log files, JSON Lines, CSV, Parquet or XES, plain or compressed.

A file is read once, in batches. What cannot be read is counted with its line, and nothing else is lost.
"""

import csv
import json
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeVar, cast

import attrs

from statemachines.errors import StatemachinesError
from statemachines.extras import optional_imports
from statemachines.files.content import exists, is_folder
from statemachines.files.shown import printable, shown

with optional_imports():
    import pyarrow as pa
    import pyarrow.parquet as pq
    from lxml import etree

T = TypeVar("T")

BATCH = 65_536
"""The most records of a batch."""
LONGEST_LINE = 1 << 20
"""The most characters of a line."""
NOBODYS = frozenset({"broken line", "no case", "broken end of a file", "document that cannot be read"})
"""The kinds of problems with entries of which it is not known whose they are."""
UNKNOWN_WORD = "unknown or missing word"
"""The kind of an entry of which a word cannot be read."""
SEPARATORS = ",;\t|"
"""What may stand between the cells of CSV: whichever makes most of the columns of its first line."""
SAMPLE = 5
"""How many problems of a kind are shown."""

Record = tuple[int, tuple[str | None, ...]]
"""The number of a line (of XES, of an event; of Parquet, of a row), and what it has in each column."""


class LogError(StatemachinesError, ValueError):
    """A log that cannot be read at all: one line that names the file, and what was expected."""


@attrs.define
class Problems:
    """What of a log could not be read or understood: how much of each kind, and a sample."""

    counts: dict[str, int] = attrs.field(factory=dict)
    samples: dict[str, list[str]] = attrs.field(factory=dict)

    def add(self, kind: str, where: str, what: str = "", times: int = 1) -> None:
        """Count a problem."""
        self.counts[kind] = self.counts.get(kind, 0) + times
        sample = self.samples.setdefault(kind, [])
        if len(sample) < SAMPLE:
            sample.append(f"{where}: {what}" if what else where)

    def first(self) -> str:
        """In words what came first, or nothing."""
        return next((f" ({kind}: {sample[0]})" for kind, sample in self.samples.items()), "")

    def add_all(self, other: "Problems") -> None:
        """Count those of another part of the log."""
        for kind, count in other.counts.items():
            self.counts[kind] = self.counts.get(kind, 0) + count
            sample = self.samples.setdefault(kind, [])
            sample += other.samples[kind][: SAMPLE - len(sample)]


def log_files(sources: Sequence[str], suffixes: Collection[str] = ()) -> list[Path]:
    """The files that names, folders and patterns stand for, in order; ``-`` is standard input.

    Of a folder, those whose names say that they are logs, or end in one of the suffixes, but none in a hidden
    folder in it.

    Raises `LogError` for what stands for none.
    """
    files: list[Path] = []
    for source in sources:
        path = Path(source)
        if is_folder(path):
            these = sorted(one for one in _below(path) if (kind_of(one) or has_suffix(one, suffixes)) and one.is_file())
        elif source == "-" or exists(path):
            these = [path]
        else:
            these = sorted(Path(path.anchor or ".").glob(str(path.relative_to(path.anchor)))) if "*" in source else []
        if not these:
            raise LogError(f"{printable(source)}: there is no such log; expected a file, a folder, a pattern or -")
        files += these
    return files


def _below(folder: Path) -> Iterator[Path]:
    """The files in a folder and in its folders that are not hidden: in a ``.git`` or ``.venv`` nobody keeps logs."""
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(where, name) for name in names)


def kind_of(path: Path) -> str | None:
    """The format that the name of a file says, or ``None``."""
    return {
        "jsonl": "jsonl", "ndjson": "jsonl", "csv": "csv", "parquet": "parquet", "xes": "xes",
    }.get(_uncompressed(path).rpartition(".")[2])  # fmt: skip


def has_suffix(path: Path, suffixes: Iterable[str]) -> bool:
    """Whether the name of a file, plain or compressed, ends in one of these, in capitals or not."""
    return _uncompressed(path).endswith(tuple(suffixes))


def _uncompressed(path: Path) -> str:
    name = path.name.lower()
    return name.removesuffix(path.suffix.lower()) if compression_of(path) else name


def compression_of(path: Path) -> str | None:
    """How the name of a file says that it is compressed, in Arrow's words, or ``None``."""
    return {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}.get(path.suffix.lower())


def read_records(path: Path, columns: Sequence[str], problems: Problems, kind: str | None = None) -> Iterator[Record]:
    """The records of one file, in its order.

    Parameters
    ----------
    path: the file; ``-`` is standard input, in JSON Lines unless ``kind`` says otherwise.
    columns: what is read of each record; of JSON, ``a.b`` is the key ``b`` of the object under ``a``. Of XES,
        ``case:KEY`` is an attribute of the trace.
    problems: where what cannot be read is counted.
    kind: the format, where the name does not say it.

    Raises
    ------
    LogError: if it is no log at all.
    """
    kind = kind or ("jsonl" if str(path) == "-" else kind_of(path))
    if kind is None:
        raise LogError(
            f"{printable(str(path))}: expected a name that ends in .jsonl, .csv, .parquet or .xes (.gz, .zst)"
        )
    with read_errors(path, problems):
        if kind == "parquet":
            yield from _parquet(path, columns)
            return
        with opened(path) as stream:
            yield from _READERS[kind](stream, path, columns, problems)


@contextmanager
def read_errors(path: Path, problems: Problems) -> Iterator[None]:
    """Count what ends a file too early; `LogError` for what cannot be read at all."""
    try:
        yield
    except OSError as error:
        if error.errno is not None:
            raise LogError(f"{printable(str(path))}: {error.strerror}") from None
        problems.add("broken end of a file", printable(str(path)), printable(str(error)))
    except (pa.ArrowException, UnicodeDecodeError) as error:  # UnicodeDecodeError: a damaged name of a column
        raise LogError(f"{printable(str(path))}: {shown(str(error), 120)}") from None


def opened(path: Path) -> IO[bytes]:
    """The bytes of a file, uncompressed."""
    if str(path) == "-":
        return cast(IO[bytes], pa.PythonFile(_standard_input(), mode="r"))
    return cast(IO[bytes], pa.input_stream(str(path), compression=compression_of(path)))


def _standard_input() -> IO[bytes]:
    import sys  # noqa: PLC0415  # so that a test can put another one there

    return sys.stdin.buffer


def _lines(stream: IO[bytes]) -> Iterator[str]:
    text = TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    while line := text.readline(LONGEST_LINE):
        yield line


def _json_lines(stream: IO[bytes], path: Path, columns: Sequence[str], problems: Problems) -> Iterator[Record]:
    ways = [column.split(".") for column in columns]
    simple = all(len(way) == 1 for way in ways)
    for number, record in _objects(stream, path, problems):
        values = [record.get(column) for column in columns] if simple else [_within(record, way) for way in ways]
        yield number, tuple(_word(value) for value in values)


def json_objects(path: Path, problems: Problems) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file of JSON Lines, each with the number of its line; other lines are counted."""
    with read_errors(path, problems), opened(path) as stream:
        yield from _objects(stream, path, problems)


def _objects(stream: IO[bytes], path: Path, problems: Problems) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(_lines(stream), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            if "\\u" in line:
                json.dumps(record, ensure_ascii=False).encode()  # half of a surrogate pair is no text
        except (ValueError, RecursionError):
            record = None
        if not isinstance(record, dict):
            problems.add("broken line", f"{printable(path.name)}:{number}", shown(line.strip(), 60))
            continue
        yield number, record


def _within(record: Any, way: Sequence[str]) -> Any:
    for key in way:
        record = record.get(key) if isinstance(record, dict) else None
    return record


def _word(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return json.dumps(value) if isinstance(value, bool | dict | list) else str(value)


def _csv(stream: IO[bytes], path: Path, columns: Sequence[str], problems: Problems) -> Iterator[Record]:
    lines = _lines(stream)
    first = next(lines, "")
    headers = {separator: next(csv.reader([first], delimiter=separator), []) for separator in SEPARATORS}
    separator = max(headers, key=lambda one: sum(column in headers[one] for column in columns))
    header, rows = headers[separator], csv.reader(lines, delimiter=separator)
    indices = [header.index(column) if column in header else None for column in columns]
    if all(index is None for index in indices):
        raise LogError(
            f"{printable(path.name)}: its first line is {shown(first.strip(), 60)}, expected some of the columns "
            f"{', '.join(columns)}"
        )
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            problems.add("broken line", f"{printable(path.name)}:{rows.line_num + 1}", printable(str(error)))
            continue
        if len(row) != len(header):
            if row:
                what = f"{len(row)} cells, expected {len(header)}"
                problems.add("broken line", f"{printable(path.name)}:{rows.line_num + 1}", what)
            continue
        yield rows.line_num + 1, tuple(None if index is None else row[index] or None for index in indices)


def _xes(stream: IO[bytes], path: Path, columns: Sequence[str], problems: Problems) -> Iterator[Record]:
    number = 0
    try:
        events = etree.iterparse(
            stream, events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        for _, element in events:
            if etree.QName(element).localname != "trace":
                continue
            own = {f"case:{key}": value for key, value in _attributes(element).items()}
            for event in element.iterchildren("{*}event"):
                number += 1
                values = own | _attributes(event)
                yield number, tuple(values.get(column) or None for column in columns)
            element.clear()
            if (parent := element.getparent()) is not None:  # a trace may be all there is, after a comment
                while element.getprevious() is not None:
                    del parent[0]
    except (etree.XMLSyntaxError, ValueError) as error:  # ValueError: a tag such as ":string"
        if not number:
            raise LogError(f"{printable(path.name)}: no XES: {printable(str(error))}") from None
        problems.add("broken end of a file", printable(path.name), printable(str(error)))


def _attributes(element: Any) -> dict[str, str]:
    return {
        child.get("key"): child.get("value")
        for child in element
        if isinstance(child.tag, str) and child.get("key") is not None and child.get("value") is not None
    }


def _parquet(path: Path, columns: Sequence[str]) -> Iterator[Record]:
    for batch in _parquet_batches(path, columns):
        lists = [column.to_pylist() for column in batch.columns]
        yield from enumerate(zip(*lists, strict=True), batch.first)


@attrs.frozen(eq=False)
class Columns:
    """Records of Parquet as columns: the number of the first, and an array of strings for each column."""

    first: int
    columns: "tuple[pa.Array, ...]"


def _parquet_batches(path: Path, columns: Sequence[str]) -> Iterator[Columns]:
    first = 1
    with pq.ParquetFile(path) as file:
        names = Counter(file.schema_arrow.names)
        there = [column for column in columns if names[column]]
        for column in there:
            if names[column] > 1:
                raise LogError(
                    f"{printable(path.name)}: it has {names[column]} columns {printable(column)}, expected one"
                )
        if not there:
            raise LogError(f"{printable(path.name)}: it has none of the columns {', '.join(columns)}")
        for batch in file.iter_batches(BATCH, columns=there):
            missing = pa.nulls(len(batch), pa.string())
            yield Columns(
                first, tuple(_texts(batch.column(column)) if column in there else missing for column in columns)
            )
            first += len(batch)


def _texts(column: Any) -> Any:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type):
        return pa.array([None if one is None else one.isoformat() for one in column.to_pylist()], pa.string())
    texts = column.cast(pa.string())
    texts.validate(full=True)  # a damaged file may have what is not UTF-8
    return texts


def read_batches(
    path: Path, columns: Sequence[str], problems: Problems, kind: str | None = None
) -> Iterator[list[Record] | Columns]:
    """The same records as `read_records`, many at a time; those of Parquet as columns."""
    if (kind or kind_of(path)) != "parquet":
        yield from batches(read_records(path, columns, problems, kind))
        return
    with read_errors(path, problems):
        yield from _parquet_batches(path, columns)


_READERS: dict[str, Callable[[IO[bytes], Path, Sequence[str], Problems], Iterator[Record]]] = {
    "jsonl": _json_lines, "csv": _csv, "xes": _xes,
}  # fmt: skip


def batches(records: Iterable[T]) -> Iterator[list[T]]:
    """Records, or entries, many at a time."""
    iterator = iter(records)
    while batch := list(islice(iterator, BATCH)):
        yield batch
