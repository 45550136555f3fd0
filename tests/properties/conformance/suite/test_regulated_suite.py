"""The deterministic layer on the rules alone."""

import json

import attrs
import pytest

from properties.conformance.suite.generator import generated
from properties.conformance.suite.regulated_suite import ALONE, regulated_suite
from properties.conformance.suite.vectors_file import vectors_json
from statemachines import Claims, Register, Rule
from statemachines.language.rules import Basis
from statemachines.language.terms import ASPECTS
from tests.support.pin_safe import make_safe


@pytest.fixture(scope="module")
def claims():
    """The safe, where it is an assumption that two wrong codes lock it."""
    safe = make_safe().claims
    register = Register([Rule("S-1", "Two wrong codes lock it.", "none", "all"), safe.system.register["S-2"]])
    return Claims(attrs.evolve(safe.system, register=register), safe.claims)


@pytest.fixture(scope="module")
def suites(claims):
    whole = generated(claims)
    return whole, regulated_suite(whole)


def test_goals_that_hang_on_assumptions_alone_are_set_apart(claims, suites):
    whole, rules = suites
    register = claims.system.register
    assert {register.basis(goal.rules) for goal in rules.goals.values()} == {Basis.REGULATED, Basis.BOTH}
    apart = {entry.goal.key for entry in rules.unreachable if entry.reason == ALONE}
    assert apart == set(whole.goals) - set(rules.goals)
    assert {key for key, goal in whole.goals.items() if goal.rules == ("S-1",)} <= apart
    assert {key for vector in rules.vectors for _, key in vector.reached} == set(rules.goals)
    assert all(vector.reached for vector in rules.vectors)


def test_a_code_after_two_wrong_ones_may_be_refused_or_not(suites):
    whole, rules = suites
    locked = 0
    for vector in whole.vectors:
        for expected, left in zip(whole.trace(vector).steps, rules.trace(vector).steps, strict=True):
            if expected.verdict.label == "not locked":
                locked += 1
                assert {"reason"} <= set(left.verdict.unspecified) < set(ASPECTS)
            assert attrs.evolve(left.verdict, unspecified=()) == attrs.evolve(expected.verdict, unspecified=())
    assert locked


def test_no_goal_is_shown_where_nothing_is_compared(suites):
    _, rules = suites
    for vector in rules.vectors:
        steps = rules.trace(vector).steps
        assert all(not set(ASPECTS) <= set(steps[index].verdict.unspecified) for index, _ in vector.reached)


def test_the_file_says_so(claims, suites):
    whole, rules = suites
    assert json.loads(vectors_json(claims, rules))["only"] == "regulated"
    assert "only" not in json.loads(vectors_json(claims, whole))
