"""Where the declaration once departed from the report: each case, with what the report says or leaves open."""

from datetime import date

import pytest

from statemachines.semantics.oracle import Oracle
from statemachines.semantics.regulated import PossibleStates, RegulatedOracle, without
from statemachines.smets1.auxiliary_load import LoadSwitch, TariffReason
from statemachines.smets1.commissioning import STATUS_OF, CommissioningReason, SmiStatus
from statemachines.smets1.compliance import Compliance, ComplianceReason, compliance
from statemachines.smets1.designation import Calendar, Designation, Jip, PassDate, ReDesignate
from statemachines.smets1.firmware import Firmware, FirmwareReason
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.key_package import KeyPackage
from statemachines.smets1.migration import Migration, Operation
from statemachines.smets1.pin import Pin, PinReason
from statemachines.smets1.regime import regime
from statemachines.smets1.releases import Release
from statemachines.smets1.request_course import (
    EVENT_TYPES,
    Course,
    CourseReason,
    DeleteRequest,
    DropRequest,
    Effect,
    HoldRequest,
    ReleaseRequest,
    course_of,
)
from statemachines.smets1.rulebook import RULEBOOK
from statemachines.smets1.verdicts import EventReason
from statemachines.smets1.vocabulary import (
    ActivateFirmware,
    ChangeElectricitySupplier,
    ChangeGasSupplier,
    CommissionDevice,
    CompleteMigration,
    DataValues,
    DecommissionDevice,
    Device,
    Group,
    LogChange,
    Outcome,
    Party,
    ProvidePin,
    ReachActivationDate,
    ReadFirmwareVersion,
    Screening,
    StartCommissioning,
    Tariff,
    Timing,
    UpdateFirmware,
    UpdateHanDeviceLog,
    UpdateKeyPackage,
    UpdatePpmidFirmware,
    UpdateTariff,
    User,
)

ORACLE = Oracle(INSTALLATION)
A, B, C = User.SUPPLIER_A, User.SUPPLIER_B, User.SUPPLIER_C
PROVIDE = ProvidePin(recipient=A)
IN_USE = {f"{which}_status": SmiStatus.COMMISSIONED for which in ("chf", "esme", "gsme", "ppmid")}
MIGRATED = {
    "electricity_supplier": A,
    "gas_supplier": B,
    "migration": Migration.MIGRATED,
    "smso": Operation.DOES_NOT,
    "dcc": Operation.OPERATES,
    "key_package": KeyPackage.WITH_PPMID,
    "release": Release.UPLIFT_1_2,
    "group": Group.MDS,
    **IN_USE,
}


def decided(request, **values):
    """The state after the request, and the verdict, where an installation with these values is asked."""
    state = INSTALLATION.state(**values)
    assert not INSTALLATION.broken_constraints(state)
    return ORACLE.decide(state, request)


def test_without_a_gas_meter_no_pin_is_revised_and_nothing_waits_for_it():
    """Table 2, row 1: only for IOC Elster Gas Meters."""
    ca = {"group": Group.CA, "migration": Migration.TESTED, "release": Release.UPLIFT_1_2}
    without, _ = decided(StartCommissioning(), gas_supplier=User.NOBODY, **ca)
    with_gas, _ = decided(StartCommissioning(), gas_supplier=B, **ca)
    assert (without.pin, with_gas.pin) == (Pin.HELD, Pin.REVISED)
    assert ORACLE.decide(without, CompleteMigration())[1].outcome is Outcome.HAPPENED
    assert ORACLE.decide(without, PROVIDE)[1].reason is PinReason.NOT_OF_A_CA_GAS_METER


def test_the_pin_is_provided_before_or_after_the_end_of_the_migration():
    """4.1 gives no order: one that is taken is an assumption."""
    started, _ = decided(
        StartCommissioning(), group=Group.CA, gas_supplier=B, migration=Migration.TESTED, release=Release.UPLIFT_1_2
    )
    before = ORACLE.decide(ORACLE.decide(started, PROVIDE)[0], CompleteMigration())[0]
    migrated, _ = ORACLE.decide(started, CompleteMigration())
    after, verdict = ORACLE.decide(migrated, PROVIDE)
    assert before == after
    assert (after.pin, after.migration) == (Pin.PROVIDED, Migration.MIGRATED)
    assert RULEBOOK["MOD-31"].assumption == "all"
    assert "MOD-31" in verdict.rules


def test_the_installing_supplier_is_a_party_that_may_have_ceased_to_be_a_supplier_there():
    """4.1.1: it is the Installing Supplier that lost access, whoever supplies the premises by then."""
    state, _ = decided(
        StartCommissioning(),
        group=Group.CA,
        gas_supplier=A,
        installing_supplier=A,
        migration=Migration.TESTED,
        release=Release.UPLIFT_1_2,
    )
    for change in (ChangeElectricitySupplier(to=B), ChangeGasSupplier(to=C)):
        state, verdict = ORACLE.decide(state, change)
        assert verdict.outcome is Outcome.HAPPENED
    assert (state.electricity_supplier, state.gas_supplier, state.installing_supplier) == (B, C, A)
    pins = {request["recipient"]: ORACLE.decide(state, request) for request in ProvidePin.requests()}
    assert {party for party, (_, verdict) in pins.items() if verdict.outcome is Outcome.HAPPENED} == {A}
    assert all(after == state for party, (after, _) in pins.items() if party is not A)


@pytest.mark.parametrize("release", Release)
@pytest.mark.parametrize("group", Group)
def test_which_tariffs_move_the_switch_is_regulated_or_an_assumption(group, release):
    """7.2 speaks of IOC only: of identical prices until November 2020, of both from then on. All else is MOD-32."""
    ioc, fixed = group in (Group.CA, Group.OTHER_IOC), release is Release.NOVEMBER_2020
    before = INSTALLATION.state(**{**MIGRATED, "group": group, "release": release})
    assert before.load_switch is LoadSwitch.OPEN
    for meter in (Device.ESME, Device.GSME):
        for tariff in Tariff:
            request = UpdateTariff(sender=A if meter is Device.ESME else B, meter=meter, tariff=tariff)
            after, verdict = ORACLE.decide(before, request)
            assert verdict.outcome is Outcome.ACCEPTED
            identical_closes = tariff is Tariff.IDENTICAL_PRICES and ioc and not fixed
            closes = meter is Device.ESME and (tariff is Tariff.DIFFERENT_PRICES or identical_closes)
            assert after.load_switch is (LoadSwitch.CLOSED if closes else LoadSwitch.OPEN), request
            by_the_report = ioc and tariff is not Tariff.OTHER and (fixed or tariff is Tariff.IDENTICAL_PRICES)
            rule = "AUX-2" if by_the_report and fixed else "AUX-1" if by_the_report else "MOD-32"
            if rule == "AUX-1" and release is Release.BEFORE_UPLIFT_1_2:
                rule = "MOD-55"
            expected = {rule} if meter is Device.ESME else set()
            assert {"AUX-1", "AUX-2", "MOD-32", "MOD-55"} & set(verdict.rules) == expected, request


@pytest.mark.parametrize(
    ("sender", "own", "request_for"),
    [
        (B, A, lambda by: UpdateTariff(sender=by, meter=Device.ESME, tariff=Tariff.OTHER)),
        (A, B, lambda by: UpdateTariff(sender=by, meter=Device.GSME, tariff=Tariff.OTHER)),
        (B, A, lambda by: DecommissionDevice(sender=by, device=Device.ESME)),
        (B, A, lambda by: DecommissionDevice(sender=by, device=Device.PPMID)),
        (B, A, lambda by: DecommissionDevice(sender=by, device=Device.CHF)),
        (A, B, lambda by: DecommissionDevice(sender=by, device=Device.GSME)),
    ],
)
def test_a_request_to_a_device_is_its_own_supplier_s(sender, own, request_for):
    """No source lets the Gas Supplier set an electricity tariff or decommission the ESME or the PPMID."""
    before = INSTALLATION.state(**MIGRATED)
    after, refused = ORACLE.decide(before, request_for(sender))
    assert (refused.outcome, refused.reason, after) == (Outcome.REJECTED, CommissioningReason.OTHER_FUEL, before)
    assert ORACLE.decide(before, request_for(own))[1].outcome is Outcome.ACCEPTED


def test_meters_are_commissioned_and_logged_by_the_supplier_of_their_fuel():
    commission = CommissionDevice(sender=B, meter=Device.ESME)
    assert (
        decided(commission, **{**MIGRATED, "esme_status": SmiStatus.INSTALLED})[1].reason
        is CommissioningReason.OTHER_FUEL
    )
    add = UpdateHanDeviceLog(sender=A, han_device=Device.GSME, log_change=LogChange.ADD)
    assert decided(add, **{**MIGRATED, "gsme_status": SmiStatus.PENDING})[1].reason is CommissioningReason.OTHER_FUEL


@pytest.mark.parametrize(
    "request_",
    [
        ReadFirmwareVersion(sender=A, target=Device.ESME),
        UpdateFirmware(sender=A, target=Device.PPMID),
        UpdateTariff(sender=B, meter=Device.GSME, tariff=Tariff.OTHER),
    ],
    ids=lambda request: request.type.name,
)
def test_nothing_reaches_a_device_behind_a_decommissioned_hub(request_):
    gone = {**MIGRATED, "chf_status": SmiStatus.DECOMMISSIONED}
    assert decided(request_, **gone)[1].reason is CommissioningReason.HUB_DECOMMISSIONED
    suspended = {**MIGRATED, "chf_status": SmiStatus.SUSPENDED}
    assert decided(request_, **suspended)[1].outcome is Outcome.ACCEPTED


def test_the_duis_version_of_the_sender_decides_nothing():
    """4.3.1: the schema is unchanged, so that a request cannot show what its sender has adopted."""
    verdicts = [
        decided(UpdateFirmware(sender=A, target=Device.PPMID), **{**MIGRATED, "older_duis": older})[1]
        for older in (User.NOBODY, A)
    ]
    assert verdicts[0] == verdicts[1]
    assert verdicts[0].outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("group", [Group.EA, Group.EB])
@pytest.mark.parametrize("concluded", [Jip.FOC_COMES_IN, Jip.REVISED])
def test_once_the_jip_change_request_brings_foc_in_it_is_unspecified_what_becomes_of_an_upgrade(group, concluded):
    """4.3.1: the JIP change request may change that FOC is excluded; nothing may then still call it out of scope."""
    in_scope = {**MIGRATED, "group": group, "calendar": Calendar.WINDOW, "designation": Designation.SUBMITTED}
    _, verdict = decided(UpdateFirmware(sender=A, target=Device.PPMID), jip=concluded, **in_scope)
    assert verdict.reason is FirmwareReason.FOC_IN_SCOPE
    assert set(verdict.unspecified) == {"outcome", "at", "reason", "response"}
    assert "PPMID-7" not in verdict.rules
    _, read = decided(ReadFirmwareVersion(sender=A, target=Device.PPMID), jip=concluded, **in_scope)
    assert read.unspecified == ("response",)
    _, before = decided(UpdateFirmware(sender=A, target=Device.PPMID), jip=Jip.PENDING, **in_scope)
    assert before.reason is FirmwareReason.FOC_PPMID


def test_the_conclusions_are_submitted_on_25_september_2020_in_lifecycle_and_regime():
    """8: DCC has submitted them on that day; no later day is open."""
    state = ORACLE.initial
    for _ in range(3):
        state, _ = ORACLE.decide(state, PassDate())
    assert (state.calendar, state.designation) == (Calendar.REPORT, Designation.SUBMITTED)
    assert regime(date(2020, 9, 25)).designation == (Designation.SUBMITTED,)
    with pytest.raises(AssertionError):
        decided(PassDate(), calendar=Calendar.WINDOW, designation=Designation.CONSULTATION_CLOSED)


WINDOW = {"calendar": Calendar.WINDOW, "designation": Designation.SUBMITTED, "jip": Jip.FOC_STAYS_OUT}


@pytest.mark.parametrize(
    ("changes", "reason", "stands"),
    [
        ({"key_package": KeyPackage.WITHOUT_PPMID}, ComplianceReason.NON_COMPLIANT, Compliance.NON_COMPLIANT),
        ({}, EventReason.HAPPENED, Compliance.COMPLIANT),
        ({"key_package": KeyPackage.WITHOUT_PPMID, "group": Group.EA}, EventReason.HAPPENED, Compliance.COMPLIANT),
        (
            {"key_package": KeyPackage.WITHOUT_PPMID, "ppmid_status": SmiStatus.ABSENT},
            EventReason.HAPPENED,
            Compliance.COMPLIANT,
        ),
        (
            {"key_package": KeyPackage.WITHOUT_PPMID, "release": Release.BEFORE_UPLIFT_1_2},
            ComplianceReason.NON_COMPLIANT,
            Compliance.NON_COMPLIANT,
        ),
    ],
)
def test_re_designation_can_come_before_the_keys_are_updated_and_says_what_the_dcc_is(changes, reason, stands):
    """7.1: it would make the DCC non-compliant; that it cannot happen is not said."""
    state, verdict = decided(ReDesignate(), **{**MIGRATED, **WINDOW, **changes})
    assert (verdict.outcome, verdict.reason) == (Outcome.HAPPENED, reason)
    assert state.designation is Designation.RE_DESIGNATED
    assert compliance(state) is stands
    assert ("KEY-7" in verdict.rules) is (stands is Compliance.NON_COMPLIANT)
    if stands is Compliance.NON_COMPLIANT and state.release is not Release.BEFORE_UPLIFT_1_2:
        assert compliance(ORACLE.decide(state, UpdateKeyPackage())[0]) is Compliance.COMPLIANT


def course_after(*kinds):
    state = INSTALLATION.state(course=Course.ACKNOWLEDGED)
    for kind in kinds:
        state, verdict = ORACLE.decide(state, kind())
        assert verdict.outcome is Outcome.HAPPENED
    return state


def test_the_user_ends_a_quarantine_and_a_value_beyond_a_limit_is_deleted():
    """Table 2, row 3, and the SEC's glossary: it is not for the DCC to release what Anomaly Detection caught."""
    quarantined = course_after(HoldRequest)
    enders = {kind for kind in EVENT_TYPES if ORACLE.decide(quarantined, next(kind.requests()))[0] != quarantined}
    assert enders == {ReleaseRequest, DropRequest}
    assert all("User" in kind.label for kind in enders)
    assert course_after(HoldRequest, ReleaseRequest).course is Course.PASSED
    for deleted in (course_after(HoldRequest, DropRequest), course_after(DeleteRequest)):
        assert deleted.effect is Effect.NONE
        assert all(ORACLE.decide(deleted, next(kind.requests()))[0] == deleted for kind in EVENT_TYPES)
    assert "the User notified" in course_after(DeleteRequest).course.value


def test_a_request_with_a_value_beyond_a_set_limit_is_deleted_in_one_step_and_the_user_notified():
    before = INSTALLATION.state(**MIGRATED)
    tariff = UpdateTariff(sender=A, meter=Device.ESME, tariff=Tariff.OTHER, data_values=DataValues.BEYOND)
    assert ORACLE.decide(before, tariff.replace(data_values=DataValues.WITHIN))[1].outcome is Outcome.ACCEPTED
    after, verdict = ORACLE.decide(before, tariff)
    assert after == before
    assert (verdict.outcome, verdict.reason, verdict.at) == (Outcome.DELETED, CourseReason.DELETED, Party.S1SP)
    assert "the User notified" in verdict.reason.value
    assert "SRP-1" in verdict.rules
    state = INSTALLATION.state()
    for step in course_of(verdict):
        state, took_place = ORACLE.decide(state, step)
        assert took_place.outcome is Outcome.HAPPENED
    assert (state.course, state.effect) == (Course.DELETED, Effect.NONE)


def test_what_becomes_of_srv_11_4_is_left_open_in_the_days_of_the_model():
    """It came into force on 4 November 2021: in the days of the report there is no such request."""
    before = INSTALLATION.state(**MIGRATED)
    after, verdict = ORACLE.decide(before, UpdatePpmidFirmware(sender=A))
    assert {"outcome", "at", "reason", "response"} < set(verdict.unspecified)
    assert after == before
    assert verdict.rules[0] == "SRM-1"
    assert ORACLE.decide(before, UpdatePpmidFirmware(sender=B))[1].outcome is Outcome.REJECTED


def test_com_1_is_cited_where_a_device_comes_to_be_commissioned_or_ceases_to_be():
    """The SEC's glossary says what Commissioned means. How else a device's status changes is assumed."""
    citing, others = set(), set()
    for lifecycle in INSTALLATION.lifecycles:
        for move in lifecycle.transitions:
            if lifecycle.name in {status.name for status in STATUS_OF.values()}:
                (citing if "COM-1" in move.rules else others).update((source, move.target) for source in move.source)
    assert citing == {
        (SmiStatus.INSTALLED, SmiStatus.COMMISSIONED),
        (SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED),
        (SmiStatus.COMMISSIONED, SmiStatus.DECOMMISSIONED),
    }
    assert (SmiStatus.SUSPENDED, SmiStatus.COMMISSIONED) in others
    assert not [check.label for gate in INSTALLATION.gates for check in gate.checks if "COM-1" in check.rules]


PENDING = {**MIGRATED, "ppmid_firmware": Firmware.PENDING, "ppmid_upgrade_by": A}
AT_ONCE = ActivateFirmware(sender=A, target=Device.PPMID, timing=Timing.IMMEDIATE)


@pytest.mark.parametrize(
    ("assumption", "start", "requests", "declared", "without_it"),
    [
        (
            "MOD-10",
            PENDING,
            [AT_ONCE, ReachActivationDate(device=Device.PPMID)],
            FirmwareReason.NOTHING_DUE,
            EventReason.HAPPENED,
        ),
        (
            "MOD-38",
            {**MIGRATED, "esme_status": SmiStatus.SUSPENDED},
            [UpdateTariff(sender=A, meter=Device.ESME, tariff=Tariff.OTHER)],
            CommissioningReason.NOT_COMMISSIONED,
            TariffReason.TARIFF_APPLIED,
        ),
    ],
)
def test_what_an_assumption_decides_is_decided_otherwise_without_it(assumption, start, requests, declared, without_it):
    for oracle, reason in ((ORACLE, declared), (Oracle(without(INSTALLATION, [assumption])), without_it)):
        state = oracle.system.state(**start)
        for request in requests:
            state, verdict = oracle.decide(state, request)
        assert verdict.reason is reason


def test_that_anomaly_detection_comes_last_decides_what_is_said_to_a_request_that_the_s1sp_would_stop_as_well():
    """MOD-33: without that order, the alert of READ-2 or the quarantine, either of them at the S1SP."""
    start = INSTALLATION.state(**{**MIGRATED, "group": Group.OTHER_IOC})
    read = ReadFirmwareVersion(sender=A, target=Device.PPMID)
    rules = RegulatedOracle(INSTALLATION)
    _, caught = rules.decide(PossibleStates((start,)), read.replace(screening=Screening.CAUGHT))
    assert (caught.outcome, caught.unspecified) == (Outcome.ALERT, ("at", "outcome", "reason"))
    assert rules.decide(PossibleStates((start,)), read)[1].unspecified == ("at",)


def test_what_the_report_leaves_unstated_is_stated_as_an_assumption():
    """FOC migrates before FOC live; one key package each; releases after November 2020; the other tariffs."""
    commissioning = {
        "migration": Migration.COMMISSIONING,
        "chf_status": SmiStatus.COMMISSIONED,
        "group": Group.EA,
        "release": Release.UPLIFT_1_2,
    }
    after, verdict = decided(CompleteMigration(), **commissioning)
    assert after.migration is Migration.MIGRATED
    assert {"MOD-9", "MOD-22"} <= set(verdict.rules)
    day = regime(date(2020, 12, 1))
    assert [one.name for one in day.releases] == ["NOVEMBER_2020"]
    assert "MOD-11" in day.rules
    _, verdict = decided(UpdateTariff(sender=A, meter=Device.ESME, tariff=Tariff.OTHER), **MIGRATED)
    assert "MOD-32" in verdict.rules
