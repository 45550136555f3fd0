"""What is wrong with a declaration as a whole shows on the set of all states of the installation: one of each kind."""

import attrs
import pytest

from statemachines import Answer, Check, Claims, Engine, Transition, check
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.migration import Migration, migration
from statemachines.smets1.request_course import (
    CarryOut,
    Course,
    CourseReason,
    DropRequest,
    Effect,
    LeaveUnprocessed,
    ReleaseRequest,
    SendToDevice,
    course,
    effect,
)
from statemachines.smets1.verdicts import EventReason
from statemachines.smets1.vocabulary import FailMigration, Outcome, Party

pytestmark = pytest.mark.slow

NEVER = (course == Course.HELD) & (effect == Effect.TAKEN)
"""No reachable state is so, though no part of a declaration says it: it takes the states to know."""


def problems(system):
    wellformedness = check(Claims(system, []), engine=Engine.SYMBOLIC).wellformedness
    return wellformedness.problems, wellformedness.whole


def with_course(change):
    """The installation with other transitions of the course."""
    return attrs.evolve(
        INSTALLATION,
        lifecycles=[
            attrs.evolve(one, transitions=change(one.transitions)) if one.variable is course else one
            for one in INSTALLATION.lifecycles
        ],
    )


def never_unprocessed(move):
    """The same transition, but for the only one into its state, which cannot fire now."""
    return attrs.evolve(move, when=effect == Effect.TAKEN) if move.on is LeaveUnprocessed else move


def test_the_installation_has_none():
    found, whole = problems(INSTALLATION)
    assert found == ()
    assert whole.states > 10**10


def test_one_of_each_is_seen():
    dead = Transition(Course.HELD, CarryOut, Course.RESPONDED, when=NEVER, rules="SRP-1")
    made = with_course(lambda moves: [*map(never_unprocessed, moves), dead])
    idle = Check(
        "it has had no effect", fails_when=NEVER, outcome=Outcome.CANNOT_HAPPEN, reason=CourseReason.HELD,
        rules="SRP-1", on=[DropRequest],
    )  # fmt: skip
    gates = [
        attrs.evolve(gate, checks=[*gate.checks, idle]) if gate.party is Party.PREMISES else gate for gate in made.gates
    ]
    unsaid = next(one for one in made.answers if one.on == (FailMigration,))
    answers = [attrs.evolve(one, when=migration != Migration.TESTED) if one is unsaid else one for one in made.answers]
    answers.insert(
        0, Answer([SendToDevice], when=NEVER, outcome=Outcome.HAPPENED, reason=EventReason.HAPPENED, rules="SRP-1")
    )
    found, whole = problems(attrs.evolve(made, gates=gates, answers=answers))
    assert whole.states > 10**9
    silent, *rest = found
    assert silent.startswith("FailMigration() has no verdict in State(")
    assert "migration=TESTED" in silent
    assert rest == [
        "lifecycle 'course': nothing reaches the state UNPROCESSED",
        "lifecycle 'course': the transition ACKNOWLEDGED --LeaveUnprocessed--> UNPROCESSED can never fire",
        "lifecycle 'course': the transition HELD --CarryOut--> RESPONDED can never fire",
        "the check 'it has had no effect' at PREMISES never decides anything",
        "the answer 'nothing stands in its way' to SendToDevice is never given",
    ]


def test_two_transitions_at_once_are_seen_before_anything_is_explored():
    twice = Transition(Course.HELD, ReleaseRequest, Course.DROPPED, when=effect == Effect.NONE, rules="SRP-1")
    found, whole = problems(with_course(lambda moves: [*moves, twice]))
    assert found == (
        "lifecycle 'course': two transitions can fire at once, HELD --ReleaseRequest--> PASSED and "
        "HELD --ReleaseRequest--> DROPPED: with course=HELD, effect=NONE",
    )
    assert whole is None
