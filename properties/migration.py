"""Claims about migration and commissioning, as far as requests need them. Sources: MIG-1, MIG-3, COM-1, SYS-4."""

from statemachines import after, always, always_possible, is_a
from statemachines.commissioning import Commissioning, chf_status, esme_status, gsme_status, ppmid_status
from statemachines.migration import Migration, migration
from statemachines.vocabulary import CommissionDevice, Device, Outcome, device, outcome

STATUS = {
    Device.CHF: chf_status,
    Device.ESME: esme_status,
    Device.GSME: gsme_status,
    Device.PPMID: ppmid_status,
}

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
    *(
        always(
            f"the {which.value} is commissioned by its own commissioning",
            when=is_a(CommissionDevice) & (device == which) & (outcome == Outcome.HAPPENED),
            then=(status == Commissioning.NOT_COMMISSIONED) & (after(status) == Commissioning.COMMISSIONED),
            rules="COM-1 MIG-3",
        )
        for which, status in STATUS.items()
    ),
    *(
        always(
            f"the {which.value} is commissioned by nothing else",
            when=after(status) != status,
            then=is_a(CommissionDevice) & (device == which) & (migration == Migration.MIGRATED),
            rules="COM-1 MIG-3",
        )
        for which, status in STATUS.items()
    ),
)
