"""Claims that an assumption alone decides are set apart."""

import pytest

from statemachines import Claims, Register, Rule, after, always, is_a, sometimes
from statemachines.checker.regulated_check import ALONE, FAILS_BY, HOLDS_BY, check_regulated
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


@pytest.mark.parametrize("numbers", [(), (1,), (3,)])
def test_every_claim_is_decided_or_set_apart(numbers):
    holding, apart, _ = decided(*numbers)
    assert not holding.keys() & apart.keys()
    assert len(holding) + len(apart) == 4
