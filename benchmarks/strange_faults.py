"""Thirty faults of the example simulator, written from the rules' words, none looked at before all were measured once.

Each is a mistake in one place. It is made by a function that changes a simulator, and not by a switch in the example,
since nothing but `benchmarks.attribution` asks for it.
"""

from dataclasses import replace
from functools import partial
from unittest.mock import patch

from benchmarks.simulator_changes import (
    Step,
    StrangeFault,
    activates,
    breaks,
    happens,
    let_in_as,
    lets_in,
    lets_in_with_status,
    processed_as,
)
from examples.simulator import course, reasons
from examples.simulator.answers import Answer, CannotHappen, Refusal
from examples.simulator.documents import AFTER_WINDOW, REPORT, WINDOW, Jip, Standing
from examples.simulator.requests import (
    CRITICAL,
    DECOMMISSION,
    HAN_LOG,
    PRE_NOTIFY,
    READ_FIRMWARE,
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
    IMMEDIATE,
    PPMID,
    At,
    Pin,
    Release,
    Stage,
    Status,
)

STRANGE: dict[str, StrangeFault] = {}
"""The faults by name."""

_breaks = partial(breaks, STRANGE)


@_breaks("SRP-1", wrong=("the check at the S1SP: the values of the request are within the set limits",))
def limits_of_the_gas_meter_only(simulator: Simulator) -> None:
    """A tariff with a value beyond a set limit is deleted if it is for the gas meter, and reaches the other."""
    processed_as(simulator, lambda one: replace(one, data_values="") if one.device == ESME else one)


@_breaks("SRP-1", wrong=("the check at the S1SP: Anomaly Detection lets the request pass",))
def only_critical_commands_are_screened(simulator: Simulator) -> None:
    """Anomaly Detection looks at Critical Commands alone."""
    processed_as(simulator, lambda one: one if one.srv in CRITICAL else replace(one, screening=""))


@_breaks("SRP-2", "MOD-48", wrong=("the check at the DSP: the RequestID is new",))
def reads_may_be_repeated(simulator: Simulator) -> None:
    """The RequestID of a reading of firmware may have been used before."""
    let_in_as(simulator, lambda one: replace(one, repeated=False) if one.srv == READ_FIRMWARE else one)


@_breaks("SYS-6", "SYS-7", wrong=("the answer to Read Firmware Version: accepted: *",))
def agents_may_not_read(simulator: Simulator) -> None:
    """A Registered Supplier Agent may not read a device's firmware."""

    def like_a_role_that_may_not(one: ServiceRequest) -> ServiceRequest:
        refused = one.srv == READ_FIRMWARE and one.sender == "Registered Supplier Agent"
        return replace(one, srv=UPDATE_TARIFF) if refused else one

    let_in_as(simulator, like_a_role_that_may_not)


@_breaks("READ-3", "READ-2", wrong=("the check at the S1SP: the S1SP can read a PPMID's firmware",))
def electricity_meters_have_the_read_defect(simulator: Simulator) -> None:
    """The alert on reading firmware comes for an electricity meter of IOC as well."""

    def like_the_ppmid(one: ServiceRequest) -> ServiceRequest:
        return replace(one, device=PPMID) if one.srv == READ_FIRMWARE and one.device == ESME else one

    processed_as(simulator, like_the_ppmid)


@_breaks("MOD-2", "PPMID-5", wrong=("PPMID firmware: * Change Electricity Supplier",))
def new_supplier_old_firmware(simulator: Simulator) -> None:
    """A change of Electricity Supplier brings back the firmware that the PPMID ran before its upgrade."""
    change = simulator.premises.change_electricity_supplier

    def changed(event: dict[str, str]) -> None:
        change(event["to"])
        simulator.dcc.installation.devices[PPMID].firmware.runs_what_was_sent = False

    happens(simulator, "ChangeElectricitySupplier", changed)


@_breaks("MOD-30", "MOD-28", wrong=("End Suspension leaves DCO key package as it is",))
def end_of_suspension_brings_keys(simulator: Simulator) -> None:
    """At the end of its suspension the PPMID's keys come into the package."""
    end = simulator.premises.end_suspension

    def ended(event: dict[str, str]) -> None:
        end(event["device"])
        if event["device"] == PPMID:
            simulator.dco.add(PPMID)

    happens(simulator, "EndSuspension", ended)


@_breaks("KEY-4", wrong=("the check at the premises: the keys of a commissioned or suspended PPMID are lacking",))
def suspended_ppmids_get_no_keys(simulator: Simulator) -> None:
    """The update of key packages passes over PPMIDs that are suspended."""
    update = simulator.dco.update

    def updated(_: dict[str, str]) -> None:
        if simulator.dcc.installation.devices[PPMID].status is Status.SUSPENDED:
            raise CannotHappen(reasons.NO_KEYS_TO_ADD)
        update()

    happens(simulator, "UpdateKeyPackage", updated)


@_breaks("MOD-35", "MOD-34", wrong=("failed attempts: *, on Validate Data",))
def mismatch_counts_twice(simulator: Simulator) -> None:
    """Data that are not valid count as two failed attempts."""
    validate = simulator.migration.validate

    def validated(event: dict[str, str]) -> Answer | None:
        answer, home = validate(event["mprn"]), simulator.dcc.installation
        if answer and home.failures is not None:
            home.failures = min(home.failures + 1, 5)
        return answer

    happens(simulator, "ValidateData", validated)


@_breaks(
    "MIG-5",
    "MOD-34",
    wrong=("the check at the premises: the installation is with its SMSO after five failed attempts",),
)
def excluded_while_scheduled(simulator: Simulator) -> None:
    """An installation that failed five times may be excluded while its next attempt is scheduled."""
    exclude = simulator.migration.exclude

    def excluded(_: dict[str, str]) -> None:
        home = simulator.dcc.installation
        if home.stage is Stage.SCHEDULED and home.failures == 5:
            home.stage = Stage.WITH_SMSO
        exclude()

    happens(simulator, "ExcludeInstallation", excluded)


@_breaks("MIG-4", "MIG-1", wrong=("migration: * on Fail Migration",))
def failed_tests_keep_the_data(simulator: Simulator) -> None:
    """A migration that fails once its devices are tested goes back to where its data were validated."""
    fail = simulator.migration.fail

    def failed(_: dict[str, str]) -> None:
        home = simulator.dcc.installation
        tested = home.stage is Stage.TESTED
        fail()
        home.stage = Stage.VALIDATED if tested else home.stage

    happens(simulator, "FailMigration", failed)


@_breaks("MIG-1", wrong=("the check at the premises: the installation is devices tested",))
def commissioned_untested(simulator: Simulator) -> None:
    """Commissioning starts once the data are validated, whether the devices were tested or not."""
    start = simulator.migration.start_commissioning

    def started(_: dict[str, str]) -> None:
        home = simulator.dcc.installation
        home.stage = Stage.TESTED if home.stage is Stage.VALIDATED else home.stage
        start()

    happens(simulator, "StartCommissioning", started)


@_breaks("MIG-1", "MIG-3", wrong=("the check at the premises: the installation is being commissioned",))
def complete_without_commissioning(simulator: Simulator) -> None:
    """A migration may be completed as soon as its devices are tested."""
    complete = simulator.migration.complete

    def completed(_: dict[str, str]) -> None:
        home = simulator.dcc.installation
        home.stage = Stage.COMMISSIONING if home.stage is Stage.TESTED else home.stage
        complete()

    happens(simulator, "CompleteMigration", completed)


@_breaks(
    "MOD-31",
    "PIN-4",
    wrong=("the check at the premises: the PIN is revised and not provided yet, and the change is in force",),
)
def pin_provided_before_uplift(simulator: Simulator) -> None:
    """The revised PIN is provided before Uplift 1.2, too."""
    provide = simulator.migration.provide_pin

    def provided(event: dict[str, str]) -> None:
        release, simulator.dcc.release = simulator.dcc.release, Release.NOVEMBER
        try:
            provide(event["recipient"])
        finally:
            simulator.dcc.release = release

    happens(simulator, "ProvidePin", provided)


@_breaks("PIN-2", wrong=("the check at the premises: the PIN goes to the Installing Supplier",))
def pin_follows_the_supply(simulator: Simulator) -> None:
    """Whoever becomes the Gas Supplier is taken for the Installing Supplier from then on."""
    change = simulator.premises.change_gas_supplier

    def changed(event: dict[str, str]) -> None:
        change(event["to"])
        simulator.dcc.installation.installing_supplier = event["to"]

    happens(simulator, "ChangeGasSupplier", changed)


@_breaks(
    "MOD-31",
    "PIN-4",
    "PIN-1",
    wrong=("engineering menu PIN: * on Start Commissioning", "engineering menu PIN: * on Fail Migration"),
)
def failure_after_provision_keeps_the_pin(simulator: Simulator) -> None:
    """A migration that fails after the PIN was provided leaves it provided, and the next one revises it no more."""
    start = simulator.migration.start_commissioning
    fail = simulator.migration.fail

    def started(_: dict[str, str]) -> None:
        home = simulator.dcc.installation
        kept = home.pin
        start()
        home.pin = kept if kept is Pin.PROVIDED else home.pin

    def failed(_: dict[str, str]) -> None:
        home = simulator.dcc.installation
        kept = home.pin
        fail()
        home.pin = kept if kept is Pin.PROVIDED else home.pin

    happens(simulator, "StartCommissioning", started)
    happens(simulator, "FailMigration", failed)


@_breaks("MOD-42", wrong=("the check at the DSP: * is not decommissioned",))
def suspended_hub_passes_nothing_on(simulator: Simulator) -> None:
    """While the Communications Hub is suspended no request reaches a device behind it."""

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        let_in(request)
        through = request.about_firmware or request.srv in (UPDATE_TARIFF, HAN_LOG)
        if through and simulator.dcc.installation.devices[CHF].status is Status.SUSPENDED:
            raise Refusal(At.DSP, reasons.HUB_DECOMMISSIONED)

    lets_in(simulator, looked_at)


@_breaks("MOD-27", wrong=("the check at the DSP: the device is not in the inventory, or decommissioned",))
def suspended_devices_are_replaced(simulator: Simulator) -> None:
    """A device may be pre-notified in the place of one that is suspended."""
    lets_in_with_status(simulator, PRE_NOTIFY, Status.SUSPENDED, Status.ABSENT)


@_breaks("MOD-27", wrong=("the check at the DSP: the device to be decommissioned is installed",))
def pending_devices_are_decommissioned(simulator: Simulator) -> None:
    """A device that is only announced may be decommissioned."""
    lets_in_with_status(simulator, DECOMMISSION, Status.PENDING, Status.INSTALLED)


@_breaks("MOD-41", wrong=("the check at the DSP: Update HAN Device Log is for the device's own Supplier",))
def log_of_either_supplier(simulator: Simulator) -> None:
    """Either Supplier may change the HAN device log for either meter."""

    def by_its_own(one: ServiceRequest) -> ServiceRequest:
        home = simulator.dcc.installation
        if one.srv != HAN_LOG or one.sender not in (home.electricity_supplier, home.gas_supplier):
            return one
        return replace(one, sender=home.gas_supplier if one.device == GSME else home.electricity_supplier)

    let_in_as(simulator, by_its_own)


@_breaks("MOD-41", wrong=("the check at the DSP: Decommission Device is for the device's own Supplier",))
def gas_supplier_decommissions_the_hub(simulator: Simulator) -> None:
    """The Gas Supplier may decommission the Communications Hub."""

    def by_its_own(one: ServiceRequest) -> ServiceRequest:
        home = simulator.dcc.installation
        own = one.srv == DECOMMISSION and one.device == CHF and one.sender == home.gas_supplier
        return replace(one, sender=home.electricity_supplier) if own else one

    let_in_as(simulator, by_its_own)


@_breaks("MOD-16", wrong=("the check at the premises: the report's day has come",))
def jip_concluded_before_the_report(simulator: Simulator) -> None:
    """The JIP change request may be concluded before 25 September 2020."""
    conclude = simulator.documents.conclude_jip

    def concluded(event: dict[str, str]) -> None:
        date, simulator.documents.date = simulator.documents.date, max(simulator.documents.date, REPORT)
        try:
            conclude(event["foc"])
        finally:
            simulator.documents.date = date

    happens(simulator, "ConcludeJip", concluded)


@_breaks("DES-3", wrong=("the check at the premises: * are submitted yet",))
def revised_though_foc_stays_out(simulator: Simulator) -> None:
    """Revised documents are submitted even if FOC stays out of scope."""

    def submitted(_: dict[str, str]) -> None:
        if simulator.documents.jip not in (Jip.FOC_COMES_IN, Jip.FOC_STAYS_OUT):
            raise CannotHappen(reasons.NOTHING_TO_REVISE)
        simulator.documents.jip = Jip.REVISED

    happens(simulator, "SubmitRevisedDocuments", submitted)


@_breaks(
    "DES-2",
    "MOD-20",
    wrong=("the check at the premises: 29 October 2020 has not passed, or the date was consulted on again",),
)
def late_without_consultation(simulator: Simulator) -> None:
    """Re-designation is possible after 29 October 2020 without a further consultation."""
    re_designate = simulator.documents.re_designate

    def re_designated(_: dict[str, str]) -> Answer | None:
        documents = simulator.documents
        date = documents.date
        if documents.standing is Standing.SUBMITTED and date == AFTER_WINDOW:
            documents.date = WINDOW
        try:
            return re_designate()
        finally:
            documents.date = date

    happens(simulator, "ReDesignate", re_designated)


@_breaks("MIG-6", "MIG-5", wrong=("the check at the DSP: the installation is migrated",))
def excluded_installations_are_served(simulator: Simulator) -> None:
    """Requests to an installation that is excluded from migration are let in."""

    def looked_at(request: ServiceRequest, let_in: Step) -> None:
        home = simulator.dcc.installation
        with patch.object(home, "dcc_operates", home.dcc_operates or home.stage is Stage.EXCLUDED):
            let_in(request)

    lets_in(simulator, looked_at)


@_breaks("MOD-50", wrong=("the check at the device: the hash is the delivered image's",))
def hash_of_a_dated_activation_unread(simulator: Simulator) -> None:
    """The hash of a future-dated activation of a PPMID's firmware is not compared."""
    firmware = simulator.dcc.installation.devices[PPMID].firmware

    def activated(image: str, timing: str) -> str | None:
        if image == ANOTHER_IMAGE and timing == FUTURE_DATED and firmware.image_in_hand:
            firmware.activation_pending = True
            return reasons.ACTIVATION_HELD
        return None

    activates(simulator, PPMID, activated)


@_breaks("MOD-4", wrong=("the check at the device: an activation is pending to be cancelled",))
def nothing_to_cancel_is_cancelled(simulator: Simulator) -> None:
    """A cancellation is confirmed by the PPMID though nothing is pending."""
    firmware = simulator.dcc.installation.devices[PPMID].firmware
    activates(
        simulator,
        PPMID,
        lambda _, timing: reasons.CANCELLED if timing == CANCELLATION and not firmware.activation_pending else None,
    )


@_breaks("MOD-10", wrong=("PPMID firmware: activation pending -> delivered image runs, on Activate Firmware",))
def nothing_at_once_while_pending(simulator: Simulator) -> None:
    """While an activation is pending at the PPMID, one that is immediate only leaves it pending."""
    firmware = simulator.dcc.installation.devices[PPMID].firmware

    def activated(image: str, timing: str) -> str | None:
        ignored = firmware.activation_pending and timing == IMMEDIATE and image != ANOTHER_IMAGE
        return reasons.ACTIVATED if ignored else None

    activates(simulator, PPMID, activated)


@_breaks("SRP-1", wrong=("course of the request: * Has It Deleted",))
def dropped_request_goes_on(simulator: Simulator) -> None:
    """A quarantined request goes on although the User said that it is to be deleted."""
    take = simulator.course.take

    def taken(step: str) -> None:
        take(step)
        if step == "DropRequest":
            simulator.course.stands = course.PASSED

    simulator.course.take = taken  # type: ignore[method-assign]


@_breaks(
    "SRP-2", "MOD-37", wrong=("the check at the premises: the request stands where Reject Request can happen to it",)
)
def rejected_after_acknowledgement(simulator: Simulator) -> None:
    """The DSP may still reject a request that it has acknowledged."""
    take = simulator.course.take

    def taken(step: str) -> None:
        if step == "RejectRequest" and simulator.course.stands == course.ACKNOWLEDGED:
            simulator.course.stands = course.RECEIVED
        take(step)

    simulator.course.take = taken  # type: ignore[method-assign]
