"""The way of the changed documents into force: consultation, submission, re-designation; and the dates that bound it.

Re-designation is for the Secretary of State to decide, if and when (DES-1): nothing here makes it come, and it waits
for no key package; what follows for the DCC if it comes before they are updated is said in `compliance`. Once the JIP
change request brings FOC into scope, no source says how systems behave for it, but that revised documents go before
re-designation (DES-3). Sources: DES-1 to DES-8, MOD-16, MOD-17, MOD-20 and MOD-59.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from types import MappingProxyType

from statemachines.language.component import Component, Constraint
from statemachines.language.expression import TRUE, Expr
from statemachines.language.gates import Answer, Check
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.requests import Field, RequestType
from statemachines.language.terms import Variable
from statemachines.smets1.releases import Release, release
from statemachines.smets1.verdicts import EventReason, happens, happens_only
from statemachines.smets1.vocabulary import DeployRelease, Outcome, Party


class Calendar(Enum):
    """The days that the report tells apart, in order."""

    BEFORE_CONSULTATION = "before 6 August 2020"
    CONSULTATION = "6 August to 3 September 2020, 16:00"
    UNTIL_REPORT = "3 September, 16:00, to 24 September 2020"
    REPORT = "25 to 28 September 2020"
    WINDOW = "29 September to 29 October 2020"
    AFTER_WINDOW = "after 29 October 2020"


class Designation(Enum):
    """How far the changed documents have come, in order."""

    IN_PREPARATION = "in preparation"
    CONSULTATION_OPEN = "consultation open"
    CONSULTATION_CLOSED = "consultation closed"
    SUBMITTED = "conclusions submitted"
    DATE_CONSULTED_ON = "conclusions submitted, and the date consulted on again"
    RE_DESIGNATED = "re-designated"


class Jip(Enum):
    """What the JIP change request makes of PPMID firmware for FOC."""

    PENDING = "not concluded"
    FOC_STAYS_OUT = "FOC stays out of scope"
    FOC_COMES_IN = "FOC comes into scope"
    REVISED = "FOC comes into scope, and revised DUIS and S1SR are submitted"


class DocumentSet(Enum):
    """Which versions of the four documents are in the SEC: `DOCUMENTS` names them."""

    CURRENT = "those in the SEC on 25 September 2020"
    CONCLUDED = "those attached to the report"
    REVISED = "those attached to the report, DUIS and S1SR revised for FOC"


class DesignationReason(Enum):
    """Why the documents, or the days, go no further."""

    LAST_DATE = "the report names no later date"
    JIP_CONCLUDED = "the JIP change request is concluded already"
    BEFORE_THE_REPORT = "25 September 2020 has not come"
    NOTHING_TO_REVISE = "the JIP change request does not make it necessary to revise documents, or no longer"
    NO_DATE_TO_CONSULT_ON = "no conclusions wait for a date that was consulted on once"
    WINDOW_NOT_OVER = "29 October 2020 has not passed"
    ALREADY_RE_DESIGNATED = "the documents are re-designated already"
    NOT_SUBMITTED = "the conclusions are not submitted to the Secretary of State"
    TOO_EARLY = "29 September 2020 has not come"
    DATE_NOT_CONSULTED_ON = "29 October 2020 has passed, and there was no further consultation on the date"
    JIP_NOT_CONCLUDED = "the JIP change request is not concluded"
    NOT_REVISED = "FOC comes into scope, and no revised DUIS and S1SR are submitted"
    NO_DAY_FOR_IT = "by assumption, no release comes into force on such a day"


class FocScope(Enum):
    """What the JIP change request concludes of PPMID firmware for FOC."""

    OUT = "out of scope"
    IN = "in scope"


calendar = Variable("calendar", Calendar, ordered=True)
designation = Variable("designation", Designation, ordered=True, label="changed documents")
jip = Variable("jip", Jip, label="JIP change request")
document_set = Variable("document_set", DocumentSet, label="versions in the SEC")

foc = Field("foc", FocScope, label="PPMID firmware for FOC")

PassDate = RequestType("PassDate", label="Reach Next Date")
ConcludeJip = RequestType("ConcludeJip", [foc], label="Conclude JIP Change Request")
SubmitRevisedDocuments = RequestType("SubmitRevisedDocuments")
ConsultOnDate = RequestType("ConsultOnDate", label="Consult On The Date Again")
ReDesignate = RequestType("ReDesignate", label="Re-designate")

EVENT_TYPES = (PassDate, ConcludeJip, SubmitRevisedDocuments, ConsultOnDate, ReDesignate)

dates = Lifecycle(
    calendar,
    initial=Calendar.BEFORE_CONSULTATION,
    transitions=[
        Transition(Calendar.BEFORE_CONSULTATION, PassDate, Calendar.CONSULTATION, rules="DES-1"),
        Transition(Calendar.CONSULTATION, PassDate, Calendar.UNTIL_REPORT, rules="DES-1"),
        Transition(Calendar.UNTIL_REPORT, PassDate, Calendar.REPORT, rules="DES-1"),
        Transition(Calendar.REPORT, PassDate, Calendar.WINDOW, rules="DES-2"),
        Transition(Calendar.WINDOW, PassDate, Calendar.AFTER_WINDOW, rules="DES-2"),
    ],
)

documents = Lifecycle(
    designation,
    initial=Designation.IN_PREPARATION,
    transitions=[
        Transition(Designation.IN_PREPARATION, PassDate, Designation.CONSULTATION_OPEN, rules="DES-1"),
        Transition(Designation.CONSULTATION_OPEN, PassDate, Designation.CONSULTATION_CLOSED, rules="DES-1"),
        Transition(Designation.CONSULTATION_CLOSED, PassDate, Designation.SUBMITTED, rules="DES-1"),
        Transition(Designation.SUBMITTED, ConsultOnDate, Designation.DATE_CONSULTED_ON, rules="DES-2"),
        Transition(
            [Designation.SUBMITTED, Designation.DATE_CONSULTED_ON],
            ReDesignate,
            Designation.RE_DESIGNATED,
            rules="DES-1 DES-2",
        ),
    ],
)

jip_change_request = Lifecycle(
    jip,
    initial=Jip.PENDING,
    transitions=[
        Transition(Jip.PENDING, ConcludeJip, Jip.FOC_STAYS_OUT, when=foc == FocScope.OUT, rules="DES-3"),
        Transition(Jip.PENDING, ConcludeJip, Jip.FOC_COMES_IN, when=foc == FocScope.IN, rules="DES-3"),
        Transition(Jip.FOC_COMES_IN, SubmitRevisedDocuments, Jip.REVISED, rules="DES-3"),
    ],
)

versions = Lifecycle(
    document_set,
    initial=DocumentSet.CURRENT,
    transitions=[
        Transition(
            DocumentSet.CURRENT,
            ReDesignate,
            DocumentSet.CONCLUDED,
            when=jip != Jip.REVISED,
            rules="DES-4 DES-7 DES-8 MOD-59",
        ),
        Transition(DocumentSet.CURRENT, ReDesignate, DocumentSet.REVISED, when=jip == Jip.REVISED, rules="DES-3 DES-4"),
    ],
)

WITH_THE_SECRETARY_OF_STATE = (Designation.SUBMITTED, Designation.DATE_CONSULTED_ON)
"""The conclusions are submitted, and not decided on."""

_CHECKS: tuple[Check, ...] = (
    happens_only(
        PassDate,
        "the report names a later date",
        calendar < Calendar.AFTER_WINDOW,
        otherwise=DesignationReason.LAST_DATE,
        rules="DES-1 DES-2",
    ),
    happens_only(
        ConcludeJip,
        "the JIP change request is open",
        jip == Jip.PENDING,
        otherwise=DesignationReason.JIP_CONCLUDED,
        rules="DES-3",
    ),
    happens_only(
        ConcludeJip,
        "the report's day has come",
        calendar >= Calendar.REPORT,
        otherwise=DesignationReason.BEFORE_THE_REPORT,
        rules="MOD-16",
    ),
    happens_only(
        SubmitRevisedDocuments,
        "the JIP change request brings FOC into scope, and no revised documents are submitted yet",
        jip == Jip.FOC_COMES_IN,
        otherwise=DesignationReason.NOTHING_TO_REVISE,
        rules="DES-3",
    ),
    happens_only(
        ConsultOnDate,
        "the conclusions wait for a date that was consulted on once",
        designation == Designation.SUBMITTED,
        otherwise=DesignationReason.NO_DATE_TO_CONSULT_ON,
        rules="DES-1 DES-2",
    ),
    happens_only(
        ConsultOnDate,
        "29 October 2020 has passed",
        calendar == Calendar.AFTER_WINDOW,
        otherwise=DesignationReason.WINDOW_NOT_OVER,
        rules="MOD-20",
    ),
    happens_only(
        ReDesignate,
        "the documents are not re-designated yet",
        designation != Designation.RE_DESIGNATED,
        otherwise=DesignationReason.ALREADY_RE_DESIGNATED,
        rules="DES-1",
    ),
    happens_only(
        ReDesignate,
        "the conclusions are submitted",
        designation.is_in(*WITH_THE_SECRETARY_OF_STATE),
        otherwise=DesignationReason.NOT_SUBMITTED,
        rules="DES-1",
    ),
    happens_only(
        ReDesignate,
        "29 September 2020 has come",
        calendar >= Calendar.WINDOW,
        otherwise=DesignationReason.TOO_EARLY,
        rules="DES-2",
    ),
    happens_only(
        ReDesignate,
        "29 October 2020 has not passed, or the date was consulted on again",
        (calendar != Calendar.AFTER_WINDOW) | (designation == Designation.DATE_CONSULTED_ON),
        otherwise=DesignationReason.DATE_NOT_CONSULTED_ON,
        rules="DES-2",
    ),
    happens_only(
        ReDesignate,
        "the JIP change request is concluded",
        jip != Jip.PENDING,
        otherwise=DesignationReason.JIP_NOT_CONCLUDED,
        rules="MOD-17",
    ),
    happens_only(
        ReDesignate,
        "where FOC comes into scope, revised DUIS and S1SR are submitted",
        jip != Jip.FOC_COMES_IN,
        otherwise=DesignationReason.NOT_REVISED,
        rules="DES-3",
    ),
)

RELEASE_CHECKS: tuple[Check, ...] = (
    happens_only(
        DeployRelease,
        "Uplift 1.2 comes after the day of the report has come, and the November 2020 release after October",
        (release == Release.BEFORE_UPLIFT_1_2).implies(calendar >= Calendar.REPORT)
        & (release == Release.UPLIFT_1_2).implies(calendar == Calendar.AFTER_WINDOW),
        otherwise=DesignationReason.NO_DAY_FOR_IT,
        rules="MOD-11",
    ),
)
"""What binds releases to the calendar, for a system that tells both; 30 and 31 October stand for November's days."""


FOC_CAME_IN: Expr = jip.is_in(Jip.FOC_COMES_IN, Jip.REVISED)
"""Where the JIP change request has concluded that PPMID firmware for FOC is in scope (DES-3)."""


def re_designation(why: Enum, rules: str, *, when: Expr = TRUE) -> tuple[Answer, Answer]:
    """The answers to a re-designation: where FOC comes into scope, more is left open."""
    return (
        Answer(
            [ReDesignate],
            outcome=Outcome.HAPPENED,
            reason=why,
            when=when & (jip == Jip.REVISED),
            rules=f"{rules} DES-3",
            unspecified=["behaviour for FOC", "numbers of the revised versions"],
        ),
        Answer([ReDesignate], outcome=Outcome.HAPPENED, reason=why, when=when, rules=rules),
    )


_ANSWERS: tuple[Answer, ...] = (
    happens(PassDate, "DES-1 DES-2"),
    happens(ConcludeJip, "DES-3"),
    happens(SubmitRevisedDocuments, "DES-3"),
    happens(ConsultOnDate, "DES-2"),
    *re_designation(EventReason.HAPPENED, "DES-1"),
)

_CONSTRAINTS = (
    Constraint(
        "before 6 August 2020 the changed documents are in preparation",
        when=calendar == Calendar.BEFORE_CONSULTATION,
        then=designation == Designation.IN_PREPARATION,
        rules="DES-1",
    ),
    Constraint(
        "until 16:00 on 3 September 2020 the consultation is open",
        when=calendar == Calendar.CONSULTATION,
        then=designation == Designation.CONSULTATION_OPEN,
        rules="DES-1",
    ),
    Constraint(
        "from then until 24 September 2020 the consultation is closed",
        when=calendar == Calendar.UNTIL_REPORT,
        then=designation == Designation.CONSULTATION_CLOSED,
        rules="DES-1",
    ),
    Constraint(
        "from 25 September 2020 on the conclusions are submitted",
        when=calendar >= Calendar.REPORT,
        then=designation >= Designation.SUBMITTED,
        rules="DES-1",
    ),
    Constraint(
        "the date is consulted on again only after 29 October 2020",
        when=designation == Designation.DATE_CONSULTED_ON,
        then=calendar == Calendar.AFTER_WINDOW,
        rules="MOD-20",
    ),
    Constraint(
        "the documents are re-designated on no day before 29 September 2020",
        when=designation == Designation.RE_DESIGNATED,
        then=calendar >= Calendar.WINDOW,
        rules="DES-2",
    ),
    Constraint(
        "the JIP change request is concluded on no day before 25 September 2020",
        when=jip != Jip.PENDING,
        then=calendar >= Calendar.REPORT,
        rules="MOD-16",
    ),
    Constraint(
        "the documents are re-designated only once the JIP change request is concluded",
        when=designation == Designation.RE_DESIGNATED,
        then=jip != Jip.PENDING,
        rules="MOD-17",
    ),
    Constraint(
        "the documents are not re-designated while FOC comes into scope and no revised ones are submitted",
        when=designation == Designation.RE_DESIGNATED,
        then=jip != Jip.FOC_COMES_IN,
        rules="DES-3",
    ),
    Constraint(
        "without re-designation the versions in the SEC stay",
        when=designation < Designation.RE_DESIGNATED,
        then=document_set == DocumentSet.CURRENT,
        rules="DES-4",
    ),
    Constraint(
        "re-designation brings the versions of the report into the SEC, where FOC stayed out of scope",
        when=(designation == Designation.RE_DESIGNATED) & (jip == Jip.FOC_STAYS_OUT),
        then=document_set == DocumentSet.CONCLUDED,
        rules="DES-4",
    ),
    Constraint(
        "re-designation brings revised versions into the SEC, where FOC came into scope",
        when=(designation == Designation.RE_DESIGNATED) & (jip == Jip.REVISED),
        then=document_set == DocumentSet.REVISED,
        rules="DES-3 DES-4",
    ),
)
"""The conditions that exactly the reachable states of these lifecycles satisfy."""

component = Component(
    "changed documents",
    lifecycles=[dates, documents, jip_change_request, versions],
    checks={Party.PREMISES: _CHECKS},
    answers=_ANSWERS,
    constraints=_CONSTRAINTS,
)

BEGINS: Mapping[Calendar, datetime] = MappingProxyType(
    {
        Calendar.BEFORE_CONSULTATION: datetime.min,
        Calendar.CONSULTATION: datetime(2020, 8, 6),
        Calendar.UNTIL_REPORT: datetime(2020, 9, 3, 16),
        Calendar.REPORT: datetime(2020, 9, 25),
        Calendar.WINDOW: datetime(2020, 9, 29),
        Calendar.AFTER_WINDOW: datetime(2020, 10, 30),
    }
)
"""When each of the calendar's phases begins (DES-1, DES-2); the report does not say by which clock."""

JIP_DUE = date(2020, 10, 8)
"""The day of the SMDG meeting at which the JIP change request is due to be concluded (DES-3)."""
