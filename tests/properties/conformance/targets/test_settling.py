"""Targets that answer first and act later: waited for as they say, and otherwise late, which is one report."""

import time

import pytest

from examples.locker import Locker
from examples.parcel_locker import claims
from properties.conformance.diagnosis.examination import examine
from properties.conformance.diagnosis.standing import Standing
from properties.conformance.targets.misbehaviour import Misbehaved, Misbehaviour
from properties.conformance.targets.opening import open_target
from properties.conformance.targets.target import Limits
from statemachines.files.toml import TomlFileError, parse_toml

LIMITS = Limits(5, 5)


class Late(Locker):
    """What a request does comes a moment after its answer."""

    seconds, settle, asked = 0.015, None, 0

    def __init__(self):
        super().__init__()
        self.due, self.coming = 0.0, None

    def statement(self):
        return {} if self.settle is None else {"settle": self.settle}

    def arrive(self):
        if self.coming is not None and time.monotonic() >= self.due:
            self.box, self.coming = self.coming, None

    def reset(self, state):
        self.coming = None
        super().reset(state)

    def send(self, request):
        self.arrive()
        before = self.box
        verdict = super().send(request)
        if self.box != before:
            self.box, self.coming, self.due = before, self.box, time.monotonic() + self.seconds
        return verdict

    def settled(self):
        type(self).asked += 1
        if self.settle == "event":
            time.sleep(max(self.due - time.monotonic(), 0))
        self.arrive()
        return self.coming is None


def examined(factory):
    return examine(claims, lambda: open_target(factory, claims.system, limits=LIMITS), limits=LIMITS)


def standings(made):
    return {made.findings.rule(rule).standing for rule in claims.system.register}


@pytest.mark.slow
def test_what_comes_late_is_reported_once_and_blames_no_rule():
    made = examined(Late)
    assert made.campaign.late is not None
    assert made.campaign.late.pause >= Late.seconds
    assert (made.causes, standings(made)) == ((), {Standing.PASSED})


@pytest.mark.slow
def test_it_is_waited_for_as_long_as_two_tries_show_to_be_enough():
    slow = type("Slow", (Late,), {"seconds": 0.06})
    made = examine(claims, lambda: open_target(slow, claims.system, limits=LIMITS), only=("V0002",), limits=LIMITS)
    assert made.campaign.late.pause == 0.2
    assert not made.causes


@pytest.mark.slow
@pytest.mark.parametrize("settle", ["poll", "event", 0.04])
def test_a_target_that_says_how_it_settles_is_not_late(settle):
    kind = type("Settling", (Late,), {"settle": settle, "asked": 0})
    made = examined(kind)
    assert (made.campaign.late, made.causes, standings(made)) == (None, (), {Standing.PASSED})
    assert (kind.asked > 0) is isinstance(settle, str)


@pytest.mark.slow
def test_a_fault_is_no_lateness_and_shows_in_a_target_that_is_late():
    class Faulty(Late):
        def send(self, request):
            self.arrive()
            if request["type"] == "Take" and self.box == "holds a parcel too long":
                request = {**request, "code": "right"}
            return super().send(request)

    assert standings(examined(type("Settled", (Faulty,), {"settle": "poll"}))) >= {Standing.FAILED}
    quick = examined(type("Quick", (Faulty,), {"seconds": 0.0}))
    assert (quick.campaign.late, Standing.FAILED in standings(quick)) == (None, True)
    late = examined(Faulty)
    assert (late.campaign.late is not None, Standing.FAILED in standings(late)) == (True, True)


@pytest.mark.parametrize(
    ("settle", "kind"),
    [("poll", Misbehaviour.HANGS), ("event", Misbehaviour.GARBAGE)],
)
def test_one_that_never_settles_is_reported_to(settle, kind):
    class Never(Late):
        def settled(self):
            return False

    Never.settle = settle
    target = open_target(Never, claims.system, limits=Limits(0.05, 5))
    with pytest.raises(Misbehaved) as caught:
        target.reset(claims.system.state())
    assert caught.value.kind is kind


def test_a_way_to_settle_that_is_none_is_refused():
    from properties.conformance.statement import _statement
    from properties.domain import NEUTRAL

    for text, words in (('settle = "soon"', "expected one of"), ("settle = 0", "expected a number of seconds")):
        with pytest.raises(TomlFileError, match=words):
            _statement(parse_toml(text.encode(), "statement.toml"), claims.system, NEUTRAL)
