"""Everything that is claimed of the installation."""

from properties import firmware, key_package, migration, reading, releases, requests, supply
from statemachines.core.claims import Claim, Claims
from statemachines.core.system import System
from statemachines.installation import INSTALLATION

ALL: tuple[Claim, ...] = (
    *requests.CLAIMS,
    *supply.CLAIMS,
    *firmware.CLAIMS,
    *key_package.CLAIMS,
    *reading.CLAIMS,
    *releases.CLAIMS,
    *migration.CLAIMS,
)


def claims_of(system: System) -> Claims:
    """The same claims of another system with the same vocabulary, such as a copy with a planted fault."""
    return Claims(system, ALL)


CLAIMS = claims_of(INSTALLATION)
