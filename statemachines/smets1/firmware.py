"""Firmware of PPMID, ESME, GSME and Communications Hub: an image is delivered, activated at once or later, or lapses.

All that concerns firmware is here: the lifecycle, one for four devices; whose firmware it is, and what else the DSP,
the S1SP and the device ask of requests; what is answered; and what is so of every reachable state.
Sources: PPMID-1 to PPMID-10, READ-1 to READ-3 and the assumptions MOD-2 to MOD-7, MOD-10, MOD-12, MOD-15, MOD-29
and MOD-30.
"""

from collections.abc import Iterator
from enum import Enum

from statemachines.language.expression import Expr
from statemachines.language.gates import Answer, Check
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import RequestType
from statemachines.language.system import Constraint
from statemachines.language.terms import Variable
from statemachines.smets1.commissioning import STATUS_OF, SmiStatus
from statemachines.smets1.designation import DocumentSet, document_set
from statemachines.smets1.key_package import KeyPackage, key_package
from statemachines.smets1.migration import MIGRATED
from statemachines.smets1.releases import Release, release
from statemachines.smets1.supply import electricity_supplier, gas_supplier
from statemachines.smets1.verdicts import accepted, cannot_happen, happens, rejects
from statemachines.smets1.vocabulary import (
    FOC,
    IOC,
    SUPPLIERS,
    UPGRADE_REQUESTS,
    ActivateFirmware,
    ChangeElectricitySupplier,
    ChangeGasSupplier,
    DecommissionDevice,
    Device,
    Image,
    Outcome,
    ReachActivationDate,
    ReadFirmwareVersion,
    Reason,
    Response,
    SuspendDevice,
    Timing,
    UpdateFirmware,
    UpdatePpmidFirmware,
    User,
    device,
    group,
    image,
    sender,
    target,
    timing,
    whichever,
)


class Firmware(Enum):
    """Where the upgrade of one device stands."""

    SETTLED = "no image in hand"
    DELIVERED = "image delivered"
    PENDING = "activation pending"
    UPGRADED = "delivered image runs"


IN_HAND = (Firmware.DELIVERED, Firmware.PENDING)

ppmid_firmware = Variable("ppmid_firmware", Firmware, label="PPMID firmware")
esme_firmware = Variable("esme_firmware", Firmware, label="ESME firmware")
gsme_firmware = Variable("gsme_firmware", Firmware, label="GSME firmware")
chf_firmware = Variable("chf_firmware", Firmware, label="Communications Hub firmware")

ppmid_upgrade_by = Variable(
    "ppmid_upgrade_by", User, among=(*SUPPLIERS, User.NOBODY), label="party with a PPMID upgrade in hand"
)


def _firmware(variable: Variable, which: Device, owner_changes: RequestType, lapse: str) -> Lifecycle:
    """The upgrade of one device; ``lapse`` cites what becomes of one in hand when the device's Supplier changes."""
    addressed = target == which
    delivered_image = addressed & (image == Image.DELIVERED)
    activate = delivered_image & (timing == Timing.IMMEDIATE)
    hold = delivered_image & (timing == Timing.FUTURE_DATED)
    cancel = addressed & (timing == Timing.CANCELLATION)
    return Lifecycle(
        variable,
        initial=Firmware.SETTLED,
        transitions=[
            Transition(
                [Firmware.SETTLED, Firmware.UPGRADED],
                UpdateFirmware,
                Firmware.DELIVERED,
                when=addressed,
                rules="PPMID-9",
            ),
            Transition(IN_HAND, UpdateFirmware, Firmware.DELIVERED, when=addressed, rules="MOD-3"),
            Transition(Firmware.DELIVERED, ActivateFirmware, Firmware.UPGRADED, when=activate, rules="PPMID-9 MOD-12"),
            Transition(Firmware.DELIVERED, ActivateFirmware, Firmware.PENDING, when=hold, rules="PPMID-9"),
            Transition(Firmware.PENDING, ActivateFirmware, Firmware.UPGRADED, when=activate, rules="PPMID-9 MOD-10"),
            Transition(Firmware.PENDING, ActivateFirmware, Firmware.PENDING, when=hold, rules="MOD-10"),
            Transition(Firmware.PENDING, ActivateFirmware, Firmware.DELIVERED, when=cancel, rules="PPMID-9 MOD-4"),
            Transition(Firmware.PENDING, ReachActivationDate, Firmware.UPGRADED, when=device == which, rules="PPMID-9"),
            Transition(IN_HAND, owner_changes, Firmware.SETTLED, rules=lapse),
            Transition(IN_HAND, SuspendDevice, Firmware.SETTLED, when=device == which, rules="MOD-30"),
            Transition(
                [*IN_HAND, Firmware.UPGRADED],
                DecommissionDevice,
                Firmware.SETTLED,
                when=device == which,
                rules="MOD-29",
            ),
        ],
        title=f"firmware of the {'Communications Hub' if which is Device.CHF else which.value}",
    )


ppmid = _firmware(ppmid_firmware, Device.PPMID, ChangeElectricitySupplier, "PPMID-5 MOD-2")
esme = _firmware(esme_firmware, Device.ESME, ChangeElectricitySupplier, "MOD-2")
gsme = _firmware(gsme_firmware, Device.GSME, ChangeGasSupplier, "MOD-2")
chf = _firmware(chf_firmware, Device.CHF, ChangeElectricitySupplier, "MOD-2")


def _who_has_it_in_hand() -> Iterator[Transition]:
    for supplier in SUPPLIERS:
        yield Transition(
            ppmid_upgrade_by.domain,
            UpdateFirmware,
            supplier,
            when=(target == Device.PPMID) & (sender == supplier),
            rules="PPMID-5",
        )
    yield Transition(
        SUPPLIERS,
        ActivateFirmware,
        User.NOBODY,
        when=(target == Device.PPMID) & (image == Image.DELIVERED) & (timing == Timing.IMMEDIATE),
        rules="MOD-12",
    )
    yield Transition(SUPPLIERS, ReachActivationDate, User.NOBODY, when=device == Device.PPMID, rules="MOD-12")
    yield Transition(SUPPLIERS, ChangeElectricitySupplier, User.NOBODY, rules="PPMID-5 MOD-2")
    yield Transition(SUPPLIERS, SuspendDevice, User.NOBODY, when=device == Device.PPMID, rules="MOD-30")
    yield Transition(SUPPLIERS, DecommissionDevice, User.NOBODY, when=device == Device.PPMID, rules="MOD-29")


ppmid_in_hand = Lifecycle(
    ppmid_upgrade_by, initial=User.NOBODY, transitions=_who_has_it_in_hand(), title="who has a PPMID upgrade in hand"
)

FIRMWARE_OF = {
    Device.ESME: esme_firmware,
    Device.GSME: gsme_firmware,
    Device.CHF: chf_firmware,
    Device.GPF: chf_firmware,
    Device.PPMID: ppmid_firmware,
}
"""The variable that tells what each device runs; a GPF runs its Communications Hub's (MOD-7)."""

FOC_CAME_IN: Expr = document_set == DocumentSet.REVISED
"""Where documents that the JIP change request had revised are in force: nothing of FOC is out of scope (DES-3)."""

AT_DSP = (
    rejects(
        "PPMID firmware is the Electricity Supplier's",
        fails_when=(target == Device.PPMID) & (sender != electricity_supplier),
        why=Reason.NOT_ELECTRICITY_SUPPLIER,
        rules="PPMID-1 PPMID-2",
        on=UPGRADE_REQUESTS,
    ),
    rejects(
        "PPMID firmware is the Electricity Supplier's by SRV 11.4 too",
        fails_when=sender != electricity_supplier,
        why=Reason.NOT_ELECTRICITY_SUPPLIER,
        rules="PPMID-1 PPMID-2",
        on=[UpdatePpmidFirmware],
    ),
    rejects(
        "Communications Hub firmware is the Electricity Supplier's",
        fails_when=target.is_in(Device.CHF, Device.GPF) & (sender != electricity_supplier),
        why=Reason.NOT_ELECTRICITY_SUPPLIER,
        rules="PPMID-3",
        on=UPGRADE_REQUESTS,
    ),
    rejects(
        "ESME firmware is the Electricity Supplier's",
        fails_when=(target == Device.ESME) & (sender != electricity_supplier),
        why=Reason.NOT_ELECTRICITY_SUPPLIER,
        rules="PPMID-10",
        on=UPGRADE_REQUESTS,
    ),
    rejects(
        "GSME firmware is the Gas Supplier's",
        fails_when=(target == Device.GSME) & (sender != gas_supplier),
        why=Reason.NOT_GAS_SUPPLIER,
        rules="PPMID-10",
        on=UPGRADE_REQUESTS,
    ),
    rejects(
        "PPMID firmware functionality is released",
        fails_when=(target == Device.PPMID) & (release < Release.UPLIFT_1_2),
        why=Reason.NOT_RELEASED,
        rules="DES-5 MOD-6 MOD-8",
        on=UPGRADE_REQUESTS,
    ),
)
"""What the DSP asks of upgrades: whose firmware it is, and what has to be released first."""

AT_S1SP = (
    Check(
        "the S1SP processes PPMID firmware",
        fails_when=(target == Device.PPMID) & group.is_in(*FOC) & ~FOC_CAME_IN,
        outcome=Outcome.NOT_PROCESSED,
        reason=Reason.FOC_PPMID,
        rules="PPMID-7 PPMID-8 SYS-3",
        on=UPGRADE_REQUESTS,
        unspecified=["response"],
    ),
    Check(
        "it is said what becomes of PPMID firmware once FOC is in scope",
        fails_when=(target == Device.PPMID) & group.is_in(*FOC) & FOC_CAME_IN,
        outcome=Outcome.NOT_PROCESSED,
        reason=Reason.FOC_IN_SCOPE,
        rules="DES-3 SYS-3",
        on=UPGRADE_REQUESTS,
        unspecified=["outcome", "at", "reason", "response"],
    ),
    rejects(
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
)
"""What the S1SP asks of firmware requests, before Anomaly Detection."""

AT_DEVICE = (
    rejects(
        "an activation is pending to be cancelled",
        fails_when=(timing == Timing.CANCELLATION)
        & whichever(target, lambda which: FIRMWARE_OF[which] != Firmware.PENDING),
        why=Reason.NOTHING_PENDING,
        rules="MOD-4",
        on=[ActivateFirmware],
    ),
    rejects(
        "an image is in hand",
        fails_when=timing.is_in(Timing.IMMEDIATE, Timing.FUTURE_DATED)
        & whichever(target, lambda which: ~FIRMWARE_OF[which].is_in(*IN_HAND)),
        why=Reason.NO_IMAGE,
        rules="PPMID-9 MOD-12",
        on=[ActivateFirmware],
    ),
    rejects(
        "the hash is the delivered image's",
        fails_when=timing.is_in(Timing.IMMEDIATE, Timing.FUTURE_DATED) & (image == Image.ANOTHER),
        why=Reason.ANOTHER_IMAGE,
        rules="PPMID-9 MOD-5",
        on=[ActivateFirmware],
    ),
)
"""What the device asks of activations and cancellations."""

CHECKS = (
    cannot_happen(
        ReachActivationDate,
        "an activation of the device is pending",
        whichever(device, lambda which: FIRMWARE_OF[which] != Firmware.PENDING),
        Reason.NOTHING_DUE,
        "PPMID-9",
    ),
)

ANSWERS = (happens(ReachActivationDate, "PPMID-9"),)


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
        yield accepted(UpdateFirmware, Reason.DELIVERED, f"{rules} SYS-1 SRP-2 MOD-15", when=of_these)
        for when, (why, besides) in said.items():
            yield accepted(ActivateFirmware, why, f"{rules} SYS-1 SRP-2 {besides}", when=of_these & (timing == when))


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


_VERSION_NOT_SAID = Answer(
    [ReadFirmwareVersion],
    outcome=Outcome.ACCEPTED,
    reason=Reason.VERSION_READ,
    response=Response.PRESENT_VERSION,
    when=(target == Device.PPMID) & group.is_in(*FOC) & FOC_CAME_IN,
    rules="READ-3 SRP-2 DES-3",
    unspecified=["response"],
)
"""Which version an FOC PPMID runs once it may have been upgraded is not said."""


TO_SERVICE_REQUESTS = (*_upgrade_answers(), _VERSION_NOT_SAID, *_versions())

_UPGRADABLE = (Device.CHF, Device.ESME, Device.GSME, Device.PPMID)
"""The devices that have firmware of their own."""

ON_DEVICES_IN_USE = (
    *(
        Constraint(
            f"{FIRMWARE_OF[which].label} is upgraded only on a device that has been commissioned",
            when=FIRMWARE_OF[which] != Firmware.SETTLED,
            then=STATUS_OF[which].is_in(SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED) & MIGRATED,
            rules="COM-2 MOD-29 MIG-6",
        )
        for which in _UPGRADABLE
    ),
    *(
        Constraint(
            f"an upgrade of {FIRMWARE_OF[which].label} is in hand only where the device is commissioned",
            when=FIRMWARE_OF[which].is_in(*IN_HAND),
            then=STATUS_OF[which] == SmiStatus.COMMISSIONED,
            rules="COM-2 MOD-30",
        )
        for which in _UPGRADABLE
    ),
)
"""What an upgrade needs of the device's SMI status."""

ON_PPMID_UPGRADES = (
    Constraint(
        "before Uplift 1.2 no PPMID firmware is upgraded",
        when=release < Release.UPLIFT_1_2,
        then=ppmid_firmware == Firmware.SETTLED,
        rules="DES-5 MOD-6",
    ),
    Constraint(
        "no FOC PPMID's firmware is ever upgraded",
        when=group.is_in(*FOC),
        then=ppmid_firmware == Firmware.SETTLED,
        rules="PPMID-7 SYS-3",
    ),
    Constraint(
        "no activation reaches a PPMID whose keys the DCO does not hold",
        when=ppmid_firmware.is_in(Firmware.PENDING, Firmware.UPGRADED),
        then=key_package == KeyPackage.WITH_PPMID,
        rules="KEY-5 KEY-6",
    ),
    Constraint(
        "a PPMID upgrade in hand is in the hand of the Electricity Supplier",
        when=ppmid_firmware.is_in(*IN_HAND),
        then=ppmid_upgrade_by == electricity_supplier,
        rules="PPMID-5 MOD-2",
    ),
    Constraint(
        "where no PPMID upgrade is in hand, nobody has one in hand",
        when=~ppmid_firmware.is_in(*IN_HAND),
        then=ppmid_upgrade_by == User.NOBODY,
        rules="PPMID-5 MOD-2",
    ),
)
"""What an upgrade of a PPMID needs besides."""
