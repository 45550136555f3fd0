"""Faults in what happens around its requests, with their declarations, committed before any was measured."""

from functools import partial

from benchmarks.simulator_changes import (
    StrangeFault,
    breaks,
    compared_as,
    happens,
    then,
)
from examples.simulator import reasons
from examples.simulator.answers import Answer, CannotHappen
from examples.simulator.documents import Jip, Standing
from examples.simulator.simulator import Message, Simulator
from examples.simulator.words import (
    CA,
    CHF,
    ESME,
    GSME,
    PPMID,
    SECURE,
    Pin,
    Release,
    Stage,
    Status,
)

UNSEEN_EVENTS: dict[str, StrangeFault] = {}
"""The faults by name."""

_breaks = partial(breaks, UNSEEN_EVENTS)

SAME, SAME_BUT_FOR_ZEROS = "the same as given", "the same but for leading zeros"


@_breaks("MOD-27", wrong=("the check at the premises: the device is whitelisted",))
def pending_devices_are_installed(simulator: Simulator) -> None:
    """A device may be installed that is pending, and not whitelisted."""
    install = simulator.premises.install

    def installed(event: Message) -> None:
        device = simulator.dcc.installation.devices[event["han_device"]]
        device.status = Status.WHITELISTED if device.status is Status.PENDING else device.status
        install(event["han_device"])

    happens(simulator, "InstallDevice", installed)


@_breaks("MOD-28", "MOD-42", "COM-1", wrong=("SMI status of the CHF: suspended -> commissioned, on End Suspension",))
def hub_stays_suspended(simulator: Simulator) -> None:
    """The end of the Communications Hub's suspension is reported, and the hub stays suspended."""

    def ended(event: Message) -> None:
        if event["device"] == CHF:
            simulator.dcc.installation.devices[CHF].status = Status.SUSPENDED

    then(simulator, "EndSuspension", ended)


@_breaks("PPMID-9", "MOD-12", wrong=("ESME firmware: *, on Reach Activation Date",))
def reached_date_stays_pending(simulator: Simulator) -> None:
    """Once its date is reached the electricity meter runs the image, and the activation is still pending."""
    firmware = simulator.dcc.installation.devices[ESME].firmware

    def reached(event: Message) -> None:
        firmware.activation_pending = firmware.activation_pending or event["device"] == ESME

    then(simulator, "ReachActivationDate", reached)


@_breaks("MOD-2", wrong=("GSME firmware: *, on Change Gas Supplier",))
def image_survives_the_gas_change(simulator: Simulator) -> None:
    """A change of Gas Supplier leaves an image in the gas meter's hand whose activation is not pending."""
    firmware, change = simulator.dcc.installation.devices[GSME].firmware, simulator._events["ChangeGasSupplier"]

    def changed(event: Message) -> Answer | None:
        kept = firmware.image_in_hand and not firmware.activation_pending
        answer = change(event)
        firmware.image_in_hand = kept
        return answer

    happens(simulator, "ChangeGasSupplier", changed)


@_breaks("MOD-2", wrong=("Change Electricity Supplier leaves GSME firmware as it is",))
def electricity_change_ends_the_gas_meters_upgrade(simulator: Simulator) -> None:
    """A change of Electricity Supplier ends the upgrade that the gas meter has in hand."""
    firmware = simulator.dcc.installation.devices[GSME].firmware
    then(simulator, "ChangeElectricitySupplier", lambda _: firmware.lapse())


@_breaks(
    "MOD-30",
    "MOD-42",
    wrong=(
        "ESME firmware: *, on Suspend Device",
        "GSME firmware: *, on Suspend Device",
        "PPMID firmware: *, on Suspend Device",
    ),
)
def suspended_hub_ends_all_upgrades(simulator: Simulator) -> None:
    """Suspending the Communications Hub ends the upgrades that the devices behind it have in hand."""
    devices = simulator.dcc.installation.devices

    def suspended(event: Message) -> None:
        for name in (ESME, GSME, PPMID) if event["device"] == CHF else ():
            devices[name].firmware.lapse()

    then(simulator, "SuspendDevice", suspended)


@_breaks("MOD-31", "PIN-1", wrong=("the check at the premises: the PIN is revised and not provided yet, *",))
def pin_is_provided_again(simulator: Simulator) -> None:
    """The PIN may be provided once more after it was."""
    home, provide = simulator.dcc.installation, simulator.migration.provide_pin

    def provided(event: Message) -> None:
        kept = home.pin
        home.pin = Pin.REVISED if kept is Pin.PROVIDED else kept
        try:
            provide(event["recipient"])
        except CannotHappen:
            home.pin = kept
            raise

    happens(simulator, "ProvidePin", provided)


@_breaks("MOD-31", "PIN-4", wrong=("engineering menu PIN: *, on Start Commissioning",))
def pin_is_revised_on_completion(simulator: Simulator) -> None:
    """The PIN of a CA gas meter is revised when the migration is complete, and not when commissioning starts."""
    home = simulator.dcc.installation

    def started(_: Message) -> None:
        home.pin = Pin.HELD

    def completed(_: Message) -> None:
        home.pin = Pin.REVISED if home.group == CA and home.has_gas else home.pin

    then(simulator, "StartCommissioning", started)
    then(simulator, "CompleteMigration", completed)


@_breaks("MPRN-2", wrong=("the answer to Validate Data: * another IOC group", "migration: * another IOC group"))
def secure_drops_leading_zeros_in_november(simulator: Simulator) -> None:
    """From the November 2020 maintenance release on MOC (Secure) leaves leading zeros out of the comparison, too."""
    secure = simulator.dcc.installation.group == SECURE

    def alike(mprn: str) -> str:
        drops = secure and simulator.dcc.has(Release.NOVEMBER)
        return SAME if drops and mprn == SAME_BUT_FOR_ZEROS else mprn

    compared_as(simulator, alike)


@_breaks("MPRN-1", "MOD-39", wrong=("the answer to Validate Data: * 1.2 or later", "migration: * 1.2 or later"))
def ca_compares_leading_zeros(simulator: Simulator) -> None:
    """Leading zeros are compared where the group is CA."""
    ca = simulator.dcc.installation.group == CA
    compared_as(simulator, lambda mprn: "different" if ca and mprn == SAME_BUT_FOR_ZEROS else mprn)


@_breaks("MIG-4", "MIG-1", wrong=("the check at the premises: a migration is under way",))
def migrated_installations_go_back(simulator: Simulator) -> None:
    """A migration may fail once it is complete, and the installation goes back to its SMSO."""
    home, fail = simulator.dcc.installation, simulator.migration.fail

    def failed(_: Message) -> None:
        if home.stage is not Stage.MIGRATED:
            fail()
            return
        home.stage, home.smso_operates, home.dcc_operates = Stage.WITH_SMSO, True, False

    happens(simulator, "FailMigration", failed)


@_breaks(
    "DES-2",
    "DES-1",
    wrong=("the check at the premises: the conclusions wait for a date that was consulted on once",),
)
def date_is_consulted_on_twice(simulator: Simulator) -> None:
    """The date may be consulted on again, and then once more."""
    documents, consult = simulator.documents, simulator.documents.consult_on_date

    def consulted(_: Message) -> None:
        if documents.standing is not Standing.DATE_CONSULTED_ON:
            consult()

    happens(simulator, "ConsultOnDate", consulted)


@_breaks("DES-3", wrong=("the check at the premises: the JIP change request is open",))
def jip_is_concluded_anew(simulator: Simulator) -> None:
    """The JIP change request may be concluded another time, and otherwise."""
    documents, conclude = simulator.documents, simulator.documents.conclude_jip

    def concluded(event: Message) -> None:
        documents.jip = Jip.PENDING
        conclude(event["foc"])

    happens(simulator, "ConcludeJip", concluded)


@_breaks("MOD-60", "DES-5", wrong=("the check at the premises: a later release is known",))
def no_release_after_re_designation(simulator: Simulator) -> None:
    """Once the documents are re-designated, no further release comes into force."""
    deploy = simulator._events["DeployRelease"]

    def deployed(event: Message) -> Answer | None:
        if simulator.documents.standing is Standing.RE_DESIGNATED:
            raise CannotHappen(reasons.LAST_RELEASE)
        return deploy(event)

    happens(simulator, "DeployRelease", deployed)


@_breaks("SYS-5", wrong=("the check at the premises: the Electricity Supplier is another party",))
def the_same_supplier_comes_again(simulator: Simulator) -> None:
    """A change of Electricity Supplier to the party that it is already can happen."""
    change = simulator._events["ChangeElectricitySupplier"]

    def changed(event: Message) -> Answer | None:
        return None if event["to"] == simulator.dcc.installation.electricity_supplier else change(event)

    happens(simulator, "ChangeElectricitySupplier", changed)


@_breaks("MOD-45", "SYS-5", wrong=("the check at the premises: there is gas",))
def gas_comes_where_there_was_none(simulator: Simulator) -> None:
    """A party becomes the Gas Supplier where there is no gas."""
    home, change = simulator.dcc.installation, simulator._events["ChangeGasSupplier"]

    def changed(event: Message) -> Answer | None:
        if home.has_gas:
            return change(event)
        home.gas_supplier = event["to"]
        return None

    happens(simulator, "ChangeGasSupplier", changed)
