"""What rules require where an assumption alone decides nothing."""

import attrs
import pytest

from statemachines import Answer, Oracle, Register, Rule, Transition
from statemachines.errors import UnknownNameError
from statemachines.language.expression import FALSE as NEVER
from statemachines.language.terms import ASPECTS
from statemachines.semantics.regulated import MOST, PossibleStates, RegulatedOracle, regulated, switched_off
from statemachines.semantics.trace import replay
from tests.support.house import Door, Person, Place, Press, Push, Say, Turn, Why, house, parts

ANN = Person.ANN


def assuming(*numbers, **changes):
    """The house, where some of its rules are assumptions altogether."""
    rules = [
        Rule(f"HOUSE-{number}", "It is so.", "the manual", "all" if number in numbers else "") for number in range(1, 7)
    ]
    return house(register=Register(rules), explored=False, **changes)


def open_aspects(system, *requests):
    """What is unspecified of each step of a run from where Ann has the key."""
    start = next(state for state in system.initial_states() if state.holder is ANN)
    return [step.verdict.unspecified for step in regulated(replay(system, start, requests)).steps]


PUSH, TURN, PRESS = Push(by=ANN), Turn(by=ANN), Press()


def test_where_nothing_is_assumed_everything_is_specified():
    assert open_aspects(assuming(), PRESS, TURN, PUSH, TURN, PUSH, TURN, PUSH) == [()] * 7


def test_a_check_that_an_assumption_alone_has_may_not_be_there():
    # "the door is shut" (HOUSE-3 HOUSE-5) refuses; without it the key turns with an open door: done, and a click
    assert open_aspects(assuming(3, 5), TURN) == [("outcome", "reason", "response")]


def test_a_check_that_a_rule_has_too_is_there():
    assert open_aspects(assuming(3), TURN) == [()]


def test_what_another_check_says_as_well_is_specified():
    system = assuming(5)  # whoever turns it has the key: an assumption; that the door is shut is a rule as well
    ben = Turn(by=Person.BEN)
    assert open_aspects(system, ben) == [("reason",)]  # refused at the lock, for one reason or the other


def test_a_transition_that_an_assumption_alone_has_may_not_fire():
    # Pushing (HOUSE-2) shuts the door, by an assumption: whether the key then turns is open, and so on
    answers = [
        Answer([Push], outcome=Say.DONE, reason=Why.AS_ASKED, at=Place.DOOR, rules="HOUSE-6"),
        parts()["answers"][-1],
    ]
    system = assuming(2, answers=answers)
    assert open_aspects(system, PUSH, TURN) == [(), ("outcome", "reason", "response")]
    states, _ = RegulatedOracle(system).decide(PossibleStates((Oracle(system).initial,)), PUSH)
    assert [state.door for state in states.states] == [Door.SHUT, Door.OPEN]


def test_a_transition_that_fires_even_if_refused_does_so_whichever_check_refuses():
    shut = Transition(Door.OPEN, Turn, Door.SHUT, rules="HOUSE-2", even_if_refused=True)
    lifecycles = parts()["lifecycles"]
    at = next(index for index, one in enumerate(lifecycles) if one.name == "door")
    door = attrs.evolve(lifecycles[at], transitions=[*lifecycles[at].transitions, shut])
    system = assuming(5, lifecycles=[*lifecycles[:at], door, *lifecycles[at + 1 :]])
    start = next(state for state in system.initial_states() if state.holder is ANN and state.door is Door.OPEN)
    states, verdict = RegulatedOracle(system).decide(PossibleStates((start,)), Turn(by=Person.BEN))
    assert verdict.unspecified == ("reason",)  # one of two checks refuses it, and the door shuts in either case
    assert [state.door for state in states.states] == [Door.SHUT]


def test_an_answer_that_an_assumption_alone_gives_is_unspecified():
    assert open_aspects(assuming(2), PUSH)[0] == ASPECTS


def test_the_states_of_all_assumptions_come_first():
    system = assuming(1, 2, 3)
    oracle = Oracle(system)
    state, possible = oracle.initial, PossibleStates((oracle.initial,))
    rules = RegulatedOracle(system)
    for request in (PUSH, PRESS, TURN, PUSH, PRESS, TURN):
        state, verdict = oracle.decide(state, request)
        possible, result = rules.decide(possible, request)
        assert possible.states[0] == state
        assert attrs.evolve(result, unspecified=()) == attrs.evolve(verdict, unspecified=())


def test_more_states_than_are_kept_leave_everything_open():
    system = assuming()
    rules = RegulatedOracle(system)
    lost = PossibleStates((Oracle(system).initial,), more=True)
    possible, verdict = rules.decide(lost, PRESS)
    assert possible.more
    assert verdict.unspecified == ASPECTS
    assert MOST >= 2


@pytest.mark.parametrize("numbers", [(1,), (2,), (3, 5), (1, 2, 3, 4, 5, 6)])
def test_a_system_that_keeps_the_rules_and_no_assumption_is_never_contradicted(numbers):
    """The house without what these assumptions alone decide says nothing that is not admitted."""
    system = assuming(*numbers)
    assumed = {f"HOUSE-{number}" for number in numbers}

    def kept(rules):
        return not set(rules) <= assumed

    bare = house(
        explored=False,
        lifecycles=[
            attrs.evolve(
                one, transitions=[attrs.evolve(m, when=m.when if kept(m.rules) else NEVER) for m in one.transitions]
            )
            for one in system.lifecycles
        ],
        gates=[attrs.evolve(gate, checks=[one for one in gate.checks if kept(one.rules)]) for gate in system.gates],
    )
    oracle, rules = Oracle(bare), RegulatedOracle(system)
    for requests in ([PUSH, TURN, PUSH, TURN, PUSH], [TURN, PRESS, PUSH, PRESS, TURN, TURN, PRESS]):
        state, possible = bare.state(), PossibleStates((system.state(),))
        for request in requests:
            state, message = oracle.decide(state, request)
            possible, verdict = rules.decide(possible, request)
            for aspect in ASPECTS:
                assert aspect in verdict.unspecified or getattr(verdict, aspect) is getattr(message, aspect)


@pytest.mark.parametrize(
    ("order", "assumed", "unspecified"),
    [("HOUSE-6", (6,), ("reason",)), ("HOUSE-6", (), ()), ("", (6,), ())],
)
def test_where_an_assumption_orders_the_checks_any_that_fails_may_decide(order, assumed, unspecified):
    switch, lock = parts()["gates"]
    system = assuming(*assumed, gates=[switch, attrs.evolve(lock, order=order)])
    stranger = Turn(by=Person.BEN)  # who has no key, and the door is open: two checks fail
    assert open_aspects(system, stranger) == [unspecified]
    assert open_aspects(system, TURN) == [()]  # one fails


def test_an_order_cannot_be_switched_off():
    switch, lock = parts()["gates"]
    system = assuming(6, gates=[switch, attrs.evolve(lock, order="HOUSE-6")])
    with pytest.raises(UnknownNameError, match="says in which order checks or parties come"):
        switched_off(system, ["HOUSE-6"])
