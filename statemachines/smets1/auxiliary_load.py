"""The auxiliary load switch on the ESME, and which tariffs close it.

Sources: AUX-1, AUX-2, SYS-4 and the assumption MOD-32.
"""

from enum import Enum

from statemachines.language.component import Component, Constraint
from statemachines.language.expression import Expr
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.terms import Variable
from statemachines.smets1.migration import MIGRATED
from statemachines.smets1.releases import NOVEMBER_2020_IN_FORCE
from statemachines.smets1.verdicts import accepted
from statemachines.smets1.vocabulary import IOC, Device, Tariff, UpdateTariff, group, meter, tariff


class LoadSwitch(Enum):
    """Where the auxiliary load switch stands."""

    ABSENT = "no auxiliary load switch"
    OPEN = "open"
    CLOSED = "closed"


class TariffReason(Enum):
    """Why a tariff is accepted."""

    TARIFF_APPLIED = "the tariff is applied"


load_switch = Variable("load_switch", LoadSwitch, label="auxiliary load switch")

IDENTICAL_PRICES: Expr = (meter == Device.ESME) & (tariff == Tariff.IDENTICAL_PRICES)
DIFFERENT_PRICES: Expr = (meter == Device.ESME) & (tariff == Tariff.DIFFERENT_PRICES)
TWO_RATES: Expr = (meter == Device.ESME) & tariff.is_in(Tariff.IDENTICAL_PRICES, Tariff.DIFFERENT_PRICES)
SINCE_THE_FIX: Expr = group.is_in(*IOC) & NOVEMBER_2020_IN_FORCE
"""Where only different prices close the switch, as the report says: for IOC, from that release on (AUX-2)."""
BEFORE_THE_FIX: Expr = group.is_in(*IOC) & ~NOVEMBER_2020_IN_FORCE
"""Where identical prices close the switch: for IOC, before the November 2020 maintenance release (AUX-1)."""

component = Component(
    "auxiliary load switch",
    lifecycles=[
        Lifecycle(
            load_switch,
            initial=[LoadSwitch.OPEN, LoadSwitch.ABSENT],
            transitions=[
                Transition(
                    LoadSwitch.OPEN,
                    UpdateTariff,
                    LoadSwitch.CLOSED,
                    when=IDENTICAL_PRICES & BEFORE_THE_FIX,
                    rules="AUX-1 SYS-2",
                ),
                Transition(
                    LoadSwitch.OPEN,
                    UpdateTariff,
                    LoadSwitch.CLOSED,
                    when=DIFFERENT_PRICES & SINCE_THE_FIX,
                    rules="AUX-2",
                ),
                Transition(
                    LoadSwitch.OPEN,
                    UpdateTariff,
                    LoadSwitch.CLOSED,
                    when=DIFFERENT_PRICES & ~SINCE_THE_FIX,
                    rules="MOD-32",
                ),
            ],
        )
    ],
    answers=[
        accepted(UpdateTariff, TariffReason.TARIFF_APPLIED, f"{rule}SRP-2 SRP-3 MOD-41", when=when)
        for rule, when in (
            ("AUX-1 ", IDENTICAL_PRICES & BEFORE_THE_FIX),
            ("AUX-2 ", TWO_RATES & SINCE_THE_FIX),
            ("MOD-32 ", meter == Device.ESME),
            ("", meter == Device.GSME),
        )
    ],
    constraints=[
        Constraint(
            "no tariff closes the auxiliary load switch before migration",
            when=load_switch == LoadSwitch.CLOSED,
            then=MIGRATED,
            rules="MIG-6 MOD-38",
        )
    ],
)
