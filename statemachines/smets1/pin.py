"""The engineering menu PIN, "a PIN for functionality not meant for use by Energy Consumers", of CA gas meters.

Migration revises it. Before the change the Installing Supplier lost it that way; since, the DCC provides it with the
revised one, before or after the end of the migration, whether or not it still supplies the premises. Where there is no
gas meter there is no PIN to revise.
Sources: PIN-1 to PIN-4 and the assumptions MOD-31 and MOD-56.
"""

from enum import Enum

from statemachines.language.component import Component, Constraint
from statemachines.language.expression import Expr
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.terms import Variable
from statemachines.smets1.migration import Migration, migration
from statemachines.smets1.releases import UPLIFT_1_2_IN_FORCE
from statemachines.smets1.supply import NO_GAS, installing_supplier
from statemachines.smets1.verdicts import happens, happens_only
from statemachines.smets1.vocabulary import (
    FailMigration,
    Group,
    Party,
    ProvidePin,
    StartCommissioning,
    group,
    recipient,
)


class Pin(Enum):
    """Who holds the current engineering menu PIN."""

    HELD = "the Installing Supplier holds the current PIN"
    REVISED = "revised, the Installing Supplier lacks it"
    PROVIDED = "revised, the Installing Supplier has been provided with it"


class PinReason(Enum):
    """Why a PIN is not provided."""

    PIN_TO_NOBODY_ELSE = "the PIN goes to the Installing Supplier and to no other party"
    NOT_OF_A_CA_GAS_METER = "it is no PIN of a CA gas meter"
    NO_PIN_TO_PROVIDE = "no revised PIN waits to be provided, or the change is not in force"


pin = Variable("pin", Pin, label="engineering menu PIN")

REVISED_BY_MIGRATION: Expr = (group == Group.CA) & ~NO_GAS
"""Where migration revises a PIN: that of an IOC Elster gas meter, and so nowhere without gas (PIN-1)."""

_COMMISSIONING_HAS_STARTED: Expr = migration.is_in(Migration.COMMISSIONING, Migration.MIGRATED)

component = Component(
    "engineering menu PIN",
    lifecycles=[
        Lifecycle(
            pin,
            initial=Pin.HELD,
            transitions=[
                Transition(
                    Pin.HELD, StartCommissioning, Pin.REVISED, when=REVISED_BY_MIGRATION, rules="PIN-4 SYS-3 MOD-31"
                ),
                Transition(Pin.REVISED, ProvidePin, Pin.PROVIDED, rules="PIN-1 PIN-2 MOD-31"),
                Transition([Pin.REVISED, Pin.PROVIDED], FailMigration, Pin.HELD, rules="MOD-31"),
            ],
        )
    ],
    checks={
        Party.PREMISES: [
            happens_only(
                ProvidePin,
                "the PIN goes to the Installing Supplier",
                recipient == installing_supplier,
                otherwise=PinReason.PIN_TO_NOBODY_ELSE,
                rules="PIN-2",
            ),
            happens_only(
                ProvidePin,
                "it is the PIN of a CA gas meter, which migration revises",
                REVISED_BY_MIGRATION | (pin == Pin.REVISED),
                otherwise=PinReason.NOT_OF_A_CA_GAS_METER,
                rules="PIN-1 PIN-3",
            ),
            happens_only(
                ProvidePin,
                "the PIN is revised and not provided yet, and the change is in force",
                (pin == Pin.REVISED) & UPLIFT_1_2_IN_FORCE,
                otherwise=PinReason.NO_PIN_TO_PROVIDE,
                rules="MOD-31",
            ),
        ]
    },
    answers=[happens(ProvidePin, "PIN-1 PIN-2 MOD-56")],
    constraints=[
        Constraint(
            "the PIN is revised only where GroupID is CA, there is gas, and commissioning has started",
            when=pin != Pin.HELD,
            then=REVISED_BY_MIGRATION & _COMMISSIONING_HAS_STARTED,
            rules="MOD-31",
        ),
        Constraint(
            "the PIN of a CA installation with gas is revised once commissioning has started",
            when=REVISED_BY_MIGRATION & _COMMISSIONING_HAS_STARTED,
            then=pin != Pin.HELD,
            rules="MOD-31",
        ),
        Constraint(
            "before the change no revised PIN is provided",
            when=~UPLIFT_1_2_IN_FORCE,
            then=pin != Pin.PROVIDED,
            rules="PIN-4 MOD-31",
        ),
    ],
)
