"""Faults of commissioning: how a device comes to be Commissioned, and how it ceases to be.

Rules: COM-1 to COM-3 and the assumptions MOD-26 to MOD-28, MOD-38 and MOD-40 to MOD-42.
"""

import attrs

from properties.mutation.planting import (
    Fault,
    changed_check,
    changed_transitions,
    with_transition,
    without_check,
    without_transitions,
)
from statemachines.language.lifecycle import Transition
from statemachines.language.system import System
from statemachines.smets1.commissioning import SmiStatus, chf_status, esme_status, gsme_status, ppmid_status
from statemachines.smets1.migration import Migration, migration
from statemachines.smets1.vocabulary import (
    CompleteMigration,
    Device,
    EndSuspension,
    InstallDevice,
    JoinPpmid,
    StartCommissioning,
    SuspendDevice,
    TestDevices,
    device,
    han_device,
    meter,
    target,
)

_HUB_FIRST = "the Communications Hub is commissioned before the devices behind it"


def _joined_again(system: System) -> System:
    """A Join takes a PPMID that is decommissioned for one that is installed."""
    system = changed_check(
        system,
        "the device is installed and not commissioned before Join Service (a PPMID)",
        lambda fails: fails & (ppmid_status != SmiStatus.DECOMMISSIONED),
    )
    return changed_transitions(
        system,
        ppmid_status.name,
        JoinPpmid,
        lambda move: attrs.evolve(move, source=(*move.source, SmiStatus.DECOMMISSIONED)),
    )


def _meters_with_the_hub(system: System) -> System:
    """The ESME is commissioned when commissioning starts, as the Communications Hub is."""
    return changed_transitions(
        system, esme_status.name, CompleteMigration, lambda move: attrs.evolve(move, on=StartCommissioning)
    )


def _hub_commissioned_in_tests(system: System) -> System:
    """The Communications Hub is commissioned when the devices are tested."""
    return changed_transitions(
        system, chf_status.name, StartCommissioning, lambda move: attrs.evolve(move, on=TestDevices)
    )


def _installed_without_whitelisting(system: System) -> System:
    """A PPMID that is only pending may join the HAN."""
    system = changed_check(
        system,
        "the device is whitelisted",
        lambda fails: fails & ((han_device != Device.PPMID) | (ppmid_status != SmiStatus.PENDING)),
    )
    return changed_transitions(
        system,
        ppmid_status.name,
        InstallDevice,
        lambda move: attrs.evolve(move, source=(*move.source, SmiStatus.PENDING)),
    )


FAULTS: dict[str, Fault] = {
    "suspending_the_esme_suspends_the_gsme": Fault(
        "COM-1",
        "Suspending the ESME suspends the gas meter as well.",
        "decommissioning and suspending change the status of the GSME only where they name it",
        lambda system: changed_transitions(
            system,
            gsme_status.name,
            SuspendDevice,
            lambda move: attrs.evolve(move, when=device.is_in(Device.ESME, Device.GSME)),
        ),
    ),
    "decommissioned_ppmid_is_joined_again": Fault(
        "MOD-27",
        "A PPMID that is decommissioned is Commissioned again by a Join alone.",
        "the PPMID comes to be Commissioned only where it is installed behind a Communications Hub that is, or its "
        "suspension ends",
        _joined_again,
    ),
    "firmware_requests_reach_suspended_ppmids": Fault(
        "COM-2",
        "The DSP passes firmware requests on to a PPMID that is suspended.",
        "firmware requests reach commissioned devices only",
        lambda system: changed_check(
            system,
            "the device is commissioned",
            lambda fails: fails & ((target != Device.PPMID) | (ppmid_status != SmiStatus.SUSPENDED)),
        ),
    ),
    "devices_are_commissioned_behind_no_hub": Fault(
        "MOD-58",
        "A device is commissioned whether or not its Communications Hub is.",
        "the ESME comes to be Commissioned only where it is installed behind a Communications Hub that is, or its "
        "suspension ends",
        lambda system: without_check(system, _HUB_FIRST),
    ),
    "gpf_is_commissioned_without_its_chf": Fault(
        "COM-3",
        "A GPF counts as commissioned whether or not its CHF is.",
        "no firmware request reaches a GPF whose CHF is not commissioned",
        lambda system: changed_check(
            system, "the device is commissioned", lambda fails: fails & (target != Device.GPF)
        ),
    ),
    "hub_is_commissioned_in_tests": Fault(
        "MOD-26",
        "The Communications Hub is commissioned already when the devices are tested.",
        "the Communications Hub is commissioned where commissioning starts or its suspension ends, and nowhere else",
        _hub_commissioned_in_tests,
    ),
    "esme_is_commissioned_with_the_hub": Fault(
        "MOD-26",
        "The ESME is commissioned when commissioning starts, with the Communications Hub.",
        "the ESME is commissioned by the migration, by its own Service Request or by the end of its suspension",
        _meters_with_the_hub,
    ),
    "gas_meter_is_left_behind": Fault(
        "MIG-1",
        "A migration that is complete leaves the gas meter to be commissioned later.",
        "when a migration is complete, every device that is there is commissioned",
        lambda system: without_transitions(system, gsme_status.name, CompleteMigration),
    ),
    "ppmid_joins_without_being_whitelisted": Fault(
        "MOD-27",
        "A PPMID joins the HAN without being added to the HAN device log.",
        "the PPMID that is joined to the HAN was whitelisted and is installed not commissioned",
        _installed_without_whitelisting,
    ),
    "decommissioned_hub_comes_back": Fault(
        "MOD-27",
        "The end of a suspension brings back a Communications Hub that is decommissioned.",
        "a decommissioned Communications Hub stays so",
        lambda system: with_transition(
            changed_check(
                system,
                "the device is suspended",
                lambda fails: fails & ((device != Device.CHF) | (chf_status != SmiStatus.DECOMMISSIONED)),
            ),
            chf_status.name,
            Transition(
                SmiStatus.DECOMMISSIONED,
                EndSuspension,
                SmiStatus.COMMISSIONED,
                when=device == Device.CHF,
                rules="MOD-28",
            ),
        ),
    ),
    "known_device_is_pre_notified": Fault(
        "MOD-27",
        "A device that is pending may be pre-notified once more.",
        "pre-notification makes the ESME pending that is absent or decommissioned, and no other",
        lambda system: changed_check(
            system,
            "the device is not in the inventory, or decommissioned",
            lambda fails: fails & ((han_device != Device.ESME) | (esme_status != SmiStatus.PENDING)),
        ),
    ),
    "hub_is_suspended_during_its_migration": Fault(
        "MOD-28",
        "A Communications Hub may be suspended as soon as it is commissioned, its migration not being complete.",
        "no device is suspended or decommissioned before migration",
        lambda system: changed_check(
            system,
            "the installation is migrated, and the device commissioned",
            lambda fails: (
                fails
                & (
                    (device != Device.CHF)
                    | (chf_status != SmiStatus.COMMISSIONED)
                    | (migration != Migration.COMMISSIONING)
                )
            ),
        ),
    ),
    "suspended_meter_is_commissioned_again": Fault(
        "MOD-28",
        "An ESME whose suspension ends has to be commissioned again.",
        "the DCC can end the suspension of the ESME, which is then Commissioned again",
        lambda system: changed_transitions(
            system, esme_status.name, EndSuspension, lambda move: attrs.evolve(move, target=SmiStatus.INSTALLED)
        ),
    ),
    "tariff_reaches_suspended_meters": Fault(
        "MOD-38",
        "A tariff reaches an ESME that is suspended.",
        "a tariff reaches commissioned meters only",
        lambda system: changed_check(
            system,
            "the meter is commissioned",
            lambda fails: fails & ((meter != Device.ESME) | (esme_status != SmiStatus.SUSPENDED)),
        ),
    ),
    "gas_meter_is_decommissioned_where_there_is_none": Fault(
        "MOD-40",
        "Nobody looks whether there is gas where a gas meter is decommissioned.",
        "without a Gas Supplier Decommission Device of a gas meter is refused for want of gas if all else is in order",
        lambda system: without_check(system, "there is gas where Decommission Device names a gas meter"),
    ),
    "gas_supplier_commissions_no_esme": Fault(
        "MOD-41",
        "Either Supplier may set any meter's tariff.",
        "no Supplier of the other fuel gets anything done at the ESME",
        lambda system: without_check(system, "Update Import Tariff is for the device's own Supplier"),
    ),
    "decommissioned_hub_lets_requests_through": Fault(
        "MOD-42",
        "Requests reach the devices behind a Communications Hub that is decommissioned.",
        "behind a decommissioned Communications Hub nothing reaches a device",
        lambda system: without_check(
            system, "the Communications Hub through which the device is reached is not decommissioned"
        ),
    ),
    "suspending_the_hub_suspends_the_esme": Fault(
        "MOD-42",
        "Suspending the Communications Hub suspends the ESME behind it as well.",
        "what becomes of the Communications Hub leaves the status of each device behind it as it is",
        lambda system: changed_transitions(
            system,
            esme_status.name,
            SuspendDevice,
            lambda move: attrs.evolve(move, when=device.is_in(Device.CHF, Device.ESME)),
        ),
    ),
    "tariff_waits_for_the_hub": Fault(
        "MOD-42",
        "A tariff reaches no meter whose Communications Hub is suspended.",
        "a tariff of its fuel's Supplier reaches the ESME that is commissioned, its hub suspended or not",
        lambda system: changed_check(
            system, "the meter is commissioned", lambda fails: fails | (chf_status == SmiStatus.SUSPENDED)
        ),
    ),
}
