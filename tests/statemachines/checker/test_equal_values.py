"""Members of two enums that compare equal, as those of `IntEnum` and `StrEnum` may: every reading tells them apart."""

from enum import Enum, IntEnum, StrEnum

import attrs
import pytest

from properties.walks.shrinking import shortened
from statemachines import (
    Answer,
    Check,
    Claims,
    DeclarationError,
    Field,
    Gate,
    Lifecycle,
    Observed,
    Oracle,
    Reached,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
    always,
    check,
    fixed,
    indistinguishable,
    is_a,
    sometimes,
)
from statemachines.checker.engine import Engine
from statemachines.checker.equivalence import Comparer, Proof
from statemachines.checker.slices import slices
from statemachines.language.expression import TRUE, Moment
from statemachines.semantics.trace import Scenario


class Word(StrEnum):
    NO = "no"
    YES = "yes"


class OtherWord(StrEnum):
    NO = "no"
    YES = "yes"


class Number(IntEnum):
    NO = 0
    YES = 1


class OtherNumber(IntEnum):
    NO = 0
    YES = 1


class Say(Enum):
    DONE = "done"
    AGREED = "agreed"
    HERE = "here"


PAIRS = [pytest.param(Word, OtherWord, id="StrEnum"), pytest.param(Number, OtherNumber, id="IntEnum")]
REGISTER = Register([Rule("E-1", "It is so.", "nowhere")])
SAID = {"outcome": Say.DONE, "rules": "E-1"}
outcome = Observed("outcome", Say)
ask = RequestType("Ask")


def _system(lifecycles, answers, requests=(ask,)):
    return System("equal values", REGISTER, lifecycles=lifecycles, requests=requests, answers=answers)


def _leaking(one, other):
    """An answer that tells the secret while a variable of the other enum is NO; a field of it says so to each."""
    secret, debug = Variable("secret", one), Variable("debug", other)
    reported = {"at": Say.HERE, "reason": Say.DONE, "rules": "E-1"}
    answers = [
        Answer([ask], outcome=Say.AGREED, when=(secret == one.NO) & (debug == other.NO), **reported),
        Answer([ask], outcome=Say.DONE, **reported),
    ]
    return _system([fixed(secret), fixed(debug)], answers), secret, debug


def _finding(system, claim):
    return check(Claims(system, [claim])).findings[0]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_variable_of_another_enum_is_apart_from_the_secret(one, other):
    """It is not left out because its value equals one of the secret's: the leak would be hidden."""
    system, secret, debug = _leaking(one, other)
    claim = indistinguishable(
        "whose", secret=secret, between=one, sees=TRUE, observes=[outcome], apart_from=[debug], rules="E-1"
    )
    result = _finding(system, claim)
    assert not result.holds
    assert result.counterexample.start.debug is result.other_run.start.debug is other.NO


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_field_of_another_enum_is_not_exchanged(one, other):
    """The runs send the same request; one that exchanged equal values had no such value to send, and raised."""
    secret, seen, to = Variable("secret", one), Variable("seen", other), Field("to", other)
    put = RequestType("Put", [to])
    moves = [Transition(other.YES, put, other.NO, when=to == other.NO, rules="E-1")]
    reported = {"at": Say.HERE, "reason": Say.DONE, "rules": "E-1"}
    system = _system(
        [fixed(secret), Lifecycle(seen, other.YES, moves)],
        [
            Answer([ask], outcome=Say.AGREED, when=seen == other.NO, **reported),
            Answer([ask, put], outcome=Say.DONE, **reported),
        ],
        requests=[ask, put],
    )
    kept = {"secret": secret, "between": one, "observes": [outcome], "rules": "E-1"}
    assert _finding(system, indistinguishable("whose", sees=is_a(ask), **kept)).holds
    narrow = Field("to", other, among=[other.NO])
    only = RequestType("Only", [narrow])
    system = _system([fixed(secret)], [Answer([only], at=Say.HERE, reason=Say.DONE, **SAID)], requests=[only])
    assert _finding(system, indistinguishable("whose", sees=TRUE, **kept)).holds


def _two_reasons(one, other, **second):
    """Two answers whose reasons are members of two enums."""
    secret = Variable("secret", one)
    answers = [
        Answer([ask], at=Say.HERE, reason=one.NO, when=secret == one.NO, **SAID),
        Answer([ask], at=Say.HERE, reason=other.NO, **SAID, **second),
    ]
    return _system([fixed(secret)], answers), secret


@pytest.mark.parametrize(("one", "other"), [*PAIRS, pytest.param(Word, Enum("Plain", {"NO": "no"}), id="same words")])
def test_two_values_of_one_aspect_that_nobody_can_tell_apart_are_refused(one, other):
    with pytest.raises(DeclarationError, match="are two values of the verdict's 'reason' that are equal or have the"):
        _two_reasons(one, other)


def test_so_are_two_members_of_one_enum():
    class Odd(int, Enum):
        def __new__(cls, words):
            member = int.__new__(cls, 0)
            member._value_ = words
            return member

        LEFT = "left"
        RIGHT = "right"

    with pytest.raises(DeclarationError, match="LEFT and RIGHT compare equal"):
        Variable("odd", Odd)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_verdict_of_one_enum_satisfies_no_condition_on_the_other(one, other):
    """Of a moment, where nobody checks what a condition asks for, it is false; a claim that asks for it is refused."""
    system = _system([fixed(Variable("secret", one))], [Answer([ask], at=Say.HERE, reason=one.NO, **SAID)])
    state = system.state()
    after, verdict = Oracle(system).decide(state, ask())
    moment = Moment(state.as_dict(), ask(), after.as_dict(), verdict)
    foreign, choice = Observed("reason", other), Variable("place", one)
    assert (Observed("reason", one) == one.NO).holds(moment)
    assert not (foreign == other.NO).holds(moment)
    assert not (foreign == Observed("reason", other)).holds(moment)
    assert not Reached(other.NO).holds(attrs.evolve(moment, verdict=attrs.evolve(verdict, via=(one.NO,))))
    assert not (choice == one.NO).holds(Moment({"place": other.NO}))
    for asked in (foreign == other.NO, foreign == Observed("reason", other)):
        with pytest.raises(DeclarationError, match=f"a {other.__name__} as the verdict's 'reason', expected one of"):
            Claims(system, [always("it", then=~asked, rules="E-1")])
    with pytest.raises(DeclarationError, match=f"a {other.__name__} as the verdict's 'at', expected one of Say"):
        Claims(system, [always("it", then=~Reached(other.NO), rules="E-1")])


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_systems_whose_verdicts_are_equal_and_not_the_same_are_distinguished(one, other):
    secret = fixed(Variable("secret", one))
    system = _system([secret], [Answer([ask], at=Say.HERE, reason=one.NO, **SAID)])
    mutant = system.varied(answers=[Answer([ask], at=Say.HERE, reason=other.NO, **SAID)])
    result = Comparer(slices(system)).compare(mutant)
    assert result.proof is not Proof.SAME
    assert len(result.walk.requests) == 1


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_shrinking_exchanges_values_of_one_enum(one, other):
    """Of the other enum, in the same request and at the start, nothing is exchanged with it."""
    mine, theirs = Field("mine", one), Field("theirs", other)
    put = RequestType("Put", [mine, theirs])
    system = _system(
        [fixed(Variable("first", one)), fixed(Variable("second", other))],
        [Answer([put], at=Say.HERE, reason=Say.DONE, **SAID)],
        requests=[put],
    )
    scenario = Scenario(system.state(first=one.YES, second=other.YES), (put(mine=one.YES, theirs=other.YES),))
    shortest = shortened(system, scenario, lambda tried: len(tried.requests) if tried.requests else -1)
    assert shortest.requests == (put(mine=one.NO, theirs=other.NO),)
    assert shortest.start == system.state()


def test_a_value_that_is_named_twice_is_no_second_value():
    secret = Variable("secret", Word)
    with pytest.raises(DeclarationError, match="claim 'whose' names a value of 'secret' twice"):
        indistinguishable(
            "whose", secret=secret, between=[Word.NO, Word.NO], sees=TRUE, observes=[outcome], rules="E-1"
        )


def test_a_check_at_a_party_of_another_enum_is_refused_with_the_gate():
    gate = Gate(Word.NO, [Check("it", fails_when=TRUE, reason=Say.DONE, **SAID)], on=[ask])
    with pytest.raises(DeclarationError, match="two values of the verdict's 'at'"):
        System(
            "two parties",
            REGISTER,
            lifecycles=[fixed(Variable("secret", Word))],
            requests=[ask],
            gates=[gate],
            answers=[Answer([ask], at=OtherWord.NO, reason=Say.DONE, **SAID)],
        )


@pytest.mark.parametrize(("one", "other"), [*PAIRS, pytest.param(Word, Enum("Plain", {"NO": "no"}), id="same words")])
def test_one_term_has_no_two_values_of_several_enums_that_are_alike(one, other):
    """Of two that compare equal each state, and each request, with the one was taken for that with the other."""
    for kind in (Variable, Field):
        with pytest.raises(DeclarationError, match=rf"{one.__name__}\.NO and {other.__name__}\.NO"):
            kind("choice", Enum, among=[one.NO, other.NO])


@pytest.mark.parametrize("engine", Engine)
def test_terms_of_several_enums_are_compared_only_where_their_values_stand_in_one_order(engine):
    """They are compared by their positions, which are of other values otherwise: what never holds was proved."""
    left = Variable("left", Enum, among=[Word.NO, Number.YES])
    right = Variable("right", Enum, among=[Number.YES, Word.NO])
    with pytest.raises(DeclarationError, match="'left' and 'right' have values of several enums, and not the same in"):
        _ = left == right
    alike = Variable("alike", Enum, among=[Word.NO, Number.YES])
    system = _system([fixed(left), fixed(alike)], [Answer([ask], at=Say.HERE, reason=Say.DONE, **SAID)])
    claims = [
        sometimes("alike", of=(left == alike) & (left == Word.NO), rules="E-1"),
        sometimes("unlike", of=(left != alike) & (left == Word.NO), rules="E-1"),
    ]
    for finding in check(Claims(system, claims), engine=engine).findings:
        assert finding.holds, finding.claim.name


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_condition_on_values_of_several_enums_is_false_of_one_that_is_merely_equal(one, other):
    system = _system([fixed(Variable("secret", one))], [Answer([ask], at=Say.HERE, reason=one.NO, **SAID)])
    reason = Observed("reason", Enum, among=[other.NO, Say.AGREED])
    for engine in Engine:
        finding = check(Claims(system, [sometimes("it", of=reason == other.NO, rules="E-1")]), engine=engine).findings[
            0
        ]
        assert not finding.holds
