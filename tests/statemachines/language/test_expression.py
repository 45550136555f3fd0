"""Conditions: their four readings are one, and what cannot be meant is refused."""

import itertools
import operator
from enum import Enum, IntEnum, StrEnum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statemachines import (
    Answer,
    Check,
    Constraint,
    DeclarationError,
    Field,
    Gate,
    Lifecycle,
    Observed,
    Reached,
    RequestType,
    Transition,
    Variable,
    after,
    all_of,
    always,
    always_possible,
    any_of,
    indistinguishable,
    sometimes,
)
from statemachines.checker.encoding import mask
from statemachines.language.expression import (
    FALSE,
    TRUE,
    All,
    Among,
    Compared,
    IsA,
    Moment,
    Not,
    Relation,
    conjunction,
    disjunction,
)
from tests.support import house, strategies


def moments(variables):
    names = [variable.name for variable in variables]
    for values in itertools.product(*(variable.domain for variable in variables)):
        yield Moment(dict(zip(names, values, strict=True)))


@settings(deadline=None)
@given(st.data())
def test_holds_given_and_mask_agree(data):
    variables = [data.draw(strategies.terms(Variable, f"v{number}")) for number in range(3)]
    expr = data.draw(strategies.conditions(variables, depth=3))
    every = list(moments(variables))
    truth = [expr.holds(moment) for moment in every]
    columns = {
        variable.name: np.array([variable.position(moment.before[variable.name]) for moment in every], dtype=np.uint8)
        for variable in variables
    }
    assert mask(expr, len(every), lambda term: columns[term.name]).tolist() == truth
    known = data.draw(strategies.subsets(variables, least=0))
    for moment, holds in zip(every, truth, strict=True):
        folded = expr.given({variable: moment.before[variable.name] for variable in known})
        assert folded.holds(moment) == holds
        assert not any(term is variable for term in folded.terms() for variable in known)
        everything = expr.given({variable: moment.before[variable.name] for variable in variables})
        assert everything is (TRUE if holds else FALSE)
    assert (~expr).holds(every[0]) != truth[0]
    assert expr.words()


@settings(deadline=None)
@given(st.data())
def test_combining_is_boolean(data):
    variables = [data.draw(strategies.terms(Variable, f"v{number}")) for number in range(2)]
    one, other = (data.draw(strategies.conditions(variables)) for _ in range(2))
    for moment in moments(variables):
        left, right = one.holds(moment), other.holds(moment)
        assert (one & other).holds(moment) == (left and right)
        assert (one | other).holds(moment) == (left or right)
        assert one.implies(other).holds(moment) == (not left or right)
        assert conjunction(one, other, one).holds(moment) == (left and right)
        assert disjunction(one, other).holds(moment) == (left or right)


def test_order_follows_the_declaration():
    at_least = house.door >= house.Door.SHUT
    assert [at_least.holds(Moment({"door": value})) for value in house.Door] == [False, True, True]
    assert [(house.door < house.Door.SHUT).holds(Moment({"door": value})) for value in house.Door] == [
        True,
        False,
        False,
    ]


def test_what_can_be_folded_is():
    lamp, values = house.lamp, house.Lamp
    assert lamp.is_in(*values) is TRUE
    assert lamp.is_in() is FALSE
    assert ((lamp == values.ON) & (lamp == values.OFF)) is FALSE
    assert ((lamp == values.ON) | (lamp == values.OFF)) is TRUE
    assert isinstance(lamp != values.ON, Among)
    assert (lamp != values.ON).values == {values.OFF}
    assert conjunction() is TRUE
    assert disjunction() is FALSE
    both = (lamp == values.ON) & ((house.door == house.Door.SHUT) & (house.fuse == house.Fuse.WHOLE))
    assert isinstance(both, All)
    assert len(both.parts) == 3
    same = Compared(house.by, Relation.EQUAL, house.holder)
    assert (~~same) is same
    assert isinstance(~same, Not)


def test_a_request_type_and_its_fields_fold():
    of_kind = IsA((house.Push, house.Turn))
    assert of_kind.given({}, house.Push) is TRUE
    assert of_kind.given({}, house.Press) is FALSE
    mine = house.by == house.holder
    assert isinstance(mine.given(house.Push(by=house.Person.ANN).bindings(), house.Push), Among)
    assert mine.given({}, house.Press) is FALSE
    assert (house.by == house.Person.ANN).given({}, house.Press) is FALSE
    assert (house.by != house.Person.ANN).given({}, house.Press) is TRUE
    pressed = Moment({"holder": house.Person.ANN}, house.Press())
    assert not mine.holds(pressed)
    assert not (house.by == house.Person.ANN).holds(pressed)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda it: it.door == it.Door.SHUT, "door is shut"),
        (lambda it: it.door >= it.Door.SHUT, "door is shut or later"),
        (lambda it: it.door < it.Door.LOCKED, "door is before locked"),
        (lambda it: it.holder != it.Person.ANN, "key holder is not Ann"),
        (lambda it: it.by == it.holder, "by is the key holder"),
        (lambda it: it.by != it.holder, "by is not the key holder"),
        (lambda it: (it.lamp == it.Lamp.ON) & (it.door == it.Door.OPEN), "lamp is on and door is open"),
        (lambda it: (it.lamp == it.Lamp.ON) | (it.door == it.Door.OPEN), "(lamp is on or door is open)"),
        (lambda it: IsA((it.Push, it.Turn)), "the request is Push Door or Turn Key"),
        (lambda it: ~Reached(it.Place.LOCK), "not: the request reaches the lock"),
        (lambda it: after(it.door) == it.Door.OPEN, "door afterwards is open"),
        (lambda _: TRUE, "always"),
    ],
)
def test_words(make, words):
    assert make(house).words() == words


@pytest.mark.parametrize("negative", ["not there", "nobody", "no lamp", "any other lamp"])
def test_what_is_negative_is_not_denied_again(negative):
    kind = Enum("kind", {"A": "red", "B": "blue", "C": "green", "NONE": negative})
    term = Variable("lamp", kind)
    assert (term != kind.NONE).words() == "lamp is red or blue or green"
    assert (term != kind.A).words() == "lamp is not red"


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda it: it.lamp == "on", r"'lamp' cannot be 'on'; expected Lamp: OFF, ON"),
        (lambda it: it.lamp == it.Door.OPEN, r"'lamp' cannot be .*expected Lamp"),
        (lambda it: it.lamp.is_in(it.Lamp.ON, it.Door.OPEN), r"'lamp' cannot be"),
        (lambda it: it.door >= it.Lamp.ON, r"'door' cannot be .*expected Door: OPEN, SHUT, LOCKED"),
        (lambda it: it.lamp == it.door, r"'lamp' has values of Lamp and 'door' of Door"),
        (lambda it: Variable("two words", it.Lamp), r"'two words' must be a Python identifier"),
        (lambda it: Variable("lamp", it.Lamp, among=[it.Door.OPEN]), r"'lamp' has values of Lamp, and .* is none"),
        (lambda it: (it.noise == it.Noise.CLICK).holds(Moment({})), r"only a step has a verdict"),
        (lambda it: (it.by == it.Person.ANN).holds(Moment({})), r"only a step has a request"),
        (lambda it: (after(it.lamp) == it.Lamp.ON).holds(Moment({})), r"only a step has an after"),
    ],
)
def test_what_cannot_be_meant_is_refused(make, says):
    with pytest.raises(DeclarationError, match=says):
        make(house)


def test_a_value_that_is_not_there_satisfies_no_membership(house_system):
    verdict = type("Silent", (), {"response": None})()
    silent = Moment({}, house.Press(), {}, verdict)
    assert not (house.noise == house.Noise.CLICK).holds(silent)
    assert (house.noise != house.Noise.CLICK).holds(silent)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


def test_of_a_request_without_the_field_comparisons_are_false_and_what_denies_one_is_true():
    colour, door = Field("colour", Colour, ordered=True), Variable("door", Colour)
    paint, knock = RequestType("Paint", [colour]), RequestType("Knock")
    red, blue = door == Colour.RED, door == Colour.BLUE
    for state, value in ((Colour.RED, True), (Colour.BLUE, False)):
        moment = Moment({"door": state}, knock())
        known = {door: state}
        for expr, expected in (
            (colour == Colour.RED, False),
            (colour != Colour.RED, True),
            (~(colour == Colour.RED), True),
            (~(colour != Colour.RED), False),
            (colour.is_in(*Colour), False),
            (~colour.is_in(*Colour), True),
            (colour < Colour.BLUE, False),
            (colour >= Colour.RED, False),
            (colour == door, False),
            (colour != door, True),
            (~(colour == door), True),
            ((colour == Colour.RED) | red, value),
            ((colour != Colour.RED) & red, value),
            ((colour == Colour.RED).implies(blue), True),
        ):
            assert expr.holds(moment) is expected
            assert expr.given(known, knock) is (TRUE if expected else FALSE)
        painted = Moment({"door": state}, paint(colour=Colour.BLUE))
        assert ((colour == Colour.RED) | red).holds(painted) is value


class Door(IntEnum):
    SHUT = 0
    OPEN = 1


class Lamp(IntEnum):
    OFF = 0
    ON = 1


class Ticket(StrEnum):
    OPEN = "open"
    DONE = "done"


class Order(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Twice(Enum):
    ONE = 1
    FIRST = 1  # noqa: PIE796  # an alias is what is to be refused


class SameWords(Enum):
    NUMBER = 1
    TEXT = "1"


PRESS = RequestType("Press", [Field("ticket", Ticket)])


@pytest.mark.parametrize(
    "declared",
    [
        lambda: Variable("door", Door) == Lamp.ON,
        lambda: Variable("door", Door) != Lamp.ON,
        lambda: Variable("door", Door).is_in(Door.SHUT, Lamp.ON),
        lambda: Variable("door", Door, ordered=True) < Lamp.ON,
        lambda: Variable("door", Door, ordered=True) >= Lamp.ON,
        lambda: Variable("door", Door, among=[Lamp.ON]),
        lambda: Lifecycle(Variable("door", Door), Lamp.OFF),
        lambda: Lifecycle(Variable("door", Door), Door.SHUT, [Transition(Door.SHUT, PRESS, Lamp.ON, rules="R")]),
        lambda: Lifecycle(Variable("door", Door), Door.SHUT, [Transition(Lamp.OFF, PRESS, Door.OPEN, rules="R")]),
        lambda: Lifecycle(Variable("door", Door), Door, final=Lamp.ON),
        lambda: PRESS(ticket=Order.OPEN),
        lambda: Variable("order", Order) == Ticket.OPEN,
        lambda: Variable("order", Order) == "open",
    ],
)
def test_a_member_of_another_enum_is_refused_though_it_compares_equal(declared):
    with pytest.raises(DeclarationError, match=r"cannot be|has values of"):
        declared()


@pytest.mark.parametrize(
    ("kind", "words"),
    [(Twice, "FIRST and ONE are one member"), (SameWords, "NUMBER and TEXT are the same words")],
)
def test_an_enum_whose_members_cannot_be_distinguished_is_refused(kind, words):
    with pytest.raises(DeclarationError, match=words):
        Variable("it", kind)


class Level(Enum):
    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


@pytest.mark.parametrize("holds", [operator.lt, operator.le, operator.gt, operator.ge])
def test_ordered_terms_compare_with_members_and_with_each_other(holds):
    one, other = Variable("one", Level, ordered=True), Variable("other", Level, ordered=True)
    order = list(Level)
    for left in Level:
        for right in Level:
            moment = Moment({"one": left, "other": right})
            expected = holds(order.index(left), order.index(right))
            assert holds(one, right).holds(moment) is expected
            assert holds(left, other).holds(moment) is expected
            assert holds(one, other).holds(moment) is expected


@pytest.mark.parametrize("holds", [operator.lt, operator.le, operator.gt, operator.ge])
def test_a_term_without_an_order_is_not_compared(holds):
    unordered, ordered = Variable("unordered", Level), Variable("ordered", Level, ordered=True)
    for left, right in ((unordered, Level.LOW), (Level.LOW, unordered), (unordered, ordered), (ordered, unordered)):
        with pytest.raises(DeclarationError, match="'unordered' has no order: declare it with ordered=True"):
            holds(left, right)


@pytest.mark.parametrize(
    ("declared", "where"),
    [
        (lambda no, yes: yes & no, "what is combined with a condition"),
        (lambda no, yes: no & yes, "what is combined with a condition"),
        (lambda no, yes: yes | no, "what is combined with a condition"),
        (lambda no, yes: no | yes, "what is combined with a condition"),
        (lambda no, yes: yes.implies(no), "what is combined with a condition"),
        (all_of, "a condition of all_of"),
        (any_of, "a condition of any_of"),
        (lambda no, _: Transition(Level.LOW, PRESS, Level.HIGH, when=no, rules="R"), "of a transition on Press"),
        (
            lambda no, _: Check("all is well", fails_when=no, outcome=Level.LOW, reason=Level.LOW, rules="R"),
            "of the check 'all is well'",
        ),
        (lambda no, _: Answer([PRESS], when=no, outcome=Level.LOW, reason=Level.LOW, rules="R"), "of an answer"),
        (lambda no, _: Gate(Level.LOW, [], on=[PRESS], when=no), "of the gate at LOW"),
        (lambda no, yes: Constraint("safe", when=yes, then=no, rules="R"), "of the constraint 'safe'"),
        (lambda no, yes: always("safe", when=yes, then=no, rules="R"), "of the claim 'safe'"),
        (lambda no, _: sometimes("safe", of=no, rules="R"), "of the claim 'safe'"),
        (lambda no, _: always_possible("safe", goal=no, rules="R"), "of the claim 'safe'"),
        (
            lambda no, _: indistinguishable(
                "safe", secret=Variable("it", Level), between=Level, sees=no, observes=[], rules="R"
            ),
            "of the claim 'safe'",
        ),
    ],
)
def test_membership_in_a_set_is_no_condition(declared, where):
    """Python answers it by itself, with False, since the term is none of the set's members."""
    one = Variable("one", Level)
    expected = rf"{where} is False, expected a condition: .*is_in\(\.\.\.\) instead of in"
    with pytest.raises(DeclarationError, match=expected):
        declared(one in {Level.LOW, Level.HIGH}, one == Level.LOW)


def test_what_differs_is_what_is_not_the_same():
    for term in (Variable("it", Level), Field("it", Level), Observed("outcome", Level)):
        for other in (Level.LOW, Variable("other", Level)):
            assert (term != other).words() == (~(term == other)).words()
            assert type(term != other) is type(~(term == other))


def test_a_verdict_has_four_aspects():
    with pytest.raises(DeclarationError, match="a verdict has no 'outcom'; expected one of: outcome, at, reason"):
        Observed("outcom", Level)


def test_all_and_any_of_several_conditions():
    level = Variable("level", Level)
    assert all_of(level != Level.LOW, level != Level.HIGH).words() == "level is middle"
    assert any_of(level == Level.LOW, level == Level.HIGH).words() == "level is not middle"
