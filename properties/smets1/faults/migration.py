"""Faults of migration: its steps, the validation of MPRNs, failed attempts, the PIN and the switch.

Rules: MIG-1 to MIG-6, MPRN-1 to MPRN-3, PIN-1 to PIN-4, AUX-1, AUX-2 and the assumptions about them (MOD-22, MOD-25,
MOD-31, MOD-32, MOD-34, MOD-35, MOD-39, MOD-40).
"""

from enum import Enum
from typing import TypeVar

import attrs

from properties.mutation.planting import (
    Fault,
    changed_answers,
    changed_check,
    changed_transitions,
    with_transition,
    without_check,
    without_transitions,
)
from statemachines.language.expression import FALSE, Expr
from statemachines.language.gates import Answer
from statemachines.language.lifecycle import Transition
from statemachines.language.system import System
from statemachines.smets1.auxiliary_load import LoadSwitch, load_switch
from statemachines.smets1.commissioning import chf_status, ppmid_status
from statemachines.smets1.migration import Failures, Migration, MigrationReason, failures, migration, smso
from statemachines.smets1.pin import Pin, pin
from statemachines.smets1.releases import Release, release
from statemachines.smets1.supply import NO_GAS, electricity_supplier, gas_supplier
from statemachines.smets1.verdicts import EventReason
from statemachines.smets1.vocabulary import (
    FOC,
    IOC,
    CompleteMigration,
    Device,
    FailMigration,
    Group,
    MprnComparison,
    StartCommissioning,
    Tariff,
    UpdateTariff,
    ValidateData,
    group,
    meter,
    mprn,
    recipient,
    tariff,
)

_SINCE_UPLIFT = (mprn == MprnComparison.LEADING_ZEROS) & (release >= Release.UPLIFT_1_2)
_AT_ESME = meter == Device.ESME


def _untested(system: System) -> System:
    """Commissioning may start where the data are validated and the devices are not tested."""
    system = changed_check(
        system,
        f"the installation is {Migration.TESTED.value}",
        lambda fails: fails & (migration != Migration.VALIDATED),
    )
    return changed_transitions(
        system,
        migration.name,
        StartCommissioning,
        lambda move: attrs.evolve(move, source=(Migration.VALIDATED, Migration.TESTED)),
    )


Part = TypeVar("Part", Transition, Answer)


def _matching(system: System, compared: Expr, where: Expr = NO_GAS) -> System:
    """MPRNs match where this holds, and where none is compared."""
    matches = compared | where
    seen: set[Enum] = set()

    def one_of_each(part: Part) -> Part | None:
        leads_to = part.target if isinstance(part, Transition) else part.reason
        if leads_to in seen:
            return None
        seen.add(leads_to)
        if leads_to is MigrationReason.MPRN_INVALID:
            return part
        return attrs.evolve(part, when=matches if leads_to in (Migration.VALIDATED, EventReason.HAPPENED) else ~matches)

    system = changed_transitions(system, failures.name, ValidateData, lambda move: attrs.evolve(move, when=~matches))
    system = changed_transitions(system, migration.name, ValidateData, one_of_each)
    return changed_answers(system, ValidateData, one_of_each)


def _smso_lets_go_early(system: System) -> System:
    """The SMSO ceases to operate the installation when commissioning starts; the DCC starts when it is complete."""
    return changed_transitions(
        system, smso.name, CompleteMigration, lambda move: attrs.evolve(move, on=StartCommissioning)
    )


def _change_comes_in_november(system: System) -> System:
    """The PIN is provided from the November 2020 release on."""
    return changed_check(
        system,
        "the PIN is revised and not provided yet, and the change is in force",
        lambda fails: fails | (release < Release.NOVEMBER_2020),
    )


def _closes(system: System, when: Expr) -> System:
    """The switch closes on further tariffs."""
    return with_transition(
        system,
        load_switch.name,
        Transition(LoadSwitch.OPEN, UpdateTariff, LoadSwitch.CLOSED, when=_AT_ESME & when, rules="AUX-1"),
    )


FAULTS: dict[str, Fault] = {
    "devices_are_not_tested": Fault(
        "MIG-1",
        "Commissioning may start before the devices are tested.",
        "Start Commissioning leads from 'devices tested' to 'being commissioned'",
        _untested,
    ),
    "another_mprn_is_let_pass": Fault(
        "MOD-35",
        "The validation of data passes over an MPRN that is another one.",
        "another MPRN stops the migration, for the reason that it does not match",
        lambda system: _matching(
            system, mprn.is_in(MprnComparison.IDENTICAL, MprnComparison.DIFFERENT) | _SINCE_UPLIFT
        ),
    ),
    "no_mprn_matches": Fault(
        "MIG-2",
        "The validation of data compares nothing, and lets no MPRN pass.",
        "MPRNs that are the same as given match",
        lambda system: _matching(system, FALSE),
    ),
    "ppmid_is_not_joined": Fault(
        "MIG-3",
        "The Join commands of commissioning leave the PPMID out.",
        "a PPMID that is there is joined in its migration",
        lambda system: without_transitions(system, ppmid_status.name, CompleteMigration),
    ),
    "failure_leaves_the_hub_commissioned": Fault(
        "MOD-25",
        "A migration that fails leaves the Communications Hub commissioned with the DCC.",
        "a failed migration leaves every device that is there installed and not commissioned",
        lambda system: without_transitions(system, chf_status.name, FailMigration),
    ),
    "smso_lets_go_before_the_dcc_takes_over": Fault(
        "MOD-57",
        "The SMSO ceases to operate the installation when its commissioning starts, and not when it is complete.",
        "either the SMSO or the DCC operates the installation",
        _smso_lets_go_early,
    ),
    "failure_excludes": Fault(
        "MIG-4",
        "An installation whose migration fails cannot be tried again.",
        "a failed migration leaves the installation with its SMSO",
        lambda system: changed_transitions(
            system,
            migration.name,
            FailMigration,
            lambda move: attrs.evolve(move, target=Migration.EXCLUDED),
        ),
    ),
    "four_failures_exclude": Fault(
        "MIG-5",
        "An installation may be excluded after four failed attempts.",
        "excluding an installation takes five failed attempts",
        lambda system: changed_check(
            system,
            "the installation is with its SMSO after five failed attempts",
            lambda fails: fails & ((migration != Migration.WITH_SMSO) | (failures != Failures.FOUR)),
        ),
    ),
    "requests_pass_while_migration_is_under_way": Fault(
        "MIG-6",
        "The DSP takes an installation for migrated as soon as its commissioning has started.",
        "before migration every Service Request is rejected and changes nothing",
        lambda system: changed_check(
            system, "the installation is migrated", lambda fails: fails & (migration != Migration.COMMISSIONING)
        ),
    ),
    "leading_zeros_count_outside_ca": Fault(
        "MPRN-1",
        "Leading zeros are disregarded for CA only, and not for the other groups of IOC.",
        "for IOC, MPRNs that differ only in leading zeros have matched since Uplift 1.2",
        lambda system: _matching(system, (mprn == MprnComparison.IDENTICAL) | (_SINCE_UPLIFT & (group == Group.CA))),
    ),
    "leading_zeros_never_count": Fault(
        "MPRN-2",
        "Leading zeros are disregarded for every cohort.",
        "for the other cohorts, MPRNs that differ in leading zeros do not match",
        lambda system: _matching(
            system,
            (mprn == MprnComparison.IDENTICAL) | _SINCE_UPLIFT,
        ),
    ),
    "leading_zeros_never_counted_for_ioc": Fault(
        "MOD-39",
        "For IOC leading zeros are disregarded before Uplift 1.2 as well.",
        "for IOC, MPRNs that differ in leading zeros did not match before Uplift 1.2",
        lambda system: _matching(
            system,
            (mprn == MprnComparison.IDENTICAL) | ((mprn == MprnComparison.LEADING_ZEROS) & group.is_in(*IOC)),
        ),
    ),
    "mprn_is_asked_for_where_there_is_no_gas": Fault(
        "MOD-40",
        "An MPRN is compared where there is no gas.",
        "where there is no gas there is no MPRN that could stop the migration",
        lambda system: _matching(
            system, (mprn == MprnComparison.IDENTICAL) | (_SINCE_UPLIFT & group.is_in(*IOC)), FALSE
        ),
    ),
    "what_is_no_mprn_is_another": Fault(
        "MPRN-3",
        "What is no MPRN at all is stopped as one that does not match.",
        "what is no MPRN stops the migration everywhere, for the reason that it is none",
        lambda system: changed_answers(
            system, ValidateData, lambda answer: None if answer.reason is MigrationReason.MPRN_INVALID else answer
        ),
    ),
    "foc_is_not_migrated": Fault(
        "MOD-22",
        "No FOC installation is authorised for migration.",
        "an FOC installation that is with its SMSO can be tried like any other",
        lambda system: changed_check(
            system, f"the installation is {Migration.WITH_SMSO.value}", lambda fails: fails | group.is_in(*FOC)
        ),
    ),
    "failures_are_kept": Fault(
        "MOD-34",
        "A migrated installation keeps the count of its failed attempts.",
        "failed attempts no longer count once the installation is migrated",
        lambda system: without_transitions(system, failures.name, CompleteMigration),
    ),
    "failures_are_counted_everywhere": Fault(
        "MOD-34",
        "Failed attempts are counted also where the rule of 2021 does not apply.",
        "where the rule of 2021 does not apply no failures are counted",
        lambda system: with_transition(
            system,
            failures.name,
            Transition(Failures.NOT_COUNTED, FailMigration, Failures.ONE, rules="MIG-5"),
        ),
    ),
    "invalid_data_do_not_count": Fault(
        "MOD-35",
        "Only devices that fail count as a failed attempt, and not data that are not valid.",
        "a failed attempt after none makes one",
        lambda system: without_transitions(system, failures.name, ValidateData),
    ),
    "pin_is_provided_from_november_on": Fault(
        "PIN-1",
        "The DCC provides the revised PIN only from the November 2020 maintenance release on.",
        "where GroupID is CA, the DCC can provide the gas meter's revised PIN, before and after migration's end",
        _change_comes_in_november,
    ),
    "pin_goes_to_another_party": Fault(
        "PIN-2",
        "The revised PIN is provided to whoever asks.",
        "the revised PIN goes to the Installing Supplier and to no other party",
        lambda system: without_check(system, "the PIN goes to the Installing Supplier"),
    ),
    "pin_goes_to_the_gas_supplier": Fault(
        "PIN-2",
        "The revised PIN is provided to whoever supplies the gas now, as well.",
        "the revised PIN goes to the Installing Supplier and to no other party",
        lambda system: changed_check(
            system, "the PIN goes to the Installing Supplier", lambda fails: fails & (recipient != gas_supplier)
        ),
    ),
    "pin_goes_to_present_suppliers_only": Fault(
        "PIN-1",
        "An Installing Supplier that supplies the premises no more is refused the revised PIN.",
        "where GroupID is CA, the DCC can provide the gas meter's revised PIN, before and after migration's end",
        lambda system: changed_check(
            system,
            "the PIN goes to the Installing Supplier",
            lambda fails: fails | ((recipient != gas_supplier) & (recipient != electricity_supplier)),
        ),
    ),
    "pin_of_all_ioc_is_revised": Fault(
        "MOD-31",
        "The PIN is revised, and provided, for every group of IOC with gas.",
        "outside of CA the PIN stays as it was",
        lambda system: changed_transitions(
            system, pin.name, StartCommissioning, lambda move: attrs.evolve(move, when=group.is_in(*IOC))
        ),
    ),
    "pin_of_all_ioc_is_provided": Fault(
        "PIN-3",
        "The provision for CA is taken to be one for every group of IOC.",
        "only the PIN of a CA gas meter is provided",
        lambda system: changed_check(
            changed_transitions(
                system, pin.name, StartCommissioning, lambda move: attrs.evolve(move, when=group.is_in(*IOC) & ~NO_GAS)
            ),
            "it is the PIN of a CA gas meter, which migration revises",
            lambda _: ~group.is_in(*IOC) | NO_GAS,
        ),
    ),
    "pin_is_revised_without_gas": Fault(
        "PIN-1",
        "The PIN of every CA installation is revised, of one without a gas meter as well.",
        "without a gas meter no PIN is revised, and none provided",
        lambda system: changed_transitions(
            system, pin.name, StartCommissioning, lambda move: attrs.evolve(move, when=group == Group.CA)
        ),
    ),
    "pin_is_lost_with_migration": Fault(
        "PIN-4",
        "Once the migration is complete, the PIN that was provided is lost again.",
        "once provided, the PIN stays with the Installing Supplier while the migration does not fail",
        lambda system: with_transition(
            system, pin.name, Transition(Pin.PROVIDED, CompleteMigration, Pin.REVISED, rules="PIN-4")
        ),
    ),
    "migration_waits_for_the_pin": Fault(
        "MOD-31",
        "A migration is complete only once the Installing Supplier has the revised PIN.",
        "the completion of a migration does not wait for the PIN, and leaves it as it is",
        lambda system: changed_check(
            system,
            "the installation is being commissioned",
            lambda fails: fails | (pin == Pin.REVISED),
        ),
    ),
    "pin_is_provided_before_uplift": Fault(
        "MOD-31",
        "The DCC provides the revised PIN already before Uplift 1.2.",
        "a PIN is provided only since the change, which comes with Uplift 1.2",
        lambda system: changed_check(
            system,
            "the PIN is revised and not provided yet, and the change is in force",
            lambda _: pin != Pin.REVISED,
        ),
    ),
    "failure_forgets_the_pin": Fault(
        "MOD-31",
        "After a migration that failed, the Installing Supplier lacks the current PIN.",
        "a failed migration leaves the Installing Supplier with the current PIN",
        lambda system: without_transitions(system, pin.name, FailMigration),
    ),
    "identical_prices_close_for_ca_only": Fault(
        "AUX-1",
        "Identical prices close the auxiliary load switch for CA only, and not for the other groups of IOC.",
        "for IOC with Uplift 1.2, until November 2020, a two-rate tariff with identical prices closes the switch",
        lambda system: changed_transitions(
            system,
            load_switch.name,
            UpdateTariff,
            lambda move: attrs.evolve(
                move, when=move.when & ((group == Group.CA) | (tariff != Tariff.IDENTICAL_PRICES))
            ),
        ),
    ),
    "identical_prices_go_on_closing": Fault(
        "AUX-2",
        "The November 2020 maintenance release leaves the defect as it is.",
        "for IOC from the November 2020 release on, only different prices close the switch",
        lambda system: _closes(
            system,
            (tariff == Tariff.IDENTICAL_PRICES) & group.is_in(*IOC) & (release >= Release.NOVEMBER_2020),
        ),
    ),
    "identical_prices_close_everywhere": Fault(
        "MOD-32",
        "Identical prices close the auxiliary load switch for the other cohorts as well.",
        "outside of IOC only different prices have ever closed the switch",
        lambda system: _closes(system, (tariff == Tariff.IDENTICAL_PRICES) & ~group.is_in(*IOC)),
    ),
    "any_tariff_closes": Fault(
        "MOD-32",
        "A tariff of one rate, or of more than two, closes the auxiliary load switch too.",
        "any other tariff leaves the switch as it is",
        lambda system: _closes(system, tariff == Tariff.OTHER),
    ),
}
