"""What is computed for random systems, beside everything that can happen in them."""

import subprocess
import sys
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from properties.conformance.diagnosis.altered import altered_system
from properties.conformance.suite.every_aim import aims
from properties.conformance.suite.generator import generated
from statemachines import Answer, Check, Gate, Lifecycle, Register, Rule, System, Transition, always, is_a
from statemachines.errors import DeclarationError
from statemachines.language.claims import Claims
from statemachines.language.expression import TRUE
from statemachines.semantics.comparison import differences
from tests.support import house, naive, strategies
from tests.support.paths import TESTS
from tests.support.thorough import examples

pytestmark = pytest.mark.slow


def step(system, state, request):
    """A step, and no verdict where there is none."""
    try:
        return naive.step(system, state, request)
    except DeclarationError:
        return state, None


def contradicts(expected, message):
    return bool(differences(expected, message))


def reported(system, other):
    """Whether any sequence tells the other system, worked out over every pair of states that is reached."""
    result = {(state, state) for state in system.initial_states()}
    queue = deque(result)
    while queue:
        state, beside = queue.popleft()
        for request in system.all_requests():
            after, expected = naive.step(system, state, request)
            after_beside, message = step(other, beside, request)
            if contradicts(expected, message):
                return True
            if (after, after_beside) not in result:
                result.add((after, after_beside))
                queue.append((after, after_beside))
    return False


@examples(6)
@given(st.data())
def test_what_is_shown_is_shown_and_the_rest_cannot_be(data):
    system = data.draw(strategies.systems())
    suite = generated(Claims(system, [always("all is as it is", then=TRUE, rules="R-0")]))
    where = {key: (vector, at) for vector in suite.vectors for at, key in vector.reached}
    assert set(where) == set(suite.goals)
    known = naive.depths(system)
    steps = [naive.step(system, state, request) for state in known for request in system.all_requests()]
    fired = {move for _, verdict in steps for move in verdict.fired}
    for aim in aims(system):
        if aim.altered:
            other = altered_system(system, aim.altered)
            assert (aim.goal.key in where) == reported(system, other), aim.goal
            if aim.goal.key in where:
                check_told(system, other, *where[aim.goal.key])
        elif aim.goal.key.startswith("transition"):
            assert (aim.goal.key in where) == (aim.arrow.transition in fired), aim.goal


def check_told(system, other, vector, at):
    """The sequence tells the other system at that step, and not before."""
    state = beside = vector.scenario.start
    for number, request in enumerate(vector.scenario.requests[: at + 1]):
        state, expected = naive.step(system, state, request)
        beside, message = step(other, beside, request)
        assert contradicts(expected, message) == (number == at)


@examples(6)
@given(st.data())
def test_pairs_are_those_that_happen(data):
    system = data.draw(strategies.systems())
    suite = generated(Claims(system, []))
    expected = set()
    for lifecycle in system.lifecycles:
        numbers = {move: at for at, move in enumerate(lifecycle.transitions)}
        result = {(state, None) for state in system.initial_states()}
        queue = deque(result)
        while queue:
            state, last = queue.popleft()
            for request in system.all_requests():
                after, verdict = naive.step(system, state, request)
                now = next((numbers[move] for move in verdict.fired if move in numbers), None)
                if now is not None and last is not None:
                    expected.add(f"pair:{lifecycle.name}/{last}/{now}")
                then = (after, last if now is None else now)
                if then not in result:
                    result.add(then)
                    queue.append(then)
    assert {key for key in suite.goals if key.startswith("pair:")} == expected


@examples(6)
@given(st.data())
def test_the_case_of_a_property_is_shown_wherever_it_can_happen(data):
    system = data.draw(strategies.systems())
    when = data.draw(strategies.step_conditions(system))
    claim = always("so", when=when, then=TRUE, rules="R-0")
    suite = generated(Claims(system, [claim]))
    known = naive.depths(system)
    shortest = naive.shortest_step if claim.of_steps else naive.shortest_state
    assert ("property:so" in suite.goals) == (shortest(system, known, when) is not None)


HASHED = """
import sys

from properties.conformance.suite.generator import generated
from properties.conformance.suite.store import as_file
from tests_house import house
from statemachines.language.claims import Claims
claims = Claims(house(), [])
sys.stdout.buffer.write(as_file(claims, generated(claims)))
"""


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_same_in_every_process(seed, tmp_path):
    (tmp_path / "tests_house.py").write_text((TESTS / "support" / "house.py").read_text())
    run = {
        one: subprocess.run(
            [sys.executable, "-c", HASHED],
            env={"PYTHONHASHSEED": one, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            check=True,
        ).stdout
        for one in (seed, "2")
    }
    assert run[seed] == run["2"] != b""


def test_a_request_that_is_always_refused_shows_what_would_move_it_all_the_same():
    """Of two parts of a condition that never hold together, the one alone would let a refused request switch."""
    lamp, never = house.lamp, is_a(house.Press) & ~is_a(house.Press)
    switch = Transition(house.Lamp.ON, house.Press, house.Lamp.OFF, when=never, rules="R", even_if_refused=True)
    fails = [
        Check("it is dark", fails_when=lamp == house.Lamp.ON, outcome=house.Say.DONE, reason=house.Why.DARK, rules="R"),
        Check("no", fails_when=TRUE, outcome=house.Say.REFUSED, reason=house.Why.DARK, rules="R"),
    ]
    system = System(
        "a lamp",
        Register([Rule("R", "It stays on.", "nowhere")]),
        lifecycles=[Lifecycle(lamp, list(house.Lamp), [switch])],
        requests=[house.Press],
        gates=[Gate(house.Place.SWITCH, fails, on=[house.Press])],
        answers=[Answer([house.Press], outcome=house.Say.DONE, reason=house.Why.DARK, rules="R")],
    )
    suite = generated(Claims(system, [always("all is as it is", then=TRUE, rules="R")]))
    expected = ["condition:lamp/0/1/PressSwitch"]
    assert [key for key in suite.goals if key.startswith("condition:lamp/")] == expected


def test_an_altered_arrow_that_fires_even_if_refused_gives_way_to_what_fires_then():
    """The other arrow from the same state fires on what passes alone, and every request is refused here."""
    lamp, fuse = house.lamp, house.fuse
    when = {"when": fuse == house.Fuse.WHOLE, "rules": "R", "even_if_refused": True}
    switch = [
        Transition(house.Lamp.ON, house.Press, house.Lamp.OFF, **when),
        Transition(house.Lamp.ON, house.Press, house.Lamp.OFF, when=fuse == house.Fuse.BLOWN, rules="R"),
    ]
    fails = [
        Check("it is dark", fails_when=lamp == house.Lamp.ON, outcome=house.Say.DONE, reason=house.Why.DARK, rules="R"),
        Check("no", fails_when=TRUE, outcome=house.Say.REFUSED, reason=house.Why.DARK, rules="R"),
    ]
    system = System(
        "a lamp",
        Register([Rule("R", "It stays on.", "nowhere")]),
        lifecycles=[Lifecycle(lamp, list(house.Lamp), switch), Lifecycle(fuse, list(house.Fuse))],
        requests=[house.Press],
        gates=[Gate(house.Place.SWITCH, fails, on=[house.Press])],
        answers=[Answer([house.Press], outcome=house.Say.DONE, reason=house.Why.DARK, rules="R")],
    )
    shown = generated(Claims(system, [always("all is as it is", then=TRUE, rules="R")])).goals
    blown = "condition:lamp/0/0/BLOWN"
    assert blown in shown
    for aim in aims(system):
        if aim.altered:
            assert (aim.goal.key in shown) == reported(system, altered_system(system, aim.altered)), aim.goal
