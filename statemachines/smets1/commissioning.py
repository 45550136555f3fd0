"""The SMI status of each device: how it comes to be Commissioned, and how it ceases to be.

The PPMID may be absent, and the gas meter is where there is no Gas Supplier (SYS-4). Whether a device may take a step
is for the checks to say. Sources: COM-1, COM-3, MIG-3 and the assumptions MOD-25 to MOD-30.
"""

from collections.abc import Iterator
from enum import Enum

from statemachines.language.expression import TRUE, Expr
from statemachines.language.gates import Check
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.system import Constraint
from statemachines.language.terms import Variable
from statemachines.smets1.migration import MIGRATED, Migration, migration
from statemachines.smets1.supply import electricity_supplier, gas_supplier
from statemachines.smets1.verdicts import accepted, cannot_happen, happens, rejects
from statemachines.smets1.vocabulary import (
    FIRMWARE_REQUESTS,
    SUPPLIERS,
    CommissionDevice,
    CompleteMigration,
    DecommissionDevice,
    Device,
    EndSuspension,
    FailMigration,
    InstallDevice,
    JoinPpmid,
    LogChange,
    PreNotifyDevice,
    Reason,
    StartCommissioning,
    SuspendDevice,
    UpdateHanDeviceLog,
    UpdateTariff,
    User,
    device,
    han_device,
    log_change,
    meter,
    sender,
    target,
    whichever,
)


class SmiStatus(Enum):
    """The status of a device in the Smart Metering Inventory; an absent device is not in it."""

    ABSENT = "absent"
    PENDING = "pending"
    WHITELISTED = "whitelisted"
    INSTALLED = "installed not commissioned"
    COMMISSIONED = "commissioned"
    SUSPENDED = "suspended"
    DECOMMISSIONED = "decommissioned"


IN_PLACE = (SmiStatus.INSTALLED, SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED)
IN_THE_INVENTORY = (SmiStatus.PENDING, SmiStatus.WHITELISTED, *IN_PLACE)
METER = [status for status in SmiStatus if status is not SmiStatus.ABSENT]
HUB = (*IN_PLACE, SmiStatus.DECOMMISSIONED)

esme_status = Variable("esme_status", SmiStatus, among=METER, label="SMI status of the ESME")
gsme_status = Variable("gsme_status", SmiStatus, among=METER, label="SMI status of the GSME")
chf_status = Variable("chf_status", SmiStatus, among=HUB, label="SMI status of the CHF")
ppmid_status = Variable("ppmid_status", SmiStatus, label="SMI status of the PPMID")

STATUS_OF = {
    Device.ESME: esme_status,
    Device.GSME: gsme_status,
    Device.CHF: chf_status,
    Device.GPF: chf_status,
    Device.PPMID: ppmid_status,
}
"""The status of each device; a GPF is commissioned when its CHF is (COM-3)."""

SUPPLIER_OF = {
    Device.ESME: electricity_supplier,
    Device.GSME: gas_supplier,
    Device.CHF: electricity_supplier,
    Device.PPMID: electricity_supplier,
}
"""The Supplier of each device: of a meter's fuel, and the one responsible for hub and PPMID (PPMID-1, PPMID-3)."""


def _end(which: Device) -> Iterator[Transition]:
    """How any device ceases to be Commissioned, for a time or for good."""
    this, more = device == which, " MOD-42" if which is Device.CHF else ""
    suspension, end = f"COM-1 MOD-28{more}", f"COM-1 MOD-27{more}"
    yield Transition(SmiStatus.COMMISSIONED, SuspendDevice, SmiStatus.SUSPENDED, when=this, rules=suspension)
    yield Transition(SmiStatus.SUSPENDED, EndSuspension, SmiStatus.COMMISSIONED, when=this, rules=suspension)
    yield Transition(IN_PLACE, DecommissionDevice, SmiStatus.DECOMMISSIONED, when=this, rules=end)


def _behind_the_hub(which: Device, is_there: Expr = TRUE) -> Iterator[Transition]:
    """The way of a device on the HAN: with the installation's migration, or later by Service Requests."""
    this = han_device == which
    joined = "MIG-3 COM-1 COM-3 MOD-26" if which is Device.PPMID else "MOD-26 COM-1 COM-3"
    yield Transition(SmiStatus.INSTALLED, CompleteMigration, SmiStatus.COMMISSIONED, when=is_there, rules=joined)
    yield Transition(
        [SmiStatus.DECOMMISSIONED, *([SmiStatus.ABSENT] if which is Device.PPMID else [])],
        PreNotifyDevice,
        SmiStatus.PENDING,
        when=this,
        rules="COM-1 MOD-27",
    )
    yield Transition(
        SmiStatus.PENDING,
        UpdateHanDeviceLog,
        SmiStatus.WHITELISTED,
        when=this & (log_change == LogChange.ADD),
        rules="COM-1 MOD-27",
    )
    yield Transition(
        SmiStatus.WHITELISTED,
        UpdateHanDeviceLog,
        SmiStatus.PENDING,
        when=this & (log_change == LogChange.REMOVE),
        rules="COM-1 MOD-27",
    )
    yield Transition(SmiStatus.WHITELISTED, InstallDevice, SmiStatus.INSTALLED, when=this, rules="COM-1 MOD-27")
    yield Transition(
        SmiStatus.INSTALLED,
        JoinPpmid if which is Device.PPMID else CommissionDevice,
        SmiStatus.COMMISSIONED,
        when=TRUE if which is Device.PPMID else meter == which,
        rules="COM-1 COM-3 MOD-27",
    )
    yield from _end(which)


def _statuses(variable: Variable, which: Device, transitions: Iterator[Transition], *others: SmiStatus) -> Lifecycle:
    title = f"commissioning of the {'Communications Hub' if which is Device.CHF else which.value}"
    return Lifecycle(variable, initial=[SmiStatus.INSTALLED, *others], transitions=transitions, title=title)


def _hub() -> Iterator[Transition]:
    yield Transition(SmiStatus.INSTALLED, StartCommissioning, SmiStatus.COMMISSIONED, rules="COM-1 COM-3 MIG-3 MOD-26")
    yield Transition(SmiStatus.COMMISSIONED, FailMigration, SmiStatus.INSTALLED, rules="MIG-4 MOD-25")
    yield from _end(Device.CHF)


chf = _statuses(chf_status, Device.CHF, _hub())
esme = _statuses(esme_status, Device.ESME, _behind_the_hub(Device.ESME))
gsme = _statuses(gsme_status, Device.GSME, _behind_the_hub(Device.GSME, gas_supplier != User.NOBODY))
ppmid = _statuses(ppmid_status, Device.PPMID, _behind_the_hub(Device.PPMID), SmiStatus.ABSENT)

LIFECYCLES = (chf, esme, gsme, ppmid)


CHECKS = (
    cannot_happen(
        InstallDevice,
        "the device is whitelisted",
        whichever(han_device, lambda which: STATUS_OF[which] != SmiStatus.WHITELISTED),
        Reason.NOT_WHITELISTED,
        "COM-1 MOD-27",
    ),
    cannot_happen(
        SuspendDevice,
        "the installation is migrated, and the device commissioned",
        (migration != Migration.MIGRATED) | whichever(device, lambda which: STATUS_OF[which] != SmiStatus.COMMISSIONED),
        Reason.NOT_TO_SUSPEND,
        "COM-1 MOD-28",
    ),
    cannot_happen(
        EndSuspension,
        "the device is suspended",
        whichever(device, lambda which: STATUS_OF[which] != SmiStatus.SUSPENDED),
        Reason.NOT_SUSPENDED,
        "COM-1 MOD-28",
    ),
)

ANSWERS = (
    happens(InstallDevice, "COM-1 MOD-27"),
    happens(SuspendDevice, "COM-1 MOD-28"),
    happens(EndSuspension, "COM-1 MOD-28"),
)


_NOT_ITS_SUPPLIER = {
    UpdateTariff: whichever(meter, lambda which: sender != SUPPLIER_OF[which]),
    CommissionDevice: whichever(meter, lambda which: sender != SUPPLIER_OF[which]),
    DecommissionDevice: whichever(device, lambda which: sender != SUPPLIER_OF[which]),
    UpdateHanDeviceLog: han_device.is_in(Device.ESME, Device.GSME)
    & whichever(han_device, lambda which: sender != SUPPLIER_OF[which]),
}
"""For each request to a device that either Supplier may send: the device is the other's (MOD-41)."""


def _statuses_asked_for() -> Iterator[Check]:
    """The device has to be where the request can find it (COM-1 to COM-3)."""
    for named, kinds in ((meter, [CommissionDevice]), (han_device, [PreNotifyDevice]), (device, [DecommissionDevice])):
        yield rejects(
            f"there is gas where {kinds[0].label} names a gas meter",
            fails_when=(named == Device.GSME) & (gas_supplier == User.NOBODY),
            why=Reason.NO_GAS,
            rules="SYS-4 MOD-40",
            on=kinds,
        )
    for kind, not_its_supplier in _NOT_ITS_SUPPLIER.items():
        yield rejects(
            f"{kind.label} is for the device's own Supplier",
            fails_when=sender.is_in(*SUPPLIERS) & not_its_supplier,
            why=Reason.OTHER_FUEL,
            rules="MOD-41",
            on=[kind],
        )
    yield rejects(
        "the device is commissioned",
        fails_when=whichever(target, lambda which: STATUS_OF[which] != SmiStatus.COMMISSIONED),
        why=Reason.NOT_COMMISSIONED,
        rules="COM-2 MOD-8 MOD-13",
        on=FIRMWARE_REQUESTS,
    )
    yield rejects(
        "the meter is commissioned",
        fails_when=whichever(meter, lambda which: STATUS_OF[which] != SmiStatus.COMMISSIONED),
        why=Reason.NOT_COMMISSIONED,
        rules="COM-1 MOD-38",
        on=[UpdateTariff],
    )
    yield rejects(
        "the device is not in the inventory, or decommissioned",
        fails_when=whichever(han_device, lambda which: STATUS_OF[which].is_in(*IN_THE_INVENTORY)),
        why=Reason.KNOWN_DEVICE,
        rules="COM-1 MOD-27",
        on=[PreNotifyDevice],
    )
    yield rejects(
        "a device that is added to the HAN device log is pending",
        fails_when=(log_change == LogChange.ADD)
        & whichever(han_device, lambda which: STATUS_OF[which] != SmiStatus.PENDING),
        why=Reason.NOT_TO_ADD,
        rules="COM-1 MOD-27",
        on=[UpdateHanDeviceLog],
    )
    yield rejects(
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
        yield rejects(
            f"the device is installed and not commissioned before {kind.label}",
            fails_when=not_installed,
            why=Reason.NOT_INSTALLED,
            rules="COM-1 MOD-27",
            on=[kind],
        )
    yield rejects(
        "the Communications Hub is commissioned before the devices behind it",
        fails_when=chf_status != SmiStatus.COMMISSIONED,
        why=Reason.NO_COMMUNICATIONS_HUB,
        rules="COM-3",
        on=[CommissionDevice, JoinPpmid],
    )
    yield rejects(
        "the device to be decommissioned is installed",
        fails_when=whichever(device, lambda which: ~STATUS_OF[which].is_in(*IN_PLACE)),
        why=Reason.NOT_TO_DECOMMISSION,
        rules="COM-1 MOD-27",
        on=[DecommissionDevice],
    )
    yield rejects(
        "the Communications Hub through which the device is reached is not decommissioned",
        fails_when=chf_status == SmiStatus.DECOMMISSIONED,
        why=Reason.HUB_DECOMMISSIONED,
        rules="MOD-42",
        on=[*FIRMWARE_REQUESTS, UpdateTariff, UpdateHanDeviceLog],
    )


AT_DSP = tuple(_statuses_asked_for())

TO_SERVICE_REQUESTS = (
    accepted(PreNotifyDevice, Reason.PRE_NOTIFIED, "COM-1 MOD-27 MOD-41"),
    accepted(UpdateHanDeviceLog, Reason.LOG_UPDATED, "COM-1 MOD-27 MOD-41"),
    accepted(CommissionDevice, Reason.COMMISSIONED, "COM-1 COM-3 SRP-3 MOD-27 MOD-41"),
    accepted(JoinPpmid, Reason.JOINED, "COM-1 COM-3 MOD-27 MOD-41"),
    accepted(DecommissionDevice, Reason.DECOMMISSIONED, "COM-1 MOD-27 MOD-41"),
)

_OWN_STATUS = (Device.CHF, Device.ESME, Device.GSME, Device.PPMID)


def _as_found(which: Device) -> Expr:
    """The device is installed and not commissioned; a PPMID may be absent (MOD-25, SYS-4)."""
    absent = [SmiStatus.ABSENT] if which is Device.PPMID else []
    return STATUS_OF[which].is_in(SmiStatus.INSTALLED, *absent)


CONSTRAINTS = (
    *(
        Constraint(
            f"before migration the {which.value} is installed and not commissioned",
            when=~migration.is_in(Migration.COMMISSIONING, Migration.MIGRATED),
            then=_as_found(which),
            rules="MIG-4 MOD-25",
        )
        for which in _OWN_STATUS
    ),
    Constraint(
        "the Communications Hub is commissioned first",
        when=migration == Migration.COMMISSIONING,
        then=chf_status == SmiStatus.COMMISSIONED,
        rules="COM-3 MOD-26",
    ),
    *(
        Constraint(
            f"while the Communications Hub is commissioned first, the {which.value} is not commissioned",
            when=migration == Migration.COMMISSIONING,
            then=_as_found(which),
            rules="COM-3 MOD-26",
        )
        for which in _OWN_STATUS
        if which is not Device.CHF
    ),
    Constraint(
        "the Communications Hub is commissioned before the installation is migrated",
        when=MIGRATED,
        then=chf_status != SmiStatus.INSTALLED,
        rules="COM-3 MOD-26 MOD-27",
    ),
    Constraint(
        "without a Gas Supplier the SMI status of the GSME means nothing, and stays as it was",
        when=gas_supplier == User.NOBODY,
        then=gsme_status == SmiStatus.INSTALLED,
        rules="SYS-4 SYS-5 MOD-40",
    ),
)
