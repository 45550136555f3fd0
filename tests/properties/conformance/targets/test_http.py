"""What an address answers that is no answer: told as what it is, in characters that print."""

import socket
import threading

import pytest

from examples.parcel_locker import claims
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour, OutOfTime
from properties.conformance.targets.opening import open_target
from properties.conformance.targets.target import Limits

BAD = "\x1b[2J\u202e\x00\u2066<b>".encode()
ANSWERS = (b'{"statement": {}}', b'{"ok": true}')


def answered(body, status=b"200 OK"):
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


@pytest.fixture
def serving():
    """Starts a server that answers a describe and a reset well, and the third message with these bytes, or never."""
    servers = []

    def serve(last):
        listening = socket.create_server(("127.0.0.1", 0))
        servers.append(listening)

        def answer():
            connection, _ = listening.accept()
            servers.append(connection)
            for answer in (*(answered(body) for body in ANSWERS), last):
                received = b""
                while b"}" not in received:
                    received += connection.recv(65536)
                if answer is not None:
                    connection.sendall(answer)

        threading.Thread(target=answer, daemon=True).start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}/"

    yield serve
    for each in servers:
        each.close()


@pytest.mark.parametrize(
    ("last", "kind", "words"),
    [
        (answered(BAD), Misbehaviour.GARBAGE, "not JSON in UTF-8"),
        (answered(BAD, b"500 " + BAD), Misbehaviour.REFUSES, "HTTP status 500"),
        (answered(b"", b"302 Found"), Misbehaviour.GARBAGE, "a redirection (302), and none is followed"),
        (BAD + b"\r\n\r\n", Misbehaviour.GARBAGE, "no HTTP"),
        (b"HTTP/1.1 " + BAD + b"\r\n\r\n", Misbehaviour.GARBAGE, "no HTTP"),
        (answered(b'{"error": "\\u001b[2J\\ud800"}'), Misbehaviour.REFUSES, "the error '"),
        (answered(b'{"verdict": {"\\u202e": "x"}}'), Misbehaviour.GARBAGE, "the verdict has '"),
        (answered(b'{"verdict": {"outcome": "\\u001b"}}'), Misbehaviour.GARBAGE, "the target answered outcome '"),
        (answered(b"{}") * 2, Misbehaviour.ANSWERS_TWICE, "more came than one answer"),
    ],
)
def test_what_is_no_answer(serving, last, kind, words):
    target = open_target(serving(last), claims.system, limits=Limits(5, 5))
    target.reset(claims.system.state())
    with pytest.raises(Misbehaved) as caught:
        target.send(next(claims.system.all_requests()))
    assert (caught.value.kind, words in caught.value.detail) == (kind, True), caught.value.detail
    assert caught.value.detail.isprintable()
    target.close()


@pytest.mark.slow
def test_a_wait_is_cut_short_where_the_time_for_everything_is_over(serving):
    target = open_target(serving(None), claims.system, limits=Limits(60, 60, run_seconds=1).begun())
    target.reset(claims.system.state())
    with pytest.raises(OutOfTime, match="the time limit of 1 s was over"):
        target.send(next(claims.system.all_requests()))
    with pytest.raises(OutOfTime):
        target.reset(claims.system.state())
    target.close()
