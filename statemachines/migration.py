"""Whether the installation is with its SMSO or migrated to the DCC; the way there is a later lifecycle (MIG-6)."""

from enum import Enum

from statemachines.core.lifecycle import Lifecycle, Transition
from statemachines.core.terms import Variable
from statemachines.vocabulary import MigrateInstallation


class Migration(Enum):
    """Who operates the installation."""

    WITH_SMSO = "with its SMSO"
    MIGRATED = "migrated to the DCC"


migration = Variable("migration", Migration)

lifecycle = Lifecycle(
    migration,
    initial=Migration.WITH_SMSO,
    transitions=[Transition(Migration.WITH_SMSO, MigrateInstallation, Migration.MIGRATED, rules="MIG-1")],
)
