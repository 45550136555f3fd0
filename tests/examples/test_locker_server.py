"""A system that is not ours, behind HTTP: the command tests it as it tests any other."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import jsonschema
import pytest

from examples.parcel_locker import claims
from properties.conformance.schema import message_schema
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour
from properties.conformance.targets.opening import open_target
from properties.conformance.targets.target import Limits
from tests.support.energy import energy_words
from tests.support.paths import ROOT

CONFORM = ("-c", "from properties.cli.entry import statemachines; statemachines()", "conform", "--max-examples", "8")
EXAMPLES = ROOT / "examples"
"""Where the user of this stands."""


@pytest.fixture
def server():
    """The example, running; the address that it prints."""
    with subprocess.Popen(
        [sys.executable, "-m", "examples.locker_server", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.fixture
def saying():
    """Starts a server that answers each message with what a function makes of it, and keeps what it was sent."""
    servers = []

    def serve(answer):
        seen = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                seen.append((self.path, self.headers["Content-Type"], json.loads(body)))
                stated = answer(json.loads(body))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(stated if isinstance(stated, bytes) else json.dumps(stated).encode())

            def log_message(self, *_):
                pass

        made = HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(made)
        threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
        return f"http://127.0.0.1:{made.server_port}/lockers/7", seen

    yield serve
    for made in servers:
        made.shutdown()
        made.server_close()


def conform(*args):
    return subprocess.run(
        [sys.executable, *CONFORM, *args], cwd=EXAMPLES, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.slow
def test_the_command_tests_a_system_at_an_address(server, tmp_path):
    report = tmp_path / "report.json"
    done = conform("--system", "parcel_locker:claims", "--sut", server, "--json", str(report))
    assert done.returncode == 0, done.stdout + done.stderr
    reported = json.loads(report.read_text())
    assert {rule["name"]: rule["standing"] for rule in reported["rules"]} == {"BOX-1": "passed", "BOX-2": "passed"}
    assert reported["target"]["name"] == "a locker at an address"
    assert energy_words(done.stdout + done.stderr) == []


def well_behaved(message):
    if message["op"] == "describe":
        return {"statement": {}}
    return {"ok": True} if message["op"] == "reset" else {"verdict": {"outcome": "yes"}}


def test_each_message_is_a_post_to_the_address_and_satisfies_the_schema(saying):
    address, seen = saying(well_behaved)
    target = open_target(address, claims.system)
    target.reset(claims.system.state())
    for request in claims.system.all_requests():
        assert dict(target.send(request).shown)
    target.close()
    assert {(path, kind) for path, kind, _ in seen} == {("/lockers/7", "application/json")}
    assert [message["op"] for _, _, message in seen] == ["describe", "reset", "send", "send", "send", "send"]
    schema = message_schema(claims.system)
    validator = jsonschema.Draft202012Validator({**schema, "anyOf": [{"$ref": "#/$defs/message"}]})
    assert all(validator.is_valid(message) for _, _, message in seen)
    assert not validator.is_valid({"op": "send", "request": {"type": "Push"}})


@pytest.mark.parametrize(
    ("stated", "kind", "words"),
    [
        (b"{", Misbehaviour.GARBAGE, "the answer to the send is not JSON in UTF-8: '{'"),
        (b"[1]", Misbehaviour.GARBAGE, "the answer to the send is not a JSON object"),
        (b"\xff", Misbehaviour.GARBAGE, "not JSON in UTF-8"),
        ({}, Misbehaviour.GARBAGE, 'the answer to a send has no "verdict"'),
        (
            {"verdict": {"outcome": "maybe"}},
            Misbehaviour.GARBAGE,
            "answered outcome 'maybe'; expected one of",
        ),
        ({"verdict": {}}, Misbehaviour.GARBAGE, "the verdict has no outcome"),
        ({"error": "not today"}, Misbehaviour.REFUSES, "it answered the send with the error 'not today'"),
    ],
)
def test_misbehaviour(saying, stated, kind, words):
    address, _ = saying(lambda message: stated if message["op"] == "send" else well_behaved(message))
    target = open_target(address, claims.system, limits=Limits(5, 5))
    target.reset(claims.system.state())
    with pytest.raises(Misbehaved) as caught:
        target.send(next(claims.system.all_requests()))
    assert (caught.value.kind, words in caught.value.detail) == (kind, True), caught.value.detail
    target.reset(claims.system.state())
    target.close()


def test_one_that_knows_no_describe_supports_everything(saying):
    address, _ = saying(lambda message: {"error": "?"} if message["op"] == "describe" else well_behaved(message))
    target = open_target(address, claims.system)
    assert target.statement.requests == frozenset(claims.system.requests)
    target.close()


@pytest.mark.slow
def test_where_nobody_answers_one_message_says_so():
    done = conform("--system", "parcel_locker:claims", "--sut", "http://127.0.0.1:9/", "--start-limit", "0.2")
    assert done.returncode == 2
    assert "http://127.0.0.1:9/: the target is gone: nobody answers at http://127.0.0.1:9/" in done.stderr
    assert "Traceback" not in done.stderr
