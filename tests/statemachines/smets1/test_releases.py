"""Which release may be in force on a day (DES-5, MOD-11)."""

from datetime import date

import pytest

from statemachines.smets1.releases import Release, in_force

BEFORE, UPLIFT, NOVEMBER = Release
GIVEN = {UPLIFT: date(2020, 10, 1), NOVEMBER: date(2020, 11, 15)}


@pytest.mark.parametrize(
    ("on", "since", "expected"),
    [
        (date(2019, 1, 1), {}, (BEFORE,)),
        (date(2020, 9, 25), {}, (BEFORE,)),
        (date(2020, 9, 26), {}, (BEFORE, UPLIFT)),
        (date(2020, 10, 31), {}, (BEFORE, UPLIFT)),
        (date(2020, 11, 1), {}, (BEFORE, UPLIFT, NOVEMBER)),
        (date(2020, 11, 30), {}, (BEFORE, UPLIFT, NOVEMBER)),
        (date(2020, 12, 1), {}, (NOVEMBER,)),
        (date(2020, 9, 30), GIVEN, (BEFORE,)),
        (date(2020, 10, 1), GIVEN, (UPLIFT,)),
        (date(2020, 11, 14), GIVEN, (UPLIFT,)),
        (date(2020, 11, 15), GIVEN, (NOVEMBER,)),
        (date(2020, 10, 15), {UPLIFT: date(2020, 10, 1)}, (UPLIFT,)),
        (date(2020, 11, 2), {UPLIFT: date(2020, 10, 1)}, (UPLIFT, NOVEMBER)),
    ],
)
def test_releases_that_may_be_in_force(on, since, expected):
    assert in_force(on, since) == expected
