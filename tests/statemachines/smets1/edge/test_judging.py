"""Judging DUIS requests: the sample story, and what each thing at the edge comes to inside."""

from datetime import UTC, datetime
from pathlib import Path

import attrs
import pytest

from statemachines.smets1.admission import AdmissionReason
from statemachines.smets1.auxiliary_load import TariffReason
from statemachines.smets1.commissioning import CommissioningReason
from statemachines.smets1.duis.errors import DuisError
from statemachines.smets1.duis.reader import CANCELLATION, read_request
from statemachines.smets1.edge.installation_file import read_premises
from statemachines.smets1.edge.judging import judge
from statemachines.smets1.firmware import Firmware, FirmwareReason
from statemachines.smets1.key_package import KeyReason
from statemachines.smets1.request_course import CourseReason
from statemachines.smets1.vocabulary import Device, Outcome, Party
from tests.statemachines.smets1.edge.requests import (
    CHF,
    DCC,
    ESME,
    GPF,
    GSME,
    MDS,
    NETWORK,
    NO,
    NO_KEYS,
    NO_PIN,
    NOVEMBER,
    PPMID,
    A,
    B,
    C,
    read_firmware,
    request,
    status,
    update_firmware,
    without_keys,
)


@pytest.fixture
def premises(installation_file):
    return read_premises(installation_file)


@pytest.fixture
def sample(requests_dir):
    """The sample request whose name begins with a number."""

    def read(number: str):
        (path,) = requests_dir.glob(f"{number}-*.xml")
        return read_request(path)

    return read


def outcomes(premises, *requests):
    """What becomes of each request in turn: outcome, where, why."""
    message = []
    for one in requests:
        premises, judgements = judge(premises, one)
        message += [(each.verdict.outcome, each.verdict.at, each.verdict.reason) for each in judgements]
    return message


def test_the_sample_story(premises, requests_dir: Path):
    message = outcomes(premises, *(read_request(path) for path in sorted(requests_dir.glob("*.xml"))))
    assert message == [
        (Outcome.ACCEPTED, Party.DEVICE, FirmwareReason.DELIVERED),
        (Outcome.REJECTED, Party.DSP, FirmwareReason.NOT_ELECTRICITY_SUPPLIER),
        (Outcome.REJECTED, Party.DEVICE, FirmwareReason.ANOTHER_IMAGE),
        (Outcome.ACCEPTED, Party.DEVICE, FirmwareReason.ACTIVATION_HELD),
        (Outcome.ACCEPTED, Party.DEVICE, FirmwareReason.CANCELLED),
        (Outcome.ACCEPTED, Party.DEVICE, FirmwareReason.ACTIVATED),
        (Outcome.ALERT, Party.S1SP, FirmwareReason.PPMID_READ_DEFECT),
        (Outcome.REJECTED, Party.DSP, AdmissionReason.REPEATED),
        (Outcome.REJECTED, Party.DSP, CommissioningReason.NOT_INSTALLED),
        (Outcome.REJECTED, Party.DSP, FirmwareReason.NOT_GAS_SUPPLIER),
        (Outcome.ACCEPTED, Party.DEVICE, TariffReason.TARIFF_APPLIED),
        (Outcome.ACCEPTED, Party.DEVICE, TariffReason.TARIFF_APPLIED),
        (Outcome.REJECTED, Party.DSP, CommissioningReason.NOT_INSTALLED),
        (Outcome.ACCEPTED, Party.DSP, CommissioningReason.DECOMMISSIONED),
        (Outcome.REJECTED, Party.DSP, CommissioningReason.NOT_INSTALLED),
        (Outcome.REJECTED, Party.DSP, CommissioningReason.NOT_TO_ADD),
        (Outcome.ACCEPTED, Party.DSP, CommissioningReason.PRE_NOTIFIED),
    ]


def test_the_second_story_is_of_new_devices(installation_file, sample):
    premises = read_premises(installation_file.with_name("new-devices.toml"))
    assert outcomes(premises, *map(sample, ("09", "13", "17", "16", "15"))) == [
        (Outcome.ACCEPTED, Party.DEVICE, CommissioningReason.COMMISSIONED),
        (Outcome.HELD, Party.S1SP, CourseReason.HELD),
        (Outcome.ACCEPTED, Party.DSP, CommissioningReason.PRE_NOTIFIED),
        (Outcome.ACCEPTED, Party.DEVICE, CommissioningReason.LOG_UPDATED),
        (Outcome.REJECTED, Party.DSP, CommissioningReason.NOT_INSTALLED),
    ]


@pytest.mark.parametrize(
    ("edits", "number", "closes"),
    [
        ([], "11", "AUX-1"),
        ([], "12", "MOD-32"),
        ([NOVEMBER], "11", None),
        ([NOVEMBER], "12", "AUX-2"),
        ([MDS, NO_PIN], "11", None),
        ([MDS, NO_PIN], "12", "MOD-32"),
        ([MDS, NO_PIN, NOVEMBER], "11", None),
        ([MDS, NO_PIN, NOVEMBER], "12", "MOD-32"),
        ([('switch = "open"', 'switch = "closed"')], "11", None),
        ([("[auxiliary_load]\n", ""), ('switch = "open"\n', "")], "11", None),
    ],
)
def test_a_tariff_closes_the_load_switch_as_cohort_and_release_have_it(edited, sample, edits, number, closes):
    _, (judgement,) = judge(read_premises(edited(*edits)), sample(number))
    assert judgement.verdict.reason is TariffReason.TARIFF_APPLIED
    assert ("load_switch" in judgement.changes) == (closes is not None)
    assert closes is None or closes in judgement.verdict.rules
    assert judgement.codes == ("I99", "I0")


@pytest.mark.parametrize(
    ("edits", "number", "message"),
    [
        ([status(GSME, "installed")], "13", (Outcome.ACCEPTED, Party.DEVICE, CommissioningReason.COMMISSIONED)),
        ([status(GSME, "installed"), status(CHF, "suspended")], "13", (*NO, CommissioningReason.NO_COMMUNICATIONS_HUB)),
        ([status(ESME, "pending")], "11", (*NO, CommissioningReason.NOT_COMMISSIONED)),
        ([*without_keys("pending")], "16", (Outcome.ACCEPTED, Party.DEVICE, CommissioningReason.LOG_UPDATED)),
        ([*without_keys("installed")], "15", (Outcome.ACCEPTED, Party.DEVICE, CommissioningReason.JOINED)),
        ([*without_keys("decommissioned")], "17", (Outcome.ACCEPTED, Party.DSP, CommissioningReason.PRE_NOTIFIED)),
        ([*without_keys("whitelisted")], "17", (*NO, CommissioningReason.KNOWN_DEVICE)),
        ([*without_keys("pending")], "14", (*NO, CommissioningReason.NOT_TO_DECOMMISSION)),
        ([status(PPMID, "suspended")], "14", (Outcome.ACCEPTED, Party.DSP, CommissioningReason.DECOMMISSIONED)),
        (
            [("older_duis = []", f'older_duis = ["{A}"]')],
            "01",
            (Outcome.ACCEPTED, Party.DEVICE, FirmwareReason.DELIVERED),
        ),
        (
            [("older_duis = []", f'older_duis = ["{B}"]')],
            "01",
            (Outcome.ACCEPTED, Party.DEVICE, FirmwareReason.DELIVERED),
        ),
    ],
)
def test_what_each_request_comes_to_depends_on_how_things_stand(edited, sample, edits, number, message):
    assert outcomes(read_premises(edited(*edits)), sample(number)) == [message]


@pytest.mark.parametrize("word", ["with-smso", "scheduled", "validated", "tested"])
def test_before_migration_every_request_is_rejected(edited, requests_dir, word):
    not_yet = [status(device, "installed") for device in (ESME, GSME, CHF, PPMID)]
    stage = ('migration = "migrated"', f'migration = "{word}"')
    premises = read_premises(edited(stage, NO_PIN, NO_KEYS, *not_yet))
    story = (read_request(path) for path in sorted(requests_dir.glob("*.xml")) if "repeat" not in path.name)
    assert {reason for _, _, reason in outcomes(premises, *story)} == {AdmissionReason.NOT_MIGRATED}


def test_a_tariff_with_a_value_beyond_a_set_limit_is_deleted(edited, sample):
    duis = sample("12")
    limit = ("beyond_limits_request_ids = []", f'beyond_limits_request_ids = ["{duis.request_id}"]')
    premises = read_premises(edited(limit))
    after, (judgement,) = judge(premises, duis)
    assert (judgement.verdict.outcome, judgement.verdict.at, judgement.codes) == (Outcome.DELETED, Party.S1SP, ())
    assert after.state == premises.state


class TestAnomalyDetection:
    """A request that is caught has no effect, and only its acknowledgement is sent (SRP-1)."""

    @pytest.mark.parametrize(
        ("key", "note"),
        [
            ("held_request_ids", "its effect and its final response wait for its release (SRP-1)"),
            ("dropped_request_ids", "it is dropped, and so never has any effect (SRP-1)"),
        ],
    )
    def test_it_is_held(self, edited, sample, key, note):
        duis = sample("12")
        premises = read_premises(edited((f"\n{key} = []", f'\n{key} = ["{duis.request_id}"]')))
        after, (judgement,) = judge(premises, duis)
        assert judgement.verdict.outcome is Outcome.HELD
        assert judgement.codes == ("I99",)
        assert judgement.notes[-1] == note
        assert (after.state, after.devices) == (premises.state, premises.devices)

    def test_an_image_that_is_held_is_not_delivered(self, edited, sample):
        duis = sample("01")
        premises = read_premises(edited(("\nheld_request_ids = []", f'\nheld_request_ids = ["{duis.request_id}"]')))
        after, _ = judge(premises, duis)
        assert after.the(Device.PPMID).delivered_hash is None
        assert outcomes(after, sample("06")) == [(Outcome.REJECTED, Party.DEVICE, FirmwareReason.NO_IMAGE)]

    def test_what_is_rejected_before_is_not_held(self, edited, sample):
        duis = sample("02")
        premises = read_premises(edited(("\nheld_request_ids = []", f'\nheld_request_ids = ["{duis.request_id}"]')))
        assert outcomes(premises, duis) == [(*NO, FirmwareReason.NOT_ELECTRICITY_SUPPLIER)]


def test_what_the_dsp_carries_out_itself_is_answered_without_an_acknowledgement(premises, sample):
    premises, (decommissioned,) = judge(premises, sample("14"))
    _, (pre_notified,) = judge(premises, sample("17"))
    assert decommissioned.codes == pre_notified.codes == ("I0",)
    assert set(decommissioned.changes) == {"ppmid_status", "key_package"}


def test_a_ppmid_that_was_absent_is_known_by_its_id_once_it_is_pre_notified(installation_file, sample):
    premises = read_premises(installation_file.with_name("new-devices.toml"))
    with pytest.raises(DuisError, match=f"the device {PPMID}, which is not among"):
        judge(premises, read_firmware(A, PPMID))
    premises, _ = judge(premises, sample("17"))
    assert outcomes(premises, read_firmware(A, PPMID)) == [(*NO, CommissioningReason.NOT_COMMISSIONED)]


def test_another_device_takes_the_place_of_one_that_is_decommissioned(premises, sample):
    another = "00-DB-12-34-56-78-9A-D1"
    for number in ("01", "06", "14"):
        premises, _ = judge(premises, sample(number))
    premises, (judgement,) = judge(premises, attrs.evolve(sample("17"), about=another))
    assert judgement.verdict.reason is CommissioningReason.PRE_NOTIFIED
    assert premises.the(Device.PPMID).id == another
    assert premises.other_devices == {PPMID}
    assert outcomes(premises, read_firmware(A, PPMID, 95)) == [
        (Outcome.ACCEPTED, Party.DSP, AdmissionReason.NOT_MODELLED)
    ]


def test_a_pre_notification_that_is_rejected_makes_nothing_known(edited, sample):
    duis = sample("17")
    used = ("\nused_request_ids = []", f'\nused_request_ids = ["{duis.request_id}"]')
    premises = read_premises(edited(used, *without_keys("decommissioned")))
    after, (judgement,) = judge(premises, attrs.evolve(duis, about="00-DB-12-34-56-78-9A-D1"))
    assert judgement.verdict.reason is AdmissionReason.REPEATED
    assert after.devices == premises.devices


def test_a_device_that_is_decommissioned_goes_on_with_the_version_that_ran(edited, sample):
    premises = read_premises(edited(NOVEMBER))
    for number in ("01", "06", "14"):
        premises, _ = judge(premises, sample(number))
    facts = premises.the(Device.PPMID)
    assert premises.state.ppmid_firmware is Firmware.SETTLED
    assert (facts.version, facts.delivered_version, facts.delivered_hash) == ("00010002", None, None)


def test_a_future_dated_tariff_is_applied_at_a_time_that_is_left_open(premises, sample):
    moment = datetime(2030, 1, 15, tzinfo=UTC)
    premises, (judgement,) = judge(premises, attrs.evolve(sample("11"), execution=moment))
    assert judgement.unspecified == ("when it is carried out",)
    assert judgement.notes[-1] == "what follows is judged as if its moment of execution had come"
    _, (cancelled,) = judge(premises, attrs.evolve(sample("12"), execution=CANCELLATION))
    assert cancelled.unspecified == ("effect",)
    assert cancelled.changes == {}


def test_foc_is_processed_by_the_dsp_and_not_by_the_s1sp(edited):
    premises = read_premises(edited(('group = "CA"', 'group = "EB"'), NO_PIN))
    _, (judgement,) = judge(premises, update_firmware(A, PPMID))
    assert judgement.verdict.outcome is Outcome.NOT_PROCESSED
    assert judgement.verdict.at is Party.S1SP
    assert judgement.verdict.unspecified == ("response",)
    assert judgement.codes == ()
    assert judgement.changes == {}


def test_activation_without_keys_is_rejected_at_the_dco(edited, requests_dir):
    premises = read_premises(edited(NO_KEYS, ('pin = "provided"', 'pin = "revised"')))
    story = [read_request(requests_dir / f"{name}.xml") for name in
             ("01-update-ppmid-firmware", "06-activate-ppmid-firmware-immediately")]  # fmt: skip
    assert outcomes(premises, *story)[1] == (Outcome.REJECTED, Party.DCO, KeyReason.NO_KEYS)


def test_a_read_tells_the_real_version_before_and_after_an_upgrade(edited, requests_dir):
    premises = read_premises(edited(NOVEMBER))
    premises, (before,) = judge(premises, read_firmware(A, PPMID, 90))
    for name in ("01-update-ppmid-firmware", "06-activate-ppmid-firmware-immediately"):
        premises, _ = judge(premises, read_request(requests_dir / f"{name}.xml"))
    delivered = premises.devices[PPMID].delivered_version
    premises, (after,) = judge(premises, read_firmware(A, PPMID, 91))
    assert before.response.endswith("(00000004)")
    assert after.response.endswith(f"({delivered})")
    assert before.codes == ("I99", "I0")


def test_the_gpf_answers_with_its_communications_hubs_version(premises):
    _, (judgement,) = judge(premises, read_firmware(NETWORK, GPF))
    assert judgement.response.endswith("(00000003)")
    assert "READ-1" in judgement.verdict.rules


def test_an_update_that_names_two_devices_is_judged_at_each(premises):
    after, judgements = judge(premises, update_firmware(A, PPMID, GSME))
    assert [judgement.verdict.outcome for judgement in judgements] == [Outcome.ACCEPTED, Outcome.REJECTED]
    assert after.devices[PPMID].delivered_version == "00000009"
    assert after.devices[GSME].delivered_version is None


def test_srv_11_4_is_for_the_electricity_supplier_too(premises):
    """PPMID-1 is about PPMID firmware, whatever the SRV; what 11.4 does is not modelled."""
    body = "<sr:UpdatePPMIDFirmware/>"
    message = outcomes(premises, request("11.4", B, DCC, body), request("11.4", A, DCC, body))
    assert message == [
        (Outcome.REJECTED, Party.DSP, FirmwareReason.NOT_ELECTRICITY_SUPPLIER),
        (Outcome.ACCEPTED, Party.DSP, AdmissionReason.NOT_MODELLED),
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
    assert judgement.verdict.reason is AdmissionReason.REPEATED


def test_a_supplier_that_is_not_registered_is_rejected(premises):
    _, (judgement,) = judge(premises, read_firmware(C, ESME))
    assert (judgement.verdict.outcome, judgement.verdict.reason) == (Outcome.REJECTED, AdmissionReason.NOT_REGISTERED)
    assert judgement.standing == "a Supplier that is not registered here"
    assert judgement.codes == ()


def test_a_user_in_two_roles_acts_in_the_one_that_the_srv_is_open_to(premises):
    network = request("14.1", NETWORK, GSME, "<sr:RecordNetworkDataGAS/>")
    voltage = request("6.5", NETWORK, ESME, "<sr:UpdateDeviceConfigurationVoltage/>", counter=2)
    supply = request("7.1", NETWORK, ESME, "<sr:EnableSupply/>", counter=3)
    assert [reason for _, _, reason in outcomes(premises, network, voltage, supply)] == [
        AdmissionReason.NOT_MODELLED,
        AdmissionReason.NOT_MODELLED,
        AdmissionReason.ROLE,
    ]


def test_an_srv_for_import_suppliers_is_refused_to_the_gas_supplier(premises):
    _, (judgement,) = judge(premises, request("7.1", B, ESME, "<sr:EnableSupply/>"))
    assert judgement.verdict.reason is AdmissionReason.NOT_REGISTERED
    assert judgement.standing == "the Gas Supplier"


def test_an_unknown_sender_or_device_is_an_error_that_names_it(premises):
    with pytest.raises(DuisError, match="the sender 90-B3-D5-1F-30-0F-00-00 is not among the 4 parties and users"):
        judge(premises, read_firmware("90-B3-D5-1F-30-0F-00-00", ESME))
    with pytest.raises(DuisError, match="the device 00-00-00-00-00-00-00-01, which is not among"):
        judge(premises, read_firmware(A, "00-00-00-00-00-00-00-01"))


def test_a_device_that_the_lifecycles_do_not_look_at_may_be_named_where_nothing_is_modelled(edited):
    switch = "00-DB-12-34-56-78-9A-A5"
    premises = read_premises(edited(("other_devices = []", f'other_devices = ["{switch}"]')))
    clear = request("3.3", A, switch, "<sr:ClearEventLog/>", 7)
    unmodelled = (Outcome.ACCEPTED, Party.DSP, AdmissionReason.NOT_MODELLED)
    assert outcomes(premises, clear, read_firmware(A, switch)) == [unmodelled, unmodelled]
    assert outcomes(premises, read_firmware(C, switch)) == [(*NO, AdmissionReason.NOT_REGISTERED)]


def test_judging_leaves_the_premises_it_was_given_as_they_are(premises):
    before = premises.state
    judge(premises, update_firmware(A, PPMID))
    assert premises.state == before
    assert premises.used == frozenset()
