"""The DCO's key package: whether it holds the PPMID's keys, without which no Critical Command reaches the PPMID.

The keys come with the Joins of commissioning since Uplift 1.2, and by the DCC's explicit update to installations that
were migrated before. Sources: KEY-1 to KEY-7 and the assumptions MOD-9, MOD-14, MOD-21 to MOD-23, MOD-29 and MOD-43.
"""

from enum import Enum

from statemachines.language.component import Component, Constraint
from statemachines.language.expression import Expr
from statemachines.language.lifecycle import Lifecycle, Transition
from statemachines.language.terms import Variable
from statemachines.smets1.commissioning import SmiStatus, ppmid_status
from statemachines.smets1.migration import MIGRATED
from statemachines.smets1.releases import NOVEMBER_2020_IN_FORCE, UPLIFT_1_2_IN_FORCE
from statemachines.smets1.verdicts import happens, happens_only, rejects
from statemachines.smets1.vocabulary import (
    FOC,
    ActivateFirmware,
    CompleteMigration,
    DecommissionDevice,
    Device,
    JoinPpmid,
    Party,
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


class KeyReason(Enum):
    """Why keys stop a request, or none are added."""

    NO_KEYS = "the DCO does not hold the device's keys"
    BEFORE_UPLIFT_1_2 = "before Uplift 1.2 no key package holds a PPMID's keys"
    NO_KEYS_TO_ADD = "the key package lacks no keys of a commissioned or suspended PPMID"


key_package = Variable("key_package", KeyPackage, label="DCO key package")

_PPMID_COMMISSIONED_OR_SUSPENDED: Expr = ppmid_status.is_in(SmiStatus.COMMISSIONED, SmiStatus.SUSPENDED)
_LACKS_THE_KEYS_OF_ITS_PPMID: Expr = (key_package == KeyPackage.WITHOUT_PPMID) & _PPMID_COMMISSIONED_OR_SUSPENDED

_OF_FOC: Expr = group.is_in(*FOC)

LACKS_KEYS: Expr = _LACKS_THE_KEYS_OF_ITS_PPMID & ~_OF_FOC
"""A migrated installation that is not FOC's and lacks its PPMID's keys, which re-designation makes a breach (KEY-7)."""
FOC_LACKS_KEYS: Expr = _LACKS_THE_KEYS_OF_ITS_PPMID & _OF_FOC
"""A migrated installation of FOC that lacks its PPMID's keys, which does not count (MOD-52)."""

_INITIAL_PERIOD: Expr = ~NOVEMBER_2020_IN_FORCE
"""When the DCC updates packages, as the report says; that it goes on after the next release is assumed (MOD-23)."""


def _updated(when: Expr, rules: str) -> Transition[KeyPackage]:
    """The DCC adds the PPMID's keys to the package of an installation that was migrated before."""
    return Transition(KeyPackage.WITHOUT_PPMID, UpdateKeyPackage, KeyPackage.WITH_PPMID, when=when, rules=rules)


component = Component(
    "DCO key package",
    lifecycles=[
        Lifecycle(
            key_package,
            initial=KeyPackage.NONE,
            transitions=[
                Transition(
                    KeyPackage.NONE,
                    CompleteMigration,
                    KeyPackage.WITHOUT_PPMID,
                    when=~UPLIFT_1_2_IN_FORCE,
                    rules="KEY-1 KEY-2 MOD-9 MOD-22",
                ),
                Transition(
                    KeyPackage.NONE,
                    CompleteMigration,
                    KeyPackage.WITHOUT_PPMID,
                    when=UPLIFT_1_2_IN_FORCE & (ppmid_status != SmiStatus.INSTALLED),
                    rules="KEY-1 MOD-9 MOD-21 MOD-22",
                ),
                Transition(
                    KeyPackage.NONE,
                    CompleteMigration,
                    KeyPackage.WITH_PPMID,
                    when=UPLIFT_1_2_IN_FORCE & (ppmid_status == SmiStatus.INSTALLED),
                    rules="KEY-1 KEY-3 MIG-3 MOD-9 MOD-22",
                ),
                Transition(
                    KeyPackage.WITHOUT_PPMID,
                    JoinPpmid,
                    KeyPackage.WITH_PPMID,
                    when=UPLIFT_1_2_IN_FORCE,
                    rules="MOD-43",
                ),
                _updated(~_OF_FOC & _INITIAL_PERIOD, "KEY-4"),
                _updated(~_OF_FOC & ~_INITIAL_PERIOD, "MOD-23"),
                _updated(_OF_FOC, "MOD-22"),
                Transition(
                    KeyPackage.WITH_PPMID,
                    DecommissionDevice,
                    KeyPackage.WITHOUT_PPMID,
                    when=device == Device.PPMID,
                    rules="MOD-29",
                ),
            ],
        )
    ],
    checks={
        Party.DCO: [
            rejects(
                "the DCO holds the device's keys",
                fails_when=(target == Device.PPMID) & (key_package != KeyPackage.WITH_PPMID),
                why=KeyReason.NO_KEYS,
                rules="KEY-5 KEY-6 MOD-14",
                on=[ActivateFirmware],
            )
        ],
        Party.PREMISES: [
            happens_only(
                UpdateKeyPackage,
                "Uplift 1.2 is in force",
                UPLIFT_1_2_IN_FORCE,
                otherwise=KeyReason.BEFORE_UPLIFT_1_2,
                rules="KEY-2",
            ),
            happens_only(
                UpdateKeyPackage,
                "the keys of a commissioned or suspended PPMID are lacking",
                _LACKS_THE_KEYS_OF_ITS_PPMID,
                otherwise=KeyReason.NO_KEYS_TO_ADD,
                rules="KEY-4",
            ),
        ],
    },
    answers=[
        happens(UpdateKeyPackage, "KEY-4", when=~_OF_FOC & _INITIAL_PERIOD),
        happens(UpdateKeyPackage, "MOD-23", when=~_OF_FOC & ~_INITIAL_PERIOD),
        happens(UpdateKeyPackage, "MOD-22", when=_OF_FOC),
    ],
    constraints=[
        Constraint(
            "the DCO has a key package for every migrated installation",
            when=MIGRATED,
            then=key_package != KeyPackage.NONE,
            rules="KEY-1",
        ),
        Constraint(
            "the DCO has a key package for no installation that is not migrated",
            when=~MIGRATED,
            then=key_package == KeyPackage.NONE,
            rules="MOD-9",
        ),
        Constraint(
            "before Uplift 1.2 no key package holds the PPMID's keys",
            when=~UPLIFT_1_2_IN_FORCE,
            then=key_package != KeyPackage.WITH_PPMID,
            rules="KEY-2",
        ),
        Constraint(
            "the key package holds the PPMID's keys only for a PPMID that is commissioned or suspended",
            when=key_package == KeyPackage.WITH_PPMID,
            then=_PPMID_COMMISSIONED_OR_SUSPENDED,
            rules="KEY-3 KEY-4 MOD-29",
        ),
    ],
)
