"""Each claim on the system under test."""

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from properties.coverage import Coverage
from properties.runs import Broken, Target
from properties.stateful import state_machine
from statemachines.core.check import Finding
from statemachines.core.claims import Claims


def test_always(always: str, claims: Claims, target: Target, coverage: Coverage, walking: settings) -> None:
    """The claim holds at every step of a steered walk."""
    machine = state_machine(claims, target=target, coverage=coverage, only=[always])
    found = ""
    try:
        run_state_machine_as_test(machine, settings=walking)
    except Broken as broken:
        found = str(broken)
    if found:  # outside of the handler, or pytest would show the exception as well
        pytest.fail(found, pytrace=False)


def test_sometimes(sometimes: str, witnesses: dict[str, Finding]) -> None:
    """Something happens that has to be able to happen."""
    if not witnesses[sometimes].holds:
        pytest.fail(f"this cannot happen: {sometimes}", pytrace=False)
