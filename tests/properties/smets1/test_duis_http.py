"""Targets at an address: DUIS XML there and back, and every way to misbehave."""

import json
import threading
import time
import urllib.request

import pytest
from lxml import etree

from properties.conformance.targets.misbehaviour import Misbehaviour, TargetError
from properties.conformance.targets.target import Limits
from statemachines.semantics.oracle import Oracle
from statemachines.smets1.commissioning import SmiStatus
from statemachines.smets1.duis.reader import parse_request
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.migration import Migration
from statemachines.smets1.releases import Release
from statemachines.smets1.vocabulary import (
    ActivateFirmware,
    ChangeElectricitySupplier,
    Device,
    Outcome,
    Party,
    ReadFirmwareVersion,
    RequestIdUse,
    Response,
    Screening,
    Tariff,
    UpdateFirmware,
    UpdateTariff,
    User,
)

STATE = INSTALLATION.state()
QUICK = Limits(answer_seconds=0.5, start_seconds=1, restarts=1)
READ = ReadFirmwareVersion(sender=User.SUPPLIER_A, target=Device.PPMID)
AGAIN = READ.replace(request_id=RequestIdUse.REPEATED)


def xml_of(server):
    """The RequestIDs of the Service Requests that a server was sent."""
    return [str(parse_request(body).request_id) for _, kind, body in server.seen if kind == "application/xml"]


def reported(server, op):
    """The messages of one kind that a server was sent."""
    controlled = (json.loads(body) for path, _, body in server.seen if path == "/dsp/control")
    return [message for message in controlled if message["op"] == op]


def test_a_service_request_is_duis_xml_and_its_response_code_is_read(serving, opened):
    server = serving()
    target = opened(server.address)
    target.reset(STATE)
    seen = target.send(READ)
    assert dict(seen.shown) == {"outcome": Outcome.REJECTED}
    assert seen.own_words == "ResponseCode E5"
    path, _, body = server.seen[-1]
    sent = parse_request(body)
    assert (path, sent.variant.srv) == ("/dsp", "11.2")


@pytest.mark.parametrize(
    ("code", "outcomes"),
    [
        ("I0", {Outcome.ACCEPTED}),
        ("I99", {Outcome.HELD, Outcome.DELETED, Outcome.NOT_PROCESSED, Outcome.ALERT}),
        ("E65", {Outcome.REJECTED}),
        ("W1", {Outcome.REJECTED}),
    ],
)
def test_what_a_response_code_says_by_itself(serving, opened, code, outcomes):
    def behave(handler, body):
        if handler.path == "/dsp":
            handler.answer(handler.response(body, code))
        return handler.path == "/dsp"

    target = opened(serving(behave).address)
    target.reset(STATE)
    seen = target.send(READ)
    assert ({seen.shown["outcome"]} if "outcome" in seen.shown else seen.among["outcome"]) == outcomes


def test_headers_show_more(serving, opened, tmp_path):
    def behave(handler, body):
        if handler.path == "/dsp":
            words = {"At": "device", "Response": "the version that has been running", "Reason": "HELD-7"}
            handler.answer(handler.response(body, "I0"), **{f"X_SMETS1_{name}": word for name, word in words.items()})
        return handler.path == "/dsp"

    server = serving(behave)
    mapping = """
[reason]
"HELD-7" = ["the image is delivered", "nothing stands in its way"]
[outcome]
"I0" = "held"
"""
    path = tmp_path / "mapping.toml"
    path.write_text(mapping)
    target = opened(server.address, mapping=path)
    target.reset(STATE)
    seen = target.send(READ)
    assert dict(seen.shown) == {
        "outcome": Outcome.HELD,
        "at": Party.DEVICE,
        "response": Response.PRESENT_VERSION,
    }
    assert {reason.value for reason in seen.among["reason"]} == {"the image is delivered", "nothing stands in its way"}


def test_an_event_is_reported_as_words(serving, opened):
    server = serving()
    target = opened(server.address)
    target.reset(STATE)
    assert target.send(ChangeElectricitySupplier(to=User.SUPPLIER_B)).shown["outcome"] is Outcome.HAPPENED
    assert reported(server, "event") == [
        {"op": "event", "event": {"type": "ChangeElectricitySupplier", "to": "Supplier B"}}
    ]


def test_request_ids_are_new_or_really_repeated(serving, opened):
    server = serving()
    target = opened(server.address)
    target.reset(STATE)
    for request in (READ, READ, AGAIN, AGAIN, READ):
        target.send(request)
    first, second, *repeated, last = xml_of(server)
    assert len({first, second, last}) == 3
    assert repeated == [second, second]


def test_request_ids_are_counted_for_each_sender_and_device(serving, opened):
    server = serving()
    target = opened(server.address)
    target.reset(STATE)
    for device in (Device.PPMID, Device.ESME, Device.PPMID):
        target.send(READ.replace(target=device))
    assert [number.rpartition(":")[2] for number in xml_of(server)] == ["1", "1", "2"]


SETTLED = INSTALLATION.state(
    release=Release.NOVEMBER_2020,
    migration=Migration.MIGRATED,
    esme_status=SmiStatus.COMMISSIONED,
    chf_status=SmiStatus.COMMISSIONED,
)
UPDATE = UpdateFirmware(sender=User.SUPPLIER_A, target=Device.ESME)
ACTIVATE = ActivateFirmware(sender=User.SUPPLIER_A, target=Device.ESME)


def test_every_update_has_a_new_image_and_an_activation_names_the_one_last_delivered(serving, opened):
    assert Oracle(INSTALLATION).decide(SETTLED, UPDATE)[1].outcome is Outcome.ACCEPTED
    server = serving()
    target = opened(server.address)
    refused = UPDATE.replace(sender=User.SUPPLIER_B)
    for _ in range(2):
        target.reset(SETTLED)
        for request in (ACTIVATE, UPDATE, ACTIVATE, UPDATE, refused, ACTIVATE):
            target.send(request)
    sent = [parse_request(body) for _, kind, body in server.seen if kind == "application/xml"]
    images = [(one.image_hash, one.firmware_version) for one in sent if one.image_hash]
    known = {facts["delivered_hash"] for facts in reported(server, "reset")[0]["premises"]["devices"].values()}
    assert len({hash for hash, _ in images}) == len({version for _, version in images}) == len(images) == 6
    assert known.isdisjoint(hash for hash, _ in images)
    named = [one.firmware_hash for one in sent if one.firmware_hash]
    assert named[0] == named[3]
    assert named[0] in known
    assert [named[at] for at in (1, 2, 4, 5)] == [images[at][0] for at in (0, 1, 3, 4)]


def test_the_same_sequence_is_sent_in_the_same_forms_and_others_in_others(serving, opened):
    server = serving()
    target = opened(server.address)
    for _ in range(2):
        target.reset(STATE)
        for _ in range(9):
            target.send(READ)
    prefixes = [parse_prefix(body) for _, kind, body in server.seen if kind == "application/xml"]
    assert prefixes[:9] == prefixes[9:]
    assert set(prefixes) == {"sr", None, "duis"}


def parse_prefix(body):
    return etree.fromstring(body).prefix


def test_a_request_id_that_is_repeated_first_of_all_was_told_of(serving, opened):
    server = serving()
    target = opened(server.address)
    target.reset(STATE)
    target.send(READ)
    target.reset(STATE)
    target.send(AGAIN)
    new, repeated = xml_of(server)
    used = reported(server, "reset")[-1]["used"]
    assert repeated in used
    assert new not in used


def test_what_anomaly_detection_does_is_reported_before(serving, opened):
    server = serving()
    target = opened(server.address)
    target.reset(STATE)
    target.send(READ)
    target.send(READ.replace(screening=Screening.CAUGHT))
    (screened,) = reported(server, "screen")
    assert screened == {"op": "screen", "request_id": xml_of(server)[-1], "screening": Screening.CAUGHT.value}


def test_premises_say_who_is_who(serving, opened):
    server = serving()
    target = opened(server.address)
    target.reset(STATE)
    target.send(READ)
    (reset,) = reported(server, "reset")
    sender, device, _ = xml_of(server)[0].split(":")
    assert reset["premises"]["users"][sender] == ["Supplier A"]
    assert reset["premises"]["devices"][device]["device"] == "PPMID"
    assert reset["state"]["group"] == "CA (IOC, Elster gas meters)"


def test_what_xml_cannot_carry_is_not_applicable(serving, opened):
    target = opened(serving().address)
    gas = next(each for each in UpdateTariff.requests() if each["meter"] is Device.GSME)
    assert "no two rates" in target.statement.why_not(gas.replace(tariff=Tariff.IDENTICAL_PRICES))
    assert target.statement.why_not(gas.replace(tariff=Tariff.OTHER)) is None


def test_a_connection_is_kept_and_made_again_where_the_server_ends_it(serving, opened):
    ports = []

    def behave(handler, _body):
        ports.append(handler.client_address[1])
        handler.close_connection = len(ports) == 4
        return False

    target = opened(serving(behave).address)
    target.reset(STATE)
    for _ in range(4):
        target.send(READ)
    assert len(set(ports[:4])) == 1
    assert len(set(ports)) == 2


def test_a_connection_that_the_server_ended_without_a_word_is_made_again(serving, opened):
    ended = threading.Event()

    def behave(handler, body):
        if handler.path != "/dsp":
            return False
        handler.answer(handler.response(body))
        handler.close_connection = True
        handler.server.shutdown_request(handler.request)
        ended.set()
        return True

    target = opened(serving(behave).address)
    target.reset(STATE)
    for _ in range(2):
        ended.clear()
        target.send(READ)
        assert ended.wait(10)
        time.sleep(0.05)  # over loopback, the end of the connection has come by then


def raw(data, *, then=lambda: None):
    """Sends just these bytes, does something, and ends the connection."""

    def does(handler, _body):
        handler.wfile.write(data)
        handler.wfile.flush()
        then()
        handler.close_connection = True

    return does


def drip(handler, _body):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    handler.wfile.flush()
    for _ in range(60):
        handler.wfile.write(b"X-More: 1\r\n")
        handler.wfile.flush()
        time.sleep(0.1)


def bomb(handler, _body):
    handler.answer(b'<!DOCTYPE x [<!ENTITY a "b">]><Response>&a;</Response>')


OK = b"HTTP/1.1 200 OK\r\nContent-Length: "


@pytest.mark.slow
@pytest.mark.parametrize(
    ("does", "kind", "words"),
    [
        (raw(b""), Misbehaviour.CRASHED, "it closed the connection before it answered the request 02-00"),
        (raw(OK + b"99\r\n\r\n<Resp"), Misbehaviour.CRASHED, "it closed the connection"),
        (raw(b"", then=lambda: time.sleep(3)), Misbehaviour.HANGS, "had not answered the request"),
        (drip, Misbehaviour.HANGS, "had not answered the request"),
        (raw(b"SMTP ready\r\n"), Misbehaviour.GARBAGE, "no HTTP: SMTP ready"),
        (raw(OK + b"2000000\r\n\r\n" + bytes(2_000_000)), Misbehaviour.GARBAGE, "more than 1048576 bytes"),
        (lambda h, _: h.answer(b"rejected"), Misbehaviour.GARBAGE, "not well-formed XML"),
        (bomb, Misbehaviour.GARBAGE, "has a DOCTYPE, expected none"),
        (lambda h, _: h.answer(b"<Response/>"), Misbehaviour.GARBAGE, "expected a DUIS Response"),
        (lambda h, b: h.answer(b), Misbehaviour.GARBAGE, "expected a DUIS Response"),
        (lambda h, _: h.answer(h.response(b"<RequestID>1<")), Misbehaviour.GARBAGE, "its RequestID is '1'"),
        (lambda h, b: h.answer(h.response(b, "")), Misbehaviour.GARBAGE, "its ResponseCode is ''"),
        (lambda h, _: h.answer(b"", 302, Location="http://127.0.0.1:9/"), Misbehaviour.GARBAGE, "redirection (302)"),
        (lambda h, _: h.answer(b"no such page", 404), Misbehaviour.REFUSES, "HTTP status 404 to the request"),
        (raw((OK + b"2\r\n\r\nok") * 2), Misbehaviour.ANSWERS_TWICE, "more came than one answer"),
    ],
)
def test_misbehaviour(serving, opened, misbehaviour, does, kind, words):
    def behave(handler, body):
        if handler.path == "/dsp":
            does(handler, body)
        return handler.path == "/dsp"

    target = opened(serving(behave).address, QUICK if kind is Misbehaviour.HANGS else Limits())
    target.reset(STATE)
    started = time.monotonic()
    result = misbehaviour(lambda: target.send(READ))
    assert (result.kind, words in result.detail) == (kind, True), result.detail
    assert time.monotonic() - started < 10
    target.reset(STATE)


@pytest.mark.slow
def test_an_answer_after_its_time_is_late(serving, opened, misbehaviour):
    def behave(handler, _body):
        if handler.path == "/dsp":
            time.sleep(2.5)
        return False

    target = opened(serving(behave).address, Limits(answer_seconds=2))
    target.reset(STATE)
    assert misbehaviour(lambda: target.send(READ)).kind is Misbehaviour.LATE
    target.reset(STATE)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"[]", "not a JSON object"),
        (b"\xff", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"{}", 'no "ok": true'),
    ],
)
def test_garbage_around_the_requests(serving, opened, misbehaviour, answer, words):
    def behave(handler, body):
        if b'"reset"' in body:
            handler.answer(answer)
        return b'"reset"' in body

    result = misbehaviour(lambda: opened(serving(behave).address).reset(STATE))
    assert (result.kind, words in result.detail) == (Misbehaviour.GARBAGE, True), result.detail


def test_one_that_crashes_too_often_is_gone(serving, opened, misbehaviour):
    def behave(handler, body):
        if handler.path == "/dsp":
            raw(b"")(handler, body)
        return handler.path == "/dsp"

    target = opened(serving(behave).address, QUICK)
    for _ in range(2):
        target.reset(STATE)
        assert misbehaviour(lambda: target.send(READ)).kind is Misbehaviour.CRASHED
    result = misbehaviour(lambda: target.reset(STATE))
    assert result.kind is Misbehaviour.GONE
    assert "it crashed or hung 2 times" in result.detail


@pytest.mark.slow
def test_one_that_goes_away_is_gone_within_its_time(serving, opened, misbehaviour):
    def behave(handler, _body):
        handler.close_connection = True
        return False

    server = serving(behave)
    target = opened(server.address, QUICK)
    target.reset(STATE)
    server.shutdown()
    server.server_close()
    started = time.monotonic()
    assert misbehaviour(lambda: target.send(READ)).kind is Misbehaviour.GONE
    assert misbehaviour(lambda: target.reset(STATE)).kind is Misbehaviour.GONE
    assert time.monotonic() - started < 5


@pytest.mark.slow
def test_one_that_is_not_there_is_not_opened(serving, opened):
    server = serving()
    server.shutdown()
    server.server_close()
    with pytest.raises(TargetError) as caught:
        opened(server.address, QUICK)
    assert f"nobody answers at {server.address}: Connection refused" in str(caught.value)


@pytest.mark.parametrize(("follows", "code"), [(True, "I0"), (False, "I99")])
def test_a_response_that_follows_an_acknowledgement_is_the_answer(serving, opened, tmp_path, follows, code):
    def behave(handler, body):
        if b"<?xml" not in body:
            return False
        if follows:
            where = handler.headers["X-Callback"]
            with urllib.request.urlopen(urllib.request.Request(where, handler.response(body, "I0"))):
                pass
        handler.answer(handler.response(body, "I99"))
        return True

    connection = tmp_path / "connection.toml"
    connection.write_text('[asynchronous]\nby = "callback"\nwithin = 0.2')
    target = opened(serving(behave).address, connection=connection)
    target.reset(STATE)
    assert target.send(READ).own_words == f"ResponseCode {code}"
