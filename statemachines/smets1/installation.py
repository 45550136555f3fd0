"""The whole installation, composed: every lifecycle, and the parties that a request meets.

>>> from statemachines.semantics.oracle import Oracle
>>> from statemachines.smets1.vocabulary import Device, UpdateFirmware, User
>>> oracle = Oracle(INSTALLATION)
>>> _, verdict = oracle.decide(oracle.initial, UpdateFirmware(sender=User.SUPPLIER_A, target=Device.PPMID))
>>> print(verdict)
rejected at the DSP: the installation is not migrated to the DCC [MIG-6*]
"""

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
from statemachines.smets1.designation import Designation
from statemachines.smets1.rulebook import RULEBOOK
from statemachines.smets1.vocabulary import SERVICE_REQUEST_TYPES, Party

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

CONSTRAINTS = (
    *migration.CONSTRAINTS,
    *pin.CONSTRAINTS,
    *key_package.ON_PACKAGES,
    *commissioning.CONSTRAINTS,
    *key_package.ON_KEYS,
    *firmware.ON_DEVICES_IN_USE,
    *auxiliary_load.CONSTRAINTS,
    *firmware.ON_PPMID_UPGRADES,
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
