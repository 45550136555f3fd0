"""Bounded integers: their domains, what can be said of them, and a system of them in every reading."""

import copy
import operator
import pickle
from enum import Enum

import pytest

from statemachines import (
    Answer,
    Check,
    Claims,
    Count,
    DeclarationError,
    Field,
    Gate,
    Lifecycle,
    LiveSystem,
    Observed,
    Oracle,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
    adding,
    after,
    always,
    always_possible,
    check,
    sometimes,
    wellformed,
)
from statemachines.language.expression import Moment

COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]


def test_the_same_bounds_are_the_same_domain():
    assert Count(0, 7) is Count(0, 7)
    assert list(map(int, Count(-1, 2))) == [-1, 0, 1, 2]
    assert str(Count(0, 7)(3)) == "3"


@pytest.mark.parametrize("made", [Count(-1, 2), Count(-1, 2)(-1), Count(0, 7)(3)])
def test_a_domain_and_its_members_are_pickled_as_themselves(made):
    assert pickle.loads(pickle.dumps(made)) is made
    assert copy.deepcopy(made) is made


@pytest.mark.parametrize(("low", "high"), [(3, 2), (0.0, 2), (True, 2), (0, "2")])
def test_bounds_are_integers_in_order(low, high):
    with pytest.raises(DeclarationError, match=r"has no value|is none"):
        Count(low, high)


@pytest.mark.parametrize("holds", COMPARISONS)
@pytest.mark.parametrize("by", [-2, 0, 1])
def test_counts_compare_as_integers_whatever_their_bounds(holds, by):
    one, other = Variable("one", Count(0, 3)), Variable("other", Count(-2, 4))
    for left in one.domain:
        for right in other.domain:
            moment = Moment({"one": left, "other": right})
            assert holds(one, other + by).holds(moment) is holds(left, right + by)
            assert holds(one + by, other).holds(moment) is holds(left + by, right)
            assert holds(one + by, other - 1).holds(moment) is holds(left + by, right - 1)
            for known in ({one: left}, {other: right}, {one: left, other: right}):
                assert holds(one, other + by).given(known).holds(moment) is holds(left, right + by)
            assert (~holds(one, other + by)).holds(moment) is not holds(left, right + by)
        for right in one.domain:
            assert holds(one, right).holds(Moment({"one": left})) is holds(left, right)
            assert holds(one, int(right)).holds(Moment({"one": left})) is holds(left, right)


@pytest.mark.parametrize("holds", COMPARISONS)
def test_a_count_compared_with_itself_is_decided(holds):
    one = Variable("one", Count(0, 3))
    for by in (-1, 0, 1):
        assert holds(one, one + by).words() == ("always" if holds(0, by) else "never")


def test_a_field_that_a_request_lacks_compares_with_nothing():
    amount, level = Field("amount", Count(0, 3)), Variable("level", Count(0, 3))
    bare = RequestType("Bare")()
    for holds in (operator.lt, operator.le, operator.eq):
        moment = Moment({"level": Count(0, 3)(0)}, bare)
        assert holds(amount, level + 1).holds(moment) is False
        assert (~holds(amount, level + 1)).holds(moment) is True


def test_conditions_in_words():
    level, limit = Variable("level", Count(0, 9)), Variable("limit", Count(0, 9))
    message = {
        level == 3: "level is 3",
        level != 3: "level is 0 to 2 or 4 to 9",
        level >= 4: "level is 4 or more",
        level < 4: "level is 0 to 3",
        level.is_in(1, 2, 3, 7): "level is 1 to 3 or 7",
        level + 1 < limit: "level is less than the limit - 1",
        level <= limit: "level is at most the limit",
        level == limit: "level is the limit",
        after(level) == level - 2: "level afterwards is the level - 2",
        ~(level == limit + 1): "level is not the limit + 1",
    }
    assert {condition.words(): words for condition, words in message.items()} == {
        words: words for words in message.values()
    }


class Level(Enum):
    LOW = "low"
    HIGH = "high"


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (lambda it, _: it == 10, r"'level' cannot be 10; expected Count\(0, 9\): 0 to 9"),
        (lambda it, _: it == True, "'level' cannot be True"),  # noqa: E712
        (lambda it, _: it + 1 == 11, "'level' cannot be 10"),
        (lambda it, _: it < Count(0, 3)(2), "'level' cannot be"),
        (lambda it, _: it + 1.5 == 2, "1.5 is added to 'level', expected an integer"),
        (lambda _, other: other + 1, "'other' is not a number"),
        (lambda it, other: it < other, "they can never be the same"),
    ],
)
def test_what_is_no_comparison_of_numbers_is_refused(message, words):
    with pytest.raises(DeclarationError, match=words):
        message(Variable("level", Count(0, 9)), Variable("other", Level, ordered=True))


class Say(Enum):
    DONE = "done"
    REFUSED = "refused"
    FULL = "it is full"
    TANK = "tank"


def tank(size):
    """A tank that is filled and emptied by one, and refuses to be filled where it is full."""
    level, fill, drain = Variable("level", Count(0, size)), RequestType("Fill"), RequestType("Drain")
    system = System(
        "a tank",
        Register([Rule("TANK-1", "It holds so much.", "the manual")]),
        lifecycles=[
            Lifecycle(
                level,
                Count(0, size)(0),
                [*adding(level, 1, fill, rules="TANK-1"), *adding(level, -1, drain, rules="TANK-1")],
            )
        ],
        requests=[fill, drain],
        gates=[
            Gate(
                Say.TANK,
                [
                    Check(
                        "there is room",
                        fails_when=level == size,
                        outcome=Say.REFUSED,
                        reason=Say.FULL,
                        rules="TANK-1",
                    )
                ],
                on=[fill],
            )
        ],
        answers=[Answer(outcome=Say.DONE, reason=Say.DONE, at=Say.TANK, rules="TANK-1")],
    )
    return level, system, fill, drain


@pytest.mark.parametrize("size", [1, 7, pytest.param(255, marks=pytest.mark.slow)])
def test_a_counter_is_decided_proved_and_alive(size):
    level, system, fill, drain = tank(size)
    wellformed(system)
    oracle, live = Oracle(system), LiveSystem(system)
    state = oracle.initial
    for request in (*[fill()] * (size + 1), *[drain()] * 2):
        state, verdict = oracle.decide(state, request)
        assert live.send(request) == verdict
        assert live.state == state
    assert state.level == max(size - 2, 0)
    refused = Observed("outcome", Say) == Say.REFUSED
    findings = check(
        Claims(
            system,
            [
                always("one at a time", then=(after(level) <= level + 1) & (level <= after(level) + 1), rules="TANK-1"),
                always("it fills", when=~refused & (after(level) > level), then=level < size, rules="TANK-1"),
                sometimes("it is full", of=level == size, rules="TANK-1"),
                always_possible("it can be emptied", goal=level == 0, rules="TANK-1"),
                always("it is never full", then=level < size, rules="TANK-1"),
            ],
        )
    ).findings
    assert [finding.holds for finding in findings] == [True, True, True, True, False]
    assert len(findings[-1].counterexample.steps) == size


def test_a_transition_that_adds_is_only_where_there_is_such_a_value():
    level, limit, fill = Variable("level", Count(0, 5)), Variable("limit", Count(0, 5)), RequestType("Fill")
    arrows = adding(level, 2, fill, when=(level >= 1) & (level < limit), rules="TANK-1")
    assert [str(arrow) for arrow in arrows] == ["1 --Fill--> 3", "2 --Fill--> 4", "3 --Fill--> 5"]
    assert [arrow.when.words() for arrow in arrows][:2] == ["limit is 2 or more", "limit is 3 or more"]
    with pytest.raises(DeclarationError, match="is not a number"):
        adding(Variable("it", Level), 1, fill, rules="TANK-1")


def test_a_plain_integer_is_a_request_s_value():
    amount = Field("amount", Count(1, 3))
    pour = RequestType("Pour", [amount])
    assert pour(amount=2) is pour(amount=Count(1, 3)(2))
    with pytest.raises(DeclarationError, match="'amount' cannot be 4"):
        pour(amount=4)


def test_what_is_false_to_python_is_a_value_all_the_same():
    nothing = Count(0, 1)
    amount, pour = Field("amount", nothing), RequestType("Pour", [Field("amount", nothing)])
    level = Variable("level", nothing)
    give = RequestType("Give", [amount])
    system = System(
        "zeroes",
        Register([Rule("TANK-1", "It holds so much.", "the manual")]),
        lifecycles=[Lifecycle(level, nothing(1), [Transition(nothing(1), give, nothing(0), rules="TANK-1")])],
        requests=[give],
        answers=[Answer(outcome=nothing(0), reason=nothing(0), response=nothing(0), at=nothing(0), rules="TANK-1")],
    )
    assert pour(amount=0).values == (nothing(0),)
    _, verdict = Oracle(system).decide(system.state(), give(amount=0))
    assert str(verdict) == "0 at the 0: 0: 0 [TANK-1]"
    given = always("zero comes to zero", when=amount == after(level), then=amount == 0, rules="TANK-1")
    (finding,) = check(Claims(system, [given])).findings
    assert (finding.holds, bool(finding.witness)) == (True, True)
