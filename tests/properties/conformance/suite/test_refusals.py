"""What is refused moves nothing: a goal for each check and type of request, so that no refusal stands for another."""

from enum import Enum

import pytest

from properties.conformance.diagnosis.examination import examine
from properties.conformance.suite.store import suite_of
from properties.conformance.suite.vectors import GoalKind
from properties.conformance.targets.declared import DeclaredTarget
from statemachines import (
    Answer,
    Check,
    Claims,
    Field,
    Gate,
    Lifecycle,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
)


class Box(Enum):
    EMPTY = "empty"
    FULL = "full"


class Yes(Enum):
    YES = "yes"
    NO = "no"


class Say(Enum):
    DESK = "desk"
    DONE = "done"
    REFUSED = "refused"
    FULL = "it is full"
    NO_STAMP = "there is no stamp"
    NO_ADDRESS = "there is no address"
    EMPTY = "it is empty"


box = Variable("box", Box)
stamp, address = Field("stamp", Yes), Field("address", Yes)
post, take = RequestType("Post", [stamp, address]), RequestType("Take")
REASONS = {
    Say.NO_STAMP: Check(
        "stamp", fails_when=stamp == Yes.NO, outcome=Say.REFUSED, reason=Say.NO_STAMP, rules="B-1", on=[post]
    ),
    Say.NO_ADDRESS: Check(
        "address", fails_when=address == Yes.NO, outcome=Say.REFUSED, reason=Say.NO_ADDRESS, rules="B-2", on=[post]
    ),
    Say.FULL: Check("free", fails_when=box == Box.FULL, outcome=Say.REFUSED, reason=Say.FULL, rules="B-3", on=[post]),
    Say.EMPTY: Check(
        "full", fails_when=box == Box.EMPTY, outcome=Say.REFUSED, reason=Say.EMPTY, rules="B-3", on=[take]
    ),
}
system = System(
    "a letter box",
    Register([Rule(f"B-{number}", "It is so.", "manual") for number in (1, 2, 3)]),
    lifecycles=[
        Lifecycle(
            box,
            Box.EMPTY,
            [
                Transition(Box.EMPTY, post, Box.FULL, rules="B-3"),
                Transition(Box.FULL, take, Box.EMPTY, rules="B-3"),
            ],
        )
    ],
    requests=[post, take],
    gates=[Gate(Say.DESK, list(REASONS.values()), on=[post, take])],
    answers=[Answer([post, take], outcome=Say.DONE, reason=Say.DONE, rules="B-3")],
)
CLAIMS = Claims(system, [])


class AppliesAllTheSame(DeclaredTarget):
    """A target that refuses for one reason, and posts the letter all the same."""

    def __init__(self, reason):
        super().__init__(system, system)
        self.reason = reason

    def send(self, request):
        seen = super().send(request)
        if seen.shown["reason"] is self.reason:
            self._state = system.replace(self._state, box=Box.FULL)
        return seen


def test_there_is_a_goal_for_each_check_that_can_refuse_what_would_move():
    goals = [goal for goal in suite_of(CLAIMS).goals.values() if goal.kind is GoalKind.REFUSAL]
    assert [goal.label.partition(": ")[0] for goal in goals] == [
        "Post that is refused at the desk by the check 'stamp'",
        "Post that is refused at the desk by the check 'address'",
    ]
    assert [goal.rules for goal in goals] == [("B-3", "B-1"), ("B-3", "B-2")]


@pytest.mark.parametrize("reason", [Say.NO_STAMP, Say.NO_ADDRESS])
def test_a_target_that_applies_what_one_check_refuses_differs(reason):
    examined = examine(CLAIMS, lambda: AppliesAllTheSame(reason))
    assert examined.campaign.different
    assert not examine(CLAIMS, lambda: AppliesAllTheSame(None)).campaign.different
