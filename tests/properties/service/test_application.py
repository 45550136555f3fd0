"""What clients see of the service."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from itertools import islice

import attrs
import pytest
from jsonschema import Draft202012Validator
from litestar.testing import TestClient

from examples import parcel_locker
from examples.parcel_locker import system
from properties.conformance.suite.wire_format import state_in_words
from properties.service import bodies
from properties.service.application import MOST_BYTES, application
from properties.service.store import Store
from properties.service.words import verdict_in_words
from statemachines import Field, Oracle, RequestType, export_machine
from statemachines.errors import NoVerdictError
from tests.support.energy import energy_words
from tests.support.strategies import random_systems

PUT, WAIT, TAKE = {"type": "Put"}, {"type": "Wait"}, {"type": "Take", "code": "right"}
EMPTY, FULL = {"box": "empty"}, {"box": "holds a parcel"}


def error(reply):
    assert list(reply.json()) == ["error"]
    return reply.status_code, reply.json()["error"]


def send(client, request, key=None, **headers):
    return client.post("/instances/a/requests", json={"request": request, "key": key}, headers=headers)


def document(client):
    return client.get("/schema/openapi.json").json()


def compared(client, oracle, states):
    """How many decisions of the service are the oracle's; one that is not fails."""
    count = 0
    for state in states:
        for request in islice(oracle.system.all_requests(), 20):
            sent = {"state": state_in_words(state), "request": request.as_dict()}
            reply = client.post("/decide", json=sent)
            try:
                after, verdict = oracle.decide(state, request)
            except NoVerdictError:
                assert reply.status_code == 422
                continue
            assert reply.json() == {"state": state_in_words(after), "verdict": verdict_in_words(verdict)}
            count += 1
    return count


def test_a_decision_is_the_oracle_s(client):
    oracle = Oracle(system)
    states = [system.state(box=value) for value in system.variables[0].domain]
    assert compared(client, oracle, states) == 12
    assert client.get("/initial").json() == {"state": EMPTY}
    verdict = client.post("/decide", json={"state": EMPTY, "request": TAKE}).json()["verdict"]
    assert verdict == {
        "outcome": "no", "at": "locker", "reason": "wrong box", "response": None,
        "rules": ["BOX-1"], "unspecified": [], "passed": False,
    }  # fmt: skip


def test_what_a_question_leaves_out_has_the_declared_value(tmp_path):
    how = Enum("How", {"LOUD": "loud", "SOFT": "soft"})
    knock = RequestType("Knock", [Field("how", how, default=how.SOFT), Field("who", how)])
    knocked = attrs.evolve(parcel_locker.done, on=[*parcel_locker.done.on, knock], at=system.gates[0].party)
    knocking = attrs.evolve(system, requests=[*system.requests, knock], answers=[knocked])
    with TestClient(application(knocking, Store(tmp_path / "a.sqlite", "", 1), most=1)) as client:
        sent = {"state": {}, "request": {"type": "Knock", "who": "loud"}}
        assert client.post("/decide", json=sent).json()["state"] == EMPTY
        assert client.post("/decide", json={"request": sent["request"]}).json()["state"] == EMPTY
        assert client.put("/instances/a", json={"state": {}}).json()["state"] == EMPTY
        assert send(client, sent["request"]).json()["request"] == {"type": "Knock", "how": "soft", "who": "loud"}
        status, words = error(client.post("/decide", json={"state": {}, "request": {"type": "Knock"}}))
        assert (status, "a request Knock does not say what 'who' is" in words) == (400, True), words
        schemas = document(client)["components"]["schemas"]
    assert (schemas["State"]["required"], schemas["SentState"]["required"]) == (["box"], [])
    assert schemas["SentState"]["properties"]["box"]["default"] == "empty"
    assert schemas["SentRequestKnock"]["required"] == ["type", "who"]
    assert schemas["SentRequestKnock"]["properties"]["how"]["default"] == "soft"


def test_decisions_of_random_systems_are_the_oracle_s(tmp_path):
    count = 0
    for number, random in enumerate(random_systems(4)):
        store = Store(tmp_path / f"{number}.sqlite", "", 1)
        with TestClient(application(random, store, most=1)) as client:
            count += compared(client, Oracle(random), islice(random.initial_states(), 1))
    assert count > 20


@pytest.mark.parametrize(
    ("body", "stated"),
    [
        ({"state": {"box": "ful"}, "request": PUT}, "state: 'box' is 'ful', expected one of empty, holds a parcel, "),
        ({"state": {"door": "open"}, "request": PUT}, "state: a state has 'door', and 'parcel locker' has no such"),
        (
            {"state": EMPTY, "request": {"type": "Push"}},
            "request: a request is of the type 'Push', and 'parcel locker'",
        ),
        ({"state": EMPTY, "request": {"type": "Take"}}, "request: a request Take does not say what 'code' is"),
        ({"state": EMPTY, "request": {**PUT, "by": 1}}, "request: a request has 'by', and Put has no such field"),
        ({"state": EMPTY}, "request"),
        ({"state": EMPTY, "request": PUT, "more": 1}, "the body: Object contains unknown field `more`"),
        ("[" * 50_000, "the body is nested too deeply"),
        ('{"state"', "Input data was truncated"),
        ("", "the body is missing"),
    ],
)
def test_what_cannot_be_understood_is_reported_in_one_message(client, body, stated):
    content = {"content": body} if isinstance(body, str) else {"json": body}
    status, words = error(client.post("/decide", **content))
    assert (status, stated in words) == (400, True), words


def test_a_question_is_answered_with_a_shortest_run(client):
    full = {"term": {"after": "box"}, "in": ["Box.FULL"]}
    reply = client.post("/ask", json={"state": EMPTY, "condition": full})
    assert reply.json() == {"run": [PUT], "states": 3, "engine": "symbolic"}
    never = {"all": [full, {"request": ["Wait"]}]}
    assert client.post("/ask", json={"state": EMPTY, "condition": never}).json()["run"] is None


@pytest.mark.parametrize(
    ("condition", "stated"),
    [
        ({"term": {"after": "door"}, "in": []}, 'the condition: term.after is "door", expected one of: "box"'),
        (3, "the condition: the document is 3, expected a condition"),
        (None, "the condition: the document is null, expected a condition"),
    ],
)
def test_what_is_no_condition_is_reported_in_one_message(client, condition, stated):
    status, words = error(client.post("/ask", json={"state": EMPTY, "condition": condition}))
    assert (status, stated in words) == (400, True), words


def test_a_question_that_takes_too_much_memory_is_refused(client, monkeypatch):
    monkeypatch.setattr("statemachines.checker.symbolic.nodes_within", lambda _: 1)
    status, words = error(client.post("/ask", json={"state": EMPTY, "condition": True}))
    assert (status, "decision diagrams of more than 1 nodes" in words) == (422, True), words


def test_a_question_that_takes_too_long_is_refused_and_the_next_is_answered(store):
    full = {"state": EMPTY, "condition": {"term": {"after": "box"}, "in": ["Box.FULL"]}}
    with TestClient(application(system, store, most=3, ask_seconds=1e-9)) as client:
        status, words = error(client.post("/ask", json=full))
        assert (status, words) == (503, "the question is not answered within 1e-09 s, which is what it may take")
        assert client.post("/decide", json={"state": EMPTY, "request": PUT}).status_code == 200


def test_a_body_that_is_too_large_is_not_read(client):
    assert client.post("/decide", content=b" " * (MOST_BYTES + 1)).status_code == 413


def test_an_instance_goes_on_from_where_it_stands(client):
    assert client.put("/instances/a", json={}).status_code == 201
    made = send(client, PUT)
    assert (made.status_code, made.json()["changes"]) == (201, FULL)
    assert send(client, PUT).json()["verdict"]["reason"] == "wrong box"
    shown = client.get("/instances/a")
    assert shown.json() == {"name": "a", "number": 2, "state": FULL}
    history = client.get("/instances/a/history").json()
    assert [(step["number"], step["request"], step["changes"]) for step in history] == [(1, PUT, FULL), (2, PUT, {})]
    assert client.get("/instances/a/history", params={"after": 1, "limit": 1}).json() == history[1:]
    assert client.put("/instances/a", json={"state": FULL}).status_code == 200
    assert client.get("/instances/a").json()["number"] == 0
    assert client.get("/instances/a/history").json() == []
    assert client.delete("/instances/a").status_code == 204
    assert error(client.get("/instances/a")) == (404, "There is no such instance.")


def test_of_two_who_know_the_same_state_one_is_refused(client):
    tag = client.put("/instances/a", json={}).headers["ETag"]
    first = send(client, PUT, **{"If-Match": tag})
    assert first.status_code == 201
    assert send(client, WAIT, **{"If-Match": tag}).status_code == 412
    assert send(client, WAIT, **{"If-Match": f'"other", {first.headers["ETag"]}'}).status_code == 201
    assert client.delete("/instances/a", headers={"If-Match": tag}).status_code == 412
    assert client.put("/instances/a", json={}, headers={"If-None-Match": "*"}).status_code == 412
    assert client.put("/instances/b", json={}, headers={"If-None-Match": "*"}).status_code == 201
    assert client.put("/instances/c", json={}, headers={"If-Match": "*"}).status_code == 412


def test_a_tag_never_comes_again(client):
    tags = [client.put("/instances/a", json={}).headers["ETag"]]
    client.delete("/instances/a")
    tags.append(client.put("/instances/a", json={}).headers["ETag"])
    tags.append(client.put("/instances/a", json={}).headers["ETag"])
    assert len(set(tags)) == 3
    assert client.get("/instances/a", headers={"If-None-Match": tags[-1]}).status_code == 304
    assert client.get("/instances/a", headers={"If-None-Match": tags[0]}).status_code == 200


def test_a_request_is_decided_once_for_its_key(client):
    client.put("/instances/a", json={})
    first, again = send(client, PUT, "k"), send(client, PUT, "k")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert error(send(client, WAIT, "k")) == (409, "Another request of the instance has this key.")
    assert client.get("/instances/a").json()["number"] == 1


def test_a_batch_is_decided_in_order_and_all_of_it_or_nothing(client):
    def batch(*sent, **headers):
        requests = [{"request": request, "key": key} for request, key in sent]
        return client.post("/instances/a/batch", json={"requests": requests}, headers=headers)

    tag = client.put("/instances/a", json={}).headers["ETag"]
    done = batch((PUT, "1"), (TAKE, "2"), (PUT, "1"), (PUT, None), **{"If-Match": tag})
    assert [(step["number"], step["changes"]) for step in done.json()] == [(1, FULL), (2, EMPTY), (1, FULL), (3, FULL)]
    assert client.get("/instances/a").json() == {"name": "a", "number": 3, "state": FULL}
    assert batch((WAIT, "3"), (WAIT, "1")).status_code == 409
    assert batch((WAIT, "3"), **{"If-Match": tag}).status_code == 412
    assert batch().status_code == 400
    assert client.post("/instances/b/batch", json={"requests": [{"request": WAIT}]}).status_code == 404
    assert client.get("/instances/a").json()["number"] == 3
    assert batch((TAKE, "2"), (PUT, "1"), **{"If-Match": tag}).json() == [done.json()[1], done.json()[0]]


def test_the_document_says_what_each_request_of_a_batch_has(client):
    """Litestar says of a tuple that anything may be in it."""
    batch = client.get("/schema/openapi.json").json()["components"]["schemas"]["Batch"]
    assert batch["properties"]["requests"]["items"] == {"$ref": "#/components/schemas/Sending"}


def test_of_concurrent_repeats_one_is_accepted(client):
    client.put("/instances/a", json={})
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda key: send(client, WAIT if key % 2 else PUT, str(key)), [*range(4)] * 8))
    assert sorted(reply.status_code for reply in replies) == [200] * 28 + [201] * 4
    assert sorted(step["key"] for step in client.get("/instances/a/history").json()) == ["0", "1", "2", "3"]


def test_what_can_be_done_to_an_instance_is_reported(client):
    allowed = client.options("/instances/a").headers["Allow"]
    assert set(allowed.split(", ")) == {"OPTIONS", *map(str.upper, document(client)["paths"]["/instances/{name}"])}


def test_there_is_a_limit_on_instances(client):
    assert [client.put(f"/instances/{name}", json={}).status_code for name in "abcda"] == [201, 201, 201, 507, 200]


def test_messages_of_the_conformance_suite(client):
    def answer(message):
        return client.post("/instances/a/messages", json=message).json()

    assert answer({"op": "describe"}) == {"statement": {"name": "the oracle of: parcel locker"}}
    assert answer({"op": "send", "request": PUT}) == {"error": "There is no such instance."}
    assert answer({"op": "reset", "state": FULL}) == {"ok": True}
    assert answer({"op": "send", "request": TAKE}) == {
        "verdict": {"outcome": "yes", "at": "locker", "reason": "done", "response": None}
    }
    assert answer({"op": "settled"}) == {"settled": True}
    assert "op" in answer({"op": "stop"})["error"]


def test_health_and_metrics(client):
    client.put("/instances/a", json={})
    assert client.get("/health").json() == {"system": "parcel locker", "instances": 1, "most_instances": 3}
    counted = [line for line in client.get("/metrics").text.splitlines() if line.startswith("oracle_requests_total")]
    assert any('path="/instances/{name}"' in line and 'method="PUT"' in line for line in counted), counted


def test_another_name_of_this_machine_is_not_answered(tmp_path):
    store = Store(tmp_path / "lockers.sqlite", "", 1)
    with TestClient(application(system, store, most=1, hosts=("127.0.0.1:80",))) as client:
        assert client.get("/health", headers={"Host": "127.0.0.1:80"}).status_code == 200
        assert client.get("/health", headers={"Host": "attacker.example"}).status_code == 400


@pytest.mark.parametrize("host", ["a:b", "localhost:99999999"])
def test_a_host_that_makes_no_address_is_refused(client, host):
    reply = client.get("/health", headers={"Host": host})
    assert (reply.status_code, reply.json()) == (
        400,
        {"error": "the header Host is not the name of a host and its port"},
    )


def test_what_does_not_print_is_escaped_in_errors(client):
    assert client.post("/decide", json={"\u202e": 1}).json() == {
        "error": r"the body: Object contains unknown field `\u202e`"
    }


def test_the_document_has_the_words_of_the_system(client):
    schemas = document(client)["components"]["schemas"]
    assert schemas["State"]["properties"]["box"]["enum"] == ["empty", "holds a parcel", "holds a parcel too long"]
    assert schemas["RequestTake"]["properties"]["code"]["enum"] == ["right", "wrong"]
    assert all(schemas[kind.__name__]["additionalProperties"] is False for kind in bodies.SENT)
    references = set(re.findall(r'"#/components/schemas/(\w+)"', client.get("/schema/openapi.json").text))
    assert references <= schemas.keys()


def test_the_document_has_the_conditions_that_can_be_asked(client):
    schemas = document(client)["components"]["schemas"]
    conditions = Draft202012Validator({"$ref": "#/components/schemas/Condition", "components": {"schemas": schemas}})
    machine = json.loads(export_machine(parcel_locker.claims))
    checks = [check["fails_when"] for gate in machine["gates"] for check in gate["checks"]]
    held = [{"term": {"after": "box"}, "in": ["Box.FULL"]}, {"not": {"request": ["Put"]}}, {"reached": "Say.LOCKER"}]
    for condition in (*checks, *held, True, {"all": [*checks, *held]}):
        conditions.validate(condition)
        assert client.post("/ask", json={"condition": condition}).status_code == 200
    for part in ({"term": {"after": "door"}, "in": []}, {"request": ["Push"]}, {"reached": "Box.FULL"}, 3):
        assert not conditions.is_valid({"all": [part]}), part


def test_nothing_of_it_knows_a_domain(client):
    assert energy_words(client.get("/schema/openapi.json").text) == []


def test_the_explorer_is_made_when_it_is_first_asked_for(store):
    made = []
    app = application(system, store, most=3, explorer=lambda: f"<p>page {made.append(1) or len(made)}")
    with TestClient(app) as client:
        assert made == []
        answers = [client.get("/explorer") for _ in range(2)]
    assert [answer.text for answer in answers] == ["<p>page 1"] * 2
    assert answers[0].headers["content-type"].startswith("text/html")


def test_a_database_that_is_damaged_is_one_message_of_the_service(client, tmp_path, caplog):
    client.put("/instances/a", json={"state": EMPTY})
    for beside in ("", "-wal", "-shm"):
        path = tmp_path / f"lockers.sqlite{beside}"
        if path.exists():
            path.write_bytes(b"x" * path.stat().st_size)
    status, words = error(client.get("/instances/a"))
    assert (status, words) == (503, "the database cannot be used: file is not a database")
    assert words in caplog.messages
