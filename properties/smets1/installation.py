"""Everything that is claimed of the installation."""

from properties.smets1.claims import (
    activation,
    auxiliary_load,
    commissioning,
    designation,
    duis_versions,
    firmware,
    inventory,
    key_package,
    migration,
    pin,
    read_firmware,
    redesignation,
    releases,
    request_course,
    requests,
    supply,
)
from statemachines.language.claims import Claim, Claims
from statemachines.language.system import System
from statemachines.smets1.installation import INSTALLATION

ALL: tuple[Claim, ...] = (
    *requests.CLAIMS,
    *request_course.CLAIMS,
    *duis_versions.CLAIMS,
    *supply.CLAIMS,
    *firmware.CLAIMS,
    *activation.CLAIMS,
    *key_package.CLAIMS,
    *read_firmware.CLAIMS,
    *releases.CLAIMS,
    *migration.CLAIMS,
    *commissioning.CLAIMS,
    *inventory.CLAIMS,
    *designation.CLAIMS,
    *redesignation.CLAIMS,
    *pin.CLAIMS,
    *auxiliary_load.CLAIMS,
)


def claims_of(system: System) -> Claims:
    """The same claims of another system with the same vocabulary, such as a copy with a planted fault."""
    return Claims(system, ALL)


CLAIMS = claims_of(INSTALLATION)
