"""What a DUIS response means, and whether it fits the request that it answers."""

import pytest

from statemachines.smets1.duis.errors import DuisError
from statemachines.smets1.duis.response import parse_response
from statemachines.smets1.edge.answers import judge_answer
from statemachines.smets1.edge.installation_file import read_premises
from statemachines.smets1.edge.judging import judge
from tests.statemachines.smets1.edge.requests import (
    CHF,
    ESME,
    GPF,
    PPMID,
    A,
    B,
    document,
    read_firmware,
    request,
    response,
    update_firmware,
)

ALERT = "<sr:DCCAlertMessage><sr:DCCAlertCode>N1</sr:DCCAlertCode></sr:DCCAlertMessage>"


def fits(edited, asked, code: str, *edits, message: str | None = None, only_regulated: bool = False):
    _, judgements = judge(read_premises(edited(*edits)), asked, only_regulated=only_regulated)
    answer = parse_response(response(asked, code, message))
    return judge_answer(answer, judgements).fits


@pytest.mark.parametrize(
    ("asked", "edits", "expected"),
    [
        (read_firmware(A, ESME), (), {"I99": True, "I0": True, "E65": False, "X1": None}),
        (read_firmware("90-B3-D5-1F-30-0C-00-00", ESME), (), {"I99": False, "I0": False, "E65": True, "X1": None}),
        (read_firmware(A, PPMID), (), {"I99": True, "I0": False, "E65": None}),
        (
            update_firmware(A, PPMID),
            (('group = "CA"', 'group = "EB"'), ('pin = "provided"', "")),
            {"I99": None, "I0": None, "E65": None},
        ),
        (request("7.1", A, ESME, "<sr:EnableSupply/>"), (), {"I99": None, "I0": None, "E65": None}),
        (request("7.1", A, CHF, "<sr:EnableSupply/>"), (), {"I99": None, "I0": None, "E65": None}),
    ],
    ids=["accepted", "rejected at the DSP", "alert", "not processed", "effect not modelled", "unspecified"],
)
def test_what_fits_which_outcome(edited, asked, edits, expected):
    assert {code: fits(edited, asked, code, *edits) for code in expected} == expected


def test_a_held_request_is_acknowledged_and_not_carried_out(edited):
    asked = read_firmware(A, ESME)
    held = ("used_request_ids = []", f'used_request_ids = []\nheld_request_ids = ["{asked.request_id}"]')
    dropped = ("held_request_ids = []\ndropped", "dropped")
    assert {code: fits(edited, asked, code, held, dropped) for code in ("I99", "I0", "E1")} == {
        "I99": True, "I0": False, "E1": False
    }  # fmt: skip


def test_what_is_refused_after_its_acknowledgement_is_acknowledged(edited):
    hash_ = "<sr:ActivateFirmware><sr:FirmwareHash>" + "0" * 64 + "</sr:FirmwareHash></sr:ActivateFirmware>"
    assert fits(edited, request("11.3", A, PPMID, hash_), "I99") is True
    assert fits(edited, request("11.3", A, PPMID, hash_), "I0") is False


def test_an_alert_fits_where_an_alert_is_due_and_nowhere_else(edited):
    assert fits(edited, read_firmware(A, PPMID), "I0", message=ALERT) is True
    assert fits(edited, read_firmware(A, ESME), "I0", message=ALERT) is False


def test_a_pre_command_is_no_final_response(edited):
    """The request is rejected at the device in the end, and is transformed before that."""
    hash_ = "<sr:ActivateFirmware><sr:FirmwareHash>" + "0" * 64 + "</sr:FirmwareHash></sr:ActivateFirmware>"
    held = "<sr:ResponseMessage><sr:PreCommand/></sr:ResponseMessage>"
    assert fits(edited, request("11.3", A, PPMID, hash_), "I0", message=held) is True
    assert fits(edited, request("11.3", B, PPMID, hash_), "I0", message=held) is False, "rejected at the DSP"
    assert fits(edited, read_firmware(A, ESME), "I0", message=held) is False, "no Critical Command"
    answer = parse_response(response(request("11.3", A, PPMID, hash_), "I0", held))
    assert judge_answer(answer, ()).means.startswith("a Pre-Command, which the User signs")


def test_where_an_assumption_alone_decides_it_is_not_known(edited):
    assert fits(edited, update_firmware(A, GPF), "E1") is True
    assert fits(edited, update_firmware(A, GPF), "E1", only_regulated=True) is None


def test_another_srv_does_not_fit_and_an_unknown_request_is_not_known(edited):
    _, judgements = judge(read_premises(edited()), read_firmware(A, ESME))
    other = parse_response(response(request("7.4", A, ESME, "<sr:ReadSupplyStatus/>"), "I0"))
    assert judge_answer(other, judgements).why == "it is of SRV 7.4, and the request of SRV 11.2"
    assert judge_answer(other, judgements).fits is False
    assert judge_answer(other, ()).fits is None


def test_of_two_devices_a_response_fits_that_fits_either(edited):
    update = update_firmware(A, PPMID, "00-DB-12-34-56-78-9A-60")
    assert [fits(edited, update, code) for code in ("I0", "E1")] == [True, True]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<sr:ResponseCode>I0<", "<sr:ResponseCode>I 0<", "ResponseCode: 'I 0', expected a code of at most 16 letters"),
        ("ResponseMessage>", "Answer>", "Body: none of ResponseMessage, DeviceAlertMessage, DCCAlertMessage"),
        ("<sr:ResponseDateTime>2020", "<sr:ResponseDateTime>20", "ResponseDateTime: '20-"),
    ],
)
def test_what_is_no_response_is_refused(old, new, message):
    text = response(read_firmware(B, ESME), "I0").decode()
    assert old in text
    with pytest.raises(DuisError) as caught:
        parse_response(text.replace(old, new).encode(), "r.xml")
    assert str(caught.value).startswith(f"r.xml: {message}")


def test_a_request_is_no_response():
    with pytest.raises(DuisError, match=r"^r\.xml: root element Request, expected Response in the DUIS namespace"):
        parse_response(document("11.2", A, ESME, "<sr:ReadFirmwareVersion/>"), "r.xml")
