"""What the reader makes of the tariff of SRV 1.1.1."""

import time
from decimal import Decimal

import pytest

from statemachines.smets1.duis.reader import NAMESPACE, DuisError, DuisTariff, TariffKind, parse_request, read_request
from tests.support.paths import ROOT

REQUESTS = ROOT / "examples" / "requests"
IDENTICAL, DIFFERENT, OTHER = TariffKind.TWO_RATES_IDENTICAL, TariffKind.TWO_RATES_DIFFERENT, TariffKind.OTHER
REGISTER = "expected the number of a TOU register, 1 to 48"
PRICE = "expected a price: a decimal number of at most 24 characters"


def request(body, element="UpdateImportTariffPrimaryElement"):
    return (
        f'<Request xmlns="{NAMESPACE}" schemaVersion="5.4"><Header>'
        "<RequestID>90-B3-D5-1F-30-0A-00-00:00-DB-12-34-56-78-9A-E0:1</RequestID><CommandVariant>4</CommandVariant>"
        "<ServiceReference>1.1</ServiceReference><ServiceReferenceVariant>1.1.1</ServiceReferenceVariant>"
        f"</Header><Body><{element}>{body}</{element}></Body></Request>"
    )


def action(register):
    """A TOU register by its number, or a block register by the letter B and its number."""
    name = "BlockTariffAction" if str(register).startswith("B") else "TOUTariffAction"
    return f"<{name}>{str(register).removeprefix('B')}</{name}>"


def day(*registers):
    periods = (
        f"<ProfileSchedule><StartTime>{n % 24:02}:00:00.00Z</StartTime>{action(register)}</ProfileSchedule>"
        for n, register in enumerate(registers)
    )
    return f"<DayProfile><DayName>1</DayName>{''.join(periods)}</DayProfile>"


def tou(prices):
    return "".join(f'<TOUPrice index="{register}">{price}</TOUPrice>' for register, price in prices.items())


def electricity(days, prices, listed="TOUTariff"):
    return request(
        f"<ElecTariffElements><CurrencyUnits>GBP</CurrencyUnits><SwitchingTable><DayProfiles>{days}</DayProfiles>"
        "</SwitchingTable></ElecTariffElements><PriceElements><ElectricityPriceElements><PriceScale>-5</PriceScale>"
        f"<{listed}>{prices}</{listed}></ElectricityPriceElements></PriceElements>"
    )


def gas(days, prices, listed="TOUTariff"):
    return request(
        f"<GasTariffElements><SwitchingTable><DayProfiles>{days}</DayProfiles></SwitchingTable></GasTariffElements>"
        f"<PriceElements><GasPriceElements><{listed}>{prices}</{listed}></GasPriceElements></PriceElements>"
    )


def gas_day(register):
    return f"<DayProfile><DayName>1</DayName>{action(register) if register else '<BlockTariff/>'}</DayProfile>"


TWO = electricity(day(1, 2), tou({1: 10, 2: 20}))


def parse(text):
    return parse_request(text.encode()).tariff


def refusal(text):
    with pytest.raises(DuisError) as caught:
        parse_request(text.encode(), name="a.xml")
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) <= 300
    return message.removeprefix("a.xml: ")


@pytest.mark.parametrize(
    ("days", "prices", "kind"),
    [
        # Two rates.
        (day(1, 2), {1: 10, 2: 10}, IDENTICAL),
        (day(1, 2), {1: 10, 2: 11}, DIFFERENT),
        (day(2, 1), {2: 10, 1: 10}, IDENTICAL),
        (day(7, 48), {7: 10, 48: 10}, IDENTICAL),
        (day(1) + day(2), {1: 10, 2: 10}, IDENTICAL),
        (day(1) + day(2), {1: 10, 2: 20}, DIFFERENT),
        (day("01", " 002 "), {1: 10, 2: 10}, IDENTICAL),
        # A register that comes again is still one register.
        (day(1, 2, 1, 2) + day(2, 1), {1: 10, 2: 20}, DIFFERENT),
        (day(1, 1, "01"), {1: 10}, OTHER),
        # Prices are compared as numbers.
        (day(1, 2), {1: "10", 2: "10.0"}, IDENTICAL),
        (day(1, 2), {1: "10", 2: "010"}, IDENTICAL),
        (day(1, 2), {1: "10", 2: "+10."}, IDENTICAL),
        (day(1, 2), {1: "0", 2: "-0"}, IDENTICAL),
        (day(1, 2), {1: "0.5", 2: ".50"}, IDENTICAL),
        (day(1, 2), {1: "10", 2: "-10"}, DIFFERENT),
        (day(1, 2), {1: "10", 2: "\n 10\t"}, IDENTICAL),
        (day(1, 2), {1: "1234567890123456789.0001", 2: "1234567890123456789.0002"}, DIFFERENT),
        # What counts is the switching table, not the list of prices.
        (day(1, 2), {1: 10, 2: 10, 3: 30}, IDENTICAL),
        (day(2, 3), {1: 10, 2: 10, 3: 30}, DIFFERENT),
        (day(1), {1: 10, 2: 10}, OTHER),
        (day(1), {1: 10, 2: 20}, OTHER),
        # A price that is not listed is zero.
        (day(1, 2), {1: 10}, DIFFERENT),
        (day(1, 2), {1: 0}, IDENTICAL),
        (day(1, 2), {3: 10}, IDENTICAL),
        (day(1, 2), {}, IDENTICAL),
        # One rate, more than two, and blocks.
        (day(1), {1: 10}, OTHER),
        (day(1, 2, 3), {1: 10, 2: 10, 3: 10}, OTHER),
        (day(1, 2) + day(3), {1: 10, 2: 10, 3: 10}, OTHER),
        (day(1, 2, "B1"), {1: 10, 2: 10}, OTHER),
        (day(1, "B1"), {1: 10}, OTHER),
        (day("B1", "B2"), {}, OTHER),
    ],
)
def test_the_kind_of_a_tariff(days, prices, kind):
    assert parse(electricity(days, tou(prices))).kind is kind


def test_the_parts_of_a_tariff():
    tariff = parse(electricity(day(3, 1) + day("B2"), tou({1: "10.50", 2: 7}), listed="HybridTariff"))
    assert tariff == DuisTariff(rates=((1, Decimal("10.5")), (3, Decimal(0))), blocks=True, gas=False)


def test_block_prices_are_not_looked_at():
    blocks = '<BlockPrices index="1"><BlockPrice index="x">much</BlockPrice></BlockPrices>'
    assert parse(electricity(day(1, 2), blocks + tou({1: 10, 2: 10}), listed="HybridTariff")).kind is IDENTICAL
    assert parse(electricity(day("B1"), blocks, listed="BlockTariff")) == DuisTariff(rates=(), blocks=True, gas=False)


@pytest.mark.parametrize(
    ("days", "listed", "rates", "blocks"),
    [
        (gas_day(1) + gas_day(2), "TOUTariff", ((1, Decimal(10)), (2, Decimal(10))), False),
        (gas_day(None), "BlockTariff", (), True),
    ],
)
def test_a_gas_tariff_is_another_tariff(days, listed, rates, blocks):
    tariff = parse(gas(days, tou({1: 10, 2: 10}), listed))
    assert tariff == DuisTariff(rates=rates, blocks=blocks, gas=True)
    assert tariff.kind is OTHER


@pytest.mark.parametrize(
    ("name", "kind"),
    [("11-two-rate-tariff-identical-prices", IDENTICAL), ("12-two-rate-tariff-different-prices", DIFFERENT)],
)
def test_the_examples(name, kind):
    tariff = read_request(REQUESTS / f"{name}.xml").tariff
    assert tariff.kind is kind
    assert [register for register, _ in tariff.rates] == [1, 2]


def test_no_other_request_has_a_tariff():
    assert parse(TWO) is not None
    other = TWO.replace(">1.1.1<", ">1.1.2<").replace("Primary", "Secondary")
    assert parse(other) is None


DAYS = "SwitchingTable: DayProfiles"
PRICES = "ElectricityPriceElements: TOUTariff"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            request("", element="UpdateImportTariffSecondaryElement"),
            "Body: UpdateImportTariffSecondaryElement, "
            "expected UpdateImportTariffPrimaryElement in the DUIS namespace for SRV 1.1.1",
        ),
        (
            request(""),
            "UpdateImportTariffPrimaryElement: none of ElecTariffElements, GasTariffElements, expected exactly one",
        ),
        (
            request("<ElecTariffElements/><GasTariffElements/>"),
            "UpdateImportTariffPrimaryElement: "
            "more than one of ElecTariffElements, GasTariffElements, expected exactly one",
        ),
        (
            TWO.replace("<ElecTariffElements>", "<ElecTariffElements xmlns='urn:x'>"),
            "UpdateImportTariffPrimaryElement: none of ElecTariffElements, GasTariffElements, expected exactly one",
        ),
        (request("<ElecTariffElements/>"), "ElecTariffElements: no SwitchingTable, expected exactly one"),
        (TWO.replace("DayProfiles>", "Days>"), "SwitchingTable: no DayProfiles, expected exactly one"),
        (
            TWO.replace("<DayProfiles>", "<DayProfiles/><DayProfiles>"),
            "SwitchingTable: more than one DayProfiles, expected exactly one",
        ),
        # The switching table
        (electricity("", tou({1: 10})), f"{DAYS}: no DayProfile, expected one or more"),
        (
            TWO.replace("<DayProfile>", "<DayProfile xmlns='urn:x'>"),
            f"{DAYS}: no DayProfile, expected one or more",
        ),
        (electricity(day(1) * 49, tou({1: 10})), f"{DAYS}: more than 48 DayProfile, expected at most 48"),
        (
            electricity(day(1) + day(), tou({1: 10})),
            f"{DAYS}: DayProfile[2]: no ProfileSchedule, expected one or more",
        ),
        (
            electricity(day(*[1] * 49), tou({1: 10})),
            f"{DAYS}: DayProfile[1]: more than 48 ProfileSchedule, expected at most 48",
        ),
        (
            electricity(day(1) + day(1, 2).replace("<TOUTariffAction>2</TOUTariffAction>", ""), tou({1: 10})),
            f"{DAYS}: DayProfile[2]: ProfileSchedule[2]: none of TOUTariffAction, BlockTariffAction, "
            "expected exactly one",
        ),
        (
            electricity(day(1).replace("</P", "<BlockTariffAction>1</BlockTariffAction></P"), tou({1: 10})),
            f"{DAYS}: DayProfile[1]: ProfileSchedule[1]: more than one of TOUTariffAction, BlockTariffAction, "
            "expected exactly one",
        ),
        *[
            (
                electricity(day(1, register), tou({1: 10})),
                f"{DAYS}: DayProfile[1]: ProfileSchedule[2]: TOUTariffAction: '{register}', {REGISTER}",
            )
            for register in ("", "0", "00", "49", "100", "148", "-1", "+1", "1.0", "1_0", "1e1", "x", "\u0661")
        ],
        (
            electricity(day("1<a/>"), tou({1: 10})),
            f"{DAYS}: DayProfile[1]: ProfileSchedule[1]: TOUTariffAction: holds the element a, expected text only",
        ),
        # The prices
        (
            TWO.replace("PriceElements>", "Prices>"),
            "UpdateImportTariffPrimaryElement: no PriceElements, expected exactly one",
        ),
        (
            TWO.replace("ElectricityPriceElements>", "GasPriceElements>"),
            "PriceElements: no ElectricityPriceElements, expected exactly one",
        ),
        (
            TWO.replace("TOUTariff>", "Tariff>"),
            "ElectricityPriceElements: none of TOUTariff, HybridTariff, BlockTariff, expected exactly one",
        ),
        (
            TWO.replace("<TOUTariff>", "<BlockTariff/><TOUTariff>"),
            "ElectricityPriceElements: more than one of TOUTariff, HybridTariff, BlockTariff, expected exactly one",
        ),
        (
            TWO.replace("TOUTariff>", "BlockTariff>"),
            "PriceElements: BlockTariff, expected TOU prices, as the SwitchingTable has TOUTariffAction",
        ),
        (
            electricity(day(1, 2), tou({1: 10}) * 2),
            f"{PRICES}: TOUPrice[2]: index: 1 again, expected each register once",
        ),
        (
            electricity(day(1, 2), tou({1: 10, "01": 20})),
            f"{PRICES}: TOUPrice[2]: index: 1 again, expected each register once",
        ),
        (TWO.replace(' index="2"', ""), f"{PRICES}: TOUPrice[2]: index: '', {REGISTER}"),
        (TWO.replace(' index="2"', ' index="49"'), f"{PRICES}: TOUPrice[2]: index: '49', {REGISTER}"),
        (TWO.replace(' index="2"', ' index="0"'), f"{PRICES}: TOUPrice[2]: index: '0', {REGISTER}"),
        (
            electricity(day(1), tou(dict.fromkeys(range(1, 50), 1))),
            f"{PRICES}: more than 48 TOUPrice, expected at most 48",
        ),
        *[
            (electricity(day(1), tou({1: price})), f"{PRICES}: TOUPrice[1]: '{price}', {PRICE}")
            for price in ("", ".", "-", "ten", "1e3", "1_0", "NaN", "INF", "10,5", "1 0", "0x10", "\u0661", "1" * 25)
        ],
        # A price that the switching table has no use for is read as well.
        (electricity(day(1), tou({1: 10, 2: "x"})), f"{PRICES}: TOUPrice[2]: 'x', {PRICE}"),
        # Gas
        (
            gas(gas_day(1) + day(1), tou({1: 10})),
            f"{DAYS}: DayProfile[2]: none of TOUTariffAction, BlockTariff, expected exactly one",
        ),
        (gas(gas_day(49), tou({1: 10})), f"{DAYS}: DayProfile[1]: TOUTariffAction: '49', {REGISTER}"),
        (
            gas(gas_day(1), tou({1: "x"})),
            f"GasPriceElements: TOUTariff: TOUPrice[1]: 'x', {PRICE}",
        ),
    ],
    ids=lambda value: value[-60:],
)
def test_a_malformed_tariff_is_refused(text, message):
    assert refusal(text) == message


def test_the_longest_message_is_still_short():
    text = electricity(day(*[1] * 47, "9" * 5000), tou({1: 10}))
    text = text.replace("<DayProfile>", day(1) * 47 + "<DayProfile>", 1)
    with pytest.raises(DuisError, match=r"DayProfile\[48\]: ProfileSchedule\[48\]: TOUTariffAction: '999") as caught:
        parse_request(text.encode(), name="\U000e0001" * 5000)
    assert len(str(caught.value)) <= 300


def test_as_much_as_there_may_be_is_read():
    registers = tuple(range(1, 49))
    tariff = parse(electricity(day(*registers) * 48, tou(dict.fromkeys(registers, 10))))
    assert tariff.rates == tuple((register, Decimal(10)) for register in registers)


@pytest.mark.parametrize(
    "text",
    [
        electricity("<DayProfile/>" * 600_000, tou({1: 10})),
        electricity("<a/>" * 1_500_000, tou({1: 10})),
        electricity(day(1).replace("<P", "<ProfileSchedule/>" * 400_000 + "<P"), tou({1: 10})),
        electricity(day(1).replace("</P", "<TOUTariffAction/>" * 400_000 + "</P"), tou({1: 10})),
        electricity(day("0" * 8_000_000), tou({1: 10})),
        electricity(day("9" * 8_000_000), tou({1: 10})),
        electricity(day(1), tou({1: "9" * 8_000_000})),
        electricity(day(1), tou({1: "0." + "0" * 8_000_000})),
        electricity(day(1), tou({"1" * 8_000_000: 10})),
        electricity(day(1), "<TOUPrice/>" * 700_000),
        electricity(day(1), "<TOUPrice index='1'>1</TOUPrice>" * 250_000),
        electricity(day(1), "", listed="x" * 4_000_000),
        TWO.replace("<PriceElements>", "<PriceElements/>" * 450_000 + "<PriceElements>"),
        request("<ElecTariffElements/>" * 350_000),
        request("<a>" * 200_000 + "</a>" * 200_000),
    ],
    ids=lambda text: text[400:460],
)
def test_a_huge_tariff_is_refused_soon(text):
    started = time.perf_counter()
    assert "too large" not in refusal(text)
    assert time.perf_counter() - started < 10


def test_a_huge_tariff_is_read_soon():
    started = time.perf_counter()
    text = TWO.replace("<TOUTariff>", "<a/>" * 1_500_000 + "<TOUTariff>")
    assert parse(text).kind is DIFFERENT
    assert time.perf_counter() - started < 10
