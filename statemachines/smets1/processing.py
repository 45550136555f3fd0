"""How a request is processed: the DSP's, the S1SP's, the DCO's and the device's checks, and what is answered.

A request meets the parties in the order of SYS-1; within one party the order is an assumption (MOD-8, MOD-33).
"""

from collections.abc import Callable, Iterable, Iterator

from statemachines.language.expression import FALSE, TRUE, Expr, disjunction
from statemachines.language.gates import Answer, Check, Gate
from statemachines.language.requests import RequestType
from statemachines.smets1.auxiliary_load import BEFORE_THE_FIX
from statemachines.smets1.commissioning import (
    IN_PLACE,
    IN_THE_INVENTORY,
    STATUS_OF,
    SmiStatus,
    chf_status,
    ppmid_status,
)
from statemachines.smets1.duis_versions import older_duis
from statemachines.smets1.firmware import FIRMWARE_OF, IN_HAND, Firmware
from statemachines.smets1.key_package import KeyPackage, key_package
from statemachines.smets1.migration import Migration, migration
from statemachines.smets1.releases import Release, release
from statemachines.smets1.service_requests import SERVICE_REQUESTS, Role
from statemachines.smets1.supply import electricity_supplier, gas_supplier
from statemachines.smets1.vocabulary import (
    DEVICE_REQUESTS,
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
    CommissionDevice,
    DecommissionDevice,
    Device,
    Image,
    JoinPpmid,
    LogChange,
    OtherServiceRequest,
    Outcome,
    Party,
    PreNotifyDevice,
    ReadFirmwareVersion,
    Reason,
    RequestIdUse,
    Response,
    Screening,
    Tariff,
    Timing,
    UpdateFirmware,
    UpdateHanDeviceLog,
    UpdatePpmidFirmware,
    UpdateTariff,
    User,
    device,
    group,
    han_device,
    image,
    log_change,
    meter,
    open_to,
    request_id,
    screening,
    sender,
    target,
    tariff,
    timing,
    whichever,
)

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


def _status_checks() -> Iterator[Check]:
    """The device has to be where the request can find it (COM-1 to COM-3)."""
    for named, kinds in ((meter, [CommissionDevice]), (han_device, [PreNotifyDevice]), (device, [DecommissionDevice])):
        yield _rejects(
            f"there is gas where {kinds[0].label} names a gas meter",
            fails_when=(named == Device.GSME) & (gas_supplier == User.NOBODY),
            why=Reason.NO_GAS,
            rules="SYS-4 MOD-40",
            on=kinds,
        )
    yield _rejects(
        "the device is commissioned",
        fails_when=whichever(target, lambda which: STATUS_OF[which] != SmiStatus.COMMISSIONED),
        why=Reason.NOT_COMMISSIONED,
        rules="COM-2 MOD-8 MOD-13",
        on=FIRMWARE_REQUESTS,
    )
    yield _rejects(
        "the meter is commissioned",
        fails_when=whichever(meter, lambda which: STATUS_OF[which] != SmiStatus.COMMISSIONED),
        why=Reason.NOT_COMMISSIONED,
        rules="COM-1 MOD-38",
        on=[UpdateTariff],
    )
    yield _rejects(
        "the device is not in the inventory, or decommissioned",
        fails_when=whichever(han_device, lambda which: STATUS_OF[which].is_in(*IN_THE_INVENTORY)),
        why=Reason.KNOWN_DEVICE,
        rules="COM-1 MOD-27",
        on=[PreNotifyDevice],
    )
    yield _rejects(
        "a device that is added to the HAN device log is pending",
        fails_when=(log_change == LogChange.ADD)
        & whichever(han_device, lambda which: STATUS_OF[which] != SmiStatus.PENDING),
        why=Reason.NOT_TO_ADD,
        rules="COM-1 MOD-27",
        on=[UpdateHanDeviceLog],
    )
    yield _rejects(
        "a device that is removed from the HAN device log is whitelisted",
        fails_when=(log_change == LogChange.REMOVE)
        & whichever(han_device, lambda which: STATUS_OF[which] != SmiStatus.WHITELISTED),
        why=Reason.NOT_TO_REMOVE,
        rules="COM-1 MOD-27",
        on=[UpdateHanDeviceLog],
    )
    for kind, not_installed in (
        (CommissionDevice, whichever(meter, lambda which: STATUS_OF[which] != SmiStatus.INSTALLED)),
        (JoinPpmid, ppmid_status != SmiStatus.INSTALLED),
    ):
        yield _rejects(
            f"the device is installed and not commissioned before {kind.label}",
            fails_when=not_installed,
            why=Reason.NOT_INSTALLED,
            rules="COM-1 MOD-27",
            on=[kind],
        )
    yield _rejects(
        "the Communications Hub is commissioned before the devices behind it",
        fails_when=chf_status != SmiStatus.COMMISSIONED,
        why=Reason.NO_COMMUNICATIONS_HUB,
        rules="COM-3",
        on=[CommissionDevice, JoinPpmid],
    )
    yield _rejects(
        "the device to be decommissioned is installed",
        fails_when=whichever(device, lambda which: ~STATUS_OF[which].is_in(*IN_PLACE)),
        why=Reason.NOT_TO_DECOMMISSION,
        rules="COM-1 MOD-27",
        on=[DecommissionDevice],
    )


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
        *_status_checks(),
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
        _rejects(
            "who upgrades PPMID firmware has adopted the revised DUIS",
            fails_when=(target == Device.PPMID) & (sender == older_duis),
            why=Reason.OLDER_DUIS,
            rules="SRP-4 MOD-36",
            on=UPGRADE_REQUESTS,
        ),
    ],
    on=SERVICE_REQUEST_TYPES,
    order="MOD-8",
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
        Check(
            "Anomaly Detection lets the request pass",
            fails_when=screening == Screening.CAUGHT,
            outcome=Outcome.HELD,
            reason=Reason.HELD,
            rules="SRP-1 MOD-33",
            on=DEVICE_REQUESTS,
        ),
    ],
    on=DEVICE_REQUESTS,
    order="MOD-33",
    place="SYS-1",
)

dco = Gate(
    Party.DCO,
    [
        _rejects(
            "the DCO holds the device's keys",
            fails_when=(target == Device.PPMID) & (key_package != KeyPackage.WITH_PPMID),
            why=Reason.NO_KEYS,
            rules="KEY-5 KEY-6 MOD-14",
            on=[ActivateFirmware],
        ),
    ],
    on=CRITICAL,
    place="SYS-1",
)

at_device = Gate(
    Party.DEVICE,
    [
        _rejects(
            "an activation is pending to be cancelled",
            fails_when=(timing == Timing.CANCELLATION)
            & whichever(target, lambda which: FIRMWARE_OF[which] != Firmware.PENDING),
            why=Reason.NOTHING_PENDING,
            rules="MOD-4",
            on=[ActivateFirmware],
        ),
        _rejects(
            "an image is in hand",
            fails_when=(timing != Timing.CANCELLATION)
            & whichever(target, lambda which: ~FIRMWARE_OF[which].is_in(*IN_HAND)),
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
    on=DEVICE_REQUESTS,
    place="SYS-1",
)

GATES = (dsp, s1sp, dco, at_device)


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


def _tariff_answers() -> Iterator[Answer]:
    """A tariff for the ESME is applied under the rule that says what it does to the auxiliary load switch."""
    at_esme, identical = meter == Device.ESME, tariff == Tariff.IDENTICAL_PRICES
    since_november = release >= Release.NOVEMBER_2020
    for when, rule in (
        (identical & BEFORE_THE_FIX, "AUX-1"),
        ((tariff != Tariff.OTHER) & since_november, "AUX-2"),
        (TRUE, "MOD-32"),
    ):
        yield _accepted(UpdateTariff, Reason.TARIFF_APPLIED, at_esme & when, f"{rule} SRP-2 SRP-3 MOD-41")


ANSWERS = (
    *_upgrade_answers(),
    *_versions(),
    *_tariff_answers(),
    _accepted(UpdateTariff, Reason.TARIFF_APPLIED, meter == Device.GSME, "SRP-2 SRP-3 MOD-41"),
    _accepted(PreNotifyDevice, Reason.PRE_NOTIFIED, TRUE, "COM-1 MOD-27 MOD-41"),
    _accepted(UpdateHanDeviceLog, Reason.LOG_UPDATED, TRUE, "COM-1 MOD-27 MOD-41"),
    _accepted(CommissionDevice, Reason.COMMISSIONED, TRUE, "COM-1 COM-3 SRP-3 MOD-27 MOD-41"),
    _accepted(JoinPpmid, Reason.JOINED, TRUE, "COM-1 COM-3 MOD-27 MOD-41"),
    _accepted(DecommissionDevice, Reason.DECOMMISSIONED, TRUE, "COM-1 MOD-27 MOD-41"),
    Answer(
        [UpdatePpmidFirmware, OtherServiceRequest],
        outcome=Outcome.ACCEPTED,
        reason=Reason.NOT_MODELLED,
        rules="SYS-6 SYS-7",
        unspecified=["effect"],
    ),
)
