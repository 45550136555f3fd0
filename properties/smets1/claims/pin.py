"""Claims about the engineering menu PIN: who holds the current one, before and after the change.

Sources: PIN-1 to PIN-4, MIG-3 and the assumption MOD-31.
"""

from properties.smets1.claims.requests import NOTHING_CHANGES
from statemachines import after, always, always_possible, is_a, sometimes
from statemachines.smets1.migration import Migration, migration
from statemachines.smets1.pin import Pin, PinReason, pin
from statemachines.smets1.reasons import reason
from statemachines.smets1.releases import Release, release
from statemachines.smets1.supply import electricity_supplier, gas_supplier, installing_supplier
from statemachines.smets1.vocabulary import (
    CompleteMigration,
    FailMigration,
    Group,
    Outcome,
    ProvidePin,
    StartCommissioning,
    User,
    group,
    outcome,
    recipient,
)

MIGRATES = is_a(CompleteMigration) & (outcome == Outcome.HAPPENED)
CHANGED = release >= Release.UPLIFT_1_2
GAS_METER = (group == Group.CA) & (gas_supplier != User.NOBODY)
ENDS = migration.is_in(Migration.COMMISSIONING, Migration.MIGRATED)

CLAIMS = (
    always(
        "the revised PIN goes to the Installing Supplier and to no other party",
        when=is_a(ProvidePin) & (recipient != installing_supplier),
        then=(outcome == Outcome.CANNOT_HAPPEN) & NOTHING_CHANGES,
        rules="PIN-2",
    ),
    sometimes(
        "the PIN may be provided to an Installing Supplier that supplies the premises no more",
        of=is_a(ProvidePin)
        & (outcome == Outcome.HAPPENED)
        & (installing_supplier != electricity_supplier)
        & (installing_supplier != gas_supplier),
        rules="MOD-56",
    ),
    always(
        "the Installing Supplier stays who it is, whoever supplies the premises",
        then=after(installing_supplier) == installing_supplier,
        rules="MOD-56",
    ),
    always(
        "only another party is refused the PIN for who it is",
        when=reason == PinReason.PIN_TO_NOBODY_ELSE,
        then=recipient != installing_supplier,
        rules="PIN-2",
    ),
    always(
        "where GroupID is CA, the DCC can provide the gas meter's revised PIN, before and after migration's end",
        when=is_a(ProvidePin) & (recipient == installing_supplier) & GAS_METER & ENDS & (pin == Pin.REVISED) & CHANGED,
        then=(outcome == Outcome.HAPPENED) & (after(pin) == Pin.PROVIDED),
        rules="PIN-1",
    ),
    always(
        "only the PIN of a CA gas meter is provided",
        when=is_a(ProvidePin) & (outcome == Outcome.HAPPENED),
        then=GAS_METER,
        rules="PIN-1 PIN-3",
    ),
    always(
        "a PIN is provided only since the change, which comes with Uplift 1.2",
        when=is_a(ProvidePin) & (outcome == Outcome.HAPPENED),
        then=CHANGED,
        rules="PIN-4 MOD-31",
    ),
    always(
        "a PIN is provided only once commissioning has started, and once",
        when=is_a(ProvidePin) & (outcome == Outcome.HAPPENED),
        then=ENDS & (pin == Pin.REVISED),
        rules="MOD-31",
    ),
    always(
        "a PIN is said to be none of a CA gas meter only where it is not",
        when=reason == PinReason.NOT_OF_A_CA_GAS_METER,
        then=is_a(ProvidePin) & ~GAS_METER,
        rules="PIN-1 PIN-3",
    ),
    always(
        "a PIN is said not to wait to be provided only where none does, or before the change",
        when=reason == PinReason.NO_PIN_TO_PROVIDE,
        then=is_a(ProvidePin) & (~CHANGED | (pin != Pin.REVISED)),
        rules="MOD-31",
    ),
    always(
        "the completion of a migration does not wait for the PIN, and leaves it as it is",
        when=is_a(CompleteMigration) & (migration == Migration.COMMISSIONING),
        then=(outcome == Outcome.HAPPENED) & (after(pin) == pin),
        rules="MOD-31",
    ),
    always(
        "outside of CA the PIN stays as it was",
        when=group != Group.CA,
        then=(pin == Pin.HELD) & (after(pin) == Pin.HELD),
        rules="MOD-31",
    ),
    always(
        "without a gas meter no PIN is revised, and none provided",
        when=gas_supplier == User.NOBODY,
        then=(pin == Pin.HELD) & (after(pin) == Pin.HELD),
        rules="PIN-1",
    ),
    always(
        "commissioning revises the PIN of a CA gas meter",
        when=is_a(StartCommissioning) & (outcome == Outcome.HAPPENED) & GAS_METER,
        then=after(pin) == Pin.REVISED,
        rules="MOD-31",
    ),
    always(
        "before the change every migration of a CA gas meter left the Installing Supplier without the current PIN",
        when=MIGRATES & GAS_METER & ~CHANGED,
        then=after(pin) == Pin.REVISED,
        rules="PIN-4",
    ),
    sometimes(
        "since the change a migration may end with the PIN provided",
        of=MIGRATES & (after(pin) == Pin.PROVIDED),
        rules="PIN-4 MIG-3",
    ),
    sometimes(
        "since the change the PIN may be provided after the end of the migration",
        of=is_a(ProvidePin) & (outcome == Outcome.HAPPENED) & (migration == Migration.MIGRATED),
        rules="MOD-31",
    ),
    always(
        "once provided, the PIN stays with the Installing Supplier while the migration does not fail",
        when=(pin == Pin.PROVIDED) & ~is_a(FailMigration),
        then=after(pin) == Pin.PROVIDED,
        rules="PIN-4",
    ),
    always(
        "a failed migration leaves the Installing Supplier with the current PIN",
        when=is_a(FailMigration) & (outcome == Outcome.HAPPENED),
        then=after(pin) == Pin.HELD,
        rules="MOD-31",
    ),
    always_possible(
        "a CA gas meter whose commissioning has started can always come to be migrated with its PIN provided",
        when=GAS_METER & ENDS,
        goal=(pin == Pin.PROVIDED) & (migration == Migration.MIGRATED),
        rules="PIN-1 PIN-4 MIG-3 MOD-31",
    ),
)
