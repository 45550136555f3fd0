"""A user's own table of SRVs decides roles in place of DCC's matrix, and verdicts say so."""

from datetime import date

import attrs
import pytest

from statemachines.files.toml import TomlFileError
from statemachines.smets1.admission import AdmissionReason
from statemachines.smets1.duis.errors import DuisError
from statemachines.smets1.duis.reader import parse_request
from statemachines.smets1.edge.installation_file import read_premises
from statemachines.smets1.edge.judging import judge
from statemachines.smets1.edge.matrix_file import matrix_csv, read_matrix
from statemachines.smets1.firmware import FirmwareReason
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS
from statemachines.smets1.vocabulary import Outcome
from tests.statemachines.smets1.edge.requests import DCC, ESME, NETWORK, PPMID, A, B, document

OWN = "it rests on the table of SRVs that was given"
LATER = "it rests on DCC's matrix of a later DUIS (schema 5.x) than the report's 3.1 (SRM-1)"


@pytest.fixture
def premises(installation_file):
    return read_premises(installation_file)


@pytest.fixture
def own(tmp_path):
    """The matrix with some text of it replaced, as a file."""

    def write(*edits: tuple[str, str]):
        text = matrix_csv()
        for old, new in edits:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "matrix.csv"
        path.write_text(text)
        return path

    return write


def judged(premises, matrix, srv, sender, target, body):
    data = document(srv, sender, target, f"<sr:{body}/>" if body.isalnum() else body)
    _, (judgement,) = judge(premises, parse_request(data, matrix=matrix))
    return judgement


def test_what_is_written_is_read_again(own):
    assert read_matrix(own()) == SERVICE_REQUESTS


def test_toml_is_read_alike(tmp_path):
    path = tmp_path / "matrix.toml"
    path.write_text(
        '[[service_request]]\nsrv = "7.4"\nname = "Read Supply Status"\ncritical = "no"\non_demand = "yes"\n'
        'future_dated = ""\ndcc_scheduled = "no"\nnon_device = "no"\nroles = "RSA GT ED GS ES IS"\n'
    )
    assert read_matrix(path) == {"7.4": SERVICE_REQUESTS["7.4"]}


def test_a_verdict_that_rests_on_roles_says_whose_table_has_them(premises, own):
    matrix = read_matrix(own())
    rejected = ("7.1", NETWORK, ESME, "EnableSupply")
    assert judged(premises, SERVICE_REQUESTS, *rejected).notes == (LATER,)
    assert judged(premises, matrix, *rejected).notes == (OWN,)
    version = ("11.2", A, ESME, "ReadFirmwareVersion")
    assert judged(premises, SERVICE_REQUESTS, *version).notes == judged(premises, matrix, *version).notes == ()


def test_roles_that_no_row_of_dccs_matrix_has(premises, own):
    matrix = read_matrix(own(("Enable Supply,yes,yes,,no,no,IS", "Enable Supply,yes,yes,,no,no,ED OU")))
    assert judged(premises, matrix, "7.1", NETWORK, ESME, "EnableSupply").verdict.outcome is Outcome.ACCEPTED
    assert judged(premises, matrix, "7.1", A, ESME, "EnableSupply").verdict.reason is AdmissionReason.ROLE


def test_a_role_that_is_taken_from_what_the_lifecycles_look_into_is_refused(premises, own):
    row = "Read Firmware Version,no,yes,DSP,no,no,IS"
    matrix = read_matrix(own((f"{row} ES GS ED GT RSA OU", row)))
    assert (
        judged(premises, matrix, "11.2", NETWORK, PPMID, "ReadFirmwareVersion").verdict.reason is AdmissionReason.ROLE
    )
    assert (
        judged(premises, matrix, "11.2", B, ESME, "ReadFirmwareVersion").verdict.reason
        is AdmissionReason.NOT_REGISTERED
    )
    assert (
        judged(premises, matrix, "11.2", A, ESME, "ReadFirmwareVersion").verdict.reason is FirmwareReason.VERSION_READ
    )


def test_a_role_that_is_added_to_what_they_look_into_has_an_effect_that_is_not_modelled(premises, own):
    matrix = read_matrix(own(("Decommission Device,no,no,,no,yes,IS GS", "Decommission Device,no,no,,no,yes,IS GS ED")))
    body = f"<sr:DecommissionDevice><sr:DeviceID>{PPMID}</sr:DeviceID></sr:DecommissionDevice>"
    judgement = judged(premises, matrix, "8.3", NETWORK, DCC, body)
    assert judgement.verdict.reason is AdmissionReason.NOT_MODELLED
    assert "other roles than those of the table that was given" in judgement.notes[0]
    assert judgement.changes == {}


def test_an_srv_that_the_table_lacks_is_no_request(own):
    row = next(line for line in matrix_csv().splitlines(keepends=True) if line.startswith("11.4,"))
    matrix = read_matrix(own((row, "")))
    with pytest.raises(DuisError, match="expected a Service Request Variant of the table that was given"):
        parse_request(document("11.4", A, DCC, "<sr:UpdatePPMIDFirmware/>"), matrix=matrix)


def test_the_table_decides_what_there_is_on_a_day_and_the_day_of_srv_11_4_does_not(premises, own):
    early = attrs.evolve(premises, on=date(2020, 10, 15))
    update = ("11.4", A, DCC, "UpdatePPMIDFirmware")
    assert judged(early, read_matrix(own()), *update).verdict.outcome is Outcome.ACCEPTED
    with pytest.raises(DuisError, match="before its day there is no such request"):
        judged(early, SERVICE_REQUESTS, *update)


def test_an_srv_that_dccs_matrix_lacks_is_one_with_an_effect_that_is_not_modelled(premises, own):
    matrix = read_matrix(own(("14.1,", "99.1,")))
    judgement = judged(premises, matrix, "99.1", NETWORK, ESME, "SomethingNew")
    assert judgement.verdict.reason is AdmissionReason.NOT_MODELLED
    with pytest.raises(DuisError, match=r"Body: ReadInventory, expected none of SRV 8\.2 for SRV 99\.1"):
        parse_request(document("99.1", NETWORK, ESME, "<sr:ReadInventory/>"), matrix=matrix)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1.1.1,", "1.1.x,", "line 2: service_request.srv: '1.1.x', expected a Service Reference Variant, such as"),
        ("1.1.2,", "1.1.1,", "line 3: service_request.srv is '1.1.1', expected an SRV that no other row has"),
        ("IS GS", "IS XX", "line 2: service_request.roles is 'XX', expected any of IS, ES, GS, ED, GT, RSA, OU"),
        ("Element),yes", "Element),YES", "line 2: service_request.critical is 'YES', expected one of"),
        ("srv,name", "srv,title", "line 2: service_request.name is missing"),
        ("roles\n", "role\n", "line 2: service_request.role is not a key"),
    ],
)
def test_what_is_wrong_with_a_table_is_named(own, old, new, message):
    with pytest.raises(TomlFileError) as caught:
        read_matrix(own((old, new)))
    assert str(caught.value).startswith(f"matrix.csv: {message}")
