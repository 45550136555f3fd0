"""What comes of something if requests are fair: as a naive search of components finds it, and of known examples."""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from examples import mutual_exclusion as room
from examples.mutual_exclusion import Stage
from statemachines import (
    Answer,
    Claims,
    Count,
    DeclarationError,
    Engine,
    Lifecycle,
    RequestType,
    System,
    Transition,
    Variable,
    adding,
    after,
    check,
    is_a,
    leads_to,
)
from statemachines.checker import lasso as lassos
from statemachines.checker.lasso import Lasso
from statemachines.checker.symbolic_claims import SymbolicClaims
from statemachines.errors import EnginesDisagreeError
from statemachines.language.expression import TRUE, Moment
from tests.support.thorough import examples

RULES = "HOUSE-1"
ANN_LEAVES = 2
"""Which of the steps that keep being made is Ann's leaving."""


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


def test_a_mutual_exclusion_by_turns_lets_everybody_in():
    safe, result = check(room.by_turns).findings
    assert safe.holds
    assert result.holds
    assert result.engine is Engine.SYMBOLIC
    assert result.witness.end.ann is Stage.WAITING


@pytest.mark.parametrize("engine", Engine)
def test_such_a_claim_counts_in_what_is_done(engine):
    done = []
    check(room.by_turns, progress=lambda *now: done.append(now), engine=engine)
    steps = len(room.by_turns.claims) + 1  # and whether the system is well-formed
    assert done == [(at, steps) for at in range(1, steps + 1)]


def test_without_fairness_nobody_has_to_come_in():
    _, result = check(room.without_fairness).findings
    assert not result.holds
    assert [str(step.request) for step in result.counterexample.steps] == ["Ask (who Ann)", "Ask (who Ann)"]
    assert result.loop == 1


def test_a_mutual_exclusion_without_turns_starves_one():
    """Weak fairness does not help: again and again the other is inside, so that entering does nothing."""
    safe, result = check(room.first_come).findings
    assert safe.holds
    assert not result.holds
    loop = [str(step.request) for step in result.counterexample.steps[-result.loop :]]
    assert {words.split(" (")[0] for words in loop} == {"Ask", "Enter", "Leave"}
    assert result.condition.startswith(
        "wherever ann is waiting: at once or later ann is inside, if steps keep coming where "
        "the request is Enter and who is Ann, and where the request is Enter and who is Ben, and where "
    )


def test_fairness_does_not_ask_for_what_again_and_again_cannot_be():
    """Steps that come inside, and not only ask to: without turns, again and again there is none to be made."""
    for claims in (room.by_turns, room.first_come):
        comes_in = (room.ann == Stage.WAITING) & (after(room.ann) == Stage.INSIDE)
        given_ = [comes_in, *room.comes_in.given[1:]]
        result = finding(claims.system, attrs.evolve(room.comes_in, given=given_))
        assert result.holds is (claims is room.by_turns)


def test_fairness_to_one_is_not_enough():
    for left_out in range(len(room.keep_trying)):
        given_ = [one for at, one in enumerate(room.keep_trying) if at != left_out]
        result = finding(room.by_turns.system, attrs.evolve(room.comes_in, given=given_))
        assert result.holds is (left_out == ANN_LEAVES), given_  # nobody needs the one that waits to leave


def test_what_never_happens_leads_nowhere(house):
    made = house.house()
    variable = made.lifecycles[0].variable
    value = variable.domain[0]
    nothing = (variable == value) & (variable != value)
    result = finding(made, leads_to("nothing", when=nothing, then=variable == value, rules=RULES))
    assert not result.holds
    assert result.vacuous == "its condition contradicts itself"


def test_a_lasso_is_confirmed(monkeypatch):
    system = room.first_come.system
    lasso = Lasso(system.state(), (), (next(system.all_requests()),), system.state_type.names)
    monkeypatch.setattr(SymbolicClaims, "lasso", lambda *_: lasso)
    with pytest.raises(EnginesDisagreeError, match="the oracle does not confirm that this goes on for ever"):
        finding(system, room.comes_in)


def test_only_states_lead_to_states():
    with pytest.raises(DeclarationError, match=r"is of states, and .* speaks of a step"):
        Claims(room.by_turns.system, [attrs.evolve(room.comes_in, then=room.keep_trying[0])])


def test_what_the_slice_forgets_may_take_long_to_come_again(house, monkeypatch):
    """A wheel that nobody reads turns once in 100 steps; the oracle need not wait for that."""
    monkeypatch.setattr(lassos, "MOST_STEPS", 50)
    made = house.house()
    rules, answer = RULES, Answer(outcome=house.Say.DONE, reason=house.Why.AS_ASKED, at=house.Place.DOOR, rules=RULES)
    flag, turns = Variable("flag", house.Lamp), Count(0, 99)
    wheel, tick, grant = Variable("wheel", turns), RequestType("Tick"), RequestType("Grant")
    moves = [*adding(wheel, 1, tick, rules=rules), Transition(turns(99), tick, turns(0), rules=rules)]
    granted = Transition(house.Lamp.OFF, grant, house.Lamp.ON, rules=rules)
    lifecycles = [Lifecycle(flag, house.Lamp.OFF, [granted]), Lifecycle(wheel, turns(0), moves)]
    system = System("wheel", made.register, lifecycles=lifecycles, requests=[tick, grant], gates=[], answers=[answer])
    claim = leads_to("it is lit", when=flag == house.Lamp.OFF, then=flag == house.Lamp.ON, rules=rules)
    result = finding(system, claim)
    assert not result.holds
    assert [str(step.request) for step in result.counterexample.steps] == ["Tick"]
