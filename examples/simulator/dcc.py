"""What all of the DCC's systems share: the release in force, who uses which DUIS, and the installation."""

from dataclasses import dataclass, field

from . import reasons
from .answers import CannotHappen
from .faults import Fault
from .installation import Installation
from .words import SUPPLIERS, Release


@dataclass
class Dcc:
    """The DCC's systems at one moment."""

    installation: Installation = field(default_factory=Installation)
    release: Release = Release.BEFORE_UPLIFT
    on_older_duis: set[str] = field(default_factory=set)
    foc_came_in: bool = False
    fault: Fault | None = None

    def has(self, release: Release) -> bool:
        """Whether that release, or a later one, is in force."""
        return self.release.reached(release)

    def deploy_release(self) -> None:
        """The next release comes into force."""
        if self.release is Release.NOVEMBER:
            raise CannotHappen(reasons.LAST_RELEASE)
        if self.release is Release.BEFORE_UPLIFT and self.fault is not Fault.RELEASE_SKIPPED:
            self.release = Release.UPLIFT
        else:
            self.release = Release.NOVEMBER

    def adopt_duis(self) -> None:
        """Every Supplier is on the revised DUIS from now on."""
        if not self.on_older_duis & set(SUPPLIERS):
            raise CannotHappen(reasons.ADOPTED_ALREADY)
        self.on_older_duis.clear()
