"""The target in Node.js agrees with the reference in all that its statement says it supports."""

import json
import random
import shutil
import subprocess
from contextlib import contextmanager

import pytest

from statemachines.semantics.oracle import Oracle
from statemachines.smets1.commissioning import SmiStatus
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.vocabulary import SRV_OF, Image, RequestIdUse, Screening
from tests.support.paths import ROOT

TARGET = ROOT / "examples" / "node-target" / "target.mjs"
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(NODE is None, reason="Node.js is not installed, and this target is written for it")


class Lines:
    """Speaks JSON lines with the target."""

    def __init__(self, process):
        self.process, self.count = process, 0

    def ask(self, **message):
        self.count += 1
        self.process.stdin.write(json.dumps({"id": self.count, **message}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert answer.pop("id") == self.count
        return answer


@contextmanager
def running():
    with subprocess.Popen(
        [NODE, str(TARGET)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            yield Lines(process)
        finally:
            process.kill()


def supported(statement):
    """The requests and events that the statement lists, about the devices that it lists."""
    for kind in INSTALLATION.requests:
        if kind.name in statement["requests"] or SRV_OF.get(kind) in statement["requests"]:
            yield [
                request
                for request in kind.requests()
                if {request.as_dict().get(name, "PPMID") for name in ("target", "device")} <= set(statement["devices"])
            ]


def likely(rnd, request, state):
    """The request as one that comes far is sent, most of the time."""
    usual = {
        "sender": state.electricity_supplier,
        "request_id": RequestIdUse.NEW,
        "screening": Screening.PASSED,
        "image": Image.DELIVERED,
    }
    mine = {field.name for field in request.type.fields}
    return request.replace(**{name: value for name, value in usual.items() if name in mine and rnd.random() < 0.8})


@pytest.mark.slow
def test_it_agrees_in_what_it_supports(walks, varied, words, verdict_in_words):
    oracle, rnd = Oracle(INSTALLATION), random.Random(11)
    states = [step.before for step in (*varied, *(step for walk in walks for step in walk))]
    usable = [each for each in states if each.ppmid_status is SmiStatus.COMMISSIONED]
    decided = set()
    with running() as lines:
        kinds = list(supported(lines.ask(op="describe")["statement"]))
        assert len(kinds) == 11
        upgrading = {"UpdateFirmware", "ActivateFirmware", "ReachActivationDate"}
        kinds += [kind for kind in kinds if kind[0].type.name in upgrading] * 3
        for start in (*rnd.sample(states, 50), *rnd.sample(usable, 200)):
            state = start
            assert lines.ask(op="reset", state=words(state)) == {"ok": True}
            for _ in range(25):
                request = likely(rnd, rnd.choice(rnd.choice(kinds)), state)
                state, verdict = oracle.decide(state, request)
                stated = lines.ask(op="send", request=request.as_dict())
                assert stated == {"verdict": verdict_in_words(verdict)}, (start, request)
                decided.add((request.type.name, verdict.reason))
    assert len(decided) >= 45


def test_what_it_does_not_support_is_refused_and_it_goes_on():
    with running() as lines:
        lines.ask(op="reset", state={"release": "before Uplift 1.2"})
        assert lines.ask(op="send", request={"type": "TestDevices"}) == {"error": "TestDevices is not supported"}
        assert lines.ask(op="send", request={"type": "UpdateFirmware", "target": "ESME"}) == {
            "error": "ESME is not the PPMID"
        }
        assert lines.ask(op="dance") == {"error": "op is dance, expected describe, reset or send"}
        assert lines.ask(op="send", request={"type": "DeployRelease"})["verdict"]["outcome"] == "happened"
