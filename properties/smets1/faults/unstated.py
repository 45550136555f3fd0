"""Faults of what is assumed beside a rule, where a source gives the rule in part only.

Rules: SYS-4, and the assumptions MOD-47, MOD-49, MOD-51 to MOD-53, MOD-55, MOD-56, MOD-59 and MOD-61.
"""

import attrs

from properties.mutation.planting import (
    Fault,
    changed_answers,
    changed_transitions,
    moved_check,
    with_answer,
    with_transition,
    without_check,
)
from statemachines.language.gates import Answer
from statemachines.language.lifecycle import Transition
from statemachines.language.system import System
from statemachines.smets1.auxiliary_load import LoadSwitch, load_switch
from statemachines.smets1.compliance import ComplianceReason
from statemachines.smets1.designation import Calendar, DocumentSet, Jip, ReDesignate, calendar, document_set, jip
from statemachines.smets1.firmware import FirmwareReason
from statemachines.smets1.key_package import KeyPackage, key_package
from statemachines.smets1.releases import Release, release
from statemachines.smets1.supply import gas_supplier, installing_supplier
from statemachines.smets1.vocabulary import (
    ChangeGasSupplier,
    Device,
    Outcome,
    Party,
    ReadFirmwareVersion,
    Response,
    Tariff,
    UpdateTariff,
    User,
    meter,
    target,
    tariff,
    to,
)


def _non_compliant_for_foc(system: System) -> System:
    def every_cohort(answer: Answer) -> Answer:
        lacks = key_package == KeyPackage.WITHOUT_PPMID
        return attrs.evolve(answer, when=lacks) if answer.reason is ComplianceReason.NON_COMPLIANT else answer

    return changed_answers(system, ReDesignate, every_cohort)


def _installing_supplier_is_the_gas_supplier(system: System) -> System:
    new = Transition(
        [User.SUPPLIER_A, User.SUPPLIER_C],
        ChangeGasSupplier,
        User.SUPPLIER_B,
        when=to == User.SUPPLIER_B,
        rules="PIN-2",
    )
    return with_transition(system, installing_supplier.name, new)


def _other_numbers_after_the_window(system: System) -> System:
    late = (jip == Jip.FOC_STAYS_OUT) & (calendar == Calendar.AFTER_WINDOW)

    def other(move: Transition) -> Transition:
        revised = move.target is DocumentSet.REVISED
        return attrs.evolve(move, when=move.when | late if revised else move.when & ~late)

    return changed_transitions(system, document_set.name, ReDesignate, other)


FAULTS: dict[str, Fault] = {
    "gas_tariffs_move_the_switch": Fault(
        "SYS-4",
        "The auxiliary load switch is taken for one of every meter: a gas tariff closes it.",
        "no tariff of a gas meter moves the switch, which is on the ESME",
        lambda system: with_transition(
            system,
            load_switch.name,
            Transition(
                LoadSwitch.OPEN,
                UpdateTariff,
                LoadSwitch.CLOSED,
                when=(meter == Device.GSME) & (tariff == Tariff.DIFFERENT_PRICES),
                rules="AUX-2",
            ),
        ),
    ),
    "dco_compares_values_with_limits": Fault(
        "MOD-47",
        "It is the DCO that compares data values with the set limits.",
        "it is the S1SP that holds and deletes requests",
        lambda system: moved_check(system, "the values of the request are within the set limits", Party.DCO),
    ),
    "esme_version_tells_the_gas_supplier": Fault(
        "MOD-49",
        "The version of the ESME's firmware that is read differs where the Gas Supplier is a certain party.",
        "the Electricity Supplier cannot tell who the Gas Supplier is",
        lambda system: with_answer(
            system,
            Answer(
                [ReadFirmwareVersion],
                outcome=Outcome.ACCEPTED,
                reason=FirmwareReason.VERSION_READ,
                response=Response.DELIVERED_VERSION,
                when=(target == Device.ESME) & (gas_supplier == User.SUPPLIER_B),
                rules="READ-3",
            ),
        ),
    ),
    "s1sp_asks_whose_firmware_it_is": Fault(
        "MOD-51",
        "It is the S1SP that rejects an upgrade of a Communications Hub by another than the Electricity Supplier.",
        "the DSP asks whose firmware it is once the device is commissioned: CHF",
        lambda system: moved_check(system, "Communications Hub firmware is the Electricity Supplier's", Party.S1SP),
    ),
    "foc_counts_for_compliance": Fault(
        "MOD-52",
        "A re-designation makes the DCC non-compliant for an FOC installation whose package lacks the PPMID's keys.",
        "re-designation makes the DCC non-compliant for no installation of FOC",
        _non_compliant_for_foc,
    ),
    "ppmids_are_read_before_uplift": Fault(
        "MOD-53",
        "The firmware of an IOC PPMID can be read before Uplift 1.2, which brings the defect.",
        "before Uplift 1.2, too, reading an IOC PPMID's firmware returns an alert",
        lambda system: without_check(system, "the S1SP can read a PPMID's firmware before Uplift 1.2, too"),
    ),
    "identical_prices_close_since_uplift": Fault(
        "MOD-55",
        "Identical prices close the auxiliary load switch of IOC only since Uplift 1.2.",
        "for IOC before Uplift 1.2, too, a two-rate tariff with identical prices closes the switch",
        lambda system: changed_transitions(
            system,
            load_switch.name,
            UpdateTariff,
            lambda move: attrs.evolve(
                move,
                when=move.when & ((tariff != Tariff.IDENTICAL_PRICES) | (release >= Release.UPLIFT_1_2)),
            ),
        ),
    ),
    "installing_supplier_is_who_supplies_gas": Fault(
        "MOD-56",
        "Whoever takes over the gas is taken for the Installing Supplier from then on.",
        "the Installing Supplier stays who it is, whoever supplies the premises",
        _installing_supplier_is_the_gas_supplier,
    ),
    "version_of_the_draft_is_not_kept": Fault(
        "MOD-59",
        "What comes into the SEC after 29 October 2020 has other numbers than the drafts that are attached.",
        "re-designation brings into the SEC those attached to the report, where FOC stays out of scope",
        _other_numbers_after_the_window,
    ),
    "disclosed_is_compliant": Fault(
        "MOD-61",
        "The DCC is taken for compliant where keys lack, since the Guidance note discloses it.",
        "re-designation does not wait for keys: where they lack, it is said that the DCC is non-compliant",
        lambda system: changed_answers(
            system,
            ReDesignate,
            lambda answer: None if answer.reason is ComplianceReason.NON_COMPLIANT else answer,
        ),
    ),
}
