"""Faults of the DCO's key package: when it holds the PPMID's keys, and what waits for them.

Rules: KEY-1 to KEY-7 and the assumptions MOD-9, MOD-14, MOD-29, MOD-30.
"""

from enum import Enum

import attrs

from properties.mutation.planting import (
    Fault,
    changed_answers,
    changed_check,
    changed_transitions,
    moved_check,
    with_transition,
    without_check,
    without_transitions,
)
from statemachines.language.expression import FALSE, TRUE, Expr
from statemachines.language.lifecycle import Transition
from statemachines.language.system import System
from statemachines.smets1.commissioning import SmiStatus, ppmid_status
from statemachines.smets1.compliance import ComplianceReason
from statemachines.smets1.designation import ReDesignate
from statemachines.smets1.key_package import KeyPackage, key_package
from statemachines.smets1.vocabulary import (
    CompleteMigration,
    DecommissionDevice,
    Device,
    Group,
    JoinPpmid,
    Party,
    StartCommissioning,
    SuspendDevice,
    Timing,
    device,
    group,
    timing,
)

_DCO_HOLDS_KEYS = "the DCO holds the device's keys"


def _joins_give_keys(system: System, when: Expr) -> System:
    """The keys come with the migration's Joins where this holds, and nowhere else."""
    seen: set[Enum] = set()

    def one_of_each(move: Transition) -> Transition | None:
        given = when if move.target is KeyPackage.WITH_PPMID else ~when
        again = move.target in seen
        seen.add(move.target)
        return None if again else attrs.evolve(move, when=given)

    return changed_transitions(system, key_package.name, CompleteMigration, one_of_each)


FAULTS: dict[str, Fault] = {
    "no_package_without_ppmid_keys": Fault(
        "KEY-1",
        "The DCO makes a key package only for an installation whose PPMID's keys go into it, and for no other.",
        "a migrated installation always has a key package",
        lambda system: without_transitions(system, key_package.name, CompleteMigration, KeyPackage.WITHOUT_PPMID),
    ),
    "joins_bring_keys_before_uplift": Fault(
        "KEY-2",
        "The Join commands of commissioning bring the PPMID's keys into the package before Uplift 1.2 as well.",
        "before Uplift 1.2 the Join commands bring no PPMID keys into the package",
        lambda system: _joins_give_keys(system, ppmid_status == SmiStatus.INSTALLED),
    ),
    "joins_bring_no_keys": Fault(
        "KEY-3",
        "A migration brings no PPMID's keys into the package from Uplift 1.2 on either: only DCC's update does.",
        "from Uplift 1.2 on the Join commands of a migration bring the PPMID's keys into the package",
        lambda system: _joins_give_keys(system, FALSE),
    ),
    "later_joins_bring_no_keys": Fault(
        "MOD-43",
        "Only the Join commands of a migration bring keys into the package, and not those of a PPMID that comes later.",
        "a PPMID that is joined after the migration, since Uplift 1.2, gets its keys with the Join",
        lambda system: without_transitions(system, key_package.name, JoinPpmid),
    ),
    "ca_packages_are_not_updated": Fault(
        "KEY-4",
        "DCC's update leaves out the sites of group CA, although it is for all sites that were migrated before.",
        "in the initial period the DCC can update the key package of every PPMID in use that was migrated before",
        lambda system: changed_check(
            system,
            "the keys of a commissioned or suspended PPMID are lacking",
            lambda fails: fails | (group == Group.CA),
        ),
    ),
    "activation_without_keys": Fault(
        "KEY-5",
        "The DCO passes activations on without looking whether it holds the PPMID's keys.",
        "no activation on a PPMID without its keys",
        lambda system: without_check(system, _DCO_HOLDS_KEYS),
    ),
    "future_dated_activations_need_no_keys": Fault(
        "KEY-6",
        "The DCO looks for the PPMID's keys only where an activation is immediate, and lets a future-dated one pass.",
        "no Critical Command reaches a PPMID whose keys the DCO does not hold",
        lambda system: changed_check(system, _DCO_HOLDS_KEYS, lambda fails: fails & (timing == Timing.IMMEDIATE)),
    ),
    "suspended_ppmids_need_no_keys": Fault(
        "KEY-7",
        "The DCC counts as compliant where the PPMID whose keys are lacking is suspended.",
        "re-designation does not wait for keys: where they lack, it is said that the DCC is non-compliant",
        lambda system: changed_answers(
            system,
            ReDesignate,
            lambda answer: (
                attrs.evolve(answer, when=answer.when & (ppmid_status == SmiStatus.COMMISSIONED))
                if answer.reason is ComplianceReason.NON_COMPLIANT
                else answer
            ),
        ),
    ),
    "package_is_made_before_migration": Fault(
        "MOD-9",
        "The key package is made when commissioning starts, and is there even if the migration fails.",
        "the DCO has a key package for no installation that is not migrated",
        lambda system: with_transition(
            system,
            key_package.name,
            Transition(KeyPackage.NONE, StartCommissioning, KeyPackage.WITHOUT_PPMID, rules="MOD-9"),
        ),
    ),
    "s1sp_looks_for_the_keys": Fault(
        "MOD-14",
        "It is the S1SP that rejects an activation for want of the PPMID's keys, and not the DCO.",
        "nobody but the DCO rejects a request for want of keys",
        lambda system: moved_check(system, _DCO_HOLDS_KEYS, Party.S1SP),
    ),
    "keys_outlive_their_ppmid": Fault(
        "MOD-29",
        "A decommissioned PPMID's keys stay in the package, for the PPMID that takes its place.",
        "a decommissioned PPMID's keys leave the package",
        lambda system: without_transitions(system, key_package.name, DecommissionDevice),
    ),
    "suspension_takes_the_keys": Fault(
        "MOD-30",
        "Suspending a PPMID takes its keys out of the package.",
        "suspending a device leaves the package as it is",
        lambda system: with_transition(
            system,
            key_package.name,
            Transition(
                KeyPackage.WITH_PPMID,
                SuspendDevice,
                KeyPackage.WITHOUT_PPMID,
                when=device == Device.PPMID,
                rules="MOD-30",
            ),
        ),
    ),
    "later_joins_always_bring_keys": Fault(
        "KEY-2",
        "A PPMID that is joined after the migration gets its keys with its Join before Uplift 1.2, too.",
        "before Uplift 1.2 the Join commands bring no PPMID keys into the package",
        lambda system: changed_transitions(
            system, key_package.name, JoinPpmid, lambda move: attrs.evolve(move, when=TRUE)
        ),
    ),
}
