"""Firmware of PPMID, ESME, GSME and Communications Hub: an image is delivered, activated at once or later, or lapses.

The four lifecycles are one, for four devices; who may send the requests is the gates' business (PPMID-1, PPMID-3,
PPMID-10). Sources: PPMID-5, PPMID-9 and the assumptions MOD-2 to MOD-4, MOD-10, MOD-12, MOD-29 and MOD-30.
"""

from collections.abc import Iterator
from enum import Enum

from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import RequestType
from statemachines.language.terms import Variable
from statemachines.smets1.events import cannot_happen, happens
from statemachines.smets1.vocabulary import (
    SUPPLIERS,
    ActivateFirmware,
    ChangeElectricitySupplier,
    ChangeGasSupplier,
    DecommissionDevice,
    Device,
    Image,
    ReachActivationDate,
    Reason,
    SuspendDevice,
    Timing,
    UpdateFirmware,
    User,
    device,
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


def _firmware(variable: Variable, which: Device, owner_changes: RequestType) -> Lifecycle:
    addressed = target == which
    delivered_image = addressed & (image == Image.DELIVERED)
    activate = delivered_image & (timing == Timing.IMMEDIATE)
    hold = delivered_image & (timing == Timing.FUTURE_DATED)
    cancel = addressed & (timing == Timing.CANCELLATION)
    of_another_party = "PPMID-5 MOD-2" if which is Device.PPMID else "MOD-2"
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
            Transition(IN_HAND, owner_changes, Firmware.SETTLED, rules=of_another_party),
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


ppmid = _firmware(ppmid_firmware, Device.PPMID, ChangeElectricitySupplier)
esme = _firmware(esme_firmware, Device.ESME, ChangeElectricitySupplier)
gsme = _firmware(gsme_firmware, Device.GSME, ChangeGasSupplier)
chf = _firmware(chf_firmware, Device.CHF, ChangeElectricitySupplier)


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
