"""The auxiliary load switch on the ESME, and which tariffs close it.

Sources: AUX-1, AUX-2, SYS-4 and the assumption MOD-32.
"""

from enum import Enum

from statemachines.language.expression import Expr
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.terms import Variable
from statemachines.smets1.releases import Release, release
from statemachines.smets1.vocabulary import IOC, Device, Tariff, UpdateTariff, group, meter, tariff


class LoadSwitch(Enum):
    """Where the auxiliary load switch stands."""

    ABSENT = "no auxiliary load switch"
    OPEN = "open"
    CLOSED = "closed"


load_switch = Variable("load_switch", LoadSwitch, label="auxiliary load switch")

_AT_ESME: Expr = meter == Device.ESME
BEFORE_THE_FIX: Expr = group.is_in(*IOC) & (release < Release.NOVEMBER_2020)
"""Where identical prices close the switch: for IOC, before the November 2020 maintenance release (AUX-1)."""

lifecycle = Lifecycle(
    load_switch,
    initial=[LoadSwitch.OPEN, LoadSwitch.ABSENT],
    transitions=[
        Transition(
            LoadSwitch.OPEN,
            UpdateTariff,
            LoadSwitch.CLOSED,
            when=_AT_ESME & (tariff == Tariff.IDENTICAL_PRICES) & BEFORE_THE_FIX,
            rules="AUX-1 SYS-2",
        ),
        Transition(
            LoadSwitch.OPEN,
            UpdateTariff,
            LoadSwitch.CLOSED,
            when=_AT_ESME & (tariff == Tariff.DIFFERENT_PRICES) & (release >= Release.NOVEMBER_2020),
            rules="AUX-2",
        ),
        Transition(
            LoadSwitch.OPEN,
            UpdateTariff,
            LoadSwitch.CLOSED,
            when=_AT_ESME & (tariff == Tariff.DIFFERENT_PRICES) & (release < Release.NOVEMBER_2020),
            rules="MOD-32",
        ),
    ],
)
