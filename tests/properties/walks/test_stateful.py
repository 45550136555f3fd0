"""The machines find planted faults, tell them in words, and tell them short."""

import subprocess
import sys
from collections import Counter

import attrs
import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.database import InMemoryExampleDatabase
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from properties.walks.runs import Broken, OracleTarget, Run, Setup
from properties.walks.stateful import Machine, state_machine
from statemachines import Claims, DeclarationError, always, check
from statemachines.semantics.trace import Scenario
from tests.support import strategies
from tests.support.walks import BUDGET, failure


def test_the_walk_finds_what_the_checker_finds_and_as_short(forgetful_safe):
    claims = forgetful_safe.claims
    name = "a locked safe stays shut"
    broken = failure(claims, only=[name])
    counterexample = check(claims, only=[name]).findings[0].counterexample
    assert len(broken.shortest.requests) == len(counterexample.steps) == 3
    assert str(broken).startswith(f"this does not hold: {name}\n  S-1: Two wrong codes lock it. (manual, 1)\nstart: ")
    assert "  3. Enter (code right, by Ben)\n     yes at the safe: done [S-2]" in str(broken)


def test_hypothesis_own_shrinking_works_too(forgetful_safe):
    budget = settings(BUDGET, phases=[Phase.generate, Phase.shrink])
    broken = failure(forgetful_safe.claims, budget, only=["a locked safe stays shut"])
    assert len(broken.scenario.requests) <= 5
    assert len(broken.shortest.requests) == 3


@pytest.mark.slow
@pytest.mark.parametrize("steered", [True, False])
def test_nothing_is_found_where_nothing_is_wrong(safe, steered):
    run_state_machine_as_test(state_machine(safe.claims, steered=steered), settings=BUDGET)


def test_a_test_case_fails_with_the_short_run_at_once(forgetful_safe):
    machine = state_machine(forgetful_safe.claims)
    machine.TestCase.settings = settings(machine.TestCase.settings, derandomize=True, database=None)
    with pytest.raises(Broken, match=r"  3\. Enter") as caught:
        machine.TestCase().runTest()
    assert "  4. " not in str(caught.value)


def test_a_run_is_the_same_each_time(forgetful_safe):
    runs = [failure(forgetful_safe.claims, only=["a locked safe stays shut"]).scenario for _ in range(2)]
    assert runs[0].requests == runs[1].requests


def test_another_system_is_compared_with_the_reference(safe, forgetful_safe):
    class Forgetful(OracleTarget):
        """Knows the same requests by name only, as a system behind a wire does."""

        def send(self, request):
            kind = next(kind for kind in self.system.requests if kind.name == request.type.name)
            return super().send(kind(**{field.name: request[field.name] for field in request.type.fields}))

    broken = failure(safe.claims, target=Forgetful(forgetful_safe.claims.system))
    assert "is not the reference's" in str(broken)
    assert "the system under test: " in str(broken)
    assert len(broken.shortest.requests) == 3


def test_a_claim_is_checked_of_what_the_target_says(safe):
    claims = safe.claims

    class Yes:
        def __init__(self):
            self.oracle = OracleTarget(claims.system)

        def reset(self, state):
            self.oracle.reset(state)

        def send(self, request):
            verdict = self.oracle.send(request)
            return attrs.evolve(verdict, outcome=list(type(verdict.outcome))[1])  # yes to everything

    broken = failure(claims, target=Yes(), only=["a locked safe stays shut"])
    assert broken.violation.name == "this does not hold: a locked safe stays shut"


def test_an_unsteered_machine_has_a_named_rule_for_each_type_of_request(safe):
    machine = state_machine(safe.claims, steered=False)
    assert {"enter", "shut", "sing"} <= vars(machine).keys()
    assert issubclass(machine, Machine)
    assert "send" not in vars(machine)


def test_a_rule_has_a_name_that_the_machine_does_not_use(safe):
    """A base class may have a method that is named like a request."""
    base = type("Base", (Machine,), {"sing": Machine.new_run})
    machine = state_machine(safe.claims, steered=False, base=base)
    assert {"enter", "shut", "sing_"} <= vars(machine).keys()


@pytest.mark.slow
@pytest.mark.parametrize("steered", [True, False])
def test_rules_of_a_subclass_run_beside_those_of_the_machine(safe, steered):
    counts = Counter()

    class Restarted(state_machine(safe.claims, steered=steered)):
        @rule()
        def restart(self):
            counts["restart"] += 1

        @rule(request=st.just(safe.Sing()))
        def sing_again(self, request):
            counts["sing again"] += 1
            self.step(request)

        @invariant()
        def a_step_was_checked(self):
            counts["invariant"] += 1

        def step(self, request):
            counts["step"] += 1
            super().step(request)

    run_state_machine_as_test(Restarted, settings=BUDGET)
    sent = counts["step"] - counts["sing again"]
    total = sent + counts["restart"] + counts["sing again"]
    assert total > 600
    for each in (sent, counts["restart"], counts["sing again"]):
        assert each > total / 10
    assert counts["invariant"] > total


def test_a_failure_in_a_rule_of_a_subclass_is_reported(safe):
    class Restarted(state_machine(safe.claims)):
        @rule()
        def restart(self):
            assert not any(request.type is safe.Shut for request in self.run.requests), "it was shut"

    with pytest.raises(AssertionError, match="it was shut"):
        run_state_machine_as_test(Restarted, settings=BUDGET)


@pytest.mark.slow
@settings(max_examples=8, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_runs_of_random_systems_are_the_same_under_replay(data):
    """The same seed draws the same runs, and what a choice sequence drew once it draws again."""
    system = data.draw(strategies.systems())
    runs = [drawn_runs(Claims(system, []), seeded=3) for _ in range(2)]
    assert runs[0] == runs[1]
    assert any(scenario.requests for scenario in runs[0])


def test_a_reported_failure_is_reproduced_from_its_choices(forgetful_safe):
    """Hypothesis replays the choices of a failure; steering draws from them and from the run's state alone."""
    runs = []

    class Kept(state_machine(forgetful_safe.claims, only=["a locked safe stays shut"])):
        def teardown(self):
            runs.append(Scenario(self.run.start, tuple(self.run.requests)))

    database = InMemoryExampleDatabase()
    budget = settings(BUDGET, derandomize=False, database=database, phases=[Phase.generate])
    with pytest.raises(Broken) as first:
        run_state_machine_as_test(seed(1)(Kept), settings=budget)
    runs.clear()
    with pytest.raises(Broken) as again:
        run_state_machine_as_test(Kept, settings=settings(budget, phases=[Phase.reuse]))
    assert again.value.scenario == first.value.scenario == runs[0]


def drawn_runs(claims, seeded):
    """The scenarios that a steered machine draws from a seed."""
    runs = []

    class Kept(state_machine(claims)):
        def teardown(self):
            runs.append(Scenario(self.run.start, tuple(self.run.requests)))

    budget = settings(BUDGET, derandomize=False, max_examples=5)
    run_state_machine_as_test(seed(seeded)(Kept), settings=budget)
    return runs


def test_a_claim_of_a_state_is_checked_at_the_start(safe):
    none, one, _ = safe.wrong.kind
    never = always("never", when=safe.wrong == none, then=safe.wrong == one, rules="S-1")
    claims = Claims(safe.claims.system, [never])
    run = Run(Setup(claims, tuple(claims.claims), None, False, None))
    with pytest.raises(Broken) as caught:
        run.reset(claims.system.state())
    assert caught.value.shortest.requests == ()


def test_an_unknown_claim_is_refused(safe):
    with pytest.raises(DeclarationError, match="no claim of the kind 'always' is named 'nonsense'"):
        state_machine(safe.claims, only=["nonsense"])


def test_without_hypothesis_the_message_says_what_to_install():
    code = "import sys; sys.modules['hypothesis'] = None; import properties.walks.stateful"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MissingExtraError: hypothesis is not installed, which this needs: in a clone of" in done.stderr
