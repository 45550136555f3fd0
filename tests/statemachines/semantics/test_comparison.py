"""Verdicts are compared in all that an observer sees, but for what the sources leave open."""

from enum import Enum

import attrs
import pytest

from statemachines.language.gates import Verdict
from statemachines.language.terms import ASPECTS
from statemachines.semantics.comparison import differences, inadmissible


class Word(Enum):
    ONE = "one"
    OTHER = "other"


VERDICT = Verdict(Word.ONE, Word.ONE, Word.ONE, Word.ONE, ("R-1",), (Word.ONE,), True)


@pytest.mark.parametrize("aspect", ASPECTS)
def test_each_aspect_is_compared_unless_it_is_left_open(aspect):
    other = attrs.evolve(VERDICT, **{aspect: Word.OTHER})
    assert differences(VERDICT, other) == (aspect,)
    assert differences(attrs.evolve(VERDICT, unspecified=(aspect,)), other) == ()
    assert inadmissible(VERDICT, lambda each, value: (each, value) != (aspect, Word.ONE)) == (aspect,)
    assert inadmissible(attrs.evolve(VERDICT, unspecified=(aspect,)), lambda each, _: each != aspect) == ()


def test_what_an_observer_does_not_see_is_not_compared():
    unseen = attrs.evolve(VERDICT, rules=("R-2",), via=(), passed=False, label="a check")
    assert differences(VERDICT, unseen) == ()


def test_a_missing_verdict_differs_in_every_aspect():
    assert differences(VERDICT, None) == differences(None, VERDICT) == ASPECTS
    assert differences(None, None) == ()
