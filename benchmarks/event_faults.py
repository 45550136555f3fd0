"""Faults in what happens around the simulator's requests, written from the rules' words, committed before measuring."""

from functools import partial

from benchmarks.simulator_changes import StrangeFault, breaks, compared_as, happens, only_if, then
from examples.simulator import reasons
from examples.simulator.answers import Answer
from examples.simulator.documents import AFTER_WINDOW, WINDOW, Jip, Standing, Versions
from examples.simulator.simulator import Message, Simulator
from examples.simulator.words import (
    CHF,
    EA,
    ESME,
    GSME,
    MDS,
    PPMID,
    SECURE,
    At,
    Outcome,
    Pin,
    Release,
    Stage,
    Status,
)

EVENT_FAULTS: dict[str, StrangeFault] = {}
"""The faults by name."""

_breaks = partial(breaks, EVENT_FAULTS)


@_breaks(
    "MIG-4", "MOD-25", wrong=("SMI status of the CHF: commissioned -> installed not commissioned, on Fail Migration",)
)
def failed_migration_keeps_the_hub(simulator: Simulator) -> None:
    """A migration that fails in commissioning leaves the Communications Hub commissioned."""
    hub = simulator.dcc.installation.devices[CHF]
    fail = simulator.migration.fail

    def failed(_: Message) -> None:
        status = hub.status
        fail()
        hub.status = status

    happens(simulator, "FailMigration", failed)


@_breaks("MOD-31", "PIN-4", wrong=("engineering menu PIN: * on Fail Migration",))
def failed_migration_keeps_the_pin_revised(simulator: Simulator) -> None:
    """A migration that fails leaves the PIN revised, and may provide it while the meter is with its SMSO."""
    home = simulator.dcc.installation
    fail = simulator.migration.fail

    def failed(_: Message) -> None:
        pin = home.pin
        fail()
        home.pin = pin

    happens(simulator, "FailMigration", failed)


@_breaks("MOD-30", wrong=("Suspend Device leaves DCO key package as it is",))
def suspension_takes_keys(simulator: Simulator) -> None:
    """Suspending a PPMID takes its keys out of the package."""
    then(simulator, "SuspendDevice", lambda event: simulator.dco.forget(PPMID) if event["device"] == PPMID else None)


@_breaks("MOD-30", wrong=("Communications Hub firmware: * on Suspend Device",))
def suspended_hub_goes_back_to_old_firmware(simulator: Simulator) -> None:
    """Suspending a Communications Hub brings back the firmware that it ran before its upgrade."""
    firmware = simulator.dcc.installation.devices[CHF].firmware

    def suspended(event: Message) -> None:
        if event["device"] == CHF:
            firmware.runs_what_was_sent = False

    then(simulator, "SuspendDevice", suspended)


@_breaks("MOD-2", wrong=("Change Gas Supplier leaves PPMID firmware as it is",))
def gas_change_ends_the_ppmid_upgrade(simulator: Simulator) -> None:
    """A change of Gas Supplier drops the image that is in the PPMID's hand."""
    firmware = simulator.dcc.installation.devices[PPMID].firmware
    then(simulator, "ChangeGasSupplier", lambda _: firmware.lapse())


@_breaks("MOD-2", wrong=("Communications Hub firmware: * Change Electricity Supplier",))
def hub_upgrade_survives_the_change(simulator: Simulator) -> None:
    """A change of Electricity Supplier leaves the Communications Hub's image in hand."""
    firmware = simulator.dcc.installation.devices[CHF].firmware
    lapse = firmware.lapse
    change = simulator._events["ChangeElectricitySupplier"]

    def changed(event: Message) -> Answer | None:
        firmware.lapse = lambda: None  # type: ignore[method-assign]
        try:
            return change(event)
        finally:
            firmware.lapse = lapse  # type: ignore[method-assign]

    happens(simulator, "ChangeElectricitySupplier", changed)


@_breaks(
    "PPMID-9",
    wrong=("Communications Hub firmware: activation pending -> delivered image runs, on Reach Activation Date",),
)
def hub_misses_its_date(simulator: Simulator) -> None:
    """When the date of the Communications Hub's activation comes, the image is dropped and does not run."""
    firmware = simulator.dcc.installation.devices[CHF].firmware

    def reached(event: Message) -> None:
        if event["device"] == CHF:
            firmware.runs_what_was_sent = False

    then(simulator, "ReachActivationDate", reached)


@_breaks("MOD-12", wrong=("GSME firmware: activation pending -> delivered image runs, on Reach Activation Date",))
def dated_image_stays_in_hand(simulator: Simulator) -> None:
    """An image that the gas meter runs since its date is still in hand, and can be activated again."""
    firmware = simulator.dcc.installation.devices[GSME].firmware

    def reached(event: Message) -> None:
        if event["device"] == GSME:
            firmware.image_in_hand = True

    then(simulator, "ReachActivationDate", reached)


@_breaks("KEY-4", wrong=("the check at the premises: the keys of a commissioned or suspended PPMID are lacking",))
def secure_packages_are_passed_over(simulator: Simulator) -> None:
    """The key packages of MOC (Secure) are not updated."""
    home = simulator.dcc.installation
    only_if(simulator, "UpdateKeyPackage", lambda _: home.group != SECURE, reasons.NO_KEYS_TO_ADD)


@_breaks(
    "KEY-1",
    "MOD-9",
    wrong=("DCO key package: without the PPMID's keys -> with the PPMID's keys, on Update DCO Key Package, *",),
)
def update_loses_meter_keys(simulator: Simulator) -> None:
    """The update of a key package puts the PPMID's keys where the electricity meter's were."""
    then(simulator, "UpdateKeyPackage", lambda _: simulator.dco.forget(ESME))


@_breaks("KEY-2", wrong=("DCO key package: * before Uplift 1.2",))
def migration_brings_keys_early(simulator: Simulator) -> None:
    """The Join commands of a migration bring the PPMID's keys before Uplift 1.2 as well."""

    def completed(_: Message) -> None:
        if simulator.dcc.installation.devices[PPMID].commissioned:
            simulator.dco.add(PPMID)

    then(simulator, "CompleteMigration", completed)


@_breaks("KEY-3", wrong=("DCO key package: no package -> with the PPMID's keys, on Complete Migration",))
def mds_joins_bring_no_keys(simulator: Simulator) -> None:
    """The Join commands of a migration of MOC (MDS) leave the PPMID's keys out."""

    def completed(_: Message) -> None:
        if simulator.dcc.installation.group == MDS:
            simulator.dco.forget(PPMID)

    then(simulator, "CompleteMigration", completed)


@_breaks("PIN-2", wrong=("the check at the premises: the PIN goes to the Installing Supplier",))
def pin_to_the_electricity_supplier(simulator: Simulator) -> None:
    """The PIN is provided to the Electricity Supplier as well as to the Installing Supplier."""
    home = simulator.dcc.installation
    provide = simulator.migration.provide_pin

    def provided(event: Message) -> None:
        asked = event["recipient"]
        provide(home.installing_supplier if asked == home.electricity_supplier else asked)

    happens(simulator, "ProvidePin", provided)


@_breaks(
    "PIN-1",
    "MOD-31",
    wrong=("the check at the premises: the PIN is revised and not provided yet, and the change is in force",),
)
def pin_after_migration_only(simulator: Simulator) -> None:
    """The PIN is provided only once the migration is complete."""
    home = simulator.dcc.installation
    only_if(simulator, "ProvidePin", lambda _: home.stage is Stage.MIGRATED, reasons.NO_PIN_TO_PROVIDE)


@_breaks("PIN-3", "MOD-31", wrong=("engineering menu PIN: * on Start Commissioning",))
def pin_of_ea_is_revised(simulator: Simulator) -> None:
    """The PIN of a gas meter of group EA is revised and provided."""
    home = simulator.dcc.installation

    def started(_: Message) -> None:
        if home.group == EA and home.has_gas:
            home.pin = Pin.REVISED

    then(simulator, "StartCommissioning", started)


SAME, SAME_BUT_FOR_ZEROS, NO_MPRN = "the same as given", "the same but for leading zeros", "no MPRN"


@_breaks("MPRN-1", "MOD-39", wrong=("the answer to Validate Data: * 1.2 or later", "migration: * 1.2 or later"))
def leading_zeros_return_in_november(simulator: Simulator) -> None:
    """From the November 2020 maintenance release on leading zeros are compared, for IOC as well."""

    def alike(mprn: str) -> str:
        late = mprn == SAME_BUT_FOR_ZEROS and simulator.dcc.has(Release.NOVEMBER)
        return "different" if late else mprn

    compared_as(simulator, alike)


@_breaks("MPRN-2", wrong=("the answer to Validate Data: * another IOC group", "migration: * another IOC group"))
def mds_drops_leading_zeros(simulator: Simulator) -> None:
    """MOC (MDS) leaves leading zeros out of the comparison, too."""
    mds = simulator.dcc.installation.group == MDS
    compared_as(simulator, lambda mprn: SAME if mds and mprn == SAME_BUT_FOR_ZEROS else mprn)


@_breaks(
    "MPRN-3",
    wrong=("the answer to Validate Data: stopped: an MPRN has to be 1 to 10 digits", "migration: * is no MPRN"),
)
def secure_takes_any_text(simulator: Simulator) -> None:
    """MOC (Secure) takes a text that is no MPRN for one that matches."""
    secure = simulator.dcc.installation.group == SECURE
    compared_as(simulator, lambda mprn: SAME if secure and mprn == NO_MPRN else mprn)


@_breaks("DES-2", wrong=("the check at the premises: 29 September 2020 has come",))
def window_opens_for_new_dates_only(simulator: Simulator) -> None:
    """There is no re-designation from 29 September to 29 October 2020 either."""
    documents = simulator.documents
    only_if(simulator, "ReDesignate", lambda _: documents.date != WINDOW, reasons.TOO_EARLY)


@_breaks("MOD-60", "DES-5", wrong=("Re-designate leaves release in force as it is",))
def re_designation_deploys_the_uplift(simulator: Simulator) -> None:
    """Re-designation brings Uplift 1.2 into force."""

    def re_designated(_: Message) -> None:
        if simulator.dcc.release is Release.BEFORE_UPLIFT:
            simulator.dcc.release = Release.UPLIFT

    then(simulator, "ReDesignate", re_designated)


@_breaks("DES-3", wrong=("the check at the premises: where FOC comes into scope, revised DUIS and S1SR are submitted",))
def revision_needed_though_foc_stays_out(simulator: Simulator) -> None:
    """Re-designation waits for revised documents even where FOC stays out of scope."""
    documents = simulator.documents
    only_if(simulator, "ReDesignate", lambda _: documents.jip is not Jip.FOC_STAYS_OUT, reasons.NOT_REVISED)


@_breaks("DES-1", wrong=("changed documents: consultation closed -> conclusions submitted, on Reach Next Date",))
def conclusions_wait_for_the_window(simulator: Simulator) -> None:
    """The conclusions are submitted on 29 September 2020 only."""
    documents = simulator.documents

    def passed(_: Message) -> None:
        if documents.standing is Standing.SUBMITTED and documents.date < WINDOW:
            documents.standing = Standing.CONSULTATION_CLOSED
        elif documents.date == WINDOW and documents.standing is Standing.CONSULTATION_CLOSED:
            documents.standing = Standing.SUBMITTED

    then(simulator, "PassDate", passed)


@_breaks(
    "MOD-52",
    wrong=(
        "the answer to Re-designate: * is rejected, *",
        "the answer to Re-designate: * commissioned or suspended and group is EA (FOC) or EB (FOC)*",
    ),
)
def foc_counts_for_compliance(simulator: Simulator) -> None:
    """An FOC installation whose package lacks the PPMID's keys makes the DCC non-compliant, too."""
    dco = simulator.dco
    simulator.documents._keys_lacking = lambda: dco.lacks_keys_of_ppmid  # type: ignore[method-assign]


@_breaks("KEY-7", wrong=("the answer to Re-designate: * is rejected, *",))
def suspended_ppmids_do_not_count(simulator: Simulator) -> None:
    """A PPMID that is suspended does not count where it is asked whether a package lacks keys."""
    documents, ppmid = simulator.documents, simulator.dcc.installation.devices[PPMID]
    usual = documents._keys_lacking
    documents._keys_lacking = lambda: usual() and ppmid.commissioned  # type: ignore[method-assign]


@_breaks(
    "MOD-20", wrong=("the check at the premises: 29 October 2020 has not passed, or the date was consulted on again",)
)
def another_date_is_never_reached(simulator: Simulator) -> None:
    """After a further consultation on the date there is no re-designation."""
    documents = simulator.documents
    only_if(
        simulator,
        "ReDesignate",
        lambda _: documents.standing is not Standing.DATE_CONSULTED_ON,
        reasons.DATE_NOT_CONSULTED_ON,
    )


@_breaks("DES-3", "DES-4", wrong=("versions in the SEC: * FOC, on Re-designate",))
def revised_documents_are_left_aside(simulator: Simulator) -> None:
    """What is re-designated are the documents attached to the report, though revised ones were submitted."""

    def re_designated(_: Message) -> None:
        simulator.documents.versions = Versions.CONCLUDED

    then(simulator, "ReDesignate", re_designated)


@_breaks("MIG-1", wrong=("the check at the premises: the installation is authorised and scheduled",))
def data_validated_without_authorisation(simulator: Simulator) -> None:
    """Data are validated though the migration was not authorised and scheduled."""
    home = simulator.dcc.installation
    validate = simulator.migration.validate

    def validated(event: Message) -> Answer | None:
        if home.stage is Stage.WITH_SMSO:
            home.stage = Stage.SCHEDULED
        return validate(event["mprn"])

    happens(simulator, "ValidateData", validated)


@_breaks("MOD-34", wrong=("the check at the premises: the installation is with its SMSO",))
def excluded_installations_are_authorised(simulator: Simulator) -> None:
    """An installation that was excluded may be authorised for migration again."""
    home = simulator.dcc.installation
    authorise = simulator.migration.authorise

    def authorised(_: Message) -> None:
        if home.stage is Stage.EXCLUDED:
            home.stage = Stage.WITH_SMSO
        authorise()

    happens(simulator, "AuthoriseMigration", authorised)


@_breaks("MOD-34", "MIG-5", wrong=("failed attempts: *, on Fail Migration",))
def failures_in_commissioning_do_not_count(simulator: Simulator) -> None:
    """A migration that fails while its devices are commissioned does not count as a failed attempt."""
    home = simulator.dcc.installation
    fail = simulator.migration.fail

    def failed(_: Message) -> None:
        stage, failures = home.stage, home.failures
        fail()
        if stage is Stage.COMMISSIONING:
            home.failures = failures

    happens(simulator, "FailMigration", failed)


@_breaks("MOD-28", wrong=("the check at the premises: the installation is migrated, and the device commissioned",))
def installed_meters_are_suspended(simulator: Simulator) -> None:
    """A meter that is installed and not commissioned may be suspended."""
    home = simulator.dcc.installation
    suspend = simulator.premises.suspend

    def suspended(event: Message) -> None:
        device = home.devices[event["device"]]
        if event["device"] in (ESME, GSME) and device.status is Status.INSTALLED:
            device.status = Status.COMMISSIONED if home.stage is Stage.MIGRATED else device.status
        suspend(event["device"])

    happens(simulator, "SuspendDevice", suspended)


@_breaks("MOD-28", "COM-1", wrong=("SMI status of the PPMID: suspended -> commissioned, on End Suspension",))
def ended_suspension_is_forgotten(simulator: Simulator) -> None:
    """The end of a PPMID's suspension is reported, and the PPMID stays suspended."""

    def ended(event: Message) -> None:
        if event["device"] == PPMID:
            simulator.dcc.installation.devices[PPMID].status = Status.SUSPENDED

    then(simulator, "EndSuspension", ended)


@_breaks("MOD-20", "DES-2", wrong=("the check at the premises: 29 September 2020 has come",))
def date_consulted_on_without_conclusions(simulator: Simulator) -> None:
    """Re-designation before 29 September 2020 is possible once conclusions are submitted and the JIP has concluded."""
    documents = simulator.documents
    re_designate = documents.re_designate

    def re_designated(_: Message) -> Answer | None:
        date = documents.date
        if documents.standing is Standing.SUBMITTED and date < WINDOW and documents.jip is Jip.FOC_STAYS_OUT:
            documents.date = WINDOW
        try:
            return re_designate()
        finally:
            documents.date = date

    happens(simulator, "ReDesignate", re_designated)


@_breaks("KEY-7", wrong=("the answer to Re-designate: * is rejected, *",))
def non_compliance_of_the_window_only(simulator: Simulator) -> None:
    """It is said that a re-designation makes the DCC non-compliant up to 29 October 2020, and no later."""
    documents = simulator.documents
    usual = documents._keys_lacking
    documents._keys_lacking = lambda: usual() and documents.date != AFTER_WINDOW  # type: ignore[method-assign]


@_breaks("MIG-2", "MOD-35", wrong=("migration: authorised and scheduled -> with its SMSO, on Validate Data, *",))
def mismatch_is_a_note(simulator: Simulator) -> None:
    """A mismatch of data is reported, and the data count as validated."""
    home = simulator.dcc.installation
    validate = simulator.migration.validate

    def validated(event: Message) -> Answer | None:
        answer = validate(event["mprn"])
        if answer is not None:
            home.stage = Stage.VALIDATED
            return Answer(Outcome.STOPPED, At.PREMISES, answer.reason)
        return None

    happens(simulator, "ValidateData", validated)
