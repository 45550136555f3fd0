"""The database: its tables, and its transactions, in SQLite or PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from json import JSONDecodeError
from threading import Lock
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    create_engine,
    event,
    func,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from statemachines.errors import StatemachinesError

BUSY_SECONDS = 10
"""How long a transaction waits for another one, of another process, too."""

_DRIVER = "postgresql+psycopg"
_ONE_AT_A_TIME = 8_317_402_551
"""The number of the lock that is held while tables or instances are made, in PostgreSQL."""


class _Object(TypeDecorator[dict[str, Any]]):
    """An object in JSON, which a damaged database may lack."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Any) -> dict[str, Any]:  # noqa: ARG002
        if isinstance(value, dict):
            return value
        raise JSONDecodeError("expected an object", str(value), 0)


METADATA = MetaData()
ABOUT = Table("about", METADATA, Column("digest", String, primary_key=True))
INSTANCES = Table(
    "instances",
    METADATA,
    Column("name", String, primary_key=True),
    Column("made", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", _Object, nullable=False),
    Column("facts", JSON(none_as_null=True)),
)
STEPS = Table(
    "steps",
    METADATA,
    Column("instance", ForeignKey("instances.name", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("key", String),
    Column("request", _Object, nullable=False),
    Column("verdict", _Object, nullable=False),
    Column("changes", JSON, nullable=False),
    UniqueConstraint("instance", "key"),
)
LATER = Table(
    "later",
    METADATA,
    Column("instance", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("due", Float, nullable=False),
    Column("headers", JSON, nullable=False),
    Column("body", Text, nullable=False),
    Column("address", String),
    Column("tried", Integer, nullable=False),
    Column("times", Integer, nullable=False),
    Column("next_try", Float, index=True),
    ForeignKeyConstraint(["instance", "number"], ["steps.instance", "steps.number"], ondelete="CASCADE"),
)


class StoreError(StatemachinesError):
    """A database that cannot be used."""


class Database:
    """Transactions in a database.

    What was written is kept once its transaction has ended: SQLite's journal is a write-ahead log that is flushed at
    every commit, and PostgreSQL does the same unless its server is set up otherwise.

    Parameters
    ----------
    name: a file of SQLite, which is made if it is not there; or ``postgresql://user@host/database``.

    Raises
    ------
    StoreError: for the address of a database of another kind.
    """

    def __init__(self, name: str) -> None:
        url = _url(name)
        self.shown = url.render_as_string(hide_password=True) if "://" in name else name
        self._postgresql = url.drivername == _DRIVER
        if self._postgresql:
            self._writes: Any = nullcontext()
            self._engine = create_engine(
                url, pool_size=8, max_overflow=64, connect_args={"connect_timeout": BUSY_SECONDS}
            )
            self._reading = self._engine
        else:
            self._writes = Lock()  # quicker than SQLite's own, which is polled
            self._engine = create_engine(
                url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, pool_size=8, max_overflow=64
            )
            event.listen(self._engine, "connect", _connected)
            event.listen(self._engine, "begin", _begun)
            self._reading = self._engine.execution_options(reading=True)

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[Connection]:
        """A transaction that is kept when it ends well; with `alone`, no other such one runs meanwhile."""
        with _words_of_damage(), self._writes, self._engine.begin() as connection:
            if alone and self._postgresql:
                connection.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees what is kept."""
        with _words_of_damage(), self._reading.connect() as connection:
            yield connection

    def close(self) -> None:
        """End every connection."""
        self._engine.dispose()


@contextmanager
def _words_of_damage() -> Iterator[None]:
    try:
        yield
    except (UnicodeDecodeError, JSONDecodeError) as error:  # of SQLite's own messages, too, which quote the file
        raise DatabaseError(None, None, ValueError("it is damaged: it has what is not UTF-8, or not JSON")) from error


def _url(name: str) -> URL:
    if name in ("", ":memory:"):  # SQLite's own words for what no file keeps
        raise StoreError(f"a database {name!r} keeps nothing, expected a file or postgresql://user@host/database")
    if "://" not in name:
        return URL.create("sqlite", database=name)
    try:
        url = make_url(name)
    except ArgumentError:
        raise StoreError("the database is not an address, expected a file or postgresql://user@host/database") from None
    kind = url.get_backend_name()
    if kind not in ("postgresql", "postgres"):
        raise StoreError(f"a database of the kind {kind!r}, expected a file or postgresql://user@host/database")
    return url.set(drivername=_DRIVER)


def _connected(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, and not at the first write
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begun(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
