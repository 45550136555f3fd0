"""The cohort of an installation, by its group (SYS-2, SYS-3)."""

from collections.abc import Mapping
from types import MappingProxyType

from statemachines.language.system import State
from statemachines.smets1.vocabulary import Group, group

COHORT_OF: Mapping[Group, str] = MappingProxyType(
    {
        Group.CA: "IOC",
        Group.OTHER_IOC: "IOC",
        Group.MDS: "MOC (MDS)",
        Group.SECURE: "MOC (Secure)",
        Group.EA: "FOC",
        Group.EB: "FOC",
    }
)


def cohort_of(state: State) -> str:
    """The cohort of the installation that a state is of; nothing of a state without a group.

    >>> from statemachines.smets1.installation import INSTALLATION
    >>> cohort_of(INSTALLATION.state(group=Group.EB))
    'FOC'
    """
    value = state.as_dict().get(group.name)
    return COHORT_OF[value] if isinstance(value, Group) else ""
