"""Random systems and claims: the checker says what one says that shares no code with it."""

import ast
import inspect
import sys

import numpy as np
import pytest

from statemachines.checker import explicit_pairs
from statemachines.checker.explicit import Space
from statemachines.checker.slices import Slices
from statemachines.errors import EnginesDisagreeError
from statemachines.semantics.preconditions import Preconditions
from tests.support.independent import Compared, compare, compare_variants, deciding, drawing
from tests.support.thorough import thorough


def _compared(seeds):
    compared = Compared()
    for seed in seeds:
        compare(seed, compared)
    return compared


@pytest.mark.parametrize("module", [deciding, drawing])
def test_what_decides_and_what_draws_import_nothing_of_the_framework(module):
    imports = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.ImportFrom)]
    imported = {str(node.module).split(".")[0] for node in imports}
    assert "statemachines" not in imported
    assert imported <= {*sys.stdlib_module_names, "tests"}
    assert {node.module for node in imports if node.module.startswith("tests")} <= {deciding.__name__}


def test_a_few_random_systems():
    compared = _compared(range(20))
    assert compared.differences == []
    for kind in ("always", "sometimes", "possible", "secret"):
        assert compared.kinds[f"{kind}, holds"] > 0
        assert compared.kinds[f"{kind}, vacuous"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("first", range(10_000, 20_000 if thorough() else 10_100, 100))
def test_hundreds_of_random_systems(first, record_property):
    compared = _compared(range(first, first + 100))
    assert compared.differences == []
    for kind in ("always, fails", "possible, fails", "secret, fails"):
        assert compared.kinds[kind] > 0
    claims = sum(compared.kinds[kind] for kind in ("always", "sometimes", "possible", "secret"))
    record_property("claims decided by an independent checker too", claims)


@pytest.mark.parametrize(
    ("first", "count"),
    [
        (0, 40),
        *(pytest.param(at, 100, marks=pytest.mark.slow) for at in range(20_000, 30_000 if thorough() else 20_100, 100)),
    ],
)
def test_variants_of_random_systems(first, count):
    """What is otherwise in an arrow, a check, an answer, or the order of gates tells the two apart, or nothing does."""
    compared = Compared()
    for seed in range(first, first + count):
        compare_variants(seed, compared)
    assert compared.differences == []
    assert compared.kinds["variant, equivalent"] > 0
    assert compared.kinds["variant, told apart"] > 0


FAULTS = {
    "values are compared by equality": (
        explicit_pairs,
        "apart",
        lambda values, pair: [value for value in values if value not in pair],
    ),
    "a slice forgets what it depends on": (Slices, "cone", lambda _self, names: frozenset(names)),
    "a refused request moves": (Preconditions, "fires", lambda _self, move: move.when),
    "every state leads to the goal": (Space, "leading_to", lambda _self, goal: np.ones_like(goal)),
    "what the observer sees is asked otherwise in the second run": (explicit_pairs._Move, "same", lambda *_: None),
}


SHOWN_FROM = {
    "values are compared by equality": 110,
    "what the observer sees is asked otherwise in the second run": 250,
}
"""The first system that shows these faults is not far from there; looking at all before it takes long."""


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_is_planted_in_the_checker_is_found(fault, monkeypatch):
    monkeypatch.setattr(*FAULTS[fault])
    first = SHOWN_FROM.get(fault, 0)
    for seed in range(first, first + 400):
        try:
            if _compared([seed]).differences:
                return
        except (EnginesDisagreeError, LookupError, ValueError):  # the oracle contradicts it, or a variable is missing
            return
    raise AssertionError(f"no difference is found where {fault}")
