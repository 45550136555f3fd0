"""Rules that a source gives in part: what it says is decided without any assumption, and what is assumed is not."""

import pytest

from statemachines.errors import UnknownNameError
from statemachines.language.rules import Basis
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.regulated import PossibleStates, RegulatedOracle, switched_off
from statemachines.semantics.trace import replay
from statemachines.smets1.auxiliary_load import LoadSwitch
from statemachines.smets1.commissioning import SmiStatus
from statemachines.smets1.designation import Calendar, Designation, Jip, ReDesignate
from statemachines.smets1.firmware import Firmware
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.key_package import KeyPackage
from statemachines.smets1.migration import Migration, Operation
from statemachines.smets1.pin import Pin
from statemachines.smets1.releases import Release
from statemachines.smets1.rulebook import RULEBOOK
from statemachines.smets1.vocabulary import (
    ActivateFirmware,
    ChangeElectricitySupplier,
    ChangeGasSupplier,
    CommissionDevice,
    DataValues,
    Device,
    Group,
    JoinPpmid,
    MprnComparison,
    Outcome,
    ProvidePin,
    ReachActivationDate,
    ReadFirmwareVersion,
    RequestIdUse,
    Screening,
    Tariff,
    Timing,
    UpdateFirmware,
    UpdateKeyPackage,
    UpdateTariff,
    User,
    ValidateData,
)

RULES = RegulatedOracle(INSTALLATION)
A, B, C = User.SUPPLIER_A, User.SUPPLIER_B, User.SUPPLIER_C
MIGRATED = {
    "electricity_supplier": A,
    "gas_supplier": B,
    "migration": Migration.MIGRATED,
    "smso": Operation.DOES_NOT,
    "dcc": Operation.OPERATES,
    "key_package": KeyPackage.WITH_PPMID,
    "release": Release.UPLIFT_1_2,
    "group": Group.MDS,
    **{f"{which}_status": SmiStatus.COMMISSIONED for which in ("chf", "esme", "gsme", "ppmid")},
}
IOC = {**MIGRATED, "group": Group.OTHER_IOC}
BEFORE_UPLIFT = {**IOC, "release": Release.BEFORE_UPLIFT_1_2, "key_package": KeyPackage.WITHOUT_PPMID}
DELIVERED = {**MIGRATED, "ppmid_firmware": Firmware.DELIVERED, "ppmid_upgrade_by": A}
PENDING = {**MIGRATED, "ppmid_firmware": Firmware.PENDING, "ppmid_upgrade_by": A}
VALIDATING = {"gas_supplier": B, "migration": Migration.SCHEDULED, "release": Release.UPLIFT_1_2}
TO_RE_DESIGNATE = {
    **MIGRATED,
    "key_package": KeyPackage.WITHOUT_PPMID,
    "calendar": Calendar.WINDOW,
    "designation": Designation.SUBMITTED,
    "jip": Jip.FOC_STAYS_OUT,
}
PPMID, ESME = Device.PPMID, Device.ESME
READ_PPMID = ReadFirmwareVersion(sender=A, target=PPMID)
TARIFF = UpdateTariff(sender=A, meter=ESME, tariff=Tariff.OTHER)
ALL = ("outcome", "at", "reason", "response")
OPEN = ("outcome", "at", "reason")
"""What differs between a refusal and an acceptance."""


def by_rules(start, *requests):
    """The last verdict, as far as rules give it."""
    state = INSTALLATION.state(**start)
    assert not INSTALLATION.broken_constraints(state)
    possible = PossibleStates((state,))
    for request in requests:
        possible, verdict = RULES.decide(possible, request)
    return verdict


@pytest.mark.parametrize(
    ("rule", "start", "requests", "outcome", "left_open"),
    [
        pytest.param("SYS-7", MIGRATED, [TARIFF.replace(sender=User.GAS_TRANSPORTER)], "REJECTED", "at"),
        pytest.param("SRP-1", MIGRATED, [TARIFF.replace(screening=Screening.CAUGHT)], "HELD", "at"),
        pytest.param("SRP-1", MIGRATED, [TARIFF.replace(data_values=DataValues.BEYOND)], "DELETED", "at"),
        pytest.param("PPMID-1", MIGRATED, [UpdateFirmware(sender=B, target=PPMID)], "REJECTED", "at"),
        pytest.param("PPMID-3", MIGRATED, [UpdateFirmware(sender=B, target=Device.CHF)], "REJECTED", "at"),
        pytest.param("PPMID-8", {**MIGRATED, "group": Group.EA}, [UpdateFirmware(sender=A, target=PPMID)],
                     "NOT_PROCESSED", "response"),
        pytest.param("PPMID-9", DELIVERED, [ActivateFirmware(sender=A, target=PPMID, timing=Timing.FUTURE_DATED),
                     ReachActivationDate(device=PPMID)], "HAPPENED", ""),
        pytest.param("READ-2", IOC, [READ_PPMID], "ALERT", "at"),
        pytest.param("READ-3", MIGRATED, [READ_PPMID], "ACCEPTED", "response"),
        pytest.param("MIG-2", VALIDATING, [ValidateData(mprn=MprnComparison.IDENTICAL)], "HAPPENED", ""),
        pytest.param("MPRN-1", {**VALIDATING, "group": Group.OTHER_IOC},
                     [ValidateData(mprn=MprnComparison.LEADING_ZEROS)], "HAPPENED", ""),
        pytest.param("PIN-2", {"group": Group.CA, "gas_supplier": B}, [ProvidePin(recipient=B)], "CANNOT_HAPPEN",
                     "reason"),
        pytest.param("KEY-5", {**DELIVERED, "key_package": KeyPackage.WITHOUT_PPMID},
                     [ActivateFirmware(sender=A, target=PPMID)], "REJECTED", "at"),
        pytest.param("KEY-4", {**MIGRATED, "key_package": KeyPackage.WITHOUT_PPMID}, [UpdateKeyPackage()], "HAPPENED",
                     ""),
        pytest.param("KEY-7", TO_RE_DESIGNATE, [ReDesignate()], "HAPPENED", ""),
    ],
)  # fmt: skip
def test_what_a_source_says_is_decided_without_any_assumption(rule, start, requests, outcome, left_open):
    verdict = by_rules(start, *requests)
    assert verdict.outcome is Outcome[outcome]
    assert set(verdict.unspecified) == set(left_open.split())
    assert rule in verdict.rules


@pytest.mark.parametrize(
    ("assumption", "beside", "start", "requests", "left_open"),
    [
        pytest.param("MOD-44", "SYS-1", {**MIGRATED, "key_package": KeyPackage.WITHOUT_PPMID},
                     [ActivateFirmware(sender=B, target=PPMID)], ("at", "reason"), id="order of the parties"),
        pytest.param("MOD-45", "SYS-4", {**MIGRATED, "gas_supplier": User.NOBODY, "gsme_status": SmiStatus.INSTALLED},
                     [ChangeGasSupplier(to=C)], ("outcome", "reason"), id="no gas"),
        pytest.param("MOD-46", "SYS-7", MIGRATED, [ReadFirmwareVersion(sender=C, target=ESME)], ALL,
                     id="registration"),
        pytest.param("MOD-48", "SRP-2", MIGRATED, [TARIFF.replace(request_id=RequestIdUse.REPEATED)], OPEN,
                     id="repeat"),
        pytest.param("MOD-2", "PPMID-5", PENDING, [ChangeElectricitySupplier(to=B), ReachActivationDate(device=PPMID)],
                     ("outcome", "reason"), id="upgrade in hand"),
        pytest.param("MOD-50", "PPMID-9", MIGRATED, [ActivateFirmware(sender=A, target=PPMID)], OPEN[:1] + OPEN[2:],
                     id="image first delivered"),
        pytest.param("MOD-4", "PPMID-9", DELIVERED,
                     [ActivateFirmware(sender=A, target=PPMID, timing=Timing.CANCELLATION)], OPEN[:1] + OPEN[2:],
                     id="cancellation"),
        pytest.param("PPMID-10", "PPMID-10", MIGRATED, [UpdateFirmware(sender=B, target=ESME)], OPEN, id="whose ESME"),
        pytest.param("MOD-52", "KEY-7", {**TO_RE_DESIGNATE, "group": Group.EA}, [ReDesignate()], ("reason",),
                     id="FOC's keys"),
        pytest.param("MOD-53", "READ-2", BEFORE_UPLIFT, [READ_PPMID], ALL, id="alert before Uplift 1.2"),
        pytest.param("MPRN-2", "MPRN-2", {**VALIDATING, "group": Group.MDS},
                     [ValidateData(mprn=MprnComparison.LEADING_ZEROS)], ALL,
                     id="zeros elsewhere"),
        pytest.param("MOD-35", "MIG-2", VALIDATING, [ValidateData(mprn=MprnComparison.DIFFERENT)], ALL,
                     id="a mismatch stops"),
        pytest.param("MOD-58", "COM-3",
                     {**MIGRATED, "chf_status": SmiStatus.SUSPENDED, "esme_status": SmiStatus.INSTALLED},
                     [CommissionDevice(sender=A, meter=ESME)], OPEN, id="hub first"),
        pytest.param("MOD-27", "COM-1",
                     {**MIGRATED, "key_package": KeyPackage.WITHOUT_PPMID, "ppmid_status": SmiStatus.INSTALLED},
                     [JoinPpmid(sender=A), READ_PPMID], ALL, id="Join Service"),
        pytest.param("MOD-6", "DES-5", {**BEFORE_UPLIFT, "group": Group.MDS}, [UpdateFirmware(sender=A, target=PPMID)],
                     OPEN, id="before Uplift 1.2"),
        pytest.param("MOD-31", "PIN-4",
                     {**MIGRATED, "group": Group.CA, "pin": Pin.REVISED,
                      "release": Release.BEFORE_UPLIFT_1_2, "key_package": KeyPackage.WITHOUT_PPMID},
                     [ProvidePin(recipient=INSTALLATION.state().installing_supplier)], ("outcome", "reason"), id="PIN"),
        pytest.param("MOD-22", "DOC-5",
                     {**MIGRATED, "group": Group.EA, "key_package": KeyPackage.WITHOUT_PPMID}, [UpdateKeyPackage()],
                     ALL, id="FOC's packages"),
    ],
)  # fmt: skip
def test_what_is_assumed_beside_a_rule_is_left_open(assumption, beside, start, requests, left_open):
    assert set(by_rules(start, *requests).unspecified) == set(left_open)
    assert RULEBOOK[assumption].basis is Basis.ASSUMED
    assert beside == assumption or RULEBOOK[beside].basis is Basis.REGULATED
    steps = replay(INSTALLATION, INSTALLATION.state(**start), requests, RULES.oracle).steps
    order = {rule for gate in INSTALLATION.gates for rule in (*gate.order, *gate.party_order)}
    assert assumption in order.union(*(step.verdict.rules for step in steps))


def test_identical_prices_close_the_switch_by_the_report_with_uplift_and_by_assumption_before_it():
    """7.2 (AUX-1) tells of the S1SP systems as they are; of those before Uplift 1.2, MOD-55 does."""
    close = UpdateTariff(sender=A, meter=ESME, tariff=Tariff.IDENTICAL_PRICES)
    for start, states in ((IOC, {LoadSwitch.CLOSED}), (BEFORE_UPLIFT, {LoadSwitch.OPEN, LoadSwitch.CLOSED})):
        possible, _ = RULES.decide(PossibleStates((INSTALLATION.state(**start),)), close)
        assert {state.load_switch for state in possible.states} == states


def test_no_rule_is_assumed_in_part_only():
    """So each declaration says by its ids what of it is assumed."""
    assert not [rule.id for rule in RULEBOOK.values() if rule.basis is Basis.BOTH]


def test_who_decides_is_left_open_without_the_assumption_that_says_so():
    """7.1 says that the activation is rejected; that the DCO does it is MOD-14."""
    system = switched_off(INSTALLATION, ["MOD-14"])
    state = system.state(**{**DELIVERED, "key_package": KeyPackage.WITHOUT_PPMID})
    _, verdict = Oracle(system).decide(state, ActivateFirmware(sender=A, target=PPMID))
    assert (verdict.outcome, verdict.unspecified) == (Outcome.REJECTED, ("at",))


@pytest.mark.parametrize("order", ["MOD-8", "MOD-33", "MOD-44"])
def test_an_order_is_not_switched_off(order):
    with pytest.raises(UnknownNameError, match="in which order checks or parties come"):
        switched_off(INSTALLATION, [order])
