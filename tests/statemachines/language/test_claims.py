"""Claims: what says nothing, or cannot be decided, is refused when it is made."""

import pytest

from statemachines import (
    Claims,
    Constraint,
    DeclarationError,
    Field,
    Observed,
    Variable,
    after,
    always,
    always_possible,
    check,
    indistinguishable,
    sometimes,
)
from statemachines.language.expression import IsA
from tests.support import house


@pytest.mark.parametrize(
    ("make", "of_steps"),
    [
        (lambda it: it.lamp == it.Lamp.ON, False),
        (lambda it: after(it.lamp) == it.Lamp.ON, True),
        (lambda it: it.by == it.Person.ANN, True),
        (lambda it: it.outcome == it.Say.DONE, True),
        (lambda it: ~(IsA((it.Push,)) & (it.lamp == it.Lamp.ON)), True),
    ],
)
def test_a_claim_speaks_of_steps_if_any_part_does(make, of_steps):
    assert sometimes("it", of=make(house), rules="HOUSE-1").of_steps == of_steps
    assert always("it", when=make(house), then=house.lamp == house.Lamp.ON, rules="HOUSE-1").of_steps == of_steps


def _always(it, **changes):
    return always(**{"name": "it", "then": it.lamp == it.Lamp.OFF, "rules": "HOUSE-1"} | changes)


def _secret(it, **changes):
    between = (it.Person.ANN, it.Person.BEN)
    given = {"name": "it", "secret": it.holder, "between": between, "sees": it.by == it.Person.CAT}
    return indistinguishable(**given | {"observes": (it.outcome,), "rules": "HOUSE-5"} | changes)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda it: [_always(it), _always(it)], "two claims have the name 'it'"),
        (lambda it: [_always(it, rules="HOUSE-9")], "claim 'it' cites rule 'HOUSE-9'"),
        (lambda it: [_always(it, rules="")], "claim 'it' cites no rule"),
        (lambda it: [_always(it, then=Variable("lamb", it.Lamp) == it.Lamp.ON)], "claim 'it': unknown variable 'lamb'"),
        (
            lambda it: [_always(it, then=after(Variable("lamb", it.Lamp)) == it.Lamp.ON)],
            "claim 'it': unknown variable 'lamb'",
        ),
        (
            lambda it: [_always(it, when=Field("of", it.Person) == it.Person.ANN)],
            "claim 'it': no request has the field 'of'",
        ),
        (lambda it: [_secret(it, secret=Variable("owner", it.Person))], "claim 'it': unknown variable 'owner'"),
        (lambda it: [_secret(it, between=(it.Person.ANN,))], "claim 'it' needs two values of 'holder'"),
        (lambda it: [_secret(it, between=(it.Person.ANN, it.Lamp.ON))], "'holder' cannot be <Lamp.ON"),
        (
            lambda it: [always_possible("it", goal=after(it.lamp) == it.Lamp.ON, rules="HOUSE-1")],
            "claim 'it' is of states, and 'lamp afterwards is on' speaks of a step",
        ),
        (
            lambda it: [always_possible("it", when=IsA((it.Push,)), goal=it.lamp == it.Lamp.ON, rules="HOUSE-1")],
            "claim 'it' is of states",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(house_system, make, says):
    with pytest.raises(DeclarationError, match=says):
        Claims(house_system, make(house))


VACUOUS = [
    lambda it: always(
        "it", when=(it.lamp == it.Lamp.ON) & (it.fuse == it.Fuse.BLOWN), then=it.door == it.Door.OPEN, rules="HOUSE-4"
    ),
    lambda it: always(
        "it", when=IsA((it.Press,)) & (it.by == it.Person.ANN), then=it.door == it.Door.OPEN, rules="HOUSE-4"
    ),
    lambda it: sometimes("it", of=(it.lamp == it.Lamp.ON) & (it.fuse == it.Fuse.BLOWN), rules="HOUSE-4"),
    lambda it: always_possible(
        "it", when=(it.lamp == it.Lamp.ON) & (it.fuse == it.Fuse.BLOWN), goal=it.door == it.Door.OPEN, rules="HOUSE-4"
    ),
    lambda it: _secret(it, sees=(it.by == it.Person.ANN) & (it.by == it.holder)),
]


@pytest.mark.parametrize("make", VACUOUS)
def test_a_claim_that_says_nothing_does_not_hold_and_hides_no_other(house_system, make):
    dark = always("dark", then=house.lamp == house.Lamp.OFF, rules="HOUSE-1")
    result, other = check(Claims(house_system, [make(house), dark])).findings
    assert not result.holds
    assert other.counterexample is not None
    assert result.vacuous
    assert result.counterexample is None


def test_constraints_are_claimed_first_and_by_name():
    dark = Constraint(
        "no light in a locked house",
        when=house.door == house.Door.LOCKED,
        then=house.lamp == house.Lamp.OFF,
        rules="HOUSE-1",
    )
    claims = Claims(house.house(constraints=[dark]), [_always(house)])
    assert [claim.name for claim in claims.claims] == ["no light in a locked house", "it"]
    assert claims.named("it").kind == "always, of a state"
    with pytest.raises(DeclarationError, match=r"no property is named 'that'; did you mean: .*it.*"):
        claims.named("that")


def test_observed_aspects_may_have_no_value(house_system):
    noise = Observed("response", house.Noise)
    silent = always(
        "it", when=house.outcome == house.Say.REFUSED, then=~noise.is_in(house.Noise.CLICK), rules="HOUSE-4"
    )
    assert silent.of_steps
