"""What a verdict rests on: its rules, those of its transitions, and which of them are assumptions."""

import pytest

from statemachines import Answer, Oracle, Register, Rule
from statemachines.language.rules import Basis
from statemachines.semantics.live import LiveSystem
from statemachines.semantics.trace import replay, verdict_as_dict
from tests.support.house import Person, Place, Press, Push, Say, Turn, Why, house, parts


def decided(assumed, request):
    """The verdict on a request to the house at its start, where the rules of ``assumed`` are such assumptions."""
    rules = [Rule(f"HOUSE-{number}", "It is so.", "the manual", assumed.get(number, "")) for number in range(1, 7)]
    system = house(register=Register(rules))
    oracle = Oracle(system)
    return system, oracle.decide(oracle.initial, request)[1]


@pytest.mark.parametrize(("assumed", "basis", "assumptions", "alone"), [
    ({}, Basis.REGULATED, (), False),
    ({3: "all"}, Basis.BOTH, ("HOUSE-3",), False),
    ({5: "who has the key"}, Basis.BOTH, ("HOUSE-5",), False),
    ({3: "all", 5: "all"}, Basis.ASSUMED, ("HOUSE-3", "HOUSE-5"), True),
])  # fmt: skip
def test_a_rejection_hangs_on_the_rules_of_the_check(assumed, basis, assumptions, alone):
    _, verdict = decided(assumed, Turn(by=Person.ANN))
    assert verdict.deciding == ("HOUSE-3", "HOUSE-5")
    assert (verdict.basis, verdict.assumptions, verdict.assumed_alone) == (basis, assumptions, alone)


def test_an_answer_may_be_regulated_and_its_transition_assumed():
    _, verdict = decided({1: "all"}, Press())  # answer and transition cite the one rule
    assert (verdict.basis, verdict.assumed_alone) == (Basis.ASSUMED, True)
    rules = [Rule(f"HOUSE-{number}", "It is so.", "the manual", "all" if number == 2 else "") for number in range(1, 7)]
    answers = [
        Answer([Push], outcome=Say.DONE, reason=Why.AS_ASKED, at=Place.DOOR, rules="HOUSE-6"),
        parts()["answers"][-1],
    ]
    system = house(register=Register(rules), answers=answers, explored=False)
    oracle = Oracle(system)
    verdict = oracle.decide(oracle.initial, Push(by=Person.ANN))[1]
    assert (verdict.deciding, verdict.rules) == (("HOUSE-6",), ("HOUSE-6", "HOUSE-2"))
    assert (verdict.basis, verdict.assumed_alone) == (Basis.BOTH, True)


def test_text_and_json_mark_assumptions():
    system, verdict = decided({3: "all"}, Turn(by=Person.ANN))
    assert str(verdict) == "refused at the lock: the door is open [HOUSE-3* HOUSE-5]"
    reported = verdict_as_dict(verdict)
    assert (reported["basis"], reported["assumptions"]) == ("regulated and assumed", ["HOUSE-3"])
    run = replay(system, system.state(), [Turn(by=Person.ANN)])
    assert "[HOUSE-3* HOUSE-5]" in run.text()


def test_live_systems_say_the_same():
    system, verdict = decided({3: "all", 5: "all"}, Turn(by=Person.ANN))
    live = LiveSystem(system)
    assert live.send(Turn(by=Person.ANN)).basis is verdict.basis
