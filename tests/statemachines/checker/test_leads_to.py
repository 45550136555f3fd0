"""What comes of something if requests are fair: as a naive search of components finds it, and of known examples."""

from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statemachines import (
    Answer,
    Claims,
    DeclarationError,
    Engine,
    Field,
    Lifecycle,
    RequestType,
    System,
    Transition,
    Variable,
    after,
    check,
    is_a,
    leads_to,
)
from statemachines.checker.lasso import Lasso
from statemachines.checker.symbolic_claims import SymbolicClaims
from statemachines.errors import EnginesDisagreeError
from statemachines.language.expression import TRUE, Moment
from tests.support.thorough import examples

RULES = "HOUSE-1"


def finding(system, claim, **options):
    return check(Claims(system, [claim]), only=[claim.name], **options).findings[0]


@pytest.mark.slow
def test_random_systems(strategies, naive, record_property):
    compared, failing = [], []

    @examples(20)
    @given(st.data())
    def compare(data):
        system = data.draw(strategies.systems())
        of_states, of_steps = strategies.state_conditions(system), strategies.step_conditions(system)
        claim = leads_to(
            "it comes",
            when=data.draw(st.just(TRUE) | of_states),
            then=data.draw(of_states),
            given=data.draw(st.lists(of_steps, max_size=2)),
            rules="R-1",
        )
        known = naive.depths(system)
        shortest = naive.goes_on_without(system, known, claim)
        occurs = any(claim.when.holds(Moment(state.as_dict())) for state in known)
        result = finding(system, claim)
        assert result.holds is (occurs and shortest is None)
        assert bool(result.vacuous) is not occurs
        compared.append(len(known))
        if result.counterexample:
            steps = result.counterexample.steps
            moments = [Moment(state.as_dict()) for state in (steps[0].before, *(step.after for step in steps))]
            cases = [at for at, moment in enumerate(moments) if claim.when.holds(moment)]
            assert shortest in cases
            assert not any(claim.then.holds(moment) for moment in moments[shortest:])
            assert 0 < result.loop <= len(steps)
            failing.append(result.loop)

    compare()
    assert len(compared) / 10 < len(failing) < len(compared)
    record_property("random systems of which it is decided what comes of something", len(compared))


def test_the_parcel_locker(parcel_locker):
    """A parcel leaves if people wait long enough, or if the right code keeps being keyed in; or else it need not."""
    system, box, full = parcel_locker.system, parcel_locker.box, parcel_locker.Box.FULL

    def leaves(*given):
        then = box == parcel_locker.Box.EMPTY
        return finding(system, leads_to("it leaves", when=box == full, then=then, given=given, rules="BOX-2"))

    take = is_a(parcel_locker.Take)
    assert leaves(is_a(parcel_locker.Wait)).holds
    assert leaves(take & (parcel_locker.code == parcel_locker.Code.RIGHT)).holds
    for result in (leaves(), leaves(take), leaves(is_a(parcel_locker.Put), take)):
        assert not result.holds
        assert result.broken.endswith(" can repeat for ever, and this never holds: box is empty")
        assert [str(step.request) for step in result.counterexample.steps][: -result.loop] == ["Put"]
    assert [str(step.request) for step in leaves(take).counterexample.steps[1:]] == ["Take (code wrong)"]


class At(Enum):
    AWAY = "away"
    WAITING = "waiting"
    INSIDE = "inside"


class Turn(Enum):
    LEFT = "left"
    RIGHT = "right"


class Who(Enum):
    LEFT = "left"
    RIGHT = "right"


@pytest.fixture(scope="module")
def exclusion(house):
    """Two that want to be inside, one at a time: by turns, or whoever comes first."""

    def made(*, by_turns):
        answer = house.house().answers[0]
        left, right = Variable("left", At), Variable("right", At)
        turn = Variable("turn", Turn)
        who = Field("who", Who)
        kinds = ask, enter, leave = [RequestType(name, [who]) for name in ("Ask", "Enter", "Leave")]
        lifecycles = []
        for mine, other, value in ((left, right, Who.LEFT), (right, left, Who.RIGHT)):
            free = other != At.INSIDE
            if by_turns:
                free &= (other == At.AWAY) | (turn == Turn[value.name])
            lifecycles.append(
                Lifecycle(
                    mine,
                    initial=At.AWAY,
                    transitions=[
                        Transition(At.AWAY, ask, At.WAITING, when=who == value, rules=RULES),
                        Transition(At.WAITING, enter, At.INSIDE, when=(who == value) & free, rules=RULES),
                        Transition(At.INSIDE, leave, At.AWAY, when=who == value, rules=RULES),
                    ],
                )
            )
        passing = [
            Transition(Turn.LEFT, leave, Turn.RIGHT, when=(who == Who.LEFT) & (left == At.INSIDE), rules=RULES),
            Transition(Turn.RIGHT, leave, Turn.LEFT, when=(who == Who.RIGHT) & (right == At.INSIDE), rules=RULES),
        ]
        lifecycles.append(Lifecycle(turn, initial=tuple(Turn), transitions=passing))
        done = Answer(outcome=answer.outcome, reason=answer.reason, at=house.Place.DOOR, rules=RULES)
        system = System("exclusion", house.house().register, lifecycles=lifecycles, requests=kinds, answers=[done])
        entering = [is_a(enter) & (who == one) for one in Who]
        leaving = [is_a(leave) & (who == one) for one in Who]
        claim = leads_to(
            "who waits comes in",
            when=left == At.WAITING,
            then=left == At.INSIDE,
            given=[*entering, *leaving],
            rules=RULES,
        )
        return system, claim

    return made


def test_a_mutual_exclusion_by_turns_lets_everybody_in(exclusion):
    system, claim = exclusion(by_turns=True)
    result = finding(system, claim)
    assert result.holds
    assert result.engine is Engine.SYMBOLIC
    assert result.witness.end.left is At.WAITING


def test_a_mutual_exclusion_without_turns_starves_one(exclusion):
    """Weak fairness does not help: again and again the other is inside, so that entering does nothing."""
    system, claim = exclusion(by_turns=False)
    result = finding(system, claim)
    assert not result.holds
    loop = [str(step.request) for step in result.counterexample.steps[-result.loop :]]
    assert {words.split(" (")[0] for words in loop} == {"Ask", "Enter", "Leave"}
    assert result.condition.startswith(
        "wherever left is waiting: at once or later left is inside, if steps keep coming where "
    )


def test_fairness_does_not_ask_for_what_again_and_again_cannot_be(exclusion):
    """Steps that come inside, and not only ask to: without turns, again and again there is none to be made."""
    for by_turns in (True, False):
        system, claim = exclusion(by_turns=by_turns)
        left = system.lifecycles[0].variable
        comes_in = (left == At.WAITING) & (after(left) == At.INSIDE)
        given_ = [comes_in, *claim.given[1:]]
        result = finding(system, leads_to("it comes in", when=claim.when, then=claim.then, given=given_, rules=RULES))
        assert result.holds is by_turns


def test_fairness_to_one_is_not_enough(exclusion):
    system, claim = exclusion(by_turns=True)
    for left_out in range(len(claim.given)):
        given_ = [one for at, one in enumerate(claim.given) if at != left_out]
        result = finding(system, leads_to("less", when=claim.when, then=claim.then, given=given_, rules=RULES))
        assert result.holds is (left_out == 2), claim.given[
            left_out
        ].words()  # nobody needs the one that waits to leave


def test_what_never_happens_leads_nowhere(house):
    made = house.house()
    variable = made.lifecycles[0].variable
    value = variable.domain[0]
    nothing = (variable == value) & (variable != value)
    result = finding(made, leads_to("nothing", when=nothing, then=variable == value, rules=RULES))
    assert not result.holds
    assert result.vacuous == "its condition contradicts itself"


def test_a_lasso_is_confirmed(exclusion, monkeypatch):
    system, claim = exclusion(by_turns=False)
    lasso = Lasso(system.state(), (), (next(system.all_requests()),))
    monkeypatch.setattr(SymbolicClaims, "lasso", lambda *_: lasso)
    with pytest.raises(EnginesDisagreeError, match="the oracle does not confirm that this goes on for ever"):
        finding(system, claim)


def test_only_states_lead_to_states(exclusion):
    system, claim = exclusion(by_turns=True)
    with pytest.raises(DeclarationError, match=r"is of states, and .* speaks of a step"):
        Claims(system, [leads_to("steps", when=claim.when, then=claim.given[0], rules=RULES)])
