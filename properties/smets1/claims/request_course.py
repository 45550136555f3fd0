"""Claims about the course of one Service Request, and about Anomaly Detection.

Sources: SRP-1 to SRP-3, SYS-1, READ-2, PPMID-8 and the assumptions MOD-33 and MOD-37.
"""

from properties.smets1.claims.requests import ACCEPTED, NOTHING_CHANGES
from statemachines import Reached, after, always, always_possible, is_a, leads_to, sometimes
from statemachines.language.expression import TRUE, disjunction
from statemachines.smets1.reasons import reason
from statemachines.smets1.releases import Release, release
from statemachines.smets1.request_course import (
    AcknowledgeRequest,
    AnswerAtDsp,
    CarryOut,
    Command,
    Course,
    CourseReason,
    DeleteRequest,
    DropRequest,
    Effect,
    HoldRequest,
    LeaveUnprocessed,
    LetPass,
    RaiseAlert,
    ReceiveRequest,
    RefuseRequest,
    RejectRequest,
    ReleaseRequest,
    SendThroughDco,
    SendToDevice,
    command,
    course,
    effect,
)
from statemachines.smets1.verdicts import EventReason
from statemachines.smets1.vocabulary import (
    DEVICE_REQUESTS,
    FOC,
    IOC,
    ActivateFirmware,
    DataValues,
    Device,
    Outcome,
    Party,
    ReadFirmwareVersion,
    RequestIdUse,
    Screening,
    UpdateFirmware,
    UpdateTariff,
    data_values,
    decided_at,
    group,
    outcome,
    request_id,
    screening,
    target,
)

CAUGHT = is_a(*DEVICE_REQUESTS) & (screening == Screening.CAUGHT)
BEYOND_A_LIMIT = is_a(UpdateTariff) & (data_values == DataValues.BEYOND)
ANSWERED_BY_THE_S1SP = disjunction(
    is_a(UpdateFirmware, ActivateFirmware) & (target == Device.GPF),
    is_a(UpdateFirmware, ActivateFirmware) & (target == Device.PPMID) & group.is_in(*FOC),
    is_a(ReadFirmwareVersion)
    & (target == Device.PPMID)
    & group.is_in(*IOC)
    & release.is_in(Release.BEFORE_UPLIFT_1_2, Release.UPLIFT_1_2),
)
"""What the S1SP rejects, leaves unprocessed or answers with an alert (MOD-7, PPMID-8, READ-2)."""
OVER = course.is_in(
    Course.REJECTED,
    Course.UNPROCESSED,
    Course.DROPPED,
    Course.DELETED,
    Course.RESPONDED,
    Course.ALERTED,
    Course.REFUSED,
)
USER_DECIDES = is_a(ReleaseRequest, DropRequest)

ANOMALY_DETECTION = (
    always(
        "a request that Anomaly Detection has caught has no effect",
        when=CAUGHT,
        then=~ACCEPTED & NOTHING_CHANGES,
        rules="SRP-1",
    ),
    always(
        "a request that is caught goes no further than the S1SP",
        when=CAUGHT & Reached(Party.S1SP),
        then=outcome.is_in(Outcome.HELD, Outcome.DELETED, Outcome.REJECTED, Outcome.NOT_PROCESSED, Outcome.ALERT)
        & (decided_at == Party.S1SP)
        & ~Reached(Party.DCO)
        & ~Reached(Party.DEVICE),
        rules="MOD-33 MOD-47",
    ),
    always(
        "a request that is caught, and that the S1SP has nothing else to say to, is held",
        when=CAUGHT & Reached(Party.S1SP) & ~ANSWERED_BY_THE_S1SP & ~BEYOND_A_LIMIT,
        then=(outcome == Outcome.HELD) & (reason == CourseReason.HELD),
        rules="SRP-1",
    ),
    always(
        "it is the S1SP that holds and deletes requests",
        when=outcome.is_in(Outcome.HELD, Outcome.DELETED),
        then=decided_at == Party.S1SP,
        rules="MOD-47",
    ),
    always(
        "Anomaly Detection comes after what the S1SP has to say to a request",
        when=CAUGHT & Reached(Party.S1SP) & ANSWERED_BY_THE_S1SP,
        then=outcome.is_in(Outcome.REJECTED, Outcome.NOT_PROCESSED, Outcome.ALERT),
        rules="MOD-33",
    ),
    always(
        "a request with a value beyond a set limit has no effect",
        when=BEYOND_A_LIMIT,
        then=~ACCEPTED & NOTHING_CHANGES,
        rules="SRP-1",
    ),
    always(
        "a request with a value beyond a set limit goes no further than the S1SP",
        when=BEYOND_A_LIMIT,
        then=~Reached(Party.DCO) & ~Reached(Party.DEVICE),
        rules="MOD-33 MOD-47",
    ),
    always(
        "a request with a value beyond a set limit that comes to the S1SP is deleted",
        when=BEYOND_A_LIMIT & Reached(Party.S1SP),
        then=(outcome == Outcome.DELETED) & (reason == CourseReason.DELETED),
        rules="SRP-1",
    ),
    always(
        "nothing else is deleted",
        when=outcome == Outcome.DELETED,
        then=BEYOND_A_LIMIT & Reached(Party.S1SP),
        rules="SRP-1",
    ),
    always(
        "nothing else is held",
        when=outcome == Outcome.HELD,
        then=CAUGHT & Reached(Party.S1SP),
        rules="SRP-1",
    ),
    *(
        sometimes(
            f"Anomaly Detection may hold {kind.label}",
            of=is_a(kind) & (outcome == Outcome.HELD),
            rules="SRP-1",
        )
        for kind in DEVICE_REQUESTS
    ),
)

STEPS = (
    (ReceiveRequest, (Course.NOT_SENT,), (Course.RECEIVED, Course.REJECTED), "SRP-2"),
    (AcknowledgeRequest, (Course.RECEIVED,), (Course.ACKNOWLEDGED,), "SRP-2"),
    (RejectRequest, (Course.RECEIVED,), (Course.REJECTED,), "SRP-2"),
    (AnswerAtDsp, (Course.RECEIVED,), (Course.RESPONDED,), "MOD-37"),
    (LeaveUnprocessed, (Course.ACKNOWLEDGED,), (Course.UNPROCESSED,), "PPMID-8"),
    (RaiseAlert, (Course.ACKNOWLEDGED,), (Course.ALERTED,), "READ-2 MOD-1"),
    (LetPass, (Course.ACKNOWLEDGED,), (Course.PASSED,), "SRP-1"),
    (HoldRequest, (Course.ACKNOWLEDGED,), (Course.HELD,), "SRP-1"),
    (ReleaseRequest, (Course.HELD,), (Course.PASSED,), "SRP-1"),
    (DropRequest, (Course.HELD,), (Course.DROPPED,), "SRP-1"),
    (DeleteRequest, (Course.ACKNOWLEDGED,), (Course.DELETED,), "SRP-1"),
    (SendThroughDco, (Course.PASSED,), (Course.AT_DCO,), "SRP-3"),
    (SendToDevice, (Course.PASSED, Course.AT_DCO), (Course.AT_DEVICE,), "MOD-44"),
    (CarryOut, (Course.AT_DEVICE,), (Course.RESPONDED,), "SRP-2"),
    (RefuseRequest, (Course.ACKNOWLEDGED, Course.AT_DCO, Course.AT_DEVICE), (Course.REFUSED,), "MOD-37"),
)
"""For each event of a request's course: where it may happen, where it leads, and by which rules."""
THE_WAY = {
    SendThroughDco: command == Command.CRITICAL,
    SendToDevice: (command == Command.OTHER) | (course == Course.AT_DCO),
}
"""Which way a request goes on: a Critical Command through the DCO, every other straight to the device (SRP-3)."""

COURSE = (
    *(
        always(
            f"{kind.label} happens where it may, and leads where it should",
            when=is_a(kind) & (outcome == Outcome.HAPPENED),
            then=course.is_in(*before) & after(course).is_in(*now),
            rules=rules,
        )
        for kind, before, now, rules in STEPS
    ),
    *(
        always(
            f"{kind.label} can happen wherever it may",
            when=is_a(kind) & course.is_in(*before) & THE_WAY.get(kind, TRUE),
            then=(outcome == Outcome.HAPPENED) & (reason == EventReason.HAPPENED),
            rules=rules,
        )
        for kind, before, _, rules in STEPS
    ),
    *(
        always(
            f"{kind.label} cannot happen elsewhere",
            when=is_a(kind) & ~(course.is_in(*before) & THE_WAY.get(kind, TRUE)),
            then=(outcome == Outcome.CANNOT_HAPPEN) & (reason == CourseReason.NOT_WHERE_IT_STANDS) & NOTHING_CHANGES,
            rules=rules,
        )
        for kind, before, _, rules in STEPS
    ),
    always(
        "a new request is received",
        when=is_a(ReceiveRequest) & (request_id == RequestIdUse.NEW) & (outcome == Outcome.HAPPENED),
        then=after(course) == Course.RECEIVED,
        rules="SRP-2",
    ),
    always(
        "the course of a request changes by its own events only",
        when=after(course) != course,
        then=is_a(*(kind for kind, _, _, _ in STEPS)) & (outcome == Outcome.HAPPENED),
        rules="SRP-2",
    ),
    always(
        "a repeat is rejected at once",
        when=is_a(ReceiveRequest) & (request_id == RequestIdUse.REPEATED) & (outcome == Outcome.HAPPENED),
        then=after(course) == Course.REJECTED,
        rules="MOD-48",
    ),
    always(
        "a request that is over stays so",
        when=OVER,
        then=after(course) == course,
        rules="SRP-2",
    ),
    always(
        "a request that is quarantined or deleted has had no effect",
        when=course.is_in(Course.HELD, Course.DROPPED, Course.DELETED),
        then=effect == Effect.NONE,
        rules="SRP-1",
    ),
    *(
        always(
            f"a request that is {end.value} has had no effect",
            when=course == end,
            then=effect == Effect.NONE,
            rules=rules,
        )
        for end, rules in (
            (Course.REJECTED, "SYS-7"),
            (Course.UNPROCESSED, "PPMID-8"),
            (Course.ALERTED, "READ-2"),
            (Course.REFUSED, "MOD-37"),
        )
    ),
    always(
        "only the User ends a quarantine: the request is processed or deleted",
        when=(course == Course.HELD) & (after(course) != Course.HELD),
        then=is_a(ReleaseRequest, DropRequest),
        rules="SRP-1",
    ),
    always(
        "an effect comes from the device that carries the request out",
        when=(effect == Effect.NONE) & (after(effect) == Effect.TAKEN),
        then=(course == Course.AT_DEVICE) & is_a(CarryOut),
        rules="SRP-1 SRP-3",
    ),
    always(
        "a request carried out at the device has had its effect",
        when=is_a(CarryOut) & (outcome == Outcome.HAPPENED),
        then=after(effect) == Effect.TAKEN,
        rules="SRP-3",
    ),
    always(
        "a Critical Command comes to the device through the DCO",
        when=(command == Command.CRITICAL) & (course != Course.AT_DEVICE) & (after(course) == Course.AT_DEVICE),
        then=course == Course.AT_DCO,
        rules="SRP-3 SYS-1",
    ),
    always(
        "only Critical Commands go through the DCO",
        when=course == Course.AT_DCO,
        then=command == Command.CRITICAL,
        rules="SYS-1 SRP-3",
    ),
    always_possible(
        "every request comes to an end",
        goal=OVER,
        rules="SRP-2",
    ),
    always_possible(
        "a quarantined request can still come to have its effect",
        when=course == Course.HELD,
        goal=effect == Effect.TAKEN,
        rules="SRP-1",
    ),
    leads_to(
        "a quarantined request leaves quarantine if the User decides on it",
        when=course == Course.HELD,
        then=course != Course.HELD,
        given=[USER_DECIDES],
        rules="SRP-1",
    ),
    leads_to(
        "a quarantined request comes to its end if the User decides on it and its next steps keep being taken",
        when=course == Course.HELD,
        then=OVER,
        given=[USER_DECIDES, is_a(SendThroughDco), is_a(SendToDevice), is_a(CarryOut)],
        rules="SRP-1 SRP-2 SRP-3 MOD-44",
    ),
)

CLAIMS = (*ANOMALY_DETECTION, *COURSE)
