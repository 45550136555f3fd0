"""What the mock DCC sends back: acknowledgements, responses, and what no source says."""

import pytest

from properties.smets1.mock_dcc import dcc as mock_dcc
from properties.smets1.mock_dcc.behaviour import Behaviour, Unspecified, read_behaviour
from statemachines.smets1.duis.reader import parse_request
from statemachines.smets1.duis.response import parse_response
from statemachines.smets1.edge.answers import judge_answer
from statemachines.smets1.edge.installation_file import parse_premises
from statemachines.smets1.edge.judging import judge
from statemachines.smets1.reasons import REASONS
from statemachines.smets1.vocabulary import Outcome
from tests.properties.smets1.mock_dcc.conftest import EXAMPLES, FILE, HOME, REJECTED
from tests.support.duis_documents import ESME, SAMPLES, SUPPLIER_A, document

UPDATE, READ, REPEAT = (SAMPLES[number].read_bytes() for number in (0, 6, 7))
BY_GAS_SUPPLIER = SAMPLES[1].read_bytes()
REJECTED_AT_DEVICE = SAMPLES[2].read_bytes()
SCHEDULE = document(
    "<ReadSchedule><DSPScheduleID>1</DSPScheduleID></ReadSchedule>",
    reference="5.2", variant="5.2", command_variant="8", request_id=f"{SUPPLIER_A}:90-B3-D5-1F-30-00-00-02:9",
)  # fmt: skip
UNKNOWN_SENDER = READ.replace(b"90-B3-D5-1F-30-0A-00-00", b"90-B3-D5-1F-30-0E-00-00")
OPEN = READ.replace(b'schemaVersion="5.4"', b'schemaVersion="99"')
"""What becomes of it is unspecified: nobody knows this schema."""


@pytest.mark.slow
def test_every_sample_is_answered_as_it_is_judged(dcc):
    premises = parse_premises(FILE, "installation")
    with dcc() as client:
        for sample in SAMPLES:
            sent = sample.read_bytes()
            premises, judgements = judge(premises, parse_request(sent))
            reply = client.send(sent)
            assert reply.status_code in (200, 202), f"{sample.name}: {reply.text}"
            replies = [reply] + ([client.http.get(reply.headers["Location"])] if reply.status_code == 202 else [])
            for each in replies:
                judged = judge_answer(parse_response(each.content), judgements)
                assert judged.fits is not False, f"{sample.name}: {judged.why}"
            assert replies[-1].headers["X-SMETS1-Outcome"] == judgements[0].verdict.outcome.value
            assert replies[-1].headers["X-SMETS1-Rules"].split() == list(judgements[0].verdict.rules)
        shown = client.shown()
        assert shown["state"] == {name: str(value.value) for name, value in premises.state.as_dict().items()}
        ppmid = shown["premises"]["devices"]
        assert {one: facts["version"] for one, facts in ppmid.items()} == {
            one: facts.version for one, facts in premises.devices.items()
        }
        assert len(client.store.history("home", 0, 100)) == len(SAMPLES)


def test_it_is_acknowledged_first_and_the_response_comes_when_it_is_due(dcc, monkeypatch):
    now = 1_600_000_000.0
    monkeypatch.setattr(mock_dcc.time, "time", lambda: now)
    with dcc(Behaviour(delays_of_srvs={"11.1": 30.0})) as client:
        reply = client.send(UPDATE)
        assert (reply.status_code, parse_response(reply.content).code) == (202, "I99")
        assert client.http.get(reply.headers["Location"]).status_code == 204
        now += 30
        response = client.http.get(reply.headers["Location"])
        assert (response.status_code, parse_response(response.content).code) == (200, "I0")
        assert client.http.get(f"{HOME}/responses/7").status_code == 404


@pytest.mark.parametrize(("awaits", "due"), [(False, 1_600_000_007.0), (True, 1_894_698_000.0)])
def test_a_response_may_wait_until_the_dsp_carries_its_request_out(dcc, monkeypatch, awaits, due):
    now = 1_600_000_000.0
    monkeypatch.setattr(mock_dcc.time, "time", lambda: now)
    future = "<ExecutionDateTime>2030-01-15T09:00:00.00Z</ExecutionDateTime>"
    read = document(f"<ReadFirmwareVersion>{future}</ReadFirmwareVersion>", request_id=f"{SUPPLIER_A}:{ESME}:9")
    with dcc(Behaviour(delay=7.0, awaits_execution=awaits)) as client:
        location = client.send(read).headers["Location"]
        now = due - 1
        assert client.http.get(location).status_code == 204
        now = due
        assert client.http.get(location).status_code == 200
        update, activation = (client.send(SAMPLES[number].read_bytes()) for number in (0, 3))
        now += 7
        assert client.http.get(activation.headers["Location"]).status_code == 200  # the device holds it, and says so
        assert update.status_code == 202


def test_rejections_come_at_once_or_after_the_acknowledgement(dcc):
    with dcc() as client:
        assert client.codes(UPDATE) == ["I99", "I0"]
        assert client.codes(BY_GAS_SUPPLIER) == ["E65"]
        assert client.codes(REJECTED_AT_DEVICE) == ["I99", "E65"]


def test_a_request_id_is_used_once(dcc):
    with dcc() as client:
        client.send(UPDATE)
        before = client.shown()
        reply = client.send(UPDATE)
        assert parse_response(reply.content).code == "E65"
        assert reply.headers["X-SMETS1-Reason"] == "the RequestID was used before"
        assert client.shown() == {**before, "number": 2}
    with dcc() as client:  # from the file
        assert client.send(UPDATE).headers["X-SMETS1-Reason"] == "the RequestID was used before"


def test_no_code_is_made_up(dcc):
    with dcc(Behaviour()) as client:
        for _ in range(2):
            reply = client.send(BY_GAS_SUPPLIER)
            assert (reply.status_code, "set codes.rejected" in reply.json()["error"]) == (501, True)
        assert client.shown()["number"] == 0
        alert = client.send(READ)  # the alert has no code, so that nothing follows the acknowledgement
        assert (alert.status_code, parse_response(alert.content).code) == (200, "I99")


def test_codes_of_outcomes_and_reasons(dcc):
    codes = {Outcome.ALERT: "N7", Outcome.REJECTED: "E65"}
    with dcc(Behaviour(codes=codes, codes_of_reasons={"the RequestID was used before": "E1"})) as client:
        assert client.codes(READ) == ["I99", "N7"]
        assert parse_response(client.http.get(f"{HOME}/responses/1").content).message == "DCCAlertMessage"
        assert client.codes(READ) == ["E1"]
        assert client.codes(BY_GAS_SUPPLIER) == ["E65"]


@pytest.mark.parametrize(
    ("what", "codes"),
    [
        (Unspecified.ACCEPTED, ["I99", "I0"]),
        (Unspecified.REJECTED, ["E65"]),
        (Unspecified.NO_RESPONSE, ["I99"]),
    ],
)
def test_what_is_unspecified_is_the_user_s(dcc, what, codes):
    behaviour = Behaviour(codes=REJECTED.codes, unspecified_of_srvs={"11.2": what})
    with dcc(behaviour) as client:
        before = client.shown()["state"]
        assert client.codes(OPEN) == codes
        assert client.shown()["state"] == before
        (step,) = client.store.history("home", 0, 9)
        assert "outcome" in step.verdict["unspecified"]


def test_what_is_unspecified_is_refused_unless_the_user_says_otherwise(dcc):
    with dcc() as client:
        reply = client.send(OPEN)
        assert (reply.status_code, client.shown()["number"]) == (501, 0)
        assert reply.json()["error"].startswith("what becomes of SRV 11.2 is unspecified: ")


def test_who_or_what_is_not_known_is_refused(dcc):
    with dcc() as client:
        reply = client.send(UNKNOWN_SENDER)
        assert (reply.status_code, client.shown()["number"]) == (422, 0)
        assert "the sender 90-B3-D5-1F-30-0E-00-00 is not among" in reply.json()["error"]
        assert client.http.post("/instances/away/duis", content=READ).status_code == 404


def test_an_instance_without_a_file_is_the_specimen_s(dcc):
    with dcc() as client:
        assert client.http.put("/instances/other", json={}).status_code == 201
        premises = client.http.get("/instances/other/duis").json()["premises"]
        assert premises["users"]["02-00-00-00-00-00-00-0A"] == ["Supplier A"]


def test_events_and_requests_in_json_reach_the_same_installation(dcc):
    with dcc() as client:
        sent = client.http.post("/instances/home/requests", json={"request": {"type": "DeployRelease"}})
        assert sent.json()["changes"] == {"release": "November 2020 maintenance"}
        assert client.codes(READ) == ["I99", "I0"]


def test_the_suite_s_messages(dcc):
    with dcc() as client:
        shown = client.shown()
        premises = {
            "users": shown["premises"]["users"],
            "devices": {
                one: {name: value for name, value in facts.items() if name != "model"}
                for one, facts in shown["premises"]["devices"].items()
            },
        }
        identity = str(parse_request(UPDATE).request_id)
        reset = {"op": "reset", "state": shown["state"], "premises": premises, "used": [identity]}
        assert client.control(op="describe").json() == {"statement": {"name": "the mock DCC"}}
        assert client.control(op="settled").json() == {"settled": True}
        assert client.control(**reset).json() == {"ok": True}
        assert client.codes(UPDATE) == ["E65"]
        assert client.control(**reset | {"used": []}).json() == {"ok": True}
        assert client.control(op="screen", request_id=identity, screening="caught, and not released").status_code == 200
        held = client.send(UPDATE)
        assert (held.status_code, held.headers["X-SMETS1-Outcome"]) == (200, "held")
        event = {"type": "ChangeElectricitySupplier", "to": "Supplier B"}
        assert client.control(op="event", event=event).json()["verdict"]["outcome"] == "happened"
        assert client.shown()["state"]["electricity_supplier"] == "Supplier B"
        assert client.control(op="screen", request_id="7").status_code == 400
        assert client.control(op="reset", state={"electricity_supplier": "Nobody I know"}).status_code == 400
        wrong = {**premises, "users": {SUPPLIER_A: ["Nobody I know"]}}
        assert "Nobody I know" in client.control(**reset | {"premises": wrong}).json()["error"]


@pytest.mark.parametrize(
    ("body", "status", "answer"),
    [
        (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', 400, "has a DOCTYPE"),
        (b'<!DOCTYPE x [<!ENTITY a "' + b"a" * 500 + b'"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>', 400, "has a DOCTYPE"),
        (b"<x>" * 20_000 + b"</x>" * 20_000, 400, "not well-formed XML"),
        (READ.replace(b"UTF-8", b"UTF-16"), 400, "expected UTF-8"),
        (READ.decode().encode("utf-16"), 400, "byte order mark"),
        (b"", 400, "not well-formed XML"),
        (b'{"request": {}}', 400, "not well-formed XML"),
        (b"<Response/>", 400, "a Response, not a request"),
        (b" " * (8 * 1024 * 1024 + 1), 413, ""),
    ],
    ids=["external entity", "entities", "deep", "encoding", "UTF-16", "empty", "JSON", "a response", "large"],
)  # fmt: skip
def test_a_hostile_document_is_refused_in_one_message(dcc, body, status, answer):
    with dcc() as client:
        reply = client.send(body)
        assert (reply.status_code, list(reply.json())) == (status, ["error"])
        assert answer in reply.json()["error"]
        assert client.shown()["number"] == 0


def test_what_can_be_done_to_an_installation_is_reported(dcc):
    with dcc() as client:
        assert client.http.options(HOME).headers["Allow"] == "GET, OPTIONS, POST, PUT"


def test_a_file_that_is_none_starts_nothing(dcc):
    with dcc() as client:
        for body in (b"", b"\xff", FILE.replace(b'"CA"', b'"CX"'), FILE + b"[more]\n"):
            reply = client.http.put("/instances/b/duis", content=body)
            assert (reply.status_code, list(reply.json())) == (400, ["error"])
        assert client.http.get("/instances/b").status_code == 404


def test_reasons_can_be_headers():
    assert [reason for reason in REASONS if not str(reason.value).isascii()] == []


def test_the_example_file_is_read():
    made = read_behaviour(EXAMPLES / "mock-dcc.toml")
    assert made == Behaviour(
        {Outcome.REJECTED: "E65"},
        {},
        Unspecified.ACCEPTED,
        unspecified_of_srvs={"8.6": Unspecified.REJECTED},
    )
