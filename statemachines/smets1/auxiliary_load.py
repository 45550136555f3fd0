"""The auxiliary load switch on the ESME, and which tariffs close it.

Sources: AUX-1, AUX-2, SYS-4 and the assumption MOD-32.
"""

from collections.abc import Iterator
from enum import Enum

from statemachines.language.expression import TRUE, Expr
from statemachines.language.gates import Answer
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.system import Constraint
from statemachines.language.terms import Variable
from statemachines.smets1.migration import MIGRATED
from statemachines.smets1.releases import Release, release
from statemachines.smets1.verdicts import accepted
from statemachines.smets1.vocabulary import IOC, Device, Reason, Tariff, UpdateTariff, group, meter, tariff


class LoadSwitch(Enum):
    """Where the auxiliary load switch stands."""

    ABSENT = "no auxiliary load switch"
    OPEN = "open"
    CLOSED = "closed"


load_switch = Variable("load_switch", LoadSwitch, label="auxiliary load switch")

_AT_ESME: Expr = meter == Device.ESME
_IOC: Expr = group.is_in(*IOC)
SINCE_THE_FIX: Expr = _IOC & (release >= Release.NOVEMBER_2020)
"""Where only different prices close the switch, as the report says: for IOC, from that release on (AUX-2)."""
BEFORE_THE_FIX: Expr = _IOC & (release < Release.NOVEMBER_2020)
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
            when=_AT_ESME & (tariff == Tariff.DIFFERENT_PRICES) & SINCE_THE_FIX,
            rules="AUX-2",
        ),
        Transition(
            LoadSwitch.OPEN,
            UpdateTariff,
            LoadSwitch.CLOSED,
            when=_AT_ESME & (tariff == Tariff.DIFFERENT_PRICES) & ~SINCE_THE_FIX,
            rules="MOD-32",
        ),
    ],
)


def _tariff_answers() -> Iterator[Answer]:
    """A tariff for the ESME is applied under the rule that says what it does to the auxiliary load switch."""
    identical = tariff == Tariff.IDENTICAL_PRICES
    for when, rule in (
        (identical & BEFORE_THE_FIX, "AUX-1"),
        (tariff.is_in(Tariff.IDENTICAL_PRICES, Tariff.DIFFERENT_PRICES) & SINCE_THE_FIX, "AUX-2"),
        (TRUE, "MOD-32"),
    ):
        yield accepted(UpdateTariff, Reason.TARIFF_APPLIED, f"{rule} SRP-2 SRP-3 MOD-41", when=_AT_ESME & when)


TO_SERVICE_REQUESTS = (
    *_tariff_answers(),
    accepted(UpdateTariff, Reason.TARIFF_APPLIED, "SRP-2 SRP-3 MOD-41", when=meter == Device.GSME),
)

CONSTRAINTS = (
    Constraint(
        "no tariff closes the auxiliary load switch before migration",
        when=load_switch == LoadSwitch.CLOSED,
        then=MIGRATED,
        rules="MIG-6 MOD-38",
    ),
)
