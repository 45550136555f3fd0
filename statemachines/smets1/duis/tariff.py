"""The tariff of SRV 1.1.1, as far as the auxiliary load switch depends on it (AUX-1, AUX-2).

A tariff has two parts. Its switching table says, for every period of a day, which register counts: a time-of-use (TOU)
register, 1 to 48, or a block register. Its price elements list the prices of registers, each with its index.

"Two-rate" is nowhere defined for DUIS. Here it means that the switching table refers to exactly two TOU registers and
to no block register, however many prices are listed. A register whose price is not listed has the price zero: that is
what the DCC's own test data sends to the meter for it (RTDS, ECS01a, immediate TOU: three prices in the request, and 48
in the command), and the DCC's own tariff builder leaves out the prices that are zero (duis-templates, tariff.ts).
"""

from decimal import Decimal
from enum import Enum

import attrs
from lxml import etree

from statemachines.smets1.duis.elements import local, one, one_of, several, tag, text_of, value
from statemachines.smets1.duis.errors import DuisError, located
from statemachines.smets1.duis.values import price, tou_register

MOST = 48
"""The most day profiles, periods of a day, and prices that are read; the DCC's builder has up to 16, 48 and 48."""

_TOU, _PRICE, _GAS = "TOUTariffAction", "TOUPrice", "GasTariffElements"
_PRICE_LISTS = ("TOUTariff", "HybridTariff", "BlockTariff")
_WITHOUT_TOU = "BlockTariff"


class TariffKind(Enum):
    """What a tariff is to the auxiliary load switch (AUX-1, AUX-2)."""

    TWO_RATES_IDENTICAL = "two rates with identical prices"
    TWO_RATES_DIFFERENT = "two rates with different prices"
    OTHER = "any other tariff"


@attrs.frozen
class DuisTariff:
    """A tariff.

    Parameters
    ----------
    rates: the TOU registers that the switching table refers to, 1 to 48, in ascending order, each with its price. The
        prices are in whatever unit the PriceScale of the tariff makes it, the same for all of them.
    blocks: whether the switching table refers to a block register.
    gas: whether it is a tariff for a gas meter.

    >>> DuisTariff(rates=((1, Decimal("10")), (2, Decimal("10.0"))), blocks=False, gas=False).kind
    <TariffKind.TWO_RATES_IDENTICAL: 'two rates with identical prices'>
    """

    rates: tuple[tuple[int, Decimal], ...]
    blocks: bool
    gas: bool

    @property
    def kind(self) -> TariffKind:
        """What it is to the auxiliary load switch; a gas meter has none, so that any gas tariff is another tariff."""
        if self.gas or self.blocks or len(self.rates) != 2:
            return TariffKind.OTHER
        (_, first), (_, second) = self.rates
        return TariffKind.TWO_RATES_IDENTICAL if first == second else TariffKind.TWO_RATES_DIFFERENT


def read_tariff(body: etree._Element) -> DuisTariff:
    """The tariff in the body of SRV 1.1.1.

    Parameters
    ----------
    body: the element UpdateImportTariffPrimaryElement.

    Raises
    ------
    DuisError: if the switching table or the TOU prices are malformed; nothing else of the tariff is looked at.
    """
    with located(local(body)):
        elements = one_of(body, "ElecTariffElements", _GAS)
    gas = local(elements) == _GAS
    actions = _actions(one(elements, "SwitchingTable"), gas)
    registers = sorted(register for register in actions if register is not None)
    prices = _prices(one(one(body, "PriceElements"), "GasPriceElements" if gas else "ElectricityPriceElements"))
    if prices is None and registers:
        raise DuisError(f"PriceElements: {_WITHOUT_TOU}, expected TOU prices, as the SwitchingTable has {_TOU}")
    rates = tuple((register, (prices or {}).get(register, Decimal(0))) for register in registers)
    return DuisTariff(rates=rates, blocks=None in actions, gas=gas)


def _actions(table: etree._Element, gas: bool) -> set[int | None]:
    # A gas meter does not switch within a day, so that its day profiles have no periods.
    actions = set[int | None]()
    profiles = one(table, "DayProfiles")
    with located("SwitchingTable: DayProfiles"):
        for position, day in enumerate(several(profiles, "DayProfile", MOST), start=1):
            with located(f"DayProfile[{position}]"):
                actions |= {_register(day, "BlockTariff")} if gas else _periods(day)
    return actions


def _periods(day: etree._Element) -> set[int | None]:
    actions = set[int | None]()
    for position, period in enumerate(several(day, "ProfileSchedule", MOST), start=1):
        with located(f"ProfileSchedule[{position}]"):
            actions.add(_register(period, "BlockTariffAction"))
    return actions


def _register(parent: etree._Element, block: str) -> int | None:
    action = one_of(parent, _TOU, block)
    return value(parent, _TOU, tou_register) if local(action) == _TOU else None


def _prices(parent: etree._Element) -> dict[int, Decimal] | None:
    with located(local(parent)):
        listed = one_of(parent, *_PRICE_LISTS)
    if local(listed) == _WITHOUT_TOU:
        return None
    # A list without any is what the DCC's builder makes of prices that are all zero.
    if listed.find(tag(_PRICE)) is None:
        return {}
    prices = dict[int, Decimal]()
    with located(f"{local(parent)}: {local(listed)}"):
        for position, element in enumerate(several(listed, _PRICE, MOST), start=1):
            with located(f"{_PRICE}[{position}]"):
                with located("index"):
                    register = tou_register(element.get("index", ""))
                    if register in prices:
                        raise DuisError(f"{register} again, expected each register once")
                prices[register] = price(text_of(element))
    return prices
