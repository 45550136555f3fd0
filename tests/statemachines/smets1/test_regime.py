"""The regime of a day: what is in force, what is open, and which days cannot be."""

from datetime import date, datetime, timedelta

import pytest

from statemachines.checker.explicit import explore
from statemachines.smets1.designation import Calendar, Designation, FocScope
from statemachines.smets1.documents import Document
from statemachines.smets1.fleet import fleet
from statemachines.smets1.regime import Compliance, RegimeError, regime
from statemachines.smets1.releases import Release

BEFORE, UPLIFT, NOVEMBER = Release
PREPARED, OPEN, CLOSED, SUBMITTED, CONSULTED, RE_DESIGNATED = Designation


@pytest.mark.parametrize(
    ("on", "stages"),
    [
        (date(2020, 8, 5), [PREPARED]),
        (date(2020, 8, 6), [OPEN]),
        (date(2020, 9, 2), [OPEN]),
        (date(2020, 9, 3), [OPEN, CLOSED]),
        (date(2020, 9, 4), [CLOSED]),
        (date(2020, 9, 24), [CLOSED]),
        (date(2020, 9, 25), [SUBMITTED]),
        (date(2020, 9, 28), [SUBMITTED]),
        (date(2020, 9, 29), [SUBMITTED, RE_DESIGNATED]),
        (date(2020, 10, 29), [SUBMITTED, RE_DESIGNATED]),
        (date(2020, 10, 30), [SUBMITTED, CONSULTED, RE_DESIGNATED]),
    ],
)
def test_how_far_the_documents_may_have_come(on, stages):
    assert list(regime(on).designation) == stages


@pytest.mark.parametrize(
    ("on", "redesignated", "stages"),
    [
        (date(2020, 9, 28), date(2020, 9, 29), [SUBMITTED]),
        (date(2020, 9, 29), date(2020, 9, 29), [RE_DESIGNATED]),
        (date(2020, 10, 11), date(2020, 10, 12), [SUBMITTED]),
        (date(2020, 10, 29), date(2020, 11, 5), [SUBMITTED]),
        (date(2020, 11, 4), date(2020, 11, 5), [SUBMITTED, CONSULTED]),
        (date(2020, 11, 5), date(2020, 11, 5), [RE_DESIGNATED]),
    ],
)
def test_the_day_of_re_designation_settles_it(on, redesignated, stages):
    result = regime(on, redesignated=redesignated)
    assert list(result.designation) == stages
    assert not any(one.settled_by == "redesignated" for one in result.open)


def test_every_day_is_one_that_the_lifecycles_can_come_to():
    """What is said of a day is a state of the lifecycles; re-designation may have come in both alike."""
    space = explore(fleet(1, dated=True))
    together = {(state.calendar, state.designation) for state in (space.state(index) for index in range(len(space)))}
    for days in range(180):
        result = regime(date(2020, 7, 1) + timedelta(days))
        possible = {(phase, stage) for phase in result.calendar for stage in result.designation} & together
        assert {phase for phase, _ in possible} == set(result.calendar)
        assert {stage for _, stage in possible} == set(result.designation)
        assert (RE_DESIGNATED in result.designation) == any(
            (phase, RE_DESIGNATED) in together for phase in result.calendar
        )


@pytest.mark.parametrize(
    ("on", "known"),
    [
        (date(2019, 11, 28), []),
        (date(2019, 11, 29), [Document.DUIS]),
        (date(2020, 5, 6), [Document.SRPD, Document.DUIS]),
        (date(2020, 7, 24), [Document.S1SR, Document.SRPD, Document.DUIS]),
        (date(2020, 9, 17), [Document.S1SR, Document.SRPD, Document.DUIS]),
        (date(2020, 9, 18), list(Document)),
    ],
)
def test_before_a_version_came_into_the_sec_the_document_is_open(on, known):
    result = regime(on)
    assert [document for document, versions in result.documents.items() if versions] == known
    answer = " ".join(one.question for one in result.open)
    for document in Document:
        assert (f"version of the {document.value} is" in answer) == (document not in known)


def test_versions_follow_the_designation_and_not_the_release():
    days = {UPLIFT: date(2020, 10, 1), NOVEMBER: date(2020, 11, 10)}
    before = regime(date(2020, 11, 20), since=days, redesignated=date(2020, 11, 21))
    known = {"redesignated": date(2020, 11, 21), "keys_updated": date(2020, 10, 25), "foc": FocScope.OUT}
    after = regime(date(2020, 11, 21), since=days, **known)
    assert before.releases == after.releases == (NOVEMBER,)
    assert [versions[0] for versions in before.documents.values()] == ["AL 7.0", "AM 4.0", "AB 3.0", "3.1"]
    assert list(after.documents.values()) == [("AL 8.0",), ("AM 5.0",), ("4.0",), ("3.1 [Designation Date]",)]
    assert "needs a further consultation" in after.notes[0]
    assert after.open == ()


def test_foc_in_scope_means_revised_duis_and_s1sr_without_a_number():
    result = regime(date(2020, 10, 20), redesignated=date(2020, 10, 12), foc=FocScope.IN)
    assert list(result.documents.values()) == [
        ("AL 8.0",),
        ("a revision for FOC",),
        ("4.0",),
        ("a revision for FOC",),
    ]


def test_once_key_packages_are_updated_uplift_is_in_force():
    result = regime(date(2020, 10, 20), keys_updated=date(2020, 10, 12))
    assert result.releases == (UPLIFT,)
    assert "KEY-2" in result.rules
    assert any("KEY-2" in note for note in result.notes)
    assert regime(date(2020, 10, 20)).releases == (BEFORE, UPLIFT)
    assert regime(date(2020, 10, 20), redesignated=date(2020, 10, 12)).releases == (BEFORE, UPLIFT)


YES, NO = Compliance


@pytest.mark.parametrize(
    ("known", "compliance"),
    [
        ({"redesignated": date(2020, 10, 12), "keys_updated": date(2020, 10, 20)}, (NO,)),
        ({"redesignated": date(2020, 10, 12), "keys_updated": date(2020, 10, 15)}, (YES,)),
        ({"redesignated": date(2020, 10, 12), "since": {UPLIFT: date(2020, 10, 20)}}, (NO,)),
        ({"redesignated": date(2020, 10, 12)}, (YES, NO)),
        ({"redesignated": date(2020, 10, 16), "keys_updated": date(2020, 10, 20)}, (YES,)),
        ({"keys_updated": date(2020, 10, 20)}, (YES, NO)),
        ({"keys_updated": date(2020, 10, 10)}, (YES,)),
        ({}, (YES, NO)),
    ],
)
def test_re_designation_before_the_keys_are_updated_can_happen_and_would_be_non_compliant(known, compliance):
    """7.1: it "would mean that DCC would be non-compliant"; that it waits is expected, and no more."""
    day = regime(date(2020, 10, 15), **known)
    assert day.compliance == compliance
    assert [breach.rules for breach in day.breaches] == [("KEY-5", "KEY-7")] * (NO in compliance)


def test_what_is_disclosed_is_a_breach_all_the_same():
    """DOC-1: the Guidance note tells Users of it; the report does not say that it is compliant therefore (MOD-61)."""
    day = regime(date(2020, 10, 15), redesignated=date(2020, 10, 12), keys_updated=date(2020, 10, 20))
    assert ("KEY-5", "KEY-7") in [one.rules for one in day.disclosed]
    assert ("KEY-5", "KEY-7") in [one.rules for one in day.breaches]
    assert day.compliance == (NO,)


def test_before_re_designation_nothing_is_breached():
    day = regime(date(2020, 9, 28))
    assert (day.compliance, day.breaches) == ((YES,), ())


@pytest.mark.parametrize(
    ("on", "known", "rules"),
    [
        (date(2020, 9, 24), {}, []),
        (date(2020, 10, 15), {}, ["KEY-5", "AUX-1", "READ-2"]),
        (date(2020, 10, 15), {"keys_updated": date(2020, 10, 15)}, ["AUX-1", "READ-2"]),
        (date(2020, 12, 1), {}, ["KEY-5"]),
        (date(2020, 12, 1), {"keys_updated": date(2020, 10, 15)}, []),
    ],
)
def test_what_the_guidance_note_discloses_is_reported(on, known, rules):
    """7.1, 7.2, 7.4."""
    assert [one.rules[0] for one in regime(on, **known).disclosed] == rules


@pytest.mark.parametrize(
    ("on", "since", "settled_by"),
    [
        (date(2020, 9, 25), {}, set()),
        (date(2020, 9, 26), {}, {"uplift"}),
        (date(2020, 11, 15), {}, {"uplift", "november"}),
        (date(2020, 11, 15), {UPLIFT: date(2020, 10, 1)}, {"november"}),
        (date(2020, 11, 15), {UPLIFT: date(2020, 11, 20)}, set()),
        (date(2020, 11, 15), {NOVEMBER: date(2020, 11, 16)}, {"uplift"}),
        (date(2020, 11, 15), {NOVEMBER: date(2020, 11, 15)}, set()),
        (date(2020, 12, 1), {}, set()),
    ],
)
def test_what_would_settle_the_release_is_reported(on, since, settled_by):
    result = regime(on, since=since)
    assert {one.settled_by for one in result.open} & {"uplift", "november"} == settled_by
    assert (len(result.releases) > 1) == bool(settled_by)


def test_giving_what_settles_it_settles_it():
    on = date(2020, 11, 15)
    assert {one.settled_by for one in regime(on).open} == {
        "uplift",
        "november",
        "redesignated",
        "keys_updated",
        "foc",
        "",
    }
    days = {UPLIFT: date(2020, 10, 1), NOVEMBER: date(2020, 11, 10)}
    known = {"redesignated": date(2020, 10, 12), "keys_updated": date(2020, 10, 8), "foc": FocScope.OUT}
    assert regime(on, since=days, **known).open == ()


@pytest.mark.parametrize(
    ("since", "redesignated", "message"),
    [
        ({}, date(2020, 9, 28), "2020-09-28 is too early: expected 2020-09-29 or later (DES-2)"),
        ({UPLIFT: date(2020, 11, 2), NOVEMBER: date(2020, 11, 1)}, None, "2020-11-01 is before Uplift 1.2"),
    ],
)
def test_days_that_cannot_be_are_refused_in_one_message(since, redesignated, message):
    with pytest.raises(RegimeError) as refused:
        regime(date(2020, 10, 15), since=since, redesignated=redesignated)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_key_packages_are_not_updated_before_uplift():
    with pytest.raises(RegimeError, match=r"updated on 2020-10-12, before Uplift 1\.2 on 2020-10-13"):
        regime(date(2020, 10, 15), since={UPLIFT: date(2020, 10, 13)}, keys_updated=date(2020, 10, 12))


@pytest.mark.parametrize("day", [date(2020, 9, 29), date(2020, 10, 29)])
def test_both_ends_of_the_window_need_no_further_consultation(day):
    assert not any("further consultation" in note for note in regime(day, redesignated=day).notes)


def test_the_hour_at_which_the_consultation_closes_is_reported():
    assert "16:00" in regime(date(2020, 9, 3)).notes[0]
    assert not any("16:00" in note for note in regime(date(2020, 9, 4)).notes)
    assert regime(date(2020, 9, 3)).calendar == (Calendar.CONSULTATION, Calendar.UNTIL_REPORT)


@pytest.mark.parametrize("on", [date.min, date.max])
def test_any_day_can_be_asked_about(on):
    result = regime(on)
    assert len(result.calendar) == len(result.releases) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"on": "2020-10-15"}, "the day is '2020-10-15', expected a date"),
        ({"on": datetime(2020, 10, 15, 12)}, "expected a date"),
        ({"on": date(2020, 10, 15), "since": {Release.BEFORE_UPLIFT_1_2: date(2020, 1, 1)}}, "since has a day for"),
        ({"on": date(2020, 10, 15), "foc": "in"}, "foc is 'in', expected a FocScope"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_refused(arguments, message):
    with pytest.raises(RegimeError, match=message):
        regime(**arguments)


def test_documents_may_be_re_designated_while_uplift_is_known_not_to_be_in_force():
    day = regime(date(2020, 10, 15), since={Release.UPLIFT_1_2: date(2020, 10, 20)})
    assert Designation.RE_DESIGNATED in day.designation
    assert day.compliance == (YES, NO)
    assert not any(one.settled_by == "keys_updated" for one in day.open)


def test_a_day_that_the_assumption_would_not_have_is_reported():
    day = regime(date(2020, 9, 1), since={Release.UPLIFT_1_2: date(2020, 8, 1)})
    assert any("MOD-11 assumes" in note for note in day.notes)
