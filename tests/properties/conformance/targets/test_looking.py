"""Targets that show their state beside the verdict: what is wrong shows at the step that goes wrong."""

import shlex
import sys

import pytest

from examples.locker import GlassLocker, LeakingLocker
from examples.parcel_locker import Box, Put, claims, system
from properties.conformance.diagnosis.examination import examine
from properties.conformance.diagnosis.standing import Standing
from properties.conformance.failure_text import deviating
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour
from properties.conformance.targets.opening import open_target


def served(name):
    return f"{shlex.quote(sys.executable)} -m properties.conformance.targets.json_lines_server examples.locker:{name}"


@pytest.mark.parametrize("spec", ["examples.locker:GlassLocker", served("GlassLocker")], ids=["object", "lines"])
def test_the_state_comes_beside_the_verdict(spec):
    target = open_target(spec, system)
    try:
        target.reset(system.state())
        assert target.send(Put()).after == {"box": Box.FULL}
    finally:
        target.close()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("full", "the state is a text, expected an object"),
        ({"bax": "empty"}, "the state has 'bax', expected"),
        ({"box": "gone"}, "the state has 'gone' as 'box', expected a word of it"),
        ({"box": 3}, "the state has 3 as 'box', expected a word of it"),
    ],
)
def test_a_state_that_makes_no_sense_is_garbage(state, words):
    class Locker(GlassLocker):
        def look(self):
            return state

    target = open_target(Locker, system)
    target.reset(system.state())
    with pytest.raises(Misbehaved, match="state") as raised:
        target.send(Put())
    assert raised.value.kind is Misbehaviour.GARBAGE
    assert words in str(raised.value)


def test_who_shows_the_right_state_passes():
    found = examine(claims, lambda: open_target(GlassLocker, system))
    assert not found.causes
    compared = found.findings.visibility.compared
    assert compared["state:box"] == compared["outcome"] > 0


@pytest.mark.slow
def test_what_is_refused_and_has_an_effect_is_found_where_it_happens():
    found = examine(claims, lambda: open_target(LeakingLocker, system))
    (cause,) = found.causes
    run = found.shortest[cause.rule]
    assert cause.declaration.label == "the check at the locker: the code is right"
    assert [str(step.request) for step in run.run] == ["Put", "Take (code wrong)"]
    assert deviating(system, run) == ["box afterwards (empty, and not holds a parcel)"]
    assert found.findings.rule(cause.rule).standing is Standing.FAILED
