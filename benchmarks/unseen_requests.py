"""Faults in how the simulator processes requests, with their declarations, committed before any was measured."""

from collections.abc import Callable
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
    countersigns,
    lets_in,
    lets_in_with_status,
    processes,
    refuses_as,
    steps_as,
    then,
)
from examples.simulator import course, reasons
from examples.simulator.answers import Answer, Refusal
from examples.simulator.requests import (
    ACTIVATE_FIRMWARE,
    COMMISSION,
    DECOMMISSION,
    JOIN,
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
    GSME,
    IMMEDIATE,
    PPMID,
    SUPPLIERS,
    At,
    Outcome,
    Release,
    Status,
    Version,
)

UNSEEN_REQUESTS: dict[str, StrangeFault] = {}
"""The faults by name."""

_breaks = partial(breaks, UNSEEN_REQUESTS)


@_breaks("SYS-6", "SYS-7", wrong=("the check at the DSP: Update Firmware is open to the sender's role",))
def transporter_updates_the_gas_meter(simulator: Simulator) -> None:
    """A Gas Transporter may send firmware to the gas meter."""
    as_if_sent_by_its_own(
        simulator,
        lambda one: one.srv == UPDATE_FIRMWARE and one.device == GSME and one.sender == "Gas Transporter",
    )


@_breaks("PPMID-2", "PPMID-1", wrong=("the check at the DSP: PPMID firmware is the Electricity Supplier's",))
def gas_supplier_cancels_at_the_ppmid(simulator: Simulator) -> None:
    """The Gas Supplier may cancel an activation of the PPMID's firmware."""
    home = simulator.dcc.installation

    def cancels(one: ServiceRequest) -> bool:
        of_ppmid = one.srv == ACTIVATE_FIRMWARE and one.device == PPMID
        return of_ppmid and one.timing == CANCELLATION and one.sender == home.gas_supplier

    as_if_sent_by_its_own(simulator, cancels)


@_breaks("READ-3", "SYS-6", wrong=("the answer to Read Firmware Version: * target is GSME *",))
def gas_meter_is_read_by_its_supplier_only(simulator: Simulator) -> None:
    """Of the Suppliers only the Gas Supplier may read the gas meter's firmware."""

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        let_in(request)
        other = request.sender in SUPPLIERS and request.sender != simulator.dcc.installation.gas_supplier
        if request.srv == READ_FIRMWARE and request.device == GSME and other:
            raise Refusal(At.DSP, reasons.OTHER_FUEL)

    lets_in(simulator, looked_at)


@_breaks("PPMID-4", "PPMID-1", wrong=("the check at the DSP: PPMID firmware is the Electricity Supplier's",))
def new_supplier_has_no_right_to_the_ppmid(simulator: Simulator) -> None:
    """Once the Electricity Supplier has changed, nobody may upgrade the PPMID."""
    changes = list[str]()
    then(simulator, "ChangeElectricitySupplier", lambda event: changes.append(event["to"]))

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        let_in(request)
        if request.upgrades and request.device == PPMID and changes:
            raise Refusal(At.DSP, reasons.NOT_ELECTRICITY_SUPPLIER)

    lets_in(simulator, looked_at)


@_breaks("MOD-41", wrong=("the check at the DSP: Commission Device is for the device's own Supplier",))
def gas_supplier_commissions_the_electricity_meter(simulator: Simulator) -> None:
    """The Gas Supplier may commission the electricity meter."""
    home = simulator.dcc.installation
    as_if_sent_by_its_own(
        simulator, lambda one: one.srv == COMMISSION and one.device == ESME and one.sender == home.gas_supplier
    )


@_breaks("SYS-6", "SYS-7", wrong=("the check at the DSP: Update Import Tariff is open to the sender's role",))
def agents_send_tariffs(simulator: Simulator) -> None:
    """A Registered Supplier Agent may send tariffs."""
    as_if_sent_by_its_own(simulator, lambda one: one.srv == UPDATE_TARIFF and one.sender == "Registered Supplier Agent")


@_breaks("MOD-27", wrong=("the check at the DSP: the device to be decommissioned is installed",))
def suspended_devices_stay(simulator: Simulator) -> None:
    """A device that is suspended cannot be decommissioned."""
    lets_in_with_status(simulator, DECOMMISSION, Status.SUSPENDED, Status.PENDING)


@_breaks(
    "MOD-27", wrong=("SMI status of the PPMID: installed not commissioned -> commissioned, on Join Service (a PPMID)",)
)
def joined_ppmid_stays_uncommissioned(simulator: Simulator) -> None:
    """A PPMID that is joined is not commissioned by that."""

    def joined(request: ServiceRequest, answer: Answer) -> Answer:
        if request.srv == JOIN:
            simulator.dcc.installation.devices[PPMID].status = Status.INSTALLED
        return answer

    at_device(simulator, joined)


@_breaks("COM-1", "MOD-27", wrong=("SMI status of the GSME: *, on Decommission Device",))
def gas_meter_is_not_decommissioned(simulator: Simulator) -> None:
    """Decommissioning the gas meter is confirmed, and the gas meter keeps its status."""
    meter, carry_out = simulator.dcc.installation.devices[GSME], simulator.dsp.carry_out

    def carried_out(request: ServiceRequest) -> Answer:
        status = meter.status
        answer = carry_out(request)
        if request.srv == DECOMMISSION and request.device == GSME:
            meter.status = status
        return answer

    simulator.dsp.carry_out = carried_out  # type: ignore[method-assign]


@_breaks("PPMID-9", wrong=("GSME firmware: image delivered -> delivered image runs, on Activate Firmware",))
def gas_meter_holds_what_is_immediate(simulator: Simulator) -> None:
    """An immediate activation at the gas meter is confirmed as carried out, and held."""
    firmware = simulator.dcc.installation.devices[GSME].firmware

    def activated(image: str, timing: str) -> str | None:
        if timing == IMMEDIATE and image != ANOTHER_IMAGE and firmware.image_in_hand:
            firmware.activation_pending = True
            return reasons.ACTIVATED
        return None

    activates(simulator, GSME, activated)


@_breaks(
    "MOD-3",
    wrong=("PPMID firmware: image delivered or activation pending -> image delivered, on Update Firmware",),
)
def further_image_takes_the_first_along(simulator: Simulator) -> None:
    """A further image for the PPMID drops the image in hand, and is dropped as well."""
    firmware = simulator.dcc.installation.devices[PPMID].firmware

    def received(request: ServiceRequest, answer: Answer) -> Answer:
        if request.srv == UPDATE_FIRMWARE and request.device == PPMID and in_hand.pop():
            firmware.lapse()
        return answer

    in_hand = list[bool]()
    at_device(simulator, received, before=lambda _: in_hand.append(firmware.image_in_hand))


@_breaks(
    "MOD-4",
    "PPMID-9",
    wrong=("Communications Hub firmware: activation pending -> image delivered, on Activate Firmware",),
)
def cancelled_activation_runs(simulator: Simulator) -> None:
    """A cancellation at the Communications Hub is confirmed, and the image runs at once."""
    firmware = simulator.dcc.installation.devices[CHF].firmware

    def activated(_: str, timing: str) -> str | None:
        if timing == CANCELLATION and firmware.activation_pending:
            firmware.run()
            return reasons.CANCELLED
        return None

    activates(simulator, CHF, activated)


@_breaks("MOD-29", "KEY-1", wrong=("DCO key package: *, on Decommission Device",))
def hub_takes_the_ppmids_keys(simulator: Simulator) -> None:
    """Decommissioning the Communications Hub takes the PPMID's keys out of the package."""
    carry_out = simulator.dsp.carry_out

    def carried_out(request: ServiceRequest) -> Answer:
        answer = carry_out(request)
        if request.srv == DECOMMISSION and request.device == CHF:
            simulator.dco.forget(PPMID)
        return answer

    simulator.dsp.carry_out = carried_out  # type: ignore[method-assign]


@_breaks("KEY-5", "KEY-6", wrong=("the check at the DCO: the DCO holds the device's keys",))
def november_needs_no_keys(simulator: Simulator) -> None:
    """From the November 2020 maintenance release on the DCO passes activations for PPMIDs without keys."""

    def countersigned(request: ServiceRequest, countersign: Step) -> None:
        late = simulator.dcc.has(Release.NOVEMBER)
        if not (late and request.srv == ACTIVATE_FIRMWARE and request.device == PPMID):
            countersign(request)

    countersigns(simulator, countersigned)


@_breaks("MOD-43", "KEY-2", wrong=("DCO key package: *, on Join Service (a PPMID)",))
def join_brings_keys_before_uplift(simulator: Simulator) -> None:
    """A PPMID that is joined after the migration brings its keys before Uplift 1.2 as well."""

    def joined(request: ServiceRequest, answer: Answer) -> Answer:
        if request.srv == JOIN:
            simulator.dco.add(PPMID)
        return answer

    at_device(simulator, joined)


@_breaks("MOD-54", "READ-3", wrong=("the answer to Read Firmware Version: * target is GSME *",))
def gas_meter_tells_the_pending_version(simulator: Simulator) -> None:
    """While an activation is pending, reading the gas meter's firmware returns the version that is to come."""
    firmware = simulator.dcc.installation.devices[GSME].firmware

    def read(request: ServiceRequest, answer: Answer) -> Answer:
        early = request.srv == READ_FIRMWARE and request.device == GSME and firmware.activation_pending
        return replace(answer, response=Version.DELIVERED) if early else answer

    at_device(simulator, read)


@_breaks("MOD-53", wrong=("the check at the S1SP: the S1SP can read a PPMID's firmware before Uplift 1.2, too",))
def ioc_ppmids_are_read_before_uplift(simulator: Simulator) -> None:
    """The alert on reading an IOC PPMID's firmware begins with Uplift 1.2."""
    usual = simulator.s1sp._has_read_defect
    simulator.s1sp._has_read_defect = lambda: usual() and simulator.dcc.has(Release.UPLIFT)  # type: ignore[method-assign]


@_breaks(
    "DES-3",
    wrong=(
        "the check at the S1SP: it is said what becomes of PPMID firmware once FOC is in scope",
        "the check at the S1SP: the S1SP processes PPMID firmware",
    ),
)
def foc_is_out_of_scope_for_ever(simulator: Simulator) -> None:
    """PPMID firmware of FOC is called out of scope although the JIP has brought it into scope."""

    def processed(request: ServiceRequest, process: Step) -> None:
        with patch.object(simulator.dcc, "foc_came_in", new=False):
            process(request)

    processes(simulator, processed)


@_breaks("SRP-1", wrong=("the check at the S1SP: Anomaly Detection lets the request pass",))
def caught_requests_are_deleted(simulator: Simulator) -> None:
    """What Anomaly Detection catches is deleted, and not quarantined."""
    refuses_as(
        simulator, lambda _, usual: usual.outcome == Outcome.HELD, Refusal(At.S1SP, reasons.DELETED, Outcome.DELETED)
    )


@_breaks("SRP-1", wrong=("course of the request: *, on User Has It Processed",))
def quarantine_leads_back(simulator: Simulator) -> None:
    """A quarantined request that the User has processed comes to Anomaly Detection another time."""

    def released(take: Callable[[str], None]) -> None:
        take("ReleaseRequest")
        simulator.course.stands = course.ACKNOWLEDGED

    steps_as(simulator, "ReleaseRequest", released)


@_breaks(
    "SRP-3",
    "MOD-44",
    wrong=("the check at the premises: the request stands where Send through the DCO can happen to it",),
)
def other_commands_go_through_the_dco(simulator: Simulator) -> None:
    """Commands that are not critical may go through the DCO."""

    def sent(take: Callable[[str], None]) -> None:
        with patch.object(simulator.course, "critical", new=True):
            take("SendThroughDco")

    steps_as(simulator, "SendThroughDco", sent)


@_breaks(
    "MOD-8",
    wrong=(
        "the order at the DSP: 'the RequestID was used before' comes before \"the SRV is not open *",
        "the order at the DSP: 'the RequestID was used before' comes before 'the supplier is not registered *",
    ),
)
def sender_is_asked_before_the_request_id(simulator: Simulator) -> None:
    """Role and registration are looked at before the RequestID."""

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        if request.repeated and simulator.dcc.installation.dcc_operates:
            simulator.dsp._look_at_sender(request)
        let_in(request)

    lets_in(simulator, looked_at)


@_breaks(
    "MOD-8",
    wrong=('the order at the DSP: "only the Electricity Supplier may touch *" comes before \'PPMID firmware *',),
)
def release_is_asked_before_the_owner(simulator: Simulator) -> None:
    """Whether Uplift 1.2 is in force is asked before whose firmware it is."""
    look = simulator.dsp._look_at_release

    def asked(one: ServiceRequest) -> None:
        if one.upgrades and one.device == PPMID:
            look()

    asks_first(simulator, reasons.NOT_ELECTRICITY_SUPPLIER, asked)


@_breaks("AUX-2", "MOD-32", wrong=("auxiliary load switch: *two rates with different prices*",))
def different_prices_close_nothing(simulator: Simulator) -> None:
    """A two-rate tariff with different prices leaves the auxiliary load switch open."""
    home = simulator.dcc.installation
    apply = home.apply_tariff
    home.apply_tariff = lambda identical, _, november: apply(identical, False, november)  # type: ignore[method-assign, assignment]
