"""Later answers are delivered where they are to go."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from litestar.testing import TestClient

from examples.parcel_locker import system
from properties.service import delivery
from properties.service.application import More, application
from properties.service.delivery import TRIES, deliver
from properties.service.store import LaterAnswer, Store

HEADERS = {"Content-Type": "text/plain", "X-Kind": "answer"}


@pytest.fixture
def receiver():
    """A server that notes what it is sent; the first answers have the statuses that it is told."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.seen.append((self.path, self.headers["X-Kind"], body.decode()))
            self.send_response(server.statuses.pop(0) if server.statuses else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen, server.statuses = [], []
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def store(tmp_path):
    with Store.opened(tmp_path / "kept.sqlite", "", 2) as made:
        made.put("a", {"box": "empty"})
        yield made


def answered(store, port, due=0.0, **more):
    """A step with a later answer."""
    with store.turn("a") as turn:
        step = turn.add({}, {}, {})
        address = f"http://127.0.0.1:{port}/in?x"
        turn.answer(LaterAnswer("a", step.number, due, HEADERS, f"answer {step.number}", address, **more))
    return step.number


def test_it_is_sent_once_and_by_whoever_takes_it_first(store, receiver):
    answered(store, receiver.server_port)
    answered(store, receiver.server_port, due=50.0)
    taken = store.to_deliver(10.0, 5.0, 9)
    assert [(later.number, later.tried) for later in taken] == [(1, 1)]
    assert store.to_deliver(12.0, 5.0, 9) == []
    assert [later.tried for later in store.to_deliver(16.0, 5.0, 9)] == [2]  # whoever took it has died
    deliver(store, taken[0])
    assert receiver.seen == [("/in?x", "answer", "answer 1")]
    assert store.to_deliver(40.0, 5.0, 9) == []
    assert (store.later("a", 1).address, store.later("a", 1).body) == (None, "answer 1")


def test_it_is_sent_twice_where_it_is_to_be(store, receiver):
    answered(store, receiver.server_port, times=2)
    for _ in range(2):
        (later,) = store.to_deliver(time.time(), 5.0, 9)
        deliver(store, later)
    assert len(receiver.seen) == 2
    assert store.to_deliver(time.time() + 1e6, 5.0, 9) == []


def test_one_that_was_not_taken_is_sent_again_and_given_up_at_last(store, receiver):
    receiver.statuses = [500, 302] + [500] * TRIES
    answered(store, receiver.server_port)
    now = 0.0
    for tries in range(1, TRIES + 1):
        (later,) = store.to_deliver(now, 1.0, 9)
        deliver(store, later)
        assert len(receiver.seen) == tries
        now = time.time() + 1000
    assert store.to_deliver(now, 1.0, 9) == []
    assert store.later("a", 1).body == "answer 1"


def test_nobody_at_the_address_is_no_error(store):
    answered(store, 1)
    (later,) = store.to_deliver(1.0, 1.0, 9)
    deliver(store, later)
    assert store.to_deliver(time.time() + 100, 1.0, 9)[0].tried == 2


def test_what_is_due_is_sent_for_as_long_as_the_application_runs(store, receiver):
    answered(store, receiver.server_port)
    with TestClient(application(system, store, most=2, more=More((), delivers=True))):
        deadline = time.monotonic() + 20
        while store.later("a", 1).address and time.monotonic() < deadline:
            time.sleep(delivery.EVERY_SECONDS)
    assert receiver.seen == [("/in?x", "answer", "answer 1")]


def test_what_an_instance_was_to_be_answered_is_forgotten_with_it(store):
    answered(store, 1)
    store.put("a", {"box": "empty"})
    assert store.later("a", 1) is None
