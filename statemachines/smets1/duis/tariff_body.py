"""The body of SRV 1.1.1, as an element to be written: tariffs by time of use, for each kind of meter.

Names and order of elements: RTDS, DCC's published request templates (ECS01a and GCS01a, time of use). Every day has
the same periods, all the year.
"""

from collections.abc import Sequence

from lxml import etree

from statemachines.smets1.duis.bodies import element

_NO_THRESHOLD = "4294967295"
_STANDING_CHARGE = "31000"


def electricity_tariff(prices: Sequence[int]) -> etree._Element:
    """A tariff of an electricity meter: each register counts for an hour of the day, and the first for the rest of it.

    Parameters
    ----------
    prices: of the time-of-use registers 1, 2, ..., in hundred-thousandths of a pound; from one of them to 12.
    """
    periods = [(f"{hour:02}", register) for hour, register in enumerate(range(1, len(prices) + 1))]
    if len(prices) > 1:
        periods.append((f"{len(prices):02}", 1))
    day = element(
        "DayProfile",
        element("DayName", "1"),
        *(
            element(
                "ProfileSchedule",
                element("StartTime", f"{hour}:00:00.00Z"),
                element("TOUTariffAction", str(register)),
            )
            for hour, register in periods
        ),
    )
    season = element(
        "Season",
        element("SeasonName", "all year"),
        element("SeasonStartDate", *_new_year("", "01")),
        element("ReferencedWeekName", "1"),
    )
    thresholds = (
        element("Thresholds", element("BlockThreshold", _NO_THRESHOLD, index=1), index=number) for number in range(1, 9)
    )
    return element(
        "UpdateImportTariffPrimaryElement",
        element(
            "ElecTariffElements",
            element("CurrencyUnits", "GBP"),
            _switching(day, season),
            element("SpecialDays"),
            element("ThresholdMatrix", *thresholds),
        ),
        element(
            "PriceElements",
            element(
                "ElectricityPriceElements",
                element("StandingCharge", _STANDING_CHARGE),
                element("StandingChargeScale", "-5"),
                element("PriceScale", "-5"),
                _by_time_of_use(prices),
            ),
        ),
    )


def gas_tariff(price: int) -> etree._Element:
    """A tariff of a gas meter: one register, and its price in hundred-thousandths of a pound."""
    day = element("DayProfile", element("DayName", "1"), element("TOUTariffAction", "1"))
    season = element(
        "Season",
        element("SeasonStartDate", *_new_year("Gas{}WithWildcards", "1")),
        element("ReferencedWeekName", "1"),
    )
    return element(
        "UpdateImportTariffPrimaryElement",
        element(
            "GasTariffElements",
            _switching(day, season),
            element("SpecialDays"),
            element("ThresholdMatrix", element("BlockThreshold", "1", index=1)),
        ),
        element(
            "PriceElements",
            element(
                "GasPriceElements",
                element("CurrencyUnits", "GBP"),
                element("StandingCharge", _STANDING_CHARGE),
                _by_time_of_use([price]),
            ),
        ),
    )


def _switching(day: etree._Element, season: etree._Element) -> etree._Element:
    week = element(
        "WeekProfile",
        element("WeekName", "1"),
        *(element("ReferencedDayName", "1", index=number) for number in range(1, 8)),
    )
    return element(
        "SwitchingTable",
        element("DayProfiles", day),
        element("WeekProfiles", week),
        element("Seasons", season),
    )


def _new_year(naming: str, first: str) -> list[etree._Element]:
    """The first of January of any year; a gas tariff names its parts otherwise, and writes 1 where the other has 01."""
    parts = {
        "Year": element("NonSpecifiedYear"),
        "Month": element("SpecifiedMonth", first),
        "DayOfMonth": element("SpecifiedDayOfMonth", first),
        "DayOfWeek": element("NonSpecifiedDayOfWeek"),
    }
    return [element(naming.format(name) if naming else name, part) for name, part in parts.items()]


def _by_time_of_use(prices: Sequence[int]) -> etree._Element:
    return element(
        "TOUTariff", *(element("TOUPrice", str(price), index=register) for register, price in enumerate(prices, 1))
    )
