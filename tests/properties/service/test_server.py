"""The command `serve`, started as its users start it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException

import pytest

from examples.parcel_locker import claims
from properties.conformance.suite.digest import digest
from properties.service.store import Store
from tests.support.paths import ROOT

COMMAND = ("-c", "from properties.cli.entry import statemachines; statemachines()")
LOCKER = "examples.parcel_locker:claims"
CLIENTS, ROUNDS, FEWEST = 4, 2, 20


@contextmanager
def serving(database, *options):
    command = [
        sys.executable,
        *COMMAND,
        "serve",
        "--system",
        LOCKER,
        "--port",
        "0",
        "--database",
        str(database),
        *options,
    ]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
    ) as process:
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def run(*arguments):
    command = [sys.executable, *COMMAND, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def load(address, name, acknowledged, enough):
    """Send requests until the server is gone, and note the keys of those that it acknowledged."""
    connection = HTTPConnection(address.removeprefix("http://").rstrip("/"), timeout=10)
    try:
        while True:
            key = f"{name}-{len(acknowledged)}"
            body = json.dumps({"request": {"type": "Wait"}, "key": key})
            connection.request("POST", "/instances/a/requests", body, {"Content-Type": "application/json"})
            reply = connection.getresponse()
            reply.read()
            assert reply.status == 201
            acknowledged.append(key)
            if len(acknowledged) == FEWEST:
                enough.release()
    except (OSError, HTTPException):
        connection.close()


@pytest.mark.slow
def test_answers_do_not_wait_for_acknowledgements(tmp_path):
    with serving(tmp_path / "lockers.sqlite", "--log-level", "warning") as (_, address):
        connection = HTTPConnection(address.removeprefix("http://").rstrip("/"), timeout=10)
        taken = []
        for _ in range(12):
            started = time.monotonic()
            connection.request("GET", "/initial")
            connection.getresponse().read()
            taken.append(time.monotonic() - started)
        connection.close()
    assert min(taken[2:]) < 0.03, taken


@pytest.mark.slow
def test_a_server_that_is_killed_loses_nothing_that_it_acknowledged_and_doubles_nothing(database):
    acknowledged = []
    with Store.opened(database, digest(claims), 1) as store:
        store.put("a", {"box": "holds a parcel"})
    for killed in range(ROUNDS):
        with serving(database, "--log-level", "warning") as (process, address):
            enough, lists = threading.Semaphore(0), [[] for _ in range(CLIENTS)]
            clients = [
                threading.Thread(target=load, args=(address, f"{killed}-{number}", own, enough))
                for number, own in enumerate(lists)
            ]
            for client in clients:
                client.start()
            for _ in clients:
                assert enough.acquire(timeout=60)
            os.kill(process.pid, signal.SIGKILL)
            for client in clients:
                client.join(60)
            acknowledged += [key for own in lists for key in own]
    with Store.opened(database, digest(claims), 1) as store:
        history, standing = store.history("a", 0, 10**6), store.get("a")
    keys = [step.key for step in history]
    assert len(set(keys)) == len(keys)
    assert set(acknowledged) <= set(keys)
    assert len(keys) - len(acknowledged) <= CLIENTS * ROUNDS  # decided, and the answer was on its way
    assert [step.number for step in history] == list(range(1, len(keys) + 1))
    assert standing.number == len(keys)
    words = {"box": "holds a parcel"}
    for step in history:
        words |= step.changes
    assert standing.state == words


@pytest.mark.slow
def test_the_command_serves_and_ends_and_refuses_in_one_message(tmp_path):
    database = tmp_path / "lockers.sqlite"
    with serving(database) as (process, address):
        sut = ("--sut", f"{address}instances/mine/messages", "--profile", "smoke")
        done = run("conform", "--system", LOCKER, *sut)
        assert (done.returncode, "rules: 1 passed, 1 passed in part" in done.stdout) == (0, True), (
            done.stdout + done.stderr
        )
        port = address.rstrip("/").rpartition(":")[2]
        done = run("serve", "--system", LOCKER, "--port", port, "--database", str(tmp_path / "other.sqlite"))
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(f"Error: cannot listen at 127.0.0.1, port {port}: ")
        assert "Traceback" not in done.stderr
        process.send_signal(signal.SIGTERM)
        _, logged = process.communicate(timeout=60)
    assert process.returncode == 143
    lines = [json.loads(line) for line in logged.splitlines()]
    posts = [line for line in lines if line.get("method") == "POST"]
    assert {(line["path"], line["status"]) for line in posts} == {("/instances/mine/messages", 200)}
    with Store.opened(database, digest(claims), 1) as store:
        assert 0 < store.get("mine").number < len(posts)
