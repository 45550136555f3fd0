"""Claims about migration and commissioning, as far as requests need them. Sources: MIG-1, MIG-6, COM-1, COM-2."""

from statemachines import after, always, always_possible
from statemachines.commissioning import Commissioning, chf_status, esme_status, gsme_status, ppmid_status
from statemachines.migration import Migration, migration

STATUSES = (chf_status, esme_status, gsme_status, ppmid_status)

CLAIMS = (
    always(
        "a migrated installation stays with the DCC",
        when=migration == Migration.MIGRATED,
        then=after(migration) == Migration.MIGRATED,
        rules="MIG-1",
    ),
    always_possible("an installation can always be migrated", goal=migration == Migration.MIGRATED, rules="MIG-1"),
    always(
        "an absent PPMID stays absent",
        when=ppmid_status == Commissioning.ABSENT,
        then=after(ppmid_status) == Commissioning.ABSENT,
        rules="SYS-4",
    ),
)
