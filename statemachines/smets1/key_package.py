"""The DCO's key package: whether it holds the PPMID's keys, without which no Critical Command reaches the PPMID.

The keys come with the Joins of commissioning since Uplift 1.2, and by the DCC's explicit update to installations that
were migrated before. Sources: KEY-1 to KEY-7 and the assumptions MOD-9 and MOD-29.
"""

from enum import Enum

from statemachines.language.expression import Expr
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.system import Constraint
from statemachines.language.terms import Variable
from statemachines.smets1.commissioning import SmiStatus, ppmid_status
from statemachines.smets1.migration import MIGRATED
from statemachines.smets1.releases import Release, release
from statemachines.smets1.verdicts import cannot_happen, happens, rejects
from statemachines.smets1.vocabulary import (
    FOC,
    ActivateFirmware,
    CompleteMigration,
    DecommissionDevice,
    Device,
    JoinPpmid,
    Reason,
    UpdateKeyPackage,
    device,
    group,
    target,
)


class KeyPackage(Enum):
    """What the DCO holds for the installation."""

    NONE = "no package"
    WITHOUT_PPMID = "without the PPMID's keys"
    WITH_PPMID = "with the PPMID's keys"


key_package = Variable("key_package", KeyPackage, label="DCO key package")

_PPMID_IN_USE: Expr = ppmid_status.is_in(SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED)
_UPLIFT_IN_FORCE: Expr = release >= Release.UPLIFT_1_2
_PPMID_TO_JOIN: Expr = ppmid_status == SmiStatus.INSTALLED

lifecycle = Lifecycle(
    key_package,
    initial=KeyPackage.NONE,
    transitions=[
        Transition(
            KeyPackage.NONE,
            CompleteMigration,
            KeyPackage.WITHOUT_PPMID,
            when=~_UPLIFT_IN_FORCE,
            rules="KEY-1 KEY-2 MOD-9 MOD-22",
        ),
        Transition(
            KeyPackage.NONE,
            CompleteMigration,
            KeyPackage.WITHOUT_PPMID,
            when=_UPLIFT_IN_FORCE & ~_PPMID_TO_JOIN,
            rules="KEY-1 MOD-9 MOD-21 MOD-22",
        ),
        Transition(
            KeyPackage.NONE,
            CompleteMigration,
            KeyPackage.WITH_PPMID,
            when=_UPLIFT_IN_FORCE & _PPMID_TO_JOIN,
            rules="KEY-1 KEY-3 MIG-3 MOD-9 MOD-22",
        ),
        Transition(
            KeyPackage.WITHOUT_PPMID,
            JoinPpmid,
            KeyPackage.WITH_PPMID,
            when=_UPLIFT_IN_FORCE,
            rules="KEY-3 MOD-43",
        ),
        Transition(KeyPackage.WITHOUT_PPMID, UpdateKeyPackage, KeyPackage.WITH_PPMID, rules="KEY-4 MOD-22 MOD-23"),
        Transition(
            KeyPackage.WITH_PPMID,
            DecommissionDevice,
            KeyPackage.WITHOUT_PPMID,
            when=device == Device.PPMID,
            rules="MOD-29",
        ),
    ],
)

LACKS_KEYS: Expr = (key_package == KeyPackage.WITHOUT_PPMID) & _PPMID_IN_USE & ~group.is_in(*FOC)
"""A migrated installation that is not FOC's and lacks its PPMID's keys: re-designation waits for it (KEY-7)."""

CHECKS = (
    cannot_happen(
        UpdateKeyPackage,
        "a commissioned PPMID's keys are lacking, and Uplift 1.2 is in force",
        (key_package != KeyPackage.WITHOUT_PPMID) | ~_PPMID_IN_USE | (release < Release.UPLIFT_1_2),
        Reason.NO_KEYS_TO_ADD,
        "KEY-4 KEY-2 MOD-22 MOD-23",
    ),
)

ANSWERS = (happens(UpdateKeyPackage, "KEY-4"),)

KEYS_AT_THE_DCO = (
    rejects(
        "the DCO holds the device's keys",
        fails_when=(target == Device.PPMID) & (key_package != KeyPackage.WITH_PPMID),
        why=Reason.NO_KEYS,
        rules="KEY-5 KEY-6 MOD-14",
        on=[ActivateFirmware],
    ),
)

ON_PACKAGES = (
    Constraint(
        "the DCO has a key package for every migrated installation",
        when=MIGRATED,
        then=key_package != KeyPackage.NONE,
        rules="KEY-1 MOD-9",
    ),
    Constraint(
        "the DCO has a key package for no installation that is not migrated",
        when=~MIGRATED,
        then=key_package == KeyPackage.NONE,
        rules="KEY-1 MOD-9",
    ),
)
"""Where the DCO has a key package."""

ON_KEYS = (
    Constraint(
        "before Uplift 1.2 no key package holds the PPMID's keys",
        when=release < Release.UPLIFT_1_2,
        then=key_package != KeyPackage.WITH_PPMID,
        rules="KEY-2",
    ),
    Constraint(
        "the key package holds the PPMID's keys only for a PPMID that is commissioned or suspended",
        when=key_package == KeyPackage.WITH_PPMID,
        then=ppmid_status.is_in(SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED),
        rules="KEY-3 KEY-4 MOD-29",
    ),
)
"""When it holds the PPMID's keys."""
