"""The example simulator says the same in all three protocols, and answers nonsense with a message."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

from examples.simulator.answers import MessageError
from examples.simulator.duis import Directory, read
from examples.simulator.faults import Fault
from examples.simulator.srvs import OPEN_TO
from examples.simulator.target import Target
from statemachines.smets1.edge.model_to_duis import write
from statemachines.smets1.edge.specimen import specimen
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS
from statemachines.smets1.vocabulary import SCREENED, SERVICE_REQUEST_TYPES, RequestIdUse, request_id
from tests.support.paths import ROOT

EXAMPLES = ROOT / "examples"
PREMISES = specimen(INSTALLATION.state())
WHO_IS_WHO = {
    "users": {identity: [str(user.value) for user in users] for identity, users in PREMISES.users.items()},
    "devices": {
        identity: {"device": str(facts.device.value), "delivered_hash": facts.delivered_hash}
        for identity, facts in PREMISES.devices.items()
    },
}


@contextmanager
def running(*arguments):
    command = [sys.executable, "-m", "simulator", *arguments]
    with subprocess.Popen(
        command, cwd=EXAMPLES, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            yield process
        finally:
            process.kill()


class Lines:
    """Speaks JSON lines with a process."""

    def __init__(self, process):
        self.process, self.count = process, 0

    def ask(self, **message):
        self.count += 1
        self.process.stdin.write(json.dumps({"id": self.count, **message}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert answer.pop("id") == self.count
        return answer


class Http:
    """Speaks DUIS XML with a server."""

    def __init__(self, address):
        self.address, self.count = address, 0

    def post(self, path, kind, body):
        sent = urllib.request.Request(self.address + path, body, {"Content-Type": kind})
        try:
            with urllib.request.urlopen(sent, timeout=10) as reply:
                return reply.status, dict(reply.headers), reply.read()
        except urllib.error.HTTPError as error:
            return error.code, {}, error.read()

    def control(self, **message):
        status, _, body = self.post("control", "application/json", json.dumps(message).encode())
        assert status == 200, body
        return json.loads(body)

    def send(self, request):
        if request.type not in SERVICE_REQUEST_TYPES:
            return self.control(op="event", event=request.as_dict())["verdict"]
        repeated = request[request_id.name] is RequestIdUse.REPEATED
        self.count += 1
        written = write(PREMISES, request, counter=0 if repeated else self.count)
        fields = [field for field in SCREENED if field.name in request.as_dict()]
        screened = {field.name: str(request[field.name].value) for field in fields}
        if any(request[field.name] is not field.default for field in fields):
            self.control(op="screen", request_id=str(written.request_id), **screened)
        status, headers, body = self.post("", "application/xml", written.document)
        assert status == 200, body
        assert f"<sr:RequestID>{written.request_id}</sr:RequestID>".encode() in body
        assert (b"<sr:ResponseCode>I0</sr:ResponseCode>" in body) is (headers["X-SMETS1-Outcome"] == "accepted")
        stated = {aspect: headers[f"X-SMETS1-{aspect.title()}"] for aspect in ("outcome", "at", "reason", "response")}
        return stated | {"response": None if stated["response"] == "nothing" else stated["response"]}


@contextmanager
def serving(*arguments):
    with running("--http", "0", *arguments) as process:
        yield Http(process.stdout.readline().split()[-1])


@pytest.mark.slow
def test_the_three_protocols_say_the_same(witnesses, words):
    target = Target()
    with running("--json-lines") as process, serving() as http:
        lines = Lines(process)
        for start, requests in witnesses.values():
            state = words(start)
            target.reset(state)
            assert lines.ask(op="reset", state=state) == {"ok": True}
            used = [str(write(PREMISES, each, counter=0).request_id) for each in requests if repeated(each)]
            assert http.control(op="reset", state=state, premises=WHO_IS_WHO, used=used) == {"ok": True}
            for request in requests:
                stated = target.send(request.as_dict())
                assert lines.ask(op="send", request=request.as_dict()) == {"verdict": stated}
                assert http.send(request) == stated, request


def repeated(request):
    return request.type in SERVICE_REQUEST_TYPES and request[request_id.name] is RequestIdUse.REPEATED


@pytest.mark.parametrize("fault", [Fault.RELEASE_SKIPPED, Fault.GAS_SUPPLIER_MAY_ACTIVATE])
def test_a_fault_is_the_same_in_all_three(fault, witnesses, words):
    start, requests = witnesses[fault.title]
    target = Target(fault)
    target.reset(words(start))
    option = ("--fault", fault.title)
    with running("--json-lines", *option) as process, serving(*option) as http:
        lines = Lines(process)
        lines.ask(op="reset", state=words(start))
        http.control(op="reset", state=words(start), premises=WHO_IS_WHO)
        for request in requests:
            stated = target.send(request.as_dict())
            assert lines.ask(op="send", request=request.as_dict()) == {"verdict": stated}
            assert http.send(request) == stated


def test_it_says_what_it_supports():
    with running("--json-lines") as process, serving() as http:
        described = Lines(process).ask(op="describe")
        assert described == http.control(op="describe") == {"statement": Target().statement()}


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"op": "send", "request": {"type": "Nonsense"}}, "no request or event is called 'Nonsense'"),
        ({"op": "send", "request": {"type": "ValidateData"}}, "ValidateData: nothing is known of 'mprn'"),
        ({"op": "send", "request": {"type": "UpdateFirmware", "target": "PPMID"}}, "UpdateFirmware needs sender"),
        ({"op": "send"}, "request has to be an object of texts"),
        ({"op": "reset", "state": {"release": "some day"}}, "release is 'some day', expected one of"),
        ({"op": "dance"}, "op is 'dance', expected describe, reset or send"),
    ],
)
def test_nonsense_is_answered_with_an_error_and_the_next_message_is_served(message, error):
    with running("--json-lines") as process:
        lines = Lines(process)
        stated = lines.ask(**message)
        assert error in stated["error"]
        assert lines.ask(op="send", request={"type": "DeployRelease"})["verdict"]["outcome"] == "happened"


def test_what_is_no_service_request_is_refused_over_http():
    with serving() as http:
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
        for document, error in ((bomb, "DOCTYPE"), (b"<x", "not XML"), (b"\xff", "UTF-8"), (b"<x/>", "not a Request")):
            status, _, body = http.post("", "application/xml", document)
            assert status == 400
            assert error in json.loads(body)["error"]
        status, _, _ = http.post("control", "application/json", b"[]")
        assert status == 400


def test_a_party_that_nobody_knows_is_reported():
    document = write(PREMISES, next(SERVICE_REQUEST_TYPES[0].requests()), counter=1).document
    with pytest.raises(MessageError, match="no device"):
        read(document, Directory())


def test_the_matrix_of_roles_is_that_of_duis():
    assert {
        srv: " ".join(role.value for role in type(next(iter(row.roles))) if role in row.roles) if row.roles else ""
        for srv, row in SERVICE_REQUESTS.items()
    } == OPEN_TO


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["--list-faults"], 0, "gas-supplier-may-activate"),
        (["--json-lines", "--fault", "x"], 2, "no fault is called 'x'"),
        (["--json-lines", "--http", "0"], 2, "not allowed with"),
        (["--http", "99999"], 2, "port 99999 cannot be used"),
        ([], 2, "required"),
    ],
)
def test_the_command_line(arguments, code, text):
    command = [sys.executable, "-m", "simulator", *arguments]
    ended = subprocess.run(command, cwd=EXAMPLES, capture_output=True, text=True, input="", timeout=60, check=False)
    assert ended.returncode == code
    assert text in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
