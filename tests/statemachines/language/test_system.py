"""Systems: what is wrong with a declaration is said when it is made, by name."""

import sys
from enum import Enum

import attrs
import pytest

from statemachines import (
    Answer,
    Check,
    Constraint,
    DeclarationError,
    Gate,
    Lifecycle,
    Reached,
    Register,
    RequestType,
    System,
    Transition,
    Variable,
    after,
    fixed,
    wellformed,
)
from statemachines.language.expression import All, Among, Compared, Constant, IsA, Moment, Not, conjunction
from statemachines.semantics.oracle import Oracle
from tests.support import house


def test_states_are_values(house_system):
    state = house_system.state(door=house.Door.SHUT)
    assert state == house_system.state(door=house.Door.SHUT)
    assert {state: 1}[house_system.state(door=house.Door.SHUT)] == 1
    assert (state.lamp, state.door) == (house.Lamp.OFF, house.Door.SHUT)
    assert repr(state) == "State(lamp=OFF, door=SHUT, fuse=WHOLE, holder=ANN)"
    assert house_system.replace(state, lamp=house.Lamp.ON).as_dict()["lamp"] is house.Lamp.ON
    with pytest.raises(AttributeError, match="no variable 'lamb'; it has lamp, door, fuse, holder"):
        _ = state.lamb


def test_initial_states_and_requests_come_in_order(house_system):
    assert len(list(house_system.initial_states())) == 6
    assert next(house_system.initial_states()) == house_system.state()
    assert len(list(house_system.all_requests())) == 7


def test_constraints_that_a_state_breaks():
    rule = Constraint(
        "no light in a locked house",
        when=house.door == house.Door.LOCKED,
        then=house.lamp == house.Lamp.OFF,
        rules="HOUSE-1",
    )
    system = house.house(constraints=[rule])
    assert system.broken_constraints(system.state(door=house.Door.LOCKED)) == ()
    assert system.broken_constraints(system.state(door=house.Door.LOCKED, lamp=house.Lamp.ON)) == (rule,)


def _lamp_with(it, *moves):
    return [it.lamps(transitions=[*it.lamps().transitions, *moves]), it.doors(), fixed(it.fuse), fixed(it.holder)]


def _arrow(it, **changes):
    return Transition(**{"source": it.Lamp.OFF, "on": it.Push, "target": it.Lamp.ON, "rules": "HOUSE-1"} | changes)


def _switch(it, **changes):
    given = {
        "fails_when": it.fuse == it.Fuse.BLOWN,
        "outcome": it.Say.REFUSED,
        "reason": it.Why.DARK,
        "rules": "HOUSE-4",
    }
    return [Gate(it.Place.SWITCH, [Check("it works", **given | changes)], on=[it.Press])]


def _answers(it, *more, **changes):
    given = {
        "on": [it.Press],
        "outcome": it.Say.DONE,
        "reason": it.Why.AS_ASKED,
        "at": it.Place.DOOR,
        "rules": "HOUSE-1",
    }
    return [Answer(**given | changes), *more]


def _rest(it):
    return Answer([it.Push, it.Turn], outcome=it.Say.DONE, reason=it.Why.AS_ASKED, at=it.Place.DOOR, rules="HOUSE-1")


WRONG = {
    "two lifecycles of one variable": (
        lambda it: {"lifecycles": [fixed(it.fuse), fixed(it.fuse)]},
        "two lifecycles of the variable 'fuse'",
    ),
    "no requests": (lambda _: {"requests": []}, "'house' has no requests"),
    "no lifecycles": (lambda _: {"lifecycles": []}, "'house' has no lifecycles"),
    "a variable that hides what states have": (
        lambda it: {"lifecycles": [*it.parts()["lifecycles"], fixed(Variable("count", it.Lamp))]},
        "states have a 'count' of their own; rename the variable",
    ),
    "two triggers of one name": (
        lambda it: {"requests": [*it.parts()["requests"], RequestType("Pushdoor"), RequestType("PUSHDoor")]},
        "two request types of one trigger: press_switch, push_door, turn_key, pushdoor, pushdoor",
    ),
    "a request twice": (
        lambda it: {"requests": [it.Press, it.Press]},
        "two request types of the same name: PressSwitch",
    ),
    "unknown variable in an arrow": (
        lambda it: {"lifecycles": _lamp_with(it, _arrow(it, when=Variable("lamb", it.Lamp) == it.Lamp.ON))},
        "lifecycle 'lamp', transition OFF --PushDoor--> ON: unknown variable 'lamb'; the system has lamp, door",
    ),
    "unknown variable in a check": (
        lambda it: {"gates": _switch(it, fails_when=Variable("lamb", it.Lamp) == it.Lamp.ON)},
        "the check 'it works' at SWITCH: unknown variable 'lamb'",
    ),
    "unknown variable in an answer": (
        lambda it: {"answers": _answers(it, _rest(it), when=Variable("lamb", it.Lamp) == it.Lamp.ON)},
        "the answer 'as asked': unknown variable 'lamb'",
    ),
    "unknown variable in a constraint": (
        lambda it: {
            "constraints": [
                Constraint(
                    "dark", when=Variable("lamb", it.Lamp) == it.Lamp.ON, then=it.lamp == it.Lamp.ON, rules="HOUSE-1"
                )
            ]
        },
        "the constraint 'dark': unknown variable 'lamb'",
    ),
    "a field that a request lacks, in an arrow": (
        lambda it: {"lifecycles": _lamp_with(it, _arrow(it, on=it.Press, when=it.by == it.Person.ANN))},
        "transition OFF --PressSwitch--> ON: it reads the field 'by', which PressSwitch does not have",
    ),
    "a field that a request lacks, in a check": (
        lambda it: {"gates": _switch(it, fails_when=it.by == it.Person.ANN)},
        "the check 'it works' at SWITCH: it reads the field 'by', which PressSwitch does not have",
    ),
    "a field in a constraint": (
        lambda it: {
            "constraints": [
                Constraint("dark", when=it.by == it.Person.ANN, then=it.lamp == it.Lamp.ON, rules="HOUSE-1")
            ]
        },
        "the constraint 'dark': it reads the request's field 'by', and there is no request",
    ),
    "a verdict in a declaration": (
        lambda it: {"gates": _switch(it, fails_when=it.outcome == it.Say.DONE)},
        "'outcome' is known only after the step",
    ),
    "an afterwards in a declaration": (
        lambda it: {"gates": _switch(it, fails_when=after(it.lamp) == it.Lamp.ON)},
        "'lamp afterwards' is known only after the step",
    ),
    "a variable in the way to a gate": (
        lambda it: {"gates": [Gate(it.Place.SWITCH, [], on=[it.Press], when=it.lamp == it.Lamp.ON)]},
        "the gate at SWITCH: it reads 'lamp', and may read only the request's fields",
    ),
    "no rule": (lambda it: {"gates": _switch(it, rules="")}, "the check 'it works' at SWITCH cites no rule"),
    "unknown rule in a check": (
        lambda it: {"gates": _switch(it, rules="HOUSE-9")},
        "the check 'it works' .* cites rule 'HOUSE-9'",
    ),
    "unknown rule in an arrow": (
        lambda it: {"lifecycles": _lamp_with(it, _arrow(it, rules="HOUSE-9"))},
        "transition OFF --PushDoor--> ON cites rule 'HOUSE-9'",
    ),
    "unknown rule in an answer": (
        lambda it: {"answers": _answers(it, _rest(it), rules="X")},
        "the answer .* cites rule 'X'",
    ),
    "a rule of an order that there is not": (
        lambda it: {"gates": [Gate(it.Place.SWITCH, [], on=[it.Press], order="HOUSE-9")]},
        "the gate at SWITCH cites rule 'HOUSE-9'",
    ),
    "a register without a rule": (lambda it: {"register": Register(it.RULES[:3])}, "cites rule 'HOUSE-[456]'"),
    "a check of a request that does not come": (
        lambda it: {"gates": _switch(it, on=[it.Turn])},
        "the check 'it works' at SWITCH: request TurnKey is not one of PressSwitch",
    ),
    "a gate for an unknown request": (lambda it: {"requests": [it.Press, it.Push]}, "request TurnKey is not one of"),
    "no answer": (
        lambda it: {"answers": _answers(it)},
        "request PushDoor has no verdict; give it an answer",
    ),
    "nobody says it": (
        lambda it: {
            "answers": _answers(
                it, Answer([it.Push, it.Turn], outcome=it.Say.DONE, reason=it.Why.AS_ASKED, rules="HOUSE-1")
            )
        },
        r"the answer 'as asked' \(PushDoor, TurnKey\) is given to a request that comes to no gate",
    ),
    "two arrows at once": (
        lambda it: {"lifecycles": _lamp_with(it, _arrow(it, on=it.Press, when=it.fuse == it.Fuse.WHOLE))},
        r"'lamp': two transitions can fire at once, .*: with lamp=OFF, door=OPEN, fuse=WHOLE",
    ),
    "two arrows at once for one request of many": (
        lambda it: {
            "lifecycles": _lamp_with(
                it, _arrow(it, when=it.by == it.Person.BEN), _arrow(it, target=it.Lamp.OFF, when=it.by != it.Person.ANN)
            )
        },
        r"'lamp': two transitions can fire at once, .*: with lamp=OFF, by=BEN",
    ),
}


FOR_EXPLORING = ["nobody says it", "two arrows at once", "two arrows at once for one request of many"]
"""What does not show in the structure of the declaration."""


def test_how_far_a_request_comes_is_for_claims_to_ask():
    stuck = Answer(
        [house.Push], outcome=house.Say.DONE, reason=house.Why.AS_ASKED, at=house.Place.DOOR, rules="HOUSE-2",
        when=Reached(house.Place.LOCK),
    )  # fmt: skip
    with pytest.raises(DeclarationError, match="how far a request comes is known only after the step"):
        house.house(answers=[stuck, *house.parts()["answers"]], explored=False)


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_refused_by_name(wrong):
    change, says = WRONG[wrong]
    with pytest.raises(DeclarationError, match=says):
        house.house(**change(house), explored=wrong in FOR_EXPLORING)


MISTAKES = {
    "an enum's members in place of the enum": (
        lambda it: Variable("v", list(it.Lamp)),
        "the values of 'v' are .*, expected an Enum class",
    ),
    "a keyword for a name": (
        lambda it: Variable("class", it.Lamp),
        "'class' must be a Python identifier and no keyword",
    ),
    "a keyword for a trigger": (lambda _: RequestType("Return"), "the trigger of Return, 'return' must be"),
    "several requests on one arrow": (
        lambda it: Transition(it.Lamp.OFF, [it.Press, it.Push], it.Lamp.ON, rules="HOUSE-1"),
        "what a transition fires on is .*, expected a value of RequestType",
    ),
    "a string for a state": (
        lambda it: Transition("off", it.Press, it.Lamp.ON, rules="HOUSE-1"),
        "a value is 'off', expected a list of Enum",
    ),
    "a truth value for a condition": (
        lambda it: Transition(it.Lamp.OFF, it.Press, it.Lamp.ON, when=True, rules="HOUSE-1"),
        "the condition of a transition on PressSwitch is True, expected a condition: a condition has no truth value",
    ),
    "one request type in place of several": (
        lambda it: Answer(it.Press, outcome=it.Say.DONE, reason=it.Why.AS_ASKED, rules="HOUSE-1"),
        "the request types is .*, expected a list of RequestType",
    ),
    "a string for an outcome": (
        lambda it: Answer([it.Press], outcome="yes", reason=it.Why.AS_ASKED, rules="HOUSE-1"),
        "the outcome of an answer is 'yes', expected a value of Enum",
    ),
    "a field asked for afterwards": (
        lambda it: after(it.by),
        "what is asked for afterwards is .*expected a value of Variable",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_value_of_the_wrong_kind_is_refused_where_it_stands(mistake):
    make, says = MISTAKES[mistake]
    with pytest.raises(DeclarationError, match=says):
        make(house)


def test_a_varied_system_shares_its_states_with_the_first(house_system):
    never = house.lamps(transitions=[Transition(house.Lamp.OFF, house.Press, house.Lamp.ON, rules="HOUSE-1")])
    varied = house_system.varied(lifecycles=[never, *house_system.lifecycles[1:]])
    assert varied.state_type is house_system.state_type
    assert len(varied.lifecycle("lamp").transitions) == 1
    assert len(house_system.lifecycle("lamp").transitions) == 2
    assert varied.gates is house_system.gates
    lit = house_system.state(lamp=house.Lamp.ON)
    assert Oracle(varied).decide(lit, house.Press())[0] is lit
    assert Oracle(house_system).decide(lit, house.Press())[0].lamp is house.Lamp.OFF


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (lambda _, old: {"lifecycles": old.lifecycles[1:]}, "cannot be varied to have other variables"),
        (
            lambda house, old: {
                "lifecycles": [
                    house.lamps(
                        transitions=[
                            *old.lifecycles[0].transitions,
                            Transition(house.Lamp.ON, house.Press, house.Lamp.ON, rules="HOUSE-1"),
                        ]
                    ),
                    *old.lifecycles[1:],
                ]
            },
            "two transitions can fire at once",
        ),
        (lambda _, old: {"answers": old.answers[:2]}, "request PressSwitch has no verdict"),
        (
            lambda house, old: {"gates": [Gate(house.Place.SWITCH, old.gates[1].checks, on=[house.Press])]},
            "it reads the field 'by', which PressSwitch does not have",
        ),
        (
            lambda house, _: {
                "gates": [
                    Gate(
                        house.Place.LOCK,
                        [
                            Check(
                                "cited",
                                fails_when=house.door == house.Door.OPEN,
                                outcome=house.Say.REFUSED,
                                reason=house.Why.AJAR,
                                rules="HOUSE-99",
                            )
                        ],
                        on=[house.Turn],
                    )
                ]
            },
            "HOUSE-99",
        ),
    ],
)
def test_what_is_new_in_a_varied_system_is_checked(house_system, parts, message):
    with pytest.raises(DeclarationError, match=message):
        house_system.varied(**parts(house, house_system))


class Digit(Enum):
    """Eight values."""

    A, B, C, D, E, F, G, H = range(8)


def _guarded(count, *, first, second):
    """A lamp with two transitions from one state, under conditions on that many variables of eight values."""
    digits = [Variable(f"digit{number}", Digit) for number in range(count)]
    lamp, press = Variable("lamp", house.Lamp), RequestType("Press")
    moves = [
        Transition(house.Lamp.OFF, press, target, when=when(digits), rules="HOUSE-1")
        for target, when in ((house.Lamp.ON, first), (house.Lamp.OFF, second))
    ]
    return System(
        "guarded",
        Register(house.RULES),
        lifecycles=[Lifecycle(lamp, house.Lamp.OFF, moves), *(fixed(one) for one in digits)],
        requests=[press],
        answers=[
            Answer([press], outcome=house.Say.DONE, reason=house.Why.AS_ASKED, at=house.Place.SWITCH, rules="HOUSE-1")
        ],
    )


def _all_even(digits):
    return conjunction(*(one.is_in(Digit.A, Digit.C, Digit.E, Digit.G) for one in digits))


def test_declaring_evaluates_no_condition(monkeypatch):
    evaluated = []
    for kind in (Constant, Among, Compared, IsA, Reached, All, Not):
        holds = kind.holds
        monkeypatch.setattr(
            kind, "holds", lambda self, moment, holds=holds: evaluated.append(self) or holds(self, moment)
        )
    system = _guarded(6, first=_all_even, second=lambda digits: ~_all_even(digits))
    assert evaluated == []
    Oracle(system)
    assert (system.variables[1] == Digit.A).holds(Moment({"digit0": Digit.A}))
    assert len(evaluated) == 1  # they are counted


def test_declaring_complementary_guards_is_work_that_grows_with_their_variables_and_not_with_their_values():
    """Over six variables of eight values, hardly more than over five: no combination of values is looked at."""

    def calls(count):
        made = []
        sys.setprofile(lambda _, event, __: made.append(event) if event == "call" else None)
        try:
            _guarded(count, first=_all_even, second=lambda digits: ~_all_even(digits))
        finally:
            sys.setprofile(None)
        return len(made)

    _guarded(1, first=_all_even, second=lambda digits: ~_all_even(digits))  # what is made once is made
    four, five, six = map(calls, (4, 5, 6))
    assert 0 < six - five < 1.5 * (five - four)


def test_conditions_of_one_structure_are_refused_without_evaluating_them():
    with pytest.raises(DeclarationError, match=r"two transitions can fire at once.*digit0 is not 1 or 3 or 5 or 7"):
        _guarded(2, first=_all_even, second=_all_even)


def test_conditions_of_one_structure_and_other_values_are_for_wellformed():
    system = _guarded(
        1,
        first=lambda digits: digits[0].is_in(Digit.A, Digit.B),
        second=lambda digits: digits[0].is_in(Digit.B, Digit.C),
    )
    (problem,) = wellformed(system).not_deterministic
    assert (
        "two transitions can fire at once, OFF --Press--> ON and OFF --Press--> OFF: with lamp=OFF, digit0=B" in problem
    )


def test_conditions_on_the_lifecycle_s_own_variable_are_folded_at_each_shared_source(house_system):
    """What leaves a state only where the lamp is on does not leave OFF."""

    def lamps(state):
        moves = [
            Transition([house.Lamp.OFF, house.Lamp.ON], house.Press, house.Lamp.ON, when=state, rules="HOUSE-1"),
            Transition(house.Lamp.OFF, house.Press, house.Lamp.OFF, when=state, rules="HOUSE-1"),
        ]
        lifecycle = house.lamps(initial=list(house.Lamp), transitions=moves)
        return attrs.evolve(house_system, lifecycles=[lifecycle, *house_system.lifecycles[1:]])

    assert wellformed(lamps(house.lamp == house.Lamp.ON)).not_deterministic == ()
    with pytest.raises(DeclarationError, match="two transitions can fire at once"):
        lamps(house.lamp == house.Lamp.OFF)
