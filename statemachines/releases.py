"""Which release of DCC's systems is in force: behaviour follows it (DES-5)."""

from enum import Enum

from statemachines.core.expression import Variable
from statemachines.core.lifecycle import Lifecycle, Transition
from statemachines.vocabulary import DeployRelease


class Release(Enum):
    """The releases, in order."""

    BEFORE_UPLIFT_1_2 = "before Uplift 1.2"
    UPLIFT_1_2 = "Uplift 1.2"
    NOVEMBER_2020 = "November 2020 maintenance"


release = Variable("release", Release, ordered=True, label="release in force")

lifecycle = Lifecycle(
    release,
    initial=Release.BEFORE_UPLIFT_1_2,
    transitions=[
        Transition(Release.BEFORE_UPLIFT_1_2, DeployRelease, Release.UPLIFT_1_2, rules="DES-5"),
        Transition(Release.UPLIFT_1_2, DeployRelease, Release.NOVEMBER_2020, rules="DES-5"),
    ],
)
