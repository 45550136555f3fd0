"""The whole installation: every component, and the parties that a request meets.

A request meets the parties in the order of MOD-44. Within one party, checks are made in the order of the components of
`INSTALLATION`, and those of one component in the order in which it lists them: an assumption (MOD-8, MOD-33).

>>> from statemachines.semantics.oracle import Oracle
>>> from statemachines.smets1.vocabulary import Device, UpdateFirmware, User
>>> oracle = Oracle(INSTALLATION)
>>> _, verdict = oracle.decide(oracle.initial, UpdateFirmware(sender=User.SUPPLIER_A, target=Device.PPMID))
>>> print(verdict)
rejected at the DSP: the installation is not migrated to the DCC [MIG-6*]
"""

from statemachines.language.gates import Gate
from statemachines.language.system import System
from statemachines.smets1 import (
    admission,
    auxiliary_load,
    commissioning,
    compliance,
    designation,
    duis_versions,
    firmware,
    key_package,
    migration,
    pin,
    releases,
    request_course,
    supply,
    vocabulary,
)
from statemachines.smets1.rulebook import RULEBOOK
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS
from statemachines.smets1.vocabulary import DEVICE_REQUESTS, SERVICE_REQUEST_TYPES, SRV_OF, Party

CRITICAL = tuple(kind for kind, srv in SRV_OF.items() if SERVICE_REQUESTS[srv].critical)
EVENT_TYPES = (*vocabulary.EVENT_TYPES, *request_course.EVENT_TYPES, *designation.EVENT_TYPES)

GATES = (
    Gate(Party.DSP, [], on=SERVICE_REQUEST_TYPES, order="MOD-8"),
    Gate(Party.S1SP, [], on=DEVICE_REQUESTS, order="MOD-33", party_order="MOD-44"),
    Gate(Party.DCO, [], on=CRITICAL, party_order="MOD-44"),
    Gate(Party.DEVICE, [], on=DEVICE_REQUESTS, order="MOD-8", party_order="MOD-44"),
    Gate(Party.PREMISES, [], on=EVENT_TYPES, order="MOD-8"),
)
"""The parties in the order of the way; the checks of each come from the components."""

INSTALLATION = System.of(
    "SMETS1 installation",
    RULEBOOK,
    [
        admission.component,
        vocabulary.component,
        releases.component,
        supply.component,
        duis_versions.component,
        migration.component,
        pin.component,
        commissioning.component,
        key_package.component,
        firmware.component,
        auxiliary_load.component,
        request_course.component,
        compliance.component,
        designation.component,
    ],
    requests=[*SERVICE_REQUEST_TYPES, *EVENT_TYPES],
    gates=GATES,
)
