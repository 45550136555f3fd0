"""What the sources leave open of a request is unspecified, with the reason, and changes nothing; never a guess."""

from datetime import date

import attrs
import pytest

from statemachines.smets1.duis.errors import DuisError
from statemachines.smets1.edge.installation_file import read_premises
from statemachines.smets1.edge.judging import judge
from statemachines.smets1.firmware import FirmwareReason
from statemachines.smets1.rulebook import RULEBOOK
from statemachines.smets1.vocabulary import Outcome
from tests.statemachines.smets1.edge.requests import (
    CHF,
    DCC,
    ESME,
    GPF,
    GSME,
    NETWORK,
    PPMID,
    A,
    B,
    C,
    request,
    status,
    update_firmware,
)

HASH = "6105D6CC76AF400325E94D588CE511BE5BFDBB73B437DC51ECA43917D7A43E3D"
"""Of the image of `update_firmware`."""


NEW = "00-DB-12-34-56-78-9A-FE"
"""A device that the example does not name."""


def activation(moment: str | None, sender: str = A, counter: int = 2):
    when = "" if moment is None else f"<sr:ExecutionDateTime>{moment}</sr:ExecutionDateTime>"
    body = f"<sr:ActivateFirmware>{when}<sr:FirmwareHash>{HASH}</sr:FirmwareHash></sr:ActivateFirmware>"
    return request("11.3", sender, PPMID, body, counter)


def read(target: str, sender: str = A, srv="4.1.1", body="ReadInstantaneousImportRegisters", **more):
    return request(srv, sender, target, f"<sr:{body}/>", **more)


@pytest.fixture
def premises(installation_file):
    return read_premises(installation_file)


@pytest.fixture
def with_image(installation_file):
    """The example on 15 October 2020, with an image delivered to the PPMID."""
    given = attrs.evolve(read_premises(installation_file), on=date(2020, 10, 15))
    return judge(given, update_firmware(A, PPMID))[0]


def because(premises, duis) -> tuple[str, ...]:
    """Why it is open what becomes of the request, which changes nothing; no reason where that is known."""
    after, (judgement,) = judge(premises, duis)
    reasons = judgement.open_because
    assert bool(reasons) == ("outcome" in judgement.verdict.unspecified)
    if reasons:
        assert (after.state, after.devices, judgement.changes, judgement.codes) == (
            premises.state, premises.devices, {}, ()
        )  # fmt: skip
        assert set(judgement.verdict.rules) <= set(RULEBOOK)
        assert judgement.verdict.rules
    return reasons


class TestDates:
    def test_an_activation_dated_in_the_past_is_not_held_until_its_date(self, with_image):
        (why,) = because(with_image, activation("2020-10-14T09:00:00.00Z"))
        assert why.startswith(
            "its ExecutionDateTime, 2020-10-14 09:00, is not after the day that is judged, 2020-10-15"
        )

    def test_the_day_itself_may_have_passed_the_hour(self, with_image):
        assert because(with_image, activation("2020-10-15T23:59:00.00Z"))

    @pytest.mark.parametrize("moment", [None, "2020-10-16T00:00:00.00Z"])
    def test_a_later_one_and_an_immediate_one_are_known(self, with_image, moment):
        assert not because(with_image, activation(moment))

    def test_a_cancellation_is_not_one_of_the_past(self, with_image):
        held, _ = judge(with_image, activation("2020-10-16T00:00:00.00Z"))
        cancelled, (judgement,) = judge(held, activation("3000-12-31T00:00:00.00Z", counter=3))
        assert (judgement.verdict.reason, judgement.open_because) == (FirmwareReason.CANCELLED, ())
        assert cancelled.state != held.state

    def test_without_a_day_it_is_today(self, with_image):
        assert because(attrs.evolve(with_image, on=None), activation("2020-10-16T00:00:00.00Z"))

    def test_what_is_rejected_anyway_is_rejected(self, with_image):
        _, (judgement,) = judge(with_image, activation("2020-10-14T09:00:00.00Z", sender=B))
        assert (judgement.verdict.outcome, judgement.open_because) == (Outcome.REJECTED, ())

    def test_any_other_srv_too(self, with_image):
        moment = "<sr:ExecutionDateTime>2020-01-15T09:00:00.00Z</sr:ExecutionDateTime>"
        assert because(
            with_image, request("11.2", A, ESME, f"<sr:ReadFirmwareVersion>{moment}</sr:ReadFirmwareVersion>")
        )

    def test_before_its_day_there_is_no_srv_11_4(self, with_image):
        update = request("11.4", A, DCC, "<sr:UpdatePPMIDFirmware/>", 7)
        with pytest.raises(DuisError, match=r"SRV 11\.4 is in force from 4 November 2021, .* 2020-10-15"):
            judge(with_image, update)
        _, (judgement,) = judge(attrs.evolve(with_image, on=date(2021, 11, 4)), update)
        assert judgement.verdict.outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("word", ["pending", "whitelisted", "installed", "suspended", "decommissioned"])
def test_a_read_of_a_device_that_is_not_commissioned(edited, word):
    premises = read_premises(edited(status(ESME, word)))
    (why,) = because(premises, read(ESME))
    assert why.startswith("the ESME is ")
    assert not because(premises, read(GSME, B))


def test_a_device_of_which_the_file_says_nothing_is_taken_to_be_commissioned(edited):
    premises = read_premises(edited(("other_devices = []", f'other_devices = ["{NEW}"]')))
    _, (judgement,) = judge(premises, read(NEW))
    assert judgement.verdict.outcome is Outcome.ACCEPTED
    assert judgement.notes[0] == f"the file says nothing of {NEW}: it is taken to be commissioned"


def test_a_read_behind_a_decommissioned_hub(edited):
    premises = read_premises(edited(status(CHF, "decommissioned")))
    (why,) = because(premises, read(ESME))
    assert why.startswith("the CHF is decommissioned")


@pytest.mark.parametrize(("srv", "body"), [("7.16", "LimitAPCLevel"), ("8.5", "ServiceOptOut")])
@pytest.mark.parametrize("sender", [A, B, C, NETWORK])
def test_a_matrix_that_names_no_role_is_silent_and_does_not_say_nobody(premises, srv, body, sender):
    (why,) = because(premises, read(ESME, sender, srv, body))
    assert why.startswith(f"the matrix names no role that SRV {srv} is open to")


@pytest.mark.parametrize("target", [GSME, CHF, GPF, PPMID])
def test_an_srv_for_an_esme_that_is_sent_to_another_device(premises, target):
    why, *_ = because(premises, read(target, A, "7.1", "EnableSupply"))
    assert why.endswith("and DCC's templates have it for ESME only")
    assert not because(premises, read(ESME, A, "7.1", "EnableSupply"))


@pytest.mark.parametrize(("target", "sender", "fuel"), [(GSME, A, "gas"), (ESME, B, "electricity")])
@pytest.mark.parametrize(("srv", "body"), [("4.1.1", "ReadInstantaneousImportRegisters"), ("7.2", "DisableSupply")])
def test_a_meter_of_the_other_fuel(premises, target, sender, fuel, srv, body):
    (why,) = because(premises, read(target, sender, srv, body))
    assert f"measures {fuel}, and the sender's role is not one of {fuel}" in why


def test_a_network_of_both_fuels_and_a_dual_fuel_supplier_read_both_meters(premises, edited):
    assert not because(premises, read(ESME, NETWORK)) + because(premises, read(GSME, NETWORK))
    of_one_fuel = because(premises, read(GSME, NETWORK, "6.5", "UpdateDeviceConfigurationVoltage"))
    assert any("measures gas" in why for why in of_one_fuel), "the SRV is open to the ED alone"
    dual = read_premises(edited((f'gas_supplier = "{B}"', f'gas_supplier = "{A}"')))
    assert not because(dual, read(ESME)) + because(dual, read(GSME))


def test_a_gas_proxy_answers_what_a_gas_meter_does(premises):
    block = ("4.1.4", "ReadInstantaneousImportBlockCounters")
    assert not because(premises, read(GPF, B, *block))
    assert because(premises, read(ESME, B, *block))


@pytest.mark.parametrize("schema", ["", "5.40", "v5.4", "9.9"])
def test_a_schema_version_that_the_sources_do_not_name(premises, schema):
    (why,) = because(premises, read(ESME, schema=schema))
    assert why == f"its schemaVersion is '{schema}', and the sources name 3.1, 5.1, 5.4 only"


@pytest.mark.parametrize("schema", ["3.1", "5.1", "5.4"])
def test_the_schema_versions_that_they_name(premises, schema):
    assert not because(premises, read(ESME, schema=schema))


@pytest.mark.parametrize(
    ("duis", "fitting"),
    [
        (lambda variant: read(ESME, variant=variant), {1, 3}),
        (lambda variant: read(ESME, A, "7.1", "EnableSupply", variant=variant), {4}),
        (lambda variant: request("8.2", A, DCC, "<sr:ReadInventory/>", variant=variant), {8}),
    ],
    ids=["a command", "a Critical Command", "for the DCC itself"],
)
def test_command_variants(premises, duis, fitting):
    assert {variant for variant in range(1, 9) if not because(premises, duis(variant))} == fitting


def test_a_command_that_is_returned_to_the_user_is_brought_to_the_device_or_not(premises):
    (why,) = because(premises, read(ESME, variant=2))
    assert "has the command returned to the User" in why


def test_a_request_that_does_not_fit_its_device(premises):
    """What else does not fit, test_finite has."""
    log = f"<sr:DeviceID>{PPMID}</sr:DeviceID><sr:RequestType>Remove</sr:RequestType>"
    why, *_ = because(premises, request("8.11", A, GPF, f"<sr:UpdateHANDeviceLog>{log}</sr:UpdateHANDeviceLog>"))
    assert why == f"the HAN device log is the CHF's, and it is sent to {GPF}"


def test_a_device_type_in_other_letters_than_the_sources(premises):
    new = f"<sr:DeviceID>{NEW}</sr:DeviceID><sr:DeviceType>esme</sr:DeviceType>"
    (why,) = because(premises, request("12.2", A, DCC, f"<sr:DevicePrenotification>{new}</sr:DevicePrenotification>"))
    assert why.startswith("its DeviceType is 'esme'")


def test_what_the_dcc_answers_itself_is_not_sent_to_a_device(premises):
    (why,) = because(premises, request("8.2", A, ESME, "<sr:ReadInventory/>"))
    assert why == f"SRV 8.2 is answered by the DCC itself, and is sent to {ESME}"


def test_every_reason_is_reported(edited):
    premises = read_premises(edited(status(GSME, "pending")))
    assert len(because(premises, read(GSME, A, "7.1", "EnableSupply", variant=1, schema="9.9"))) == 5
