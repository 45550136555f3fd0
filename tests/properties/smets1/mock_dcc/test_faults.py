"""Faults between the mock DCC and its client, as its user sets them."""

import attrs
import pytest

from properties.smets1.mock_dcc import dcc as mock_dcc
from properties.smets1.mock_dcc.behaviour import Behaviour
from properties.smets1.mock_dcc.faults import DccFault, DccFaults, FaultKind
from statemachines.smets1.duis.response import parse_response
from tests.properties.smets1.mock_dcc.conftest import REJECTED
from tests.support.duis_documents import SAMPLES

UPDATE = SAMPLES[0].read_bytes()
REJECTED_AT_ONCE = SAMPLES[1].read_bytes()
CALLBACK = "http://127.0.0.1:1/in"


def having(*faults, **more):
    return attrs.evolve(REJECTED, faults=faults, **more)


@pytest.fixture
def clock(monkeypatch):
    """Sets the time."""
    monkeypatch.setattr(mock_dcc.time, "time", lambda: clock[0])
    clock = [1_600_000_000.0]
    return clock


def test_each_fault_counts_the_requests_that_may_have_it_and_the_first_is_made():
    lost, late = DccFault(FaultKind.RESPONSE_LOST, "11.1", 2), DccFault(FaultKind.RESPONSE_LATE, every=3, seconds=1.0)
    faults = DccFaults([lost, late])
    assert [faults.of(srv) for srv in ("11.1", "11.2", "11.1", "11.1", "11.3", "11.1")] == [
        None, None, lost, None, None, lost,
    ]  # fmt: skip


def test_an_http_error_has_no_effect_and_the_request_can_be_sent_again(dcc):
    error = DccFault(FaultKind.HTTP_ERROR, status=503)
    with dcc(having(error)) as client:
        before = client.shown()
        reply = client.send(UPDATE)
        assert (reply.status_code, reply.json()) == (503, {"error": "a fault that the file of --behaviour sets"})
        assert client.shown() == before
    with dcc(having(attrs.evolve(error, every=2))) as client:
        assert [client.send(UPDATE).status_code for _ in range(2)] == [202, 503]


def test_a_lost_acknowledgement_has_the_effect_so_that_a_repeat_is_refused(dcc):
    with dcc(having(DccFault(FaultKind.ACKNOWLEDGEMENT_LOST, every=2, status=504))) as client:
        client.send(REJECTED_AT_ONCE)
        assert client.send(UPDATE).status_code == 504
        assert client.shown()["number"] == 2
        assert client.http.get("/instances/home/duis/responses/2").status_code == 200  # its response comes
        assert client.send(UPDATE).headers["X-SMETS1-Reason"] == "the RequestID was used before"


def test_a_lost_response_never_comes_nor_is_it_in_quarantine(dcc, clock):
    with dcc(having(DccFault(FaultKind.RESPONSE_LOST), callback=CALLBACK)) as client:
        location = client.send(UPDATE).headers["Location"]
        clock[0] += 1e9
        assert client.http.get(location).status_code == 204
        assert client.store.to_deliver(clock[0], 1.0, 9) == []
        assert client.quarantine("90-B3-D5-1F-30-0A-00-00:90-B3-D5-1F-30-00-00-02:1", "process").status_code == 409
        assert client.codes(REJECTED_AT_ONCE) == ["E65"]  # no response, no loss


def test_a_late_response_comes_after_its_delay(dcc, clock):
    with dcc(having(DccFault(FaultKind.RESPONSE_LATE, seconds=60.0), delay=5.0)) as client:
        location = client.send(UPDATE).headers["Location"]
        clock[0] += 64
        assert client.http.get(location).status_code == 204
        clock[0] += 1
        assert parse_response(client.http.get(location).content).code == "I0"


@pytest.mark.parametrize(("faults", "times"), [((), 1), ((DccFault(FaultKind.RESPONSE_TWICE),), 2)])
def test_a_response_is_to_be_sent_as_often_as_is_set(dcc, faults, times):
    with dcc(Behaviour(faults=faults, delay=1e5, callback=CALLBACK)) as client:
        client.send(UPDATE)
        assert client.store.later("home", 1).times == times
