"""New faults in what happens around its requests, committed before any of them was measured."""

from collections.abc import Callable
from functools import partial

from benchmarks.simulator_changes import (
    StrangeFault,
    breaks,
    happens,
    only_if,
    steps_as,
    then,
)
from examples.simulator import course, reasons
from examples.simulator.answers import Answer, CannotHappen
from examples.simulator.documents import AFTER_WINDOW, WINDOW, Jip
from examples.simulator.simulator import Message, Simulator
from examples.simulator.words import (
    CA,
    ESME,
    GSME,
    PPMID,
    Pin,
    Release,
    Stage,
    Status,
)

NEW_EVENTS: dict[str, StrangeFault] = {}
"""The faults by name."""

_breaks = partial(breaks, NEW_EVENTS)


@_breaks("PPMID-9", wrong=("GSME firmware: *, on Reach Activation Date",))
def gas_meter_misses_its_date(simulator: Simulator) -> None:
    """When the date of the gas meter's activation comes, the image is dropped and does not run."""
    firmware = simulator.dcc.installation.devices[GSME].firmware

    def reached(event: Message) -> None:
        firmware.runs_what_was_sent = firmware.runs_what_was_sent and event["device"] != GSME

    then(simulator, "ReachActivationDate", reached)


@_breaks("MOD-30", wrong=("ESME firmware: *, on Suspend Device",))
def suspended_meter_goes_back(simulator: Simulator) -> None:
    """Suspending the electricity meter brings back the firmware that it ran before its upgrade."""
    firmware = simulator.dcc.installation.devices[ESME].firmware

    def suspended(event: Message) -> None:
        firmware.runs_what_was_sent = firmware.runs_what_was_sent and event["device"] != ESME

    then(simulator, "SuspendDevice", suspended)


@_breaks("MOD-28", "COM-1", wrong=("SMI status of the PPMID: *, on Suspend Device",))
def suspended_ppmid_is_decommissioned(simulator: Simulator) -> None:
    """A PPMID that is suspended is taken for decommissioned."""

    def suspended(event: Message) -> None:
        if event["device"] == PPMID:
            simulator.dcc.installation.devices[PPMID].status = Status.DECOMMISSIONED

    then(simulator, "SuspendDevice", suspended)


@_breaks("MIG-4", wrong=("the check at the premises: a migration is under way",))
def scheduled_migrations_cannot_fail(simulator: Simulator) -> None:
    """A migration that is scheduled, and no more, cannot fail."""
    only_if(
        simulator,
        "FailMigration",
        lambda _: simulator.dcc.installation.stage is not Stage.SCHEDULED,
        reasons.NOT_UNDER_WAY,
    )


@_breaks("MIG-4", wrong=("migration: * on Fail Migration",))
def scheduled_migrations_stay_scheduled(simulator: Simulator) -> None:
    """A migration that fails while it is scheduled stays scheduled."""
    home, fail = simulator.dcc.installation, simulator.migration.fail

    def failed(_: Message) -> None:
        scheduled = home.stage is Stage.SCHEDULED
        fail()
        home.stage = Stage.SCHEDULED if scheduled else home.stage

    happens(simulator, "FailMigration", failed)


@_breaks("MIG-1", wrong=("migration: authorised and scheduled -> data validated, on Validate Data, *",))
def valid_data_count_as_tests(simulator: Simulator) -> None:
    """Once its data are validated, an installation's devices count as tested."""
    home = simulator.dcc.installation

    def validated(_: Message) -> None:
        home.stage = Stage.TESTED if home.stage is Stage.VALIDATED else home.stage

    then(simulator, "ValidateData", validated)


@_breaks("MIG-1", wrong=("migration: data validated -> devices tested, on Test Devices",))
def tests_are_forgotten(simulator: Simulator) -> None:
    """The tests of devices are reported, and not recorded."""

    def tested(_: Message) -> None:
        simulator.dcc.installation.stage = Stage.VALIDATED

    then(simulator, "TestDevices", tested)


@_breaks("MIG-5", wrong=("migration: *, on Exclude Installation",))
def exclusion_is_forgotten(simulator: Simulator) -> None:
    """An exclusion from migration is reported, and not recorded."""

    def excluded(_: Message) -> None:
        simulator.dcc.installation.stage = Stage.WITH_SMSO

    then(simulator, "ExcludeInstallation", excluded)


@_breaks("MIG-5", "MOD-34", wrong=("failed attempts: *, on Fail Migration",))
def only_validation_counts_failures(simulator: Simulator) -> None:
    """A migration that fails is no failed attempt; only data that are not valid are."""
    home, fail = simulator.dcc.installation, simulator.migration.fail

    def failed(_: Message) -> None:
        failures = home.failures
        fail()
        home.failures = failures

    happens(simulator, "FailMigration", failed)


@_breaks("MOD-31", "PIN-1", wrong=("the check at the premises: the PIN is revised and not provided yet, *",))
def pin_is_provided_before_it_is_revised(simulator: Simulator) -> None:
    """The PIN of a CA gas meter may be provided before it is revised."""
    home, provide = simulator.dcc.installation, simulator.migration.provide_pin

    def provided(event: Message) -> None:
        kept = home.pin
        home.pin = Pin.REVISED if kept is Pin.HELD and home.group == CA and home.has_gas else kept
        try:
            provide(event["recipient"])
        except CannotHappen:
            home.pin = kept
            raise

    happens(simulator, "ProvidePin", provided)


@_breaks("PIN-4", "MOD-31", wrong=("engineering menu PIN: *, on Start Commissioning",))
def pin_of_dual_fuel_is_kept(simulator: Simulator) -> None:
    """The PIN is not revised where one Supplier supplies both fuels."""
    home = simulator.dcc.installation

    def started(_: Message) -> None:
        home.pin = Pin.HELD if home.gas_supplier == home.electricity_supplier else home.pin

    then(simulator, "StartCommissioning", started)


@_breaks("KEY-4", wrong=("the check at the premises: the keys of a commissioned or suspended PPMID are lacking",))
def keys_of_installed_ppmids_are_added(simulator: Simulator) -> None:
    """The package is updated for a PPMID that is installed and not commissioned, too."""
    ppmid, update = simulator.dcc.installation.devices[PPMID], simulator.dco.update

    def updated(_: Message) -> None:
        status = ppmid.status
        ppmid.status = Status.COMMISSIONED if status is Status.INSTALLED else status
        try:
            update()
        finally:
            ppmid.status = status

    happens(simulator, "UpdateKeyPackage", updated)


@_breaks("SYS-5", wrong=("the check at the premises: the Electricity Supplier is another party",))
def suppliers_of_gas_do_not_come(simulator: Simulator) -> None:
    """The Gas Supplier cannot become the Electricity Supplier, too."""
    only_if(
        simulator,
        "ChangeElectricitySupplier",
        lambda event: event["to"] != simulator.dcc.installation.gas_supplier,
        reasons.NO_NEW_SUPPLIER,
    )


@_breaks("DES-5", wrong=("release in force: Uplift 1.2 -> November 2020 maintenance, on Deploy Release",))
def november_is_not_deployed(simulator: Simulator) -> None:
    """The November 2020 maintenance release is reported as deployed, and Uplift 1.2 stays in force."""

    def deployed(_: Message) -> None:
        simulator.dcc.release = Release.UPLIFT

    then(simulator, "DeployRelease", deployed)


@_breaks(
    "DES-2",
    "DES-1",
    wrong=("calendar: 25 to 28 September 2020 -> 29 September to 29 October 2020, on Reach Next Date",),
)
def the_window_is_passed_over(simulator: Simulator) -> None:
    """After 28 September 2020 it is as if 29 October 2020 had passed."""
    documents = simulator.documents

    def passed(_: Message) -> None:
        documents.date = AFTER_WINDOW if documents.date == WINDOW else documents.date

    then(simulator, "PassDate", passed)


@_breaks("DES-3", wrong=("JIP change request: not concluded -> FOC comes into scope, on Conclude JIP Change Request",))
def foc_never_comes_in(simulator: Simulator) -> None:
    """However the JIP change request is concluded, FOC stays out of scope."""

    def concluded(_: Message) -> None:
        simulator.documents.jip, simulator.dcc.foc_came_in = Jip.FOC_STAYS_OUT, False

    then(simulator, "ConcludeJip", concluded)


@_breaks("MOD-17", wrong=("the check at the premises: the JIP change request is concluded",))
def late_re_designation_needs_no_jip(simulator: Simulator) -> None:
    """After 29 October 2020 re-designation waits for the JIP change request no more."""
    documents, re_designate = simulator.documents, simulator.documents.re_designate

    def re_designated(_: Message) -> Answer | None:
        kept = documents.jip
        late = documents.date == AFTER_WINDOW and kept is Jip.PENDING
        documents.jip = Jip.FOC_STAYS_OUT if late else kept
        try:
            return re_designate()
        finally:
            documents.jip = kept

    happens(simulator, "ReDesignate", re_designated)


@_breaks(
    "DES-2", "MOD-20", wrong=("the check at the premises: the conclusions wait for a date that was consulted on once",)
)
def consultation_on_the_date_waits_for_the_jip(simulator: Simulator) -> None:
    """The date is consulted on again only once the JIP change request is concluded."""
    only_if(
        simulator, "ConsultOnDate", lambda _: simulator.documents.jip is not Jip.PENDING, reasons.NO_DATE_TO_CONSULT_ON
    )


@_breaks("SRP-2", wrong=("the check at the premises: * Acknowledge Request (I99) can happen to it",))
def requests_are_acknowledged_twice(simulator: Simulator) -> None:
    """A request may be acknowledged that is acknowledged already."""

    def acknowledged(take: Callable[[str], None]) -> None:
        if simulator.course.stands != course.ACKNOWLEDGED:
            take("AcknowledgeRequest")

    steps_as(simulator, "AcknowledgeRequest", acknowledged)


@_breaks("SRP-1", wrong=("course of the request: *, on Quarantine Request",))
def caught_requests_pass(simulator: Simulator) -> None:
    """What Anomaly Detection catches is past it."""

    def held(take: Callable[[str], None]) -> None:
        take("HoldRequest")
        simulator.course.stands = course.PASSED

    steps_as(simulator, "HoldRequest", held)


@_breaks("MOD-37", wrong=("course of the request: *, on Refuse Request",))
def refused_requests_stay_at_the_dco(simulator: Simulator) -> None:
    """A request that the DCO refuses stays there."""

    def refused(take: Callable[[str], None]) -> None:
        stands = simulator.course.stands
        take("RefuseRequest")
        simulator.course.stands = course.AT_DCO if stands == course.AT_DCO else simulator.course.stands

    steps_as(simulator, "RefuseRequest", refused)


@_breaks(
    "MOD-48",
    "SRP-2",
    wrong=(
        "course of the request: not sent -> rejected, on Receive Request",
        "course of the request: not sent -> received by the DSP, on Receive Request",
    ),
)
def repeated_requests_are_received(simulator: Simulator) -> None:
    """A request whose RequestID was used before is received, and not rejected."""
    happens(simulator, "ReceiveRequest", lambda _: simulator.course.receive(repeated=False))
