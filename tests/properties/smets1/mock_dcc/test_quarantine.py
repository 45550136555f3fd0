"""Requests that Anomaly Detection catches, and what their User says of them (SRP-1)."""

import pytest

from properties.smets1.mock_dcc.behaviour import Behaviour, Unspecified
from statemachines.smets1.duis.reader import parse_request
from statemachines.smets1.duis.response import parse_response
from tests.properties.smets1.mock_dcc.conftest import HOME, REJECTED
from tests.support.duis_documents import SAMPLES

UPDATE, ANOTHER_IMAGE = SAMPLES[0].read_bytes(), SAMPLES[2].read_bytes()
HELD = parse_request(UPDATE).request_id


@pytest.fixture
def held(dcc):
    """Opens a mock DCC that holds an update of the PPMID's firmware; with the address of its response."""

    def opened(client):
        assert client.quarantine(HELD, "catch").json() == {"ok": True}
        reply = client.send(UPDATE)
        assert (reply.status_code, parse_response(reply.content).code) == (202, "I99")
        assert client.http.get(reply.headers["Location"]).status_code == 204
        assert client.shown()["state"]["ppmid_firmware"] == "no image in hand"
        return reply.headers["Location"]

    return opened


def test_a_held_request_that_is_processed_has_its_effect_and_its_response(dcc, held):
    with dcc() as client:
        location = held(client)
    with dcc() as client:  # what is held outlives the server
        step = client.quarantine(HELD, "process").json()
        assert (step["number"], step["verdict"]["outcome"]) == (2, "accepted")
        response = client.http.get(location)
        assert (response.status_code, parse_response(response.content).code) == (200, "I0")
        assert response.headers["X-SMETS1-Outcome"] == "accepted"
        assert client.shown()["state"]["ppmid_firmware"] == step["changes"]["ppmid_firmware"]
        assert client.quarantine(HELD, "process").status_code == 409
        assert client.send(UPDATE).headers["X-SMETS1-Reason"] == "the RequestID was used before"


def test_a_held_request_that_is_deleted_has_no_effect_and_no_response(dcc, held):
    with dcc() as client:
        location, before = held(client), client.shown()["state"]
        assert client.quarantine(HELD, "delete").json() == {"ok": True}
        assert client.http.get(location).status_code == 404
        assert (client.shown()["state"], client.shown()["premises"]["dropped"]) == (before, [str(HELD)])
        assert client.quarantine(HELD, "process").status_code == 409


def test_it_goes_on_at_the_premises_as_they_are_when_it_is_released(dcc):
    with dcc() as client:
        identity = parse_request(ANOTHER_IMAGE).request_id
        client.quarantine(identity, "catch")
        location = client.send(ANOTHER_IMAGE).headers["Location"]
        assert client.quarantine(identity, "process").json()["verdict"]["outcome"] == "rejected"
        assert parse_response(client.http.get(location).content).code == "E65"


@pytest.mark.parametrize(
    ("what", "status", "code"),
    [
        (Unspecified.REFUSE, 501, None),
        (Unspecified.ACCEPTED, 200, "I0"),
        (Unspecified.NO_RESPONSE, 200, None),
    ],
)
def test_no_source_says_whether_earlier_checks_are_made_again(dcc, held, what, status, code):
    with dcc(Behaviour(REJECTED.codes, unspecified=what)) as client:
        location = held(client)
        event = {"type": "ChangeElectricitySupplier", "to": "Supplier C"}
        client.http.post("/instances/home/requests", json={"request": event})
        before = client.shown()["state"]
        reply = client.quarantine(HELD, "process")
        assert reply.status_code == status, reply.text
        if status == 501:
            assert "it passed the checks of the DSP and the S1SP before it was held" in reply.json()["error"]
            assert client.http.get(location).status_code == 204
        elif code is None:
            assert client.http.get(location).status_code == 404
        else:
            assert parse_response(client.http.get(location).content).code == code
        assert client.shown()["state"] == before


def test_what_is_not_held_is_refused(dcc):
    with dcc() as client:
        assert client.quarantine(HELD, "process").json() == {"error": f"no request {HELD} is in quarantine"}
        client.send(UPDATE)
        for action in ("catch", "process", "delete"):
            assert client.quarantine(HELD, action).status_code == 409
        assert client.quarantine("7", "catch").status_code == 400
        assert client.quarantine(HELD, "free").status_code == 400
        assert client.http.get(f"{HOME}/responses/1").status_code == 200
