"""The course of one Service Request, step by step: from its receipt to its response, alert or rejection.

The gates of `statemachines.smets1.installation` decide a request at once; this is what happens to it on the way, one
step after the other, and `course_of` says which steps a verdict comes to.
Sources: SYS-1, SRP-1 to SRP-3, PPMID-8, READ-2 and the assumptions MOD-1, MOD-37, MOD-44, MOD-47 and MOD-48.
"""

from collections.abc import Iterator
from enum import Enum

from statemachines.errors import DeclarationError
from statemachines.language.component import Component
from statemachines.language.expression import Expr, disjunction
from statemachines.language.gates import Check, Verdict
from statemachines.language.lifecycle import Lifecycle, Transition, fixed
from statemachines.language.requests import Request, RequestType
from statemachines.language.terms import Variable
from statemachines.smets1.admission import AdmissionReason
from statemachines.smets1.verdicts import happens, happens_only
from statemachines.smets1.vocabulary import (
    DEVICE_REQUESTS,
    DataValues,
    Outcome,
    Party,
    RequestIdUse,
    Screening,
    UpdateTariff,
    data_values,
    request_id,
    screening,
)

ReceiveRequest = RequestType("ReceiveRequest", [request_id])
AcknowledgeRequest = RequestType("AcknowledgeRequest", label="Acknowledge Request (I99)")
RejectRequest = RequestType("RejectRequest")
AnswerAtDsp = RequestType("AnswerAtDsp", label="Answer at the DSP (I0)")
LeaveUnprocessed = RequestType("LeaveUnprocessed")
LetPass = RequestType("LetPass", label="Let Pass Anomaly Detection")
HoldRequest = RequestType("HoldRequest", label="Quarantine Request")
ReleaseRequest = RequestType("ReleaseRequest", label="User Has It Processed")
DropRequest = RequestType("DropRequest", label="User Has It Deleted")
DeleteRequest = RequestType("DeleteRequest", label="Delete, Notify User")
SendThroughDco = RequestType("SendThroughDco", label="Send through the DCO")
SendToDevice = RequestType("SendToDevice")
CarryOut = RequestType("CarryOut", label="Carry Out and Respond (I0)")
RaiseAlert = RequestType("RaiseAlert")
RefuseRequest = RequestType("RefuseRequest")

EVENT_TYPES = (
    ReceiveRequest,
    AcknowledgeRequest,
    RejectRequest,
    AnswerAtDsp,
    LeaveUnprocessed,
    LetPass,
    HoldRequest,
    ReleaseRequest,
    DropRequest,
    DeleteRequest,
    SendThroughDco,
    SendToDevice,
    CarryOut,
    RaiseAlert,
    RefuseRequest,
)


class Course(Enum):
    """How far the request has come."""

    NOT_SENT = "not sent"
    RECEIVED = "received by the DSP"
    REJECTED = "rejected"
    ACKNOWLEDGED = "acknowledged"
    UNPROCESSED = "not processed"
    HELD = "quarantined by Anomaly Detection"
    DROPPED = "deleted, as the User said"
    DELETED = "deleted for a value beyond a set limit, and the User notified"
    PASSED = "past Anomaly Detection"
    AT_DCO = "at the DCO"
    AT_DEVICE = "at the device"
    RESPONDED = "carried out and responded to"
    ALERTED = "answered with an alert"
    REFUSED = "refused after its acknowledgement"


class Command(Enum):
    """Whether the request is a Critical Command."""

    CRITICAL = "Critical Command"
    OTHER = "any other command"


class Effect(Enum):
    """Whether the request has had an effect: whether it was carried out at the device, be it only to read."""

    NONE = "none"
    TAKEN = "carried out at the device"


class CourseReason(Enum):
    """Why a request stays where it stands."""

    HELD = "Anomaly Detection has caught the request"
    DELETED = "a value of the request is beyond a set maximum or minimum: it is deleted, and the User notified"
    NOT_WHERE_IT_STANDS = "the request does not stand where this could happen to it"


course = Variable("course", Course, label="course of the request")
command = Variable("command", Command, label="kind of command")
effect = Variable("effect", Effect, label="effect of the request")

_COURSE = Lifecycle(
    course,
    initial=Course.NOT_SENT,
    transitions=[
        Transition(
            Course.NOT_SENT,
            ReceiveRequest,
            Course.RECEIVED,
            when=request_id == RequestIdUse.NEW,
            rules="SRP-2 MOD-44",
        ),
        Transition(
            Course.NOT_SENT, ReceiveRequest, Course.REJECTED, when=request_id == RequestIdUse.REPEATED, rules="MOD-48"
        ),
        Transition(Course.RECEIVED, RejectRequest, Course.REJECTED, rules="SRP-2"),
        Transition(Course.RECEIVED, AcknowledgeRequest, Course.ACKNOWLEDGED, rules="SRP-2"),
        Transition(Course.ACKNOWLEDGED, LeaveUnprocessed, Course.UNPROCESSED, rules="PPMID-8"),
        Transition(Course.ACKNOWLEDGED, LetPass, Course.PASSED, rules="SRP-1"),
        Transition(Course.ACKNOWLEDGED, HoldRequest, Course.HELD, rules="SRP-1"),
        Transition(Course.HELD, ReleaseRequest, Course.PASSED, rules="SRP-1"),
        Transition(Course.HELD, DropRequest, Course.DROPPED, rules="SRP-1"),
        Transition(Course.ACKNOWLEDGED, DeleteRequest, Course.DELETED, rules="SRP-1"),
        Transition(
            Course.PASSED, SendThroughDco, Course.AT_DCO, when=command == Command.CRITICAL, rules="SRP-3 MOD-44"
        ),
        Transition(Course.PASSED, SendToDevice, Course.AT_DEVICE, when=command == Command.OTHER, rules="MOD-44"),
        Transition(Course.AT_DCO, SendToDevice, Course.AT_DEVICE, rules="SRP-3 MOD-44"),
        Transition(Course.AT_DEVICE, CarryOut, Course.RESPONDED, rules="SRP-2"),
        Transition(Course.RECEIVED, AnswerAtDsp, Course.RESPONDED, rules="MOD-37"),
        Transition(Course.ACKNOWLEDGED, RaiseAlert, Course.ALERTED, rules="READ-2 MOD-1"),
        Transition(
            [Course.ACKNOWLEDGED, Course.AT_DCO, Course.AT_DEVICE], RefuseRequest, Course.REFUSED, rules="MOD-37"
        ),
    ],
)


def _arrows(kind: RequestType) -> list[Transition[Course]]:
    return [move for move in _COURSE.transitions if move.on is kind]


def _rules_of(kind: RequestType) -> str:
    return " ".join(dict.fromkeys(rule for move in _arrows(kind) for rule in move.rules))


def _leaves_here(kind: RequestType) -> Expr:
    """An arrow of this event leaves where the request stands."""
    return disjunction(*(course.is_in(*move.source) & move.when for move in _arrows(kind)))


component = Component(
    "course of a Service Request",
    lifecycles=[
        fixed(command),
        _COURSE,
        Lifecycle(
            effect,
            initial=Effect.NONE,
            transitions=[Transition(Effect.NONE, CarryOut, Effect.TAKEN, rules="SRP-1 SRP-3")],
            title="effect of the request",
        ),
    ],
    checks={
        Party.S1SP: [
            Check(
                "the values of the request are within the set limits",
                fails_when=data_values == DataValues.BEYOND,
                outcome=Outcome.DELETED,
                reason=CourseReason.DELETED,
                rules="SRP-1 MOD-33 MOD-47",
                on=[UpdateTariff],
            ),
            Check(
                "Anomaly Detection lets the request pass",
                fails_when=screening == Screening.CAUGHT,
                outcome=Outcome.HELD,
                reason=CourseReason.HELD,
                rules="SRP-1 MOD-33 MOD-47",
                on=DEVICE_REQUESTS,
            ),
        ],
        Party.PREMISES: [
            happens_only(
                kind,
                f"the request stands where {kind.label} can happen to it",
                _leaves_here(kind),
                otherwise=CourseReason.NOT_WHERE_IT_STANDS,
                rules=_rules_of(kind),
            )
            for kind in EVENT_TYPES
        ],
    },
    answers=[happens(kind, _rules_of(kind)) for kind in EVENT_TYPES],
)


def course_of(verdict: Verdict) -> tuple[Request, ...]:
    """The steps of a request's course that a verdict on it comes to.

    Parameters
    ----------
    verdict: of the installation's oracle, on a Service Request. Of one whose effect is not modelled, and which is
        accepted, no more is known than that it is received.

    Raises
    ------
    DeclarationError: for a verdict on an event.

    >>> from statemachines.smets1.installation import INSTALLATION
    >>> from statemachines.semantics.oracle import Oracle
    >>> from statemachines.smets1.vocabulary import ReadFirmwareVersion, Device, User
    >>> oracle = Oracle(INSTALLATION)
    >>> _, verdict = oracle.decide(
    ...     oracle.initial, ReadFirmwareVersion(sender=User.SUPPLIER_A, target=Device.ESME)
    ... )
    >>> [step.type.name for step in course_of(verdict)]
    ['ReceiveRequest', 'RejectRequest']
    """
    if verdict.via[:1] != (Party.DSP,):
        raise DeclarationError(f"the verdict {str(verdict)!r} is on an event; only a Service Request has a course")
    return tuple(_steps(verdict))


def _steps(verdict: Verdict) -> Iterator[Request]:
    if verdict.reason is AdmissionReason.REPEATED:
        yield ReceiveRequest(request_id=RequestIdUse.REPEATED)
        return
    yield ReceiveRequest()
    if verdict.passed and verdict.unspecified:
        return
    if verdict.at is Party.DSP:
        yield AnswerAtDsp() if verdict.passed else RejectRequest()
        return
    yield AcknowledgeRequest()
    if verdict.at is Party.S1SP:
        yield _AT_S1SP[verdict.outcome]()
        return
    yield LetPass()
    if Party.DCO in verdict.via:
        yield SendThroughDco()
    if verdict.at is Party.DEVICE:
        yield SendToDevice()
    yield CarryOut() if verdict.passed else RefuseRequest()


_AT_S1SP: dict[Enum, RequestType] = {
    Outcome.HELD: HoldRequest,
    Outcome.DELETED: DeleteRequest,
    Outcome.ALERT: RaiseAlert,
    Outcome.NOT_PROCESSED: LeaveUnprocessed,
    Outcome.REJECTED: RefuseRequest,
}
