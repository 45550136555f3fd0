"""Each value of a field: what a check, an answer or a transition does not read, it must not depend on."""

from enum import Enum

import pytest

from properties.conformance.suite.every_aim import aims
from properties.conformance.suite.generator import generated
from properties.conformance.suite.vectors import GoalKind
from properties.mutation.mutants import mutants_of
from properties.mutation.operators import Operator
from properties.mutation.replaying import Layer
from statemachines import (
    Answer,
    Check,
    Claims,
    Field,
    Gate,
    Lifecycle,
    Register,
    RequestType,
    Rule,
    System,
    Transition,
    Variable,
)
from statemachines.checker.equivalence import comparer
from statemachines.semantics.oracle import Oracle


class Meter(Enum):
    GAS = "gas"
    ELECTRICITY = "electricity"
    WATER = "water"


class Tariff(Enum):
    WITHIN = "within the limits"
    BEYOND = "beyond a limit"


class Supply(Enum):
    OFF = "off"
    ON = "on"


class Say(Enum):
    DESK = "desk"
    DONE = "done"
    REFUSED = "refused"
    BEYOND = "the tariff is beyond a limit"
    OFF = "there is no supply"


supply = Variable("supply", Supply)
meter, tariff = Field("meter", Meter), Field("tariff", Tariff)
set_tariff, switch = RequestType("SetTariff", [meter, tariff]), RequestType("Switch", [meter])


@pytest.fixture(scope="module")
def system():
    """A limit of tariffs, a supply that is needed, and a switch, none of which reads which meter it is."""
    return System(
        "tariffs",
        requests=[set_tariff, switch],
        lifecycles=[Lifecycle(supply, initial=Supply.OFF, transitions=[
            Transition(Supply.OFF, switch, Supply.ON, rules="T-3"),
            Transition(Supply.ON, switch, Supply.OFF, rules="T-3"),
        ])],
        gates=[Gate(Say.DESK, on=[set_tariff], checks=[
            Check("the tariff is within the limits", fails_when=tariff == Tariff.BEYOND, outcome=Say.REFUSED,
                  reason=Say.BEYOND, rules="T-1"),
            Check("there is a supply", fails_when=supply == Supply.OFF, outcome=Say.REFUSED, reason=Say.OFF,
                  rules="T-2"),
        ])],
        answers=[Answer([set_tariff, switch], outcome=Say.DONE, at=Say.DESK, reason=Say.DONE, rules="T-1")],
        register=Register([Rule(f"T-{number}", "It is so.", "manual") for number in (1, 2, 3)]),
    )  # fmt: skip


def test_a_check_is_shown_to_refuse_and_to_let_pass_each_value_of_a_field_that_it_does_not_read(system):
    suite = generated(Claims(system, []))
    shown = {goal.label for goal in suite.of_kind(GoalKind.VALUE)}
    assert {
        f"Set Tariff with meter {value.value} {what}"
        for value in Meter
        for what in ("fails at: the tariff is within the limits", "passes: there is a supply")
    } <= shown
    oracle = Oracle(system)
    refused = {
        step.request["meter"]
        for vector in suite.vectors
        for step in suite.trace(vector, oracle).steps
        if step.verdict.reason is Say.BEYOND
    }
    assert refused == set(Meter)


def test_no_mutant_that_passes_over_one_value_of_a_field_survives(system):
    suite, oracle = generated(Claims(system, [])), Oracle(system)
    layer = Layer(oracle, [vector.scenario for vector in suite.vectors])
    passing_over = [one for one in mutants_of(system).mutants if one.operator is Operator.PASSED_OVER]
    assert len({one.where for one in passing_over}) == 5  # two checks, the answer, and two transitions
    for mutant in passing_over:
        assert layer.kills(mutant) or not comparer(system).compare(mutant.system, mutant.kinds).walk, str(mutant)


def test_a_value_with_which_a_condition_never_holds_is_no_aim(system):
    keys = {aim.goal.key for aim in aims(system)}
    assert "value:check/0/0/SetTariff/tariff/BEYOND" in keys
    assert "value:check/0/0/SetTariff/tariff/WITHIN" not in keys
    assert "value:check/0/0/passes/SetTariff/tariff/WITHIN" in keys


def test_an_answer_is_given_even_if_a_later_one_says_the_same(system):
    done = {"outcome": Say.DONE, "at": Say.DESK, "reason": Say.DONE, "rules": "T-1"}
    gas, rest = Answer([switch], when=meter == Meter.GAS, **done), Answer([set_tariff, switch], **done)
    suite = generated(Claims(system.varied(answers=[gas, rest]), []))
    key = "verdict:answer/0/Switch"
    assert suite.goals[f"{key}/same"].label == (
        "Switch is answered: done, done, where a later answer would say the same"
    )
    assert suite.goals[f"{key}/same"].rules == ()  # no rule passes for it
    assert key in {entry.goal.key for entry in suite.unreachable}  # that it was this one is never seen
    (request,) = (
        vector.scenario.requests[at]
        for vector in suite.vectors for at, reached in vector.reached if reached == f"{key}/same"
    )  # fmt: skip
    assert request["meter"] is Meter.GAS
