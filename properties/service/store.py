"""Instances of a system, kept in a database: where each stands, and every request that it was sent."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import attrs
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from statemachines.errors import StatemachinesError

Words = dict[str, Any]
Decide = Callable[[Words, Words], tuple[Words, Words]]
"""From a state and a request to the variables that it changes and the verdict, in words."""

BUSY_SECONDS = 10
"""How long a transaction waits for another one, of another process, too."""

_METADATA = MetaData()
_ABOUT = Table("about", _METADATA, Column("digest", String, primary_key=True))
_INSTANCES = Table(
    "instances",
    _METADATA,
    Column("name", String, primary_key=True),
    Column("made", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", JSON, nullable=False),
)
_STEPS = Table(
    "steps",
    _METADATA,
    Column("instance", ForeignKey("instances.name", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("key", String),
    Column("request", JSON, nullable=False),
    Column("verdict", JSON, nullable=False),
    Column("changes", JSON, nullable=False),
    UniqueConstraint("instance", "key"),
)


class StoreError(StatemachinesError):
    """A database that cannot be used."""


class UnknownInstance(LookupError):  # noqa: N818  # a client asked for it, and nobody made an error
    """There is no such instance."""


class Changed(Exception):  # noqa: N818
    """The instance is not as the client expects."""


class KeyReused(Exception):  # noqa: N818
    """A key that another request of the instance has."""


class Full(Exception):  # noqa: N818
    """There are as many instances as there may be."""


@attrs.frozen
class Instance:
    """An instance.

    Parameters
    ----------
    name: by which it is known.
    made: other than that of any instance of the same name before.
    number: how many requests it has been sent.
    state: where it stands, in words.
    """

    name: str
    made: str
    number: int
    state: Words

    @property
    def etag(self) -> str:
        """Changes with every request, and comes never again."""
        return f'"{self.made}-{self.number}"'


@attrs.frozen
class Step:
    """A request that an instance was sent.

    Parameters
    ----------
    number: the first is 1.
    key: under which it was sent; ``None`` if it had none.
    request, verdict: in words.
    changes: the variables that it changed, with their values afterwards.
    """

    number: int
    key: str | None
    request: Words
    verdict: Words
    changes: Words


class Store:
    """The database.

    What a method returns is in the file: SQLite's journal is a write-ahead log which is flushed at every commit.

    Parameters
    ----------
    path: of the file; it is made if it is not there.
    digest: of the system; the file keeps instances of one system only.
    most: how many instances there may be.

    Raises
    ------
    StoreError: for a file that is no such database, or has instances of another system.
    """

    def __init__(self, path: Path, digest: str, most: int) -> None:
        self._most = most
        self._writes = Lock()  # quicker than SQLite's own, which is polled
        self._engine = create_engine(
            URL.create("sqlite", database=str(path)),
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
            pool_size=8,
            max_overflow=64,
        )
        event.listen(self._engine, "connect", _connected)
        event.listen(self._engine, "begin", _begun)
        self._reading: Engine = self._engine.execution_options(reading=True)
        try:
            with self._writing() as connection:
                _METADATA.create_all(connection)
                kept = connection.scalar(select(_ABOUT.c.digest))
                if kept is None:
                    connection.execute(insert(_ABOUT).values(digest=digest))
        except DatabaseError as error:
            raise StoreError(f"{path} cannot be used as a database: {error.orig}") from None
        if kept not in (None, digest):
            raise StoreError(f"{path} keeps instances of another system, or of another version of this one")

    @classmethod
    @contextmanager
    def opened(cls, path: Path, digest: str, most: int) -> Iterator["Store"]:
        """A database that is closed at the end."""
        store = cls(path, digest, most)
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._writes, self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """End every connection."""
        self._engine.dispose()

    def count(self) -> int:
        """How many instances there are."""
        with self._reading.connect() as connection:
            return _count(connection)

    def put(self, name: str, state: Words, expected: Callable[[str | None], bool] = lambda _: True) -> Instance:
        """An instance in this state, which has been sent nothing; one of the same name is replaced.

        Parameters
        ----------
        expected: whether the tag of the present one is as it should be; ``None`` is that of none.

        Raises
        ------
        Changed: if it is not.
        Full: where there may be no more.
        """
        with self._writing() as connection:
            present = _instance(connection, name)
            if not expected(None if present is None else present.etag):
                raise Changed
            if present is None and _count(connection) >= self._most:
                raise Full
            connection.execute(delete(_STEPS).where(_STEPS.c.instance == name))
            connection.execute(delete(_INSTANCES).where(_INSTANCES.c.name == name))
            made = Instance(name, secrets.token_hex(8), 0, state)
            connection.execute(insert(_INSTANCES).values(attrs.asdict(made)))
            return made

    def get(self, name: str) -> Instance:
        """The instance; `UnknownInstance` if there is none."""
        with self._reading.connect() as connection:
            return _known(connection, name)

    def delete(self, name: str, expected: Callable[[str | None], bool] = lambda _: True) -> None:
        """Forget the instance, and what it was sent.

        Raises
        ------
        UnknownInstance, Changed: as the names say.
        """
        with self._writing() as connection:
            if not expected(_known(connection, name).etag):
                raise Changed
            connection.execute(delete(_STEPS).where(_STEPS.c.instance == name))
            connection.execute(delete(_INSTANCES).where(_INSTANCES.c.name == name))

    def send(
        self,
        name: str,
        request: Words,
        decide: Decide,
        key: str | None = None,
        expected: Callable[[str | None], bool] = lambda _: True,
    ) -> tuple[Instance, Step, bool]:
        """The instance after a request, the step that it made, and whether that was made before.

        Parameters
        ----------
        key: a request that is sent again under its key is not decided again; ``None`` for one that has none.
        expected: whether the instance's tag is as it should be; not asked of a request that is sent again.

        Raises
        ------
        UnknownInstance, Changed: as the names say.
        KeyReused: if the key is another request's.
        """
        with self._writing() as connection:
            instance = _known(connection, name)
            if key is not None and (made := _step_of(connection, name, key)) is not None:
                if made.request != request:
                    raise KeyReused
                return instance, made, True
            if not expected(instance.etag):
                raise Changed
            changes, verdict = decide(instance.state, request)
            after = attrs.evolve(instance, number=instance.number + 1, state={**instance.state, **changes})
            step = Step(after.number, key, request, verdict, changes)
            connection.execute(insert(_STEPS).values(instance=name, **attrs.asdict(step)))
            connection.execute(
                update(_INSTANCES).where(_INSTANCES.c.name == name).values(number=after.number, state=after.state)
            )
            return after, step, False

    def history(self, name: str, after: int, most: int) -> list[Step]:
        """The steps of an instance after that number, at most so many; `UnknownInstance` if there is none."""
        with self._reading.connect() as connection:
            _known(connection, name)
            mine = select(_STEPS).where(_STEPS.c.instance == name, _STEPS.c.number > after)
            return [_step(row) for row in connection.execute(mine.order_by(_STEPS.c.number).limit(most))]


def _connected(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, and not at the first write
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begun(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(_INSTANCES)) or 0


def _instance(connection: Connection, name: str) -> Instance | None:
    row = connection.execute(select(_INSTANCES).where(_INSTANCES.c.name == name)).one_or_none()
    return None if row is None else Instance(row.name, row.made, row.number, row.state)


def _known(connection: Connection, name: str) -> Instance:
    instance = _instance(connection, name)
    if instance is None:
        raise UnknownInstance(name)
    return instance


def _step_of(connection: Connection, name: str, key: str) -> Step | None:
    row = connection.execute(select(_STEPS).where(_STEPS.c.instance == name, _STEPS.c.key == key)).one_or_none()
    return None if row is None else _step(row)


def _step(row: Any) -> Step:
    return Step(row.number, row.key, row.request, row.verdict, row.changes)
