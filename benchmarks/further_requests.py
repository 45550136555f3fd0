"""Further faults in how the simulator processes requests, committed before any of them was measured."""

from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from unittest.mock import patch

from benchmarks.simulator_changes import (
    Step,
    StrangeFault,
    activates,
    as_if_sent_by_its_own,
    asks_first,
    at_device,
    breaks,
    lets_in,
    lets_in_with_status,
    processed_as,
    refuses_as,
)
from examples.simulator import reasons
from examples.simulator.answers import Answer, Refusal
from examples.simulator.requests import (
    ACTIVATE_FIRMWARE,
    COMMISSION,
    DECOMMISSION,
    HAN_LOG,
    JOIN,
    PRE_NOTIFY,
    READ_FIRMWARE,
    UPDATE_FIRMWARE,
    UPDATE_TARIFF,
    ServiceRequest,
)
from examples.simulator.simulator import Simulator
from examples.simulator.words import (
    ANOTHER_IMAGE,
    CANCELLATION,
    CHF,
    ESME,
    FUTURE_DATED,
    GSME,
    MDS,
    PPMID,
    At,
    Outcome,
    Release,
    Status,
    Version,
)

FURTHER_REQUESTS: dict[str, StrangeFault] = {}
"""The faults by name."""

_breaks = partial(breaks, FURTHER_REQUESTS)


@_breaks("SYS-6", "SYS-7", wrong=("the check at the DSP: Join Service (a PPMID) is open to the sender's role",))
def other_users_join_ppmids(simulator: Simulator) -> None:
    """An Other User may join a PPMID."""
    as_if_sent_by_its_own(simulator, lambda one: one.srv == JOIN and one.sender == "Other User")


@_breaks("SYS-6", "SYS-7", wrong=("the check at the DSP: Update HAN Device Log is open to the sender's role",))
def export_supplier_changes_the_log(simulator: Simulator) -> None:
    """An Export Supplier may change the HAN device log."""
    as_if_sent_by_its_own(simulator, lambda one: one.srv == HAN_LOG and one.sender == "Export Supplier")


@_breaks("MOD-41", wrong=("the check at the DSP: Decommission Device is for the device's own Supplier",))
def electricity_supplier_decommissions_the_gas_meter(simulator: Simulator) -> None:
    """The Electricity Supplier may decommission the gas meter."""
    home = simulator.dcc.installation
    as_if_sent_by_its_own(
        simulator,
        lambda one: one.srv == DECOMMISSION and one.device == GSME and one.sender == home.electricity_supplier,
    )


@_breaks("MOD-41", wrong=("the check at the DSP: Update Import Tariff is for the device's own Supplier",))
def electricity_supplier_sends_gas_tariffs(simulator: Simulator) -> None:
    """The Electricity Supplier may send tariffs to the gas meter."""
    home = simulator.dcc.installation
    as_if_sent_by_its_own(
        simulator,
        lambda one: one.srv == UPDATE_TARIFF and one.device == GSME and one.sender == home.electricity_supplier,
    )


@_breaks("PPMID-2", "PPMID-1", wrong=("the check at the DSP: PPMID firmware is the Electricity Supplier's",))
def gas_supplier_delivers_to_the_ppmid(simulator: Simulator) -> None:
    """The Gas Supplier may send an image to the PPMID, and not activate it."""
    home = simulator.dcc.installation
    as_if_sent_by_its_own(
        simulator,
        lambda one: one.srv == UPDATE_FIRMWARE and one.device == PPMID and one.sender == home.gas_supplier,
    )


@_breaks("PPMID-3", wrong=("the check at the DSP: Communications Hub firmware is the Electricity Supplier's",))
def gas_supplier_dates_the_hubs_activation(simulator: Simulator) -> None:
    """The Gas Supplier may send a future-dated activation to the Communications Hub."""
    home = simulator.dcc.installation

    def dated(one: ServiceRequest) -> bool:
        of_hub = one.srv == ACTIVATE_FIRMWARE and one.device == CHF
        return of_hub and one.timing == FUTURE_DATED and one.sender == home.gas_supplier

    as_if_sent_by_its_own(simulator, dated)


@_breaks("PPMID-10", wrong=("the check at the DSP: GSME firmware is the Gas Supplier's",))
def installing_supplier_upgrades_the_gas_meter(simulator: Simulator) -> None:
    """Whoever installed the meter may upgrade the gas meter's firmware as its Gas Supplier may."""
    home = simulator.dcc.installation
    as_if_sent_by_its_own(
        simulator, lambda one: one.upgrades and one.device == GSME and one.sender == home.installing_supplier
    )


@_breaks("DES-5", "MOD-6", wrong=("the check at the DSP: PPMID firmware functionality is released",))
def mds_waits_for_november(simulator: Simulator) -> None:
    """PPMID firmware of MOC (MDS) is upgraded from the November 2020 maintenance release on only."""

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        let_in(request)
        waits = simulator.dcc.installation.group == MDS and not simulator.dcc.has(Release.NOVEMBER)
        if request.upgrades and request.device == PPMID and waits:
            raise Refusal(At.DSP, reasons.NOT_RELEASED)

    lets_in(simulator, looked_at)


@_breaks("MOD-38", wrong=("the check at the DSP: the meter is commissioned",))
def installed_meters_take_tariffs(simulator: Simulator) -> None:
    """A tariff reaches a meter that is installed and not commissioned."""
    lets_in_with_status(simulator, UPDATE_TARIFF, Status.INSTALLED, Status.COMMISSIONED)


@_breaks(
    "MOD-27",
    wrong=("the check at the DSP: the device is installed and not commissioned before Commission Device",),
)
def whitelisted_devices_are_commissioned(simulator: Simulator) -> None:
    """A device that is whitelisted may be commissioned before it is installed."""
    lets_in_with_status(simulator, COMMISSION, Status.WHITELISTED, Status.INSTALLED)


@_breaks("MOD-27", wrong=("the check at the DSP: the device to be decommissioned is installed",))
def devices_are_decommissioned_again(simulator: Simulator) -> None:
    """A device that is decommissioned may be decommissioned another time."""
    lets_in_with_status(simulator, DECOMMISSION, Status.DECOMMISSIONED, Status.INSTALLED)


@_breaks("MOD-27", wrong=("the check at the DSP: a device that is removed from the HAN device log is whitelisted",))
def pending_devices_are_removed_from_the_log(simulator: Simulator) -> None:
    """A device that is pending may be removed from the HAN device log, though it is not on it."""
    home = simulator.dcc.installation

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        removed = request.srv == HAN_LOG and request.log_change == "remove"
        device = home.device(request.device) if removed else None
        pending = device is not None and device.status is Status.PENDING
        with patch.object(device, "status", Status.WHITELISTED) if pending else nullcontext():
            let_in(request)

    lets_in(simulator, looked_at)


def _keeps_when_decommissioned(simulator: Simulator, srv: str, name: str, attribute: str) -> None:
    """What the DSP does with an SRV leaves an attribute of a device as it is."""
    device, carry_out = simulator.dcc.installation.devices[name], simulator.dsp.carry_out

    def carried_out(request: ServiceRequest) -> Answer:
        kept = getattr(device, attribute)
        answer = carry_out(request)
        if request.srv == srv and request.device == name:
            setattr(device, attribute, kept)
        return answer

    simulator.dsp.carry_out = carried_out  # type: ignore[method-assign]


@_breaks("MOD-27", wrong=("SMI status of the ESME: decommissioned -> pending, on Device Pre-notification",))
def announced_meter_stays_decommissioned(simulator: Simulator) -> None:
    """Pre-notifying an electricity meter is confirmed, and none is pending."""
    _keeps_when_decommissioned(simulator, PRE_NOTIFY, ESME, "status")


@_breaks("MOD-29", wrong=("ESME firmware: *, on Decommission Device",))
def decommissioned_meter_keeps_its_firmware(simulator: Simulator) -> None:
    """Decommissioning the electricity meter leaves its image in hand, for the next one to activate."""
    _keeps_when_decommissioned(simulator, DECOMMISSION, ESME, "firmware")


@_breaks("MOD-10", wrong=("ESME firmware: activation pending -> activation pending, on Activate Firmware",))
def second_date_drops_the_activation(simulator: Simulator) -> None:
    """A further future-dated activation at the electricity meter leaves none pending."""
    firmware = simulator.dcc.installation.devices[ESME].firmware

    def activated(image: str, timing: str) -> str | None:
        if timing == FUTURE_DATED and image != ANOTHER_IMAGE and firmware.activation_pending:
            firmware.activation_pending = False
            return reasons.ACTIVATION_HELD
        return None

    activates(simulator, ESME, activated)


@_breaks("MOD-50", "MOD-5", wrong=("the check at the device: the hash is the delivered image's",))
def gas_meter_says_that_it_has_no_image(simulator: Simulator) -> None:
    """A gas meter that is to activate another image than its own says that it has none."""
    firmware = simulator.dcc.installation.devices[GSME].firmware

    def activated(image: str, timing: str) -> str | None:
        if image == ANOTHER_IMAGE and timing != CANCELLATION and firmware.image_in_hand:
            raise Refusal(At.DEVICE, reasons.NO_IMAGE)
        return None

    activates(simulator, GSME, activated)


@_breaks("MOD-43", "MOD-22", wrong=("DCO key package: *, on Join Service (a PPMID)",))
def foc_joins_bring_no_keys(simulator: Simulator) -> None:
    """A PPMID that is joined to an FOC installation after its migration leaves its keys out of the package."""

    def joined(request: ServiceRequest, answer: Answer) -> Answer:
        if request.srv == JOIN and simulator.dcc.installation.foc:
            simulator.dco.forget(PPMID)
        return answer

    at_device(simulator, joined)


@_breaks("MOD-54", "READ-3", wrong=("the answer to Read Firmware Version: * target is CHF *",))
def hub_tells_the_old_version(simulator: Simulator) -> None:
    """Reading the CHF's firmware returns the version from before its upgrade."""

    def read(request: ServiceRequest, answer: Answer) -> Answer:
        of_hub = request.srv == READ_FIRMWARE and request.device == CHF
        return replace(answer, response=Version.PRESENT) if of_hub else answer

    at_device(simulator, read)


@_breaks(
    "READ-2",
    wrong=(
        "the check at the S1SP: the S1SP can read a PPMID's firmware",
        "the check at the S1SP: the S1SP can read a PPMID's firmware before Uplift 1.2, too",
    ),
)
def defect_is_a_rejection(simulator: Simulator) -> None:
    """Reading an IOC PPMID's firmware is rejected, where an alert should come."""
    refuses_as(
        simulator,
        lambda _, usual: usual.outcome == Outcome.ALERT,
        Refusal(At.S1SP, reasons.READ_DEFECT, Outcome.REJECTED),
    )


@_breaks("SRP-1", wrong=("the check at the S1SP: Anomaly Detection lets the request pass",))
def hub_reads_are_not_screened(simulator: Simulator) -> None:
    """Anomaly Detection lets every reading of the Communications Hub's firmware pass."""

    def alike(one: ServiceRequest) -> ServiceRequest:
        return replace(one, screening="") if one.srv == READ_FIRMWARE and one.device == CHF else one

    processed_as(simulator, alike)


@_breaks("SRP-1", wrong=("the check at the S1SP: the values of the request are within the set limits",))
def values_of_the_electricity_meter_are_quarantined(simulator: Simulator) -> None:
    """A tariff for the electricity meter with a value beyond a set limit is quarantined."""
    refuses_as(
        simulator,
        lambda one, usual: usual.outcome == Outcome.DELETED and one.device == ESME,
        Refusal(At.S1SP, reasons.HELD, Outcome.HELD),
    )


@_breaks(
    "MOD-8",
    wrong=("the order at the DSP: 'the device is not one that this Supplier *' comes before 'the device is not com*'",),
)
def status_is_asked_before_whose_meter_it_is(simulator: Simulator) -> None:
    """For tariffs the meter's status is asked before whose meter it is."""

    def ask(request: ServiceRequest) -> None:
        if request.srv == UPDATE_TARIFF and not simulator.dcc.installation.device(request.device).commissioned:
            raise Refusal(At.DSP, reasons.NOT_COMMISSIONED)

    asks_first(simulator, reasons.OTHER_FUEL, ask)


@_breaks(
    "MOD-8",
    wrong=("the order at the DSP: 'the device is not commissioned' comes before 'the Communications Hub is decomm*'",),
)
def hub_is_asked_before_the_device(simulator: Simulator) -> None:
    """Whether the Communications Hub is decommissioned is asked before the device's own status."""

    def ask(_: ServiceRequest) -> None:
        if simulator.dcc.installation.hub_decommissioned:
            raise Refusal(At.DSP, reasons.HUB_DECOMMISSIONED)

    asks_first(simulator, reasons.NOT_COMMISSIONED, ask)


@_breaks(
    "MOD-8",
    wrong=("the order at the DSP: 'the RequestID was used before' comes before 'the installation is not migrated *'",),
)
def migration_is_asked_before_the_request_id(simulator: Simulator) -> None:
    """Whether the installation is migrated is asked before the RequestID."""

    def ask(_: ServiceRequest) -> None:
        if not simulator.dcc.installation.dcc_operates:
            raise Refusal(At.DSP, reasons.NOT_MIGRATED)

    asks_first(simulator, reasons.REPEATED, ask)
