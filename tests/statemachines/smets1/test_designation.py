"""The documents' way as it is declared: its dates, its versions, and the states that its constraints describe."""

from datetime import date, datetime
from itertools import product

import pytest

from properties.mutation.planting import without_check
from statemachines.checker.explicit import explore
from statemachines.language.expression import Moment
from statemachines.semantics.oracle import Oracle
from statemachines.smets1.designation import (
    BEGINS,
    RELEASE_CHECKS,
    Calendar,
    ConcludeJip,
    DesignationReason,
    DocumentSet,
    FocScope,
    PassDate,
    ReDesignate,
    SubmitRevisedDocuments,
    component,
)
from statemachines.smets1.documents import DOCUMENTS, Document
from statemachines.smets1.fleet import SiteReason, fleet
from statemachines.smets1.regime import EARLIEST, LATEST
from statemachines.smets1.releases import Release, in_force
from statemachines.smets1.vocabulary import DeployRelease, Outcome

DATED = fleet(1, dated=True)
TO_THE_REPORT = [PassDate()] * 3
NAMES = [lifecycle.name for lifecycle in component.lifecycles]


def run(*requests):
    """The state and the verdict at the end."""
    oracle, verdict = Oracle(DATED), None
    state = oracle.initial
    for request in requests:
        state, verdict = oracle.decide(state, request)
    return state, verdict


def test_the_constraints_describe_the_states_that_can_come_about_and_no_others():
    """Where releases come when they like, as they do in the installation."""
    space = explore(without_check(DATED, RELEASE_CHECKS[0].label))
    reached = {tuple(getattr(space.state(index), name) for name in NAMES) for index in range(len(space))}
    variables = [DATED.lifecycle(name).variable for name in NAMES]
    allowed = {
        values
        for values in product(*(variable.domain for variable in variables))
        if all(
            rule.when.implies(rule.then).holds(Moment(dict(zip(NAMES, values, strict=True))))
            for rule in component.constraints
        )
    }
    assert allowed == reached


@pytest.mark.parametrize("left_out", component.constraints, ids=lambda rule: rule.label)
def test_no_constraint_can_be_left_out(left_out):
    variables = [DATED.lifecycle(name).variable for name in NAMES]
    states = [dict(zip(NAMES, values, strict=True)) for values in product(*(one.domain for one in variables))]
    others = [rule.when.implies(rule.then) for rule in component.constraints if rule is not left_out]
    broken = ~left_out.when.implies(left_out.then)
    assert any(broken.holds(Moment(state)) and all(rule.holds(Moment(state)) for rule in others) for state in states)


@pytest.mark.parametrize("phase", Calendar)
def test_with_dates_the_releases_of_a_phase_are_those_of_its_days(phase):
    """MOD-11, told twice: by the calendar's checks and by `in_force`; the model knows phases, and that knows days."""
    space = explore(DATED)
    states = [space.state(index) for index in range(len(space))]
    reached = {state.release for state in states if state.calendar is phase}
    days = {
        Calendar.BEFORE_CONSULTATION: [date(2020, 8, 5)],
        Calendar.CONSULTATION: [date(2020, 8, 6), date(2020, 9, 2)],
        Calendar.UNTIL_REPORT: [date(2020, 9, 4), date(2020, 9, 24)],
        Calendar.REPORT: [date(2020, 9, 25), date(2020, 9, 28)],
        Calendar.WINDOW: [date(2020, 9, 29), date(2020, 10, 29)],
        Calendar.AFTER_WINDOW: [date(2020, 10, 30), date(2020, 11, 15), date(2020, 12, 1)],
    }[phase]
    assert reached == {release for day in days for release in in_force(day, {})}


def test_re_designation_on_the_earliest_day():
    state, verdict = run(
        *TO_THE_REPORT,
        DeployRelease(),
        ConcludeJip(foc=FocScope.OUT),
        PassDate(),
        ReDesignate(),
    )
    assert state.calendar is Calendar.WINDOW
    assert verdict.outcome is Outcome.HAPPENED
    assert state.document_set is DocumentSet.CONCLUDED
    assert verdict.unspecified == ()


def test_what_follows_for_foc_if_it_comes_into_scope_is_not_specified():
    state, verdict = run(
        *TO_THE_REPORT,
        DeployRelease(),
        ConcludeJip(foc=FocScope.IN),
        SubmitRevisedDocuments(),
        PassDate(),
        ReDesignate(),
    )
    assert verdict.outcome is Outcome.HAPPENED
    assert state.document_set is DocumentSet.REVISED
    assert "behaviour for FOC" in verdict.unspecified


def test_the_reason_names_the_first_thing_that_stands_in_the_way():
    message = []
    ready = [*TO_THE_REPORT, DeployRelease(), ConcludeJip(foc=FocScope.IN), PassDate()]
    for before in ([], ready[:3], ready[:3] + ready[-1:], ready, [*ready, PassDate()]):
        message.append(run(*before, ReDesignate())[1].reason)
    assert message == [
        DesignationReason.NOT_SUBMITTED,
        DesignationReason.TOO_EARLY,
        DesignationReason.JIP_NOT_CONCLUDED,
        DesignationReason.NOT_REVISED,
        DesignationReason.DATE_NOT_CONSULTED_ON,
    ]


def test_without_uplift_it_waits():
    everything_else = [*TO_THE_REPORT, ConcludeJip(foc=FocScope.OUT), PassDate()]
    state, verdict = run(*everything_else, ReDesignate())
    assert verdict.reason is SiteReason.UPLIFT_NOT_IN_FORCE
    assert state.release is Release.BEFORE_UPLIFT_1_2


def test_the_days_are_those_of_the_report():
    assert list(BEGINS) == list(Calendar)
    assert list(BEGINS.values()) == sorted(BEGINS.values())
    assert BEGINS[Calendar.CONSULTATION] == datetime(2020, 8, 6)
    assert BEGINS[Calendar.UNTIL_REPORT] == datetime(2020, 9, 3, 16)
    assert BEGINS[Calendar.REPORT] == datetime(2020, 9, 25)
    assert (date(2020, 9, 29), date(2020, 10, 29)) == (EARLIEST, LATEST)


@pytest.mark.parametrize(
    ("document", "appendix", "current", "since", "concluded"),
    [
        (Document.TMAD, "AL", "AL 7.0", date(2020, 9, 18), "AL 8.0"),
        (Document.S1SR, "AM", "AM 4.0", date(2020, 7, 24), "AM 5.0"),
        (Document.SRPD, "AB", "AB 3.0", date(2020, 5, 6), "4.0"),
        (Document.DUIS, "AD", "3.1", date(2019, 11, 29), "3.1 [Designation Date]"),
    ],
)
def test_the_versions_are_those_of_the_report(document, appendix, current, since, concluded):
    known = DOCUMENTS[document]
    assert (known.appendix, known.current, known.since, known.concluded) == (appendix, current, since, concluded)


def test_where_the_report_names_a_version_in_two_ways_both_are_kept():
    assert DOCUMENTS[Document.S1SR].consulted_on == ("AM4.4 (section 2)", "AM 4.3 draft (section 5)")
    assert DOCUMENTS[Document.SRPD].consulted_on == ("AM2.1 (section 2)", "AB 2.0 (section 5)")
    assert DOCUMENTS[Document.TMAD].consulted_on == ("AL 6.1U draft (section 2)", "AL 6.0 (section 5)")


def test_labels_are_ascii():
    for kind in (Calendar, DocumentSet, Document, DesignationReason):
        assert all(str(value.value).isascii() for value in kind)
