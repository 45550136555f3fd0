"""New faults in how the simulator processes requests, committed before any of them was measured."""

from dataclasses import replace
from functools import partial

from benchmarks.simulator_changes import (
    Step,
    StrangeFault,
    activates,
    as_if_sent_by_its_own,
    at_device,
    breaks,
    carried_out_as,
    countersigns,
    lets_in,
    lets_in_with_status,
    overlooks,
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
    ServiceRequest,
)
from examples.simulator.simulator import Simulator
from examples.simulator.words import (
    ANOTHER_IMAGE,
    CA,
    CANCELLATION,
    CAUGHT,
    CHF,
    ESME,
    GPF,
    GSME,
    IMMEDIATE,
    PPMID,
    SUPPLIERS,
    At,
    Outcome,
    Release,
    Status,
)

NEW_REQUESTS: dict[str, StrangeFault] = {}
"""The faults by name."""

_breaks = partial(breaks, NEW_REQUESTS)


@_breaks("SYS-6", "SYS-7", wrong=("the check at the DSP: Activate Firmware is open to the sender's role",))
def agents_activate_the_electricity_meter(simulator: Simulator) -> None:
    """A Registered Supplier Agent may activate the electricity meter's firmware."""
    as_if_sent_by_its_own(
        simulator,
        lambda one: one.srv == ACTIVATE_FIRMWARE and one.device == ESME and one.sender == "Registered Supplier Agent",
    )


@_breaks("SYS-6", "SYS-7", wrong=("the check at the DSP: Commission Device is open to the sender's role",))
def distributor_commissions(simulator: Simulator) -> None:
    """An Electricity Distributor may commission the electricity meter."""
    as_if_sent_by_its_own(
        simulator, lambda one: one.srv == COMMISSION and one.device == ESME and one.sender == "Electricity Distributor"
    )


@_breaks("SYS-6", "SYS-7", wrong=("the check at the DSP: Decommission Device is open to the sender's role",))
def export_supplier_decommissions_the_ppmid(simulator: Simulator) -> None:
    """An Export Supplier may decommission the PPMID."""
    as_if_sent_by_its_own(
        simulator, lambda one: one.srv == DECOMMISSION and one.device == PPMID and one.sender == "Export Supplier"
    )


@_breaks(
    "MOD-46",
    "MOD-41",
    wrong=(
        "the check at the DSP: a Supplier that sends Decommission Device is registered at the premises",
        "the check at the DSP: Decommission Device is for the device's own Supplier",
    ),
)
def strangers_decommission(simulator: Simulator) -> None:
    """A Supplier that is not registered at the premises may decommission the electricity meter."""
    home = simulator.dcc.installation
    as_if_sent_by_its_own(
        simulator,
        lambda one: (
            one.srv == DECOMMISSION
            and one.device == ESME
            and one.sender in SUPPLIERS
            and one.sender != home.gas_supplier
        ),
    )


@_breaks("MOD-41", wrong=("the check at the DSP: Commission Device is for the device's own Supplier",))
def electricity_supplier_commissions_the_gas_meter(simulator: Simulator) -> None:
    """The Electricity Supplier may commission the gas meter."""
    home = simulator.dcc.installation
    as_if_sent_by_its_own(
        simulator,
        lambda one: (
            one.srv == COMMISSION and one.device == GSME and home.has_gas and one.sender == home.electricity_supplier
        ),
    )


@_breaks("MOD-41", wrong=("the check at the DSP: Decommission Device is for the device's own Supplier",))
def gas_supplier_decommissions_the_ppmid(simulator: Simulator) -> None:
    """The Gas Supplier may decommission the PPMID."""
    home = simulator.dcc.installation
    as_if_sent_by_its_own(
        simulator, lambda one: one.srv == DECOMMISSION and one.device == PPMID and one.sender == home.gas_supplier
    )


@_breaks("MOD-40", "MOD-45", wrong=("the check at the DSP: there is gas where Decommission Device names a gas meter",))
def gas_meters_are_decommissioned_without_gas(simulator: Simulator) -> None:
    """A gas meter may be decommissioned where there is no gas."""
    overlooks(simulator, lambda one, usual: usual.reason == reasons.NO_GAS and one.srv == DECOMMISSION)


@_breaks("COM-2", wrong=("the check at the DSP: the device is commissioned",))
def suspended_ppmid_takes_images(simulator: Simulator) -> None:
    """An image reaches a PPMID that is suspended."""
    ppmid = simulator.dcc.installation.devices[PPMID]

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        status = ppmid.status
        if request.srv == UPDATE_FIRMWARE and request.device == PPMID and status is Status.SUSPENDED:
            ppmid.status = Status.COMMISSIONED
        try:
            let_in(request)
        finally:
            ppmid.status = status

    lets_in(simulator, looked_at)


@_breaks(
    "MOD-27",
    wrong=("the check at the DSP: the device is installed and not commissioned before Join Service (a PPMID)",),
)
def whitelisted_ppmids_are_joined(simulator: Simulator) -> None:
    """A PPMID that is whitelisted may be joined before it is installed."""
    lets_in_with_status(simulator, JOIN, Status.WHITELISTED, Status.INSTALLED)


@_breaks("MOD-42", wrong=("the check at the DSP: * is not decommissioned",))
def decommissioned_hub_lets_reads_pass(simulator: Simulator) -> None:
    """Readings of firmware reach devices behind a Communications Hub that is decommissioned."""
    overlooks(simulator, lambda one, usual: usual.reason == reasons.HUB_DECOMMISSIONED and one.srv == READ_FIRMWARE)


@_breaks("MOD-6", wrong=("the check at the DSP: PPMID firmware functionality is released",))
def cancellations_need_no_release(simulator: Simulator) -> None:
    """A cancellation comes to the PPMID before Uplift 1.2, too."""
    overlooks(simulator, lambda one, usual: usual.reason == reasons.NOT_RELEASED and one.timing == CANCELLATION)


@_breaks("MOD-7", wrong=("the check at the S1SP: Communications Hub firmware is addressed at the CHF",))
def images_for_the_gpf_are_taken(simulator: Simulator) -> None:
    """An image that is sent to the GPF is delivered to the CHF; an activation there is rejected."""
    processed_as(
        simulator, lambda one: replace(one, device=CHF) if one.srv == UPDATE_FIRMWARE and one.device == GPF else one
    )


@_breaks("MOD-53", wrong=("the check at the S1SP: the S1SP can read a PPMID's firmware before Uplift 1.2, too",))
def other_ioc_is_read_before_uplift(simulator: Simulator) -> None:
    """Before Uplift 1.2 a PPMID of another IOC group than CA can be read."""
    usual, dcc = simulator.s1sp._has_read_defect, simulator.dcc
    simulator.s1sp._has_read_defect = lambda: usual() and (dcc.has(Release.UPLIFT) or dcc.installation.group == CA)  # type: ignore[method-assign]


@_breaks(
    "READ-2",
    "MOD-53",
    wrong=(
        "the check at the S1SP: the S1SP can read a PPMID's firmware",
        "the check at the S1SP: the S1SP can read a PPMID's firmware before Uplift 1.2, too",
    ),
)
def gas_supplier_reads_the_ppmid(simulator: Simulator) -> None:
    """The Gas Supplier gets the version of an IOC PPMID, and no alert."""
    processed_as(
        simulator,
        lambda one: (
            replace(one, device=ESME)
            if one.srv == READ_FIRMWARE
            and one.device == PPMID
            and one.sender == simulator.dcc.installation.gas_supplier
            else one
        ),
    )


@_breaks("KEY-6", "KEY-5", wrong=("the check at the DCO: the DCO holds the device's keys",))
def cancellations_need_no_keys(simulator: Simulator) -> None:
    """The DCO passes cancellations, whether it holds the device's keys or not."""

    def countersigned(request: ServiceRequest, countersign: Step) -> None:
        if request.timing != CANCELLATION:
            countersign(request)

    countersigns(simulator, countersigned)


@_breaks(
    "PPMID-9", wrong=("Communications Hub firmware: image delivered -> delivered image runs, on Activate Firmware",)
)
def hub_forgets_what_is_immediate(simulator: Simulator) -> None:
    """An immediate activation at the Communications Hub is confirmed, and the image stays in hand."""
    firmware = simulator.dcc.installation.devices[CHF].firmware

    def activated(image: str, timing: str) -> str | None:
        forgets = timing == IMMEDIATE and image != ANOTHER_IMAGE and firmware.image_in_hand
        return reasons.ACTIVATED if forgets and not firmware.activation_pending else None

    activates(simulator, CHF, activated)


@_breaks("MOD-4", wrong=("PPMID firmware: activation pending -> image delivered, on Activate Firmware",))
def cancellation_drops_the_ppmids_image(simulator: Simulator) -> None:
    """A cancellation at the PPMID drops the image, too."""
    firmware = simulator.dcc.installation.devices[PPMID].firmware

    def activated(_: str, timing: str) -> str | None:
        if timing == CANCELLATION and firmware.activation_pending:
            firmware.lapse()
            return reasons.CANCELLED
        return None

    activates(simulator, PPMID, activated)


@_breaks("MOD-10", "MOD-12", wrong=("the check at the device: an image is in hand",))
def nothing_in_hand_while_pending(simulator: Simulator) -> None:
    """While an activation is pending at the Communications Hub, a further one is told that no image is in hand."""
    firmware = simulator.dcc.installation.devices[CHF].firmware

    def activated(_: str, timing: str) -> str | None:
        if timing != CANCELLATION and firmware.activation_pending:
            raise Refusal(At.DEVICE, reasons.NO_IMAGE)
        return None

    activates(simulator, CHF, activated)


@_breaks("MOD-27", wrong=("SMI status of the GSME: pending -> whitelisted, on Update HAN Device Log",))
def logged_gas_meter_stays_pending(simulator: Simulator) -> None:
    """A gas meter that is added to the HAN device log stays pending."""

    def done(request: ServiceRequest, answer: Answer) -> Answer:
        if request.srv == HAN_LOG and request.device == GSME:
            simulator.dcc.installation.devices[GSME].status = Status.PENDING
        return answer

    at_device(simulator, done)


@_breaks("COM-1", "MOD-27", wrong=("SMI status of the GSME: *, on Commission Device",))
def commissioned_gas_meter_stays_installed(simulator: Simulator) -> None:
    """Commissioning a gas meter is confirmed, and it stays uncommissioned."""

    def done(request: ServiceRequest, answer: Answer) -> Answer:
        if request.srv == COMMISSION and request.device == GSME:
            simulator.dcc.installation.devices[GSME].status = Status.INSTALLED
        return answer

    at_device(simulator, done)


@_breaks("MOD-29", wrong=("GSME firmware: *, on Decommission Device",))
def next_gas_meter_inherits_the_firmware(simulator: Simulator) -> None:
    """A decommissioned gas meter leaves what it ran and had in hand to the next one."""
    meter = simulator.dcc.installation.devices[GSME]
    firmware = meter.firmware

    def carried_out(request: ServiceRequest, answer: Answer) -> Answer:
        if request.srv == DECOMMISSION and request.device == GSME:
            meter.firmware = firmware
        return answer

    carried_out_as(simulator, carried_out)


@_breaks("MOD-27", wrong=("SMI status of the PPMID: *, on Device Pre-notification",))
def announced_ppmid_is_whitelisted(simulator: Simulator) -> None:
    """A PPMID that is pre-notified is whitelisted at once."""

    def carried_out(request: ServiceRequest, answer: Answer) -> Answer:
        if request.srv == PRE_NOTIFY and request.device == PPMID:
            simulator.dcc.installation.devices[PPMID].status = Status.WHITELISTED
        return answer

    carried_out_as(simulator, carried_out)


@_breaks(
    "MOD-8",
    wrong=("the order at the DSP: 'the installation is not migrated *' comes before \"the SRV is not open *\"",),
)
def role_is_asked_before_migration(simulator: Simulator) -> None:
    """The sender's role is asked before whether the installation is migrated."""

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        try:
            let_in(request)
        except Refusal as refusal:
            if refusal.answer.reason == reasons.NOT_MIGRATED:
                try:
                    simulator.dsp._look_at_sender(request)
                except Refusal as other:
                    if other.answer.reason == reasons.WRONG_ROLE:
                        raise other from None
            raise

    lets_in(simulator, looked_at)


@_breaks(
    "MOD-33",
    "SRP-1",
    wrong=("the order at the S1SP: 'a value of the request is beyond *' comes before 'Anomaly Detection *",),
)
def anomalies_come_before_limits(simulator: Simulator) -> None:
    """What Anomaly Detection catches is quarantined, even if it has a value beyond a set limit."""
    refuses_as(
        simulator,
        lambda one, usual: usual.outcome == Outcome.DELETED and one.screening == CAUGHT,
        Refusal(At.S1SP, reasons.HELD, Outcome.HELD),
    )
