"""Firmware of PPMID, ESME, GSME and Communications Hub: an image is delivered, activated at once or later, or lapses.

All that concerns firmware is here, but for the roles that may send its requests (`service_request_variants`) and
registration (`admission`): the lifecycle, one for four devices; whose firmware it is, and what else the DSP,
the S1SP and the device ask of requests; the answers; and the conditions that every reachable state satisfies.
Sources: PPMID-1 to PPMID-10, READ-1 to READ-3 and the assumptions MOD-1 to MOD-7, MOD-10, MOD-12, MOD-15, MOD-29,
MOD-30, MOD-49 to MOD-51, MOD-53 and MOD-54.
"""

from enum import Enum

from statemachines.language.component import Component, Constraint
from statemachines.language.expression import Expr
from statemachines.language.gates import Answer, Check
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import RequestType
from statemachines.language.terms import Variable
from statemachines.smets1.commissioning import STATUS_OF, SmiStatus
from statemachines.smets1.designation import FOC_CAME_IN
from statemachines.smets1.key_package import KeyPackage, key_package
from statemachines.smets1.migration import MIGRATED
from statemachines.smets1.releases import UPLIFT_1_2_IN_FORCE, Release, release
from statemachines.smets1.supply import electricity_supplier, gas_supplier
from statemachines.smets1.verdicts import accepted, happens, happens_only, rejects
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
    Party,
    ReachActivationDate,
    ReadFirmwareVersion,
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


class FirmwareReason(Enum):
    """Why firmware is upgraded, or read, or not."""

    NOT_ELECTRICITY_SUPPLIER = "only the Electricity Supplier may touch this device's firmware"
    NOT_GAS_SUPPLIER = "only the Gas Supplier may touch this device's firmware"
    NOT_RELEASED = "PPMID firmware functionality comes with Uplift 1.2, which is not in force"
    FOC_PPMID = "PPMID firmware is out of scope for FOC"
    FOC_IN_SCOPE = "PPMID firmware for FOC came into scope, and what becomes of the request is not said"
    GPF_FIRMWARE = "a Communications Hub's firmware is updated at its CHF"
    PPMID_READ_DEFECT = "an IOC PPMID's firmware cannot be read before the November 2020 maintenance release"
    NO_IMAGE = "no image is in hand to be activated"
    ANOTHER_IMAGE = "the hash is not that of the delivered image"
    NOTHING_PENDING = "no activation is pending to be cancelled"
    NOTHING_DUE = "no activation is pending"
    DELIVERED = "the image is delivered"
    ACTIVATED = "the delivered image is activated"
    ACTIVATION_HELD = "the device holds the activation until its date"
    CANCELLED = "the pending activation is cancelled"
    VERSION_READ = "the device answers with the version that is running"


IN_HAND = (Firmware.DELIVERED, Firmware.PENDING)

ppmid_firmware = Variable("ppmid_firmware", Firmware, label="PPMID firmware")
esme_firmware = Variable("esme_firmware", Firmware, label="ESME firmware")
gsme_firmware = Variable("gsme_firmware", Firmware, label="GSME firmware")
chf_firmware = Variable("chf_firmware", Firmware, label="Communications Hub firmware")

ppmid_upgrade_by = Variable(
    "ppmid_upgrade_by", User, among=(*SUPPLIERS, User.NOBODY), label="party with a PPMID upgrade in hand"
)


FIRMWARE_OF = {
    Device.ESME: esme_firmware,
    Device.GSME: gsme_firmware,
    Device.CHF: chf_firmware,
    Device.GPF: chf_firmware,
    Device.PPMID: ppmid_firmware,
}
"""The variable that tells what each device runs; a GPF runs its Communications Hub's (MOD-7)."""

_UPGRADABLE = (Device.CHF, Device.ESME, Device.GSME, Device.PPMID)
"""The devices that have firmware of their own."""

_FOC_PPMID: Expr = (target == Device.PPMID) & group.is_in(*FOC)
_IOC_PPMID: Expr = (target == Device.PPMID) & group.is_in(*IOC)


def _upgrades(variable: Variable, which: Device, of: str, *, lapse_on: RequestType) -> Lifecycle:
    """The upgrades of one device; one in hand lapses when the device's Supplier changes."""
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
            Transition(Firmware.PENDING, ActivateFirmware, Firmware.UPGRADED, when=activate, rules="MOD-10"),
            Transition(Firmware.PENDING, ActivateFirmware, Firmware.PENDING, when=hold, rules="MOD-10"),
            Transition(Firmware.PENDING, ActivateFirmware, Firmware.DELIVERED, when=cancel, rules="MOD-4"),
            Transition(Firmware.PENDING, ReachActivationDate, Firmware.UPGRADED, when=device == which, rules="PPMID-9"),
            Transition(IN_HAND, lapse_on, Firmware.SETTLED, rules="MOD-2"),
            Transition(IN_HAND, SuspendDevice, Firmware.SETTLED, when=device == which, rules="MOD-30"),
            Transition(
                [*IN_HAND, Firmware.UPGRADED],
                DecommissionDevice,
                Firmware.SETTLED,
                when=device == which,
                rules="MOD-29",
            ),
        ],
        title=f"firmware of the {of}",
    )


ppmid = _upgrades(ppmid_firmware, Device.PPMID, "PPMID", lapse_on=ChangeElectricitySupplier)

ppmid_in_hand = Lifecycle(
    ppmid_upgrade_by,
    initial=User.NOBODY,
    transitions=[
        *(
            Transition(
                ppmid_upgrade_by.domain,
                UpdateFirmware,
                supplier,
                when=(target == Device.PPMID) & (sender == supplier),
                rules="PPMID-5",
            )
            for supplier in SUPPLIERS
        ),
        Transition(
            SUPPLIERS,
            ActivateFirmware,
            User.NOBODY,
            when=(target == Device.PPMID) & (image == Image.DELIVERED) & (timing == Timing.IMMEDIATE),
            rules="MOD-12",
        ),
        Transition(SUPPLIERS, ReachActivationDate, User.NOBODY, when=device == Device.PPMID, rules="MOD-12"),
        Transition(SUPPLIERS, ChangeElectricitySupplier, User.NOBODY, rules="MOD-2"),
        Transition(SUPPLIERS, SuspendDevice, User.NOBODY, when=device == Device.PPMID, rules="MOD-30"),
        Transition(SUPPLIERS, DecommissionDevice, User.NOBODY, when=device == Device.PPMID, rules="MOD-29"),
    ],
    title="who has a PPMID upgrade in hand",
)


def _upgrade_accepted(*devices: Device, by: str) -> list[Answer]:
    """An upgrade is accepted under the rule that says whose firmware it is."""
    this = target.is_in(*devices)
    return [
        accepted(UpdateFirmware, FirmwareReason.DELIVERED, f"{by} SYS-1 SRP-2 MOD-15", when=this),
        accepted(
            ActivateFirmware,
            FirmwareReason.ACTIVATED,
            f"{by} SYS-1 SRP-2 SRP-3 MOD-5",
            when=this & (timing == Timing.IMMEDIATE),
        ),
        accepted(
            ActivateFirmware,
            FirmwareReason.ACTIVATION_HELD,
            f"{by} SYS-1 SRP-2 SRP-3 MOD-5",
            when=this & (timing == Timing.FUTURE_DATED),
        ),
        accepted(
            ActivateFirmware,
            FirmwareReason.CANCELLED,
            f"{by} SYS-1 SRP-2 SRP-3 MOD-4",
            when=this & (timing == Timing.CANCELLATION),
        ),
    ]


def _version_read(which: Device, version: Response, when: Expr, *, by: str, unspecified: str = "") -> Answer:
    return Answer(
        [ReadFirmwareVersion],
        outcome=Outcome.ACCEPTED,
        reason=FirmwareReason.VERSION_READ,
        response=version,
        when=(target == which) & when,
        rules=by,
        unspecified=unspecified,
    )


def _running_version(which: Device, *, by: str) -> list[Answer]:
    """SRV 11.2 returns the version that is running."""
    upgraded = FIRMWARE_OF[which] == Firmware.UPGRADED
    return [
        _version_read(which, Response.DELIVERED_VERSION, upgraded, by=by),
        _version_read(which, Response.PRESENT_VERSION, ~upgraded, by=by),
    ]


component = Component(
    "firmware",
    lifecycles=[
        ppmid,
        ppmid_in_hand,
        _upgrades(esme_firmware, Device.ESME, "ESME", lapse_on=ChangeElectricitySupplier),
        _upgrades(gsme_firmware, Device.GSME, "GSME", lapse_on=ChangeGasSupplier),
        _upgrades(chf_firmware, Device.CHF, "Communications Hub", lapse_on=ChangeElectricitySupplier),
    ],
    checks={
        Party.DSP: [
            rejects(
                "PPMID firmware is the Electricity Supplier's",
                fails_when=(target == Device.PPMID) & (sender != electricity_supplier),
                why=FirmwareReason.NOT_ELECTRICITY_SUPPLIER,
                rules="PPMID-1 PPMID-2 MOD-51",
                on=UPGRADE_REQUESTS,
            ),
            rejects(
                "PPMID firmware is the Electricity Supplier's by SRV 11.4 too",
                fails_when=sender != electricity_supplier,
                why=FirmwareReason.NOT_ELECTRICITY_SUPPLIER,
                rules="PPMID-1 PPMID-2 MOD-51",
                on=[UpdatePpmidFirmware],
            ),
            rejects(
                "Communications Hub firmware is the Electricity Supplier's",
                fails_when=target.is_in(Device.CHF, Device.GPF) & (sender != electricity_supplier),
                why=FirmwareReason.NOT_ELECTRICITY_SUPPLIER,
                rules="PPMID-3 MOD-51",
                on=UPGRADE_REQUESTS,
            ),
            rejects(
                "ESME firmware is the Electricity Supplier's",
                fails_when=(target == Device.ESME) & (sender != electricity_supplier),
                why=FirmwareReason.NOT_ELECTRICITY_SUPPLIER,
                rules="PPMID-10",
                on=UPGRADE_REQUESTS,
            ),
            rejects(
                "GSME firmware is the Gas Supplier's",
                fails_when=(target == Device.GSME) & (sender != gas_supplier),
                why=FirmwareReason.NOT_GAS_SUPPLIER,
                rules="PPMID-10",
                on=UPGRADE_REQUESTS,
            ),
            rejects(
                "PPMID firmware functionality is released",
                fails_when=(target == Device.PPMID) & ~UPLIFT_1_2_IN_FORCE,
                why=FirmwareReason.NOT_RELEASED,
                rules="MOD-6",
                on=UPGRADE_REQUESTS,
            ),
        ],
        Party.S1SP: [
            Check(
                "the S1SP processes PPMID firmware",
                fails_when=_FOC_PPMID & ~FOC_CAME_IN,
                outcome=Outcome.NOT_PROCESSED,
                reason=FirmwareReason.FOC_PPMID,
                rules="PPMID-7 PPMID-8 SYS-3",
                on=UPGRADE_REQUESTS,
                unspecified=["response"],
            ),
            Check(
                "it is said what becomes of PPMID firmware once FOC is in scope",
                fails_when=_FOC_PPMID & FOC_CAME_IN,
                outcome=Outcome.NOT_PROCESSED,
                reason=FirmwareReason.FOC_IN_SCOPE,
                rules="DES-3 SYS-3",
                on=UPGRADE_REQUESTS,
                unspecified=["outcome", "at", "reason", "response"],
            ),
            rejects(
                "Communications Hub firmware is addressed at the CHF",
                fails_when=target == Device.GPF,
                why=FirmwareReason.GPF_FIRMWARE,
                rules="MOD-7",
                on=UPGRADE_REQUESTS,
            ),
            Check(
                "the S1SP can read a PPMID's firmware",
                fails_when=_IOC_PPMID & (release == Release.UPLIFT_1_2),
                outcome=Outcome.ALERT,
                reason=FirmwareReason.PPMID_READ_DEFECT,
                rules="READ-2 MOD-1 SYS-2",
                on=[ReadFirmwareVersion],
            ),
            Check(
                "the S1SP can read a PPMID's firmware before Uplift 1.2, too",
                fails_when=_IOC_PPMID & (release == Release.BEFORE_UPLIFT_1_2),
                outcome=Outcome.ALERT,
                reason=FirmwareReason.PPMID_READ_DEFECT,
                rules="MOD-53",
                on=[ReadFirmwareVersion],
            ),
        ],
        Party.DEVICE: [
            rejects(
                "an activation is pending to be cancelled",
                fails_when=(timing == Timing.CANCELLATION)
                & whichever(target, lambda which: FIRMWARE_OF[which] != Firmware.PENDING),
                why=FirmwareReason.NOTHING_PENDING,
                rules="MOD-4",
                on=[ActivateFirmware],
            ),
            rejects(
                "an image is in hand",
                fails_when=timing.is_in(Timing.IMMEDIATE, Timing.FUTURE_DATED)
                & whichever(target, lambda which: ~FIRMWARE_OF[which].is_in(*IN_HAND)),
                why=FirmwareReason.NO_IMAGE,
                rules="MOD-12 MOD-50",
                on=[ActivateFirmware],
            ),
            rejects(
                "the hash is the delivered image's",
                fails_when=timing.is_in(Timing.IMMEDIATE, Timing.FUTURE_DATED) & (image == Image.ANOTHER),
                why=FirmwareReason.ANOTHER_IMAGE,
                rules="MOD-5 MOD-50",
                on=[ActivateFirmware],
            ),
        ],
        Party.PREMISES: [
            happens_only(
                ReachActivationDate,
                "an activation of the device is pending",
                whichever(device, lambda which: FIRMWARE_OF[which] == Firmware.PENDING),
                otherwise=FirmwareReason.NOTHING_DUE,
                rules="PPMID-9",
            )
        ],
    },
    answers=[
        *_upgrade_accepted(Device.PPMID, by="PPMID-1 PPMID-6 MOD-49"),
        *_upgrade_accepted(Device.CHF, Device.GPF, by="PPMID-3"),
        *_upgrade_accepted(Device.ESME, Device.GSME, by="PPMID-10"),
        _version_read(
            Device.PPMID,
            Response.PRESENT_VERSION,
            group.is_in(*FOC) & FOC_CAME_IN,
            by="READ-3 SRP-2 DES-3 MOD-54",
            unspecified="response",
        ),
        *_running_version(Device.ESME, by="READ-3 SRP-2 MOD-54"),
        *_running_version(Device.GSME, by="READ-3 SRP-2 MOD-54"),
        *_running_version(Device.CHF, by="READ-3 SRP-2 MOD-54"),
        *_running_version(Device.GPF, by="READ-1 READ-3 SRP-2 COM-3 MOD-54"),
        *_running_version(Device.PPMID, by="READ-3 SRP-2 MOD-54"),
        happens(ReachActivationDate, "PPMID-9"),
    ],
    constraints=[
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
        Constraint(
            "before Uplift 1.2 no PPMID firmware is upgraded",
            when=~UPLIFT_1_2_IN_FORCE,
            then=ppmid_firmware == Firmware.SETTLED,
            rules="MOD-6",
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
            rules="PPMID-1 PPMID-5 MOD-2",
        ),
        Constraint(
            "where no PPMID upgrade is in hand, nobody has one in hand",
            when=~ppmid_firmware.is_in(*IN_HAND),
            then=ppmid_upgrade_by == User.NOBODY,
            rules="MOD-2 MOD-12",
        ),
    ],
)
