"""What a real request comes to in the finite world: the samples, and each way in which one can differ from them."""

from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from statemachines.smets1.duis.errors import DuisError
from statemachines.smets1.duis.reader import CANCELLATION, DuisRequest, DuisTariff, read_request
from statemachines.smets1.edge.duis_to_model import recognised_requests
from statemachines.smets1.edge.installation_file import read_premises
from statemachines.smets1.vocabulary import ROLES_OF, User
from tests.support.paths import ROOT

EXAMPLES = ROOT / "examples"
ESME, GSME, CHF, GPF, PPMID, IHD = (f"00-DB-12-34-56-78-9A-{part}" for part in ("E0", "60", "C0", "C1", "D0", "99"))
NEW = "00-DB-12-34-56-78-9A-D1"

TARIFF, COMMISSION, DECOMMISSION, JOIN, LOG, PRE_NOTIFY = "11", "13", "14", "15", "16", "17"

GONE = [
    (f'"{PPMID}"\nstatus = "commissioned"', f'"{PPMID}"\nstatus = "decommissioned"'),
    ("ppmid_keys = true", "ppmid_keys = false"),
]


def sample(number: str) -> DuisRequest:
    """The sample request whose name begins with a number."""
    (path,) = (EXAMPLES / "requests").glob(f"{number}-*.xml")
    return read_request(path)


def changed(number: str, *, target: str | None = None, **more: object) -> DuisRequest:
    """The same, with something else in it."""
    duis = sample(number)
    request_id = attrs.evolve(duis.request_id, target=target or duis.request_id.target)
    return attrs.evolve(duis, request_id=request_id, **more)


def tariff(*prices: str, blocks: bool = False, gas: bool = False) -> DuisTariff:
    return DuisTariff(tuple(enumerate(map(Decimal, prices), 1)), blocks, gas)


def finite(duis: DuisRequest, path: Path):
    (finding,) = recognised_requests(read_premises(path), duis, User.SUPPLIER_A)
    return finding


@pytest.mark.parametrize(
    ("duis", "message", "about", "note"),
    [
        (sample("09"), "CommissionDevice (sender Supplier A, meter ESME)", ESME, ""),
        (sample(COMMISSION), "CommissionDevice (sender Supplier A, meter GSME)", GSME, ""),
        (
            sample("11"),
            "UpdateTariff (sender Supplier A, meter ESME, tariff two rates with identical prices)",
            ESME,
            "recognised: a two-rate tariff, registers 1 and 2 with identical prices, 16400 (times its PriceScale)",
        ),
        (
            sample("12"),
            "UpdateTariff (sender Supplier A, meter ESME, tariff two rates with different prices)",
            ESME,
            "recognised: a two-rate tariff, registers 1 and 2 with different prices, 16400 and 8300 (times its "
            "PriceScale)",
        ),
        (
            changed(TARIFF, tariff=tariff("1", "1", "1")),
            "UpdateTariff (sender Supplier A, meter ESME, tariff any other tariff)",
            ESME,
            "recognised: a tariff with 3 time-of-use registers, and so not a two-rate tariff",
        ),
        (
            changed(TARIFF, tariff=tariff("1", "2", blocks=True)),
            "UpdateTariff (sender Supplier A, meter ESME, tariff any other tariff)",
            ESME,
            "recognised: a tariff with block registers, and so not a two-rate tariff",
        ),
        (
            changed(TARIFF, target=GSME, tariff=tariff("1", "2", gas=True)),
            "UpdateTariff (sender Supplier A, meter GSME, tariff any other tariff)",
            GSME,
            "recognised: a gas tariff, on which no auxiliary load switch depends",
        ),
        (sample(DECOMMISSION), "DecommissionDevice (sender Supplier A, device PPMID)", PPMID, ""),
        (changed(DECOMMISSION, about=CHF), "DecommissionDevice (sender Supplier A, device CHF)", CHF, ""),
        (sample(JOIN), "JoinPpmid (sender Supplier A)", PPMID, ""),
        (changed(JOIN, about=GPF), "JoinPpmid (sender Supplier A)", PPMID, ""),
        (changed(JOIN, target=ESME, about=PPMID), "JoinPpmid (sender Supplier A)", PPMID, ""),
        (
            sample(LOG),
            "UpdateHanDeviceLog (sender Supplier A, device on the HAN PPMID, change to the log add)",
            PPMID,
            "",
        ),
        (
            changed(LOG, about=GSME, adds=False),
            "UpdateHanDeviceLog (sender Supplier A, device on the HAN GSME, change to the log remove)",
            GSME,
            "",
        ),
        (sample(PRE_NOTIFY), "PreNotifyDevice (sender Supplier A, device on the HAN PPMID)", PPMID, ""),
    ],
)
def test_a_request_that_the_lifecycles_look_into(installation_file, duis, message, about, note):
    finding = finite(duis, installation_file)
    name, _, fields = message.partition(" ")
    assert (finding.request.type.name, str(finding.request).removeprefix(finding.request.type.label)) == (
        name,
        f" {fields}",
    )
    assert finding.device.id == about
    assert finding.notes == ((note,) if note else ())


@pytest.mark.parametrize(
    ("duis", "why"),
    [
        (
            changed(TARIFF, execution=CANCELLATION),
            "it cancels a future-dated request, and the model holds future-dated",
        ),
        (changed("07", execution=CANCELLATION), "it cancels a future-dated request"),
        (changed("07", target=IHD), f"the lifecycles do not look at the device {IHD}"),
        (changed("06", target=IHD), f"the lifecycles do not look at the device {IHD}"),
        (changed("01", devices=(IHD,)), f"the lifecycles do not look at the device {IHD}"),
        (changed(TARIFF, target=IHD), f"the lifecycles do not look at the device {IHD}"),
        (changed(DECOMMISSION, about=GPF), "in the model a GPF goes with its Communications Hub"),
        (changed(DECOMMISSION, about=IHD), f"the lifecycles do not look at the device {IHD}"),
        (changed(JOIN, target=GSME, about=GPF), "it does not join the installation's PPMID, and no other Join"),
        (changed(JOIN, about=IHD), f"it joins the PPMID with {IHD}, which is not another device"),
        (changed(JOIN, about=PPMID), f"it joins the PPMID with {PPMID}, which is not another device"),
        (changed(JOIN, about=NEW), f"it joins the PPMID with {NEW}, which is not another device"),
        (changed(LOG, about=NEW), f"it is about {NEW}, which is not a device of the installation"),
        (changed(LOG, about=GPF), "it is about the GPF, which comes into no HAN device log of the model"),
        (changed(PRE_NOTIFY, device_type="CHF"), "and not of this type: CHF"),
        (changed(PRE_NOTIFY, about=IHD), f"the lifecycles do not look at the device {IHD}"),
        (
            changed(PRE_NOTIFY, about=NEW),
            f"has one PPMID for each installation, and this installation's is {PPMID}, and",
        ),
    ],
)
def test_a_request_that_they_do_not_look_into_is_checked_for_role_and_registration_and_says_why(edited, duis, why):
    finding = finite(duis, edited(("other_devices = []", f'other_devices = ["{IHD}"]')))
    assert finding.request.type.name == "OtherServiceRequest"
    assert ROLES_OF[finding.request["open_to"]] == duis.variant.roles
    (note,) = finding.notes
    assert note.startswith("the effect is not modelled: ")
    assert why in note


@pytest.mark.parametrize(
    ("duis", "why"),
    [
        (changed(TARIFF, target=CHF), f"SRV 1.1.1 is for a meter, and {CHF} is the CHF"),
        (changed(TARIFF, target=GSME), f"it is an electricity tariff, and {GSME} is the GSME"),
        (changed(TARIFF, tariff=tariff("1", gas=True)), f"it is a gas tariff, and {ESME} is the ESME"),
        (changed(COMMISSION, target=PPMID), f"SRV 8.1.1 is for a meter, and {PPMID} is the PPMID"),
        (changed(LOG, target=GPF), f"the HAN device log is the CHF's, and it is sent to {GPF}"),
        (
            changed(PRE_NOTIFY, device_type="esme"),
            "its DeviceType is 'esme': the sources name CHF, ESME, GPF,",
        ),
        (changed(PRE_NOTIFY, about=ESME), f"it says PPMID, and in the installation file {ESME} is the ESME"),
    ],
)
def test_a_request_that_does_not_fit_its_device_leaves_open_whether_it_is_accepted(installation_file, duis, why):
    result = finite(duis, installation_file)
    assert result.request.type.name == "OtherServiceRequest"
    assert result.notes == ()
    (because,) = result.open_because
    assert because.startswith(why)


@pytest.mark.parametrize(
    "duis",
    [
        changed(TARIFF, target=NEW),
        changed(COMMISSION, target=NEW),
        changed(JOIN, target=NEW),
        changed(LOG, target=NEW),
        changed(DECOMMISSION, about=NEW),
        changed("01", devices=(PPMID, NEW)),
        changed("06", target=NEW),
    ],
)
def test_what_ties_a_request_to_the_installation_has_to_be_known(installation_file, duis):
    with pytest.raises(DuisError, match=f"the request names the device {NEW}, which is not among the 5 devices of"):
        list(recognised_requests(read_premises(installation_file), duis, User.SUPPLIER_A))


class TestAnotherDeviceOfTheType:
    """The model has one device of each type; another takes its place once it is decommissioned (MOD-27, MOD-29)."""

    def test_in_the_place_of_one_that_is_decommissioned(self, edited):
        finding = finite(changed(PRE_NOTIFY, about=NEW), edited(*GONE))
        assert finding.request.type.name == "PreNotifyDevice"
        assert finding.device.id == NEW
        assert finding.notes == (f"{NEW} takes the place of {PPMID}",)

    def test_where_there_was_none(self):
        finding = finite(sample(PRE_NOTIFY), EXAMPLES / "new-devices.toml")
        assert (finding.request.type.name, finding.device.id, finding.notes) == ("PreNotifyDevice", PPMID, ())

    def test_a_meter_that_the_file_leaves_out_is_not_known_to_be_another(self, tmp_path, installation_file):
        meter = f'[[devices]]\ntype = "GSME"\nid = "{GSME}"\nstatus = "commissioned"\nfirmware_version = "00000002"\n'
        text = installation_file.read_text()
        assert meter in text
        path = tmp_path / "without-gsme.toml"
        path.write_text(text.replace(meter, ""))
        finding = finite(changed(PRE_NOTIFY, about=NEW, device_type="GSME"), path)
        assert finding.request.type.name == "OtherServiceRequest"
        assert finding.notes[0].endswith("and this installation's is not in the installation file")


class TestAnomalyDetection:
    """A request whose RequestID the file says is caught (SRP-1)."""

    @pytest.fixture
    def caught(self, edited):
        def edit(duis: DuisRequest, key: str = "held_request_ids") -> Path:
            return edited((f"\n{key} = []", f'\n{key} = ["{duis.request_id}"]'))

        return edit

    @pytest.mark.parametrize("number", ["01", "06", "07", "09", TARIFF, JOIN, LOG])
    @pytest.mark.parametrize("key", ["held_request_ids", "dropped_request_ids"])
    def test_what_comes_to_it_is_caught(self, caught, number, key):
        finding = finite(sample(number), caught(sample(number), key))
        assert "Anomaly Detection caught, and not released" in str(finding.request)

    @pytest.mark.parametrize("number", [DECOMMISSION, PRE_NOTIFY])
    def test_what_the_dsp_carries_out_itself_does_not_come_to_it(self, caught, number):
        finding = finite(sample(number), caught(sample(number)))
        assert "does not come so far (MOD-37)" in finding.notes[0]

    def test_what_is_not_modelled_says_so(self, caught):
        duis = changed(JOIN, about=NEW)
        assert "it has no effect until it is released (SRP-1)" in finite(duis, caught(duis)).notes[1]
