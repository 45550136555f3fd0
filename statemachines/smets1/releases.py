"""Which release of DCC's systems is in force: behaviour follows it (DES-5)."""

from collections.abc import Mapping
from datetime import date
from enum import Enum

from statemachines.language.component import Component
from statemachines.language.expression import Expr
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.terms import Variable
from statemachines.smets1.verdicts import happens, happens_only
from statemachines.smets1.vocabulary import DeployRelease, Party


class Release(Enum):
    """The releases, in order."""

    BEFORE_UPLIFT_1_2 = "before Uplift 1.2"
    UPLIFT_1_2 = "Uplift 1.2"
    NOVEMBER_2020 = "November 2020 maintenance"


class ReleaseReason(Enum):
    """Why no release comes into force."""

    LAST_RELEASE = "no later release is known"


release = Variable("release", Release, ordered=True, label="release in force")

UPLIFT_1_2_IN_FORCE: Expr = release >= Release.UPLIFT_1_2
NOVEMBER_2020_IN_FORCE: Expr = release >= Release.NOVEMBER_2020

component = Component(
    "releases",
    lifecycles=[
        Lifecycle(
            release,
            initial=Release.BEFORE_UPLIFT_1_2,
            transitions=[
                Transition(Release.BEFORE_UPLIFT_1_2, DeployRelease, Release.UPLIFT_1_2, rules="DES-5"),
                Transition(Release.UPLIFT_1_2, DeployRelease, Release.NOVEMBER_2020, rules="DES-5"),
            ],
        )
    ],
    checks={
        Party.PREMISES: [
            happens_only(
                DeployRelease,
                "a later release is known",
                release < Release.NOVEMBER_2020,
                otherwise=ReleaseReason.LAST_RELEASE,
                rules="DES-5",
            )
        ]
    },
    answers=[happens(DeployRelease, "DES-5 MOD-60")],
)

REPORT_DAY = date(2020, 9, 25)
"""The day of the report, which speaks of both later releases as still to come (MOD-11)."""
OCTOBER_ENDS, NOVEMBER_IS_OVER = date(2020, 10, 31), date(2020, 12, 1)


def in_force(on: date, since: Mapping[Release, date]) -> tuple[Release, ...]:
    """The releases that may be in force on a day; more than one where the sources leave it open (DES-5, MOD-11).

    Parameters
    ----------
    on: the day.
    since: the first day of each release whose first day is known; it decides before any assumption does.

    >>> in_force(date(2020, 9, 1), {})
    (<Release.BEFORE_UPLIFT_1_2: 'before Uplift 1.2'>,)
    >>> [release.value for release in in_force(date(2020, 10, 15), {})]
    ['before Uplift 1.2', 'Uplift 1.2']
    """
    uplift = _reached(on, since.get(Release.UPLIFT_1_2), REPORT_DAY, NOVEMBER_IS_OVER)
    november = _reached(on, since.get(Release.NOVEMBER_2020), OCTOBER_ENDS, NOVEMBER_IS_OVER)
    if Release.UPLIFT_1_2 in since and True not in uplift:
        november = frozenset([False])  # no release comes before the one before it
    return tuple(
        release
        for release, possible in (
            (Release.BEFORE_UPLIFT_1_2, False in uplift and False in november),
            (Release.UPLIFT_1_2, True in uplift and False in november),
            (Release.NOVEMBER_2020, True in november),
        )
        if possible
    )


def _reached(on: date, first: date | None, not_up_to: date, surely_from: date) -> frozenset[bool]:
    """Whether a release may be, and may not be, in force on a day."""
    if first is not None:
        return frozenset([on >= first])
    if on <= not_up_to:
        return frozenset([False])
    return frozenset([True]) if on >= surely_from else frozenset([False, True])
