"""Stored instances of a system: the state of each, and every request that it was sent."""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import PathLike
from typing import Any

import attrs
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import DatabaseError

from properties.service.database import ABOUT, INSTANCES, LATER, METADATA, STEPS, Database, StoreError

Words = dict[str, Any]
Decide = Callable[[Words, Words], tuple[Words, Words]]
"""From a state and a request to the variables that it changes and the verdict, in words."""

LAYOUT = "3"
"""Of the tables; those of another layout are refused."""


class UnknownInstance(LookupError):  # noqa: N818  # a client asked for it, and nobody made an error
    """There is no such instance."""


class InstanceChanged(Exception):  # noqa: N818
    """The instance is not as the client expects."""


class KeyReused(Exception):  # noqa: N818
    """A key that another request of the instance has."""


class StoreFull(Exception):  # noqa: N818
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
    facts: what a domain knows of it besides, as JSON; ``None`` if nothing.
    """

    name: str
    made: str
    number: int
    state: Words
    facts: Words | None = None

    @property
    def etag(self) -> str:
        """Changes with every request, and comes never again."""
        return f'"{self.made}-{self.number}"'


@attrs.frozen
class StoredStep:
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


@attrs.frozen
class LaterAnswer:
    """An answer that comes some time after its request was acknowledged.

    Parameters
    ----------
    instance, number: the step that it answers.
    due: from when on it is there, in seconds since 1970; infinity while nobody knows.
    headers, body: what is sent; what it will be made of, while nobody knows when.
    address: where it is sent to, until it was; ``None`` if nowhere.
    tried: how often that was tried.
    times: how often it is still to be sent there.
    """

    instance: str
    number: int
    due: float
    headers: Mapping[str, str]
    body: str
    address: str | None = None
    tried: int = 0
    times: int = 1


class Turn:
    """One instance, in a transaction of its own: what is done to it here is kept together, or not at all."""

    def __init__(self, connection: Connection, instance: Instance) -> None:
        self._connection = connection
        self.before = self.instance = instance
        self._steps: list[StoredStep] = []
        self._later: list[LaterAnswer] = []

    def known(self, keys: Sequence[str]) -> dict[str, StoredStep]:
        """The requests that were sent under these keys."""
        mine = select(STEPS).where(STEPS.c.instance == self.instance.name, STEPS.c.key.in_(keys))
        steps = [_step(row) for row in self._connection.execute(mine)] if keys else []
        return {step.key: step for step in (*steps, *self._steps) if step.key is not None and step.key in keys}

    def add(self, request: Words, verdict: Words, changes: Words, key: str | None = None) -> StoredStep:
        """The step of a request that it is sent."""
        instance = self.instance
        self.instance = attrs.evolve(instance, number=instance.number + 1, state={**instance.state, **changes})
        self._steps.append(StoredStep(self.instance.number, key, request, verdict, changes))
        return self._steps[-1]

    def keep(self, facts: Words) -> None:
        """Have these facts of it from now on."""
        self.instance = attrs.evolve(self.instance, facts=facts)

    def answer(self, later: LaterAnswer) -> None:
        """Have this answer to a step of it, from when it is due."""
        self._later.append(later)

    def take_answer(self, number: int) -> LaterAnswer | None:
        """The later answer to an earlier step, if there is one; it is no longer kept."""
        mine = _this(self.instance.name, number)
        row = self._connection.execute(select(LATER).where(*mine)).one_or_none()
        self._connection.execute(delete(LATER).where(*mine))
        return None if row is None else _later(row)

    def write(self) -> None:
        """Have the transaction write what was done here."""
        name = self.instance.name
        if self._steps:
            self._connection.execute(insert(STEPS), [{"instance": name, **_columns(step)} for step in self._steps])
        if self.instance != self.before:
            self._connection.execute(
                update(INSTANCES).where(INSTANCES.c.name == name).values(**_columns(self.instance))
            )
        for later in self._later:
            next_try = later.due if later.address else None
            self._connection.execute(insert(LATER).values(next_try=next_try, **_columns(later)))


def reason(error: DatabaseError) -> str:
    """What the database says is wrong, in one line."""
    return str(error.orig).strip().partition("\n")[0]


class Store:
    """The database. What a method returns is kept.

    Parameters
    ----------
    database: a file of SQLite, which is made if it is not there; or ``postgresql://user@host/database``.
    digest: of the system; a database keeps instances of one system only.
    most: how many instances there may be.

    Raises
    ------
    StoreError: for a file that is not such a database, one that cannot be reached, or has instances of another system.
    """

    def __init__(self, database: str | PathLike[str], digest: str, most: int) -> None:
        self._most = most
        self._database = Database(str(database))
        mine = f"{LAYOUT} {digest}"
        try:
            with self._database.writing(alone=True) as connection:
                METADATA.create_all(connection)
                kept = connection.scalar(select(ABOUT.c.digest))
                if kept is None:
                    connection.execute(insert(ABOUT).values(digest=mine))
                elif kept == mine:  # SQLite begins a transaction, even to write, in a file that it may not write
                    connection.execute(update(ABOUT).values(digest=mine))
        except DatabaseError as error:
            raise StoreError(f"{self._database.shown} cannot be used as a database: {reason(error)}") from None
        if kept not in (None, mine):
            raise StoreError(
                f"{self._database.shown} keeps instances of another system, or of another version of this one"
            )

    @classmethod
    @contextmanager
    def opened(cls, database: str | PathLike[str], digest: str, most: int) -> Iterator["Store"]:
        """A database that is closed at the end."""
        store = cls(database, digest, most)
        try:
            yield store
        finally:
            store.close()

    def close(self) -> None:
        """End every connection."""
        self._database.close()

    def count(self) -> int:
        """How many instances there are."""
        with self._database.reading() as connection:
            return _count(connection)

    def put(
        self,
        name: str,
        state: Words,
        expected: Callable[[str | None], bool] = lambda _: True,
        facts: Words | None = None,
    ) -> Instance:
        """An instance in this state, which has been sent nothing; one of the same name is replaced.

        Parameters
        ----------
        expected: whether the tag of the present one is as it should be; ``None`` is that of none.
        facts: what a domain knows of it besides.

        Raises
        ------
        InstanceChanged: if it is not.
        StoreFull: where there may be no more.
        """
        with self._database.writing(alone=True) as connection:
            present = _instance(connection, name, to_write=True)
            if not expected(None if present is None else present.etag):
                raise InstanceChanged
            made = Instance(name, secrets.token_hex(8), 0, state, facts)
            if present is None:
                if _count(connection) >= self._most:
                    raise StoreFull
                connection.execute(insert(INSTANCES).values(attrs.asdict(made)))
            else:
                _forget_steps(connection, name)
                connection.execute(update(INSTANCES).where(INSTANCES.c.name == name).values(attrs.asdict(made)))
            return made

    def get(self, name: str) -> Instance:
        """The instance; `UnknownInstance` if there is none."""
        with self._database.reading() as connection:
            return _known(_instance(connection, name))

    def delete(self, name: str, expected: Callable[[str | None], bool] = lambda _: True) -> None:
        """Forget the instance, and what it was sent.

        Raises
        ------
        UnknownInstance, InstanceChanged: as the names say.
        """
        with self._database.writing() as connection:
            if not expected(_known(_instance(connection, name, to_write=True)).etag):
                raise InstanceChanged
            _forget_steps(connection, name)
            connection.execute(delete(INSTANCES).where(INSTANCES.c.name == name))

    @contextmanager
    def turn(self, name: str) -> Iterator[Turn]:
        """A transaction with one instance, which nobody else changes meanwhile; `UnknownInstance` if there is none."""
        with self._database.writing() as connection:
            turn = Turn(connection, _known(_instance(connection, name, to_write=True)))
            yield turn
            turn.write()

    def send(
        self,
        name: str,
        request: Words,
        decide: Decide,
        key: str | None = None,
        expected: Callable[[str | None], bool] = lambda _: True,
    ) -> tuple[Instance, StoredStep, bool]:
        """The instance after a request, the step that it made, and whether that was made before; see `send_all`."""
        instance, ((step, again),) = self.send_all(name, [(request, key)], decide, expected)
        return instance, step, again

    def send_all(
        self,
        name: str,
        requests: Sequence[tuple[Words, str | None]],
        decide: Decide,
        expected: Callable[[str | None], bool] = lambda _: True,
    ) -> tuple[Instance, list[tuple[StoredStep, bool]]]:
        """The instance after requests, the step of each, and whether it was made before. All are kept, or none.

        Parameters
        ----------
        requests: each with its key; one that is sent again under its key is not decided again; ``None`` for none.
        expected: whether the instance's tag is as it should be; not asked where all were sent before.

        Raises
        ------
        UnknownInstance, InstanceChanged: as the names say.
        KeyReused: if a key is another request's.
        """
        with self.turn(name) as turn:
            known = turn.known([key for _, key in requests if key is not None])
            made: list[tuple[StoredStep, bool]] = []
            for request, key in requests:
                if key is not None and (step := known.get(key)) is not None:
                    if step.request != request:
                        raise KeyReused
                    made.append((step, True))
                    continue
                if turn.instance.etag == turn.before.etag and not expected(turn.instance.etag):
                    raise InstanceChanged
                changes, verdict = decide(turn.instance.state, request)
                step = turn.add(request, verdict, changes, key)
                if key is not None:
                    known[key] = step
                made.append((step, False))
            return turn.instance, made

    def history(self, name: str, after: int, most: int) -> list[StoredStep]:
        """The steps of an instance after that number, at most so many; `UnknownInstance` if there is none."""
        with self._database.reading() as connection:
            _known(_instance(connection, name))
            mine = select(STEPS).where(STEPS.c.instance == name, STEPS.c.number > after)
            return [_step(row) for row in connection.execute(mine.order_by(STEPS.c.number).limit(most))]

    def later(self, name: str, number: int) -> LaterAnswer | None:
        """The later answer to a step, if there is one."""
        with self._database.reading() as connection:
            mine = select(LATER).where(LATER.c.instance == name, LATER.c.number == number)
            row = connection.execute(mine).one_or_none()
            return None if row is None else _later(row)

    def to_deliver(self, now: float, lease: float, most: int) -> list[LaterAnswer]:
        """Later answers that are due and have an address, which nobody else tries to deliver within the lease."""
        with self._database.reading() as connection:
            due = select(LATER).where(LATER.c.next_try <= now).order_by(LATER.c.next_try).limit(most)
            rows = list(connection.execute(due))
        taken = []
        for row in rows:
            with self._database.writing() as connection:
                won = connection.execute(
                    update(LATER)
                    .where(*_this(row.instance, row.number), LATER.c.next_try == row.next_try)
                    .values(next_try=now + lease, tried=row.tried + 1)
                )
                if won.rowcount:
                    taken.append(attrs.evolve(_later(row), tried=row.tried + 1))
        return taken

    def delivered(self, later: LaterAnswer, next_try: float | None = None) -> None:
        """Note that an answer was delivered, or else when that is tried again, or done again."""
        address = later.address if next_try is not None else None
        with self._database.writing() as connection:
            connection.execute(
                update(LATER)
                .where(*_this(later.instance, later.number))
                .values(address=address, next_try=next_try, times=later.times)
            )


def _this(name: str, number: int) -> tuple[Any, Any]:
    return LATER.c.instance == name, LATER.c.number == number


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(INSTANCES)) or 0


def _forget_steps(connection: Connection, name: str) -> None:
    connection.execute(delete(LATER).where(LATER.c.instance == name))
    connection.execute(delete(STEPS).where(STEPS.c.instance == name))


def _instance(connection: Connection, name: str, *, to_write: bool = False) -> Instance | None:
    mine = select(INSTANCES).where(INSTANCES.c.name == name)
    row = connection.execute(mine.with_for_update() if to_write else mine).one_or_none()
    return None if row is None else Instance(row.name, row.made, row.number, row.state, row.facts)


def _known(instance: Instance | None) -> Instance:
    if instance is None:
        raise UnknownInstance
    return instance


def _columns(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in attrs.fields(type(value))}


def _step(row: Any) -> StoredStep:
    return StoredStep(row.number, row.key, row.request, row.verdict, row.changes)


def _later(row: Any) -> LaterAnswer:
    return LaterAnswer(row.instance, row.number, row.due, row.headers, row.body, row.address, row.tried, row.times)
