"""Which requests change their verdict, from one value to another and without assumptions."""

import json

import attrs
import pytest
from click.testing import CliRunner

from properties.cli.main import main
from properties.tracing.differences import sides, verdicts_that_differ
from statemachines import Constraint, Register, Rule
from statemachines.errors import UnknownNameError
from tests.support.house import Door, Fuse, Press, door, fuse, house

LOCKER = "examples.parcel_locker:claims"


def described(_, request):
    return request.type.name, request.as_dict().get("by", ""), ""


def differences(system, first, second):
    one, two = sides(system, first, second)
    requests = list(system.all_requests())
    return verdicts_that_differ(one, two, [system.state()], requests, describe=described)


@pytest.fixture(scope="module")
def assuming():
    """The house, where what is asked of a key is an assumption."""
    rules = [
        Rule(f"HOUSE-{number}", "It is so.", "the manual", "all" if number in (3, 5) else "") for number in range(1, 7)
    ]
    return house(register=Register(rules), explored=False)


def test_what_a_value_changes(assuming):
    (finding,) = differences(assuming, "whole", "blown")
    assert (finding.request, finding.before, finding.after) == (
        "PressSwitch", "done at the switch: a click: as asked", "refused at the switch: the fuse is blown",
    )  # fmt: skip
    assert finding.rules == ("HOUSE-1", "HOUSE-4")


def test_alike_requests_are_together_and_facts_are_those_that_are_read(assuming):
    finding = differences(assuming, "open", "locked")
    pushed = [one for one in finding if one.request == "PushDoor"]
    assert next((one.before, one.after) for one in pushed) == (
        "done at the door: a creak: as asked", "refused at the door: the door is locked",
    )  # fmt: skip
    turned = [
        one for one in finding if one.request == "TurnKey" and one.sender == "Ann" and one.after.startswith("done")
    ]
    assert [(one.facts, one.before) for one in turned] == [(("Ann",), "refused at the lock: the door is open")]


def test_nothing_differs_from_itself(assuming):
    assert differences(assuming, "whole", "whole") == ()


def test_without_an_assumption(assuming):
    finding = differences(assuming, "without HOUSE-3", "")
    assert {one.request for one in finding} == {"TurnKey"}
    assert all("HOUSE-3*" in one.rules for one in finding)


def test_what_is_left_open_without_an_assumption_is_a_difference():
    """Nothing was said to change without an assumption that decides who refuses."""
    rules = [Rule(f"HOUSE-{number}", "It is so.", "the manual") for number in range(1, 7)]
    decided = Register([*rules, Rule("HERE", "It is said there.", "none", "all", decides="at")])
    plain = house(register=decided, explored=False)
    citing = attrs.evolve(plain, answers=[attrs.evolve(one, rules=(*one.rules, "HERE")) for one in plain.answers])
    (finding, *_) = differences(citing, "without HERE", "")
    assert (finding.before, finding.after) == (
        f"{finding.after} (at left open)",
        finding.before[: -len(" (at left open)")],
    )
    assert "HERE*" in finding.rules
    assert differences(plain, "without HERE", "") == ()


def test_a_state_that_a_constraint_forbids_is_left_out():
    dark = Constraint("a house without power is open", when=fuse == Fuse.BLOWN, then=door == Door.OPEN, rules="HOUSE-4")
    system = house(constraints=[dark], explored=False)
    one, two = sides(system, "whole", "blown")
    shut = system.state(door=Door.SHUT)
    assert verdicts_that_differ(one, two, [shut], [Press()], describe=described) == ()
    assert verdicts_that_differ(one, two, [system.state()], [Press()], describe=described)


@pytest.mark.parametrize(("first", "second", "result"), [
    ("whole", "open", "'whole' and 'open' are not values of one variable; expected two of"),
    ("nonsense", "open", "'nonsense' and 'open' are not values of one variable"),
    ("without X-1", "", "'without X-1' names no assumptions"),
    ("whole", "", "'whole' names no assumptions"),
])  # fmt: skip
def test_words_that_name_nothing_are_refused(assuming, first, second, result):
    with pytest.raises(UnknownNameError, match=result):
        sides(assuming, first, second)


def test_the_command():
    words = ["diff", "--system", LOCKER, "--from", "empty", "--to", "holds a parcel too long"]
    reported = json.loads(CliRunner().invoke(main, [*words, "--json"]).stdout)
    assert (reported["from"], reported["to"]) == ("empty", "holds a parcel too long")
    assert {one["request"] for one in reported["differences"]} == {"Put", "Take"}
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0
    assert (
        "2 kinds of request change their verdict, or what they change, from empty to holds a parcel too long\n"
        in result.stdout
    )
    wrong = CliRunner().invoke(main, [*words[:-1], "nonsense"])
    assert wrong.exit_code == 2
    assert "are not values of one variable" in wrong.stderr
