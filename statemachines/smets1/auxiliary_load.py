"""The auxiliary load switch on the ESME, and which tariffs close it.

Sources: AUX-1, AUX-2, SYS-4 and the assumptions MOD-32, MOD-45 and MOD-55.
"""

from enum import Enum

from statemachines.language.component import Component, Constraint
from statemachines.language.expression import Expr
from statemachines.language.gates import Answer
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.terms import Variable
from statemachines.smets1.migration import MIGRATED
from statemachines.smets1.releases import NOVEMBER_2020_IN_FORCE, Release, release
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
IOC_SINCE_THE_FIX: Expr = group.is_in(*IOC) & NOVEMBER_2020_IN_FORCE
"""Where only different prices close the switch, as the report says: for IOC, from that release on (AUX-2)."""
IOC_WITH_THE_DEFECT: Expr = group.is_in(*IOC) & (release == Release.UPLIFT_1_2)
"""Where identical prices close the switch, as the report says: for IOC, with Uplift 1.2 (AUX-1)."""
IOC_BEFORE_UPLIFT: Expr = group.is_in(*IOC) & (release == Release.BEFORE_UPLIFT_1_2)
"""Where identical prices close the switch by assumption: for IOC, before Uplift 1.2 (MOD-55)."""


def _applied(rules: str, when: Expr) -> Answer:
    return accepted(UpdateTariff, TariffReason.TARIFF_APPLIED, rules, when=when)


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
                    when=IDENTICAL_PRICES & IOC_WITH_THE_DEFECT,
                    rules="AUX-1 SYS-2 SYS-4",
                ),
                Transition(
                    LoadSwitch.OPEN,
                    UpdateTariff,
                    LoadSwitch.CLOSED,
                    when=IDENTICAL_PRICES & IOC_BEFORE_UPLIFT,
                    rules="MOD-55",
                ),
                Transition(
                    LoadSwitch.OPEN,
                    UpdateTariff,
                    LoadSwitch.CLOSED,
                    when=DIFFERENT_PRICES & IOC_SINCE_THE_FIX,
                    rules="AUX-2 SYS-4",
                ),
                Transition(
                    LoadSwitch.OPEN,
                    UpdateTariff,
                    LoadSwitch.CLOSED,
                    when=DIFFERENT_PRICES & ~IOC_SINCE_THE_FIX,
                    rules="MOD-32",
                ),
            ],
        )
    ],
    answers=[
        _applied("AUX-1 SRP-2 SRP-3 MOD-41", IDENTICAL_PRICES & IOC_WITH_THE_DEFECT),
        _applied("MOD-55 SRP-2 SRP-3 MOD-41", IDENTICAL_PRICES & IOC_BEFORE_UPLIFT),
        _applied("AUX-2 SRP-2 SRP-3 MOD-41", TWO_RATES & IOC_SINCE_THE_FIX),
        _applied("MOD-32 SRP-2 SRP-3 MOD-41", meter == Device.ESME),
        _applied("SRP-2 SRP-3 MOD-41", meter == Device.GSME),
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
