"""A tank of many levels: what is shown of it grows with the levels, and not with their square."""

from enum import Enum
from itertools import pairwise

import pytest

import statemachines as sm
from properties.conformance.suite.boundaries import MOST_VALUES, boundary_values
from properties.conformance.suite.every_aim import aims
from properties.conformance.suite.generator import generated
from properties.conformance.suite.variants import variants
from properties.conformance.suite.vectors import GoalKind
from statemachines.semantics.oracle import Oracle

pytestmark = pytest.mark.slow

Say = Enum("Say", {word: word.lower() for word in ("YES", "NO", "TANK", "DONE", "FULL", "EMPTY")})


Up, Down = sm.RequestType("Up"), sm.RequestType("Down")


def levels_up_to(count):
    return Enum("Level", {f"L{number}": number for number in range(count)})


def tank(levels):
    domain = levels_up_to(levels)
    every, level = list(domain), sm.Variable("level", domain)
    up = [sm.Transition(low, Up, high, rules="T-1") for low, high in pairwise(every)]
    down = [sm.Transition(high, Down, low, rules="T-1") for low, high in pairwise(every)]
    refused = {"outcome": Say.NO, "rules": "T-1"}
    full = sm.Check("there is room", fails_when=level == every[-1], reason=Say.FULL, on=[Up], **refused)
    empty = sm.Check("there is some", fails_when=level == every[0], reason=Say.EMPTY, on=[Down], **refused)
    system = sm.System(
        "tank",
        sm.Register([sm.Rule("T-1", "A tank is filled and emptied.", "manual")]),
        lifecycles=[sm.Lifecycle(level, every[0], [*up, *down])],
        requests=[Up, Down],
        gates=[sm.Gate(Say.TANK, [full, empty], on=[Up, Down])],
        answers=[sm.Answer([Up, Down], outcome=Say.YES, reason=Say.DONE, rules="T-1")],
    )
    return sm.Claims(system, [])


def test_what_is_to_be_shown_grows_with_the_values():
    one, two = (sum(1 for _ in aims(tank(levels).system)) for levels in (101, 201))
    assert 100 * 2 < one < two < 2.1 * one


@pytest.fixture(scope="module")
def suite():
    return generated(tank(41))


def test_every_transition_fires_and_no_neighbour_is_taken_for_its_target(suite):
    fired = suite.of_kind(GoalKind.TRANSITION)
    entered = {goal.key for goal in suite.of_kind(GoalKind.STATE)}
    assert len(list(fired)) == 80
    arrow = next(key.rsplit("/", 2)[0] for key in entered if key.endswith("/L20/L22"))  # 20 goes up to 21
    assert {key.rsplit("/", 1)[1] for key in entered if key.startswith(arrow + "/")} == {
        "L0",
        "L19",
        "L20",
        "L22",
        "L40",
    }


def test_a_level_that_is_skipped_is_noticed(suite):
    """Whatever level is skipped on the way up, a sequence says that the tank is full too early."""
    oracle = Oracle(suite.system)
    for skipped in (1, 20, 39):
        assert any(_notices(oracle, vector.scenario, skipped) for vector in suite.vectors)


def _notices(oracle, scenario, skipped):
    levels = suite_levels(oracle.system)
    state = other = scenario.start
    for request in scenario.requests:
        state, verdict = oracle.decide(state, request)
        other, message = oracle.decide(other, request)
        if message.outcome is not verdict.outcome:
            return True
        if other.level is levels[skipped]:
            other = oracle.system.state(level=levels[skipped + 1])
    return False


def suite_levels(system):
    return system.variables[0].domain


def test_the_edges_of_a_set_and_the_ends_stand_for_a_large_domain_and_a_small_one_is_whole():
    domain = levels_up_to(MOST_VALUES + 1)
    every, level = tuple(domain), sm.Variable("level", domain)
    assert boundary_values(every[1:], every[3:5]) == every[1:]
    assert [one.value for one in boundary_values(every, every[3:5])] == [0, 2, 3, 4, 5, MOST_VALUES]
    wrong = [variant.label for variant in variants(level == every[10])]
    assert wrong == [f"level is {value}" for value in (0, 9, 10, 11, MOST_VALUES)]
