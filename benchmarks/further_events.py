"""Further faults in what happens around its requests, committed before any of them was measured."""

from collections.abc import Callable
from functools import partial

from benchmarks.simulator_changes import (
    StrangeFault,
    breaks,
    happens,
    only_if,
    then,
)
from examples.simulator import course, reasons
from examples.simulator.answers import Answer, CannotHappen
from examples.simulator.documents import Jip, Standing
from examples.simulator.migration import ENOUGH_FAILURES
from examples.simulator.simulator import Message, Simulator
from examples.simulator.words import (
    CHF,
    ESME,
    GSME,
    PPMID,
    Release,
    Stage,
    Status,
)

FURTHER_EVENTS: dict[str, StrangeFault] = {}
"""The faults by name."""

_breaks = partial(breaks, FURTHER_EVENTS)


@_breaks("MOD-27", "COM-1", wrong=("SMI status of the PPMID: *, on Install Device",))
def installed_ppmid_is_commissioned_at_once(simulator: Simulator) -> None:
    """A PPMID is commissioned as soon as it is installed."""

    def installed(event: Message) -> None:
        if event["han_device"] == PPMID:
            simulator.dcc.installation.devices[PPMID].status = Status.COMMISSIONED

    then(simulator, "InstallDevice", installed)


@_breaks("MOD-28", "COM-1", wrong=("SMI status of the GSME: *, on Suspend Device",))
def gas_meter_is_not_suspended(simulator: Simulator) -> None:
    """The suspension of a gas meter is reported, and the meter stays commissioned."""

    def suspended(event: Message) -> None:
        if event["device"] == GSME:
            simulator.dcc.installation.devices[GSME].status = Status.COMMISSIONED

    then(simulator, "SuspendDevice", suspended)


@_breaks("MOD-26", "MIG-1", wrong=("SMI status of the ESME: *, on Complete Migration",))
def electricity_meter_is_left_uncommissioned(simulator: Simulator) -> None:
    """A migration that is complete leaves the electricity meter uncommissioned."""

    def completed(_: Message) -> None:
        simulator.dcc.installation.devices[ESME].status = Status.INSTALLED

    then(simulator, "CompleteMigration", completed)


@_breaks("MOD-30", wrong=("Communications Hub firmware: *, on Suspend Device",))
def suspended_hub_keeps_its_upgrade(simulator: Simulator) -> None:
    """A Communications Hub that is suspended keeps the image in hand, and a pending activation."""
    firmware, suspend = simulator.dcc.installation.devices[CHF].firmware, simulator._events["SuspendDevice"]

    def suspended(event: Message) -> Answer | None:
        kept = firmware.image_in_hand, firmware.activation_pending
        answer = suspend(event)
        if event["device"] == CHF:
            firmware.image_in_hand, firmware.activation_pending = kept
        return answer

    happens(simulator, "SuspendDevice", suspended)


@_breaks("MOD-22", "KEY-3", wrong=("DCO key package: no package -> with the PPMID's keys, on Complete Migration",))
def foc_migrations_bring_no_keys(simulator: Simulator) -> None:
    """The Join commands of an FOC installation's migration leave the PPMID's keys out of the package."""

    def completed(_: Message) -> None:
        if simulator.dcc.installation.foc:
            simulator.dco.forget(PPMID)

    then(simulator, "CompleteMigration", completed)


@_breaks(
    "KEY-4",
    "DES-5",
    wrong=("the check at the premises: the keys of a commissioned or suspended PPMID are lacking",),
)
def key_updates_wait_for_re_designation(simulator: Simulator) -> None:
    """Key packages are updated only once the documents are re-designated."""
    only_if(
        simulator,
        "UpdateKeyPackage",
        lambda _: simulator.documents.standing is Standing.RE_DESIGNATED,
        reasons.NO_KEYS_TO_ADD,
    )


@_breaks("MOD-31", "PIN-1", wrong=("the check at the premises: the PIN is revised and not provided yet, *",))
def pin_is_provided_from_november_on(simulator: Simulator) -> None:
    """The revised PIN is provided from the November 2020 maintenance release on only."""
    only_if(simulator, "ProvidePin", lambda _: simulator.dcc.has(Release.NOVEMBER), reasons.NO_PIN_TO_PROVIDE)


@_breaks("MOD-34", wrong=("the check at the premises: the installation is with its SMSO",))
def five_failures_are_the_end(simulator: Simulator) -> None:
    """After five failed attempts a migration is authorised no more."""
    only_if(
        simulator,
        "AuthoriseMigration",
        lambda _: simulator.dcc.installation.failures != ENOUGH_FAILURES,
        reasons.NOT_THE_NEXT_STEP,
    )


def _once_more(simulator: Simulator, event: str, again: Callable[[], bool]) -> None:
    """Where this is so, the event happens, and nothing changes."""
    usual = simulator._events[event]
    happens(simulator, event, lambda message: None if again() else usual(message))


@_breaks("MIG-1", wrong=("the check at the premises: the installation is data validated",))
def devices_are_tested_again(simulator: Simulator) -> None:
    """Devices may be tested again where they are tested."""
    _once_more(simulator, "TestDevices", lambda: simulator.dcc.installation.stage is Stage.TESTED)


@_breaks("DES-3", wrong=("the check at the premises: the JIP change request brings FOC into scope, *",))
def revised_documents_are_submitted_again(simulator: Simulator) -> None:
    """Revised documents may be submitted another time."""
    _once_more(simulator, "SubmitRevisedDocuments", lambda: simulator.documents.jip is Jip.REVISED)


@_breaks("DES-5", wrong=("the check at the premises: a later release is known",))
def last_release_is_deployed_again(simulator: Simulator) -> None:
    """The November 2020 maintenance release may be deployed although it is in force."""
    _once_more(simulator, "DeployRelease", lambda: simulator.dcc.has(Release.NOVEMBER))


@_breaks("SRP-4", wrong=("the check at the premises: a Supplier is on the older DUIS version",))
def revised_duis_is_adopted_again(simulator: Simulator) -> None:
    """The revised DUIS may be adopted although every Supplier has."""
    _once_more(simulator, "AdoptDuis", lambda: not simulator.dcc.on_older_duis)


@_breaks("MIG-5", "MOD-34", wrong=("the check at the premises: * after five failed attempts",))
def uncounted_installations_are_excluded(simulator: Simulator) -> None:
    """An installation whose failures are not counted may be excluded at any time."""
    home, exclude = simulator.dcc.installation, simulator.migration.exclude

    def excluded(_: Message) -> None:
        if home.failures is None and home.stage is Stage.WITH_SMSO:
            home.stage = Stage.EXCLUDED
            return
        exclude()

    happens(simulator, "ExcludeInstallation", excluded)


@_breaks("MOD-35", "MIG-2", wrong=("migration: authorised and scheduled -> with its SMSO, on Validate Data, *",))
def mismatch_excludes(simulator: Simulator) -> None:
    """Data that are not valid exclude the installation at once."""
    home, validate = simulator.dcc.installation, simulator.migration.validate

    def validated(event: Message) -> Answer | None:
        answer = validate(event["mprn"])
        home.stage = Stage.EXCLUDED if answer else home.stage
        return answer

    happens(simulator, "ValidateData", validated)


def _from(simulator: Simulator, step: str, other: str, usual: str) -> None:
    """A step can happen to a request that stands elsewhere, too."""
    take = simulator.course.take

    def taken(name: str) -> None:
        stands = simulator.course.stands
        if name == step and stands == other:
            simulator.course.stands = usual
        try:
            take(name)
        except CannotHappen:
            simulator.course.stands = stands
            raise

    simulator.course.take = taken  # type: ignore[method-assign, assignment]


@_breaks("MOD-37", wrong=("the check at the premises: * Answer at the DSP (I0) can happen to it",))
def dsp_answers_after_its_acknowledgement(simulator: Simulator) -> None:
    """The DSP may answer a request itself that it has acknowledged."""
    _from(simulator, "AnswerAtDsp", course.ACKNOWLEDGED, course.RECEIVED)


@_breaks("PPMID-8", wrong=("the check at the premises: * Leave Unprocessed can happen to it",))
def passed_requests_are_left_unprocessed(simulator: Simulator) -> None:
    """The S1SP may leave a request unprocessed that is past Anomaly Detection."""
    _from(simulator, "LeaveUnprocessed", course.PASSED, course.ACKNOWLEDGED)


@_breaks("SRP-3", "SRP-2", wrong=("the check at the premises: * Carry Out and Respond (I0) can happen to it",))
def carried_out_at_the_dco(simulator: Simulator) -> None:
    """A request may be carried out while it is at the DCO."""
    _from(simulator, "CarryOut", course.AT_DCO, course.AT_DEVICE)


@_breaks("SRP-1", wrong=("the check at the premises: * Delete, Notify User can happen to it",))
def quarantined_requests_are_deleted_by_the_dcc(simulator: Simulator) -> None:
    """A quarantined request may be deleted for its values, whatever the User says."""
    _from(simulator, "DeleteRequest", course.HELD, course.ACKNOWLEDGED)
