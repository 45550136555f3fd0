"""Claims about each device's firmware: what may be delivered and activated on it, how, and what ends that.

Sources: PPMID-3 to PPMID-5, PPMID-9, PPMID-10, MOD-2 to MOD-5, MOD-10, MOD-12, MOD-29, MOD-30, MOD-37.
"""

from collections.abc import Iterator

from properties.smets1.claims.firmware import ACTIVATE, IN_ORDER
from properties.smets1.claims.requests import ACCEPTED, NOTHING_CHANGES, SERVICE_REQUEST, UPGRADE
from statemachines import after, always, is_a
from statemachines.language.claims import Claim
from statemachines.language.expression import Expr
from statemachines.smets1.firmware import (
    IN_HAND,
    Firmware,
    FirmwareReason,
    chf_firmware,
    esme_firmware,
    gsme_firmware,
    ppmid_firmware,
)
from statemachines.smets1.key_package import KeyPackage, key_package
from statemachines.smets1.reasons import reason
from statemachines.smets1.verdicts import EventReason
from statemachines.smets1.vocabulary import (
    FOC,
    ChangeElectricitySupplier,
    ChangeGasSupplier,
    DecommissionDevice,
    Device,
    EndSuspension,
    Image,
    Outcome,
    Party,
    ReachActivationDate,
    Screening,
    SuspendDevice,
    Timing,
    UpdateFirmware,
    decided_at,
    group,
    image,
    outcome,
    screening,
    target,
    timing,
)
from statemachines.smets1.vocabulary import device as about

OWN_FIRMWARE = {
    Device.PPMID: (ppmid_firmware, ChangeElectricitySupplier),
    Device.ESME: (esme_firmware, ChangeElectricitySupplier),
    Device.GSME: (gsme_firmware, ChangeGasSupplier),
    Device.CHF: (chf_firmware, ChangeElectricitySupplier),
}
"""For each device with firmware of its own: where its upgrade stands, and the change of the supplier it belongs to."""


def _activation(device: Device) -> Iterator[Claim]:
    """What may be delivered to one device and activated on it, and how (PPMID-9); and what ends that."""
    firmware, change_of_owner = OWN_FIRMWARE[device]
    name = firmware.label
    activate = ACTIVATE & (target == device)
    at_once = activate & (timing == Timing.IMMEDIATE) & (image == Image.DELIVERED)
    date_reached = is_a(ReachActivationDate) & (about == device)
    delivered = is_a(UpdateFirmware) & (target == device) & ACCEPTED
    activated = activate & (timing == Timing.IMMEDIATE) & ACCEPTED
    yield always(
        f"{name} that is delivered is in hand",
        when=delivered & ~firmware.is_in(*IN_HAND),
        then=after(firmware) == Firmware.DELIVERED,
        rules="PPMID-9",
    )
    yield always(
        f"{name} that is delivered takes the place of another, and an earlier activation lapses",
        when=delivered & firmware.is_in(*IN_HAND),
        then=after(firmware) == Firmware.DELIVERED,
        rules="MOD-3",
    )
    yield always(
        f"{name} that is activated at once runs",
        when=activated & (firmware == Firmware.DELIVERED) & (image == Image.DELIVERED),
        then=after(firmware) == Firmware.UPGRADED,
        rules="PPMID-9",
    )
    yield always(
        f"{name} that is activated at once runs where an activation was pending, too",
        when=activated & (firmware == Firmware.PENDING),
        then=after(firmware) == Firmware.UPGRADED,
        rules="MOD-10",
    )
    yield always(
        f"{name} runs when the date of its activation is reached",
        when=date_reached & (outcome == Outcome.HAPPENED),
        then=(firmware == Firmware.PENDING) & (after(firmware) == Firmware.UPGRADED),
        rules="PPMID-9",
    )
    yield always(
        f"the date of a pending activation of {name} can be reached",
        when=date_reached & (firmware == Firmware.PENDING),
        then=(outcome == Outcome.HAPPENED) & (reason == EventReason.HAPPENED),
        rules="PPMID-9",
    )
    yield always(
        f"no date is reached where no activation of {name} is pending",
        when=date_reached & (firmware != Firmware.PENDING),
        then=(outcome == Outcome.CANNOT_HAPPEN) & (reason == FirmwareReason.NOTHING_DUE) & NOTHING_CHANGES,
        rules="PPMID-9",
    )
    yield always(
        f"a change of supplier ends the upgrade of {name} in hand",
        when=is_a(change_of_owner) & (outcome == Outcome.HAPPENED) & firmware.is_in(*IN_HAND),
        then=after(firmware) == Firmware.SETTLED,
        rules="MOD-2",
    )
    yield always(
        f"a change of supplier leaves {name} that runs as it is",
        when=is_a(ChangeElectricitySupplier, ChangeGasSupplier) & (firmware == Firmware.UPGRADED),
        then=after(firmware) == Firmware.UPGRADED,
        rules="MOD-2",
    )
    yield always(
        f"{name} changes only by requests, dates, suspension and a change of its own supplier",
        when=after(firmware) != firmware,
        then=SERVICE_REQUEST | date_reached | is_a(change_of_owner) | (is_a(SuspendDevice) & (about == device)),
        rules="PPMID-10 MOD-2 MOD-30",
    )
    yield always(
        f"{name} is upgraded only by activating the image that was delivered",
        when=(after(firmware) == Firmware.UPGRADED) & (firmware != Firmware.UPGRADED),
        then=((firmware == Firmware.DELIVERED) & at_once) | ((firmware == Firmware.PENDING) & (at_once | date_reached)),
        rules="MOD-50",
    )
    yield always(
        f"activating another image fails, and {name} stays",
        when=activate & timing.is_in(Timing.IMMEDIATE, Timing.FUTURE_DATED) & (image == Image.ANOTHER),
        then=~ACCEPTED & NOTHING_CHANGES,
        rules="MOD-5 MOD-50",
    )
    held = activate & (timing == Timing.FUTURE_DATED) & ACCEPTED
    yield always(
        f"a future-dated activation of {name} is held, and what runs stays",
        when=held & (firmware == Firmware.DELIVERED) & (image == Image.DELIVERED),
        then=after(firmware) == Firmware.PENDING,
        rules="PPMID-9",
    )
    yield always(
        f"only where an image is in hand is a future-dated activation of {name} held",
        when=held,
        then=firmware.is_in(*IN_HAND) & (after(firmware) == Firmware.PENDING),
        rules="MOD-10 MOD-50",
    )
    yield always(
        f"a cancelled activation of {name} leaves the image in hand",
        when=activate & (timing == Timing.CANCELLATION) & ACCEPTED,
        then=(firmware == Firmware.PENDING) & (after(firmware) == Firmware.DELIVERED),
        rules="MOD-4",
    )
    yield always(
        f"a Service Request changes {name} only if it names that device",
        when=SERVICE_REQUEST & (after(firmware) != firmware),
        then=(UPGRADE & (target == device)) | (is_a(DecommissionDevice) & (about == device)),
        rules="PPMID-10",
    )
    yield always(
        f"suspending the device ends the upgrade of {name} in hand",
        when=is_a(SuspendDevice) & (about == device) & (outcome == Outcome.HAPPENED) & firmware.is_in(*IN_HAND),
        then=after(firmware) == Firmware.SETTLED,
        rules="MOD-30",
    )
    yield always(
        f"suspending the device and ending that leave {name} that runs as it is",
        when=is_a(SuspendDevice, EndSuspension) & (firmware == Firmware.UPGRADED),
        then=after(firmware) == Firmware.UPGRADED,
        rules="MOD-30",
    )
    yield always(
        f"decommissioning the device ends whatever its {name} had come to",
        when=is_a(DecommissionDevice) & (about == device) & ACCEPTED,
        then=after(firmware) == Firmware.SETTLED,
        rules="MOD-29",
    )
    yield from _at_the_device(device, IN_ORDER[device] & (screening == Screening.PASSED))


def _at_the_device(device: Device, in_order: Expr) -> Iterator[Claim]:
    """What is answered to an upgrade of one device that is in order (PPMID-9, MOD-4, MOD-12)."""
    firmware, _ = OWN_FIRMWARE[device]
    name = firmware.label
    if device is Device.PPMID:
        in_order &= ~group.is_in(*FOC)
    with_keys = in_order & (key_package == KeyPackage.WITH_PPMID) if device is Device.PPMID else in_order
    cancel = with_keys & ACTIVATE & (timing == Timing.CANCELLATION)
    activate = with_keys & ACTIVATE & timing.is_in(Timing.IMMEDIATE, Timing.FUTURE_DATED)
    in_hand = firmware.is_in(Firmware.DELIVERED, Firmware.PENDING)
    refused = (outcome == Outcome.REJECTED) & (decided_at == Party.DEVICE)
    whose = "PPMID-3" if device is Device.CHF else "PPMID-4" if device is Device.PPMID else "PPMID-10"
    yield always(
        f"{name} is delivered as its supplier asks",
        when=in_order & is_a(UpdateFirmware) & ~in_hand,
        then=ACCEPTED & (reason == FirmwareReason.DELIVERED),
        rules=whose,
    )
    yield always(
        f"{name} is delivered as its supplier asks where an image is in hand, too",
        when=in_order & is_a(UpdateFirmware) & in_hand,
        then=ACCEPTED & (reason == FirmwareReason.DELIVERED),
        rules="MOD-3",
    )
    yield always(
        f"a pending activation of {name} is cancelled whatever hash the cancellation names",
        when=cancel & (firmware == Firmware.PENDING),
        then=ACCEPTED & (reason == FirmwareReason.CANCELLED),
        rules="MOD-4",
    )
    yield always(
        f"where no activation of {name} is pending, the device refuses to cancel one",
        when=cancel & (firmware != Firmware.PENDING),
        then=refused & (reason == FirmwareReason.NOTHING_PENDING),
        rules="MOD-4 MOD-37",
    )
    yield always(
        f"where no image of {name} is in hand, the device refuses to activate one",
        when=activate & ~in_hand,
        then=refused & (reason == FirmwareReason.NO_IMAGE),
        rules="MOD-12 MOD-37 MOD-50",
    )
    yield always(
        f"where another image of {name} is in hand, the device refuses to activate it, for the hash",
        when=activate & in_hand & (image == Image.ANOTHER),
        then=refused & (reason == FirmwareReason.ANOTHER_IMAGE),
        rules="MOD-5 MOD-37 MOD-50",
    )
    for when, why in (
        (Timing.IMMEDIATE, FirmwareReason.ACTIVATED),
        (Timing.FUTURE_DATED, FirmwareReason.ACTIVATION_HELD),
    ):
        in_time = activate & (image == Image.DELIVERED) & (timing == when)
        yield always(
            f"{when.value} activation of the image of {name} that is in hand is accepted",
            when=in_time & (firmware == Firmware.DELIVERED),
            then=ACCEPTED & (reason == why),
            rules="PPMID-9",
        )
        yield always(
            f"{when.value} activation of the image of {name} is accepted while one is pending, too",
            when=in_time & (firmware == Firmware.PENDING),
            then=ACCEPTED & (reason == why),
            rules="MOD-10",
        )


CLAIMS = tuple(claim for device in OWN_FIRMWARE for claim in _activation(device))
