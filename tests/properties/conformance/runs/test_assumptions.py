"""Assumptions that a target does not keep, and runs on the rules alone."""

import json
import re

import pytest

pytestmark = pytest.mark.slow


ASSUMED = """
import attrs

from examples.parcel_locker import claims as ruled
from statemachines import Register, Rule

waiting = Rule("BOX-2", "A parcel that waits too long goes back.", "none", "all")
register = Register([ruled.system.register["BOX-1"], waiting])
claims = attrs.evolve(ruled, system=attrs.evolve(ruled.system, register=register))
"""


def test_an_assumption_that_is_not_kept_is_a_warning(run, place):
    (place / "assumed.py").write_text(ASSUMED)
    words = ("-q", "--system", "assumed:claims", "--sut", "locker:WaitDoesNothing", "--report-json", "assumed.json")
    warned = run(*words)
    assert warned.returncode == 0, warned.stdout
    assert re.search(r"BOX-2 +assumption not kept ", warned.stdout)
    assert "rules: 1 passed, 1 assumption not kept" in warned.stdout
    assert "assumptions that the target does not keep, and no rule is broken by that: BOX-2" in warned.stdout
    result = json.loads((place / "assumed.json").read_text())
    assert {one["name"]: (one["standing"], one["basis"]) for one in result["rules"]} == {
        "BOX-1": ("passed", "regulated"),
        "BOX-2": ("assumption not kept", "assumed"),
    }
    assert run(*words, "--assumption-exit-code", "10").returncode == 10
    assert run(*words[:-1], "assumed.json", "--sut", "locker:Locker", "--assumption-exit-code", "10").returncode == 0
    assert run(*words, "--assumption-exit-code", "1").returncode == 4
    assert run(*words[:4], "locker:AnyCodeOpens", "--assumption-exit-code", "10").returncode == 1


def test_on_the_rules_alone_what_is_assumed_is_counted_apart(run, place):
    (place / "assumed.py").write_text(ASSUMED)
    done = run("-q", "--system", "assumed:claims", "--sut", "locker:WaitDoesNothing", "--only", "regulated")
    assert done.returncode == 0, done.stdout
    assert re.search(r"BOX-2 +unspecified ", done.stdout)
    assert "rules: 1 passed in part, 1 unspecified" in done.stdout
    assert re.search(r"unspecified: an assumption alone decides \d+ of what is to be shown", done.stdout)
