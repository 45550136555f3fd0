"""`smets1 diff` as a user runs it."""

import json

import pytest
from click.testing import CliRunner

from properties.smets1.command import main
from properties.tracing.differences import sides, verdicts_that_differ
from statemachines.smets1.commissioning import SmiStatus
from statemachines.smets1.designation import Calendar, Designation, Jip, ReDesignate
from statemachines.smets1.firmware import FirmwareReason
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.key_package import KeyPackage
from statemachines.smets1.migration import Migration, Operation
from statemachines.smets1.pin import Pin
from statemachines.smets1.releases import Release
from statemachines.smets1.vocabulary import Device, Group, Tariff, UpdateTariff, User


@pytest.mark.slow
def test_what_uplift_changes():
    words = ["diff", "--from", "before uplift", "--to", "uplift 1.2", "--json"]
    reported = json.loads(CliRunner().invoke(main, words).stdout)
    assert (reported["from"], reported["to"]) == ("before Uplift 1.2", "Uplift 1.2")
    foc = [one for one in reported["differences"] if set(one["facts"]) == {"EA (FOC)", "EB (FOC)"}]
    assert {one["after"] for one in foc} == {
        f"not-processed at the S1SP: {FirmwareReason.FOC_PPMID.value} (response left open)",
        f"not-processed at the S1SP: {FirmwareReason.FOC_IN_SCOPE.value} (outcome, at, reason and response left open)",
    }
    upgrades = [one for one in reported["differences"] if one["request"].startswith(("Update", "Activate"))]
    assert {one["subject"] for one in upgrades} == {"PPMID"}
    assert {one["sender"] for one in upgrades} == {"Electricity Supplier", "Electricity Supplier and Gas Supplier"}
    joins = [one for one in reported["differences"] if one not in upgrades]
    assert {one["request"] for one in joins} == {"Join Service (a PPMID) (SRV 8.7.2)"}
    assert {"MOD-43*"} <= {rule for one in joins for rule in one["rules"]}


CA = {"electricity_supplier": User.SUPPLIER_A, "gas_supplier": User.SUPPLIER_B, "group": Group.CA}
MIGRATED = {
    **CA,
    "migration": Migration.MIGRATED,
    "smso": Operation.DOES_NOT,
    "dcc": Operation.OPERATES,
    "pin": Pin.REVISED,
    "key_package": KeyPackage.WITH_PPMID,
    "release": Release.UPLIFT_1_2,
    **{f"{which}_status": SmiStatus.COMMISSIONED for which in ("chf", "esme", "gsme", "ppmid")},
}


def compared(first, second, request, **state):
    one, two = sides(INSTALLATION, first, second)
    start = INSTALLATION.state(**state)
    assert not INSTALLATION.broken_constraints(start)
    return verdicts_that_differ(one, two, [start], [request], describe=lambda *_: ("", "", ""))


def test_what_a_request_changes_is_compared_where_its_verdict_is_the_same():
    """7.2: from the November 2020 release on, identical prices close the switch no longer."""
    tariff = UpdateTariff(sender=User.SUPPLIER_A, meter=Device.ESME, tariff=Tariff.IDENTICAL_PRICES)
    (one,) = compared("uplift 1.2", "november 2020", tariff, **MIGRATED)
    assert one.before == "accepted at the device: the tariff is applied; auxiliary load switch -> closed"
    assert one.after == "accepted at the device: the tariff is applied; nothing changes"
    assert {"AUX-1", "AUX-2"} <= set(one.rules)


def test_what_has_to_change_with_a_value_changes_with_it():
    """A constraint forbids re-designation without the versions that it brings into the SEC."""
    window = {"calendar": Calendar.WINDOW, "designation": Designation.SUBMITTED, "jip": Jip.FOC_STAYS_OUT}
    (one,) = compared("conclusions submitted", "re-designated", ReDesignate(), **CA, **window)
    assert one.after == "cannot happen at the premises: the documents are re-designated already"
