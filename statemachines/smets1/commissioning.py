"""The SMI status of each device: how it comes to be Commissioned, and how it ceases to be.

The PPMID may be absent, and the gas meter is where there is no Gas Supplier (MOD-45). Whether a device may take a step
is for the checks to say. Sources: COM-1, COM-3, MIG-1, MIG-3 and the assumptions MOD-25 to MOD-30,
MOD-45 and MOD-58.
"""

from collections.abc import Iterable
from enum import Enum

from statemachines.language.component import Component, Constraint
from statemachines.language.expression import TRUE, Expr
from statemachines.language.gates import Check
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import Field, RequestType
from statemachines.language.terms import Variable
from statemachines.smets1.migration import MIGRATED, Migration, migration
from statemachines.smets1.supply import NO_GAS, electricity_supplier, gas_supplier
from statemachines.smets1.verdicts import accepted, happens, happens_only, rejects
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
    Party,
    PreNotifyDevice,
    StartCommissioning,
    SuspendDevice,
    UpdateHanDeviceLog,
    UpdateTariff,
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


class CommissioningReason(Enum):
    """Why the status of a device changes, or stops a request."""

    NOT_COMMISSIONED = "the device is not commissioned"
    OTHER_FUEL = "the device is not one that this Supplier supplies or is responsible for"
    HUB_DECOMMISSIONED = "the Communications Hub is decommissioned, so that no device behind it is reached"
    NO_COMMUNICATIONS_HUB = "the Communications Hub is not commissioned"
    NO_GAS = "there is no Gas Supplier, and so no gas meter"
    KNOWN_DEVICE = "the device is in the inventory already"
    NOT_TO_ADD = "only a device that is pending is added to the log"
    NOT_TO_REMOVE = "only a device that is whitelisted is removed from the log"
    NOT_WHITELISTED = "the device is not whitelisted"
    NOT_INSTALLED = "the device is not one that is installed and not commissioned"
    NOT_TO_DECOMMISSION = "the device is not installed"
    NOT_TO_SUSPEND = "only a commissioned device of a migrated installation is suspended"
    NOT_SUSPENDED = "the device is not suspended"
    PRE_NOTIFIED = "the device is pending in the inventory"
    LOG_UPDATED = "the HAN device log is updated"
    COMMISSIONED = "the device is commissioned"
    JOINED = "the PPMID is joined, and so commissioned"
    DECOMMISSIONED = "the device is decommissioned"


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


def _leaving(which: Device, *, besides: str = "") -> list[Transition[SmiStatus]]:
    """How any device ceases to be Commissioned, for a time or for good; of no other status does COM-1 speak."""
    this = device == which
    commissioned, suspended, gone = SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED, SmiStatus.DECOMMISSIONED
    return [
        Transition(commissioned, SuspendDevice, suspended, when=this, rules=f"COM-1 MOD-28{besides}"),
        Transition(suspended, EndSuspension, commissioned, when=this, rules=f"MOD-28{besides}"),
        Transition(commissioned, DecommissionDevice, gone, when=this, rules=f"COM-1 MOD-27{besides}"),
        Transition([SmiStatus.INSTALLED, suspended], DecommissionDevice, gone, when=this, rules=f"MOD-27{besides}"),
    ]


def _onto_the_han(which: Device, gone: Iterable[SmiStatus]) -> list[Transition[SmiStatus]]:
    """How a device comes onto the HAN after migration."""
    this = han_device == which
    added, removed = log_change == LogChange.ADD, log_change == LogChange.REMOVE
    return [
        Transition(gone, PreNotifyDevice, SmiStatus.PENDING, when=this, rules="MOD-27"),
        Transition(SmiStatus.PENDING, UpdateHanDeviceLog, SmiStatus.WHITELISTED, when=this & added, rules="MOD-27"),
        Transition(SmiStatus.WHITELISTED, UpdateHanDeviceLog, SmiStatus.PENDING, when=this & removed, rules="MOD-27"),
        Transition(SmiStatus.WHITELISTED, InstallDevice, SmiStatus.INSTALLED, when=this, rules="MOD-27"),
    ]


def _meter(variable: Variable[SmiStatus], which: Device, is_there: Expr = TRUE) -> Lifecycle[SmiStatus]:
    return Lifecycle(
        variable,
        initial=SmiStatus.INSTALLED,
        transitions=[
            Transition(
                SmiStatus.INSTALLED,
                CompleteMigration,
                SmiStatus.COMMISSIONED,
                when=is_there,
                rules="MIG-1 COM-1 MOD-26",
            ),
            *_onto_the_han(which, [SmiStatus.DECOMMISSIONED]),
            Transition(
                SmiStatus.INSTALLED,
                CommissionDevice,
                SmiStatus.COMMISSIONED,
                when=meter == which,
                rules="COM-1 MOD-27",
            ),
            *_leaving(which),
        ],
        title=f"commissioning of the {which.value}",
    )


communications_hub = Lifecycle(
    chf_status,
    initial=SmiStatus.INSTALLED,
    transitions=[
        Transition(SmiStatus.INSTALLED, StartCommissioning, SmiStatus.COMMISSIONED, rules="MIG-1 COM-1 MOD-26"),
        Transition(SmiStatus.COMMISSIONED, FailMigration, SmiStatus.INSTALLED, rules="MIG-4 MOD-25"),
        *_leaving(Device.CHF, besides=" MOD-42"),
    ],
    title="commissioning of the Communications Hub",
)

ppmid = Lifecycle(
    ppmid_status,
    initial=[SmiStatus.INSTALLED, SmiStatus.ABSENT],
    transitions=[
        Transition(SmiStatus.INSTALLED, CompleteMigration, SmiStatus.COMMISSIONED, rules="MIG-1 MIG-3 COM-1 MOD-26"),
        *_onto_the_han(Device.PPMID, [SmiStatus.DECOMMISSIONED, SmiStatus.ABSENT]),
        Transition(SmiStatus.INSTALLED, JoinPpmid, SmiStatus.COMMISSIONED, rules="MOD-27"),
        *_leaving(Device.PPMID),
    ],
    title="commissioning of the PPMID",
)


def _has(named: Field, *statuses: SmiStatus) -> Expr:
    """The device that the request or event names has one of these statuses."""
    return whichever(named, lambda which: STATUS_OF[which].is_in(*statuses))


def _has_another_than(named: Field, *statuses: SmiStatus) -> Expr:
    """The device that the request or event names has none of these statuses."""
    return whichever(named, lambda which: ~STATUS_OF[which].is_in(*statuses))


def _there_is_gas(kind: RequestType, named: Field) -> Check:
    return rejects(
        f"there is gas where {kind.label} names a gas meter",
        fails_when=(named == Device.GSME) & NO_GAS,
        why=CommissioningReason.NO_GAS,
        rules="MOD-40",
        on=[kind],
    )


def _for_its_own_supplier(kind: RequestType, other_suppliers: Expr) -> Check:
    return rejects(
        f"{kind.label} is for the device's own Supplier",
        fails_when=sender.is_in(*SUPPLIERS) & other_suppliers,
        why=CommissioningReason.OTHER_FUEL,
        rules="MOD-41",
        on=[kind],
    )


def _another_suppliers(named: Field) -> Expr:
    """The device that the request names is another Supplier's."""
    return whichever(named, lambda which: sender != SUPPLIER_OF[which])


def _installed(kind: RequestType, not_installed: Expr) -> Check:
    return rejects(
        f"the device is installed and not commissioned before {kind.label}",
        fails_when=not_installed,
        why=CommissioningReason.NOT_INSTALLED,
        rules="MOD-27",
        on=[kind],
    )


_AS_IT_WAS = {
    Device.CHF: chf_status == SmiStatus.INSTALLED,
    Device.ESME: esme_status == SmiStatus.INSTALLED,
    Device.GSME: gsme_status == SmiStatus.INSTALLED,
    Device.PPMID: ppmid_status.is_in(SmiStatus.INSTALLED, SmiStatus.ABSENT),
}
"""How each device stands until it is commissioned: installed and not commissioned; a PPMID may be absent (MOD-25)."""

component = Component(
    "commissioning",
    lifecycles=[
        communications_hub,
        _meter(esme_status, Device.ESME),
        _meter(gsme_status, Device.GSME, is_there=~NO_GAS),
        ppmid,
    ],
    checks={
        Party.DSP: [
            _there_is_gas(CommissionDevice, meter),
            _there_is_gas(PreNotifyDevice, han_device),
            _there_is_gas(DecommissionDevice, device),
            _for_its_own_supplier(UpdateTariff, _another_suppliers(meter)),
            _for_its_own_supplier(CommissionDevice, _another_suppliers(meter)),
            _for_its_own_supplier(DecommissionDevice, _another_suppliers(device)),
            _for_its_own_supplier(
                UpdateHanDeviceLog, han_device.is_in(Device.ESME, Device.GSME) & _another_suppliers(han_device)
            ),
            rejects(
                "the device is commissioned",
                fails_when=_has_another_than(target, SmiStatus.COMMISSIONED),
                why=CommissioningReason.NOT_COMMISSIONED,
                rules="COM-2 MOD-13",
                on=FIRMWARE_REQUESTS,
            ),
            rejects(
                "the meter is commissioned",
                fails_when=_has_another_than(meter, SmiStatus.COMMISSIONED),
                why=CommissioningReason.NOT_COMMISSIONED,
                rules="MOD-38",
                on=[UpdateTariff],
            ),
            rejects(
                "the device is not in the inventory, or decommissioned",
                fails_when=_has(han_device, *IN_THE_INVENTORY),
                why=CommissioningReason.KNOWN_DEVICE,
                rules="MOD-27",
                on=[PreNotifyDevice],
            ),
            rejects(
                "a device that is added to the HAN device log is pending",
                fails_when=(log_change == LogChange.ADD) & _has_another_than(han_device, SmiStatus.PENDING),
                why=CommissioningReason.NOT_TO_ADD,
                rules="MOD-27",
                on=[UpdateHanDeviceLog],
            ),
            rejects(
                "a device that is removed from the HAN device log is whitelisted",
                fails_when=(log_change == LogChange.REMOVE) & _has_another_than(han_device, SmiStatus.WHITELISTED),
                why=CommissioningReason.NOT_TO_REMOVE,
                rules="MOD-27",
                on=[UpdateHanDeviceLog],
            ),
            _installed(CommissionDevice, _has_another_than(meter, SmiStatus.INSTALLED)),
            _installed(JoinPpmid, ppmid_status != SmiStatus.INSTALLED),
            rejects(
                "the Communications Hub is commissioned before the devices behind it",
                fails_when=chf_status != SmiStatus.COMMISSIONED,
                why=CommissioningReason.NO_COMMUNICATIONS_HUB,
                rules="MOD-58",
                on=[CommissionDevice, JoinPpmid],
            ),
            rejects(
                "the device to be decommissioned is installed",
                fails_when=_has_another_than(device, *IN_PLACE),
                why=CommissioningReason.NOT_TO_DECOMMISSION,
                rules="MOD-27",
                on=[DecommissionDevice],
            ),
            rejects(
                "the Communications Hub through which the device is reached is not decommissioned",
                fails_when=chf_status == SmiStatus.DECOMMISSIONED,
                why=CommissioningReason.HUB_DECOMMISSIONED,
                rules="MOD-42",
                on=[*FIRMWARE_REQUESTS, UpdateTariff, UpdateHanDeviceLog],
            ),
        ],
        Party.PREMISES: [
            happens_only(
                InstallDevice,
                "the device is whitelisted",
                _has(han_device, SmiStatus.WHITELISTED),
                otherwise=CommissioningReason.NOT_WHITELISTED,
                rules="MOD-27",
            ),
            happens_only(
                SuspendDevice,
                "the installation is migrated, and the device commissioned",
                MIGRATED & _has(device, SmiStatus.COMMISSIONED),
                otherwise=CommissioningReason.NOT_TO_SUSPEND,
                rules="MOD-28",
            ),
            happens_only(
                EndSuspension,
                "the device is suspended",
                _has(device, SmiStatus.SUSPENDED),
                otherwise=CommissioningReason.NOT_SUSPENDED,
                rules="MOD-28",
            ),
        ],
    },
    answers=[
        accepted(PreNotifyDevice, CommissioningReason.PRE_NOTIFIED, "MOD-27 MOD-41"),
        accepted(UpdateHanDeviceLog, CommissioningReason.LOG_UPDATED, "MOD-27 MOD-41"),
        accepted(CommissionDevice, CommissioningReason.COMMISSIONED, "COM-1 SRP-3 MOD-27 MOD-41"),
        accepted(JoinPpmid, CommissioningReason.JOINED, "MOD-27 MOD-41"),
        accepted(DecommissionDevice, CommissioningReason.DECOMMISSIONED, "COM-1 MOD-27 MOD-41"),
        happens(InstallDevice, "MOD-27"),
        happens(SuspendDevice, "MOD-28"),
        happens(EndSuspension, "MOD-28"),
    ],
    constraints=[
        *(
            Constraint(
                f"before migration the {which.value} is installed and not commissioned",
                when=~migration.is_in(Migration.COMMISSIONING, Migration.MIGRATED),
                then=as_it_was,
                rules="MOD-25",
            )
            for which, as_it_was in _AS_IT_WAS.items()
        ),
        Constraint(
            "the Communications Hub is commissioned first",
            when=migration == Migration.COMMISSIONING,
            then=chf_status == SmiStatus.COMMISSIONED,
            rules="MOD-26",
        ),
        *(
            Constraint(
                f"while the Communications Hub is commissioned first, the {which.value} is not commissioned",
                when=migration == Migration.COMMISSIONING,
                then=as_it_was,
                rules="MOD-26",
            )
            for which, as_it_was in _AS_IT_WAS.items()
            if which is not Device.CHF
        ),
        Constraint(
            "the Communications Hub is commissioned before the installation is migrated",
            when=MIGRATED,
            then=chf_status != SmiStatus.INSTALLED,
            rules="MOD-26 MOD-27",
        ),
        Constraint(
            "without a Gas Supplier the SMI status of the GSME means nothing, and stays as it was",
            when=NO_GAS,
            then=gsme_status == SmiStatus.INSTALLED,
            rules="MOD-40 MOD-45",
        ),
    ],
)
