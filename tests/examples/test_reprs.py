"""What a console shows of the parcel locker is short, and says what there is."""

import pytest

import statemachines as sm
from examples import parcel_locker as it

SHORT = {
    "system": lambda: it.system,
    "claims": lambda: it.claims,
    "report": lambda: sm.check(it.claims),
    "finding": lambda: sm.check(it.claims).findings[0],
    "trace": lambda: sm.replay(it.system, it.system.state(), [it.Put(), it.Wait()]),
    "lifecycle": lambda: it.lifecycle,
    "gate": lambda: it.locker,
    "answer": lambda: it.done,
    "claim": lambda: it.wrong,
    "condition": lambda: it.box != it.Box.EMPTY,
}


@pytest.mark.parametrize("what", SHORT)
def test_reprs_are_short(what):
    assert len(repr(SHORT[what]())) < 300


def test_conditions_are_in_words():
    assert repr(it.box == it.Box.FULL) == "<condition: box is holds a parcel>"
    assert repr(it.system) == "<system 'parcel locker': 1 lifecycles, 3 request types>"
    assert repr(sm.check(it.claims)) == "<report of 2 claims: 2 hold>"


def test_what_there_is_is_listed():
    assert set(sm.__all__) <= set(dir(sm))
    assert "box" in dir(it.system.state())
