"""Judging DUIS requests: the sample story, and what each thing at the edge comes to inside."""

from pathlib import Path

import pytest

from statemachines.duis.errors import DuisError
from statemachines.duis.reader import parse_request, read_request
from statemachines.judging import judge
from statemachines.premises import read_premises
from statemachines.service_requests import SERVICE_REQUESTS
from statemachines.vocabulary import Outcome, Party, Reason

A, B, C, NETWORK = (f"90-B3-D5-1F-30-{part}-00-00" for part in ("0A", "0B", "0C", "02"))
DCC = "90-B3-D5-1F-30-00-00-02"
ESME, GSME, CHF, GPF, PPMID = (f"00-DB-12-34-56-78-9A-{part}" for part in ("E0", "60", "C0", "C1", "D0"))


def request(srv: str, sender: str, target: str, body: str, counter: int = 1):
    """A request made for a test."""
    reference = SERVICE_REQUESTS[srv].reference
    return parse_request(
        f"""<sr:Request xmlns:sr="http://www.dccinterface.co.uk/ServiceUserGateway" schemaVersion="5.4">
        <sr:Header><sr:RequestID>{sender}:{target}:{counter}</sr:RequestID><sr:CommandVariant>1</sr:CommandVariant>
        <sr:ServiceReference>{reference}</sr:ServiceReference>
        <sr:ServiceReferenceVariant>{srv}</sr:ServiceReferenceVariant></sr:Header>
        <sr:Body>{body}</sr:Body></sr:Request>""".encode()
    )


def read_firmware(sender: str, target: str, counter: int = 1):
    return request("11.2", sender, target, "<sr:ReadFirmwareVersion/>", counter)


def update_firmware(sender: str, *targets: str, counter: int = 1):
    devices = " ".join(targets)
    body = (
        "<sr:UpdateFirmware><sr:FirmwareImage>aW1hZ2U=</sr:FirmwareImage><sr:FirmwareVersion>00000009"
        f"</sr:FirmwareVersion><sr:DeviceIDList>{devices}</sr:DeviceIDList></sr:UpdateFirmware>"
    )
    return request("11.1", sender, DCC, body, counter)


@pytest.fixture
def premises(installation_file):
    return read_premises(installation_file)


def outcomes(premises, *requests):
    """What becomes of each request in turn: outcome, where, why."""
    said = []
    for one in requests:
        premises, judgements = judge(premises, one)
        said += [(each.verdict.outcome, each.verdict.at, each.verdict.reason) for each in judgements]
    return said


def test_the_sample_story(premises, requests_dir: Path):
    said = outcomes(premises, *(read_request(path) for path in sorted(requests_dir.glob("*.xml"))))
    assert said == [
        (Outcome.ACCEPTED, Party.DEVICE, Reason.DELIVERED),
        (Outcome.REJECTED, Party.DSP, Reason.NOT_ELECTRICITY_SUPPLIER),
        (Outcome.REJECTED, Party.DEVICE, Reason.ANOTHER_IMAGE),
        (Outcome.ACCEPTED, Party.DEVICE, Reason.ACTIVATION_HELD),
        (Outcome.ACCEPTED, Party.DEVICE, Reason.CANCELLED),
        (Outcome.ACCEPTED, Party.DEVICE, Reason.ACTIVATED),
        (Outcome.ALERT, Party.S1SP, Reason.PPMID_READ_DEFECT),
        (Outcome.REJECTED, Party.DSP, Reason.REPEATED),
        (Outcome.ACCEPTED, Party.DSP, Reason.NOT_MODELLED),
        (Outcome.REJECTED, Party.DSP, Reason.NOT_GAS_SUPPLIER),
    ]


def test_foc_is_processed_by_the_dsp_and_not_by_the_s1sp(edited):
    premises = read_premises(edited(('group = "CA"', 'group = "EB"')))
    _, (judgement,) = judge(premises, update_firmware(A, PPMID))
    assert judgement.verdict.outcome is Outcome.NOT_PROCESSED
    assert judgement.verdict.at is Party.S1SP
    assert judgement.verdict.unspecified == ("response",)
    assert judgement.codes == ()
    assert judgement.changes == {}


def test_activation_without_keys_is_rejected_at_the_dco(edited, requests_dir):
    premises = read_premises(edited(("ppmid_keys = true", "ppmid_keys = false")))
    story = [read_request(requests_dir / f"{name}.xml") for name in
             ("01-update-ppmid-firmware", "06-activate-ppmid-firmware-immediately")]  # fmt: skip
    assert outcomes(premises, *story)[1] == (Outcome.REJECTED, Party.DCO, Reason.NO_KEYS)


def test_a_read_tells_the_real_version_before_and_after_an_upgrade(edited, requests_dir):
    premises = read_premises(edited(('"uplift-1.2" #', '"november-2020" #')))
    premises, (before,) = judge(premises, read_firmware(A, PPMID, 90))
    for name in ("01-update-ppmid-firmware", "06-activate-ppmid-firmware-immediately"):
        premises, _ = judge(premises, read_request(requests_dir / f"{name}.xml"))
    delivered = premises.devices[PPMID].delivered_version
    premises, (after,) = judge(premises, read_firmware(A, PPMID, 91))
    assert before.told.endswith("(00000004)")
    assert after.told.endswith(f"({delivered})")
    assert before.codes == ("I99", "I0")


def test_the_gpf_answers_with_its_communications_hubs_version(premises):
    _, (judgement,) = judge(premises, read_firmware(NETWORK, GPF))
    assert judgement.told.endswith("(00000003)")
    assert "READ-1" in judgement.verdict.rules


def test_an_update_that_names_two_devices_is_judged_at_each(premises):
    after, judgements = judge(premises, update_firmware(A, PPMID, GSME))
    assert [judgement.verdict.outcome for judgement in judgements] == [Outcome.ACCEPTED, Outcome.REJECTED]
    assert after.devices[PPMID].delivered_version == "00000009"
    assert after.devices[GSME].delivered_version is None


def test_srv_11_4_is_for_the_electricity_supplier_too(premises):
    """PPMID-1 is about PPMID firmware, whatever the SRV; what 11.4 does is not modelled."""
    body = "<sr:UpdatePPMIDFirmware/>"
    said = outcomes(premises, request("11.4", B, DCC, body), request("11.4", A, DCC, body))
    assert said == [
        (Outcome.REJECTED, Party.DSP, Reason.NOT_ELECTRICITY_SUPPLIER),
        (Outcome.ACCEPTED, Party.DSP, Reason.NOT_MODELLED),
    ]


def test_a_moment_of_execution_is_refused_or_left_open_where_it_is_not_modelled(premises):
    moment = "<sr:ExecutionDateTime>2030-01-15T09:00:00.00Z</sr:ExecutionDateTime>"
    read = request("11.2", A, ESME, f"<sr:ReadFirmwareVersion>{moment}</sr:ReadFirmwareVersion>")
    _, (judgement,) = judge(premises, read)
    assert judgement.unspecified == ("when it is carried out",)
    with pytest.raises(DuisError, match=r"SRV 7\.1 cannot be future-dated"):
        judge(premises, request("7.1", A, ESME, f"<sr:EnableSupply>{moment}</sr:EnableSupply>"))


def test_a_request_id_used_before_is_known_however_it_is_written(edited):
    used = f'used_request_ids = ["{A.lower()}:{ESME}:0077"]'
    premises = read_premises(edited(("used_request_ids = []", used)))
    _, (judgement,) = judge(premises, read_firmware(A, ESME, 77))
    assert judgement.verdict.reason is Reason.REPEATED


def test_a_supplier_that_is_not_registered_is_rejected(premises):
    _, (judgement,) = judge(premises, read_firmware(C, ESME))
    assert (judgement.verdict.outcome, judgement.verdict.reason) == (Outcome.REJECTED, Reason.NOT_REGISTERED)
    assert judgement.standing == "a Supplier that is not registered here"
    assert judgement.codes == ()


def test_a_user_in_two_roles_acts_in_the_one_that_the_srv_is_open_to(premises):
    network = request("14.1", NETWORK, GSME, "<sr:RecordNetworkDataGAS/>")
    voltage = request("6.5", NETWORK, ESME, "<sr:UpdateDeviceConfigurationVoltage/>", counter=2)
    supply = request("7.1", NETWORK, ESME, "<sr:EnableSupply/>", counter=3)
    assert [reason for _, _, reason in outcomes(premises, network, voltage, supply)] == [
        Reason.NOT_MODELLED,
        Reason.NOT_MODELLED,
        Reason.ROLE,
    ]


def test_an_srv_for_import_suppliers_is_refused_to_the_gas_supplier(premises):
    _, (judgement,) = judge(premises, request("7.1", B, ESME, "<sr:EnableSupply/>"))
    assert judgement.verdict.reason is Reason.NOT_REGISTERED
    assert judgement.standing == "the Gas Supplier"


def test_an_srv_without_eligible_roles_is_open_to_nobody(premises):
    said = outcomes(premises, *(request("7.16", sender, ESME, "<sr:LimitAPCLevel/>") for sender in (A, B, C, NETWORK)))
    assert {reason for _, _, reason in said} == {Reason.ROLE}


def test_an_unknown_sender_or_device_is_an_error_that_names_it(premises):
    with pytest.raises(DuisError, match="the sender 90-B3-D5-1F-30-0F-00-00 is not among the 4 parties and users"):
        judge(premises, read_firmware("90-B3-D5-1F-30-0F-00-00", ESME))
    with pytest.raises(DuisError, match="the device 00-00-00-00-00-00-00-01, which is not among"):
        judge(premises, read_firmware(A, "00-00-00-00-00-00-00-01"))


def test_a_device_that_the_lifecycles_do_not_look_at_may_be_named_where_nothing_is_modelled(edited):
    switch = "00-DB-12-34-56-78-9A-A5"
    premises = read_premises(edited(("other_devices = []", f'other_devices = ["{switch}"]')))
    join = request("8.7.1", A, switch, "<sr:JoinServiceCritical/>")
    assert outcomes(premises, join) == [(Outcome.ACCEPTED, Party.DSP, Reason.NOT_MODELLED)]
    with pytest.raises(DuisError, match="which is not among the installation's 5 devices that SRV 11"):
        judge(premises, read_firmware(A, switch))


def test_judging_leaves_the_premises_it_was_given_as_they_are(premises):
    before = premises.state
    judge(premises, update_firmware(A, PPMID))
    assert premises.state == before
    assert premises.used == frozenset()
