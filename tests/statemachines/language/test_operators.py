"""Every operator of Python on terms, sums and conditions: a condition, or one message that says what to write."""

import operator
from enum import Enum, IntEnum, StrEnum

import pytest

from statemachines import Count, DeclarationError, Field, Observed, Variable, after, all_of
from statemachines.language.expression import Expr
from statemachines.language.operators import ARITHMETIC, LOGIC, ORDER
from statemachines.language.terms import Sum


class Level(Enum):
    LOW = "low"
    HIGH = "high"


class Rank(IntEnum):
    FIRST = 1
    SECOND = 2


class Word(StrEnum):
    YES = "yes"
    NO = "no"


level, other = Variable("level", Level), Variable("other", Level)
rank, word = Variable("rank", Rank), Variable("word", Word)
n, m = Variable("n", Count(0, 7)), Variable("m", Count(0, 7))
low = level == Level.LOW

TERMS = [level, rank, word, n, Field("sent", Level), Observed("reason", Level), after(level)]
TRUTH = (
    r"& \| ~ instead of and/or/not, write \(a < b\) & \(b < c\) instead of a < b < c, use is_in\(...\) instead of in"
)
COMPARE = r"compare it, as in level == Level\.LOW"
COLLECTION = r"'level' is no collection: ask for its value with == or is_in\(\.\.\.\)"
NUMBERS = r"of numbers, conditions know \+ and - of an integer, and comparison, as in n \+ 1 < m"
COMBINE = r"is combined with other conditions by & \| ~ and implies\(\) only"


@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{type(term).__name__}-{term.name}")
@pytest.mark.parametrize("several", [tuple, list, iter], ids=lambda kind: kind.__name__)
def test_in_is_refused_whatever_it_is_asked_of(term, several):
    for values in (term.domain, term.domain[:1], term.domain[1:]):
        with pytest.raises(DeclarationError, match=TRUTH):
            term in several(values)  # noqa: B015
        with pytest.raises(DeclarationError, match=TRUTH):
            term not in several(values)  # noqa: B015


@pytest.mark.parametrize(
    ("use", "says"),
    {
        "and": (lambda: low and low, TRUTH),
        "or": (lambda: low or low, TRUTH),
        "not": (lambda: not low, TRUTH),
        "if": (lambda: 1 if low else 2, TRUTH),
        "term and": (lambda: level and low, COMPARE),
        "term or": (lambda: level or low, TRUTH),
        "not term": (lambda: not level, COMPARE),
        "if sum": (lambda: 1 if n + 1 else 2, TRUTH),
        "chain": (lambda: 0 < n < 4, TRUTH),
        "chain of ==": (lambda: level == Level.LOW == other, TRUTH),
        "in range": (lambda: n in range(3), TRUTH),
        "sum in": (lambda: n + 1 in (1, 2), TRUTH),
        "max": (lambda: max(n, m), TRUTH),
        "sorted": (lambda: sorted([n, m]), TRUTH),
        "in term": (lambda: Level.LOW in level, COLLECTION),
        "iteration": (lambda: list(level), COLLECTION),
        "index": (lambda: level[0], COLLECTION),
        "term &": (lambda: level & low, COMPARE),
        "& term": (lambda: low & level, COMPARE),
        "| term": (lambda: low | level, COMPARE),
        "~ term": (lambda: ~level, COMPARE),
        "implies term": (lambda: low.implies(level), COMPARE),
        "all_of term": (lambda: all_of(level), COMPARE),
        "~ in set": (lambda: low & ~(level in {Level.LOW}), TRUTH),
        "equal conditions": (lambda: low & (low == (other == Level.LOW)), r"a\.implies\(b\) & b\.implies\(a\)"),
        "is": (lambda: low & (level is Level.HIGH), "== instead of is"),
        "is_in of a list": (lambda: level.is_in([Level.LOW]), r"write is_in\(\*values\)"),
        "is_in of the enum": (lambda: level.is_in(Level), r"write is_in\(\*values\)"),
        "is_in of a range": (lambda: n.is_in(range(3)), r"write is_in\(\*values\)"),
        "enum + enum": (lambda: level + Level.LOW, "'level' is not a number"),
        "enum + number": (lambda: rank + 1, "'rank' is not a number"),
        "number + enum": (lambda: 1 + rank, "'rank' is not a number"),
        "number + term": (lambda: n + m, NUMBERS),
        "number - term": (lambda: n - m, NUMBERS),
        "sum - term": (lambda: n + 1 - m, NUMBERS),
        "number + fraction": (lambda: n + 0.5, "expected an integer"),
        "== text": (lambda: level == "low", "'level' cannot be 'low'; expected Level: LOW, HIGH"),
        "== None": (lambda: level is not None and level == None, "'level' cannot be None"),  # noqa: E711
        "== its type": (lambda: level == Level, "'level' cannot be"),
        "== condition": (lambda: level == low, "'level' cannot be <condition"),
        "== fraction": (lambda: n == 1.0, r"'n' cannot be 1\.0"),
        "== bool": (lambda: n == True, "'n' cannot be True"),  # noqa: E712
        "beyond": (lambda: n < 99, "'n' cannot be 99"),
        "another enum": (lambda: level == n, "they can never be the same"),
        "no order": (lambda: level < Level.HIGH, "'level' has no order"),
    }.values(),
)
def test_what_no_condition_says_is_refused_in_words_that_say_what_to_write(use, says):
    with pytest.raises(DeclarationError, match=says):
        use()


def applied(name, left, right):
    """What Python does for a binary operator of that name."""
    function = divmod if name == "divmod" else getattr(operator, {"and": "and_", "or": "or_"}.get(name, name))
    return function(left, right)


@pytest.mark.parametrize("name", [*ARITHMETIC, *LOGIC, *ORDER])
def test_binary_operators(name):
    """With any operand on either side, they give a sum or a condition, or are refused."""
    operands = [level, rank, n, n + 1, low, 1, Level.LOW, None, 0.5, True, []]
    for ours in (level, rank, n, n + 1, low):
        for theirs in operands:
            for left, right in ((ours, theirs), (theirs, ours)):
                try:
                    made = applied(name, left, right)
                except DeclarationError:
                    continue
                assert isinstance(made, Sum if name in {"add", "sub"} else Expr), (left, right)


@pytest.mark.parametrize("function", [operator.neg, operator.pos, abs, round, operator.invert])
def test_unary_operators(function):
    for ours in (level, rank, n, n + 1):
        with pytest.raises(DeclarationError, match=r"'(level|rank|n)'"):
            function(ours)
    if function is not operator.invert:
        with pytest.raises(DeclarationError, match=COMBINE):
            function(low)


def test_a_number_is_added_on_either_side():
    assert (1 + n == m).words() == (n + 1 == m).words()
    assert (1 + (n + 1) == m).words() == (n + 2 == m).words()


def test_declarations_are_keys_all_the_same():
    assert {level: 1, low: 2, n + 1: 3}[level] == 1
    assert len({level, other, low}) == 3
