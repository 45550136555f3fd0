"""Variants that read another term: a condition reads the variable that it names, and not another one like it."""

from enum import Enum

import pytest

from properties.conformance.suite.generator import generated
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
from statemachines.semantics.oracle import Oracle


class Owner(Enum):
    ANN = "Ann"
    BOB = "Bob"


class Say(Enum):
    DESK = "desk"
    DONE = "done"
    REFUSED = "refused"
    NOT_OWNER = "it is somebody else's"


owner, payer = Variable("owner", Owner), Variable("payer", Owner)
sender = Field("sender", Owner)
enter, sell, settle = RequestType("Enter", [sender]), RequestType("Sell"), RequestType("Settle")


@pytest.fixture(scope="module")
def system():
    """A house that its owner alone enters; who pays is another until a sale is settled, and no condition reads it."""
    sold = [
        Lifecycle(each, initial=Owner.ANN, transitions=[Transition(Owner.ANN, sell, Owner.BOB, rules="H-2")])
        for each in (owner, payer)
    ]
    settled = Transition(Owner.BOB, settle, Owner.ANN, rules="H-2")
    return System(
        "house",
        requests=[enter, sell, settle],
        lifecycles=[sold[0], Lifecycle(payer, Owner.ANN, [*sold[1].transitions, settled])],
        gates=[Gate(Say.DESK, on=[enter], checks=[
            Check("the owner enters", fails_when=sender != owner, outcome=Say.REFUSED, reason=Say.NOT_OWNER,
                  rules="H-1"),
        ])],
        answers=[Answer([enter, sell, settle], outcome=Say.DONE, at=Say.DESK, reason=Say.DONE, rules="H-1")],
        register=Register([Rule(f"H-{number}", "It is so.", "manual") for number in (1, 2)]),
    )  # fmt: skip


@pytest.fixture(scope="module")
def suite(system):
    return generated(Claims(system, []))


def test_the_goal_says_what_is_read_and_what_is_not(suite):
    assert suite.goals["condition:check/0/0/0/reads/sender/payer"].label == (
        "the owner enters: it matters that the question is whether sender is the owner, "
        "and not whether sender is the payer"
    )


def test_a_condition_that_reads_another_variable_is_killed(system, suite):
    reading_another = [one for one in mutants_of(system).mutants if one.operator is Operator.ANOTHER_TERM]
    assert [one.what for one in reading_another] == [
        "fails when sender is not the payer, and not: sender is not the owner"
    ]
    goals = {key for key in suite.goals if "/reads/" in key}
    alone = [vector.scenario for vector in suite.vectors if goals & {key for _, key in vector.reached}]
    layer = Layer(Oracle(system), alone)
    assert all(layer.kills(mutant) for mutant in reading_another)
