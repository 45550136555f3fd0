"""Faults in how the simulator processes requests, written from the rules' words, committed before measuring."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from unittest.mock import patch

from benchmarks.simulator_changes import (
    Step,
    StrangeFault,
    activates,
    asks_first,
    breaks,
    countersigns,
    let_in_as,
    lets_in,
    lets_in_with_status,
    processes,
    refuses_as,
)
from examples.simulator import course, reasons
from examples.simulator.answers import Refusal
from examples.simulator.documents import WINDOW
from examples.simulator.faults import Fault
from examples.simulator.requests import (
    ACTIVATE_FIRMWARE,
    CRITICAL,
    DECOMMISSION,
    JOIN,
    PRE_NOTIFY,
    READ_FIRMWARE,
    UPDATE_FIRMWARE,
    UPDATE_PPMID_FIRMWARE,
    UPDATE_TARIFF,
    ServiceRequest,
)
from examples.simulator.simulator import Simulator
from examples.simulator.words import (
    ANOTHER_IMAGE,
    CA,
    CANCELLATION,
    CHF,
    EA,
    ESME,
    FUTURE_DATED,
    GPF,
    GSME,
    IMMEDIATE,
    MDS,
    PPMID,
    SUPPLIERS,
    At,
    Outcome,
    Release,
    Stage,
    Status,
    Version,
)

REQUEST_FAULTS: dict[str, StrangeFault] = {}
"""The faults by name."""

_breaks = partial(breaks, REQUEST_FAULTS)


def _sent_by(simulator: Simulator, where: Callable[[ServiceRequest], bool], other: Callable[[], str]) -> None:
    """Where this is so, the DSP takes the request for one of another sender."""
    let_in_as(simulator, lambda one: replace(one, sender=other()) if where(one) else one)


@_breaks("PPMID-2", "PPMID-1", wrong=("the check at the DSP: PPMID firmware is the Electricity Supplier's",))
def gas_supplier_dates_the_activation(simulator: Simulator) -> None:
    """The Gas Supplier may send a future-dated activation of the PPMID's firmware."""
    home = simulator.dcc.installation

    def dated(one: ServiceRequest) -> bool:
        of_ppmid = one.srv == ACTIVATE_FIRMWARE and one.device == PPMID
        return of_ppmid and one.timing == FUTURE_DATED and one.sender == home.gas_supplier

    _sent_by(simulator, dated, lambda: home.electricity_supplier)


@_breaks("PPMID-3", wrong=("the check at the DSP: Communications Hub firmware is the Electricity Supplier's",))
def installing_supplier_activates_the_hub(simulator: Simulator) -> None:
    """Whoever installed the meter may activate the Communications Hub's firmware."""
    home = simulator.dcc.installation
    _sent_by(
        simulator,
        lambda one: one.srv == ACTIVATE_FIRMWARE and one.device == CHF and one.sender == home.installing_supplier,
        lambda: home.electricity_supplier,
    )


@_breaks("PPMID-10", wrong=("the check at the DSP: ESME firmware is the Electricity Supplier's",))
def gas_supplier_updates_the_electricity_meter(simulator: Simulator) -> None:
    """The Gas Supplier may send an image to the electricity meter."""
    home = simulator.dcc.installation
    _sent_by(
        simulator,
        lambda one: one.srv == UPDATE_FIRMWARE and one.device == ESME and one.sender == home.gas_supplier,
        lambda: home.electricity_supplier,
    )


@_breaks("SYS-6", wrong=("the answer to Device Pre-notification: accepted: the device is pending in the inventory",))
def other_users_announce_nothing(simulator: Simulator) -> None:
    """An Other User may not pre-notify a device."""
    _sent_by(simulator, lambda one: one.srv == PRE_NOTIFY and one.sender == "Other User", lambda: "nobody at all")

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        try:
            let_in(request)
        except KeyError:
            raise Refusal(At.DSP, reasons.WRONG_ROLE) from None

    lets_in(simulator, looked_at)


@_breaks("SYS-6", "SYS-7", wrong=("the check at the DSP: Decommission Device is open to the sender's role",))
def distributor_decommissions(simulator: Simulator) -> None:
    """An Electricity Distributor may decommission the electricity meter."""
    home = simulator.dcc.installation
    _sent_by(
        simulator,
        lambda one: one.srv == DECOMMISSION and one.device == ESME and one.sender == "Electricity Distributor",
        lambda: home.electricity_supplier,
    )


@_breaks(
    "SYS-6", "SYS-7", wrong=("the check at the DSP: Update PPMID Firmware (SRV 11.4) is open to the sender's role",)
)
def anyone_announces_ppmid_firmware(simulator: Simulator) -> None:
    """Update PPMID Firmware (11.4) is open to Other Users."""
    home = simulator.dcc.installation
    _sent_by(
        simulator,
        lambda one: one.srv == UPDATE_PPMID_FIRMWARE and one.sender == "Other User",
        lambda: home.electricity_supplier,
    )


@_breaks(
    "MOD-46", wrong=("the check at the DSP: a Supplier that sends Read Firmware Version is registered at the premises",)
)
def strangers_read_versions(simulator: Simulator) -> None:
    """A Supplier that is not registered at the premises may read the firmware of its devices."""
    home = simulator.dcc.installation
    _sent_by(
        simulator, lambda one: one.srv == READ_FIRMWARE and one.sender in SUPPLIERS, lambda: home.electricity_supplier
    )


@_breaks(
    "MOD-46",
    "MOD-41",
    wrong=(
        "the check at the DSP: a Supplier that sends Update Import Tariff is registered at the premises",
        "the check at the DSP: Update Import Tariff is for the device's own Supplier",
    ),
)
def former_gas_supplier_sends_tariffs(simulator: Simulator) -> None:
    """Who was the Gas Supplier until the last change may go on sending tariffs to the gas meter."""
    home, former = simulator.dcc.installation, list[str]()
    change = simulator._events["ChangeGasSupplier"]

    def changed(event: dict[str, str]) -> None:
        supplier = home.gas_supplier
        change(event)
        former[:] = [supplier]

    simulator._events["ChangeGasSupplier"] = changed
    _sent_by(
        simulator,
        lambda one: one.srv == UPDATE_TARIFF and one.device == GSME and one.sender in former,
        lambda: home.gas_supplier,
    )


@_breaks(
    "PPMID-9", wrong=("ESME firmware: no image in hand or delivered image runs -> image delivered, on Update Firmware",)
)
def electricity_meter_runs_what_it_gets(simulator: Simulator) -> None:
    """An image that is delivered to the electricity meter runs at once."""
    firmware = simulator.dcc.installation.devices[ESME].firmware
    receive = firmware.receive

    def received(sender: str, fault: Fault | None) -> None:
        receive(sender, fault)
        firmware.run()

    firmware.receive = received  # type: ignore[method-assign]


@_breaks("MOD-4", wrong=("GSME firmware: activation pending -> image delivered, on Activate Firmware",))
def gas_meter_drops_the_cancelled_image(simulator: Simulator) -> None:
    """A cancellation at the gas meter drops the image, too."""
    firmware = simulator.dcc.installation.devices[GSME].firmware

    def activated(_: str, timing: str) -> str | None:
        if timing == CANCELLATION and firmware.activation_pending:
            firmware.lapse()
            return reasons.CANCELLED
        return None

    activates(simulator, GSME, activated)


@_breaks("MOD-50", wrong=("the check at the device: the hash is the delivered image's",))
def ppmid_runs_any_image(simulator: Simulator) -> None:
    """A PPMID with an image in hand runs it, at once, whatever hash the activation names."""
    firmware = simulator.dcc.installation.devices[PPMID].firmware

    def activated(image: str, timing: str) -> str | None:
        if image == ANOTHER_IMAGE and timing == IMMEDIATE and firmware.image_in_hand:
            firmware.run()
            return reasons.ACTIVATED
        return None

    activates(simulator, PPMID, activated)


@_breaks(
    "MOD-3",
    wrong=(
        "Communications Hub firmware: * pending -> image delivered, on Update Firmware",
        "the answer to Update Firmware: accepted: the image is delivered, where target is CHF or GPF",
    ),
)
def no_image_while_one_is_pending(simulator: Simulator) -> None:
    """While an activation is pending at the Communications Hub, a further image is turned down."""
    at_device, home = simulator._at_device, simulator.dcc.installation

    def done(request: ServiceRequest) -> object:
        pending = home.devices[CHF].firmware.activation_pending
        if request.srv == UPDATE_FIRMWARE and request.device == CHF and pending:
            raise Refusal(At.DEVICE, reasons.NOTHING_PENDING)
        return at_device(request)

    simulator._at_device = done  # type: ignore[method-assign, assignment]


@_breaks("KEY-6", "KEY-5", wrong=("the check at the DCO: the DCO holds the device's keys",))
def dated_activations_need_no_keys(simulator: Simulator) -> None:
    """The DCO passes future-dated activations, whether it holds the device's keys or not."""

    def countersigned(request: ServiceRequest, countersign: Step) -> None:
        if request.timing != FUTURE_DATED:
            countersign(request)

    countersigns(simulator, countersigned)


@_breaks("KEY-1", "MOD-9", wrong=("the check at the DCO: the DCO holds the device's keys",))
def tariffs_wait_for_the_ppmid(simulator: Simulator) -> None:
    """The DCO rejects a tariff as long as the package lacks the keys of any device, the PPMID included."""

    def countersigned(request: ServiceRequest, countersign: Step) -> None:
        if request.srv == UPDATE_TARIFF and simulator.dco.lacks_keys_of_ppmid:
            raise Refusal(At.DCO, reasons.NO_KEYS)
        countersign(request)

    countersigns(simulator, countersigned)


def _read_defect(simulator: Simulator, has: Callable[[], bool]) -> None:
    usual = simulator.s1sp._has_read_defect
    simulator.s1sp._has_read_defect = lambda: usual() or has()  # type: ignore[method-assign]


@_breaks("READ-2", wrong=("the check at the S1SP: the S1SP can read a PPMID's firmware",))
def defect_outlives_november(simulator: Simulator) -> None:
    """In group CA the alert on reading a PPMID's firmware stays after the November 2020 maintenance release."""
    _read_defect(simulator, lambda: simulator.dcc.installation.group == CA)


@_breaks("READ-3", "READ-2", wrong=("the check at the S1SP: the S1SP can read a PPMID's firmware",))
def mds_has_the_read_defect(simulator: Simulator) -> None:
    """PPMIDs of MOC (MDS) have the defect on reading their firmware as well, before November."""
    dcc = simulator.dcc
    _read_defect(simulator, lambda: dcc.installation.group == MDS and not dcc.has(Release.NOVEMBER))


@_breaks(
    "MOD-54",
    wrong=(
        "the answer to Read Firmware Version: * GPF and Communications Hub firmware is delivered image runs",
        "the answer to Read Firmware Version: * GPF and Communications Hub firmware is not delivered image runs",
    ),
)
def gpf_tells_the_old_version(simulator: Simulator) -> None:
    """Reading the GPF's firmware returns the version from before an upgrade of the Communications Hub."""
    at_device = simulator._at_device

    def done(request: ServiceRequest) -> object:
        answer = at_device(request)
        if request.srv == READ_FIRMWARE and request.device == GPF:
            return replace(answer, response=Version.PRESENT)
        return answer

    simulator._at_device = done  # type: ignore[method-assign, assignment]


@_breaks("COM-2", wrong=("the check at the DSP: the device is commissioned",))
def uncommissioned_devices_are_read(simulator: Simulator) -> None:
    """A device's firmware can be read before it is commissioned, once it is installed."""
    lets_in_with_status(simulator, READ_FIRMWARE, Status.INSTALLED, Status.COMMISSIONED)


@_breaks("READ-3", wrong=("the check at the S1SP: the S1SP processes PPMID firmware",))
def foc_ppmids_are_not_read(simulator: Simulator) -> None:
    """Reading the firmware of an FOC PPMID is not processed by the S1SP, like its upgrade."""

    def processed(request: ServiceRequest, process: Step) -> None:
        if request.srv == READ_FIRMWARE and request.device == PPMID and simulator.dcc.installation.foc:
            raise Refusal(At.S1SP, reasons.FOC_PPMID, Outcome.NOT_PROCESSED)
        process(request)

    processes(simulator, processed)


@_breaks("PPMID-8", "PPMID-7", wrong=("the check at the S1SP: the S1SP processes PPMID firmware",))
def foc_activations_are_processed(simulator: Simulator) -> None:
    """Of the firmware requests for an FOC PPMID the S1SP leaves updates alone, and processes activations."""
    home = simulator.dcc.installation

    def processed(request: ServiceRequest, process: Step) -> None:
        processed_alike = request.srv == ACTIVATE_FIRMWARE and request.device == PPMID and home.foc
        with patch.object(home, "group", MDS if processed_alike else home.group):
            process(request)

    processes(simulator, processed)


@_breaks("SRP-1", wrong=("the check at the S1SP: Anomaly Detection lets the request pass",))
def caught_requests_are_rejected(simulator: Simulator) -> None:
    """What Anomaly Detection catches is rejected, and not quarantined."""
    refuses_as(simulator, lambda _, usual: usual.outcome == Outcome.HELD, Refusal(At.S1SP, reasons.HELD))


@_breaks("MOD-47", wrong=("the check at the S1SP: the values of the request are within the set limits",))
def limits_are_kept_by_the_dsp(simulator: Simulator) -> None:
    """The DSP deletes requests with a value beyond a set limit."""
    refuses_as(
        simulator, lambda _, usual: usual.outcome == Outcome.DELETED, Refusal(At.DSP, reasons.DELETED, Outcome.DELETED)
    )


@_breaks("SRP-4", wrong=("the check at the DSP: PPMID firmware functionality is released",))
def older_duis_sends_no_tariffs(simulator: Simulator) -> None:
    """A Supplier on the older DUIS version may not send tariffs."""

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        let_in(request)
        if request.srv == UPDATE_TARIFF and request.sender in simulator.dcc.on_older_duis:
            raise Refusal(At.DSP, reasons.NOT_RELEASED)

    lets_in(simulator, looked_at)


@_breaks(
    "SRP-1", wrong=("the check at the premises: the request stands where Let Pass Anomaly Detection can happen to it",)
)
def quarantine_opens_by_itself(simulator: Simulator) -> None:
    """A quarantined request may pass Anomaly Detection though the User has not said that it is to be processed."""
    take = simulator.course.take

    def taken(step: str) -> None:
        if step == "LetPass" and simulator.course.stands == course.HELD:
            simulator.course.stands = course.ACKNOWLEDGED
        take(step)

    simulator.course.take = taken  # type: ignore[method-assign]


@_breaks(
    "SYS-1",
    "MOD-44",
    wrong=(
        "the check at the S1SP: the values of the request are within the set limits",
        "the check at the S1SP: Anomaly Detection lets the request pass",
    ),
)
def critical_commands_go_around_the_s1sp(simulator: Simulator) -> None:
    """Activations for meters go from the DSP to the DCO, and the S1SP sees nothing of them."""

    def processed(request: ServiceRequest, process: Step) -> None:
        if not (request.srv in CRITICAL and request.device in (ESME, GSME)):
            process(request)

    processes(simulator, processed)


@_breaks("MIG-6", wrong=("the check at the DSP: the installation is migrated",))
def tested_installations_are_read(simulator: Simulator) -> None:
    """Once its devices are tested, an installation's tariffs are let in although it is not migrated."""

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        home = simulator.dcc.installation
        operates = home.dcc_operates or (home.stage is Stage.TESTED and request.srv == UPDATE_TARIFF)
        with patch.object(home, "dcc_operates", operates):
            let_in(request)

    lets_in(simulator, looked_at)


@_breaks("MOD-58", wrong=("the check at the DSP: the Communications Hub is commissioned before the devices behind it",))
def ppmids_join_without_a_hub(simulator: Simulator) -> None:
    """A PPMID is joined although the Communications Hub is not commissioned."""

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        hub = simulator.dcc.installation.devices[CHF]
        with patch.object(hub, "status", Status.COMMISSIONED if request.srv == JOIN else hub.status):
            let_in(request)

    lets_in(simulator, looked_at)


@_breaks("MOD-27", wrong=("the check at the DSP: the device is not in the inventory, or decommissioned",))
def whitelisted_devices_are_announced_again(simulator: Simulator) -> None:
    """A device that is whitelisted may be pre-notified, and is pending then."""
    lets_in_with_status(simulator, PRE_NOTIFY, Status.WHITELISTED, Status.ABSENT)


@_breaks("MOD-8", wrong=("the order at the device: 'no image is in hand to be activated' comes before 'the hash is *",))
def hash_is_compared_first(simulator: Simulator) -> None:
    """A device compares the hash before it looks whether an image is in hand."""
    firmware = simulator.dcc.installation.devices[ESME].firmware

    def activated(image: str, timing: str) -> str | None:
        if image == ANOTHER_IMAGE and timing != CANCELLATION and not firmware.image_in_hand:
            raise Refusal(At.DEVICE, reasons.ANOTHER_IMAGE)
        return None

    activates(simulator, ESME, activated)


@_breaks(
    "MOD-8",
    wrong=(
        "the order at the DSP: 'the device is not commissioned' comes before \"only the Electricity *",
        "the order at the DSP: 'the device is not commissioned' comes before \"only the Gas *",
    ),
)
def owner_is_asked_before_the_device(simulator: Simulator) -> None:
    """Whose firmware it is, is asked before the device's status."""
    owner = simulator.dsp._look_at_owner
    asks_first(simulator, reasons.NOT_COMMISSIONED, lambda one: owner(one) if one.upgrades else None)


@_breaks("AUX-1", wrong=("auxiliary load switch: * is Uplift 1.2", "auxiliary load switch: * before Uplift 1.2"))
def identical_prices_close_nothing(simulator: Simulator) -> None:
    """Identical prices leave the auxiliary load switch as it is, in every cohort and at every time."""
    home = simulator.dcc.installation
    apply = home.apply_tariff
    home.apply_tariff = lambda _, differ, november: apply(False, differ, november)  # type: ignore[method-assign, assignment]


@_breaks("AUX-2", wrong=("auxiliary load switch: * is Uplift 1.2",))
def identical_prices_close_for_ever(simulator: Simulator) -> None:
    """Identical prices close the auxiliary load switch of IOC from November on, too."""
    home = simulator.dcc.installation
    apply = home.apply_tariff
    home.apply_tariff = lambda identical, differ, _: apply(identical, differ, False)  # type: ignore[method-assign, assignment]


@_breaks("PPMID-7", "PPMID-8", wrong=("the check at the S1SP: the S1SP processes PPMID firmware",))
def foc_comes_in_with_the_window(simulator: Simulator) -> None:
    """Firmware of EA's PPMIDs is upgraded from 29 September 2020 on, whatever the JIP concludes."""
    home = simulator.dcc.installation

    def processed(request: ServiceRequest, process: Step) -> None:
        in_scope = home.group == EA and simulator.documents.date >= WINDOW and request.upgrades
        with patch.object(home, "group", MDS if in_scope else home.group):
            process(request)

    processes(simulator, processed)
