"""What a connection file says reaches the target, and what is secret reaches nobody else."""

import base64
import html
import json
import re
import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, quote_plus, urlsplit

import pytest

from examples.parcel_locker import claims
from properties.conformance.targets.access import Access
from properties.conformance.targets.callbacks import Callbacks
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour, TargetError
from properties.conformance.targets.opening import open_target
from properties.conformance.targets.target import Limits

REQUEST = next(claims.system.all_requests())
VERDICT = b'{"verdict": {"outcome": "no"}}'
ANSWERS = {"describe": b'{"statement": {}}', "reset": b'{"ok": true}', "send": VERDICT}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append(dict(self.headers.items()))
        op = json.loads(body)["op"]
        if not self.server.behave(self, op):
            self.answer(ANSWERS[op])

    def do_GET(self):
        self.server.seen.append(dict(self.headers.items()))
        self.server.behave(self, self.path)

    def answer(self, body=b"", status=200, length=None, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def serving():
    servers = []

    def serve(behave=lambda _handler, _op: False, tls=None):
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads, server.block_on_close, server.handle_error = True, False, lambda *_: None
        server.behave, server.seen = behave, []
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        server.address = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}/locker"
        return server

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def opened(tmp_path):
    targets = []

    def open_one(server, text, limits=None):
        path = tmp_path / "connection.toml"
        path.write_text(text, encoding="utf-8")
        limits = limits or Limits(5, 5)
        targets.append(open_target(server.address, claims.system, connection=path, limits=limits))
        return targets[-1]

    yield open_one
    for target in targets:
        target.close()


def answered(target):
    target.reset(claims.system.state())
    return target.send(REQUEST).as_dict()


def misbehaved(call):
    with pytest.raises(Misbehaved) as caught:
        call()
    return caught.value.kind, caught.value.detail


def test_headers_and_a_bearer_are_sent_with_every_message(serving, opened, monkeypatch, tmp_path):
    monkeypatch.setenv("LOCKER_TOKEN", "s3cr3t-token")
    (tmp_path / "key.txt").write_text("k3y-of-ours\n")
    server = serving()
    text = '[headers]\nX-Tenant = "test"\nX-Key = {file = "key.txt"}\n[credentials]\nbearer = {env = "LOCKER_TOKEN"}'
    assert answered(opened(server, text)) == {"outcome": "no"}
    sent = [(each["X-Tenant"], each["X-Key"], each["Authorization"]) for each in server.seen]
    assert sent == [("test", "k3y-of-ours", "Bearer s3cr3t-token")] * 3


def test_what_is_secret_is_struck_out_of_what_the_target_says(serving, opened, monkeypatch):
    monkeypatch.setenv("LOCKER_PASSWORD", "hunter2")
    pair = base64.b64encode(b"tester:hunter2").decode()

    def behave(handler, op):
        if op == "send":
            sent = handler.headers["Authorization"]
            handler.answer(f"no good: {sent}, which is hunter2".encode(), 403)
        return op == "send"

    server = serving(behave)
    target = opened(server, '[credentials]\nuser = "tester"\npassword = {env = "LOCKER_PASSWORD"}')
    target.reset(claims.system.state())
    kind, detail = misbehaved(lambda: target.send(REQUEST))
    assert server.seen[-1]["Authorization"] == f"Basic {pair}"
    assert (kind, detail) == (
        Misbehaviour.REFUSES,
        "HTTP status 403 to the send: 'no good: Basic ***, which is ***'",
    )


@pytest.mark.parametrize(
    "write",
    [
        json.dumps,
        lambda text: json.dumps(text).replace("/", r"\/"),
        lambda text: json.dumps(text).replace("+", r"\u002B").replace("=", r"\u003d"),
        html.escape,
        lambda text: "".join(letter if letter.isalnum() else f"&#x{ord(letter):X};" for letter in text),
        quote,
        lambda text: quote_plus(text, safe=""),
    ],
)
def test_what_is_secret_is_struck_out_however_the_target_escapes_it(write):
    secret = "s3cr+et/tok\"en&<'> \\x=="
    said = Access(secrets=(b"another", secret.encode())).struck_out(f"no: {write(secret)}!".encode())
    assert said.replace(b'"', b"") == b"no: ***!"


def test_what_nearly_is_secret_is_looked_for_in_no_time():
    access = Access(secrets=(b"\\" * 40 + b"a",))
    assert access.struck_out(b"\\" * 400) == b"\\" * 400


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[credentials]\nbearer = "abcdef"', "credentials.bearer is '***', expected what does not stand here itself"),
        ('[credentials]\nbearer = {env = "UNSET_HERE"}', "environment variable that is set"),
        ('[credentials]\nbearer = {file = "gone"}', "a file that can be read"),
        ('[credentials]\nbearer = {env = "TWO_LINES"}', "expected one line of ASCII"),
        ('[headers]\n"X Y" = "1"', "expected the name of an HTTP header"),
        ('[headers]\nCookie = "abcdef"', "headers.Cookie is '***', expected what does not stand here itself"),
        ('[headers]\ncontent-length = "1"', "expected no header that each message has anyway"),
        ('[headers]\nX = "a\\nb"', "expected one line of ASCII"),
        ('[tls]\nca = "gone.pem"', "expected a file of certificates in PEM"),
        ('[tls]\nkey = "client.key"', "tls.key is 'client.key', expected none without a certificate"),
        ("[tls]", "tls is for an address that begins with https://"),
        ("[timeouts]\nconnect = 0", "expected a number of seconds"),
        ("[timeouts]\nreed = 1", "timeouts.reed is not a key; expected one of: "),
        ('[asynchronous]\nby = "mail"', "expected one of: "),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(serving, opened, monkeypatch, text, message):
    monkeypatch.setenv("TWO_LINES", "abc123\ndef456")
    with pytest.raises(TargetError, match=re.escape(message)) as caught:
        opened(serving(), text)
    words = str(caught.value)
    assert words.isprintable()
    assert not re.search("abcdef|abc123", words)


def test_the_file_is_for_addresses_only(tmp_path):
    path = tmp_path / "connection.toml"
    path.write_text("")
    with pytest.raises(TargetError, match="is not an address"):
        open_target(lambda: None, claims.system, connection=path)


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ("wait", "it had not begun to answer the send after 0.2 s"),
        ("receive", "it had not ended its answer to the send after 0.2 s"),
    ],
)
def test_each_phase_has_its_time(serving, opened, phase, words):
    def behave(handler, op):
        if op == "send":
            if phase == "receive":
                handler.answer(b"{", length=9)
            time.sleep(0.5)
        return op == "send"

    target = opened(serving(behave), f"[timeouts]\n{phase} = 0.2")
    target.reset(claims.system.state())
    assert misbehaved(lambda: target.send(REQUEST)) == (Misbehaviour.HANGS, words)


def test_an_answer_is_polled_for(serving, opened):
    polls = []

    def behave(handler, op):
        if op == "send":
            handler.answer(status=202, Location="/answers/7?of=us")
        elif op == "/answers/7?of=us":
            polls.append(op)
            handler.answer(VERDICT) if len(polls) == 3 else handler.answer(status=404)
        return op not in ("describe", "reset")

    assert answered(opened(serving(behave), '[asynchronous]\nby = "poll"\nevery = 0.01')) == {"outcome": "no"}
    assert len(polls) == 3


@pytest.mark.parametrize("location", ["http://elsewhere.example/answers", "//127.0.0.1:1/x", None])
def test_a_poll_goes_nowhere_else(serving, opened, location):
    headers = {"Location": location} if location else {}
    target = opened(
        serving(lambda handler, op: op == "send" and (handler.answer(status=202, **headers) or True)),
        '[asynchronous]\nby = "poll"',
    )
    target.reset(claims.system.state())
    kind, detail = misbehaved(lambda: target.send(REQUEST))
    assert (kind, "expected an address on the same server to poll" in detail) == (Misbehaviour.GARBAGE, True)


def call_back(address, body=VERDICT):
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=5) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        return error.code


def test_an_answer_is_called_back(serving, opened):
    status = []

    def behave(handler, op):
        if op == "send":
            where = handler.headers["X-Answer-To"]
            status.append(call_back(where.rpartition("/")[0] + "/99"))
            handler.answer(status=202)
            handler.wfile.flush()
            status.append(call_back(where))
        return op == "send"

    target = opened(serving(behave), '[asynchronous]\nby = "callback"\nheader = "X-Answer-To"')
    assert answered(target) == {"outcome": "no"}
    assert status[0] == 404


@pytest.mark.parametrize(
    ("times", "kind", "words"),
    [(0, Misbehaviour.HANGS, "it acknowledged the send, and had not answered 0.2 s later"),
     (2, Misbehaviour.ANSWERS_TWICE, "more than one answer was called back for the send")],
)  # fmt: skip
def test_one_call_back_is_expected(serving, opened, times, kind, words):
    def behave(handler, op):
        if op == "send":
            for _ in range(times):
                call_back(handler.headers["X-Callback"])
            handler.answer(status=202)
        return op == "send"

    target = opened(serving(behave), '[asynchronous]\nby = "callback"\nwithin = 0.2')
    target.reset(claims.system.state())
    assert misbehaved(lambda: target.send(REQUEST)) == (kind, words)


@pytest.mark.parametrize("size", ["-99999999999999999999", "-1"])
def test_a_chunk_whose_size_is_negative_is_no_answer(serving, opened, size):
    def behave(handler, op):
        if op == "send":
            handler.wfile.write(f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n".encode())
            for _ in range(400):
                handler.wfile.write(bytes(65_536))
        return op == "send"

    target = opened(serving(behave), "")
    target.reset(claims.system.state())
    assert misbehaved(lambda: target.send(REQUEST))[0] is Misbehaviour.GARBAGE


@pytest.mark.parametrize(
    "sent",
    [
        b"\x00\x01\r\n\r\n",
        b"POST / HTTP/9.9\r\n\r\n",
        b"POST /1 HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /1 HTTP/1.1\r\nContent-Length: 9999999999\r\n\r\n",
        b"GET /1 HTTP/1.1\r\n\r\n",
    ],
)
def test_whatever_else_comes_to_the_address_of_call_backs_is_no_answer_and_no_trouble(sent, capfd):
    callbacks = Callbacks(0, "X")
    where = callbacks.expected()["X"]
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", urlsplit(where).port), timeout=5) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # goes away with a reset
            client.sendall(sent)
    assert callbacks.received(time.monotonic() + 0.1) is None
    assert call_back(where) == 204
    assert callbacks.received(time.monotonic() + 5).body == VERDICT
    callbacks.close()
    assert capfd.readouterr().err == ""


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """A CA of our own, and certificates for 127.0.0.1 and for a client."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make certificates with")
    folder = tmp_path_factory.mktemp("certificates")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]

    def run(*words):
        subprocess.run([openssl, *words], cwd=folder, check=True, capture_output=True, timeout=30)

    run("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ours",
        "-addext", "keyUsage=critical,keyCertSign")  # fmt: skip
    for name in ("server", "client"):
        run("req", "-x509", *key, "-CA", "ca.pem", "-CAkey", "ca.key", "-keyout", f"{name}.key", "-out", f"{name}.pem",
            "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1",
            "-addext", "basicConstraints=critical,CA:FALSE")  # fmt: skip
    return folder


@pytest.fixture
def secure(serving, certificates):
    """A server that shows a certificate of that CA, and wants one."""
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates / "server.pem", certificates / "server.key")
    tls.load_verify_locations(certificates / "ca.pem")
    tls.verify_mode = ssl.CERT_REQUIRED
    return serving(tls=tls)


def test_certificates_of_ones_own(secure, opened, certificates):
    own = f'certificate = "{certificates}/client.pem"\nkey = "{certificates}/client.key"'
    text = f'[tls]\nca = "{certificates}/ca.pem"\n{own}'
    assert answered(opened(secure, text)) == {"outcome": "no"}


def test_a_certificate_that_is_not_trusted_is_not_waited_for(secure, opened):
    began = time.monotonic()
    with pytest.raises(TargetError, match=r"its certificate is not trusted: .*(self-signed|unable to get)"):
        opened(secure, "[tls]", Limits(5, 30))
    assert time.monotonic() - began < 5


def test_a_client_without_its_certificate_is_let_go(secure, opened, certificates):
    with pytest.raises(TargetError, match="it closed the connection before it answered the describe"):
        opened(secure, f'[tls]\nca = "{certificates}/ca.pem"')


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("wrong-one", r"tls.key_password is '\*\*\*', expected the password of the key in .*client.key"),
        ("", r"tls.key_password is missing, expected the password of the key in .*client.key"),
    ],
)
def test_a_key_that_its_password_does_not_open_is_refused(
    secure, opened, certificates, tmp_path, monkeypatch, password, message
):
    monkeypatch.setenv("KEY_PASSWORD", password)
    command = ["openssl", "ec", "-aes256", "-passout", "pass:right-one", "-in", certificates / "client.key"]
    subprocess.run([*command, "-out", tmp_path / "client.key"], check=True, capture_output=True, timeout=30)
    text = f'[tls]\nca = "{certificates}/ca.pem"\ncertificate = "{certificates}/client.pem"\nkey = "client.key"\n'
    with pytest.raises(TargetError, match=message):
        opened(secure, text + ('key_password = {env = "KEY_PASSWORD"}' if password else ""))
    monkeypatch.setenv("KEY_PASSWORD", "right-one")
    assert answered(opened(secure, text + 'key_password = {env = "KEY_PASSWORD"}')) == {"outcome": "no"}
