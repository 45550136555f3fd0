"""Claims about firmware: whose it is on each device, what may be activated, and what a change of supplier does.

Sources: PPMID-1 to PPMID-10, SYS-2, SYS-3 and the assumptions MOD-2, MOD-4, MOD-7.
"""

from collections.abc import Iterator

from properties.requests import ACCEPTED, NOTHING_CHANGES, SERVICE_REQUEST, UPGRADE
from statemachines import Reached, after, always, always_possible, is_a, sometimes
from statemachines.commissioning import Commissioning, ppmid_status
from statemachines.core.claims import Claim
from statemachines.firmware import (
    IN_HAND,
    Firmware,
    chf_firmware,
    esme_firmware,
    gsme_firmware,
    ppmid_firmware,
    ppmid_upgrade_by,
)
from statemachines.migration import Migration, migration
from statemachines.releases import Release, release
from statemachines.supply import electricity_supplier, gas_supplier
from statemachines.vocabulary import (
    FOC,
    ActivateFirmware,
    ChangeElectricitySupplier,
    ChangeGasSupplier,
    Device,
    Image,
    Outcome,
    Party,
    ReachActivationDate,
    Reason,
    RequestIdUse,
    Timing,
    UpdateFirmware,
    UpdatePpmidFirmware,
    User,
    decided_at,
    group,
    image,
    outcome,
    reason,
    request_id,
    sender,
    target,
    timing,
    to,
)
from statemachines.vocabulary import device as about

UPGRADE_PPMID = UPGRADE & (target == Device.PPMID)
ACTIVATE = is_a(ActivateFirmware)
NO_RIGHT = (Reason.ROLE, Reason.NOT_REGISTERED, Reason.NOT_ELECTRICITY_SUPPLIER, Reason.NOT_GAS_SUPPLIER)
OWN_FIRMWARE = {
    Device.PPMID: (ppmid_firmware, ChangeElectricitySupplier),
    Device.ESME: (esme_firmware, ChangeElectricitySupplier),
    Device.GSME: (gsme_firmware, ChangeGasSupplier),
    Device.CHF: (chf_firmware, ChangeElectricitySupplier),
}
"""For each device with firmware of its own: where its upgrade stands, and the change of the supplier it belongs to."""

RIGHTS = (
    always(
        "only the Electricity Supplier upgrades PPMID firmware",
        when=UPGRADE_PPMID & ACCEPTED,
        then=sender == electricity_supplier,
        rules="PPMID-1 PPMID-2",
    ),
    always(
        "only the Electricity Supplier's SRV 11.4 is accepted",
        when=is_a(UpdatePpmidFirmware) & ACCEPTED,
        then=sender == electricity_supplier,
        rules="PPMID-1 PPMID-2",
    ),
    always(
        "a Service Request changes a PPMID's firmware only if the Electricity Supplier sent it",
        when=SERVICE_REQUEST & (after(ppmid_firmware) != ppmid_firmware),
        then=sender == electricity_supplier,
        rules="PPMID-1",
    ),
    always(
        "a Gas Supplier that is not the Electricity Supplier gets no PPMID upgrade past the DSP",
        when=UPGRADE_PPMID & (sender == gas_supplier) & (gas_supplier != electricity_supplier),
        then=~Reached(Party.S1SP) & NOTHING_CHANGES,
        rules="PPMID-2",
    ),
    always(
        "only the Electricity Supplier upgrades Communications Hub firmware",
        when=UPGRADE & target.is_in(Device.CHF, Device.GPF) & ACCEPTED,
        then=sender == electricity_supplier,
        rules="PPMID-3",
    ),
    always(
        "never two have the right to upgrade a PPMID",
        when=UPGRADE_PPMID & Reached(Party.S1SP),
        then=sender == electricity_supplier,
        rules="PPMID-4",
    ),
    always(
        "never nobody has the right to upgrade a PPMID",
        when=UPGRADE_PPMID & (sender == electricity_supplier),
        then=~reason.is_in(*NO_RIGHT),
        rules="PPMID-4 SYS-5",
    ),
    always(
        "a change of Electricity Supplier moves the right whole",
        when=is_a(ChangeElectricitySupplier) & (outcome == Outcome.HAPPENED),
        then=after(electricity_supplier) == to,
        rules="PPMID-4",
    ),
    always(
        "only the Electricity Supplier upgrades ESME firmware",
        when=UPGRADE & (target == Device.ESME) & ACCEPTED,
        then=sender == electricity_supplier,
        rules="PPMID-10",
    ),
    always(
        "only the Gas Supplier upgrades GSME firmware",
        when=UPGRADE & (target == Device.GSME) & ACCEPTED,
        then=sender == gas_supplier,
        rules="PPMID-10",
    ),
    always(
        "the Gas Supplier is never refused the right to GSME firmware",
        when=UPGRADE & (target == Device.GSME) & (sender == gas_supplier),
        then=~reason.is_in(*NO_RIGHT),
        rules="PPMID-10",
    ),
)

IN_HAND_CLAIMS = (
    always(
        "after a change of Electricity Supplier nobody has a PPMID upgrade in hand",
        when=is_a(ChangeElectricitySupplier) & (outcome == Outcome.HAPPENED) & ppmid_firmware.is_in(*IN_HAND),
        then=after(ppmid_upgrade_by) == User.NOBODY,
        rules="PPMID-5 MOD-2",
    ),
    always(
        "a change of Gas Supplier leaves a PPMID upgrade in hand as it is",
        when=is_a(ChangeGasSupplier) & ppmid_firmware.is_in(*IN_HAND),
        then=(after(ppmid_firmware) == ppmid_firmware) & (after(ppmid_upgrade_by) == ppmid_upgrade_by),
        rules="PPMID-4 PPMID-5",
    ),
)

SCOPE = (
    always(
        "an FOC PPMID upgrade that comes to the S1SP is not processed there",
        when=UPGRADE_PPMID & group.is_in(*FOC) & Reached(Party.S1SP),
        then=(outcome == Outcome.NOT_PROCESSED) & (decided_at == Party.S1SP) & NOTHING_CHANGES,
        rules="PPMID-7 PPMID-8",
    ),
    always(
        "the DSP processes the Electricity Supplier's FOC PPMID upgrade",
        when=UPGRADE_PPMID
        & group.is_in(*FOC)
        & (sender == electricity_supplier)
        & (request_id == RequestIdUse.NEW)
        & (migration == Migration.MIGRATED)
        & (ppmid_status == Commissioning.COMMISSIONED)
        & (release >= Release.UPLIFT_1_2),
        then=Reached(Party.S1SP),
        rules="PPMID-8",
    ),
    always(
        "nothing but an FOC PPMID upgrade is left unprocessed",
        when=outcome == Outcome.NOT_PROCESSED,
        then=UPGRADE_PPMID & group.is_in(*FOC),
        rules="PPMID-7 SYS-2 SYS-3",
    ),
    always_possible(
        "a PPMID that is not FOC's can always come to be upgraded",
        when=(ppmid_status != Commissioning.ABSENT) & ~group.is_in(*FOC),
        goal=ppmid_firmware == Firmware.UPGRADED,
        rules="PPMID-4 PPMID-9 KEY-4",
    ),
)


def _activation(device: Device) -> Iterator[Claim]:
    """What may be delivered to one device and activated on it, and how (PPMID-9); and what ends that."""
    firmware, change_of_owner = OWN_FIRMWARE[device]
    name = firmware.label
    activate = ACTIVATE & (target == device)
    at_once = activate & (timing == Timing.IMMEDIATE) & (image == Image.DELIVERED)
    date_reached = is_a(ReachActivationDate) & (about == device)
    yield always(
        f"{name} that is delivered is in hand, and an earlier activation lapses",
        when=is_a(UpdateFirmware) & (target == device) & ACCEPTED,
        then=after(firmware) == Firmware.DELIVERED,
        rules="PPMID-9 MOD-3",
    )
    yield always(
        f"{name} that is activated at once runs",
        when=activate & (timing == Timing.IMMEDIATE) & ACCEPTED,
        then=after(firmware) == Firmware.UPGRADED,
        rules="PPMID-9 MOD-10 MOD-12",
    )
    yield always(
        f"{name} runs when the date of its activation is reached",
        when=date_reached & (outcome == Outcome.HAPPENED),
        then=(firmware == Firmware.PENDING) & (after(firmware) == Firmware.UPGRADED),
        rules="PPMID-9",
    )
    yield always(
        f"a change of supplier ends the upgrade of {name} in hand",
        when=is_a(change_of_owner) & (outcome == Outcome.HAPPENED) & firmware.is_in(*IN_HAND),
        then=after(firmware) == Firmware.SETTLED,
        rules="PPMID-5 MOD-2",
    )
    yield always(
        f"{name} changes only by requests, dates and a change of its own supplier",
        when=after(firmware) != firmware,
        then=SERVICE_REQUEST | date_reached | is_a(change_of_owner),
        rules="PPMID-9 PPMID-10",
    )
    yield always(
        f"{name} is upgraded only by activating the image that was delivered",
        when=(after(firmware) == Firmware.UPGRADED) & (firmware != Firmware.UPGRADED),
        then=((firmware == Firmware.DELIVERED) & at_once) | ((firmware == Firmware.PENDING) & (at_once | date_reached)),
        rules="PPMID-9",
    )
    yield always(
        f"activating another image fails, and {name} stays",
        when=activate & (timing != Timing.CANCELLATION) & (image == Image.ANOTHER),
        then=~ACCEPTED & NOTHING_CHANGES,
        rules="PPMID-9",
    )
    yield always(
        f"a future-dated activation of {name} is held, and what runs stays",
        when=activate & (timing == Timing.FUTURE_DATED) & ACCEPTED,
        then=(after(firmware) == Firmware.PENDING) & firmware.is_in(*IN_HAND),
        rules="PPMID-9",
    )
    yield always(
        f"a cancelled activation of {name} leaves the image in hand",
        when=activate & (timing == Timing.CANCELLATION) & ACCEPTED,
        then=(firmware == Firmware.PENDING) & (after(firmware) == Firmware.DELIVERED),
        rules="PPMID-9 MOD-4",
    )
    yield always(
        f"a Service Request changes {name} only if it names that device",
        when=SERVICE_REQUEST & (after(firmware) != firmware),
        then=target == device,
        rules="PPMID-10",
    )


BESIDE = (
    sometimes(
        "PPMID, ESME, GSME and Communications Hub may all have an upgrade in hand at once",
        of=ppmid_firmware.is_in(*IN_HAND)
        & esme_firmware.is_in(*IN_HAND)
        & gsme_firmware.is_in(*IN_HAND)
        & chf_firmware.is_in(*IN_HAND),
        rules="PPMID-10",
    ),
    always(
        "no firmware is upgraded at the GPF",
        when=UPGRADE & (target == Device.GPF),
        then=~ACCEPTED,
        rules="MOD-7",
    ),
)

CLAIMS = (
    *RIGHTS,
    *IN_HAND_CLAIMS,
    *SCOPE,
    *(claim for device in OWN_FIRMWARE for claim in _activation(device)),
    *BESIDE,
)
