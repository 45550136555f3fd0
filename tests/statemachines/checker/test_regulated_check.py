"""Claims that an assumption alone decides are set apart."""

from unittest.mock import Mock, call

import pytest

from statemachines import Claims, Reached, Register, Rule, after, always, check, is_a, sometimes
from statemachines.checker.engine import Engine
from statemachines.checker.regulated_check import (
    ALONE,
    FAILS_BY,
    HOLDS_BY,
    NOT_KNOWN,
    OTHERWISE,
    check_regulated,
    left_open_without,
)
from statemachines.errors import TooLargeError
from statemachines.semantics.regulated import switched_off
from tests.statemachines.semantics.test_left_open import Flag, Party, Tell, Why, at, flags, reason, system
from tests.support.house import Door, Lamp, Turn, door, house, lamp

LOCKED_DARK = "a locked house stays dark"


def claims(*numbers):
    rules = [
        Rule(f"HOUSE-{number}", "It is so.", "the manual", "all" if number in numbers else "") for number in range(1, 7)
    ]
    return Claims(
        house(register=Register(rules), explored=False),
        [
            always(
                "the key moves no open door", when=is_a(Turn) & (door == Door.OPEN), then=after(door) == Door.OPEN,
                rules="HOUSE-3",
            ),
            always("the door is never locked", then=door != Door.LOCKED, rules="HOUSE-2"),
            sometimes("there is light", of=lamp == Lamp.ON, rules="HOUSE-1"),
            sometimes("the door is locked", of=door == Door.LOCKED, rules="HOUSE-2"),
        ],
    )  # fmt: skip


def decided(*numbers, only=()):
    report, apart = check_regulated(claims(*numbers), only=only)
    holding = {finding.claim.name: finding.holds for finding in report.findings}
    return holding, {one.claim.name: one.why for one in apart}, report


def test_without_assumptions_everything_is_decided_as_ever():
    holding, apart, report = decided()
    assert (list(holding.values()), apart) == ([True, False, True, True], {})
    assert report.wellformedness is not None
    assert not report.holds


def test_what_only_an_assumption_makes_so_is_unspecified():
    # turning the key (HOUSE-3) is an assumption: without it no door is ever locked
    holding, apart, report = decided(3)
    assert holding == {"there is light": True}
    assert apart == {
        "the key moves no open door": ALONE,
        "the door is never locked": FAILS_BY,
        "the door is locked": HOLDS_BY,
    }
    assert report.holds


def test_what_is_asked_for_alone_has_no_survey():
    holding, apart, report = decided(1, only=["there is light"])
    assert (holding, apart, report.wellformedness) == ({}, {"there is light": ALONE}, None)
    assert report.requests == 7
    holding, apart, report = decided(1, only=["the door is locked"])
    assert (holding, apart, report.wellformedness) == ({"the door is locked": True}, {}, None)
    declared = claims(1)
    assert check(declared, only=["there is light"]).wellformedness is None
    assert check(declared, only=["there is light"], well_formed=True).wellformedness is not None
    assert check(declared, well_formed=False).wellformedness is None


def test_runs_are_left_out_where_sets_decide_and_nobody_shows_them():
    shown, left_out = (
        check(claims(), only=["the door is never locked"], engine=Engine.SYMBOLIC, runs=runs).findings[0]
        for runs in (True, False)
    )
    assert (shown.holds, left_out.holds, left_out.counterexample) == (False, False, None)
    assert shown.counterexample is not None


@pytest.mark.parametrize("numbers", [(), (1,), (3,)])
def test_every_claim_is_decided_or_set_apart(numbers):
    holding, apart, _ = decided(*numbers)
    assert not holding.keys() & apart.keys()
    assert len(holding) + len(apart) == 4


@pytest.mark.parametrize("engine", Engine)
def test_what_an_order_or_an_aspect_of_an_assumption_decides_is_unspecified(engine):
    """The order of checks, the order of parties and who refuses are assumptions: it was said to hold by rules alone."""
    up = {name: flag == Flag.UP for name, flag in flags.items()}
    said = [
        always("a is said before b", when=is_a(Tell) & up["a"] & up["b"], then=reason == Why.A, rules="R-1"),
        always("a is said before c", when=is_a(Tell) & up["a"] & up["c"], then=reason != Why.C, rules="R-1"),
        always("what is refused for b is refused first", when=reason == Why.B, then=at == Party.FIRST, rules="R-1"),
        always("all come to the first", when=is_a(Tell), then=Reached(Party.FIRST), rules="R-1"),
        always("c is said before d", when=is_a(Tell) & up["c"] & up["d"], then=reason != Why.D, rules="R-1"),
        always("what is refused has a cause", when=reason == Why.A, then=up["a"], rules="R-1"),
        sometimes("a is said where b is", of=(reason == Why.A) & up["b"], rules="R-1"),
    ]
    report, apart = check_regulated(Claims(system(), said), engine=engine)
    assert [finding.claim.name for finding in report.findings if finding.holds] == [
        "c is said before d", "what is refused has a cause"
    ]  # fmt: skip
    assert [one.why.removeprefix(OTHERWISE) for one in apart] == [
        "'b' is asked first at the first (check 2 of gate 1)",
        "the second is asked first (gate 2)",
        "the verdict's 'at' is 'second', which an assumption decides",
        "the second is asked first (gate 2)",
        "'b' is asked first at the first (check 2 of gate 1)",
    ]
    report, apart = check_regulated(Claims(system(order="", place="", party="R-1"), said), engine=engine)
    assert (len(report.findings), apart) == (7, ())


def test_without_an_assumption_what_it_said_of_a_verdict_is_unspecified():
    """It was said to hold without the assumption that it rests on; what other assumptions say stays."""
    declared = system(third="R-1 PARTY-2")
    said = [
        always("what is refused for b is refused first", when=reason == Why.B, then=at == Party.FIRST, rules="R-1"),
        always("a is said first", when=is_a(Tell) & (flags["a"] == Flag.UP), then=reason == Why.A, rules="R-1"),
    ]
    for ids, left in ((["PARTY-1"], [said[1]]), (["PARTY-2"], [said[0], said[1]])):
        report = check(Claims(switched_off(declared, ids), said))
        assert report.holds
        progress = Mock()
        kept, apart = left_open_without(report, ids, progress=progress)
        assert progress.call_args_list == [call(0, 2), call(1, 2)]
        assert [finding.claim for finding in kept.findings] == left
        assert [one.claim for one in apart] == [claim for claim in said if claim not in left]


def test_what_cannot_be_known_is_not_said_to_hold():
    said = [always("all come to the first", when=is_a(Tell), then=Reached(Party.FIRST), rules="R-1")]
    report, (one,) = check_regulated(Claims(system(), said), memory=2_000, engine=Engine.EXPLICIT)
    assert report.findings == ()
    assert one.why.startswith(f"{NOT_KNOWN}system 'orders' has decision diagrams of more than")
    with pytest.raises(TooLargeError):
        check_regulated(Claims(system(), said), memory=2_000, engine=Engine.SYMBOLIC)
