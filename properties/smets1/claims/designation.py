"""Claims about the changed documents: how they come into force, on which days, and that behaviour goes its own way.

They speak of the variables of `statemachines.smets1.designation` and of the release, and hold of every system that
has these lifecycles, checks and answers. Sources: DES-1 to DES-8, MOD-16 to MOD-18 and MOD-20.
"""

from itertools import pairwise

from statemachines.language.claims import Claim, always, always_possible, sometimes
from statemachines.language.requests import RequestType, is_a
from statemachines.language.terms import Variable, after
from statemachines.smets1.designation import (
    Calendar,
    ConcludeJip,
    ConsultOnDate,
    Designation,
    DesignationReason,
    DocumentSet,
    FocScope,
    Jip,
    PassDate,
    ReDesignate,
    SubmitRevisedDocuments,
    calendar,
    designation,
    document_set,
    foc,
    jip,
)
from statemachines.smets1.reasons import reason
from statemachines.smets1.releases import Release, release
from statemachines.smets1.vocabulary import DeployRelease, Outcome, outcome

HAPPENED = outcome == Outcome.HAPPENED
CANNOT_HAPPEN = outcome == Outcome.CANNOT_HAPPEN
RE_DESIGNATED = designation == Designation.RE_DESIGNATED
RE_DESIGNATION = is_a(ReDesignate) & HAPPENED
BEFORE_THE_REPORT = calendar.is_in(Calendar.BEFORE_CONSULTATION, Calendar.CONSULTATION, Calendar.UNTIL_REPORT)

THE_WAY: tuple[Claim, ...] = (
    *(
        always(
            f'from "{before.value}" the changed documents come to "{stage.value}" and to nothing else',
            when=(designation == before) & (after(designation) != designation),
            then=after(designation) == stage,
            rules="DES-1",
        )
        for before, stage in (
            (Designation.IN_PREPARATION, Designation.CONSULTATION_OPEN),
            (Designation.CONSULTATION_OPEN, Designation.CONSULTATION_CLOSED),
            (Designation.CONSULTATION_CLOSED, Designation.SUBMITTED),
        )
    ),
    always(
        "from 6 August to 16:00 on 3 September 2020 the consultation is open",
        when=calendar == Calendar.CONSULTATION,
        then=designation == Designation.CONSULTATION_OPEN,
        rules="DES-1",
    ),
    always(
        "before and after that it is not",
        when=calendar != Calendar.CONSULTATION,
        then=designation != Designation.CONSULTATION_OPEN,
        rules="DES-1",
    ),
    always(
        "the conclusions are submitted on 25 September 2020",
        when=(designation == Designation.CONSULTATION_CLOSED) & (after(designation) != designation),
        then=(calendar == Calendar.UNTIL_REPORT) & (after(calendar) == Calendar.REPORT),
        rules="DES-1",
    ),
    always(
        "from that day on they are submitted",
        when=~BEFORE_THE_REPORT,
        then=designation.is_in(Designation.SUBMITTED, Designation.DATE_CONSULTED_ON, Designation.RE_DESIGNATED),
        rules="DES-1",
    ),
    always(
        "only what is submitted is re-designated",
        when=RE_DESIGNATION,
        then=designation.is_in(Designation.SUBMITTED, Designation.DATE_CONSULTED_ON),
        rules="DES-1",
    ),
    always(
        "a re-designation that happens brings the documents into force",
        when=RE_DESIGNATION,
        then=after(designation) == Designation.RE_DESIGNATED,
        rules="DES-1",
    ),
    *(
        always(
            f'only {kind.label} brings the changed documents to "{stage.value}"',
            when=(after(designation) == stage) & (designation != stage),
            then=is_a(kind),
            rules=rules,
        )
        for stage, kind, rules in (
            (Designation.CONSULTATION_OPEN, PassDate, "DES-1"),
            (Designation.CONSULTATION_CLOSED, PassDate, "DES-1"),
            (Designation.SUBMITTED, PassDate, "DES-1"),
            (Designation.DATE_CONSULTED_ON, ConsultOnDate, "DES-2"),
            (Designation.RE_DESIGNATED, ReDesignate, "DES-1"),
        )
    ),
    always(
        "what is re-designated stays so, and once is enough",
        when=RE_DESIGNATED,
        then=(after(designation) == Designation.RE_DESIGNATED)
        & is_a(ReDesignate).implies(CANNOT_HAPPEN & (reason == DesignationReason.ALREADY_RE_DESIGNATED)),
        rules="DES-1",
    ),
    sometimes(
        "re-designation may be put off beyond 29 October 2020, for the Secretary of State decides whether and when",
        of=(calendar == Calendar.AFTER_WINDOW) & (designation == Designation.SUBMITTED),
        rules="DES-1 DES-2",
    ),
    always_possible(
        "the way to re-designation never closes",
        goal=RE_DESIGNATED,
        rules="DES-1 DES-2 DES-3",
    ),
)

THE_DATES: tuple[Claim, ...] = (
    *(
        always(
            f"the next date that the report names after {one.value} is {next_one.value}",
            when=is_a(PassDate) & (calendar == one),
            then=HAPPENED & (after(calendar) == next_one),
            rules="DES-1 DES-2",
        )
        for one, next_one in pairwise(Calendar)
    ),
    always("only time changes the date", when=after(calendar) != calendar, then=is_a(PassDate), rules="DES-1 DES-2"),
    always(
        "no re-designation before 29 September 2020",
        when=is_a(ReDesignate)
        & calendar.is_in(Calendar.BEFORE_CONSULTATION, Calendar.CONSULTATION, Calendar.UNTIL_REPORT, Calendar.REPORT),
        then=CANNOT_HAPPEN & (after(designation) == designation) & (after(document_set) == document_set),
        rules="DES-2",
    ),
    always(
        "no re-designation after 29 October 2020 unless the date was consulted on again",
        when=RE_DESIGNATION & (calendar == Calendar.AFTER_WINDOW),
        then=designation == Designation.DATE_CONSULTED_ON,
        rules="DES-2",
    ),
    sometimes(
        "from 29 September to 29 October 2020 re-designation needs no further consultation",
        of=RE_DESIGNATION & (calendar == Calendar.WINDOW) & (designation == Designation.SUBMITTED),
        rules="DES-2",
    ),
    sometimes(
        "after 29 October 2020 re-designation may follow a further consultation on the date",
        of=RE_DESIGNATION & (calendar == Calendar.AFTER_WINDOW) & (designation == Designation.DATE_CONSULTED_ON),
        rules="DES-2",
    ),
    always(
        "consulting on the date again has to wait until 29 October 2020 has passed",
        when=is_a(ConsultOnDate) & HAPPENED,
        then=calendar == Calendar.AFTER_WINDOW,
        rules="MOD-20",
    ),
)

THE_JIP_CHANGE_REQUEST: tuple[Claim, ...] = (
    always(
        "no JIP conclusion before the day of the report, of which it says that it is to come",
        when=is_a(ConcludeJip) & BEFORE_THE_REPORT,
        then=CANNOT_HAPPEN & (after(jip) == jip),
        rules="MOD-16",
    ),
    always(
        "the JIP change request may be concluded from the day of the report on",
        when=is_a(ConcludeJip) & (jip == Jip.PENDING) & ~BEFORE_THE_REPORT,
        then=HAPPENED,
        rules="MOD-16",
    ),
    *(
        always(
            f"the JIP change request may conclude of PPMID firmware for FOC: {scope.value}",
            when=is_a(ConcludeJip) & (foc == scope) & HAPPENED,
            then=after(jip) == concluded,
            rules="DES-3",
        )
        for scope, concluded in ((FocScope.OUT, Jip.FOC_STAYS_OUT), (FocScope.IN, Jip.FOC_COMES_IN))
    ),
    always(
        "only its conclusion concludes the JIP change request",
        when=(jip == Jip.PENDING) & (after(jip) != jip),
        then=is_a(ConcludeJip) & after(jip).is_in(Jip.FOC_STAYS_OUT, Jip.FOC_COMES_IN),
        rules="DES-3",
    ),
    always(
        "the JIP change request is concluded once",
        when=(jip != Jip.PENDING) & (after(jip) != jip),
        then=is_a(SubmitRevisedDocuments) & (jip == Jip.FOC_COMES_IN) & (after(jip) == Jip.REVISED),
        rules="DES-3",
    ),
    always(
        "no re-designation while FOC comes into scope and no revised DUIS and S1SR are submitted",
        when=is_a(ReDesignate) & (jip == Jip.FOC_COMES_IN),
        then=CANNOT_HAPPEN & (after(designation) == designation),
        rules="DES-3",
    ),
    always(
        "where FOC comes into scope, the revised documents go before re-designation and not after it",
        when=is_a(SubmitRevisedDocuments) & HAPPENED,
        then=designation.is_in(Designation.SUBMITTED, Designation.DATE_CONSULTED_ON),
        rules="DES-3",
    ),
    always(
        "where the documents are re-designated, the JIP change request is concluded",
        when=RE_DESIGNATED,
        then=jip != Jip.PENDING,
        rules="MOD-17",
    ),
    *(
        sometimes(f"re-designation may follow where {way}", of=RE_DESIGNATION & (jip == concluded), rules="DES-3")
        for way, concluded in (
            ("FOC stays out of scope", Jip.FOC_STAYS_OUT),
            ("FOC comes into scope and revised documents are submitted", Jip.REVISED),
        )
    ),
)

THE_VERSIONS: tuple[Claim, ...] = (
    always(
        "only re-designation changes the versions in the SEC",
        when=after(document_set) != document_set,
        then=RE_DESIGNATION & (document_set == DocumentSet.CURRENT),
        rules="DES-4 DES-7",
    ),
    *(
        always(
            f"re-designation brings into the SEC {brought.value}, where {way}",
            when=RE_DESIGNATION & (jip == concluded),
            then=after(document_set) == brought,
            rules=rules,
        )
        for way, concluded, brought, rules in (
            ("FOC stays out of scope", Jip.FOC_STAYS_OUT, DocumentSet.CONCLUDED, "DES-4 DES-8 MOD-59"),
            ("FOC comes into scope", Jip.REVISED, DocumentSet.REVISED, "DES-3 DES-4"),
        )
    ),
)

TWO_AXES: tuple[Claim, ...] = (
    *(
        sometimes(
            f"{now.value} may be in force before re-designation",
            of=(release == now) & (calendar >= Calendar.WINDOW) & (designation == Designation.SUBMITTED),
            rules="MOD-60",
        )
        for now in (Release.UPLIFT_1_2, Release.NOVEMBER_2020)
    ),
    *(
        sometimes(f"{now.value} may be in force after it", of=(release == now) & RE_DESIGNATED, rules="MOD-60")
        for now in (Release.UPLIFT_1_2, Release.NOVEMBER_2020)
    ),
    always("re-designation deploys no release", when=RE_DESIGNATION, then=after(release) == release, rules="MOD-60"),
    always(
        "a release re-designates nothing and changes no version in the SEC",
        when=is_a(DeployRelease),
        then=(after(designation) == designation) & (after(document_set) == document_set),
        rules="MOD-60",
    ),
    always(
        "every release but the last can be followed by the next, whatever the documents have come to",
        when=is_a(DeployRelease) & (release < Release.NOVEMBER_2020),
        then=HAPPENED & (after(release) != release),
        rules="MOD-60",
    ),
)

CHANGES: tuple[tuple[RequestType, Variable, str], ...] = (
    (PassDate, calendar, "DES-1 DES-2"),
    (ConcludeJip, jip, "DES-3"),
    (SubmitRevisedDocuments, jip, "DES-3"),
    (ConsultOnDate, designation, "DES-2"),
)
THE_EVENTS: tuple[Claim, ...] = (
    *(
        always(
            f"{kind.label} changes the {what.label} where it happens",
            when=is_a(kind) & HAPPENED,
            then=after(what) != what,
            rules=rules,
        )
        for kind, what, rules in CHANGES
    ),
)

CLAIMS: tuple[Claim, ...] = (*THE_WAY, *THE_DATES, *THE_JIP_CHANGE_REQUEST, *THE_VERSIONS, *TWO_AXES, *THE_EVENTS)
"""What is claimed of every system with these lifecycles."""
