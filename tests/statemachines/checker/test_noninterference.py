"""What two runs are asked, and what an observer sees of them, on which both engines go."""

from enum import Enum

import pytest

from statemachines import (
    Answer,
    Claims,
    Engine,
    Field,
    Lifecycle,
    Observed,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
    check,
    fixed,
    indistinguishable,
    is_a,
)


class Person(Enum):
    ANN = "Ann"
    BEN = "Ben"


class Say(Enum):
    DONE = "done"
    DARK = "dark"


by, secret, lamp = Field("by", Person), Variable("secret", Person), Variable("lamp", Say)
look, openly, hidden = RequestType("Look"), RequestType("Openly", [by]), RequestType("Hidden", [by])
outcome = Observed("outcome", Say)


@pytest.mark.parametrize("engine", Engine)
@pytest.mark.parametrize(("asked", "holds"), [([look, openly], True), ([look, openly, hidden], False)])
def test_of_requests_that_do_the_same_one_that_is_not_seen_stands_for_itself(engine, asked, holds):
    """Ann puts the lamp on, and Ben does not. Openly both runs are asked the same; what is hidden Ben asks himself."""
    on = [Transition(Say.DARK, kind, Say.DONE, when=by == Person.ANN, rules="R-1") for kind in asked[1:]]
    shown = {"at": Say.DONE, "reason": Say.DONE, "rules": "R-1"}
    system = System(
        "lamp",
        Register([Rule("R-1", "It is so.", "nowhere")]),
        lifecycles=[fixed(secret), Lifecycle(lamp, Say.DARK, on)],
        requests=asked,
        answers=[
            Answer(asked, outcome=Say.DARK, when=lamp == Say.DARK, **shown),
            Answer(asked, outcome=Say.DONE, **shown),
        ],
    )
    claim = indistinguishable(
        "whose", secret=secret, between=Person, sees=is_a(look) | is_a(openly), observes=[outcome], rules="R-1"
    )
    finding = check(Claims(system, [claim]), engine=engine).findings[0]
    assert finding.holds is holds
    if not holds:
        runs = [[str(step.request) for step in run.steps] for run in (finding.counterexample, finding.other_run)]
        assert runs == [["Hidden (by Ben)", "Look"], ["Hidden (by Ann)", "Look"]]
