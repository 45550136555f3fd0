"""Each kind of error is a class of its own, so that a caller can tell them apart."""

import pytest

from properties.cli.failures import OurFault, refusal
from statemachines import Claims, always
from statemachines.errors import (
    DeclarationError,
    EnginesDisagreeError,
    NoVerdictError,
    StatemachinesError,
    TooLargeError,
    UnknownNameError,
)
from statemachines.language.expression import TRUE
from statemachines.semantics.decision import interpret
from statemachines.semantics.oracle import Oracle
from tests.support import house


def _without_an_answer():
    return house.house(answers=[house.parts()["answers"][0], house.parts()["answers"][2]], explored=False)


UNKNOWN = {
    "a lifecycle": lambda it: it.lifecycle("lamb"),
    "a variable": lambda it: it.state(lamb=house.Lamp.ON),
    "a claim": lambda it: Claims(it, []).named("bright"),
    "a rule": lambda it: Claims(it, [always("bright", then=TRUE, rules="HOUSE-99")]),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_an_unknown_name_has_an_error_of_its_own(house_system, what):
    with pytest.raises(UnknownNameError):
        UNKNOWN[what](house_system)


@pytest.mark.parametrize(
    "decide",
    [
        lambda system, state, request: Oracle(system).decide(state, request),
        lambda system, state, request: interpret(system, state.as_dict(), request),
    ],
    ids=["oracle", "interpreter"],
)
def test_a_request_without_a_verdict_has_an_error_of_its_own(decide):
    system = _without_an_answer()
    with pytest.raises(NoVerdictError, match="has no verdict in"):
        decide(system, system.state(), house.Push(by=house.Person.ANN))


def test_what_is_too_large_is_no_fault_of_the_declaration():
    assert issubclass(TooLargeError, StatemachinesError)
    assert not issubclass(TooLargeError, DeclarationError)


@pytest.mark.parametrize("kind", [UnknownNameError, NoVerdictError, TooLargeError, DeclarationError])
def test_they_end_a_command_with_2_and_a_fault_of_the_tool_with_3(kind):
    assert refusal(kind("it is so")).exit_code == 2
    assert isinstance(refusal(EnginesDisagreeError("they differ")), OurFault)
