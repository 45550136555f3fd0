"""Installations that people know by a name, where one starts in the explorer; and releases and cohorts to compare."""

from collections.abc import Mapping
from enum import Enum

from properties.smets1.pictures import ANOTHER, ELECTRICITY, GAS, IN_USE
from statemachines.language.system import State, System
from statemachines.smets1.firmware import Firmware
from statemachines.smets1.installation import INSTALLATION
from statemachines.smets1.key_package import KeyPackage
from statemachines.smets1.migration import Migration
from statemachines.smets1.releases import Release
from statemachines.smets1.vocabulary import Group

_SPLIT = {**IN_USE, "electricity_supplier": ELECTRICITY, "gas_supplier": GAS, "installing_supplier": ELECTRICITY}
_LACKING = {"key_package": KeyPackage.WITHOUT_PPMID}
_HELD = {"key_package": KeyPackage.WITH_PPMID}
_IOC, _UPLIFT = {"group": Group.OTHER_IOC}, {"release": Release.UPLIFT_1_2}

_VALUES: Mapping[str, Mapping[str, Enum]] = {
    "migrated before Uplift 1.2, split supply, IOC": {**_SPLIT, **_IOC, **_LACKING},
    "migrated before Uplift 1.2, deployed since, split supply, IOC": {**_SPLIT, **_IOC, **_UPLIFT, **_LACKING},
    "migrated under Uplift 1.2, split supply, IOC": {**_SPLIT, **_IOC, **_UPLIFT, **_HELD},
    "migrated under Uplift 1.2, split supply, IOC, a PPMID image delivered": {
        **_SPLIT, **_IOC, **_UPLIFT, **_HELD,
        "ppmid_firmware": Firmware.DELIVERED, "ppmid_upgrade_by": ELECTRICITY,
    },
    "migrated under Uplift 1.2, one Supplier of both, MOC": {
        **_SPLIT, **_UPLIFT, **_HELD, "group": Group.SECURE, "gas_supplier": ELECTRICITY,
    },
    "migrated under Uplift 1.2, split supply, FOC": {**_SPLIT, **_UPLIFT, **_HELD, "group": Group.EA},
    "November 2020 maintenance, split supply, IOC": {
        **_SPLIT, **_IOC, **_HELD, "release": Release.NOVEMBER_2020,
    },
    "to be migrated, IOC, Elster gas meter": {
        "group": Group.CA, "release": Release.UPLIFT_1_2, "installing_supplier": ANOTHER,
        "electricity_supplier": ELECTRICITY, "gas_supplier": GAS, "migration": Migration.WITH_SMSO,
    },
}  # fmt: skip


_CHANGES: Mapping[str, Mapping[str, Enum]] = {
    "before Uplift 1.2": {"release": Release.BEFORE_UPLIFT_1_2},
    "under Uplift 1.2": {"release": Release.UPLIFT_1_2},
    "after the November 2020 maintenance": {"release": Release.NOVEMBER_2020},
    "in the group CA (IOC, Elster gas meters)": {"group": Group.CA},
    "in another IOC group": {"group": Group.OTHER_IOC},
    "in the cohort MOC, group MDS": {"group": Group.MDS},
    "in the cohort MOC, group Secure": {"group": Group.SECURE},
    "in the cohort FOC, group EA": {"group": Group.EA},
    "in the cohort FOC, group EB": {"group": Group.EB},
}


def changes(system: System) -> Mapping[str, Mapping[str, Enum]]:
    """Releases and cohorts, of a system with an installation's variables; nothing of another one, a fleet's."""
    return _CHANGES if system.state_type.names == INSTALLATION.state_type.names else {}


def situations(system: System) -> dict[str, State]:
    """The situations, of a system with an installation's variables; none of another one, a fleet's."""
    if system.state_type.names != INSTALLATION.state_type.names:
        return {}
    return {name: system.state(**values) for name, values in _VALUES.items()}
