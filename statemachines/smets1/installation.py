"""The whole installation, composed: every lifecycle, and the parties that a request meets.

>>> from statemachines.semantics.oracle import Oracle
>>> from statemachines.smets1.vocabulary import Device, UpdateFirmware, User
>>> oracle = Oracle(INSTALLATION)
>>> _, verdict = oracle.decide(oracle.initial, UpdateFirmware(sender=User.SUPPLIER_A, target=Device.PPMID))
>>> print(verdict)
rejected at the DSP: the installation is not migrated to the DCC [MIG-6]
"""

from statemachines.language.expression import Expr
from statemachines.language.gates import Gate
from statemachines.language.system import Constraint, System
from statemachines.smets1 import (
    auxiliary_load,
    commissioning,
    designation,
    duis_versions,
    firmware,
    key_package,
    migration,
    pin,
    processing,
    releases,
    service_request,
    supply,
    vocabulary,
)
from statemachines.smets1.auxiliary_load import LoadSwitch
from statemachines.smets1.commissioning import STATUS_OF, SmiStatus
from statemachines.smets1.designation import Designation
from statemachines.smets1.firmware import FIRMWARE_OF, IN_HAND, Firmware
from statemachines.smets1.key_package import KeyPackage
from statemachines.smets1.migration import Failures, Migration, Operation
from statemachines.smets1.pin import Pin
from statemachines.smets1.releases import Release
from statemachines.smets1.rulebook import RULEBOOK
from statemachines.smets1.vocabulary import FOC, SERVICE_REQUEST_TYPES, Device, Group, Party, User

_EVENTFUL = (
    releases,
    supply,
    duis_versions,
    migration,
    pin,
    commissioning,
    key_package,
    firmware,
    service_request,
    designation,
)
"""The modules with events of their own; what checks of one event they have is asked in this order."""

EVENT_TYPES = (*vocabulary.EVENT_TYPES, *service_request.EVENT_TYPES, *designation.EVENT_TYPES)

premises = Gate(
    Party.PREMISES,
    [
        *(check for module in _EVENTFUL for check in module.CHECKS),
        designation.redesignation_check(key_package.LACKS_KEYS),
    ],
    on=EVENT_TYPES,
)

_OWN_STATUS = (Device.CHF, Device.ESME, Device.GSME, Device.PPMID)

_MIGRATED = migration.migration == Migration.MIGRATED


def _as_found(which: Device) -> Expr:
    """The device is installed and not commissioned; a PPMID may be absent (MOD-25, SYS-4)."""
    absent = [SmiStatus.ABSENT] if which is Device.PPMID else []
    return STATUS_OF[which].is_in(SmiStatus.INSTALLED, *absent)


CONSTRAINTS = (
    *(
        Constraint(label, when=when, then=then, rules="MIG-1 MIG-4")
        for label, when, then in (
            (
                "the SMSO operates the installation until it is migrated",
                ~_MIGRATED,
                migration.smso == Operation.OPERATES,
            ),
            (
                "the SMSO does not operate the installation once it is migrated",
                _MIGRATED,
                migration.smso == Operation.DOES_NOT,
            ),
            (
                "the DCC does not operate the installation until it is migrated",
                ~_MIGRATED,
                migration.dcc == Operation.DOES_NOT,
            ),
            ("the DCC operates the installation once it is migrated", _MIGRATED, migration.dcc == Operation.OPERATES),
        )
    ),
    Constraint(
        "failed attempts no longer count once the installation is migrated",
        when=_MIGRATED,
        then=migration.failures == Failures.NOT_COUNTED,
        rules="MOD-34",
    ),
    Constraint(
        "an installation is excluded only after five failed attempts",
        when=migration.migration == Migration.EXCLUDED,
        then=migration.failures == Failures.FIVE,
        rules="MIG-5",
    ),
    Constraint(
        "the PIN is revised only where GroupID is CA and commissioning has started",
        when=pin.pin != Pin.HELD,
        then=(vocabulary.group == Group.CA) & migration.migration.is_in(Migration.COMMISSIONING, Migration.MIGRATED),
        rules="PIN-3 PIN-4 MOD-31",
    ),
    Constraint(
        "the PIN of a CA installation is revised once commissioning has started",
        when=(vocabulary.group == Group.CA) & migration.migration.is_in(Migration.COMMISSIONING, Migration.MIGRATED),
        then=pin.pin != Pin.HELD,
        rules="PIN-4 MOD-31",
    ),
    Constraint(
        "before the change no revised PIN is provided",
        when=releases.release < Release.UPLIFT_1_2,
        then=pin.pin != Pin.PROVIDED,
        rules="PIN-4 MOD-31",
    ),
    Constraint(
        "the DCO has a key package for every migrated installation",
        when=_MIGRATED,
        then=key_package.key_package != KeyPackage.NONE,
        rules="KEY-1 MOD-9",
    ),
    Constraint(
        "the DCO has a key package for no installation that is not migrated",
        when=~_MIGRATED,
        then=key_package.key_package == KeyPackage.NONE,
        rules="KEY-1 MOD-9",
    ),
    *(
        Constraint(
            f"before migration the {which.value} is installed and not commissioned",
            when=~migration.migration.is_in(Migration.COMMISSIONING, Migration.MIGRATED),
            then=_as_found(which),
            rules="MIG-4 MOD-25",
        )
        for which in _OWN_STATUS
    ),
    Constraint(
        "the Communications Hub is commissioned first",
        when=migration.migration == Migration.COMMISSIONING,
        then=commissioning.chf_status == SmiStatus.COMMISSIONED,
        rules="COM-3 MOD-26",
    ),
    *(
        Constraint(
            f"while the Communications Hub is commissioned first, the {which.value} is not commissioned",
            when=migration.migration == Migration.COMMISSIONING,
            then=_as_found(which),
            rules="COM-3 MOD-26",
        )
        for which in _OWN_STATUS
        if which is not Device.CHF
    ),
    Constraint(
        "the Communications Hub is commissioned before the installation is migrated",
        when=_MIGRATED,
        then=commissioning.chf_status != SmiStatus.INSTALLED,
        rules="COM-3 MOD-26 MOD-27",
    ),
    Constraint(
        "without a Gas Supplier the SMI status of the GSME means nothing, and stays as it was",
        when=supply.gas_supplier == User.NOBODY,
        then=commissioning.gsme_status == SmiStatus.INSTALLED,
        rules="SYS-4 SYS-5 MOD-40",
    ),
    Constraint(
        "before Uplift 1.2 no key package holds the PPMID's keys",
        when=releases.release < Release.UPLIFT_1_2,
        then=key_package.key_package != KeyPackage.WITH_PPMID,
        rules="KEY-2",
    ),
    Constraint(
        "the key package holds the PPMID's keys only for a PPMID that is commissioned or suspended",
        when=key_package.key_package == KeyPackage.WITH_PPMID,
        then=commissioning.ppmid_status.is_in(SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED),
        rules="KEY-3 KEY-4 MOD-29",
    ),
    Constraint(
        "where the revised PIN was provided, the migration came after Uplift 1.2, and the PPMID in use has its keys",
        when=(pin.pin == Pin.PROVIDED) & commissioning.ppmid_status.is_in(SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED),
        then=key_package.key_package == KeyPackage.WITH_PPMID,
        rules="KEY-3 PIN-4 MOD-31",
    ),
    *(
        Constraint(
            f"{FIRMWARE_OF[device].label} is upgraded only on a device that has been commissioned",
            when=FIRMWARE_OF[device] != Firmware.SETTLED,
            then=STATUS_OF[device].is_in(SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED) & _MIGRATED,
            rules="COM-2 MOD-29 MIG-6",
        )
        for device in _OWN_STATUS
    ),
    *(
        Constraint(
            f"an upgrade of {FIRMWARE_OF[device].label} is in hand only where the device is commissioned",
            when=FIRMWARE_OF[device].is_in(*IN_HAND),
            then=STATUS_OF[device] == SmiStatus.COMMISSIONED,
            rules="COM-2 MOD-30",
        )
        for device in _OWN_STATUS
    ),
    Constraint(
        "no tariff closes the auxiliary load switch before migration",
        when=auxiliary_load.load_switch == LoadSwitch.CLOSED,
        then=_MIGRATED,
        rules="MIG-6 MOD-38",
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
        "no PPMID upgrade is in the hand of a Supplier on the older DUIS version",
        when=firmware.ppmid_firmware.is_in(*IN_HAND),
        then=supply.electricity_supplier != duis_versions.older_duis,
        rules="SRP-4 MOD-36",
    ),
    Constraint(
        "where no PPMID upgrade is in hand, nobody has one in hand",
        when=~firmware.ppmid_firmware.is_in(*IN_HAND),
        then=firmware.ppmid_upgrade_by == User.NOBODY,
        rules="PPMID-5 MOD-2",
    ),
    Constraint(
        "once the documents are re-designated, no migrated installation outside FOC lacks its PPMID's keys",
        when=designation.designation == Designation.RE_DESIGNATED,
        then=~key_package.LACKS_KEYS,
        rules="KEY-7 DES-6",
    ),
    *designation.CONSTRAINTS,
)

INSTALLATION = System(
    "SMETS1 installation",
    RULEBOOK,
    lifecycles=[
        vocabulary.group_fixed,
        releases.lifecycle,
        supply.electricity,
        supply.gas,
        duis_versions.lifecycle,
        migration.lifecycle,
        migration.attempts,
        migration.smso_operation,
        migration.dcc_operation,
        pin.lifecycle,
        *commissioning.LIFECYCLES,
        key_package.lifecycle,
        firmware.ppmid,
        firmware.ppmid_in_hand,
        firmware.esme,
        firmware.gsme,
        firmware.chf,
        auxiliary_load.lifecycle,
        *service_request.LIFECYCLES,
        *designation.LIFECYCLES,
    ],
    requests=[*SERVICE_REQUEST_TYPES, *EVENT_TYPES],
    gates=[*processing.GATES, premises],
    answers=[*processing.ANSWERS, *(answer for module in _EVENTFUL for answer in module.ANSWERS)],
    constraints=CONSTRAINTS,
)
