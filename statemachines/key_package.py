"""The DCO's key package: whether it holds the PPMID's keys, without which no Critical Command reaches the PPMID.

Sources: KEY-1 to KEY-6.
"""

from enum import Enum

from statemachines.commissioning import Commissioning, ppmid_status
from statemachines.core.lifecycle import Lifecycle, Transition
from statemachines.core.terms import Variable
from statemachines.releases import Release, release
from statemachines.vocabulary import CommissionDevice, Device, MigrateInstallation, UpdateKeyPackage, device


class KeyPackage(Enum):
    """What the DCO holds for the installation."""

    NONE = "no package"
    WITHOUT_PPMID = "without the PPMID's keys"
    WITH_PPMID = "with the PPMID's keys"


key_package = Variable("key_package", KeyPackage, label="DCO key package")

lifecycle = Lifecycle(
    key_package,
    initial=KeyPackage.NONE,
    transitions=[
        Transition(KeyPackage.NONE, MigrateInstallation, KeyPackage.WITHOUT_PPMID, rules="KEY-1 KEY-2 MOD-9"),
        Transition(
            KeyPackage.WITHOUT_PPMID,
            CommissionDevice,
            KeyPackage.WITH_PPMID,
            when=(device == Device.PPMID) & (release >= Release.UPLIFT_1_2),
            rules="KEY-3",
        ),
        Transition(
            KeyPackage.WITHOUT_PPMID,
            UpdateKeyPackage,
            KeyPackage.WITH_PPMID,
            when=(ppmid_status == Commissioning.COMMISSIONED) & (release >= Release.UPLIFT_1_2),
            rules="KEY-4",
        ),
    ],
)
