"""The SMI status of each device: how it comes to be Commissioned, and how it ceases to be.

The PPMID may be absent, and the gas meter is where there is no Gas Supplier (SYS-4). Whether a device may take a step
is for the checks to say. Sources: COM-1, COM-3, MIG-3 and the assumptions MOD-25 to MOD-30.
"""

from collections.abc import Iterator
from enum import Enum

from statemachines.language.expression import TRUE, Expr
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.terms import Variable
from statemachines.smets1.events import cannot_happen, happens
from statemachines.smets1.migration import Migration, migration
from statemachines.smets1.supply import gas_supplier
from statemachines.smets1.vocabulary import (
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
    User,
    device,
    han_device,
    log_change,
    meter,
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
