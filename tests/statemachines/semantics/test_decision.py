"""One walk through checks and answers, whoever asks."""

from enum import Enum

import pytest

from statemachines import Answer, Check, DeclarationError, Field, Gate, Lifecycle, Register, RequestType, Rule, Variable
from statemachines.language.system import System
from statemachines.semantics.decision import decision_order, interpret


class Lamp(Enum):
    OFF = "off"
    ON = "on"


class Word(Enum):
    GUARD = "guard"
    MASTER = "master"
    YES = "yes"
    NO = "no"
    DARK = "it is dark"


LAMP, WORD = Variable("lamp", Lamp), Field("word", Word)
PRESS, ASK = RequestType("Press", [WORD]), RequestType("Ask")
DARK = Check("it is light", fails_when=LAMP == Lamp.OFF, outcome=Word.NO, reason=Word.DARK, rules="R-1")
OTHERS = Check("only of Press", fails_when=LAMP == Lamp.ON, outcome=Word.NO, reason=Word.NO, on=[PRESS], rules="R-1")
GUARD = Gate(Word.GUARD, [DARK, OTHERS], on=[PRESS, ASK])
MASTER = Gate(Word.MASTER, [DARK], on=[PRESS], when=WORD == Word.YES)
FIRST = Answer([PRESS, ASK], outcome=Word.YES, reason=Word.YES, when=LAMP == Lamp.OFF, rules="R-1")
LAST = Answer([PRESS, ASK], outcome=Word.YES, reason=Word.NO, rules="R-1")
SYSTEM = System(
    "lamp",
    Register([Rule("R-1", "A lamp.", "here")]),
    lifecycles=[Lifecycle(LAMP, initial=(Lamp.OFF, Lamp.ON), transitions=[])],
    requests=[PRESS, ASK],
    gates=[GUARD, MASTER],
    answers=[FIRST, LAST],
)


def order(*asked, **options):
    return [(one.declaration, one.gate, one.via) for one in decision_order(SYSTEM, *asked, **options)]


def test_checks_are_asked_in_order_and_answers_come_after_them():
    way = (Word.GUARD, Word.MASTER)
    assert order(PRESS(word=Word.YES)) == [
        (DARK, GUARD, way[:1]),
        (OTHERS, GUARD, way[:1]),
        (DARK, MASTER, way),
        (FIRST, None, way),
        (LAST, None, way),
    ]


def test_a_gate_that_a_request_does_not_come_to_asks_nothing():
    assert MASTER not in [gate for _, gate, _ in order(PRESS(word=Word.NO))]


def test_a_check_of_other_types_is_there_only_if_all_are_wanted():
    assert [one for one, _, _ in order(ASK())] == [DARK, FIRST, LAST]
    assert [one for one, _, _ in order(ASK(), all_checks=True)] == [DARK, OTHERS, FIRST, LAST]


def test_of_a_type_every_gate_is_there_that_some_request_comes_to():
    assert [gate for _, gate, _ in order(PRESS)] == [GUARD, GUARD, MASTER, None, None]
    assert [gate for _, gate, _ in order(PRESS, {WORD: Word.NO})] == [GUARD, GUARD, None, None]


def test_the_first_that_holds_decides():
    assert interpret(SYSTEM, {"lamp": Lamp.OFF}, ASK()).reason is Word.DARK
    verdict = interpret(SYSTEM, {"lamp": Lamp.ON}, ASK())
    assert (verdict.reason, verdict.passed, verdict.via) == (Word.NO, True, (Word.GUARD,))


def test_an_answer_that_nobody_gives_is_refused():
    alone = System(
        "alone", SYSTEM.register, lifecycles=SYSTEM.lifecycles, requests=[ASK],
        answers=[Answer([ASK], outcome=Word.YES, reason=Word.YES, rules="R-1")],
    )  # fmt: skip
    with pytest.raises(DeclarationError, match="comes to no gate"):
        interpret(alone, {"lamp": Lamp.ON}, ASK())
