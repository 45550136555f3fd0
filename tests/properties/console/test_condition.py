"""Conditions as options give them: what is understood, and what is said of what is not."""

import pytest

from properties.console.condition import ConditionError, parse_condition
from statemachines import Count, Lifecycle, Variable
from statemachines.language.system import System


@pytest.fixture(scope="module")
def system(house):
    count = Count(-1, 3)
    levels = [Lifecycle(Variable(name, count), initial=tuple(count)) for name in ("level", "limit")]
    made = house.house()
    return System(
        "levels", made.register, lifecycles=[*made.lifecycles, *levels], requests=made.requests, answers=made.answers
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("level == 2", "level is 2"),
        ("level >= -1 + 0 or level == 2", None),
        ("level in (0, 1)", "level is 0 to 1"),
        ("level not in (0, 1)", "level is -1 or 2 to 3"),
        ("level < limit", "level is less than the limit"),
        ("not level == 2 and limit > -1", "level is -1 to 1 or 3 and limit is 0 or more"),
        ("level == 9", None),
        ("level", None),
        ("level is 2", None),
        ("0 <= level <= 2", None),
        ("level ==", None),
        ("nothing == 1", None),
        ("__import__('os')", None),
        ("level == True", None),
    ],
)
def test_conditions(system, text, words):
    if words is None:
        with pytest.raises(ConditionError) as refused:
            parse_condition(text, system)
        assert text in str(refused.value)
        assert "<unknown>" not in str(refused.value)
    else:
        assert parse_condition(text, system).words() == words


def test_the_names_of_values_are_understood(system):
    variable = system.lifecycles[0].variable
    value = variable.domain[0]
    assert parse_condition(f"{variable.name} == {value.name}", system).words() == (variable == value).words()
    names = ", ".join(member.name for member in variable.domain)
    with pytest.raises(ConditionError, match=f"cannot be NOTHING; expected one of: {names}"):
        parse_condition(f"{variable.name} == NOTHING", system)
