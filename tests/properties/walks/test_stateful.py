"""The machines find planted faults, tell them in words, and tell them short."""

import subprocess
import sys

import attrs
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from properties.smets1 import faults
from properties.smets1.installation import CLAIMS
from properties.walks.coverage import Coverage
from properties.walks.runs import Broken, OracleTarget, Run, Setup
from properties.walks.stateful import Machine, state_machine
from statemachines import Claims, DeclarationError, always, check

BUDGET = settings(
    max_examples=60,
    stateful_step_count=20,
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=False,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def finding(claims, budget=BUDGET, **options):
    with pytest.raises(Broken) as caught:
        run_state_machine_as_test(state_machine(claims, **options), settings=budget)
    return caught.value


def test_the_walk_finds_what_the_checker_finds_and_as_short(forgetful_safe):
    claims = forgetful_safe.claims
    name = "a locked safe stays shut"
    broken = finding(claims, only=[name])
    counterexample = check(claims, only=[name]).findings[0].counterexample
    assert len(broken.shortest.requests) == len(counterexample.steps) == 3
    assert str(broken).startswith(f"this does not hold: {name}\n  S-1: Two wrong codes lock it. (manual, 1)\nstart: ")
    assert "  3. Enter (code right, by Ben)\n     yes at the safe: done [S-2]" in str(broken)


def test_hypothesis_own_shrinking_works_too(forgetful_safe):
    budget = settings(BUDGET, phases=[Phase.generate, Phase.shrink])
    broken = finding(forgetful_safe.claims, budget, only=["a locked safe stays shut"])
    assert len(broken.run.requests) <= 5
    assert len(broken.shortest.requests) == 3


@pytest.mark.parametrize(
    "fault", [faults.gas_supplier_may_activate, faults.foc_reaches_the_s1sp, faults.activation_without_keys]
)
def test_a_fault_of_the_installation_is_found_and_told_as_short_as_the_checker_tells_it(fault):
    claims = fault()
    names = [claim.name for claim in claims.claims if claim.kind.startswith("always, ")]
    broken = [one for one in check(claims, only=names).findings if one.counterexample][-3:]
    best = {one.claim.name: len(one.counterexample.steps) for one in broken}
    found = {}
    for name in best:
        try:
            run_state_machine_as_test(state_machine(claims, only=[name]), settings=BUDGET)
        except Broken as caught:
            found[name] = len(caught.shortest.requests)
    assert len(found) >= len(best) / 2
    assert all(best[name] <= found[name] <= best[name] + 1 for name in found)


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
    runs = [finding(forgetful_safe.claims, only=["a locked safe stays shut"]).run for _ in range(2)]
    assert runs[0].requests == runs[1].requests


def test_steering_reaches_what_chance_does_not():
    reached = {}
    for steered in (True, False):
        coverage = Coverage(CLAIMS.system)
        machine = state_machine(
            CLAIMS, steered=steered, coverage=coverage, only=["there is always an Electricity Supplier"]
        )
        run_state_machine_as_test(machine, settings=settings(BUDGET, max_examples=30, stateful_step_count=50))
        reached[steered] = coverage.reached
    assert reached[True][0] >= 2 * reached[False][0]
    assert reached[True][1] > reached[False][1]


def test_another_system_is_compared_with_the_reference(safe, forgetful_safe):
    class Forgetful(OracleTarget):
        """Knows the same requests by name only, as a system behind a wire does."""

        def send(self, request):
            kind = next(kind for kind in self.system.requests if kind.name == request.type.name)
            return super().send(kind(**{field.name: request[field.name] for field in request.type.fields}))

    broken = finding(safe.claims, target=Forgetful(forgetful_safe.claims.system))
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

    broken = finding(claims, target=Yes(), only=["a locked safe stays shut"])
    assert broken.what.name == "this does not hold: a locked safe stays shut"


def test_there_is_a_named_rule_for_each_type_of_request():
    machine = state_machine(CLAIMS)
    for kind in CLAIMS.system.requests:
        assert kind.trigger in vars(machine)
    assert issubclass(machine, Machine)


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
    assert (
        "ImportError: properties.walks.stateful needs Hypothesis: pip install 'smets1-lifecycles[test]'" in done.stderr
    )
