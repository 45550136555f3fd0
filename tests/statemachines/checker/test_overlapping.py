"""Two transitions that can fire at once: nothing explores them, nothing holds of them, and it is said why."""

import pytest

from statemachines import Claims, DeclarationError, Transition, always, always_possible, check, sometimes
from statemachines.checker.check import UNDECIDED
from statemachines.checker.equivalence import distinguish
from statemachines.checker.explicit import explore
from statemachines.checker.regulated_check import check_regulated
from statemachines.language.expression import TRUE
from tests.support import house

PROBLEM = "lifecycle 'lamp': two transitions can fire at once"


@pytest.fixture
def overlapping():
    """A press turns the lamp on while the door is open, and leaves it off where Ann has the key."""
    both = [
        Transition(house.Lamp.OFF, house.Press, house.Lamp.ON, when=house.door == house.Door.OPEN, rules="HOUSE-1"),
        Transition(house.Lamp.OFF, house.Press, house.Lamp.OFF, when=house.holder == house.Person.ANN, rules="HOUSE-1"),
        Transition(house.Lamp.ON, house.Press, house.Lamp.OFF, rules="HOUSE-1"),
    ]
    lamps = house.lamps(transitions=both)
    others = house.parts()["lifecycles"][1:]
    return house.house(lifecycles=[lamps, *others], explored=False)


def _claims(system):
    return Claims(
        system,
        [
            always("anything", then=TRUE, rules="HOUSE-1"),
            sometimes("light", of=house.lamp == house.Lamp.ON, rules="HOUSE-1"),
            always_possible("dark", goal=house.lamp == house.Lamp.OFF, rules="HOUSE-1"),
        ],
    )


def test_it_is_not_explored(overlapping):
    with pytest.raises(DeclarationError, match=PROBLEM):
        explore(overlapping)


@pytest.mark.parametrize("only", [(), ("light",)], ids=["all claims", "one claim"])
def test_no_claim_holds_of_it_and_the_report_says_why(overlapping, only):
    report = check(_claims(overlapping), only=only)
    assert not report.holds
    assert [finding.claim.name for finding in report.findings] == list(only or ("anything", "light", "dark"))
    assert {(finding.holds, finding.vacuous) for finding in report.findings} == {(False, UNDECIDED)}
    assert any(problem.startswith(PROBLEM) for problem in report.wellformedness.problems)


@pytest.mark.parametrize("only", [(), ("light",)], ids=["all claims", "one claim"])
def test_nor_does_any_on_the_rules_alone(overlapping, only):
    report, _ = check_regulated(_claims(overlapping), only=only)
    assert not report.holds
    assert any(problem.startswith(PROBLEM) for problem in report.wellformedness.problems)


def test_no_system_is_compared_with_it(overlapping, house_system):
    mutant = house_system.varied(lifecycles=[overlapping.lifecycles[0], *house_system.lifecycles[1:]])
    with pytest.raises(DeclarationError, match=PROBLEM):
        distinguish(house_system, mutant)


def test_of_systems_without_one_nothing_is_reported(house_system):
    report = check(_claims(house_system))
    assert report.holds
    assert report.wellformedness.not_deterministic == ()
