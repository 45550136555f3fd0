"""Writing Service Requests, and their tariffs."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from lxml import etree

from statemachines.smets1.duis.bodies import date_time, element, update_firmware
from statemachines.smets1.duis.elements import NAMESPACE
from statemachines.smets1.duis.errors import DuisError
from statemachines.smets1.duis.reader import RequestId, TariffKind, parse_request
from statemachines.smets1.duis.tariff_body import electricity_tariff, gas_tariff
from statemachines.smets1.duis.writer import DCC_ID, command_variant, write_request
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS

SENDER, DEVICE = "02-00-00-00-00-00-00-0A", "02-00-00-00-00-00-01-E0"
TO_DEVICE = RequestId(SENDER, DEVICE, 3)


def tariff_of(body):
    return parse_request(write_request(TO_DEVICE, SERVICE_REQUESTS["1.1.1"], body)).tariff


@pytest.mark.parametrize(
    ("srv", "variant"), [("11.1", 8), ("12.2", 8), ("11.3", 4), ("8.1.1", 4), ("11.2", 1), ("8.7.2", 1)]
)
def test_the_command_variant_follows_from_the_srv(srv, variant):
    assert command_variant(SERVICE_REQUESTS[srv]) == variant


def test_every_element_is_in_the_namespace_of_duis():
    body = update_firmware(b"image", "00010002", [DEVICE])
    root = etree.fromstring(write_request(RequestId(SENDER, DCC_ID, 3), SERVICE_REQUESTS["11.1"], body))
    assert {etree.QName(each).namespace for each in root.iter()} == {NAMESPACE}
    assert root.prefix == "sr"


def test_a_document_that_would_be_read_otherwise_is_refused():
    with pytest.raises(DuisError, match="expected ReadFirmwareVersion"):
        write_request(TO_DEVICE, SERVICE_REQUESTS["11.2"], element("EnableSupply"))
    with pytest.raises(DuisError, match="expected 02-00-00-00-00-00-00-0a"):
        write_request(RequestId(SENDER.lower(), DEVICE, 3), SERVICE_REQUESTS["7.1"], element("EnableSupply"))
    with pytest.raises(DuisError, match=r"RequestID: .*expected an EUI-64"):
        write_request(RequestId("me", DEVICE, 3), SERVICE_REQUESTS["7.1"], element("EnableSupply"))


def test_text_is_escaped():
    document = write_request(TO_DEVICE, SERVICE_REQUESTS["7.1"], element("EnableSupply", element("X", "<&>]]>")))
    assert etree.fromstring(document).findtext(f".//{{{NAMESPACE}}}X") == "<&>]]>"


def test_moments_are_in_utc_and_to_the_hundredth():
    there = datetime(2030, 1, 15, 11, 0, 0, 129_999, tzinfo=timezone(timedelta(hours=2)))
    assert date_time(there) == "2030-01-15T09:00:00.12Z"
    assert date_time(datetime(2030, 1, 1, tzinfo=UTC)) == "2030-01-01T00:00:00.00Z"


@pytest.mark.parametrize(
    ("prices", "kind"),
    [
        ([7], TariffKind.OTHER),
        ([7, 7], TariffKind.TWO_RATES_IDENTICAL),
        ([7, 8], TariffKind.TWO_RATES_DIFFERENT),
        (range(1, 13), TariffKind.OTHER),
    ],
)
def test_an_electricity_tariff_has_the_rates_it_was_given(prices, kind):
    tariff = tariff_of(electricity_tariff(list(prices)))
    assert [int(price) for _, price in tariff.rates] == list(prices)
    assert (tariff.kind, tariff.gas, tariff.blocks) == (kind, False, False)


def test_a_gas_tariff():
    tariff = tariff_of(gas_tariff(9))
    assert (tariff.gas, [int(price) for _, price in tariff.rates]) == (True, [9])
