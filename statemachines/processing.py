"""How a request is processed: the DSP's, the S1SP's, the DCO's and the device's checks, and what is answered.

A request meets the parties in the order of SYS-1; within one party the order is an assumption (MOD-8).
"""

from collections.abc import Callable, Iterable, Iterator

from statemachines.commissioning import (
    Commissioning,
    chf_status,
    esme_status,
    gsme_status,
    ppmid_status,
)
from statemachines.core.expression import FALSE, Expr, disjunction
from statemachines.core.gates import Answer, Check, Gate
from statemachines.core.requests import RequestType
from statemachines.firmware import (
    FIRMWARE_OF,
    IN_HAND,
    Firmware,
)
from statemachines.key_package import KeyPackage, key_package
from statemachines.migration import Migration, migration
from statemachines.releases import Release, release
from statemachines.service_requests import SERVICE_REQUESTS, Role
from statemachines.supply import electricity_supplier, gas_supplier
from statemachines.vocabulary import (
    EVENT_TYPES,
    FIRMWARE_REQUESTS,
    FOC,
    IOC,
    ROLES_OF,
    SERVICE_REQUEST_TYPES,
    SRV_OF,
    SUPPLIERS,
    UPGRADE_REQUESTS,
    USER_IN_ROLE,
    ActivateFirmware,
    ChangeElectricitySupplier,
    ChangeGasSupplier,
    CommissionDevice,
    DeployRelease,
    Device,
    Image,
    MigrateInstallation,
    OtherServiceRequest,
    Outcome,
    Party,
    ReachActivationDate,
    ReadFirmwareVersion,
    Reason,
    RequestIdUse,
    Response,
    Timing,
    UpdateFirmware,
    UpdateKeyPackage,
    UpdatePpmidFirmware,
    User,
    device,
    group,
    image,
    open_to,
    request_id,
    sender,
    target,
    timing,
    to,
)

STATUS_OF = {
    Device.ESME: esme_status,
    Device.GSME: gsme_status,
    Device.CHF: chf_status,
    Device.GPF: chf_status,
    Device.PPMID: ppmid_status,
}
"""The variable that tells whether each device is commissioned; a GPF is when its CHF is (COM-3)."""

CRITICAL = tuple(kind for kind, srv in SRV_OF.items() if SERVICE_REQUESTS[srv].critical)


def _no_such_role(roles: frozenset[Role]) -> Expr:
    """No role of the sender's kind is open to the SRV (SYS-6)."""
    shut = [user for role, user in USER_IN_ROLE.items() if role not in roles]
    if not roles & {Role.IMPORT_SUPPLIER, Role.GAS_SUPPLIER}:
        shut += SUPPLIERS
    return sender.is_in(*shut) if shut else FALSE


def _not_registered(roles: frozenset[Role]) -> Expr:
    """The sender is a Supplier, and is not registered here in any role that the SRV is open to (SYS-7)."""
    registered = disjunction(
        *([sender == electricity_supplier] if Role.IMPORT_SUPPLIER in roles else []),
        *([sender == gas_supplier] if Role.GAS_SUPPLIER in roles else []),
    )
    return sender.is_in(*SUPPLIERS) & ~registered


def _rejects(label: str, *, fails_when: Expr, why: Reason, rules: str, on: Iterable[RequestType] = ()) -> Check:
    """A check that rejects what fails it; it is asked of all that the gate handles, or of some types only."""
    return Check(label, fails_when=fails_when, outcome=Outcome.REJECTED, reason=why, rules=rules, on=on)


def _by_srv(condition: Callable[[frozenset[Role]], Expr]) -> Iterator[tuple[RequestType, Expr]]:
    """The condition for each type of Service Request, from the roles that the matrix opens it to."""
    for kind, srv in SRV_OF.items():
        yield kind, condition(SERVICE_REQUESTS[srv].roles)
    yield (
        OtherServiceRequest,
        disjunction(*((open_to == member) & condition(roles) for member, roles in ROLES_OF.items())),
    )


def _role_checks() -> Iterator[Check]:
    for kind, shut in _by_srv(_no_such_role):
        if shut is not FALSE:
            yield _rejects(
                f"{kind.label} is open to the sender's role",
                fails_when=shut,
                why=Reason.ROLE,
                rules="SYS-6 SYS-7",
                on=[kind],
            )
    for kind, unregistered in _by_srv(_not_registered):
        yield _rejects(
            f"a Supplier that sends {kind.label} is registered at the premises",
            fails_when=unregistered,
            why=Reason.NOT_REGISTERED,
            rules="SYS-7",
            on=[kind],
        )


def _on_device(condition: Callable[[Device], Expr]) -> Expr:
    """The condition, for whichever device the request names."""
    return disjunction(*((target == which) & condition(which) for which in Device))


dsp = Gate(
    Party.DSP,
    [
        _rejects(
            "the RequestID is new",
            fails_when=request_id == RequestIdUse.REPEATED,
            why=Reason.REPEATED,
            rules="SRP-2",
        ),
        _rejects(
            "the installation is migrated",
            fails_when=migration != Migration.MIGRATED,
            why=Reason.NOT_MIGRATED,
            rules="MIG-6",
        ),
        *_role_checks(),
        _rejects(
            "the device is commissioned",
            fails_when=_on_device(lambda which: STATUS_OF[which] != Commissioning.COMMISSIONED),
            why=Reason.NOT_COMMISSIONED,
            rules="COM-2 MOD-8 MOD-13",
            on=FIRMWARE_REQUESTS,
        ),
        _rejects(
            "PPMID firmware is the Electricity Supplier's",
            fails_when=(target == Device.PPMID) & (sender != electricity_supplier),
            why=Reason.NOT_ELECTRICITY_SUPPLIER,
            rules="PPMID-1 PPMID-2",
            on=UPGRADE_REQUESTS,
        ),
        _rejects(
            "PPMID firmware is the Electricity Supplier's by SRV 11.4 too",
            fails_when=sender != electricity_supplier,
            why=Reason.NOT_ELECTRICITY_SUPPLIER,
            rules="PPMID-1 PPMID-2",
            on=[UpdatePpmidFirmware],
        ),
        _rejects(
            "Communications Hub firmware is the Electricity Supplier's",
            fails_when=target.is_in(Device.CHF, Device.GPF) & (sender != electricity_supplier),
            why=Reason.NOT_ELECTRICITY_SUPPLIER,
            rules="PPMID-3",
            on=UPGRADE_REQUESTS,
        ),
        _rejects(
            "ESME firmware is the Electricity Supplier's",
            fails_when=(target == Device.ESME) & (sender != electricity_supplier),
            why=Reason.NOT_ELECTRICITY_SUPPLIER,
            rules="PPMID-10",
            on=UPGRADE_REQUESTS,
        ),
        _rejects(
            "GSME firmware is the Gas Supplier's",
            fails_when=(target == Device.GSME) & (sender != gas_supplier),
            why=Reason.NOT_GAS_SUPPLIER,
            rules="PPMID-10",
            on=UPGRADE_REQUESTS,
        ),
        _rejects(
            "PPMID firmware functionality is released",
            fails_when=(target == Device.PPMID) & (release < Release.UPLIFT_1_2),
            why=Reason.NOT_RELEASED,
            rules="DES-5 MOD-6 MOD-8",
            on=UPGRADE_REQUESTS,
        ),
    ],
    on=SERVICE_REQUEST_TYPES,
)

s1sp = Gate(
    Party.S1SP,
    [
        Check(
            "the S1SP processes PPMID firmware",
            fails_when=(target == Device.PPMID) & group.is_in(*FOC),
            outcome=Outcome.NOT_PROCESSED,
            reason=Reason.FOC_PPMID,
            rules="PPMID-7 PPMID-8 SYS-3",
            on=UPGRADE_REQUESTS,
            unspecified=["response"],
        ),
        _rejects(
            "Communications Hub firmware is addressed at the CHF",
            fails_when=target == Device.GPF,
            why=Reason.GPF_FIRMWARE,
            rules="MOD-7",
            on=UPGRADE_REQUESTS,
        ),
        Check(
            "the S1SP can read a PPMID's firmware",
            fails_when=(target == Device.PPMID) & group.is_in(*IOC) & (release < Release.NOVEMBER_2020),
            outcome=Outcome.ALERT,
            reason=Reason.PPMID_READ_DEFECT,
            rules="READ-2 MOD-1 SYS-2",
            on=[ReadFirmwareVersion],
        ),
    ],
    on=FIRMWARE_REQUESTS,
)

dco = Gate(
    Party.DCO,
    [
        _rejects(
            "the DCO holds the device's keys",
            fails_when=(target == Device.PPMID) & (key_package != KeyPackage.WITH_PPMID),
            why=Reason.NO_KEYS,
            rules="KEY-5 KEY-6 MOD-14",
        ),
    ],
    on=CRITICAL,
)

at_device = Gate(
    Party.DEVICE,
    [
        _rejects(
            "an activation is pending to be cancelled",
            fails_when=(timing == Timing.CANCELLATION)
            & _on_device(lambda which: FIRMWARE_OF[which] != Firmware.PENDING),
            why=Reason.NOTHING_PENDING,
            rules="MOD-4",
            on=[ActivateFirmware],
        ),
        _rejects(
            "an image is in hand",
            fails_when=(timing != Timing.CANCELLATION) & _on_device(lambda which: ~FIRMWARE_OF[which].is_in(*IN_HAND)),
            why=Reason.NO_IMAGE,
            rules="PPMID-9 MOD-12",
            on=[ActivateFirmware],
        ),
        _rejects(
            "the hash is the delivered image's",
            fails_when=(timing != Timing.CANCELLATION) & (image == Image.ANOTHER),
            why=Reason.ANOTHER_IMAGE,
            rules="PPMID-9 MOD-5",
            on=[ActivateFirmware],
        ),
    ],
    on=FIRMWARE_REQUESTS,
)


def _can_happen(kind: RequestType, label: str, unless: Expr, why: Reason, rules: str) -> Check:
    return Check(
        label,
        fails_when=unless,
        outcome=Outcome.CANNOT_HAPPEN,
        reason=why,
        rules=rules,
        on=[kind],
    )


def _on_event_device(condition: Callable[[Device], Expr]) -> Expr:
    """The condition, for whichever device the event is about."""
    return disjunction(*((device == which) & condition(which) for which in (*Device,) if which is not Device.GPF))


premises = Gate(
    Party.PREMISES,
    [
        _can_happen(
            DeployRelease, "a later release is known", release == Release.NOVEMBER_2020, Reason.LAST_RELEASE, "DES-5"
        ),
        _can_happen(
            MigrateInstallation,
            "the installation is not migrated yet",
            migration == Migration.MIGRATED,
            Reason.ALREADY_MIGRATED,
            "MIG-1",
        ),
        _can_happen(
            CommissionDevice,
            "the installation is migrated, and the device is there and not commissioned yet",
            (migration != Migration.MIGRATED)
            | _on_event_device(lambda which: STATUS_OF[which] != Commissioning.NOT_COMMISSIONED)
            | ((device == Device.GSME) & (gas_supplier == User.NOBODY)),
            Reason.NOT_TO_COMMISSION,
            "COM-1 SYS-4",
        ),
        _can_happen(
            UpdateKeyPackage,
            "a commissioned PPMID's keys are lacking, and Uplift 1.2 is in force",
            (key_package != KeyPackage.WITHOUT_PPMID)
            | (ppmid_status != Commissioning.COMMISSIONED)
            | (release < Release.UPLIFT_1_2),
            Reason.NO_KEYS_TO_ADD,
            "KEY-4",
        ),
        _can_happen(
            ChangeElectricitySupplier,
            "the Electricity Supplier is another party",
            to == electricity_supplier,
            Reason.NO_NEW_SUPPLIER,
            "SYS-5",
        ),
        _can_happen(
            ChangeGasSupplier,
            "there is gas, and the Gas Supplier is another party",
            (to == gas_supplier) | (gas_supplier == User.NOBODY),
            Reason.NO_NEW_SUPPLIER,
            "SYS-4 SYS-5",
        ),
        _can_happen(
            ReachActivationDate,
            "an activation of the device is pending",
            _on_event_device(lambda which: FIRMWARE_OF[which] != Firmware.PENDING),
            Reason.NOTHING_DUE,
            "PPMID-9",
        ),
    ],
    on=EVENT_TYPES,
)

GATES = (dsp, s1sp, dco, at_device, premises)


def _accepted(kind: RequestType, why: Reason, when: Expr, rules: str) -> Answer:
    return Answer([kind], outcome=Outcome.ACCEPTED, reason=why, when=when, rules=rules)


def _upgrade_answers() -> Iterator[Answer]:
    """An upgrade is accepted under the rule that says whose firmware it is; the Gas Supplier is told nothing of it."""
    owners = {
        "PPMID-1 PPMID-6": [Device.PPMID],
        "PPMID-3": [Device.CHF, Device.GPF],
        "PPMID-10": [Device.ESME, Device.GSME],
    }
    said = {
        Timing.IMMEDIATE: (Reason.ACTIVATED, "SRP-3 MOD-5"),
        Timing.FUTURE_DATED: (Reason.ACTIVATION_HELD, "SRP-3 MOD-5"),
        Timing.CANCELLATION: (Reason.CANCELLED, "SRP-3"),
    }
    for rules, devices in owners.items():
        of_these = target.is_in(*devices)
        yield _accepted(UpdateFirmware, Reason.DELIVERED, of_these, f"{rules} SYS-1 SRP-2 MOD-15")
        for when, (why, besides) in said.items():
            yield _accepted(ActivateFirmware, why, of_these & (timing == when), f"{rules} SYS-1 SRP-2 {besides}")


def _versions() -> Iterator[Answer]:
    """SRV 11.2 returns the version that is running; at the GPF too (READ-1, READ-3)."""
    for which, firmware in FIRMWARE_OF.items():
        for now, told in (
            (firmware == Firmware.UPGRADED, Response.DELIVERED_VERSION),
            (firmware != Firmware.UPGRADED, Response.PRESENT_VERSION),
        ):
            yield Answer(
                [ReadFirmwareVersion],
                outcome=Outcome.ACCEPTED,
                reason=Reason.VERSION_READ,
                response=told,
                when=(target == which) & now,
                rules="READ-1 READ-3 SRP-2" if which is Device.GPF else "READ-3 SRP-2",
            )


ANSWERS = (
    *_upgrade_answers(),
    *_versions(),
    Answer(
        [UpdatePpmidFirmware, OtherServiceRequest],
        outcome=Outcome.ACCEPTED,
        reason=Reason.NOT_MODELLED,
        rules="SYS-6 SYS-7",
        unspecified=["effect"],
    ),
    *(
        Answer([kind], outcome=Outcome.HAPPENED, reason=Reason.HAPPENED, rules=rules)
        for kind, rules in (
            (DeployRelease, "DES-5"),
            (MigrateInstallation, "MIG-1"),
            (CommissionDevice, "COM-1"),
            (UpdateKeyPackage, "KEY-4"),
            (ChangeElectricitySupplier, "SYS-5"),
            (ChangeGasSupplier, "SYS-5"),
            (ReachActivationDate, "PPMID-9"),
        )
    ),
)
