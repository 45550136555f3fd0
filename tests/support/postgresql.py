"""A PostgreSQL server of one's own, in a temporary directory, which listens on a Unix socket there and nowhere else."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from urllib.parse import quote

_USER = "tests"
_FIRST = "postgres"


def _programs() -> Path | None:
    """Where PostgreSQL's programs are: distributions keep them beside the path, in a directory for each version."""
    if (initdb := shutil.which("initdb")) is not None:
        return Path(initdb).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    return versions[-1] if versions else None


PROGRAMS = _programs()
MISSING = (
    "PostgreSQL cannot be found (apt-get install postgresql)"
    if PROGRAMS is None
    else "psycopg cannot be found (the extra postgresql)"
    if find_spec("psycopg") is None
    else ""
)


@contextmanager
def server() -> Iterator[Callable[[], str]]:
    """Run a server; what it gives makes a new database and says its URL."""
    assert PROGRAMS is not None
    nobody = pwd.getpwnam("nobody") if os.geteuid() == 0 else None  # it refuses to run as root
    person = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []} if nobody else {}
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as directory:
        where = Path(directory)
        if nobody:
            os.chown(where, nobody.pw_uid, nobody.pw_gid)
        options = ["--auth=trust", f"--username={_USER}", "--no-sync", "--encoding=UTF8", "--locale=C"]
        subprocess.run(
            [PROGRAMS / "initdb", "-D", where / "data", *options],
            cwd="/", check=True, capture_output=True, timeout=120, **person,
        )  # fmt: skip
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": directory,
            "fsync": "off",
            "max_connections": 300,
        }
        command = [PROGRAMS / "postgres", "-D", where / "data"]
        command += [f"--{name}={value}" for name, value in settings.items()]
        with (where / "log").open("wb") as log, subprocess.Popen(command, cwd="/", stderr=log, **person) as process:
            try:
                _wait(directory)
                numbers = count(1)
                yield lambda: _database(directory, f"d{next(numbers)}")
            finally:
                process.send_signal(2)  # ends every connection and then itself
                process.wait(60)


def _url(directory: str, database: str) -> str:
    return f"postgresql://{_USER}@/{database}?host={quote(directory, safe='')}"


def _wait(directory: str) -> None:
    import psycopg

    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(_url(directory, _FIRST)).close()
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _database(directory: str, name: str) -> str:
    import psycopg

    with psycopg.connect(_url(directory, _FIRST), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} STRATEGY file_copy")
    return _url(directory, name)
