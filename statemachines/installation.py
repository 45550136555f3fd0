"""The whole installation, composed: every lifecycle so far, and the parties that a request meets.

>>> from statemachines.core.oracle import Oracle
>>> from statemachines.vocabulary import Device, UpdateFirmware, User
>>> oracle = Oracle(INSTALLATION)
>>> _, verdict = oracle.decide(oracle.initial, UpdateFirmware(sender=User.SUPPLIER_A, target=Device.PPMID))
>>> print(verdict)
rejected at the DSP: the installation is not migrated to the DCC [MIG-6]
"""

from statemachines import commissioning, firmware, key_package, migration, processing, releases, supply, vocabulary
from statemachines.commissioning import Commissioning
from statemachines.core.system import Constraint, System
from statemachines.firmware import FIRMWARE_OF, IN_HAND, Firmware
from statemachines.key_package import KeyPackage
from statemachines.migration import Migration
from statemachines.releases import Release
from statemachines.rulebook import RULEBOOK
from statemachines.vocabulary import EVENT_TYPES, FOC, SERVICE_REQUEST_TYPES, Device, User

_STATUSES = (
    commissioning.chf_status,
    commissioning.esme_status,
    commissioning.gsme_status,
    commissioning.ppmid_status,
)

CONSTRAINTS = (
    Constraint(
        "the DCO has a key package for every migrated installation",
        when=migration.migration == Migration.MIGRATED,
        then=key_package.key_package != KeyPackage.NONE,
        rules="KEY-1 MOD-9",
    ),
    Constraint(
        "the DCO has a key package for no installation that is not migrated",
        when=migration.migration != Migration.MIGRATED,
        then=key_package.key_package == KeyPackage.NONE,
        rules="KEY-1 MOD-9",
    ),
    *(
        Constraint(
            f"the {status.label} is commissioned only once the installation is migrated",
            when=status == Commissioning.COMMISSIONED,
            then=migration.migration == Migration.MIGRATED,
            rules="COM-1 MIG-3",
        )
        for status in _STATUSES
    ),
    Constraint(
        "there is no gas meter without a Gas Supplier",
        when=commissioning.gsme_status == Commissioning.COMMISSIONED,
        then=supply.gas_supplier != User.NOBODY,
        rules="SYS-4 SYS-5",
    ),
    Constraint(
        "before Uplift 1.2 no key package holds the PPMID's keys",
        when=releases.release < Release.UPLIFT_1_2,
        then=key_package.key_package != KeyPackage.WITH_PPMID,
        rules="KEY-2",
    ),
    Constraint(
        "the key package holds the PPMID's keys only for a PPMID that is commissioned",
        when=key_package.key_package == KeyPackage.WITH_PPMID,
        then=commissioning.ppmid_status == Commissioning.COMMISSIONED,
        rules="KEY-3 KEY-4",
    ),
    *(
        Constraint(
            f"{FIRMWARE_OF[device].label} is upgraded only on a device that is commissioned",
            when=FIRMWARE_OF[device] != Firmware.SETTLED,
            then=processing.STATUS_OF[device] == Commissioning.COMMISSIONED,
            rules="COM-2",
        )
        for device in (Device.PPMID, Device.ESME, Device.GSME, Device.CHF)
    ),
    Constraint(
        "before Uplift 1.2 no PPMID firmware is upgraded",
        when=releases.release < Release.UPLIFT_1_2,
        then=firmware.ppmid_firmware == Firmware.SETTLED,
        rules="DES-5 MOD-6",
    ),
    Constraint(
        "no FOC PPMID's firmware is ever upgraded",
        when=vocabulary.group.is_in(*FOC),
        then=firmware.ppmid_firmware == Firmware.SETTLED,
        rules="PPMID-7 SYS-3",
    ),
    Constraint(
        "no activation reaches a PPMID whose keys the DCO does not hold",
        when=firmware.ppmid_firmware.is_in(Firmware.PENDING, Firmware.UPGRADED),
        then=key_package.key_package == KeyPackage.WITH_PPMID,
        rules="KEY-5 KEY-6",
    ),
    Constraint(
        "a PPMID upgrade in hand is in the hand of the Electricity Supplier",
        when=firmware.ppmid_firmware.is_in(*IN_HAND),
        then=firmware.ppmid_upgrade_by == supply.electricity_supplier,
        rules="PPMID-5 MOD-2",
    ),
    Constraint(
        "where no PPMID upgrade is in hand, nobody has one in hand",
        when=~firmware.ppmid_firmware.is_in(*IN_HAND),
        then=firmware.ppmid_upgrade_by == User.NOBODY,
        rules="PPMID-5 MOD-2",
    ),
)

INSTALLATION = System(
    "SMETS1 installation",
    RULEBOOK,
    lifecycles=[
        vocabulary.group_fixed,
        releases.lifecycle,
        supply.electricity,
        supply.gas,
        migration.lifecycle,
        commissioning.chf,
        commissioning.esme,
        commissioning.gsme,
        commissioning.ppmid,
        key_package.lifecycle,
        firmware.ppmid,
        firmware.ppmid_in_hand,
        firmware.esme,
        firmware.gsme,
        firmware.chf,
    ],
    requests=[*SERVICE_REQUEST_TYPES, *EVENT_TYPES],
    gates=processing.GATES,
    answers=processing.ANSWERS,
    constraints=CONSTRAINTS,
)
