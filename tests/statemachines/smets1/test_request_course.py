"""The course of a request beside the gates: the steps that a verdict comes to are a run of the course's lifecycle."""

from functools import cache
from random import Random

import pytest

from properties.walks.coverage import gives_verdict, kinds_of
from statemachines.checker.slices import Slices
from statemachines.errors import DeclarationError
from statemachines.semantics.oracle import Oracle
from statemachines.semantics.trace import replay
from statemachines.smets1.admission import AdmissionReason
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.request_course import Command, Course, DropRequest, Effect, ReleaseRequest, course_of
from statemachines.smets1.service_request_variants import SERVICE_REQUESTS
from statemachines.smets1.vocabulary import (
    SERVICE_REQUEST_TYPES,
    SRV_OF,
    AuthoriseMigration,
    CommissionDevice,
    Outcome,
    Party,
    ReadFirmwareVersion,
    Screening,
)

ORACLE = Oracle(INSTALLATION)
AT_DEVICES = (
    "esme_firmware",
    "gsme_firmware",
    "chf_firmware",
    "ppmid_firmware",
    "esme_status",
    "gsme_status",
    "ppmid_status",
    "key_package",
    "load_switch",
)
ENDS = {
    Outcome.HELD: Course.HELD,
    Outcome.DELETED: Course.DELETED,
    Outcome.ALERT: Course.ALERTED,
    Outcome.NOT_PROCESSED: Course.UNPROCESSED,
    Outcome.ACCEPTED: Course.RESPONDED,
}
"""Where a request's course ends, but for rejections: those are told apart by who acknowledged what before."""

STANDS_AT = {
    Party.DSP: Course.RECEIVED,
    Party.S1SP: Course.ACKNOWLEDGED,
    Party.DCO: Course.AT_DCO,
    Party.DEVICE: Course.AT_DEVICE,
}
"""Where a request that is new stands when it comes to a party."""


def end_of(verdict):
    if verdict.outcome is Outcome.REJECTED:
        return Course.REJECTED if verdict.at is Party.DSP else Course.REFUSED
    if verdict.passed and verdict.unspecified:
        return Course.RECEIVED  # no more is known of an SRV that is not modelled
    return ENDS[verdict.outcome]


def command_of(kind):
    srv = SRV_OF.get(kind)
    return Command.CRITICAL if srv and SERVICE_REQUESTS[srv].critical else Command.OTHER


def asked_in(state, kind):
    """The state with a request of the type about to be sent."""
    return INSTALLATION.replace(state, course=Course.NOT_SENT, command=command_of(kind), effect=Effect.NONE)


def steps(trace):
    return [(step.request.type.name, step.verdict.outcome) for step in trace.steps]


def follow(state, request):
    """Ask the gates, then take the request through its course from the same state; it must come to the same."""
    before = asked_in(state, request.type)
    after, verdict = ORACLE.decide(before, request)
    trace = replay(INSTALLATION, before, course_of(verdict), ORACLE)
    assert {outcome for _, outcome in steps(trace)} == {Outcome.HAPPENED}, steps(trace)
    assert trace.end.course is end_of(verdict)
    stood = {step.after.course for step in trace.steps}
    for party, there in STANDS_AT.items():
        assert (there in stood) == (party in verdict.via and verdict.reason is not AdmissionReason.REPEATED)
    done_at_device = verdict.outcome is Outcome.ACCEPTED and verdict.at is Party.DEVICE
    assert trace.end.effect is (Effect.TAKEN if done_at_device else Effect.NONE)
    assert trace.end == INSTALLATION.replace(before, course=trace.end.course, effect=trace.end.effect)
    if any(getattr(after, name) is not getattr(before, name) for name in AT_DEVICES):
        assert verdict.outcome is Outcome.ACCEPTED
        assert done_at_device or verdict.at is Party.DSP
    return verdict, trace


@cache
def slices():
    return Slices(INSTALLATION)


@cache
def cases(kind):
    """For each kind of verdict on each request of the type that is decided in a way of its own: a run to a state."""
    result = []
    for asked in slices().distinct:
        if asked.request.type is kind:
            for verdict_kind in kinds_of(asked.grounded):
                place = slices().first(gives_verdict(asked, verdict_kind))
                if place is not None:
                    start, requests = place.path()
                    result.append((replay(INSTALLATION, start, requests, ORACLE).end, asked.request, verdict_kind))
    return result


@pytest.mark.slow
@pytest.mark.parametrize("kind", SERVICE_REQUEST_TYPES, ids=lambda kind: kind.name)
def test_the_course_of_every_verdict_is_a_run_that_comes_to_the_same(kind):
    outcomes = set()
    for state, request, expected in cases(kind):
        verdict, _ = follow(state, request)
        assert (verdict.outcome, verdict.at, verdict.reason) == (expected.outcome, expected.at, expected.reason)
        outcomes.add(verdict.outcome)
    assert {Outcome.ACCEPTED, Outcome.REJECTED} <= outcomes


@pytest.mark.slow
def test_every_end_that_a_verdict_can_have_is_met():
    met = {follow(state, request)[1].end.course for kind in SERVICE_REQUEST_TYPES for state, request, _ in cases(kind)}
    assert met == {
        Course.RECEIVED,
        Course.REJECTED,
        Course.UNPROCESSED,
        Course.HELD,
        Course.DELETED,
        Course.RESPONDED,
        Course.ALERTED,
        Course.REFUSED,
    }


@pytest.mark.slow
@pytest.mark.parametrize("kind", SERVICE_REQUEST_TYPES, ids=lambda kind: kind.name)
def test_no_course_past_the_s1sp_is_that_of_the_other_kind_of_command(kind):
    """A Critical Command goes through the DCO and any other does not: whoever takes the wrong way is stopped."""
    for state, request, _ in cases(kind):
        verdict, trace = follow(state, request)
        other = Command.OTHER if command_of(kind) is Command.CRITICAL else Command.CRITICAL
        wrong = replay(INSTALLATION, INSTALLATION.replace(trace.start, command=other), course_of(verdict), ORACLE)
        stopped = any(outcome is Outcome.CANNOT_HAPPEN for _, outcome in steps(wrong))
        assert stopped == bool({Party.DCO, Party.DEVICE} & set(verdict.via))


@pytest.mark.slow
def test_a_held_request_that_is_released_goes_on_as_if_it_had_passed_and_one_that_is_dropped_ends():
    held = [
        (state, request)
        for kind in SERVICE_REQUEST_TYPES
        for state, request, verdict_kind in cases(kind)
        if verdict_kind.outcome is Outcome.HELD
    ]
    assert {request.type for _, request in held} >= {ReadFirmwareVersion, CommissionDevice}
    for state, request in held:
        _, holding = follow(state, request)
        verdict, passing = follow(state, request.replace(screening=Screening.PASSED))
        names = [name for name, _ in steps(passing)]
        assert names[:3] == ["ReceiveRequest", "AcknowledgeRequest", "LetPass"]
        released = replay(
            INSTALLATION, holding.end, [ReleaseRequest(), *(step.request for step in passing.steps[3:])], ORACLE
        )
        assert {outcome for _, outcome in steps(released)} == {Outcome.HAPPENED}
        assert released.end == passing.end
        assert released.end.course is end_of(verdict)
        dropped = replay(INSTALLATION, holding.end, [DropRequest()], ORACLE).end
        assert (dropped.course, dropped.effect) == (Course.DROPPED, Effect.NONE)


@pytest.mark.parametrize("seed", range(4))
def test_courses_along_a_random_walk(seed):
    """States that differ from the shortest ways to them: any request or event, then any Service Request there."""
    draw = Random(seed)
    about = [request for request in INSTALLATION.all_requests() if request.type not in SERVICE_REQUEST_TYPES]
    sent = [request for kind in SERVICE_REQUEST_TYPES for request in kind.requests()]
    outcomes = set()
    for _ in range(40):
        state = draw.choice(cases(draw.choice(SERVICE_REQUEST_TYPES)))[0]
        for _ in range(12):
            verdict, _ = follow(state, draw.choice(sent))
            outcomes.add(verdict.outcome)
            state, _ = ORACLE.decide(state, draw.choice(draw.choice([about, sent])))
    assert {Outcome.ACCEPTED, Outcome.REJECTED} <= outcomes


def test_an_event_has_no_course():
    _, verdict = ORACLE.decide(ORACLE.initial, AuthoriseMigration())
    with pytest.raises(DeclarationError, match="is on an event; only a Service Request has a course"):
        course_of(verdict)
