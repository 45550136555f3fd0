"""Claims about the DCO's key package: no activation on a PPMID without its keys, and always a way to them.

Sources: KEY-1 to KEY-7 and the assumptions MOD-9, MOD-14 and MOD-29.
"""

from properties.smets1.claims.firmware import ACTIVATE
from properties.smets1.claims.requests import ACCEPTED, NOTHING_CHANGES
from statemachines import Reached, after, always, always_possible, is_a
from statemachines.smets1.commissioning import SmiStatus, ppmid_status
from statemachines.smets1.key_package import KeyPackage, KeyReason, key_package
from statemachines.smets1.migration import Migration, migration
from statemachines.smets1.reasons import reason
from statemachines.smets1.releases import Release, release
from statemachines.smets1.verdicts import EventReason
from statemachines.smets1.vocabulary import (
    FOC,
    CompleteMigration,
    DecommissionDevice,
    Device,
    JoinPpmid,
    Outcome,
    Party,
    SuspendDevice,
    UpdateKeyPackage,
    decided_at,
    device,
    group,
    outcome,
    target,
)

ACTIVATE_WITHOUT_KEYS = ACTIVATE & (target == Device.PPMID) & (key_package != KeyPackage.WITH_PPMID)
MIGRATES = is_a(CompleteMigration) & (outcome == Outcome.HAPPENED)
JOINS_PPMID = (MIGRATES & (ppmid_status == SmiStatus.INSTALLED)) | (is_a(JoinPpmid) & ACCEPTED)
LACKING = key_package == KeyPackage.WITHOUT_PPMID
IN_USE = ppmid_status.is_in(SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED)
UPDATES = is_a(UpdateKeyPackage) & IN_USE & LACKING
UPDATED = (
    (outcome == Outcome.HAPPENED) & (reason == EventReason.HAPPENED) & (after(key_package) == KeyPackage.WITH_PPMID)
)

CLAIMS = (
    always(
        "with its migration an installation gets a key package",
        when=MIGRATES,
        then=(key_package == KeyPackage.NONE) & (after(key_package) != KeyPackage.NONE),
        rules="MOD-9",
    ),
    always(
        "a migrated installation always has a key package",
        when=migration == Migration.MIGRATED,
        then=after(key_package) != KeyPackage.NONE,
        rules="KEY-1",
    ),
    always(
        "from Uplift 1.2 on the Join commands of a migration bring the PPMID's keys into the package",
        when=MIGRATES & (ppmid_status == SmiStatus.INSTALLED) & (release >= Release.UPLIFT_1_2),
        then=after(key_package) == KeyPackage.WITH_PPMID,
        rules="KEY-3 MIG-3",
    ),
    always(
        "a PPMID that is joined after the migration, since Uplift 1.2, gets its keys with the Join",
        when=is_a(JoinPpmid) & ACCEPTED & (release >= Release.UPLIFT_1_2),
        then=after(key_package) == KeyPackage.WITH_PPMID,
        rules="MOD-43",
    ),
    always(
        "before Uplift 1.2 the Join commands bring no PPMID keys into the package",
        when=JOINS_PPMID & (release < Release.UPLIFT_1_2),
        then=after(key_package) != KeyPackage.WITH_PPMID,
        rules="KEY-2 KEY-3",
    ),
    always(
        "the PPMID's keys come by a Join or by the DCC's update, and in no other way",
        when=(key_package != KeyPackage.WITH_PPMID) & (after(key_package) == KeyPackage.WITH_PPMID),
        then=(JOINS_PPMID | is_a(UpdateKeyPackage)) & (release >= Release.UPLIFT_1_2),
        rules="KEY-2 KEY-3 KEY-4",
    ),
    always(
        "in the initial period the DCC can update the key package of every PPMID in use that was migrated before",
        when=UPDATES & (release == Release.UPLIFT_1_2) & ~group.is_in(*FOC),
        then=UPDATED,
        rules="KEY-4",
    ),
    *(
        always(
            f"the DCC can update the key package of {whose}",
            when=UPDATES & where,
            then=UPDATED,
            rules=rule,
        )
        for whose, where, rule in (
            ("an FOC installation like any other's", (release >= Release.UPLIFT_1_2) & group.is_in(*FOC), "MOD-22"),
            ("an installation after the initial period, too", release >= Release.NOVEMBER_2020, "MOD-23"),
        )
    ),
    always(
        "the DCC's update adds keys only where a PPMID in use lacks them",
        when=is_a(UpdateKeyPackage) & (outcome == Outcome.HAPPENED),
        then=IN_USE & LACKING,
        rules="KEY-4",
    ),
    *(
        always(
            f"{where}, the DCC has nothing to update",
            when=is_a(UpdateKeyPackage) & condition,
            then=(outcome == Outcome.CANNOT_HAPPEN) & (reason == why) & NOTHING_CHANGES,
            rules=rule,
        )
        for where, condition, why, rule in (
            (
                "where no keys of a PPMID in use are lacking",
                (release >= Release.UPLIFT_1_2) & (~IN_USE | ~LACKING),
                KeyReason.NO_KEYS_TO_ADD,
                "KEY-4",
            ),
            ("before Uplift 1.2", release == Release.BEFORE_UPLIFT_1_2, KeyReason.BEFORE_UPLIFT_1_2, "KEY-2"),
        )
    ),
    always_possible(
        "the keys of a PPMID in use can always come into the package",
        when=IN_USE,
        goal=key_package == KeyPackage.WITH_PPMID,
        rules="KEY-4",
    ),
    always(
        "keys that are in the package stay there while no device is suspended or decommissioned",
        when=(key_package == KeyPackage.WITH_PPMID) & ~is_a(SuspendDevice, DecommissionDevice),
        then=after(key_package) == KeyPackage.WITH_PPMID,
        rules="KEY-1",
    ),
    always(
        "a decommissioned PPMID's keys leave the package",
        when=is_a(DecommissionDevice) & (device == Device.PPMID) & ACCEPTED,
        then=after(key_package) == KeyPackage.WITHOUT_PPMID,
        rules="MOD-29",
    ),
    always(
        "decommissioning another device leaves the package as it is",
        when=is_a(DecommissionDevice) & device.is_in(Device.ESME, Device.GSME, Device.CHF),
        then=after(key_package) == key_package,
        rules="MOD-29",
    ),
    always(
        "suspending a device leaves the package as it is",
        when=is_a(SuspendDevice),
        then=after(key_package) == key_package,
        rules="MOD-30",
    ),
    always(
        "no activation on a PPMID without its keys",
        when=ACTIVATE_WITHOUT_KEYS,
        then=~ACCEPTED & NOTHING_CHANGES,
        rules="KEY-5",
    ),
    always(
        "an activation that comes to the DCO without the PPMID's keys is rejected, for want of them",
        when=ACTIVATE_WITHOUT_KEYS & Reached(Party.DCO),
        then=(outcome == Outcome.REJECTED) & (reason == KeyReason.NO_KEYS),
        rules="KEY-5",
    ),
    always(
        "nobody but the DCO rejects a request for want of keys",
        when=reason == KeyReason.NO_KEYS,
        then=ACTIVATE & (decided_at == Party.DCO) & (outcome == Outcome.REJECTED),
        rules="MOD-14",
    ),
    always(
        "no Critical Command reaches a PPMID whose keys the DCO does not hold",
        when=ACTIVATE_WITHOUT_KEYS,
        then=~Reached(Party.DEVICE),
        rules="KEY-6",
    ),
    always(
        "no Critical Command reaches a device of an installation without a key package",
        when=key_package == KeyPackage.NONE,
        then=~Reached(Party.DCO) & ~Reached(Party.DEVICE),
        rules="KEY-6 KEY-1",
    ),
)
