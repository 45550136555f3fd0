"""Claims about firmware: whose it is on each device, who may upgrade it, and in whose hand an upgrade is.

Sources: PPMID-1 to PPMID-10, SYS-2, SYS-3 and the assumptions MOD-2 to MOD-8, MOD-10, MOD-12, MOD-29, MOD-30.
"""

from properties.smets1.claims.requests import (
    ACCEPTED,
    KNOWN,
    NOTHING_CHANGES,
    REJECTED_BY_THE_DSP,
    SERVICE_REQUEST,
    UPGRADE,
    UPGRADE_IN_PLACE,
)
from statemachines import Reached, after, always, always_possible, is_a, sometimes
from statemachines.smets1.admission import AdmissionReason
from statemachines.smets1.commissioning import SmiStatus, chf_status, ppmid_status
from statemachines.smets1.designation import Jip, jip
from statemachines.smets1.firmware import (
    IN_HAND,
    Firmware,
    FirmwareReason,
    esme_firmware,
    gsme_firmware,
    ppmid_firmware,
    ppmid_upgrade_by,
)
from statemachines.smets1.migration import Migration, migration
from statemachines.smets1.reasons import reason
from statemachines.smets1.releases import Release, release
from statemachines.smets1.supply import electricity_supplier, gas_supplier
from statemachines.smets1.vocabulary import (
    FOC,
    SUPPLIERS,
    ActivateFirmware,
    ChangeElectricitySupplier,
    ChangeGasSupplier,
    DecommissionDevice,
    Device,
    Outcome,
    Party,
    RequestIdUse,
    UpdatePpmidFirmware,
    User,
    decided_at,
    group,
    outcome,
    request_id,
    sender,
    target,
    to,
)

UPGRADE_PPMID = UPGRADE & (target == Device.PPMID)
ACTIVATE = is_a(ActivateFirmware)
NO_RIGHT = (
    AdmissionReason.ROLE,
    AdmissionReason.NOT_REGISTERED,
    FirmwareReason.NOT_ELECTRICITY_SUPPLIER,
    FirmwareReason.NOT_GAS_SUPPLIER,
)
PPMID_IN_SCOPE = (target == Device.PPMID) & (release >= Release.UPLIFT_1_2)
FOC_COMES_IN = ~jip.is_in(Jip.PENDING, Jip.FOC_STAYS_OUT)
IN_ORDER = {
    Device.PPMID: UPGRADE_IN_PLACE & PPMID_IN_SCOPE & (sender == electricity_supplier),
    Device.ESME: UPGRADE_IN_PLACE & (target == Device.ESME) & (sender == electricity_supplier),
    Device.GSME: UPGRADE_IN_PLACE & (target == Device.GSME) & (sender == gas_supplier),
    Device.CHF: UPGRADE_IN_PLACE & (target == Device.CHF) & (sender == electricity_supplier),
    Device.GPF: UPGRADE_IN_PLACE & (target == Device.GPF) & (sender == electricity_supplier),
}
"""For each device, when the DSP has nothing against an upgrade of it."""

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
        "a Service Request to a PPMID in use changes its firmware only if the Electricity Supplier sent it",
        when=SERVICE_REQUEST & ~is_a(DecommissionDevice) & (after(ppmid_firmware) != ppmid_firmware),
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

DSP_ORDER = (
    *(
        claim
        for device, owner, why, rule in (
            (Device.PPMID, electricity_supplier, FirmwareReason.NOT_ELECTRICITY_SUPPLIER, "PPMID-1 PPMID-2"),
            (Device.CHF, electricity_supplier, FirmwareReason.NOT_ELECTRICITY_SUPPLIER, "PPMID-3"),
            (Device.GPF, electricity_supplier, FirmwareReason.NOT_ELECTRICITY_SUPPLIER, "PPMID-3"),
            (Device.ESME, electricity_supplier, FirmwareReason.NOT_ELECTRICITY_SUPPLIER, "PPMID-10"),
            (Device.GSME, gas_supplier, FirmwareReason.NOT_GAS_SUPPLIER, "PPMID-10"),
        )
        for claim in (
            always(
                f"an upgrade of the {device.value} from whoever it does not belong to is rejected",
                when=UPGRADE_IN_PLACE & (target == device) & (sender != owner),
                then=outcome == Outcome.REJECTED,
                rules=rule,
            ),
            always(
                f"the DSP asks whose firmware it is once the device is commissioned: {device.value}",
                when=UPGRADE_IN_PLACE & (target == device) & (sender != owner),
                then=REJECTED_BY_THE_DSP & (reason == why),
                rules="MOD-8 MOD-51",
            ),
        )
    ),
    always(
        "the DSP asks last whether PPMID firmware functionality is released",
        when=UPGRADE_IN_PLACE
        & (target == Device.PPMID)
        & (sender == electricity_supplier)
        & (release == Release.BEFORE_UPLIFT_1_2),
        then=REJECTED_BY_THE_DSP & (reason == FirmwareReason.NOT_RELEASED),
        rules="MOD-6 MOD-8",
    ),
    *(
        always(
            f"an upgrade of the {device.value} that is in order comes to the S1SP",
            when=in_order,
            then=Reached(Party.S1SP),
            rules=rules,
        )
        for (device, in_order), rules in zip(
            IN_ORDER.items(), ("PPMID-4 PPMID-8", "SYS-1", "SYS-1", "PPMID-3 SYS-1", "PPMID-3 SYS-1"), strict=True
        )
    ),
    always(
        "SRV 11.4 from the Electricity Supplier is accepted, and its effect is not modelled",
        when=KNOWN & is_a(UpdatePpmidFirmware) & (sender == electricity_supplier),
        then=ACCEPTED & (reason == AdmissionReason.NOT_MODELLED),
        rules="SRM-1",
    ),
    always(
        "SRV 11.4 from a Gas Supplier that is not the Electricity Supplier is rejected, for whose firmware it is",
        when=KNOWN & is_a(UpdatePpmidFirmware) & (sender == gas_supplier) & (sender != electricity_supplier),
        then=(outcome == Outcome.REJECTED) & (reason == FirmwareReason.NOT_ELECTRICITY_SUPPLIER),
        rules="PPMID-1 PPMID-2",
    ),
    always(
        "SRV 11.4 from a Supplier that is not registered at the premises is rejected for that",
        when=KNOWN
        & is_a(UpdatePpmidFirmware)
        & sender.is_in(*SUPPLIERS)
        & (sender != electricity_supplier)
        & (sender != gas_supplier),
        then=REJECTED_BY_THE_DSP & (reason == AdmissionReason.NOT_REGISTERED),
        rules="MOD-46",
    ),
)

IN_HAND_CLAIMS = (
    always(
        "after a change of Electricity Supplier nobody has a PPMID upgrade in hand",
        when=is_a(ChangeElectricitySupplier) & (outcome == Outcome.HAPPENED) & ppmid_firmware.is_in(*IN_HAND),
        then=after(ppmid_upgrade_by) == User.NOBODY,
        rules="MOD-2",
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
        "an FOC PPMID upgrade that comes to the S1SP is not processed there, unless FOC came into scope",
        when=UPGRADE_PPMID & group.is_in(*FOC) & Reached(Party.S1SP) & ~FOC_COMES_IN,
        then=(outcome == Outcome.NOT_PROCESSED)
        & (reason == FirmwareReason.FOC_PPMID)
        & (decided_at == Party.S1SP)
        & NOTHING_CHANGES,
        rules="PPMID-7 PPMID-8 SYS-3",
    ),
    always(
        "the DSP processes the Electricity Supplier's FOC PPMID upgrade",
        when=UPGRADE_PPMID
        & group.is_in(*FOC)
        & (sender == electricity_supplier)
        & (request_id == RequestIdUse.NEW)
        & (migration == Migration.MIGRATED)
        & (ppmid_status == SmiStatus.COMMISSIONED)
        & (chf_status != SmiStatus.DECOMMISSIONED)
        & (release >= Release.UPLIFT_1_2),
        then=Reached(Party.S1SP),
        rules="PPMID-8",
    ),
    always(
        "once FOC is to come into scope, no upgrade of its PPMIDs is called out of scope",
        when=FOC_COMES_IN,
        then=reason != FirmwareReason.FOC_PPMID,
        rules="DES-3",
    ),
    always(
        "that it is not said what becomes of an upgrade is said only of FOC's PPMIDs once FOC came into scope",
        when=reason == FirmwareReason.FOC_IN_SCOPE,
        then=UPGRADE_PPMID & group.is_in(*FOC) & FOC_COMES_IN & NOTHING_CHANGES,
        rules="DES-3 SYS-3",
    ),
    always(
        "nothing but an FOC PPMID upgrade is left unprocessed",
        when=outcome == Outcome.NOT_PROCESSED,
        then=UPGRADE_PPMID & group.is_in(*FOC),
        rules="PPMID-7 SYS-2 SYS-3",
    ),
    always_possible(
        "a PPMID in use behind its hub that is not FOC's can always come to be upgraded",
        when=ppmid_status.is_in(SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED)
        & (chf_status != SmiStatus.DECOMMISSIONED)
        & ~group.is_in(*FOC),
        goal=ppmid_firmware == Firmware.UPGRADED,
        rules="PPMID-4 PPMID-9 KEY-4",
    ),
)


BESIDE = (
    *(
        sometimes(
            f"a PPMID and {of} may have an upgrade in hand at once",
            of=ppmid_firmware.is_in(*IN_HAND) & firmware.is_in(*IN_HAND),
            rules="PPMID-10",
        )
        for of, firmware in (("an ESME", esme_firmware), ("a GSME", gsme_firmware))
    ),
    always(
        "no firmware is upgraded at the GPF",
        when=UPGRADE & (target == Device.GPF),
        then=~ACCEPTED,
        rules="MOD-7",
    ),
    always(
        "the S1SP rejects an upgrade at the GPF that is in order but for that",
        when=IN_ORDER[Device.GPF],
        then=(outcome == Outcome.REJECTED) & (reason == FirmwareReason.GPF_FIRMWARE) & (decided_at == Party.S1SP),
        rules="MOD-7 MOD-33",
    ),
)

CLAIMS = (
    *RIGHTS,
    *DSP_ORDER,
    *IN_HAND_CLAIMS,
    *SCOPE,
    *BESIDE,
)
