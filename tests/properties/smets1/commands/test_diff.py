"""`smets1 diff` as a user runs it."""

import json

import pytest
from click.testing import CliRunner

from properties.smets1.command import main
from statemachines.smets1.firmware import FirmwareReason


@pytest.mark.slow
def test_what_uplift_changes():
    words = ["diff", "--from", "before uplift", "--to", "uplift 1.2", "--json"]
    reported = json.loads(CliRunner().invoke(main, words).stdout)
    assert (reported["from"], reported["to"]) == ("before Uplift 1.2", "Uplift 1.2")
    foc = [one for one in reported["differences"] if set(one["facts"]) == {"EA (FOC)", "EB (FOC)"}]
    assert {one["after"] for one in foc} == {
        f"not-processed at the S1SP: {reason.value}"
        for reason in (FirmwareReason.FOC_PPMID, FirmwareReason.FOC_IN_SCOPE)
    }
    assert {one["subject"] for one in reported["differences"]} == {"PPMID"}
    assert {one["sender"] for one in reported["differences"]} == {
        "Electricity Supplier",
        "Electricity Supplier and Gas Supplier",
    }
